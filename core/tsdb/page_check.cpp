// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/page_check.h"

#include "core/tsdb/page_format.h"
#include "core/tsdb/table_forms.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <fcntl.h>
#include <format>
#include <lmdb.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace watchfire::tsdb {

namespace {

constexpr const char* headsName = "the heads of the file";
constexpr std::size_t enoughDamage = 20;
constexpr std::size_t deepest = 32; // LMDB's own limit
constexpr std::uint64_t leastPageSize = 256;
constexpr std::uint64_t greatestPageSize = 65'536;
// Pages that one transaction took and gave back need not have been written.
constexpr std::uint64_t maybeNotWritten = 65'536;
constexpr std::uint16_t orderFlags = MDB_REVERSEKEY | MDB_DUPSORT | MDB_INTEGERKEY | MDB_DUPFIXED
    | MDB_INTEGERDUP | MDB_REVERSEDUP;

class FileBytes {
public:
    explicit FileBytes(int file)
        : m_file(file)
    {
    }
    FileBytes(const FileBytes&) = delete;
    FileBytes& operator=(const FileBytes&) = delete;
    ~FileBytes()
    {
        if (m_file >= 0) {
            ::close(m_file);
        }
    }
    bool read(std::uint64_t from, std::span<std::uint8_t> out) const
    {
        while (!out.empty()) {
            const ssize_t got = ::pread(m_file, out.data(), out.size(), static_cast<::off_t>(from));
            if (got < 0 && errno == EINTR) {
                continue;
            }
            if (got <= 0) {
                return false;
            }
            out = out.subspan(static_cast<std::size_t>(got));
            from += static_cast<std::uint64_t>(got);
        }
        return true;
    }
    int file() const { return m_file; }

private:
    int m_file;
};

/// A tree, and what its pages are held against.
struct Tree {
    std::string name;
    TreeRecord record{};
    bool hasDuplicates = false;
    bool isByNumber = false; ///< its keys are numbers of the machine
    bool isDuplicates = false; ///< of one key: its keys are values
    bool isDirectory = false; ///< its values are trees
    TreeRecord seen{}; ///< counted on the way

    bool less(ByteView a, ByteView b) const
    {
        if (isByNumber && a.size() == 8) {
            return numberAt<std::uint64_t>(a, 0) < numberAt<std::uint64_t>(b, 0);
        }
        if (isByNumber && a.size() == 4) {
            return numberAt<std::uint32_t>(a, 0) < numberAt<std::uint32_t>(b, 0);
        }
        return std::ranges::lexicographical_compare(a, b);
    }
};

/// What the keys of a page must be: not before one, before another.
struct Bounds {
    std::optional<ByteView> from;
    std::optional<ByteView> before;

    bool allow(const Tree& tree, ByteView key) const
    {
        return (!from || !tree.less(key, *from)) && (!before || tree.less(key, *before));
    }
};

class Walk {
public:
    Walk(const FileBytes& file, std::uint64_t fileBytes, const PageCheck& check)
        : m_file(file)
        , m_fileBytes(fileBytes)
        , m_check(check)
    {
    }

    PageReport run()
    {
        const auto head = judgedHead();
        if (!head) {
            m_report.isWhole = false;
            return std::move(m_report);
        }
        m_report.file = head->lastPage + 1;
        m_taken.assign(m_report.file, false);
        m_taken[0] = m_taken[1] = true;
        m_report.inTables = 2;
        Tree freeList{"the free list", head->freeList};
        freeList.isByNumber = true;
        walk(freeList, [&](const NodeView& node) { return takeFree(freeList, node, *head); });
        std::vector<Tree> tables;
        Tree directory{"the table of tables", head->tables};
        directory.isDirectory = true;
        walk(directory, [&](const NodeView& node) {
            const auto found = table(node);
            if (found) {
                tables.push_back(*found);
            }
            return found.has_value();
        });
        for (Tree& each : tables) {
            walk(each, [](const NodeView&) { return true; });
        }
        return std::move(m_report);
    }

private:
    // Checks return false when what they look at is broken, which they have noted.

