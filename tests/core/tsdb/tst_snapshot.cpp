// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Copies of a store: a snapshot taken while it is written to, and the compacted file that takes
// the place of its own.
#include "tests/core/tsdb/store_opening.h"
#include "tests/core/tsdb/store_reading.h"

#include <array>
#include <filesystem>
#include <random>
#include <thread>

#include <QTest>

using namespace watchfire;
using namespace watchfire::tsdb;

namespace {

constexpr std::int64_t startMs = 1'699'977'600'000;
constexpr std::int64_t stepMs = 15'000;
constexpr std::size_t seriesCount = 50;

Labels labelsOf(std::size_t n)
{
    return Labels{{"__name__", "metric"}, {"n", std::to_string(n)}};
}

Matchers everything()
{
    return {*Matcher::make(MatchType::equal, "__name__", "metric")};
}

} // namespace

class TestSnapshot : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    HandClock m_clock;
    std::unique_ptr<Store> m_store;

    std::unique_ptr<storage::GroupWriter> writer()
    {
        auto writer = m_store->openGroup(Labels{{"job", "a"}});
        for (std::size_t n = 0; n < seriesCount; ++n) {
            if (!writer || !(*writer)->position(labelsOf(n))) {
                return nullptr;
            }
        }
        return std::move(*writer);
    }

    bool write(storage::GroupWriter& group, int row)
    {
        std::array<double, seriesCount> values{};
        std::mt19937_64 random(std::uint64_t(row) + 1);
        for (double& value : values) {
            value = double(random()) / 7; // does not compress
        }
        const Timestamp at = fromUnixMs(startMs + row * stepMs);
        m_clock.time = at;
        return group.commit({at, values, {}, {}, {}, {}}).has_value();
    }

    std::unique_ptr<Store> openCopy(const QString& folder, bool readOnly)
    {
        OpenOptions options = byHand(*m_dir, m_clock);
        options.directory = folder.toStdString();
        options.readOnly = readOnly;
        return openStore(options);
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_clock.time = fromUnixMs(startMs);
        m_store = openStore(byHand(*m_dir, m_clock));
        QVERIFY(m_store);
    }
    void cleanup() { m_store.reset(); }

    void whileItIsWrittenTo()
    {
        std::atomic<int> acknowledged = 0;
        std::atomic<bool> stops = false;
        const auto group = writer();
        QVERIFY(group);
        std::jthread scraper([&] {
            for (int row = 0; !stops; ++row) {
                if (!write(*group, row)) {
                    return;
                }
                acknowledged = row + 1;
            }
        });
        for (int copy = 0; copy < 5; ++copy) {
            while (acknowledged < (copy + 1) * 200) {
                std::this_thread::yield();
            }
            const int before = acknowledged;
            const QString folder = m_dir->filePath(QStringLiteral("copy%1").arg(copy));
            const auto taken = m_store->snapshot(folder.toStdString());
            QVERIFY2(taken.has_value(), taken ? "" : taken.error().message.c_str());
            const int after = acknowledged;
            const auto there = openCopy(folder, copy % 2 == 0);
            QVERIFY(there);
            const StoreBits bits = readAll(*there);
            QCOMPARE(bits.size(), seriesCount);
            const std::size_t rows = bits.begin()->second.size();
            QVERIFY2(rows >= std::size_t(before) && rows <= std::size_t(after) + 1,
                     std::to_string(rows).c_str());
            for (const auto& [series, samples] : bits) {
                QCOMPARE(samples.size(), rows); // whole rows
            }
            QVERIFY(there->verify()->damage.empty());
        }
        stops = true;
    }

    /// What is written meanwhile is committed, and nobody waits for the end of the copy.
    void nothingWaitsForIt()
    {
        const std::string megabyte(std::size_t{1} << 20, 'x');
        for (int i = 0; i < 48; ++i) {
            QVERIFY(m_store->put("large", std::to_string(i), asBytes(megabyte)));
        }
        const auto group = writer();
        QVERIFY(group);
        bool seen = false;
        for (int attempt = 0; attempt < 50 && !seen; ++attempt) {
            const std::filesystem::path folder
                = m_dir->filePath(QStringLiteral("copy%1").arg(attempt)).toStdString();
            std::atomic<bool> isDone = false;
            Result<void> taken;
            std::jthread copier([&] {
                taken = m_store->snapshot(folder);
                isDone = true;
            });
            std::error_code none;
            while (!isDone && std::filesystem::file_size(folder / "store.mdb", none) + 1 < 2) {
                std::this_thread::yield();
            }
            QVERIFY(write(*group, attempt));
            const auto committed = m_store->commitNow();
            const auto compacted = m_store->compactNow();
            // It was too late where the copy was done before.
            seen = !isDone && !compacted;
            QVERIFY(committed);
            QVERIFY(compacted || compacted.error().kind == ErrorKind::conflict);
            copier.join();
            QVERIFY2(taken.has_value(), taken ? "" : taken.error().message.c_str());
            std::filesystem::remove_all(folder);
        }
        QVERIFY(seen);
        QVERIFY(m_store->compactNow());
    }

    void besideTheEngineThatWrites()
    {
        const auto group = writer();
        QVERIFY(group);
        for (int row = 0; row < 100; ++row) {
            QVERIFY(write(*group, row));
            if (row == 60) {
                QVERIFY(m_store->commitNow());
            }
        }
        // Another process: what is not committed is in the hand-off file alone.
        const QTemporaryDir copies;
        const QString seen = copies.filePath(QStringLiteral("seen"));
        std::filesystem::create_directory(seen.toStdString());
        for (const char* const name : {"/store.mdb", "/handoff"}) {
            std::filesystem::copy_file(m_dir->path().toStdString() + name,
                                       seen.toStdString() + name);
        }
        const auto beside = openCopy(seen, true);
        QVERIFY(beside);
        const QString folder = copies.filePath(QStringLiteral("copy"));
        QVERIFY(beside->snapshot(folder.toStdString()));
        const auto there = openCopy(folder, false);
        QVERIFY(there);
        QCOMPARE(QString::fromStdString(difference(readAll(*there), readAll(*m_store))), QString());
    }

    void whereSomethingIs()
    {
        const auto taken = m_store->snapshot(m_dir->path().toStdString());
        QVERIFY(!taken);
        QCOMPARE(taken.error().kind, ErrorKind::conflict);
    }

    void compactionMakesTheFileSmaller()
    {
        auto group = writer();
        QVERIFY(group);
        int row = 0;
        for (; row < 1'500; ++row) {
            QVERIFY(write(*group, row));
            if (row % 200 == 0) {
                QVERIFY(m_store->commitNow());
            }
        }
        QVERIFY(m_store->deleteSamples({everything()}, between(startMs, startMs + 1'200 * stepMs)));
        QVERIFY(m_store->sealNow());
        const StoreBits before = readAll(*m_store);
        const std::uint64_t bytes = m_store->stats()->fileBytes;
        // A query under way reads on.
        auto querier = m_store->querier();
        const Matchers all = everything();
        auto readers = (*querier)->select(all, always());
        QVERIFY(readers && readers->size() == 1);
        const std::size_t entries = readers->front()->timeline()->size();
        const auto compacted = m_store->compactNow();
        QVERIFY2(compacted.has_value(), compacted ? "" : compacted.error().message.c_str());
        storage::Column column;
        QVERIFY(readers->front()->read(7, column));
        QCOMPARE(column.values.size(), entries);
        readers->clear();
        querier->reset();
        QVERIFY2(m_store->stats()->fileBytes < bytes / 2,
                 std::to_string(m_store->stats()->fileBytes).c_str());
        QCOMPARE(QString::fromStdString(difference(readAll(*m_store), before)), QString());
        for (int end = row + 100; row < end; ++row) {
            QVERIFY(write(*group, row));
        }
        QVERIFY(m_store->commitNow());
        const StoreBits grown = readAll(*m_store);
        group.reset();
        m_store.reset();
        m_store = openStore(byHand(*m_dir, m_clock));
        QVERIFY(m_store);
        QCOMPARE(QString::fromStdString(difference(readAll(*m_store), grown)), QString());
        QVERIFY(m_store->verify()->damage.empty());
    }

    void aLoweredLimitMakesTheFileSmaller()
    {
        const auto group = writer();
        QVERIFY(group);
        for (int row = 0; row < 8'000; ++row) { // four windows
            QVERIFY(write(*group, row));
            if (row % 400 == 0) {
                QVERIFY(m_store->commitNow());
            }
        }
        QVERIFY(m_store->commitNow());
        const std::uint64_t bytes = m_store->stats()->fileBytes;
        m_store->setRetention({std::chrono::milliseconds(0), bytes / 2});
        // Drops go on in the background; commits are between them.
        for (int i = 0; i < 200 && m_store->stats()->fileBytes > bytes / 2; ++i) {
            QVERIFY(m_store->commitNow());
        }
        QVERIFY2(m_store->stats()->fileBytes <= bytes / 2,
                 std::to_string(m_store->stats()->fileBytes).c_str());
        QVERIFY(m_store->stats()->samples > 0);
        QVERIFY(m_store->verify()->damage.empty());
    }
};

QTEST_GUILESS_MAIN(TestSnapshot)
#include "tst_snapshot.moc"
