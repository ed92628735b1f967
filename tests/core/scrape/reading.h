// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/sample.h"
#include "core/scrape/body_reader.h"
#include "core/text/number.h"
#include "tests/core/exposition/entries.h"

#include <algorithm>
#include <format>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// A reader of bodies with all that it writes to.
namespace watchfire::test {

inline const Timestamp now = fromUnixMs(1'700'000'000'000);

/// Positions by labels; `renumber` gives every series another one.
class Positions final : public storage::GroupWriter {
public:
    std::vector<Labels> layout;
    std::unordered_map<Labels, storage::Position> known;
    std::size_t asked = 0;

    Result<storage::Position> position(const Labels& labels) override
    {
        ++asked;
        const auto [found, isNew]
            = known.try_emplace(labels, static_cast<storage::Position>(layout.size()));
        if (isNew) {
            layout.push_back(labels);
        }
        return found->second;
    }
    std::size_t positions() const override { return layout.size(); }
    std::uint64_t layoutVersion() const override { return 1; }
    Result<storage::CommitReport> commit(const storage::Row&) override
    {
        return storage::CommitReport();
    }
    void renumber()
    {
        std::ranges::reverse(layout);
        known.clear();
        for (const Labels& labels : layout) {
            known.emplace(labels, static_cast<storage::Position>(known.size()));
        }
    }
};

inline std::shared_ptr<scrape::IntakeRules> rulesOf(config::ScrapeConfig job = {})
{
    auto rules = std::make_shared<scrape::IntakeRules>();
    if (!scrape::prepareRules(job)) {
        return nullptr;
    }
    rules->job = std::make_shared<const config::ScrapeConfig>(std::move(job));
    rules->target.labels = Labels({{"instance", "i"}, {"job", "j"}});
    return rules;
}

/// A reader with what it writes to.
struct Reading {
    scrape::BodyReader reader;
    Positions writer;
    scrape::RowDraft draft;
    scrape::Harvest harvest;

    /// Everything an answer comes to, in an order that does not depend on positions.
    std::string read(const scrape::IntakeRules& rules, std::string_view body,
                     exposition::Format format = exposition::Format::text)
    {
        draft.start(writer.positions());
        harvest = {};
        const auto outcome = reader.read({now, body, format, {}}, rules, writer, draft, harvest);
        if (!outcome) {
            return "! " + outcome.error().message;
        }
        std::map<std::string, std::string> samples;
        for (std::size_t i = 0; i < draft.values.size(); ++i) {
            if (!isAbsent(draft.values[i])) {
                samples[writer.layout[i].toString()] = text::formatValue(draft.values[i]);
            }
        }
        for (const storage::PositionedSample& sample : draft.timed) {
            samples[writer.layout[sample.position].toString()]
                += std::format(" {}@{}", text::formatValue(sample.value), unixMs(sample.at));
        }
        for (const scrape::TakenHistogram& taken : draft.histograms) {
            std::string& sample = samples[writer.layout[taken.position].toString()];
            sample += describe(taken.histogram);
            if (taken.at != now) {
                sample += std::format("@{}", unixMs(taken.at));
            }
            if (taken.startedAt != Timestamp{}) {
                sample += std::format(" since {}", unixMs(taken.startedAt));
            }
        }
        for (const storage::PositionedStart& start : draft.starts) {
            samples[writer.layout[start.position].toString()]
                += std::format(" since {}", unixMs(start.startedAt));
        }
        for (const storage::PositionedExemplar& one : draft.exemplars) {
            samples[writer.layout[one.position].toString()]
                += " # " + one.exemplar.labels.toString();
        }
        std::string out;
        for (const auto& [labels, sample] : samples) {
            out += labels + " " + sample + "\n";
        }
        return out
            + std::format("scraped {} kept {} duplicates {} tooNew {}\n", harvest.scraped,
                          harvest.kept, harvest.duplicates, harvest.tooNew);
    }
};

/// The same without any memory.
inline std::string readAfresh(const scrape::IntakeRules& rules, std::string_view body,
                              exposition::Format format = exposition::Format::text)
{
    Reading reading;
    return reading.read(rules, body, format);
}

} // namespace watchfire::test
