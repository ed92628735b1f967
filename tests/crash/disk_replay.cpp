// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/crash/disk_replay.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <string_view>

namespace watchfire::crash {

namespace {

constexpr std::size_t sectorBytes = 512;

void save(const std::filesystem::path& path, const std::vector<std::uint8_t>& bytes)
{
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
}

} // namespace

Result<std::vector<DiskReplay::Entry>> DiskReplay::read(const std::vector<std::uint8_t>& record)
{
    std::vector<Entry> entries;
    for (std::size_t at = 0; at < record.size();) {
        Entry entry;
        if (record.size() - at < sizeof entry.event) {
            return fail(ErrorKind::corrupt, "the record of the disk is cut short");
        }
        std::memcpy(&entry.event, record.data() + at, sizeof entry.event);
        at += sizeof entry.event;
        if (record.size() - at < entry.event.length) {
            return fail(ErrorKind::corrupt, "the record of the disk is cut short");
        }
        entry.bytes = record.data() + at;
        at += entry.event.length;
        entries.push_back(entry);
    }
    return entries;
}

/// Bytes `from` to `to` of what was written.
void DiskReplay::put(Image& image, const Entry& entry, std::size_t from, std::size_t to)
{
    if (entry.event.kind == DiskEvent::Kind::truncate) {
        image.resize(entry.event.offset);
        return;
    }
    image.resize(std::max<std::size_t>(image.size(), entry.event.offset + to));
    std::memcpy(image.data() + entry.event.offset + from, entry.bytes + from, to - from);
}

void DiskReplay::putSome(Image& image, const Entry& entry, Unsynced how, std::mt19937_64& random)
{
    if (how == Unsynced::none || (how == Unsynced::anyWrites && random() % 2 == 0)) {
        return;
    }
    if (how != Unsynced::anySectors || entry.event.length == 0) {
        put(image, entry, 0, entry.event.length);
        return;
    }
    for (std::size_t from = 0; from < entry.event.length;) {
        const std::size_t sector
            = (entry.event.offset + from) / sectorBytes * sectorBytes + sectorBytes;
        const std::size_t to
            = std::min<std::size_t>(sector - entry.event.offset, entry.event.length);
        if (random() % 2 == 0) {
            put(image, entry, from, to);
        }
        from = to;
    }
}

void DiskReplay::apply(const Entry& entry)
{
    const DiskEvent& event = entry.event;
    File& file = m_files[event.file];
    switch (event.kind) {
    case DiskEvent::Kind::open:
        if (m_store == 0
            && std::string_view(reinterpret_cast<const char*>(entry.bytes), event.length)
                == "store.mdb") {
            m_store = event.file;
        }
        break;
    case DiskEvent::Kind::write:
        if (event.flag == 0) {
            file.pending.push_back(entry);
        } else {
            put(file.synced, entry, 0, event.length);
        }
        break;
    case DiskEvent::Kind::truncate:
        file.pending.push_back(entry);
        break;
    case DiskEvent::Kind::syncBegin:
        file.covered = file.pending.size();
        break;
    case DiskEvent::Kind::syncEnd:
        for (; file.covered > 0; --file.covered) {
            put(file.synced, file.pending.front(), 0, file.pending.front().event.length);
            file.pending.pop_front();
        }
        break;
    case DiskEvent::Kind::rename:
        m_renamed = event.file;
        break;
    case DiskEvent::Kind::folderSync:
        m_store = m_renamed != 0 ? m_renamed : m_store;
        m_renamed = 0;
        break;
    case DiskEvent::Kind::ringSize:
        m_ring.resize(event.offset);
        m_ringBefore.resize(event.offset);
        break;
    case DiskEvent::Kind::ring:
        std::memcpy(m_ringBefore.data() + event.offset, m_ring.data() + event.offset, event.length);
        std::memcpy(m_ring.data() + event.offset, entry.bytes, event.length);
        break;
    case DiskEvent::Kind::report:
        break;
    }
}

bool DiskReplay::write(const std::filesystem::path& folder, Unsynced store, Unsynced ring,
                       std::mt19937_64& random) const
{
    const auto found = m_files.find(m_renamed != 0 && random() % 2 == 0 ? m_renamed : m_store);
    if (m_store == 0 || found == m_files.end()) {
        return false;
    }
    Image image = found->second.synced;
    for (const Entry& entry : found->second.pending) {
        putSome(image, entry, store, random);
    }
    save(folder / "store.mdb", image);

    constexpr std::size_t pageBytes = 4'096;
    Image pages = ring == Unsynced::none ? Image(m_ring.size()) : m_ring;
    const std::size_t unit = ring == Unsynced::anySectors ? sectorBytes : pageBytes;
    if (ring == Unsynced::anyWrites || ring == Unsynced::anySectors) {
        for (std::size_t at = 0; at + unit <= pages.size(); at += unit) {
            // Mostly there: one page that is not ends what can be recovered.
            const std::uint64_t fate = random() % 32;
            if (fate == 0) {
                std::memcpy(pages.data() + at, m_ringBefore.data() + at, unit);
            } else if (fate == 1) {
                std::memset(pages.data() + at, 0, unit);
            }
        }
    }
    save(folder / "handoff", pages);
    return true;
}

} // namespace watchfire::crash
