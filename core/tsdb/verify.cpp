// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/verify.h"

#include "core/tsdb/codec/checked_value.h"
#include "core/tsdb/deleted_rows.h"
#include "core/tsdb/head/group_record.h"
#include "core/tsdb/index/container.h"
#include "core/tsdb/index/label_reader.h"
#include "core/tsdb/journal.h"
#include "core/tsdb/seal/sealed_window.h"
#include "core/tsdb/store_core.h"
#include "core/tsdb/table_forms.h"
#include "core/tsdb/window_record.h"

#include <algorithm>
#include <chrono>
#include <format>
#include <functional>

namespace watchfire::tsdb {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds renewsAfter{5};
constexpr const char* otherKey = "it stands under the key of another";

class Verifier {
public:
    explicit Verifier(StoreCore& core)
        : m_core(core)
    {
    }

    Result<VerifyReport> run(VerifyDepth depth)
    {
        using Check = void (Verifier::*)(ReadTxn&, ByteView, ByteView);
        // Of the others the check of each entry is all there is to see.
        constexpr std::pair<Table, Check> checks[] = {
            {Table::meta, nullptr},
            {Table::names, nullptr},
            {Table::lval, nullptr},
            {Table::vstr, nullptr},
            {Table::groups, &Verifier::group},
            {Table::gkey, nullptr},
            {Table::series, &Verifier::page},
            {Table::hash, &Verifier::hash},
            {Table::post, &Verifier::container},
            {Table::journal, &Verifier::journal},
            {Table::wins, &Verifier::window},
            {Table::strips, &Verifier::strip},
            {Table::lines, &Verifier::line},
            {Table::blocks, &Verifier::block},
            {Table::live, &Verifier::container},
            {Table::tomb, &Verifier::deletion},
            {Table::mdata, nullptr},
            {Table::exem, nullptr},
            {Table::state, nullptr},
        };
        static_assert(std::size(checks) == tableCount);
        auto pages = m_core.environment().checkPages();
        if (!pages) {
            return std::unexpected(pages.error());
        }
        m_report.damage = std::move(pages->damage);
        if (!m_report.damage.empty()) {
            return std::move(m_report); // LMDB would follow it
        }
        for (const auto& one : checks) {
            const Table table = one.first;
            const Check check = one.second;
            if (depth == VerifyDepth::index
                && (table == Table::strips || table == Table::lines || table == Table::blocks)) {
                continue;
            }
            auto done = walk(table, [&](ReadTxn& txn, ByteView key, ByteView value) {
                m_where = entryName(table, key);
                if (check != nullptr) {
                    (this->*check)(txn, key, value);
                }
            });
            if (!done) {
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
            Cursor cursor(*txn, table, Cursor::Damage::isTold);
            more = isFirst ? cursor.first() : cursor.seek(last);
            if (more && !isFirst && std::ranges::equal(cursor.key(), last)) {
                more = nextKey(cursor);
            }
            isFirst = false;
            while (more) {
                ++m_report.values;
                m_report.bytes += cursor.value().size();
                if (cursor.isDamaged()) {
                    note(entryName(table, cursor.key()), "its checksum is wrong");
                } else if (hasKeyOf(table, cursor.key())) {
                    visit(*txn, cursor.key(), cursor.value());
                } else {
                    note(entryName(table, cursor.key()), "its key has the wrong length");
                }
                last.assign(cursor.key().begin(), cursor.key().end());
                // A look beside found damage: that is told where it stands, and this goes on anew.
                if (!txn->ok() || steady_clock::now() - begun > renewsAfter) {
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

    void group(ReadTxn&, ByteView, ByteView value)
    {
        if (const auto record = GroupRecord::parse(value); !record) {
            note(m_where, record.error().message);
        }
    }

    void page(ReadTxn& txn, ByteView key, ByteView value)
    {
        const auto parsed = SeriesPage::parse(value);
        if (!parsed) {
            note(m_where, parsed.error().message);
            return;
        }
        LabelReader reader(txn, m_core.index().names());
        Cursor hashes(txn, Table::hash, Cursor::Damage::isTold);
        for (std::uint32_t slot = 0; slot < extentSize; ++slot) {
            const Sid sid = (native32At(key, 0) << extentBits) + slot;
            if (parsed->has(slot)) {
                series(txn, reader, hashes, sid);
            }
        }
    }

    /// That it is found by its labels. Damage of other entries is told where that is.
    void series(ReadTxn& txn, LabelReader& reader, Cursor& hashes, Sid sid)
    {
        const std::string where = std::format("series {}", sid);
        const auto read = reader.labels(sid);
        if (!read) {
            if (txn.ok()) {
                note(where, read.error().message);
            }
            return;
        }
        const std::optional<Labels>& labels = *read;
        if (!labels) {
            note(where, "it has no labels");
            return;
        }
        const auto hash = labels->hash128().first;
        for (bool more = hashes.find(Key().native64(hash)); more; more = hashes.nextDuplicate()) {
            if (hashes.value().size() == 4 && native32At(hashes.value(), 0) == sid) {
                return;
            }
        }
        if (txn.ok()) {
            note(where, "it is not found by its labels");
        }
    }

    /// Whether there is a series of that number does not matter: a commit that was cut off may
    /// have left it.
    void hash(ReadTxn&, ByteView, ByteView value)
    {
        if (value.size() != 4) {
            note(m_where, "it is no number of a series");
        }
    }

    void container(ReadTxn&, ByteView, ByteView value)
    {
        if (ContainerView(value).isBroken()) {
            note(m_where, "it is no container");
        }
    }

    void deletion(ReadTxn&, ByteView, ByteView value)
    {
        if (!Deletion::parse(value)) {
            note(m_where, "it cannot be read");
        }
    }

    void window(ReadTxn&, ByteView, ByteView value)
    {
        if (!WindowRecord::parse(value)) {
            note(m_where, "its record cannot be read");
        }
    }

    void journal(ReadTxn&, ByteView key, ByteView value)
    {
        const auto record = parseJournalRecord(value);
        if (!record) {
            note(m_where, record.error().message);
            return;
        }
        if (record->firstSeq != native64At(key, 0)) {
            note(m_where, otherKey);
        }
        FrameReader frames(record->frames);
        while (!frames.atEnd()) {
            if (const auto frame = frames.next(); !frame) {
                note(m_where, frame.error().message);
                return;
            }
        }
    }

    void strip(ReadTxn&, ByteView key, ByteView value)
    {
        const auto view = StripView::open(value, Verify::yes);
        if (!view) {
            note(m_where, view.error().message);
            return;
        }
        m_times.resize(view->rows());
        if (const auto read = view->timestamps(m_times); !read) {
            note(m_where, read.error().message);
        } else if (view->gid() != be32At(key, 4) || windowOf(m_times.front()) != be32At(key, 0)) {
            note(m_where, otherKey);
        }
        m_values.resize(view->rows());
        for (std::size_t i = 0; i < view->series(); ++i) {
            ColumnExtras extras;
            if (const auto read = view->read(i, m_values, extras); !read) {
                note(std::format("series {} in {}", view->sid(i), m_where), read.error().message);
            }
        }
    }

    void line(ReadTxn&, ByteView key, ByteView value)
    {
        const auto view = TimelineView::open(value, Verify::yes);
        if (!view) {
            note(m_where, view.error().message);
            return;
        }
        m_times.resize(view->rows());
        if (const auto read = view->read(m_times); !read) {
            note(m_where, read.error().message);
        } else if (view->gid() != be32At(key, 4) || windowOf(m_times.front()) != be32At(key, 0)) {
            note(m_where, otherKey);
        } else if (std::ranges::adjacent_find(m_times, std::ranges::greater_equal())
                   != m_times.end()) {
            note(m_where, "its moments do not ascend");
        }
    }

    void block(ReadTxn& txn, ByteView key, ByteView value)
    {
        const Window window = be32At(key, 0);
        const Sid first = be32At(key, 4);
        const auto view = BlockView::open(value, Verify::yes);
        if (!view) {
            note(m_where, view.error().message);
            return;
        }
        if (view->window() != window || view->sid(0) != first) {
            note(m_where, otherKey);
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
        if (view->gid() != *gid || view->lineCrc() != crcOfChecked(*line)
            || timeline->segments() != view->segments()) {
            note(m_where, "it does not belong to its group's timeline");
            return;
        }
        for (std::size_t i = 0; i < view->series(); ++i) {
            for (std::size_t segment = 0; segment < view->segments(); ++segment) {
                m_values.resize(timeline->segmentRows(segment));
                ColumnExtras extras;
                if (const auto read = view->read(i, segment, m_values, extras); !read) {
                    note(std::format("series {} in {}", view->sid(i), m_where),
                         read.error().message);
                    break;
                }
            }
        }
    }

    StoreCore& m_core;
    VerifyReport m_report;
    std::string m_where; ///< the entry looked at
    std::vector<std::int64_t> m_times;
    std::vector<double> m_values;
};

} // namespace

Result<VerifyReport> verifyStore(StoreCore& core, VerifyDepth depth)
{
    return Verifier(core).run(depth);
}

} // namespace watchfire::tsdb