    void note(std::string where, std::string what)
    {
        if (m_report.damage.size() < enoughDamage) {
            m_report.damage.push_back({std::move(where), std::move(what)});
        }
    }
    bool broken(std::string where, std::string what)
    {
        note(std::move(where), std::move(what));
        return false;
    }
    static std::string pageOf(const Tree& tree, std::uint64_t page)
    {
        return std::format("page {} of {}", page, tree.name);
    }

    /// That of the state to look at.
    std::optional<FileHead> judgedHead()
    {
        std::array<FileHead, 2> heads;
        for (std::size_t i = 0; i < heads.size(); ++i) {
            if (!readHead(i, heads[i])) {
                return {};
            }
        }
        if (m_check.transaction) {
            for (const FileHead& head : heads) {
                if (head.transaction == *m_check.transaction) {
                    return head;
                }
            }
            note(headsName, std::format("none is of transaction {}", *m_check.transaction));
            return {};
        }
        // They are written by turns, so the newer one is of the transaction after the other's.
        const std::size_t newer = heads[0].transaction < heads[1].transaction ? 1 : 0;
        const bool isFresh = heads[0].transaction == 0 && heads[1].transaction == 0;
        if (!isFresh
            && (heads[newer].transaction % 2 != newer
                || heads[newer].transaction - heads[1 - newer].transaction != 1)) {
            note(headsName,
                 std::format("they are of transactions {} and {}", heads[0].transaction,
                             heads[1].transaction));
            return {};
        }
        // A newer one that was made out to be older would have been followed by nobody.
        if (!ownsFreeList(heads[1 - newer], heads[newer].transaction + 1)) {
            return {};
        }
        return heads[newer];
    }

    /// Whether the head is not of a transaction before those its own free list knows. `failed`
    /// may have written it and then put the old number in its place (mdb_env_write_meta).
    bool ownsFreeList(const FileHead& head, std::uint64_t failed)
    {
        m_taken.assign(m_fileBytes / m_pageSize, false);
        Tree freeList{"the free list of the other head", head.freeList};
        freeList.isByNumber = true;
        walk(freeList, [&](const NodeView& node) {
            const auto of = numberAt<std::uint64_t>(node.key, 0);
            m_report.mayLackLast = m_report.mayLackLast || of > head.transaction;
            return of <= head.transaction || of == failed || of + 1 == failed
                || broken(headsName, "one has a free list that is newer");
        });
        return m_report.damage.empty();
    }

    bool readHead(std::size_t number, FileHead& head)
    {
        const std::string where = std::format("head {} of the file", number);
        std::array<std::uint8_t, FileHead::bytes> bytes{};
        // Where the second one is depends on what the first one says.
        if (!m_file.read(number * m_pageSize, bytes)) {
            return broken(where, "it cannot be read");
        }
        head = FileHead::at(bytes);
        const PageView page{bytes};
        if (head.magic != FileHead::rightMagic || head.version != FileHead::rightVersion
            || page.flags() != page_flag::head || page.number() != number) {
            return broken(where, "it is none");
        }
        const std::uint64_t pageSize = head.freeList.pad;
        if (number == 0 && std::has_single_bit(pageSize) && pageSize >= leastPageSize
            && pageSize <= greatestPageSize) {
            m_pageSize = pageSize;
        }
        if (pageSize != m_pageSize) {
            return broken(where, std::format("its pages have {} bytes", pageSize));
        }
        if ((head.freeList.flags & (orderFlags | MDB_FIXEDMAP)) != MDB_INTEGERKEY
            || (head.tables.flags & orderFlags) != 0) {
            return broken(where, "its trees are of another kind");
        }
        const std::uint64_t filePages = m_fileBytes / m_pageSize;
        if (head.lastPage < 1 || head.lastPage > filePages + maybeNotWritten) {
            return broken(
                where, std::format("it has {} pages, the file {}", head.lastPage + 1, filePages));
        }
        return true;
    }

