// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/openmetrics_parser.h"
#include "core/transfer/import.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <map>
#include <unordered_map>

namespace watchfire::transfer {

namespace {

using exposition::Entry;
using exposition::EntryKind;

constexpr std::int64_t minuteMs = 60'000;

/// Decimal seconds are rarely a double exactly: a 64th of a millisecond makes good for that.
std::int64_t timeOf(const Entry& entry)
{
    const double ms = *entry.atSeconds * 1000;
    return static_cast<std::int64_t>(ms + std::copysign(1.0 / 64, ms));
}

class OpenMetricsImport {
public:
    OpenMetricsImport(std::string_view text, storage::Appender& to, const ImportOptions& options,
                      ImportReport& report)
        : m_text(text)
        , m_to(to)
        , m_options(options)
        , m_report(report)
        , m_fromMs(unixMs(options.range.from))
        , m_toMs(unixMs(options.range.to))
    {
    }

    Result<void> run()
    {
        if (auto looked = look(); !looked) {
            return looked;
        }
        for (const auto& [family, metadata] : m_metadata) {
            m_to.setMetadata(family, metadata);
        }
        const auto slices = makeSlices();
        m_passes = slices.size() + 1;
        for (const auto& [from, to] : slices) {
            ++m_pass;
            if (auto done = store(from, to); !done) {
                return done;
            }
        }
        return slices.empty() ? commit() : Result<void>{};
    }

private:
    struct Series {
        Labels labels;
        storage::SeriesRef ref = 0;
        bool isWanted = true;
    };

    /// The whole text: are there faults, and when are its samples?
    Result<void> look()
    {
        exposition::OpenMetricsParser parser(m_text);
        Entry entry;
        for (;;) {
            const std::size_t at = parser.offset();
            const auto kind = parser.next(entry);
            if (!kind) {
                return std::unexpected(kind.error());
            }
            switch (*kind) {
            case EntryKind::end:
                return {};
            case EntryKind::type:
                m_metadata[entry.family].type = entry.type;
                break;
            case EntryKind::help:
                m_metadata[entry.family].help = entry.text;
                break;
            case EntryKind::unit:
                m_metadata[entry.family].unit = entry.text;
                break;
            case EntryKind::histogram: // the text has none
                break;
            case EntryKind::series:
                if (!entry.atMs) {
                    const Span where{static_cast<std::uint32_t>(at),
                                     static_cast<std::uint32_t>(at + entry.series.size())};
                    return fail(ErrorKind::invalid,
                                std::format("line {}: the sample has no timestamp",
                                            exposition::placeOf(m_text, where).line),
                                where);
                }
                if (const std::int64_t atMs = timeOf(entry); atMs >= m_fromMs && atMs <= m_toMs) {
                    const std::int64_t rest = ((atMs % minuteMs) + minuteMs) % minuteMs;
                    ++m_minutes[atMs - rest];
                }
                break;
            }
            tell(parser.offset());
        }
    }

    /// Of whole minutes, with about as many samples as a batch holds.
    std::vector<std::pair<std::int64_t, std::int64_t>> makeSlices() const
    {
        std::vector<std::pair<std::int64_t, std::int64_t>> slices;
        std::uint64_t held = 0;
        for (const auto& [minute, samples] : m_minutes) {
            if (slices.empty() || held + samples > m_options.batch) {
                slices.emplace_back(minute, 0);
                held = 0;
            }
            held += samples;
            slices.back().second = minute + minuteMs - 1;
        }
        for (auto& [from, to] : slices) {
            from = std::max(from, m_fromMs);
            to = std::min(to, m_toMs);
        }
        return slices;
    }

    Result<void> store(std::int64_t fromMs, std::int64_t toMs)
    {
        exposition::OpenMetricsParser parser(m_text);
        Entry entry;
        for (;;) {
            const auto kind = parser.next(entry);
            if (!kind) {
                return std::unexpected(kind.error());
            }
            if (*kind == EntryKind::end) {
                return commit();
            }
            if (*kind != EntryKind::series) {
                continue;
            }
            tell(parser.offset());
            const std::int64_t atMs = timeOf(entry);
            if (atMs < fromMs || atMs > toMs) {
                continue;
            }
            if (auto taken = take(entry, atMs); !taken) {
                return taken;
            }
        }
    }

    Series& seriesOf(const Entry& entry)
    {
        // The samples of a series mostly stand in a row.
        if (m_last != nullptr && m_lastText == entry.series) {
            return *m_last;
        }
        const auto [at, isNew] = m_series.try_emplace(entry.series);
        if (isNew) {
            exposition::LabelPairs pairs;
            exposition::labelsOf(entry, pairs);
            at->second.labels = Labels::fromPairs(std::move(pairs));
            at->second.isWanted = m_options.selections.empty()
                || std::ranges::any_of(m_options.selections, [&](const Matchers& matchers) {
                                      return matchesAll(matchers, at->second.labels);
                                  });
        }
        m_last = &at->second; // nodes of the map stay where they are
        m_lastText = at->first;
        return *m_last;
    }

    Result<void> take(const Entry& entry, std::int64_t atMs)
    {
        Series& series = seriesOf(entry);
        if (!series.isWanted) {
            return {};
        }
        const auto ref
            = m_to.append(series.ref, series.labels, {fromUnixMs(atMs), {}, entry.value, nullptr});
        if (!ref) {
            if (ref.error().kind != ErrorKind::invalid && ref.error().kind != ErrorKind::limit) {
                return std::unexpected(ref.error());
            }
            series.isWanted = false;
            ++m_report.refusedSeries;
            return {};
        }
        series.ref = *ref;
        ++m_report.samples;
        if (!entry.exemplars.empty()) {
            m_report.exemplars += entry.exemplars.size();
            if (auto kept = m_to.appendExemplars(*ref, entry.exemplars); !kept) {
                return kept;
            }
        }
        // A minute alone can hold more than a batch should.
        return ++m_staged >= 2 * m_options.batch ? commit() : Result<void>{};
    }

    Result<void> commit()
    {
        m_staged = 0;
        const auto done = m_to.commit();
        if (!done) {
            return std::unexpected(done.error());
        }
        m_report.commit += *done;
        return {};
    }

    void tell(std::size_t offset)
    {
        if (m_options.progress && ++m_told % 65'536 == 0) {
            m_options.progress((static_cast<double>(m_pass)
                                + static_cast<double>(offset) / static_cast<double>(m_text.size()))
                               / static_cast<double>(m_passes));
        }
    }

    const std::string_view m_text;
    storage::Appender& m_to;
    const ImportOptions& m_options;
    ImportReport& m_report;
    const std::int64_t m_fromMs;
    const std::int64_t m_toMs;
    std::map<std::string, Metadata> m_metadata;
    std::map<std::int64_t, std::uint64_t> m_minutes; ///< samples by their start
    std::unordered_map<std::string_view, Series> m_series; ///< by name and labels as written
    Series* m_last = nullptr;
    std::string_view m_lastText;
    std::size_t m_staged = 0;
    std::uint64_t m_told = 0;
    std::size_t m_pass = 0;
    std::size_t m_passes = 2; // as far as is known while the text is looked at
};

} // namespace

Result<void> importOpenMetrics(std::string_view text, storage::Appender& to,
                               const ImportOptions& options, ImportReport& report)
{
    return OpenMetricsImport(text, to, options, report).run();
}

} // namespace watchfire::transfer
