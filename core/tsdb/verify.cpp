// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/verify.h"

#include "core/tsdb/head/group_record.h"
#include "core/tsdb/index/container.h"
#include "core/tsdb/index/label_reader.h"
#include "core/tsdb/journal.h"
#include "core/tsdb/seal/sealed_window.h"
#include "core/tsdb/store_core.h"
#include "core/tsdb/window_record.h"

#include <algorithm>
#include <chrono>
#include <format>
#include <functional>

namespace watchfire::tsdb {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds renewsAfter{5};

class Verifier {
public:
    explicit Verifier(StoreCore& core)
        : m_core(core)
    {
    }

    Result<VerifyReport> run()
    {
        using Check = void (Verifier::*)(ReadTxn&, ByteView, ByteView);
        constexpr std::pair<Table, Check> checks[] = {
            {Table::groups, &Verifier::group},    {Table::series, &Verifier::page},
            {Table::hash, &Verifier::hash},       {Table::post, &Verifier::posting},
            {Table::journal, &Verifier::journal}, {Table::wins, &Verifier::window},
            {Table::strips, &Verifier::strip},    {Table::lines, &Verifier::line},
            {Table::blocks, &Verifier::block},    {Table::live, &Verifier::live},
        };
        for (const auto& [table, check] : checks) {
            if (auto done = walk(table,
                                 [&](ReadTxn& txn, ByteView key, ByteView value) {
                                     (this->*check)(txn, key, value);
                                 });
                !done) {
                return std::unexpected(done.error());
            }
        }
        return std::move(m_report);
    }

private:
    using Visit = std::function<void(ReadTxn& txn, ByteView key, ByteView value)>;

    /// All entries of a table, in transactions that do not live long.
    Result<void> walk(Table table, const Visit& visit)
    {
        Bytes last;
        bool isFirst = true;
        for (bool more = true; more;) {
            auto txn = m_core.environment().read();
            if (!txn) {
                return std::unexpected(txn.error());
            }
            const auto begun = steady_clock::now();
            Cursor cursor(*txn, table);
            more = isFirst ? cursor.first() : cursor.seek(last);
            if (more && !isFirst && std::ranges::equal(cursor.key(), last)) {
                more = nextKey(cursor);
            }
            isFirst = false;
            while (more) {
                ++m_report.values;
                m_report.bytes += cursor.value().size();
                visit(*txn, cursor.key(), cursor.value());
                last.assign(cursor.key().begin(), cursor.key().end());
                if (steady_clock::now() - begun > renewsAfter) {
                    break;
                }
                more = cursor.next();
            }
            if (auto read = cursor.result(m_core.environment()); !read) {
                return read;
            }
        }
        return {};
    }

    static bool nextKey(Cursor& cursor)
    {
        const Bytes before(cursor.key().begin(), cursor.key().end());
        bool more = cursor.next();
        while (more && std::ranges::equal(cursor.key(), before)) {
            more = cursor.next();
        }
        return more;
    }

    void note(std::string where, std::string what)
    {
        m_report.damage.push_back({std::move(where), std::move(what)});
    }

    /// Notes a key that is not as long as keys of its table are.
    bool fits(ByteView key, std::size_t size, const char* table)
    {
        if (key.size() != size) {
            note(std::format("table {}", table), "a key has the wrong length");
        }
        return key.size() == size;
    }

    void group(ReadTxn&, ByteView key, ByteView value)
    {
        if (!fits(key, 4, "groups")) {
            return;
        }
        if (const auto record = GroupRecord::parse(value); !record) {
            note(std::format("group {}", native32At(key, 0)), record.error().message);
        }
    }

    void page(ReadTxn&, ByteView key, ByteView value)
    {
        if (!fits(key, 4, "series")) {
            return;
        }
        if (const auto parsed = SeriesPage::parse(value); !parsed) {
            note(std::format("series page {}", native32At(key, 0)), parsed.error().message);
        }
    }

    void hash(ReadTxn& txn, ByteView key, ByteView value)
    {
        if (!fits(key, 8, "hash") || !fits(value, 4, "hash")) {
            return;
        }
        const Sid sid = native32At(value, 0);
        const std::string where = std::format("series {}", sid);
        const auto labels = LabelReader(txn, m_core.index().names()).labels(sid);
        if (!labels) {
            note(where, labels.error().message);
        } else if (!*labels) {
            note(where, "it is in the index and has no labels");
        } else if ((*labels)->hash128().first != native64At(key, 0)) {
            note(where, "its labels are not those it was indexed by");
        }
    }

