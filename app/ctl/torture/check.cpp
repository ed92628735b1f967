// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/torture/check.h"

#include "core/tsdb/tables.h"

#include <algorithm>
#include <bit>
#include <format>
#include <functional>
#include <map>
#include <set>

namespace watchfire::torture {

namespace {

constexpr std::size_t faultsInWords = 20;
constexpr std::int64_t muchLater = 100'000'000; ///< rows

struct Checker {
    storage::Queryable& store;
    const Plan& plan;
    Findings& findings;

    void fault(std::uint64_t Findings::* kind, std::string text) const
    {
        ++(findings.*kind);
        if (findings.faults.size() < faultsInWords) {
            findings.faults.push_back(std::move(text));
        }
    }

    using Sample = std::function<void(std::int64_t row, double value)>;
    /// Shows every sample from row `from` on: `begin` is told which series comes and says who
    /// takes its samples.
    void visit(std::span<const Matcher> matchers, std::int64_t from,
               const std::function<Sample(const Labels&)>& begin) const;
    std::int64_t checkScraped(int group, std::int64_t from, std::int64_t promised) const;
    void checkDeletions(int group, std::int64_t from, std::int64_t next,
                        const std::map<std::int64_t, std::int64_t>& seen) const;
    std::int64_t checkPushed(std::int64_t from, std::int64_t promised) const;
    /// Judges how many samples each row has, from `from` on; returns the row after the last.
    std::int64_t judge(int group, std::int64_t from, std::int64_t promised,
                       const std::vector<int>& counts,
                       const std::function<int(std::int64_t)>& wanted) const;
};

void Checker::visit(std::span<const Matcher> matchers, std::int64_t from,
                    const std::function<Sample(const Labels&)>& begin) const
{
    const auto broken = [&](const Error& error) { fault(&Findings::errors, error.message); };
    auto querier = store.querier();
    if (!querier) {
        return broken(querier.error());
    }
    auto readers = (*querier)->select(
        matchers, {fromUnixMs(plan.timeOf(from)), fromUnixMs(plan.timeOf(muchLater))});
    if (!readers) {
        return broken(readers.error());
    }
    std::set<std::string> seen;
    storage::Column column;
    for (const auto& reader : *readers) {
        const auto timeline = reader->timeline();
        if (!timeline) {
            broken(timeline.error());
            continue;
        }
        for (std::size_t i = 0; i < reader->size(); ++i) {
            if (const auto read = reader->read(i, column); !read) {
                broken(read.error());
                continue;
            }
            const Labels labels = reader->labels(i);
            if (const auto failure = reader->labelFailure()) {
                broken(*failure);
                continue;
            }
            Sample take;
            for (std::size_t entry = 0; entry < timeline->size(); ++entry) {
                if (!column.isPresent(entry)) {
                    continue;
                }
                if (!take) {
                    take = begin(labels);
                    if (!seen.insert(labels.toString()).second) {
                        fault(&Findings::wrong, labels.toString() + " is there twice");
                    }
                }
                const std::int64_t after = (*timeline)[entry] - plan.startMs;
                if (after % plan.stepMs != 0) {
                    fault(&Findings::wrong, labels.toString() + " has a sample of no row");
                    continue;
                }
                ++findings.samples;
                take(after / plan.stepMs, column.values[entry]);
            }
        }
        if (const auto& leftOut = reader->leftOut()) {
            fault(&Findings::errors, *leftOut);
        }
    }
}

std::int64_t Checker::judge(int group, std::int64_t from, std::int64_t promised,
                            const std::vector<int>& counts,
                            const std::function<int(std::int64_t)>& wanted) const
{
    auto last = static_cast<std::int64_t>(counts.size()) - 1;
    while (last >= 0 && counts[static_cast<std::size_t>(last)] == 0) {
        --last;
    }
    const std::int64_t next = from + last + 1;
    for (std::int64_t row = from; row < std::max(next, promised + 1); ++row) {
        const int there = row < next ? counts[static_cast<std::size_t>(row - from)] : 0;
        if (there == wanted(row)) {
            continue;
        }
        const std::string text
            = std::format("group {} row {} has {} of {} samples; promised up to {}, there up to {}",
                          group, row, there, wanted(row), promised, next - 1);
        if (there != 0) {
            fault(&Findings::halfVisible, text);
        } else {
            fault(row <= promised ? &Findings::lost : &Findings::wrong, text);
        }
    }
    return next;
}

void Checker::checkDeletions(int group, std::int64_t from, std::int64_t next,
                             const std::map<std::int64_t, std::int64_t>& seen) const
{
    for (std::int64_t row = from; row < next; ++row) {
        const auto deletion = deletionOf(plan, row);
        if (!deletion) {
            continue;
        }
        const std::int64_t rows = std::min(deletion->to, next - 1) - row + 1;
        const auto found = seen.find(deletion->afterRow);
        const std::int64_t there = found == seen.end() ? 0 : found->second;
        const std::string text = std::format("group {}: of {} rows that row {} deletes {} are "
                                             "there; rows up to {} are",
                                             group, rows, deletion->afterRow, there, next - 1);
        if (next > deletion->afterRow + 1 && there != 0) {
            fault(&Findings::wrong, text);
        } else if (next <= deletion->afterRow && there != rows) {
            fault(&Findings::lost, text);
        } else if (there != 0 && there != rows) {
            fault(&Findings::halfVisible, text);
        }
        row = deletion->to;
    }
}

std::int64_t Checker::checkScraped(int group, std::int64_t from, std::int64_t promised) const
{
    const std::vector<Matcher> matchers{Matcher::equal("job", "torture"),
                                        Matcher::equal("instance", std::to_string(group))};
    std::vector<int> counts;
    std::map<std::int64_t, std::int64_t> deletedSeen; // by the row a deletion follows
    visit(matchers, from, [&](const Labels& labels) -> Sample {
        const auto number = numberOf(plan, labels);
        if (!number
            || labels != labelsOf(plan, group, number->epoch * plan.churnRows, number->series)) {
            fault(&Findings::wrong, "there is a series " + labels.toString());
            return [](std::int64_t, double) { };
        }
        return [&, number = *number](std::int64_t row, double value) {
            if ((number.epoch >= 0 && row / plan.churnRows != number.epoch)
                || std::bit_cast<std::uint64_t>(value)
                    != std::bit_cast<std::uint64_t>(valueOf(group, row, number.series))) {
                fault(&Findings::wrong,
                      std::format("group {} row {} series {} has another value", group, row,
                                  number.series));
            }
            if (const auto deletion = deletionOf(plan, row);
                deletion && deletion->series == number.series) {
                ++deletedSeen[deletion->afterRow];
                return;
            }
            const auto at = static_cast<std::size_t>(row - from);
            counts.resize(std::max(counts.size(), at + 1));
            ++counts[at];
        };
    });
    const std::int64_t next = judge(group, from, promised, counts, [&](std::int64_t row) {
        return plan.seriesOfGroup() - (deletionOf(plan, row) ? 1 : 0);
    });
    checkDeletions(group, from, next, deletedSeen);
    return next;
}

std::int64_t Checker::checkPushed(std::int64_t from, std::int64_t promised) const
{
    const int group = plan.groups;
    const Matcher matcher = Matcher::equal("job", "push");
    std::map<Labels, int> numbers{{lateLabels(), plan.pushedSeries}};
    for (int series = 0; series < plan.pushedSeries; ++series) {
        numbers[pushedLabels(series)] = series;
    }
    std::vector<int> counts;
    std::set<std::int64_t> late;
    visit({&matcher, 1}, from, [&](const Labels& labels) -> Sample {
        const auto found = numbers.find(labels);
        if (found == numbers.end()) {
            fault(&Findings::wrong, "there is a series " + labels.toString());
            return [](std::int64_t, double) { };
        }
        return [&, series = found->second](std::int64_t row, double value) {
            if (std::bit_cast<std::uint64_t>(value)
                != std::bit_cast<std::uint64_t>(valueOf(group, row, series))) {
                fault(&Findings::wrong,
                      std::format("pushed row {} series {} has another value", row, series));
            }
            if (series == plan.pushedSeries) {
                late.insert(row);
                return;
            }
            const auto at = static_cast<std::size_t>(row - from);
            counts.resize(std::max(counts.size(), at + 1));
            ++counts[at];
        };
    });
    const std::int64_t next
        = judge(group, from, promised, counts, [&](std::int64_t) { return plan.pushedSeries; });
    // A late sample is a row of its own, which is stored just before the one that brings it.
    for (std::int64_t row = from; row < next; ++row) {
        if (hasLate(row) && lateRow(row) >= from && !late.contains(lateRow(row))) {
            fault(&Findings::lost, std::format("pushed row {} lacks its late sample", row));
        }
    }
    for (const std::int64_t row : late) {
        if (row % 2 != 0 && row + lateRows > next) {
            fault(&Findings::halfVisible,
                  std::format("a late sample of row {} is there, the rows before the one that "
                              "brought it are not",
                              row));
        }
    }
    return next;
}

} // namespace

Findings check(storage::Queryable& store, const Plan& plan, const Rows& from, const Rows& promised)
{
    Findings findings;
    const Checker checker{store, plan, findings};
    for (int group = 0; group <= plan.groups; ++group) {
        const auto g = static_cast<std::size_t>(group);
        findings.next.push_back(group == plan.groups
                                    ? checker.checkPushed(from[g], promised[g])
                                    : checker.checkScraped(group, from[g], promised[g]));
    }
    return findings;
}

Result<ExemplarFindings> checkExemplars(tsdb::Store& store, const Plan& plan, const Rows& from,
                                        const Rows& promised)
{
    ExemplarFindings findings;
    for (int group = 0; group <= plan.groups; ++group) {
        const std::int64_t first = from[static_cast<std::size_t>(group)];
        const Matchers matchers = group == plan.groups
            ? Matchers{Matcher::equal("job", "push")}
            : Matchers{Matcher::equal("job", "torture"),
                       Matcher::equal("instance", std::to_string(group))};
        const auto found = store.exemplars(
            {matchers}, {fromUnixMs(plan.timeOf(first)), fromUnixMs(plan.timeOf(muchLater))});
        if (!found) {
            return std::unexpected(found.error());
        }
        std::set<std::int64_t> seen;
        for (const auto& [labels, exemplars] : *found) {
            for (const Exemplar& exemplar : exemplars) {
                const std::int64_t row = (unixMs(*exemplar.at) - plan.startMs) / plan.stepMs;
                const auto planned = exemplarOf(plan, group, row);
                ++findings.compared;
                if (!planned || planned->exemplar.labels != exemplar.labels
                    || planned->exemplar.value != exemplar.value
                    || unixMs(*exemplar.at) != plan.timeOf(row)
                    || labels
                        != (group == plan.groups ? pushedLabels(planned->series)
                                                 : labelsOf(plan, group, row, planned->series))
                    || !seen.insert(row).second) {
                    findings.wrong.push_back(std::format("{} has an exemplar {} at row {}",
                                                         labels.toString(),
                                                         exemplar.labels.toString(), row));
                }
            }
        }
        for (std::int64_t row = first; row <= promised[static_cast<std::size_t>(group)]; ++row) {
            if (exemplarOf(plan, group, row) && !seen.contains(row)) {
                findings.missing.emplace_back(group, row);
            }
        }
    }
    return findings;
}

std::int64_t firstKept(const Plan& plan, std::int64_t last)
{
    const std::int64_t oldest = plan.timeOf(last) - plan.keptMs;
    const std::int64_t window = tsdb::endOfWindow(tsdb::windowOf(oldest)) - tsdb::windowMs;
    return std::max<std::int64_t>(0, (window - plan.startMs + plan.stepMs - 1) / plan.stepMs);
}

} // namespace watchfire::torture
