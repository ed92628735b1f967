// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The pages of a sound file are all accounted for, and a flipped bit in what LMDB steers by is
// found before LMDB follows it.
#include "core/tsdb/environment.h"
#include "core/tsdb/page_check.h"
#include "core/tsdb/page_format.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <random>

#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;
using namespace watchfire::tsdb;

namespace {

constexpr std::uint32_t manyKeys = 6'000;
constexpr std::uint32_t manyDuplicates = 4'000;
constexpr std::uint32_t bigValues = 40;

/// Where bytes are that LMDB steers by.
using Spots = std::vector<std::uint64_t>;

ByteView bytesOf(const std::uint32_t& number)
{
    return {reinterpret_cast<const std::uint8_t*>(&number), sizeof number};
}
ByteView bytesOf(const std::uint64_t& number)
{
    return {reinterpret_cast<const std::uint8_t*>(&number), sizeof number};
}

/// What a head of the file says that counts: of both heads, or of the newer one.
void addHead(Spots& spots, std::uint64_t page, bool isNewer)
{
    const auto add = [&](std::uint64_t offset, std::size_t size) {
        for (std::size_t i = 0; i < size; ++i) {
            spots.push_back(page + offset + i);
        }
    };
    add(0, 8); // its number
    add(10, 2); // its kind
    add(pageHeader, 8); // magic and version
    add(pageHeader + 24, 4); // the size of pages
    add(pageHeader + 24 + 2 * TreeRecord::bytes + 8, 8); // the transaction
    if (isNewer) {
        // Depth, counts and root of both trees.
        add(pageHeader + 24 + 6, TreeRecord::bytes - 6);
        add(pageHeader + 24 + TreeRecord::bytes + 6, TreeRecord::bytes - 6);
    }
}

/// Header, list of nodes, and what is before each key.
void addPage(Spots& spots, PageView page, std::uint64_t offset)
{
    const auto add = [&](std::uint64_t at, std::size_t size) {
        for (std::size_t i = 0; i < size; ++i) {
            spots.push_back(offset + at + i);
        }
    };
    add(0, 8);
    add(10, 6);
    if (page.flags() == (page_flag::leaf | page_flag::fixedSize)) {
        add(8, 2); // the size of its keys
        return;
    }
    add(pageHeader, page.nodes() * 2);
    const bool isBranch = page.flags() == page_flag::branch;
    for (std::size_t slot = 0; slot < page.nodes(); ++slot) {
        const auto node = NodeView::at(page, slot, isBranch);
        // A branch's first key may be of any size. A leaf's values tell themselves how long they
        // are, and their nodes are padded.
        add(node->offset + (isBranch ? 0 : 4), isBranch ? (slot == 0 ? 6 : 8) : 4);
        if (node->flags == node_flag::big) {
            add(node->offset + nodeHeader + node->key.size(), 8);
        }
    }
}

} // namespace

class TestPageCheck : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    Bytes m_file;

    std::filesystem::path path() const { return m_dir.path().toStdString() + "/store.mdb"; }

    void write(const std::filesystem::path& to, ByteView bytes)
    {
        std::ofstream(to, std::ios::binary) << asText(bytes);
    }

    static void change(Environment& environment, const std::function<void(WriteTxn&)>& fill)
    {
        auto txn = environment.write();
        QVERIFY(txn);
        fill(*txn);
        txn->commit();
        QVERIFY(txn->ok());
    }

    /// The pages that trees lead to, by what they are held to be.
    Spots spots() const
    {
        const std::size_t newer = FileHead::at(ByteView(m_file).subspan(usualPageSize)).transaction
                > FileHead::at(m_file).transaction
            ? 1
            : 0;
        Spots found;
        addHead(found, 0, newer == 0);
        addHead(found, usualPageSize, newer == 1);
        const FileHead head = FileHead::at(ByteView(m_file).subspan(newer * usualPageSize));
        const std::function<void(TreeRecord)> follow = [&](TreeRecord tree) {
            const std::function<void(std::uint64_t, int)> into = [&](std::uint64_t page,
                                                                     int depth) {
                const PageView view{ByteView(m_file).subspan(page * usualPageSize, usualPageSize)};
                addPage(found, view, page * usualPageSize);
                if ((view.flags() & page_flag::fixedSize) != 0) {
                    return;
                }
                for (std::size_t slot = 0; slot < view.nodes(); ++slot) {
                    const auto node = NodeView::at(view, slot, depth < tree.depth);
                    if (depth < tree.depth) {
                        into(node->child, depth + 1);
                    } else if ((node->flags & node_flag::table) != 0) {
                        follow(TreeRecord::at(node->value, 0));
                    }
                }
            };
            if (tree.root != TreeRecord::noRoot) {
                into(tree.root, 1);
            }
        };
        follow(head.freeList);
        follow(head.tables);
        return found;
    }

