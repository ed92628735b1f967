// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/memory_store.h"

#include "core/storage/memory_series.h"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <unordered_map>

namespace watchfire::storage {

using memory::Series;
using memory::StoredSample;

struct MemoryStore::Contents {
    struct Group {
        Labels identity;
        std::vector<Series*> series;
        bool beingWritten = false;
    };

    std::mutex mutex;
    std::uint64_t commits = 0;
    std::deque<Series> series; ///< by ref − 1; references stay valid
    std::unordered_map<Labels, Series*> byLabels;
    std::deque<Group> groups; ///< in the order they were made
    std::unordered_map<Labels, Group*> byIdentity;
    std::map<std::string, Metadata, std::less<>> metadata;

    Group& group(const Labels& identity)
    {
        Group*& found = byIdentity[identity];
        if (found == nullptr) {
            found = &groups.emplace_back(Group{identity, {}, false});
        }
        return *found;
    }

    /// The series, made in `owner` when new.
    Series& find(const Labels& labels, Group& owner, CommitReport& report)
    {
        Series*& found = byLabels[labels];
        if (found == nullptr) {
            found = &series.emplace_back();
            found->ref = static_cast<SeriesRef>(series.size());
            found->labels = labels;
            owner.series.push_back(found);
            ++report.newSeries;
        }
        return *found;
    }
};

namespace {

using Contents = MemoryStore::Contents;

std::shared_ptr<const Histogram> copyOf(const Histogram* histogram)
{
    return histogram == nullptr ? nullptr : std::make_shared<const Histogram>(*histogram);
}

class MemoryQuerier final : public Querier {
public:
    MemoryQuerier(std::shared_ptr<Contents> contents, std::uint64_t commit)
        : m_contents(std::move(contents))
        , m_commit(commit)
    {
    }

    Result<GroupReaders> select(std::span<const Matcher> matchers, TimeRange range) override
    {
        const std::scoped_lock lock(m_contents->mutex);
        GroupReaders readers;
        for (const Contents::Group& group : m_contents->groups) {
            std::vector<const Series*> matching;
            for (const Series* series : group.series) {
                if (matchesAll(matchers, series->labels)) {
                    matching.push_back(series);
                }
            }
            if (auto reader
                = memory::makeReader(matching, unixMs(range.from), unixMs(range.to), m_commit)) {
                readers.push_back(std::move(reader));
            }
        }
        return readers;
    }

    Result<std::vector<Labels>> series(std::span<const Matcher> matchers, TimeRange range) override
    {
        const std::scoped_lock lock(m_contents->mutex);
        std::vector<Labels> found;
        for (const Series& series : m_contents->series) {
            if (matchesAll(matchers, series.labels) && hasSamples(series, range)) {
                found.push_back(series.labels);
            }
        }
        std::ranges::sort(found);
        return found;
    }

    Result<std::vector<std::string>> labelNames(std::span<const Matcher> matchers,
                                                TimeRange range) override
    {
        auto labelSets = series(matchers, range);
        if (!labelSets) {
            return std::unexpected(labelSets.error());
        }
        std::set<std::string> names;
        for (const Labels& labels : *labelSets) {
            for (const Label& label : labels) {
                names.emplace(label.name);
            }
        }
        return std::vector<std::string>(names.begin(), names.end());
    }

    Result<std::vector<std::string>>
    labelValues(std::string_view name, std::span<const Matcher> matchers, TimeRange range) override
    {
        auto labelSets = series(matchers, range);
        if (!labelSets) {
            return std::unexpected(labelSets.error());
        }
        std::set<std::string> values;
        for (const Labels& labels : *labelSets) {
            if (const std::string_view value = labels.get(name); !value.empty()) {
                values.emplace(value);
            }
        }
        return std::vector<std::string>(values.begin(), values.end());
    }

private:
    bool hasSamples(const Series& series, TimeRange range) const
    {
        return std::ranges::any_of(series.samples, [&](const StoredSample& sample) {
            return sample.commit <= m_commit && sample.atMs >= unixMs(range.from)
                && sample.atMs <= unixMs(range.to);
        });
    }

