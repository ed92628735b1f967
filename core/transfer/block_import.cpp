// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promblocks/block.h"
#include "core/transfer/import.h"

#include <algorithm>
#include <string>

namespace watchfire::transfer {

namespace {

using promblocks::Block;
using promblocks::BlockSeries;
using promblocks::ChunkPlace;
using promblocks::ChunkSample;

/// Bytes of a histogram chunk that are held like one float sample.
constexpr std::size_t histogramShare = 4;

/// A series of the block; its labels are read again when its turn comes.
struct Listed {
    std::uint64_t group = 0; ///< of job and instance: those share rows
    std::uint32_t index = 0;
};

class BlockImport {
public:
    BlockImport(const Block& block, storage::Appender& to, const ImportOptions& options,
                ImportReport& report, std::function<void(double)> progress)
        : m_block(block)
        , m_to(to)
        , m_options(options)
        , m_report(report)
        , m_progress(std::move(progress))
        , m_fromMs(std::max(unixMs(options.range.from), block.meta().minMs))
        , m_toMs(std::min(unixMs(options.range.to), block.meta().maxMs - 1))
    {
    }

    Result<void> run()
    {
        if (auto listed = list(); !listed) {
            return listed;
        }
        for (std::size_t from = 0; from < m_listed.size();) {
            std::size_t to = from;
            std::uint64_t weight = 0;
            std::vector<Source> sources;
            while (to < m_listed.size()) {
                const std::size_t end = endOfGroup(to);
                auto more = gather(to, end);
                if (!more) {
                    return std::unexpected(more.error());
                }
                if (to > from && weight + more->second > m_options.batch) {
                    break; // looked at again as the first of the next
                }
                weight += more->second;
                std::ranges::move(more->first, std::back_inserter(sources));
                to = end;
            }
            if (auto stored = store(sources, weight); !stored) {
                return stored;
            }
            from = to;
            if (m_progress) {
                m_progress(static_cast<double>(from) / static_cast<double>(m_listed.size()));
            }
        }
        return {};
    }

private:
    struct Source {
        BlockSeries series;
        storage::SeriesRef ref = 0;
        bool isRefused = false;
    };

    Result<void> list()
    {
        for (std::size_t i = 0; i < m_block.seriesCount(); ++i) {
            const auto series = m_block.series(i);
            if (!series) {
                return std::unexpected(series.error());
            }
            const bool isWanted = m_options.selections.empty()
                || std::ranges::any_of(m_options.selections, [&](const Matchers& matchers) {
                                      return matchesAll(matchers, series->labels);
                                  });
            if (!isWanted || series->chunks.empty() || series->chunks.front().minMs > m_toMs
                || series->chunks.back().maxMs < m_fromMs) {
                continue;
            }
            m_listed.push_back({series->labels.keepOnly({"instance", "job"}).hash(),
                                static_cast<std::uint32_t>(i)});
        }
        std::ranges::stable_sort(m_listed, {}, &Listed::group);
        return {};
    }

    std::size_t endOfGroup(std::size_t from) const
    {
        std::size_t to = from;
        while (to < m_listed.size() && m_listed[to].group == m_listed[from].group) {
            ++to;
        }
        return to;
    }

    /// Those series and how much memory their samples take, in float samples.
    Result<std::pair<std::vector<Source>, std::uint64_t>> gather(std::size_t from, std::size_t to)
    {
        std::pair<std::vector<Source>, std::uint64_t> made;
        for (std::size_t i = from; i < to; ++i) {
            auto series = m_block.series(m_listed[i].index);
            if (!series) {
                return std::unexpected(series.error());
            }
            for (const ChunkPlace& place : series->chunks) {
                if (place.minMs > m_toMs || place.maxMs < m_fromMs) {
                    continue;
                }
                const auto summary = m_block.summary(place);
                if (!summary) {
                    return std::unexpected(summary.error());
                }
                made.second += summary->samples;
                if (summary->holdsHistograms) {
                    made.second
                        += std::uint64_t{summary->samples} * 4 + summary->bytes / histogramShare;
                }
            }
            made.first.push_back({std::move(*series), 0, false});
        }
        return made;
    }

