// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/salvage/salvage.h"

#include "core/tsdb/codec/block.h"
#include "core/tsdb/codec/checked_value.h"
#include "core/tsdb/codec/timeline.h"
#include "core/tsdb/head/group_record.h"
#include "core/tsdb/index/names.h"
#include "core/tsdb/index/series_page.h"
#include "core/tsdb/salvage/leaf_scan.h"
#include "core/tsdb/store.h"
#include "core/tsdb/table_forms.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <unordered_map>

namespace watchfire::tsdb {

namespace {

/// One sample on its way over.
struct Found {
    std::int64_t atMs = 0;
    Sid sid = 0;
    double value = 0;
    std::shared_ptr<const Histogram> histogram;
    std::int64_t startedAtMs = 0; ///< 0: unknown
};

class Salvage {
public:
    explicit Salvage(Store& into)
        : m_into(into)
    {
    }

    Result<SalvageReport> run(const std::filesystem::path& file)
    {
        m_file.open(file, std::ios::binary);
        const auto leaves
            = scanLeaves(file, [this](ByteView key, ByteView value, std::uint64_t offset) {
                  keep(key, value, {offset, value.size()});
              });
        if (!leaves) {
            return std::unexpected(leaves.error());
        }
        m_report.leafPages = *leaves;
        nameSeries();
        for (auto& [gid, windows] : m_parts) {
            if (auto done = bringGroup(gid, windows); !done) {
                return std::unexpected(done.error());
            }
        }
        for (const auto& [key, value] : m_states) {
            const std::size_t end = key.find('\0');
            if (end == std::string::npos) {
                continue;
            }
            if (auto put = m_into.put(key.substr(0, end), key.substr(end + 1), value); !put) {
                return std::unexpected(put.error());
            }
        }
        if (auto done = m_into.commitNow(); !done) {
            return std::unexpected(done.error());
        }
        return m_report;
    }

private:
    /// Where a value stands in the file.
    struct Place {
        std::uint64_t offset = 0;
        std::size_t size = 0;
    };
    struct Parts {
        std::vector<Place> strips;
        std::vector<Place> blocks;
        std::map<std::uint32_t, Place> lines; ///< by CRC
    };

    /// The value without its check, when it is one of that table.
    static std::optional<ByteView> of(Table table, ByteView key, ByteView value)
    {
        if (!hasKeyOf(table, key) || value.size() < entryCheckBytes) {
            return std::nullopt;
        }
        const ByteView plain = value.first(value.size() - entryCheckBytes);
        return native32At(value, plain.size()) == entryCheck(table, key, plain)
            ? std::optional(plain)
            : std::nullopt;
    }

    void keep(ByteView key, ByteView value, Place place)
    {
        if (keepPart(value, place)) {
            return;
        }
        if (const auto text = of(Table::vstr, key, value); text && text->size() >= 4) {
            m_values[native32At(key, 0)] = asText(text->subspan(4));
        } else if (const auto page = of(Table::series, key, value)) {
            keepPage(native32At(key, 0), *page);
        } else if (const auto group = of(Table::groups, key, value)) {
            if (const auto record = GroupRecord::parse(*group)) {
                m_identities[native32At(key, 0)] = record->identity;
            }
        } else if (const auto name = of(Table::names, key, value); name && name->size() >= 4) {
            const ByteView full = name->subspan(4);
            m_names[native32At(*name, 0)] = full.empty() ? asText(key) : asText(full);
        } else if (const auto state = of(Table::state, key, value)) {
            m_states[std::string(asText(key))] = Bytes(state->begin(), state->end());
        }
    }

    /// Strips, blocks and timelines say themselves whose they are.
    bool keepPart(ByteView value, Place place)
    {
        if (value.size() < checkedHeaderBytes || value[0] != 'W') {
            return false;
        }
        if (const auto strip = StripView::open(value)) {
            std::vector<std::int64_t> times(strip->rows());
            if (strip->timestamps(times) && !times.empty()) {
                m_parts[strip->gid()][windowOf(times.front())].strips.push_back(place);
            }
            return true;
        }
        if (const auto block = BlockView::open(value)) {
            m_parts[block->gid()][block->window()].blocks.push_back(place);
            return true;
        }
        if (const auto line = TimelineView::open(value)) {
            std::vector<std::int64_t> times(line->rows());
            if (line->read(times) && !times.empty()) {
                m_parts[line->gid()][windowOf(times.front())].lines.emplace(crcOfChecked(value),
                                                                            place);
            }
            return true;
        }
        return false;
    }