private slots:
    void initTestCase()
    {
        EnvironmentOptions options;
        options.directory = m_dir.path().toStdString();
        const auto environment = Environment::open(options);
        QVERIFY(environment);
        const Bytes big(60'000, 7);
        change(**environment, [&](WriteTxn& txn) {
            for (std::uint32_t i = 0; i < manyKeys; ++i) {
                txn.put(Table::series, bytesOf(i), asBytes("a series page"));
                const std::string text = "nid_value " + std::to_string(i * 7919);
                txn.put(Table::lval, asBytes(text), bytesOf(i));
            }
            for (std::uint64_t key = 0; key < 400; ++key) {
                const std::uint32_t count = key == 7 ? manyDuplicates : std::uint32_t(key % 5);
                for (std::uint32_t i = 0; i < count; ++i) {
                    txn.put(Table::hash, bytesOf(key), bytesOf(i));
                }
            }
            for (std::uint32_t i = 0; i < bigValues; ++i) {
                txn.put(Table::blocks, asBytes(std::to_string(10'000'000 + i)), big);
            }
        });
        change(**environment, [&](WriteTxn& txn) {
            for (std::uint32_t i = 0; i < manyKeys; i += 1 + i % 3) {
                txn.remove(Table::series, bytesOf(i));
            }
            for (std::uint32_t i = 0; i < bigValues; i += 2) {
                txn.remove(Table::blocks, asBytes(std::to_string(10'000'000 + i)));
            }
        });
        for (std::uint32_t i = 0; i < 20; ++i) {
            change(**environment, [&](WriteTxn& txn) {
                txn.put(Table::series, bytesOf(i), asBytes("another"));
                txn.put(Table::blocks, asBytes(std::to_string(10'000'001 + 2 * i)),
                        ByteView(big).first(60'000 - 3'000 * i));
            });
        }
    }

    void aSoundFileIsAccountedFor()
    {
        const auto report = checkPages(path());
        QVERIFY2(report.has_value(), report ? "" : report.error().message.c_str());
        QVERIFY2(report->damage.empty(),
                 report->damage.empty() ? "" : report->damage.front().what.c_str());
        QVERIFY(report->isWhole);
        QCOMPARE(report->leaked(), std::uint64_t(0));
        QVERIFY(report->free > 100 && report->inTables > 300);
        std::ifstream in(path(), std::ios::binary);
        m_file.assign(std::istreambuf_iterator<char>(in), {});
    }

    void besideAWriter()
    {
        EnvironmentOptions options;
        options.directory = m_dir.path().toStdString();
        const auto environment = Environment::open(options);
        QVERIFY(environment);
        for (std::uint32_t i = 0; i < 5; ++i) {
            change(**environment,
                   [&](WriteTxn& txn) { txn.put(Table::series, bytesOf(i), asBytes("next")); });
            const auto report = (*environment)->checkPages();
            QVERIFY(report && report->isWhole && report->damage.empty());
            QCOMPARE(report->leaked(), std::uint64_t(0));
        }
        std::ifstream in(path(), std::ios::binary);
        m_file.assign(std::istreambuf_iterator<char>(in), {});
    }

    void largeTreesMayBePassedOver()
    {
        PageCheck check;
        check.largestTree = 3;
        const auto report = checkPages(path(), check);
        QVERIFY(report && !report->isWhole && report->damage.empty());
    }

    void everyFlippedBitIsFound()
    {
        const Spots places = spots();
        QVERIFY(places.size() > 20'000);
        const QTemporaryDir copy;
        const std::filesystem::path file = copy.path().toStdString() + "/store.mdb";
        write(file, m_file);
        std::fstream patch(file, std::ios::in | std::ios::out | std::ios::binary);
        std::mt19937_64 random(20261123);
        int missed = 0;
        for (int i = 0; i < 800; ++i) {
            // The heads are few and decide most.
            const std::uint64_t spot = places[random() % (i % 4 == 0 ? 200 : places.size())];
            const auto right = char(m_file[spot]);
            const auto wrong = char(right ^ char(1U << random() % 8));
            patch.seekp(std::streamoff(spot)).put(wrong).flush();
            const auto report = checkPages(file);
            if (!report || (report->damage.empty() && !report->mayLackLast)) {
                ++missed;
                qWarning("missed: byte %llu of page %llu",
                         static_cast<unsigned long long>(spot % usualPageSize),
                         static_cast<unsigned long long>(spot / usualPageSize));
            }
            patch.seekp(std::streamoff(spot)).put(right).flush();
        }
        QCOMPARE(missed, 0);
    }

    /// LMDB did so when the write of the head failed; nobody can tell it from a flipped bit.
    void aHeadThatWasWrittenBackIsNoDamage()
    {
        const std::size_t newer = FileHead::at(m_file).transaction % 2 == 0
                && FileHead::at(m_file).transaction
                    > FileHead::at(ByteView(m_file).subspan(usualPageSize)).transaction
            ? 0
            : 1;
        Bytes bytes = m_file;
        const std::size_t at = newer * usualPageSize + pageHeader + 24 + 2 * TreeRecord::bytes + 8;
        const auto last = numberAt<std::uint64_t>(bytes, at);
        for (const auto& [number, isDamage] : {std::pair(last - 2, false), {last - 4, true}}) {
            std::memcpy(bytes.data() + at, &number, sizeof number);
            const QTemporaryDir copy;
            const std::filesystem::path file = copy.path().toStdString() + "/store.mdb";
            write(file, bytes);
            const auto report = checkPages(file);
            QVERIFY(report);
            QCOMPARE(!report->damage.empty(), isDamage);
            QCOMPARE(report->mayLackLast, !isDamage);
        }
    }

    void aFileCutShort()
    {
        const QTemporaryDir copy;
        const std::filesystem::path file = copy.path().toStdString() + "/store.mdb";
        std::mt19937_64 random(1);
        for (int i = 0; i < 60; ++i) {
            const std::size_t size = random() % (m_file.size() / 3);
            write(file, ByteView(m_file).first(size));
            const auto report = checkPages(file);
            QVERIFY(report);
            QVERIFY2(!report->damage.empty(), std::to_string(size).c_str());
        }
        QCOMPARE(int(checkPages(copy.path().toStdString() + "/none").error().kind),
                 int(ErrorKind::notFound));
    }

    /// Whole pages of rubbish, or of another place: nothing outside is read, nothing is endless.
    void rubbish()
    {
        const QTemporaryDir copy;
        const std::filesystem::path file = copy.path().toStdString() + "/store.mdb";
        std::mt19937_64 random(2);
        const std::size_t pages = m_file.size() / usualPageSize;
        for (int i = 0; i < 50; ++i) {
            Bytes bytes = m_file;
            for (std::size_t n = 1 + random() % 30; n > 0; --n) {
                const std::size_t at = random() % pages * usualPageSize;
                const std::size_t from = random() % pages * usualPageSize;
                for (std::size_t b = 0; b < usualPageSize; ++b) {
                    bytes[at + b] = i % 2 == 0 ? std::uint8_t(random()) : m_file[from + b];
                }
            }
            write(file, bytes);
            QVERIFY(checkPages(file));
        }
    }

    void anEnvironmentOfDamagedPagesIsRefused()
    {
        const QTemporaryDir copy;
        const std::filesystem::path file = copy.path().toStdString() + "/store.mdb";
        Bytes bytes = m_file;
        bytes[usualPageSize * 2 + 12] ^= 0x40; // some page's list of nodes
        const Spots places = spots();
        bytes[places[places.size() / 2]] ^= 0x10;
        write(file, bytes);
        EnvironmentOptions options;
        options.directory = copy.path().toStdString();
        for (const bool readOnly : {true, false}) {
            options.readOnly = readOnly;
            const auto refused = Environment::open(options);
            QVERIFY(!refused);
            QCOMPARE(int(refused.error().kind), int(ErrorKind::corrupt));
            QVERIFY2(refused.error().message.contains("page "), refused.error().message.c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestPageCheck)
#include "tst_page_check.moc"
