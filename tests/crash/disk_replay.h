// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "tests/crash/disk_log.h"

#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <random>
#include <vector>

namespace watchfire::crash {

/// What a disk may hold when the power goes, from a record of what was done to it. Synced bytes
/// are there. Of the others, in sectors of 512 bytes, each may be there or not, whatever became of
/// those before and after; a new name counts from the next sync of the folder on, and before that
/// perhaps.
class DiskReplay {
public:
    struct Entry {
        DiskEvent event;
        const std::uint8_t* bytes = nullptr;
    };
    /// What becomes of what is not synced.
    enum class Unsynced { none, all, anyWrites, anySectors };

    /// The record must outlive this.
    static Result<std::vector<Entry>> read(const std::vector<std::uint8_t>& record);

    void apply(const Entry& entry);
    /// Makes store.mdb and handoff in that folder as they may be now. False: there is no store yet.
    bool write(const std::filesystem::path& folder, Unsynced store, Unsynced ring,
               std::mt19937_64& random) const;

private:
    using Image = std::vector<std::uint8_t>;
    struct File {
        Image synced;
        std::deque<Entry> pending;
        std::size_t covered = 0; ///< of pending, by the sync under way
    };
    static void put(Image& image, const Entry& entry, std::size_t from, std::size_t to);
    static void putSome(Image& image, const Entry& entry, Unsynced how, std::mt19937_64& random);

    std::map<std::uint64_t, File> m_files;
    std::uint64_t m_store = 0; ///< the file of that name, surely
    std::uint64_t m_renamed = 0; ///< and the one that is perhaps
    Image m_ring; ///< as the process last saw it
    Image m_ringBefore; ///< of each page, what was there before
};

} // namespace watchfire::crash