    template <class Visit> void walk(Tree& tree, const Visit& visit)
    {
        const TreeRecord& record = tree.record;
        if (record.root == TreeRecord::noRoot) {
            if (record.leafPages != 0 || record.entries != 0) {
                note(tree.name, "it has no root");
            }
            return;
        }
        if (record.leafPages > m_check.largestTree) {
            m_report.isWhole = false;
            return;
        }
        if (record.depth == 0 || record.depth > deepest) {
            note(tree.name, std::format("it is {} pages deep", record.depth));
        }
        if (record.depth == 0 || record.depth > deepest
            || !walkPage(tree, record.root, 1, {}, visit)) {
            m_report.isWhole = false;
            return;
        }
        const auto expect = [&](std::uint64_t seen, std::uint64_t recorded, const char* what) {
            if (seen != recorded) {
                note(tree.name,
                     std::format("{} of its {} {} can be reached", seen, recorded, what));
            }
        };
        expect(tree.seen.branchPages, record.branchPages, "branch pages");
        expect(tree.seen.leafPages, record.leafPages, "leaf pages");
        expect(tree.seen.bigPages, record.bigPages, "pages of big values");
        expect(tree.seen.entries, record.entries, "entries");
    }

    /// Marks pages as used, once.
    bool take(const Tree& tree, std::uint64_t first, std::uint64_t count)
    {
        if (first < 2 || count > m_taken.size() || first > m_taken.size() - count) {
            return broken(pageOf(tree, first), "there is none of that number");
        }
        for (std::uint64_t page = first; page < first + count; ++page) {
            if (m_taken[page]) {
                return broken(pageOf(tree, page), "it is used twice");
            }
            m_taken[page] = true;
        }
        return true;
    }

    template <class Visit>
    bool walkPage(Tree& tree, std::uint64_t number, std::size_t depth, const Bounds& bounds,
                  const Visit& visit)
    {
        if (!take(tree, number, 1)) {
            return false;
        }
        ++m_report.inTables;
        const std::string where = pageOf(tree, number);
        Bytes bytes(m_pageSize);
        if (!m_file.read(number * m_pageSize, bytes)) {
            return broken(where, "it cannot be read");
        }
        const PageView page{bytes};
        const bool isBranch = depth < tree.record.depth;
        const bool isFixed
            = !isBranch && tree.isDuplicates && (tree.record.flags & MDB_DUPFIXED) != 0;
        const unsigned kind = isBranch ? page_flag::branch
            : isFixed                  ? page_flag::leaf | page_flag::fixedSize
                                       : page_flag::leaf;
        if (page.number() != number || page.flags() != kind) {
            return broken(where,
                          std::format("it is page {} of kind {}", page.number(), page.flags()));
        }
        if (!page.isDivided()) {
            return broken(where, "its space is divided wrongly");
        }
        ++(isBranch ? tree.seen.branchPages : tree.seen.leafPages);
        if (isFixed) {
            tree.seen.entries += page.nodes();
            return checkFixed(tree, page, tree.record.pad, bounds, where);
        }
        std::vector<NodeView> nodes;
        nodes.reserve(page.nodes());
        for (std::size_t slot = 0; slot < page.nodes(); ++slot) {
            const auto node = NodeView::at(page, slot, isBranch);
            if (!node) {
                return broken(where, std::format("node {} is outside", slot));
            }
            nodes.push_back(*node);
        }
        // The first key of a branch says nothing.
        const auto keyed = std::span(nodes).subspan(isBranch ? 1 : 0);
        if (!areSideBySide(nodes, page)) {
            return broken(where, "its nodes do not lie side by side");
        }
        if (!areInOrder(tree, keyed, bounds)) {
            return broken(where, "its keys are out of order");
        }
        for (std::size_t slot = 0; slot < nodes.size(); ++slot) {
            const NodeView& node = nodes[slot];
            if (!isBranch) {
                if (!checkEntry(tree, node, where) || !visit(node)) {
                    return false;
                }
                continue;
            }
            Bounds within = bounds;
            if (slot > 0) {
                within.from = node.key;
            }
            if (slot + 1 < nodes.size()) {
                within.before = nodes[slot + 1].key;
            }
            if (!walkPage(tree, node.child, depth + 1, within, visit)) {
                return false;
            }
        }
        return true;
    }