    Result<void> store(std::vector<Source>& sources, std::uint64_t weight)
    {
        const std::uint64_t wanted = std::max<std::uint64_t>(1, m_options.batch);
        const std::int64_t slices = static_cast<std::int64_t>(weight / wanted + 1);
        const std::int64_t length = (m_toMs - m_fromMs) / slices + 1;
        for (std::int64_t fromMs = m_fromMs; fromMs <= m_toMs; fromMs += length) {
            const std::int64_t toMs = std::min(m_toMs, fromMs + length - 1);
            for (Source& source : sources) {
                if (auto taken = take(source, fromMs, toMs); !taken) {
                    return taken;
                }
            }
            if (auto done = commit(); !done) {
                return done;
            }
        }
        return {};
    }

    Result<void> take(Source& source, std::int64_t fromMs, std::int64_t toMs)
    {
        if (source.isRefused) {
            return {};
        }
        for (const ChunkPlace& place : source.series.chunks) {
            if (place.minMs > toMs || place.maxMs < fromMs) {
                continue;
            }
            m_samples.clear();
            if (auto read = m_block.read(source.series, place, m_samples); !read) {
                return read;
            }
            for (const ChunkSample& sample : m_samples) {
                if (sample.atMs < fromMs || sample.atMs > toMs) {
                    continue;
                }
                const auto ref
                    = m_to.append(source.ref, source.series.labels,
                                  {fromUnixMs(sample.atMs), fromUnixMs(sample.startedAtMs),
                                   sample.value, sample.histogram.get()});
                if (!ref) {
                    if (ref.error().kind != ErrorKind::invalid
                        && ref.error().kind != ErrorKind::limit) {
                        return std::unexpected(ref.error());
                    }
                    source.isRefused = true;
                    ++m_report.refusedSeries;
                    return {};
                }
                source.ref = *ref;
                ++m_staged;
                ++m_report.samples;
                m_report.histograms += sample.histogram != nullptr ? 1U : 0U;
            }
            // Samples crowd where a block was not even: what is held stays bounded all the same.
            if (m_staged >= 4 * m_options.batch) {
                if (auto done = commit(); !done) {
                    return done;
                }
            }
        }
        return {};
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

    const Block& m_block;
    storage::Appender& m_to;
    const ImportOptions& m_options;
    ImportReport& m_report;
    std::function<void(double)> m_progress;
    const std::int64_t m_fromMs;
    const std::int64_t m_toMs;
    std::vector<Listed> m_listed;
    std::vector<ChunkSample> m_samples;
    std::size_t m_staged = 0;
};

} // namespace

Result<void> importBlocks(const std::filesystem::path& folder, storage::Appender& to,
                          const ImportOptions& options, ImportReport& report)
{
    const auto paths = promblocks::findBlocks(folder);
    if (!paths) {
        return std::unexpected(paths.error());
    }
    std::int64_t endMs = beginningOfTime;
    for (std::size_t i = 0; i < paths->size(); ++i) {
        const auto block = Block::open((*paths)[i]);
        if (!block) {
            return std::unexpected(block.error());
        }
        const promblocks::BlockMeta& meta = (*block)->meta();
        ++report.blocks;
        report.overlappingBlocks += meta.minMs < endMs ? 1U : 0U;
        endMs = std::max(endMs, meta.maxMs);
        std::function<void(double)> progress;
        if (options.progress) {
            progress = [&options, i, count = paths->size()](double done) {
                options.progress((static_cast<double>(i) + done) / static_cast<double>(count));
            };
        }
        if (auto done = BlockImport(**block, to, options, report, std::move(progress)).run();
            !done) {
            return done;
        }
    }
    return {};
}

} // namespace watchfire::transfer