    std::shared_ptr<Contents> m_contents;
    std::uint64_t m_commit;
};

class MemoryAppender final : public Appender {
public:
    explicit MemoryAppender(std::shared_ptr<Contents> contents)
        : m_contents(std::move(contents))
    {
    }

    Result<SeriesRef> append(SeriesRef hint, const Labels& labels,
                             const SampleView& sample) override
    {
        if (labels.empty()) {
            return fail(ErrorKind::invalid, "a series needs at least one label");
        }
        const std::scoped_lock lock(m_contents->mutex);
        Series* series = known(hint, labels);
        if (series == nullptr) {
            Contents::Group& owner = m_contents->group(
                Labels({{"job", labels.get("job")}, {"instance", labels.get("instance")}}));
            series = &m_contents->find(labels, owner, m_report);
        }
        m_staged.emplace_back(series,
                              StoredSample{unixMs(sample.at), unixMs(sample.startedAt),
                                           sample.value, copyOf(sample.histogram), 0});
        return series->ref;
    }

    Result<SeriesRef> find(const Labels& labels) override
    {
        const std::scoped_lock lock(m_contents->mutex);
        const auto found = m_contents->byLabels.find(labels);
        return found == m_contents->byLabels.end() ? 0 : found->second->ref;
    }

    Result<void> appendExemplars(SeriesRef series, std::span<const Exemplar> exemplars) override
    {
        const std::scoped_lock lock(m_contents->mutex);
        if (series == 0 || series > m_contents->series.size()) {
            return fail(ErrorKind::notFound, "no series has that number");
        }
        for (const Exemplar& exemplar : exemplars) {
            m_exemplars.emplace_back(&m_contents->series[series - 1], exemplar);
        }
        return {};
    }

    void setMetadata(std::string_view family, const Metadata& metadata) override
    {
        m_metadata[std::string(family)] = metadata;
    }

    Result<CommitReport> commit() override
    {
        const std::scoped_lock lock(m_contents->mutex);
        const std::uint64_t number = ++m_contents->commits;
        for (auto& [series, sample] : m_staged) {
            sample.commit = number;
            series->insert(sample, m_report);
        }
        for (const auto& [series, exemplar] : m_exemplars) {
            series->exemplars.push_back(exemplar);
        }
        for (const auto& [family, metadata] : m_metadata) {
            m_contents->metadata[family] = metadata;
        }
        m_staged.clear();
        m_exemplars.clear();
        m_metadata.clear();
        return std::exchange(m_report, {});
    }

private:
    Series* known(SeriesRef hint, const Labels& labels)
    {
        if (hint != 0 && hint <= m_contents->series.size()) {
            Series& series = m_contents->series[hint - 1];
            if (series.labels == labels) {
                return &series;
            }
        }
        return nullptr;
    }

    std::shared_ptr<Contents> m_contents;
    std::vector<std::pair<Series*, StoredSample>> m_staged;
    std::vector<std::pair<Series*, Exemplar>> m_exemplars;
    std::map<std::string, Metadata> m_metadata;
    CommitReport m_report;
};

class MemoryGroupWriter final : public GroupWriter {
public:
    MemoryGroupWriter(std::shared_ptr<Contents> contents, Contents::Group& group)
        : m_contents(std::move(contents))
        , m_group(group)
    {
    }
    ~MemoryGroupWriter() override
    {
        const std::scoped_lock lock(m_contents->mutex);
        m_group.beingWritten = false;
    }
    MemoryGroupWriter(const MemoryGroupWriter&) = delete;
    MemoryGroupWriter& operator=(const MemoryGroupWriter&) = delete;

    Result<Position> position(const Labels& labels) override
    {
        if (const auto found = m_positions.find(labels); found != m_positions.end()) {
            return found->second;
        }
        const std::scoped_lock lock(m_contents->mutex);
        const auto position = static_cast<Position>(m_layout.size());
        m_layout.push_back(&m_contents->find(labels, m_group, m_newSeries));
        m_positions.emplace(labels, position);
        return position;
    }
    std::size_t positions() const override { return m_layout.size(); }
    std::uint64_t layoutVersion() const override { return 1; }