    void posting(ReadTxn&, ByteView key, ByteView value)
    {
        if (fits(key, 10, "post") && ContainerView(value).isBroken()) {
            note(std::format("posting of label {}, value {}", be32At(key, 0), be32At(key, 4)),
                 "it is no container");
        }
    }

    void live(ReadTxn&, ByteView key, ByteView value)
    {
        if (fits(key, 6, "live") && ContainerView(value).isBroken()) {
            note(std::format("series of window {}", be32At(key, 0)), "it is no container");
        }
    }

    void window(ReadTxn&, ByteView key, ByteView value)
    {
        if (fits(key, 4, "wins") && !WindowRecord::parse(value)) {
            note(std::format("window {}", be32At(key, 0)), "its record cannot be read");
        }
    }

    void journal(ReadTxn&, ByteView key, ByteView value)
    {
        if (!fits(key, 8, "journal")) {
            return;
        }
        const std::string where = std::format("journal record {}", native64At(key, 0));
        const auto record = parseJournalRecord(value);
        if (!record) {
            note(where, record.error().message);
            return;
        }
        FrameReader frames(record->frames);
        while (!frames.atEnd()) {
            if (const auto frame = frames.next(); !frame) {
                note(where, frame.error().message);
                return;
            }
        }
    }

    void strip(ReadTxn&, ByteView key, ByteView value)
    {
        if (!fits(key, 12, "strips")) {
            return;
        }
        const std::string where = std::format("strip {} of group {} in window {}", be32At(key, 8),
                                              be32At(key, 4), be32At(key, 0));
        const auto view = StripView::open(value, Verify::yes);
        if (!view) {
            note(where, view.error().message);
            return;
        }
        m_times.resize(view->rows());
        if (const auto read = view->timestamps(m_times); !read) {
            note(where, read.error().message);
        }
        m_values.resize(view->rows());
        for (std::size_t i = 0; i < view->series(); ++i) {
            ColumnExtras extras;
            if (const auto read = view->read(i, m_values, extras); !read) {
                note(std::format("series {} in {}", view->sid(i), where), read.error().message);
            }
        }
    }

    void line(ReadTxn&, ByteView key, ByteView value)
    {
        if (!fits(key, 8, "lines")) {
            return;
        }
        const std::string where
            = std::format("timeline of group {} in window {}", be32At(key, 4), be32At(key, 0));
        const auto view = TimelineView::open(value, Verify::yes);
        if (!view) {
            note(where, view.error().message);
            return;
        }
        m_times.resize(view->rows());
        if (const auto read = view->read(m_times); !read) {
            note(where, read.error().message);
        } else if (std::ranges::adjacent_find(m_times, std::ranges::greater_equal())
                   != m_times.end()) {
            note(where, "its moments do not ascend");
        }
    }

    void block(ReadTxn& txn, ByteView key, ByteView value)
    {
        if (!fits(key, 8, "blocks")) {
            return;
        }
        const Window window = be32At(key, 0);
        const Sid first = be32At(key, 4);
        const std::string where = std::format("block from series {} in window {}", first, window);
        const auto view = BlockView::open(value, Verify::yes);
        if (!view) {
            note(where, view.error().message);
            return;
        }
        if (view->window() != window || view->sid(0) != first) {
            note(where, "it stands under the key of another");
            return;
        }
        const auto gid = LabelReader(txn, m_core.index().names()).groupOf(first);
        const auto line = gid ? sealedLine(txn, window, *gid) : std::nullopt;
        if (!line) {
            return; // an interrupted seal left it; the next one removes it
        }
        const auto timeline = TimelineView::open(*line, Verify::no);
        if (!timeline) {
            return; // told there
        }
        if (timeline->segments() != view->segments()) {
            note(where, "it has not as many segments as its group's timeline");
            return;
        }
        for (std::size_t i = 0; i < view->series(); ++i) {
            for (std::size_t segment = 0; segment < view->segments(); ++segment) {
                m_values.resize(timeline->segmentRows(segment));
                ColumnExtras extras;
                if (const auto read = view->read(i, segment, m_values, extras); !read) {
                    note(std::format("series {} in {}", view->sid(i), where), read.error().message);
                    break;
                }
            }
        }
    }

    StoreCore& m_core;
    VerifyReport m_report;
    std::vector<std::int64_t> m_times;
    std::vector<double> m_values;
};

} // namespace

Result<VerifyReport> verifyStore(StoreCore& core)
{
    return Verifier(core).run();
}

} // namespace watchfire::tsdb