    /// Of several versions of a page the series of all are kept: numbers are not used twice.
    void keepPage(std::uint32_t extent, ByteView value)
    {
        const auto page = SeriesPage::parse(value);
        if (!page) {
            return;
        }
        for (std::uint32_t slot = 0; slot < page->slots(); ++slot) {
            if (page->has(slot)) {
                auto& pairs = m_pairs[(extent << extentBits) + slot];
                pairs.clear();
                page->pairs(slot, pairs);
            }
        }
    }

    Bytes read(Place place)
    {
        Bytes value(place.size);
        m_file.clear();
        m_file.seekg(static_cast<std::streamoff>(place.offset));
        m_file.read(reinterpret_cast<char*>(value.data()), // NOLINT(*-reinterpret-cast): bytes
                    static_cast<std::streamsize>(value.size()));
        return m_file ? value : Bytes();
    }

    void nameSeries()
    {
        for (const auto& [sid, pairs] : m_pairs) {
            std::vector<std::pair<std::string, std::string>> labels;
            for (const LabelPair& pair : pairs) {
                const auto name = m_names.find(pair.nid);
                const auto value = m_values.find(pair.vid);
                if (name == m_names.end() || value == m_values.end()) {
                    break;
                }
                labels.emplace_back(name->second, value->second);
            }
            if (!labels.empty() && labels.size() == pairs.size()) {
                m_labels.emplace(sid, Labels::fromPairs(std::move(labels)));
            }
        }
        m_report.series = m_labels.size();
    }

    void add(Sid sid, std::span<const std::int64_t> times, std::span<const double> values,
             const ColumnExtras& extras, std::vector<Found>& out) const
    {
        for (std::size_t row = 0; row < values.size(); ++row) {
            if (isAbsent(values[row])) {
                continue;
            }
            Found found{times[row], sid, values[row], nullptr, 0};
            if (const std::size_t at = extras.firstRow + row; at < extras.startedAtMs.size()) {
                found.startedAtMs = extras.startedAtMs[at];
            }
            if (isHistogramMarker(found.value)) {
                const auto at = std::ranges::find(extras.histograms,
                                                  extras.firstRow + static_cast<std::uint32_t>(row),
                                                  &HistogramAt::first);
                if (at == extras.histograms.end()) {
                    continue;
                }
                found.histogram = at->second;
            }
            out.push_back(std::move(found));
        }
    }

    void readStrip(Place place, std::vector<Found>& out)
    {
        const Bytes value = read(place);
        const auto strip = StripView::open(value);
        std::vector<std::int64_t> times(strip ? strip->rows() : 0);
        if (!strip || !strip->timestamps(times)) {
            ++m_report.damaged;
            return;
        }
        ++m_report.parts;
        std::vector<double> values(times.size());
        for (std::size_t i = 0; i < strip->series(); ++i) {
            ColumnExtras extras;
            if (strip->read(i, values, extras)) {
                add(strip->sid(i), times, values, extras, out);
            } else {
                ++m_report.damaged;
            }
        }
    }

    void readBlock(Place place, const std::map<std::uint32_t, Place>& lines,
                   std::vector<Found>& out)
    {
        const Bytes value = read(place);
        const auto block = BlockView::open(value);
        const auto its = block ? lines.find(block->lineCrc()) : lines.end();
        if (its == lines.end()) {
            ++m_report.damaged;
            return;
        }
        const Bytes timeline = read(its->second);
        const auto line = TimelineView::open(timeline);
        std::vector<std::int64_t> times(line ? line->rows() : 0);
        if (!line || !line->read(times) || line->segments() != block->segments()) {
            ++m_report.damaged;
            return;
        }
        ++m_report.parts;
        std::vector<double> values;
        for (std::size_t i = 0; i < block->series(); ++i) {
            for (std::size_t segment = 0; segment < block->segments(); ++segment) {
                const std::size_t first = segment * maxSegmentValues;
                values.resize(line->segmentRows(segment));
                ColumnExtras extras;
                extras.firstRow = static_cast<std::uint32_t>(first);
                if (block->read(i, segment, values, extras)) {
                    add(block->sid(i), std::span(times).subspan(first, values.size()), values,
                        extras, out);
                } else {
                    ++m_report.damaged;
                }
            }
        }
    }

