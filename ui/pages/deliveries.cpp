// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/deliveries.h"

#include <string_view>

namespace watchfire::ui {

namespace {

constexpr std::string_view toldWords = "told ";
constexpr std::string_view failedWords = "could not tell ";

/// What follows "RECEIVER (" in the words of an event; nothing: it is of another receiver.
/// A name may be the beginning of another, and may hold brackets: the longest that fits is meant.
std::string_view restAfter(std::string_view words, const std::string& receiver)
{
    if (words.starts_with(receiver) && words.substr(receiver.size()).starts_with(" (")) {
        return words.substr(receiver.size() + 2);
    }
    return {};
}

} // namespace

std::map<std::string, LastDelivery> lastDeliveries(const std::vector<engine::AlertEvent>& history,
                                                   const std::vector<std::string>& receivers)
{
    std::map<std::string, LastDelivery> out;
    for (const engine::AlertEvent& event : history) {
        std::string_view words = event.what;
        const bool isTold = words.starts_with(toldWords);
        if (!isTold && !words.starts_with(failedWords)) {
            continue;
        }
        words.remove_prefix(isTold ? toldWords.size() : failedWords.size());
        const std::string* meant = nullptr;
        for (const std::string& receiver : receivers) {
            if (!restAfter(words, receiver).empty()
                && (meant == nullptr || receiver.size() > meant->size())) {
                meant = &receiver;
            }
        }
        if (meant == nullptr) {
            continue;
        }
        LastDelivery& delivery = out[*meant];
        if (isTold && delivery.toldAt == Timestamp{}) {
            delivery.toldAt = event.at;
        } else if (!isTold && delivery.failedAt == Timestamp{}) {
            delivery.failedAt = event.at;
            const std::string_view rest = restAfter(words, *meant);
            const std::size_t end = rest.find("): ");
            delivery.way = rest.substr(0, end);
            delivery.failure = end == std::string_view::npos ? "" : rest.substr(end + 3);
        }
    }
    return out;
}

} // namespace watchfire::ui
