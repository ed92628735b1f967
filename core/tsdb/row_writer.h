// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/storage/group_writer.h"
#include "core/tsdb/store_core.h"

#include <unordered_map>
#include <utility>
#include <vector>

namespace watchfire::tsdb {

/// The write side of one group. Its positions are numbers of its own: mostly those of the
/// group's layout, but a series may belong to another group (the first that wrote it owns it),
/// or have lost its place in the layout while it was silent, and its number stays.
class RowWriter final : public storage::GroupWriter {
public:
    RowWriter(StoreCore& core, std::shared_ptr<Group> group)
        : m_core(core)
        , m_group(std::move(group))
        , m_removals(core.context().removals)
    {
    }
    ~RowWriter() override;

    Result<storage::Position> position(const Labels& labels) override;
    std::size_t positions() const override { return m_slots.size(); }
    std::uint64_t layoutVersion() const override { return m_version; }
    Result<storage::CommitReport> commit(const storage::Row& row) override;

private:
    /// A position that is not simply one of the layout.
    struct Odd {
        enum class Kind : std::uint8_t {
            fresh, ///< no series yet: made when it has its first sample
            silent, ///< a series of the group without a place in the layout
            foreign, ///< another group's
            removed ///< was removed as dead; to be looked up anew
        };
        Kind kind = Kind::fresh;
        Sid sid = 0;
        Gid gid = 0;
        Labels labels; ///< of a fresh one
    };
    struct OtherSample {
        storage::Position position = 0;
        std::int64_t atMs = 0;
        double value = 0;
        std::shared_ptr<const Histogram> histogram;
        std::int64_t startedAtMs = 0; ///< 0: unknown
    };

    static constexpr std::uint32_t oddBit = std::uint32_t{1} << 31;
    static bool isOdd(std::uint32_t slot) { return (slot & oddBit) != 0; }
    void freeOdd(std::uint32_t slot)
    {
        std::exchange(odd(slot), {}); // assigning would keep the room of its labels
        m_freeOdd.push_back(slot & ~oddBit);
    }
    Odd& odd(std::uint32_t slot) { return m_odd[slot & ~oddBit]; }
    storage::Position addSlot(std::uint32_t slot);
    std::uint32_t makeOdd(Odd odd);
    void setOwn(storage::Position position, std::uint32_t place);
    void renumber();
    void noteRemovals();
    void forget();
    void forgetWhenMostlyGone();
    void giveBackRoom();
    Result<storage::CommitReport> commitInside(const storage::Row& row);
    /// Finds or makes the series; false: a limit refused it.
    Result<bool> settle(storage::Position position);
    void addExemplars(const storage::Row& row, std::int64_t latestMs);
    void addMetadata(std::span<const FamilyMetadata> metadata);
    Result<storage::CommitReport> commitOwn(const storage::Row& row,
                                            std::vector<OtherSample>& others);
    void noteStarts(const storage::Row& row);
    std::int64_t startOf(storage::Position position) const;
    Result<storage::CommitReport> commitOthers(std::vector<OtherSample>& others);
    Result<std::shared_ptr<Group>> groupOf(const OtherSample& sample,
                                           std::span<const OtherSample> sameTime);

    StoreCore& m_core;
    std::shared_ptr<Group> m_group;
    std::uint64_t m_version = 1;
    GateEntry m_inside; ///< from the first look at a series to the commit
    std::uint64_t m_removals; ///< when the numbers here were right
    bool m_hasRemoved = false;
    std::vector<std::uint32_t> m_slots; ///< by position: place in the layout, or an odd one
    std::vector<storage::Position> m_byPlace; ///< by place in the layout
    std::vector<Odd> m_odd;
    std::vector<std::uint32_t> m_freeOdd; ///< places of m_odd to use again
    std::uint64_t m_newSeries = 0; ///< by this commit
    std::unordered_map<Labels, storage::Position> m_fresh;
    Index::Age m_freshSince = Index::unknownAge; ///< before the first of them was looked for
    std::unordered_map<Sid, storage::Position> m_bySid; ///< of odd ones with a series
    std::size_t m_outOfPlace = 0; ///< positions that are not their own place
    std::unordered_map<std::uint64_t, std::uint64_t> m_metadata; ///< hash of family → of the rest
    std::vector<double> m_cells; // scratch
    StartList m_starts; ///< of the row that is being committed, by our positions
};

} // namespace watchfire::tsdb
