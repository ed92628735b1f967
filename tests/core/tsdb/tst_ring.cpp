// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/ring.h"

#include <fstream>
#include <random>
#include <string>
#include <sys/stat.h>
#include <thread>

#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;
using namespace watchfire::tsdb;

namespace {

constexpr StoreId id{1, 2, 3};
constexpr std::size_t headerBytes = 4096;

/// Every payload uses as many numbers as its first byte says.
std::uint64_t countFrames(ByteView payload)
{
    return payload.empty() ? 0 : payload[0];
}
Bytes payload(std::uint8_t frames, std::size_t size)
{
    Bytes bytes(size, static_cast<std::uint8_t>(size));
    bytes[0] = frames;
    return bytes;
}

using Recovered = std::vector<std::pair<std::uint64_t, std::size_t>>;

Recovered recover(Ring& ring, std::uint64_t nextSeq)
{
    Recovered found;
    ring.recover(nextSeq, countFrames, [&](const Ring::Batch& batch) {
        found.emplace_back(batch.seq, batch.payload.size());
    });
    return found;
}

} // namespace

class TestRing : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;

    std::unique_ptr<Ring> open(const StoreId& store = id, std::uint64_t capacity = 8192) const
    {
        auto ring = Ring::open(m_dir->path().toStdString(), store, capacity);
        return ring ? std::move(*ring) : nullptr;
    }