    Result<CommitReport> commit(const Row& row) override
    {
        if (!inLayout(row)) {
            return fail(ErrorKind::invalid, "the row has a position outside the layout");
        }
        const std::scoped_lock lock(m_contents->mutex);
        CommitReport report = std::exchange(m_newSeries, {});
        const std::uint64_t number = ++m_contents->commits;
        std::unordered_map<Position, std::int64_t> starts;
        for (const PositionedStart& start : row.startedAt) {
            starts[start.position] = unixMs(start.startedAt);
        }
        for (std::size_t i = 0; i < row.values.size(); ++i) {
            const double value = row.values[i];
            if (!isAbsent(value) && !isHistogramMarker(value)) {
                const auto start = starts.find(static_cast<Position>(i));
                const std::int64_t startedAtMs = start == starts.end() ? 0 : start->second;
                m_layout[i]->insert({unixMs(row.at), startedAtMs, value, nullptr, number}, report);
            }
        }
        for (const PositionedSample& sample : row.timed) {
            m_layout[sample.position]->insert(
                {unixMs(sample.at), unixMs(sample.startedAt), sample.value, nullptr, number},
                report);
        }
        for (const PositionedHistogram& sample : row.histograms) {
            const Timestamp at = sample.at == Timestamp{} ? row.at : sample.at;
            m_layout[sample.position]->insert(
                {unixMs(at), unixMs(sample.startedAt), 0, copyOf(sample.histogram), number},
                report);
        }
        for (const PositionedExemplar& exemplar : row.exemplars) {
            m_layout[exemplar.position]->exemplars.push_back(exemplar.exemplar);
        }
        for (const FamilyMetadata& family : row.metadata) {
            m_contents->metadata[family.family] = family.metadata;
        }
        return report;
    }

private:
    bool inLayout(const Row& row) const
    {
        const auto known = [this](const auto& item) { return item.position < m_layout.size(); };
        return row.values.size() <= m_layout.size() && std::ranges::all_of(row.timed, known)
            && std::ranges::all_of(row.histograms, known)
            && std::ranges::all_of(row.exemplars, known);
    }

    std::shared_ptr<Contents> m_contents;
    Contents::Group& m_group;
    std::vector<Series*> m_layout;
    std::unordered_map<Labels, Position> m_positions;
    CommitReport m_newSeries;
};

} // namespace

MemoryStore::MemoryStore()
    : m_contents(std::make_shared<Contents>())
{
}

MemoryStore::~MemoryStore() = default;

Result<std::unique_ptr<Querier>> MemoryStore::querier()
{
    const std::scoped_lock lock(m_contents->mutex);
    return std::make_unique<MemoryQuerier>(m_contents, m_contents->commits);
}

Result<std::unique_ptr<GroupWriter>> MemoryStore::openGroup(const Labels& identity)
{
    const std::scoped_lock lock(m_contents->mutex);
    Contents::Group& group = m_contents->group(identity);
    if (group.beingWritten) {
        return fail(ErrorKind::conflict, "the group " + identity.toString() + " has a writer");
    }
    group.beingWritten = true;
    return std::make_unique<MemoryGroupWriter>(m_contents, group);
}

std::unique_ptr<Appender> MemoryStore::appender()
{
    return std::make_unique<MemoryAppender>(m_contents);
}

Result<std::vector<FamilyMetadata>> MemoryStore::metadata()
{
    const std::scoped_lock lock(m_contents->mutex);
    std::vector<FamilyMetadata> all;
    for (const auto& [family, metadata] : m_contents->metadata) {
        all.push_back({family, metadata});
    }
    return all;
}

void MemoryStore::clear()
{
    m_contents = std::make_shared<Contents>();
}

} // namespace watchfire::storage