    static bool areSideBySide(std::span<const NodeView> nodes, PageView page)
    {
        std::vector<std::pair<std::size_t, std::size_t>> places;
        places.reserve(nodes.size());
        for (const NodeView& node : nodes) {
            places.emplace_back(node.offset, node.size);
        }
        std::ranges::sort(places);
        std::size_t end = page.upper();
        for (const auto& [offset, size] : places) {
            if (offset != end) {
                return false;
            }
            end += size;
        }
        return end == page.bytes.size();
    }

    static bool areInOrder(const Tree& tree, std::span<const NodeView> nodes, const Bounds& bounds)
    {
        std::optional<ByteView> before;
        for (const NodeView& node : nodes) {
            if (tree.isByNumber && node.key.size() != 4 && node.key.size() != 8) {
                return false;
            }
            if ((before && !tree.less(*before, node.key)) || !bounds.allow(tree, node.key)) {
                return false;
            }
            before = node.key;
        }
        return true;
    }

    /// Keys of one size, one after the other.
    bool checkFixed(const Tree& tree, PageView page, std::size_t size, const Bounds& bounds,
                    const std::string& where)
    {
        const std::size_t space = page.bytes.size() - pageHeader;
        if (size < 4 || page.pad() != size || page.nodes() * size > space
            || page.upper() != page.bytes.size() - page.nodes() * (size - 2)) {
            return broken(where, "its values have another size");
        }
        std::optional<ByteView> before;
        for (std::size_t i = 0; i < page.nodes(); ++i) {
            const ByteView value = page.bytes.subspan(pageHeader + i * size, size);
            if ((before && !tree.less(*before, value)) || !bounds.allow(tree, value)) {
                return broken(where, "its values are out of order");
            }
            before = value;
        }
        return true;
    }

    bool checkEntry(Tree& tree, const NodeView& node, const std::string& where)
    {
        const unsigned kind = node.flags;
        if (kind == (node_flag::duplicates | node_flag::table) && tree.hasDuplicates
            && node.valueSize == TreeRecord::bytes) {
            return checkDuplicates(tree, node, where);
        }
        if (kind == node_flag::duplicates && tree.hasDuplicates) {
            return checkInNode(tree, node, where);
        }
        ++tree.seen.entries;
        if (kind == node_flag::big) {
            return takeBig(tree, node);
        }
        return kind == 0
            || (kind == node_flag::table && tree.isDirectory && node.valueSize == TreeRecord::bytes)
            || broken(where, std::format("a node is of kind {}", kind));
    }

    bool takeBig(Tree& tree, const NodeView& node)
    {
        const auto first = numberAt<std::uint64_t>(node.value, 0);
        std::uint64_t pages = (pageHeader - 1 + node.valueSize) / m_pageSize + 1;
        if (m_check.bigValues) {
            std::array<std::uint8_t, pageHeader> bytes{};
            const PageView page{bytes};
            // A value that became smaller keeps its pages.
            if (first > m_taken.size() || !m_file.read(first * m_pageSize, bytes)
                || page.number() != first || page.flags() != page_flag::overflow
                || page.pageCount() < pages) {
                return broken(pageOf(tree, first), "it is no big value");
            }
            pages = page.pageCount();
        }
        if (!take(tree, first, pages)) {
            return false;
        }
        if ((first + pages) * m_pageSize > m_fileBytes) {
            return broken(pageOf(tree, first), "it is behind the end of the file");
        }
        tree.seen.bigPages += pages;
        m_report.inTables += pages;
        return true;
    }