private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void batchesOutliveTheirProcess()
    {
        {
            auto ring = open();
            QVERIFY(ring && ring->isDurable());
            QVERIFY(recover(*ring, 10).empty());
            QCOMPARE(ring->push(payload(2, 100), 2), std::uint64_t(10));
            QCOMPARE(ring->push(payload(0, 33), 0), std::uint64_t(12));
            QCOMPARE(ring->push(payload(3, 50), 3), std::uint64_t(12));
        }
        auto ring = open();
        QCOMPARE(recover(*ring, 10), (Recovered{{10, 100}, {12, 33}, {12, 50}}));
        QCOMPARE(ring->push(payload(1, 9), 1), std::uint64_t(15));
        // They stay until they are released, beside what came since.
        std::size_t visited = 0;
        const Ring::Mark mark = ring->mark();
        QCOMPARE(mark.nextSeq, std::uint64_t(16));
        ring->visit(mark, [&](const Ring::Batch&) { ++visited; });
        QCOMPARE(visited, std::size_t(4));
        ring->release(mark);
        ring = open();
        QVERIFY(recover(*ring, 16).empty());
    }

    /// A power loss leaves pages of different ages: here the header is of after it, the batch of
    /// before it, where one with the same number was written since.
    void emptyItTakesNoRoom()
    {
        constexpr std::uint64_t capacity = 1 << 20;
        const auto room = [this] {
            struct ::stat status{};
            const std::string path = m_dir->filePath(QStringLiteral("handoff")).toStdString();
            return ::stat(path.c_str(), &status) == 0 ? status.st_blocks * 512 : -1;
        };
        auto ring = open(id, capacity);
        recover(*ring, 1);
        ring->push(payload(1, 100), 1);
        QVERIFY(room() >= off_t(capacity));
        ring.reset();
        QVERIFY(room() >= off_t(capacity)); // it holds something
        ring = open(id, capacity);
        QCOMPARE(recover(*ring, 1), (Recovered{{1, 100}}));
        ring->release(ring->mark());
        ring.reset();
        QVERIFY(room() <= off_t(2 * headerBytes));
        ring = open(id, capacity);
        QVERIFY(recover(*ring, 2).empty());
        QVERIFY(room() >= off_t(capacity));
        QCOMPARE(ring->push(payload(1, 50), 1), std::uint64_t(2));
    }

    void aStaleBatchIsNotTakenForANewOne()
    {
        const std::string path = m_dir->filePath(QStringLiteral("handoff")).toStdString();
        const auto read = [&] {
            std::ifstream in(path, std::ios::binary);
            return std::string(std::istreambuf_iterator<char>(in), {});
        };
        for (const bool holdsOthers : {false, true}) {
            QFile::remove(QString::fromStdString(path));
            auto ring = open();
            recover(*ring, 10);
            if (holdsOthers) {
                ring->push(payload(1, 30), 1);
            }
            const std::string before = read();
            ring->push(payload(2, 100), 2);
            const std::string lost = read();
            ring.reset();
            // The first power loss: the batch reached the disk, the header did not.
            std::ofstream(path, std::ios::binary)
                << before.substr(0, headerBytes) << lost.substr(headerBytes);
            ring = open();
            QCOMPARE(recover(*ring, 10).size(), std::size_t(holdsOthers ? 1 : 0));
            ring->push(payload(2, 100), 2);
            const std::string again = read();
            ring.reset();
            // The second one: the header reached it, the batch did not.
            std::ofstream(path, std::ios::binary)
                << again.substr(0, headerBytes) << lost.substr(headerBytes);
            ring = open();
            const Recovered found = recover(*ring, 10);
            for (const auto& [seq, size] : found) {
                QVERIFY(size != 100);
            }
        }
    }

    void aMarkingCutShortIsTakenUpAgain()
    {
        const std::string path = m_dir->filePath(QStringLiteral("handoff")).toStdString();
        const auto read = [&] {
            std::ifstream in(path, std::ios::binary);
            return std::string(std::istreambuf_iterator<char>(in), {});
        };
        {
            auto ring = open();
            recover(*ring, 1);
            for (int i = 0; i < 4; ++i) {
                ring->push(payload(1, 64), 1); // 80 bytes each
            }
        }
        const std::string before = read();
        QCOMPARE(recover(*open(), 1).size(), std::size_t(4));
        const std::string after = read();
        constexpr std::size_t marksAt = 48; // in the header: this one and the one before
        for (std::size_t marked = 0; marked <= 4; ++marked) {
            std::string file = after;
            file.replace(marksAt + 4, 4, before, marksAt + 4, 4);
            file.replace(headerBytes + 80 * marked, 80 * (4 - marked), before,
                         headerBytes + 80 * marked, 80 * (4 - marked));
            std::ofstream(path, std::ios::binary) << file;
            QCOMPARE(recover(*open(), 1).size(), std::size_t(4));
            QCOMPARE(recover(*open(), 1).size(), std::size_t(4));
        }
    }

    void anotherSizeLosesNothing()
    {
        {
            auto ring = open();
            QVERIFY(recover(*ring, 10).empty());
            ring->push(payload(2, 100), 2);
        }
        for (const std::uint64_t capacity : {std::uint64_t(65'536), std::uint64_t(4'096)}) {
            auto ring = open(id, capacity);
            QCOMPARE(recover(*ring, 10), (Recovered{{10, 100}}));
        }
        auto ring = open();
        QCOMPARE(recover(*ring, 10), (Recovered{{10, 100}}));
        ring->release(ring->mark());
        ring.reset();
        ring = open(id, 65'536); // empty: it may have its new size
        QCOMPARE(QFileInfo(m_dir->filePath(QStringLiteral("handoff"))).size(),
                 qint64(headerBytes + 65'536));
    }

    void whatTheJournalHasIsPassedOver_data()
    {
        QTest::addColumn<quint64>("nextSeq");
        QTest::addColumn<int>("batches");
        QTest::newRow("nothing in the journal") << quint64(1) << 3;
        QTest::newRow("the first batch is") << quint64(3) << 2;
        QTest::newRow("all are") << quint64(7) << 0;
        QTest::newRow("half of one: the rest has nothing to stand on") << quint64(2) << 0;
    }
    void whatTheJournalHasIsPassedOver()
    {
        QFETCH(quint64, nextSeq);
        QFETCH(int, batches);
        {
            auto ring = open();
            recover(*ring, 1);
            for (int i = 0; i < 3; ++i) {
                ring->push(payload(2, 64), 2);
            }
        }
        auto ring = open();
        QCOMPARE(int(recover(*ring, nextSeq).size()), batches);
        // A gap after them: the journal lost frames that these build on.
        ring = open();
        QVERIFY(recover(*ring, 0).empty());
    }

    void aDamagedBatchEndsIt_data()
    {
        QTest::addColumn<int>("offset"); // of the byte that flips, after the header
        QTest::addColumn<int>("left");
        QTest::newRow("payload of the first") << 20 << 0;
        QTest::newRow("length of the second") << 80 << 1;
        QTest::newRow("number of the second") << 80 + 8 << 1;
        QTest::newRow("payload of the third") << 160 + 40 << 2;
    }
    void aDamagedBatchEndsIt()
    {
        QFETCH(int, offset);
        QFETCH(int, left);
        {
            auto ring = open();
            recover(*ring, 1);
            for (int i = 0; i < 4; ++i) {
                ring->push(payload(1, 64), 1); // 80 bytes each
            }
        }
        {
            std::fstream file(m_dir->path().toStdString() + "/handoff",
                              std::ios::in | std::ios::out | std::ios::binary);
            file.seekg(std::streamoff(headerBytes) + offset);
            const int byte = file.get();
            file.seekp(std::streamoff(headerBytes) + offset);
            file.put(char(byte ^ 0x41));
        }
        auto ring = open();
        QCOMPARE(int(recover(*ring, 1).size()), left);
        // New batches take the place of what is lost.
        QCOMPARE(ring->push(payload(1, 8), 1), std::uint64_t(left + 1));
        ring = open();
        QCOMPARE(int(recover(*ring, 1).size()), left + 1);
    }

    void anotherStoresFileIsNotReplayed()
    {
        {
            auto ring = open();
            recover(*ring, 1);
            ring->push(payload(1, 64), 1);
        }
        auto ring = open(StoreId{9});
        QVERIFY(recover(*ring, 1).empty());
    }

    void itGoesRoundAndRound()
    {
        auto ring = open();
        recover(*ring, 1);
        std::mt19937 random(3);
        std::uint64_t next = 1;
        std::uint64_t released = 1;
        for (int i = 0; i < 3000; ++i) {
            const auto frames = std::uint8_t(random() % 3);
            QCOMPARE(ring->push(payload(frames, 1 + random() % 300), frames), next);
            next += frames;
            if (random() % 8 == 0) {
                const Ring::Mark mark = ring->mark();
                std::uint64_t expected = released;
                ring->visit(mark, [&](const Ring::Batch& batch) {
                    if (batch.seq == expected) {
                        expected += countFrames(batch.payload);
                    }
                });
                QCOMPARE(expected, next);
                ring->release(mark);
                released = next;
            }
        }
        ring = open();
        const Recovered rest = recover(*ring, released);
        QCOMPARE(ring->mark().nextSeq, next);
    }

    void moreThanItHoldsWaitsInMemory()
    {
        auto ring = open();
        recover(*ring, 1);
        for (int i = 0; i < 100; ++i) {
            ring->push(payload(1, 200), 1);
        }
        QVERIFY(ring->isHalfFull());
        QVERIFY(ring->hasSpilled());
        const Ring::Mark mark = ring->mark();
        ring->push(payload(1, 200), 1);
        std::uint64_t expected = 1;
        ring->visit(mark, [&](const Ring::Batch& batch) {
            QCOMPARE(batch.seq, expected);
            ++expected;
        });
        QCOMPARE(expected, std::uint64_t(101));
        ring->release(mark);
        std::size_t left = 0;
        ring->visit(ring->mark(), [&](const Ring::Batch&) { ++left; });
        QCOMPARE(left, std::size_t(1));
        ring->release(ring->mark());
        QVERIFY(!ring->hasSpilled());
        QCOMPARE(ring->usedBytes(), std::uint64_t(0));
    }

    void writersShareIt()
    {
        auto ring = open(id, std::uint64_t{1} << 22);
        recover(*ring, 1);
        {
            std::vector<std::jthread> writers;
            for (int w = 0; w < 4; ++w) {
                writers.emplace_back([&] {
                    for (int i = 0; i < 2000; ++i) {
                        ring->push(payload(1, 64 + std::size_t(i % 100)), 1);
                    }
                });
            }
        }
        ring = open(id, std::uint64_t{1} << 22);
        QCOMPARE(recover(*ring, 1).size(), std::size_t(8000));
    }
};

QTEST_GUILESS_MAIN(TestRing)
#include "tst_ring.moc"
