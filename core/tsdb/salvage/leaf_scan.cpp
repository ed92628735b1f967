// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/salvage/leaf_scan.h"

#include "core/tsdb/page_format.h"

#include <cerrno>
#include <fcntl.h>
#include <format>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace watchfire::tsdb {

namespace {

constexpr std::size_t greatestValue = std::size_t{64} << 20;

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
            const PageView view{page};
            if (view.number() != number || view.flags() != page_flag::leaf) {
                continue;
            }
            ++leaves;
            visitLeaf(view, number * usualPageSize);
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

    void visitLeaf(PageView page, std::uint64_t offset)
    {
        if (page.lower() > page.bytes.size()) {
            return;
        }
        for (std::size_t slot = 0; slot < page.nodes(); ++slot) {
            const auto node = NodeView::at(page, slot, false);
            if (!node) {
                continue;
            }
            if (node->flags == node_flag::big) {
                const auto number = numberAt<std::uint64_t>(node->value, 0);
                if (readBig(number, node->valueSize)) {
                    m_visit(node->key, m_value, number * usualPageSize + pageHeader);
                }
            } else if (node->flags == 0) {
                m_visit(node->key, node->value,
                        offset + static_cast<std::size_t>(node->value.data() - page.bytes.data()));
            }
        }
    }

    bool readBig(std::uint64_t number, std::size_t size)
    {
        Bytes head;
        if (size > greatestValue || number >= m_bytes / usualPageSize
            || !read(number * usualPageSize, pageHeader, head) || PageView{head}.number() != number
            || PageView{head}.flags() != page_flag::overflow) {
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