    /// Duplicates with a tree of their own.
    bool checkDuplicates(Tree& tree, const NodeView& node, const std::string& where)
    {
        Tree below{"duplicates in " + tree.name, TreeRecord::at(node.value, 0)};
        below.isDuplicates = true;
        below.isByNumber = (tree.record.flags & MDB_INTEGERDUP) != 0;
        if ((below.record.flags & MDB_DUPFIXED) != (tree.record.flags & MDB_DUPFIXED)) {
            return broken(where, "its duplicates are of another kind");
        }
        walk(below, [](const NodeView&) { return true; });
        tree.seen.entries += below.record.entries;
        return true;
    }

    /// A page of duplicates that is small enough to stand in its node.
    bool checkInNode(Tree& tree, const NodeView& node, const std::string& where)
    {
        const PageView page{node.value};
        const bool isFixed = (tree.record.flags & MDB_DUPFIXED) != 0;
        const unsigned kind = page_flag::leaf | page_flag::dirty | page_flag::inNode
            | (isFixed ? page_flag::fixedSize : 0U);
        if (page.flags() != kind || !page.isDivided()) {
            return broken(where, "the duplicates of a key cannot be read");
        }
        tree.seen.entries += page.nodes();
        Tree below{"duplicates in " + tree.name, {}};
        below.isByNumber = (tree.record.flags & MDB_INTEGERDUP) != 0;
        return !isFixed || checkFixed(below, page, page.pad(), {}, where);
    }

    /// Of a name that is not ours too: later versions may have more. That one of ours is not
    /// there is for those to see who open them.
    std::optional<Tree> table(const NodeView& node)
    {
        Tree tree{std::format("table {}", asText(node.key)), TreeRecord::at(node.value, 0)};
        for (std::size_t i = 0; i < tableCount; ++i) {
            const TableForm& form = formOf(static_cast<Table>(i));
            if (form.name == asText(node.key) && tree.record.flags != form.flags) {
                note(tree.name, "it is of another kind");
                return {};
            }
        }
        tree.hasDuplicates = (tree.record.flags & MDB_DUPSORT) != 0;
        tree.isByNumber = (tree.record.flags & MDB_INTEGERKEY) != 0;
        return tree;
    }

    /// The pages that a transaction gave back: their count, then each, the greatest first.
    bool takeFree(const Tree& tree, const NodeView& node, const FileHead& head)
    {
        if (numberAt<std::uint64_t>(node.key, 0) > head.transaction) {
            return broken(tree.name, "it is newer than the head of the file");
        }
        Bytes big;
        ByteView list = node.value;
        if ((node.flags & node_flag::big) != 0) {
            big.resize(std::min<std::uint64_t>(node.valueSize, m_fileBytes));
            if (!m_file.read(numberAt<std::uint64_t>(node.value, 0) * m_pageSize + pageHeader,
                             big)) {
                return broken(tree.name, "a part of it cannot be read");
            }
            list = big;
        }
        const auto count = numberAt<std::uint64_t>(list, 0);
        if (list.size() < 8 || count > list.size() / 8 - 1) {
            return broken(tree.name, "a part of it is longer than it is");
        }
        for (std::uint64_t i = 1; i <= count; ++i) {
            if (!take(tree, numberAt<std::uint64_t>(list, i * 8), 1)) {
                return false;
            }
        }
        m_report.free += count;
        return true;
    }

    const FileBytes& m_file;
    std::uint64_t m_fileBytes;
    const PageCheck& m_check;
    std::uint64_t m_pageSize = usualPageSize;
    std::vector<bool> m_taken;
    PageReport m_report;
};

} // namespace

Result<PageReport> checkPages(const std::filesystem::path& file, const PageCheck& check)
{
    const FileBytes opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    struct ::stat status{};
    if (opened.file() < 0 || ::fstat(opened.file(), &status) != 0) {
        const int code = errno;
        return fail(code == ENOENT ? ErrorKind::notFound : ErrorKind::io,
                    std::format("cannot read {}: {}", file.string(),
                                std::generic_category().message(code)));
    }
    return Walk(opened, static_cast<std::uint64_t>(status.st_size), check).run();
}

} // namespace watchfire::tsdb