    Labels identityOf(Gid gid) const
    {
        const auto known = m_identities.find(gid);
        return known != m_identities.end() ? known->second
                                           : Labels{{"salvaged", std::to_string(gid)}};
    }

    Result<void> bringGroup(Gid gid, std::map<Window, Parts>& windows)
    {
        auto writer = m_into.openGroup(identityOf(gid));
        if (!writer) {
            return std::unexpected(writer.error());
        }
        for (auto& [window, parts] : windows) {
            std::vector<Found> found;
            for (const Place block : parts.blocks) {
                readBlock(block, parts.lines, found);
            }
            for (const Place strip : parts.strips) {
                readStrip(strip, found);
            }
            parts = {};
            // Of two samples at one moment the first found stays: an older version of a part
            // holds the same ones.
            std::ranges::stable_sort(found, [](const Found& a, const Found& b) {
                return std::tie(a.atMs, a.sid) < std::tie(b.atMs, b.sid);
            });
            if (auto done = write(**writer, found); !done) {
                return done;
            }
        }
        return {};
    }

    Result<void> write(storage::GroupWriter& writer, const std::vector<Found>& found)
    {
        std::unordered_map<Sid, storage::Position> positions;
        std::uint64_t version = writer.layoutVersion();
        std::vector<double> values;
        for (std::size_t from = 0; from < found.size();) {
            const std::int64_t atMs = found[from].atMs;
            if (version != writer.layoutVersion()) {
                version = writer.layoutVersion();
                positions.clear();
            }
            values.assign(writer.positions(), absentValue());
            std::vector<storage::PositionedHistogram> histograms;
            std::vector<storage::PositionedStart> starts;
            std::size_t to = from;
            for (; to < found.size() && found[to].atMs == atMs; ++to) {
                const Found& sample = found[to];
                if (to > from && found[to - 1].sid == sample.sid) {
                    continue;
                }
                auto position = positions.find(sample.sid);
                if (position == positions.end()) {
                    const auto labels = m_labels.find(sample.sid);
                    if (labels == m_labels.end()) {
                        ++m_report.strangers;
                        continue;
                    }
                    const auto made = writer.position(labels->second);
                    if (!made) {
                        return std::unexpected(made.error());
                    }
                    position = positions.emplace(sample.sid, *made).first;
                }
                if (sample.histogram != nullptr) {
                    histograms.push_back({position->second, fromUnixMs(atMs),
                                          sample.histogram.get(), fromUnixMs(sample.startedAtMs)});
                    continue;
                }
                if (sample.startedAtMs != 0) {
                    starts.push_back({position->second, fromUnixMs(sample.startedAtMs)});
                }
                if (values.size() <= position->second) {
                    values.resize(std::size_t{position->second} + 1, absentValue());
                }
                values[position->second] = sample.value;
            }
            from = to;
            const auto done
                = writer.commit({fromUnixMs(atMs), values, {}, histograms, {}, {}, starts});
            if (!done) {
                return std::unexpected(done.error());
            }
            m_report.samples += done->stored;
        }
        return {};
    }

    Store& m_into;
    std::ifstream m_file;
    SalvageReport m_report;
    std::map<Gid, std::map<Window, Parts>> m_parts;
    std::unordered_map<Nid, std::string> m_names;
    std::unordered_map<Vid, std::string> m_values;
    std::map<Sid, std::vector<LabelPair>> m_pairs;
    std::unordered_map<Sid, Labels> m_labels;
    std::unordered_map<Gid, Labels> m_identities;
    std::map<std::string, Bytes> m_states;
};

} // namespace

Result<SalvageReport> salvage(const std::filesystem::path& file, Store& into)
{
    return Salvage(into).run(file);
}

} // namespace watchfire::tsdb
