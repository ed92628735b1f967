// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/config/config.h"
#include "core/exposition/parser.h"
#include "core/model/histogram.h"
#include "core/model/labels.h"
#include "core/scrape/line_cache.h"
#include "core/scrape/metadata_memory.h"
#include "core/scrape/target.h"
#include "core/storage/group_writer.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::scrape {

/// What holds for all jobs: bounds where one sets none of its own (0: none), and how OpenMetrics is
/// read.
struct Ceilings {
    std::uint64_t bodyBytes = std::uint64_t{32} << 20;
    std::uint64_t samples = 500'000;
    std::uint64_t labels = 64;
    std::uint64_t labelValueBytes = 64 << 10;
    /// `_created` of OpenMetrics says when a counter started and is no sample of its own. Costs
    /// the memory of lines: each sample is parsed.
    bool startTimes = false;

    static Ceilings none() { return {0, 0, 0, 0, false}; }
};

/// How a target's answers become series. Immutable; a reload makes a new one.
struct IntakeRules {
    std::shared_ptr<const config::ScrapeConfig> job; ///< rules prepared; of many targets
    Target target;
    Ceilings ceilings;

    /// Whether the same line means the same series under both.
    bool namesAlike(const IntakeRules& other) const;
    std::uint64_t bodyLimit() const;
    std::uint64_t sampleLimit() const;
    exposition::ReadOptions readOptions() const;
};

/// The answer of one scrape as it came.
struct Answer {
    Timestamp at{}; ///< of the samples
    std::string_view body;
    exposition::Format format = exposition::Format::text;
    std::chrono::microseconds took{}; ///< until the body was there
};

/// What an answer came to.
struct Harvest {
    bool up = false;
    Error error; ///< message empty: none. `where`: in the body
    std::uint64_t scraped = 0; ///< samples in the body
    std::uint64_t kept = 0; ///< of those, after metric relabelling
    std::uint64_t added = 0; ///< series that the last good answer had not
    std::uint64_t duplicates = 0; ///< samples of a series that the body had already
    std::uint64_t tooNew = 0; ///< more than ten minutes ahead; dropped
    std::string firstDuplicate; ///< as written
    std::chrono::microseconds took{}; ///< fetching and reading
    storage::CommitReport commit;
};

/// A native histogram on its way into the store.
struct TakenHistogram {
    storage::Position position = 0;
    Timestamp at{};
    Timestamp startedAt{}; ///< when its counts started; the epoch: unknown
    Histogram histogram;
};

/// The row in the making, and what goes with it.
struct RowDraft {
    std::vector<double> values; ///< by position
    std::vector<storage::PositionedSample> timed;
    std::vector<TakenHistogram> histograms;
    std::vector<storage::PositionedStart> starts; ///< of samples in `values`
    /// Series with a sample that is not in `values` and whose end is to be marked.
    std::vector<storage::Position> tracked;
    std::vector<storage::PositionedExemplar> exemplars;
    std::vector<FamilyMetadata> metadata; ///< what changed

    void start(std::size_t positions);
};

/// The labels of a sample in the body joined with its target's: exported_ where they clash,
/// or the body's own with honor_labels; then metric relabelling. Empty: a rule dropped it.
/// Fails with ErrorKind::invalid for names that repeat or are not allowed, and with
/// ErrorKind::limit.
Result<Labels> sampleLabels(const exposition::LabelPairs& pairs, const IntakeRules& rules,
                            LabelsBuilder& scratch);

/// Reads the bodies of one target into rows. In the steady state, when a text has the lines of
/// the one before with other values, it compares one hash a line and scans one number: no label
/// is built, nothing is looked up or allocated. Of protobuf, and of texts whose histograms are
/// converted, every sample is parsed, and known ones have no labels built. The result is the same
/// as without that memory.
class BodyReader {
public:
    /// Fills `draft`, which was started, and counts in `harvest`. Fails with the first bad line
    /// (where in the body) or the limit exceeded; the draft is void then.
    Result<void> read(const Answer& answer, const IntakeRules& rules, storage::GroupWriter& writer,
                      RowDraft& draft, Harvest& harvest);

    /// The writer renumbered its positions.
    void forgetPositions() { m_cache.forgetPositions(); }
    /// Lines mean other series now.
    void clear() { m_cache.clear(); }

private:
    struct Pass;

    Result<void> readAll(Pass& pass, exposition::Parser& parser);
    std::size_t passKnown(Pass& pass, std::size_t at);
    Result<bool> takeNext(Pass& pass, exposition::Parser& parser);
    Result<void> takeSample(Pass& pass, std::string_view line, exposition::EntryKind kind,
                            exposition::NumericLabel after);
    Result<std::uint32_t> findSeries(Pass& pass);
    Result<LineCache::Position> resolve(Pass& pass);
    bool isDuplicate(Pass& pass, LineCache::Position position);
    bool isTooNew(Pass& pass);
    bool storeNumber(Pass& pass, LineCache::Position position);
    Result<bool> storeHistogram(Pass& pass, LineCache::Position position);
    void takeExemplars(Pass& pass, LineCache::Position position, exposition::EntryKind kind);
    void takeMetadata(Pass& pass, exposition::EntryKind kind);

    LineCache m_cache;
    exposition::Format m_format = exposition::Format::text; ///< of the last good answer
    MetadataMemory m_metadata;
    exposition::Entry m_entry;
};

} // namespace watchfire::scrape
