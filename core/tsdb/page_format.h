// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace watchfire::tsdb {

// The pages of an LMDB 0.9 file, in the byte order of the machine, as mdb.c has them ("Page
// Format": struct MDB_page, MDB_node, MDB_db, MDB_meta). All that is read here may be damaged.
//
// Page: number u64; pad u16; flags u16; lower u16 (where the list of nodes ends) and upper u16
// (where the nodes begin), or of a value on pages of its own their count u32; u16 offsets of
// nodes, by their keys. Node: low and high half of the value's size u16 each; flags u16; size of
// the key u16; key; value. A node of a branch has the number of a page in place of size and flags,
// one of a big value that of its first page in place of the value.
inline constexpr std::size_t pageHeader = 16;
inline constexpr std::size_t nodeHeader = 8;
inline constexpr std::size_t usualPageSize = 4096;

namespace page_flag {
inline constexpr std::uint16_t branch = 0x01;
inline constexpr std::uint16_t leaf = 0x02;
inline constexpr std::uint16_t overflow = 0x04; ///< a big value
inline constexpr std::uint16_t head = 0x08;
inline constexpr std::uint16_t dirty = 0x10; ///< stays only in pages within a node
inline constexpr std::uint16_t fixedSize
    = 0x20; ///< keys alone, each as long as the page's pad says
inline constexpr std::uint16_t inNode = 0x40;
} // namespace page_flag

namespace node_flag {
inline constexpr std::uint16_t big = 0x01;
inline constexpr std::uint16_t table = 0x02;
inline constexpr std::uint16_t duplicates = 0x04;
} // namespace node_flag

/// Zero where that is outside.
template <class T> T numberAt(ByteView bytes, std::size_t offset)
{
    T value{};
    if (offset + sizeof value <= bytes.size()) {
        std::memcpy(&value, bytes.data() + offset, sizeof value);
    }
    return value;
}

struct PageView {
    ByteView bytes;

    std::uint64_t number() const { return numberAt<std::uint64_t>(bytes, 0); }
    std::uint16_t pad() const { return numberAt<std::uint16_t>(bytes, 8); }
    std::uint16_t flags() const { return numberAt<std::uint16_t>(bytes, 10); }
    std::uint16_t lower() const { return numberAt<std::uint16_t>(bytes, 12); }
    std::uint16_t upper() const { return numberAt<std::uint16_t>(bytes, 14); }
    std::uint32_t pageCount() const { return numberAt<std::uint32_t>(bytes, 12); }
    /// It has nodes, which begin where their list has ended.
    bool isDivided() const
    {
        return nodes() != 0 && lower() % 2 == 0 && lower() <= upper() && upper() <= bytes.size();
    }
    std::size_t nodes() const { return lower() < pageHeader ? 0 : (lower() - pageHeader) / 2U; }
};

/// A node that is within its page, its key and what stands in place of its value too.
struct NodeView {
    std::size_t offset = 0;
    std::uint16_t flags = 0;
    ByteView key;
    std::size_t valueSize = 0;
    ByteView value; ///< eight bytes, the number of a page, where it is big
    std::uint64_t child = 0; ///< of a branch
    std::size_t size = 0; ///< of all of it in the page

    static std::optional<NodeView> at(PageView page, std::size_t slot, bool isBranch)
    {
        NodeView node;
        node.offset = numberAt<std::uint16_t>(page.bytes, pageHeader + 2 * slot);
        if (node.offset < page.lower() || node.offset + nodeHeader > page.bytes.size()) {
            return {};
        }
        const ByteView bytes = page.bytes.subspan(node.offset);
        const std::uint64_t low = numberAt<std::uint16_t>(bytes, 0);
        const std::uint64_t high = numberAt<std::uint16_t>(bytes, 2);
        node.flags = numberAt<std::uint16_t>(bytes, 4);
        const std::size_t keySize = numberAt<std::uint16_t>(bytes, 6);
        std::size_t stored = 0;
        if (isBranch) {
            node.child = low | high << 16 | std::uint64_t{node.flags} << 32;
        } else {
            node.valueSize = low | high << 16;
            stored = (node.flags & node_flag::big) != 0 ? sizeof(std::uint64_t) : node.valueSize;
        }
        if (nodeHeader + keySize + stored > bytes.size()) {
            return {};
        }
        node.key = bytes.subspan(nodeHeader, keySize);
        node.value = bytes.subspan(nodeHeader + keySize, stored);
        node.size = (nodeHeader + keySize + stored + 1) & ~std::size_t{1};
        return node;
    }
};

/// The record of a tree.
struct TreeRecord {
    static constexpr std::size_t bytes = 48;
    static constexpr std::uint64_t noRoot = ~std::uint64_t{0};

    std::uint32_t pad
        = 0; ///< of fixedSize trees the size of a key; of the free list that of a page
    std::uint16_t flags = 0;
    std::uint16_t depth = 0;
    std::uint64_t branchPages = 0;
    std::uint64_t leafPages = 0;
    std::uint64_t bigPages = 0;
    std::uint64_t entries = 0;
    std::uint64_t root = noRoot;

    static TreeRecord at(ByteView data, std::size_t offset)
    {
        return {
            numberAt<std::uint32_t>(data, offset),      numberAt<std::uint16_t>(data, offset + 4),
            numberAt<std::uint16_t>(data, offset + 6),  numberAt<std::uint64_t>(data, offset + 8),
            numberAt<std::uint64_t>(data, offset + 16), numberAt<std::uint64_t>(data, offset + 24),
            numberAt<std::uint64_t>(data, offset + 32), numberAt<std::uint64_t>(data, offset + 40)};
    }
};

/// Pages 0 and 1: the state of the file after a transaction, by turns.
struct FileHead {
    static constexpr std::size_t bytes = pageHeader + 24 + 2 * TreeRecord::bytes + 16;
    static constexpr std::uint32_t rightMagic = 0xBEEF'C0DE;
    static constexpr std::uint32_t rightVersion = 1;

    std::uint32_t magic = 0;
    std::uint32_t version = 0;
    TreeRecord freeList;
    TreeRecord tables;
    std::uint64_t lastPage = 0;
    std::uint64_t transaction = 0;

    static FileHead at(ByteView page)
    {
        constexpr std::size_t trees = pageHeader + 24;
        constexpr std::size_t rest = trees + 2 * TreeRecord::bytes;
        return {numberAt<std::uint32_t>(page, pageHeader),
                numberAt<std::uint32_t>(page, pageHeader + 4),
                TreeRecord::at(page, trees),
                TreeRecord::at(page, trees + TreeRecord::bytes),
                numberAt<std::uint64_t>(page, rest),
                numberAt<std::uint64_t>(page, rest + 8)};
    }
};

} // namespace watchfire::tsdb
