// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/salvage/leaf_scan.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <format>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace watchfire::tsdb {

namespace {

// Pages: number u64; pad u16; flags u16; then, of a leaf, lower u16 (where the list of nodes
// ends) and upper u16, of an overflow page how many pages it has u32. Nodes: low and high half of
// the value's size u16 each; flags u16; size of the key u16; key; value or, where it is big, the
// number of its overflow page u64. All in the byte order of the machine.
constexpr std::size_t pageHeader = 16;
constexpr std::size_t nodeHeader = 8;
constexpr std::uint16_t branchOrMetaOrOverflow = 0x01 | 0x08 | 0x04;
constexpr std::uint16_t leafPage = 0x02;
constexpr std::uint16_t overflowPage = 0x04;
constexpr std::uint16_t fixedLeaf = 0x20;
constexpr std::uint16_t bigValue = 0x01;
constexpr std::uint16_t notPlain = 0x02 | 0x04; // a table, or duplicates
constexpr std::size_t usualPageSize = 4096;
constexpr std::size_t greatestValue = std::size_t{64} << 20;

template <class T> T at(ByteView bytes, std::size_t offset)
{
    T value{};
    if (offset + sizeof value <= bytes.size()) {
        std::memcpy(&value, bytes.data() + offset, sizeof value);
    }
    return value;
}

class Scan {
public:
    Scan(int file, std::uint64_t bytes, const VisitEntry& visit)
        : m_file(file)
        , m_bytes(bytes)
        , m_visit(visit)
    {
    }

    std::uint64_t run()
    {
        std::uint64_t leaves = 0;
        Bytes page;
        const std::uint64_t pages = m_bytes / usualPageSize;
        for (std::uint64_t number = 0; number < pages; ++number) {
            // A page that the disk does not give is passed over.
            if (!read(number * usualPageSize, usualPageSize, page)) {
                continue;
            }
            const auto flags = at<std::uint16_t>(page, 10);
            if (at<std::uint64_t>(page, 0) != number || (flags & leafPage) == 0
                || (flags & (branchOrMetaOrOverflow | fixedLeaf)) != 0) {
                continue;
            }
            ++leaves;
            visitLeaf(page, number * usualPageSize);
        }
        return leaves;
    }

private:
    bool read(std::uint64_t from, std::size_t length, Bytes& out) const
    {
        out.resize(length);
        std::size_t done = 0;
        while (done < length) {
            const ssize_t got = ::pread(m_file, out.data() + done, length - done,
                                        static_cast<::off_t>(from + done));
            if (got <= 0) {
                return false;
            }
            done += static_cast<std::size_t>(got);
        }
        return true;
    }

    void visitLeaf(ByteView page, std::uint64_t offset)
    {
        const auto lower = at<std::uint16_t>(page, 12);
        if (lower < pageHeader || lower > page.size()) {
            return;
        }
        for (std::size_t slot = pageHeader; slot + 2 <= lower; slot += 2) {
            const auto node = at<std::uint16_t>(page, slot);
            if (node < lower || node + nodeHeader > page.size()) {
                continue;
            }
            const auto flags = at<std::uint16_t>(page, node + 4U);
            const auto keySize = at<std::uint16_t>(page, node + 6U);
            const std::size_t size = at<std::uint16_t>(page, node)
                + (std::size_t{at<std::uint16_t>(page, node + 2U)} << 16);
            const std::size_t key = node + nodeHeader;
            if ((flags & notPlain) != 0 || key + keySize > page.size()) {
                continue;
            }
            const ByteView keyBytes = page.subspan(key, keySize);
            if ((flags & bigValue) != 0) {
                const auto number = at<std::uint64_t>(page, key + keySize);
                if (readBig(number, size)) {
                    m_visit(keyBytes, m_value, number * usualPageSize + pageHeader);
                }
            } else if (key + keySize + size <= page.size()) {
                m_visit(keyBytes, page.subspan(key + keySize, size), offset + key + keySize);
            }
        }
    }

    bool readBig(std::uint64_t number, std::size_t size)
    {
        Bytes head;
        if (size > greatestValue || number >= m_bytes / usualPageSize
            || !read(number * usualPageSize, pageHeader, head)
            || at<std::uint64_t>(head, 0) != number
            || (at<std::uint16_t>(head, 10) & overflowPage) == 0) {
            return false;
        }
        return read(number * usualPageSize + pageHeader, size, m_value);
    }

    int m_file;
    std::uint64_t m_bytes;
    const VisitEntry& m_visit;
    Bytes m_value;
};

} // namespace

Result<std::uint64_t> scanLeaves(const std::filesystem::path& file, const VisitEntry& visit)
{
    const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    struct ::stat status{};
    if (opened < 0 || ::fstat(opened, &status) != 0) {
        const int code = errno;
        if (opened >= 0) {
            ::close(opened);
        }
        return fail(code == ENOENT ? ErrorKind::notFound : ErrorKind::io,
                    std::format("cannot read {}: {}", file.string(),
                                std::generic_category().message(code)));
    }
    const std::uint64_t leaves
        = Scan(opened, static_cast<std::uint64_t>(status.st_size), visit).run();
    ::close(opened);
    return leaves;
}

} // namespace watchfire::tsdb
