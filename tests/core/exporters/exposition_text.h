// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exposition/text_parser.h"

#include <algorithm>
#include <map>
#include <string>

#include <QStringList>

namespace watchfire::exporters {

/// An exposition as a scrape reads it.
struct Exposition {
    std::map<std::string, std::string> types; ///< by family
    std::map<std::string, double> series; ///< by name and sorted labels
    QString error; ///< why it cannot be scraped; empty: it can
    QStringList repeated; ///< families and series that come twice: no error, but no good either

    bool hasFamily(const std::string& name) const { return types.contains(name); }
};

inline Exposition parseExposition(const std::string& text)
{
    Exposition read;
    exposition::TextParser parser(text);
    exposition::Entry entry;
    for (;;) {
        const auto kind = parser.next(entry);
        if (!kind) {
            read.error = QString::fromStdString(kind.error().message);
            return read;
        }
        if (*kind == exposition::EntryKind::end) {
            return read;
        }
        if (*kind == exposition::EntryKind::type) {
            if (!read.types.emplace(entry.family, toText(entry.type)).second) {
                read.repeated << QString::fromStdString(entry.family);
            }
        }
        if (*kind == exposition::EntryKind::series) {
            exposition::LabelPairs labels;
            exposition::labelsOf(entry, labels);
            std::sort(labels.begin() + 1, labels.end());
            std::string key = labels.front().second;
            for (std::size_t i = 1; i < labels.size(); ++i) {
                key += '|' + labels[i].first + '=' + labels[i].second;
            }
            if (!read.series.emplace(key, entry.value).second) {
                read.repeated << QString::fromStdString(key);
            }
        }
    }
}

} // namespace watchfire::exporters
