// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// After a power loss the store is checked before it is opened; one that is damaged is set aside,
// and what can be read of it comes back.
#include "core/tsdb/salvage/salvage.h"
#include "tests/core/tsdb/store_opening.h"
#include "tests/core/tsdb/store_reading.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <random>

#include <QDir>
#include <QTest>

using namespace watchfire;
using namespace watchfire::tsdb;

namespace {

constexpr std::int64_t startMs = 1'699'977'600'000; // a window begins there
constexpr std::int64_t windowMs = 28'800'000;
constexpr std::int64_t stepMs = 15'000;
constexpr std::size_t seriesCount = 24;
constexpr int pageSize = 4096;

Labels labelsOf(std::size_t n)
{
    return Labels{{"__name__", "metric"}, {"job", "a"}, {"n", std::to_string(n)}};
}

std::size_t samplesOf(const StoreBits& bits)
{
    std::size_t count = 0;
    for (const auto& [series, samples] : bits) {
        count += samples.size();
    }
    return count;
}

} // namespace

class TestSalvage : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    HandClock m_clock;
    StoreBits m_model;

    OpenOptions options(const QString& folder, const char* boot)
    {
        OpenOptions options = byHand(*m_dir, m_clock);
        options.directory = m_dir->filePath(folder).toStdString();
        options.bootId = boot;
        return options;
    }
    std::string pathOf(const QString& file) { return m_dir->filePath(file).toStdString(); }

    /// A sealed window and strips, all committed, in "first"; and a copy of it, as it is while
    /// its process lives, in "crashed".
    bool fill()
    {
        const auto store = openStore(options(QStringLiteral("first"), "boot 1"));
        auto writer = store->openGroup(Labels{{"instance", "x"}, {"job", "a"}});
        for (std::size_t n = 0; n < seriesCount; ++n) {
            if (!writer || !(*writer)->position(labelsOf(n))) {
                return false;
            }
        }
        std::mt19937_64 random(3);
        std::array<double, seriesCount> values{};
        for (int row = 0; row < 2'400; ++row) {
            const std::int64_t at = startMs + row * stepMs;
            m_clock.time = fromUnixMs(at);
            for (std::size_t n = 0; n < seriesCount; ++n) {
                values[n] = n % 3 == 0 ? double(random()) / 3 : double(row) * double(n);
                m_model[labelsOf(n).toString()][at] = std::bit_cast<std::uint64_t>(values[n]);
            }
            if (!(*writer)->commit({fromUnixMs(at), values, {}, {}, {}, {}})) {
                return false;
            }
        }
        m_clock.time += std::chrono::minutes(20); // the strips end
        const std::array<std::uint8_t, 3> note{1, 2, 3};
        if (!store->put("silences", "one", note) || !store->commitNow() || !store->sealNow()) {
            return false;
        }
        std::filesystem::create_directory(pathOf(QStringLiteral("crashed")));
        for (const char* const name : {"store.mdb", "handoff", "store.lock"}) {
            std::filesystem::copy_file(pathOf(QStringLiteral("first/")) + name,
                                       pathOf(QStringLiteral("crashed/")) + name);
        }
        return true;
    }

    void smash(const QString& file, int every)
    {
        std::fstream out(pathOf(file), std::ios::in | std::ios::out | std::ios::binary);
        const auto pages = int(std::filesystem::file_size(pathOf(file)) / pageSize);
        const std::string rubbish(pageSize, '\xA5');
        for (int page = 2; page < pages; page += every) {
            out.seekp(std::streamoff(page) * pageSize);
            out.write(rubbish.data(), pageSize);
        }
    }

    QStringList setAside()
    {
        return QDir(m_dir->filePath(QStringLiteral("crashed")))
            .entryList({QStringLiteral("store.damaged-*.mdb")});
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_model.clear();
        m_clock.time = fromUnixMs(startMs);
        QVERIFY(fill());
    }

    void aSoundStoreIsOpened_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QString>("boot");
        QTest::newRow("ended by itself") << QStringLiteral("first") << QStringLiteral("boot 2");
        QTest::newRow("crashed") << QStringLiteral("crashed") << QStringLiteral("boot 1");
        QTest::newRow("power loss") << QStringLiteral("crashed") << QStringLiteral("boot 2");
    }

    void aSoundStoreIsOpened()
    {
        QFETCH(QString, folder);
        QFETCH(QString, boot);
        const auto store = openStore(options(folder, boot.toUtf8().constData()));
        QVERIFY(store);
        QVERIFY(!store->problem());
        QCOMPARE(QString::fromStdString(difference(readAll(*store), m_model)), QString());
        QVERIFY(setAside().isEmpty());
    }

    void afterAPowerLossADamagedOneIsSetAside()
    {
        smash(QStringLiteral("crashed/store.mdb"), 3);
        {
            const auto store = openStore(options(QStringLiteral("crashed"), "boot 2"));
            QVERIFY(store);
            const auto problem = store->problem();
            QVERIFY(problem);
            QVERIFY2(problem->message.contains("it is kept as "), problem->message.c_str());
            QCOMPARE(setAside().size(), 1);
            QVERIFY(readAll(*store).empty());
            const auto writer = store->openGroup(Labels{{"job", "a"}});
            QVERIFY(writer && (*writer)->position(labelsOf(1)));
            const std::array<double, 1> values{1};
            QVERIFY((*writer)->commit({m_clock.now(), values, {}, {}, {}, {}}));
        }
        const auto into = openStore(options(QStringLiteral("saved"), "boot 2"));
        const auto report = salvage(pathOf(QStringLiteral("crashed/") + setAside().front()), *into);
        QVERIFY2(report.has_value(), report ? "" : report.error().message.c_str());
        const StoreBits saved = readAll(*into);
        for (const auto& [series, samples] : saved) {
            QVERIFY2(m_model.contains(series), series.c_str());
            for (const auto& [at, bits] : samples) {
                QVERIFY(m_model[series].contains(at) && m_model[series][at] == bits);
            }
        }
    }

    void mostComesBack()
    {
        smash(QStringLiteral("crashed/store.mdb"), 40);
        const auto into = openStore(options(QStringLiteral("saved"), "boot 2"));
        const auto report = salvage(pathOf(QStringLiteral("crashed/store.mdb")), *into);
        QVERIFY2(report.has_value(), report ? "" : report.error().message.c_str());
        const StoreBits saved = readAll(*into);
        QCOMPARE(samplesOf(saved), std::size_t(report->samples));
        QVERIFY2(report->samples > samplesOf(m_model) / 4, std::to_string(report->samples).c_str());
        for (const auto& [series, samples] : saved) {
            for (const auto& [at, bits] : samples) {
                QVERIFY(m_model[series].contains(at) && m_model[series][at] == bits);
            }
        }
    }

    void allOfASoundOneComesBack()
    {
        const auto into = openStore(options(QStringLiteral("saved"), "boot 2"));
        const auto report = salvage(pathOf(QStringLiteral("crashed/store.mdb")), *into);
        QVERIFY2(report.has_value(), report ? "" : report.error().message.c_str());
        QCOMPARE(report->damaged, std::uint64_t(0));
        QCOMPARE(report->strangers, std::uint64_t(0));
        QCOMPARE(QString::fromStdString(difference(readAll(*into), m_model)), QString());
        const auto state = into->get("silences", "one");
        QVERIFY(state && *state);
        QCOMPARE((*state)->size(), std::size_t(3));
        QVERIFY(into->verify()->damage.empty());
    }

    void whatIsNoStore()
    {
        std::ofstream(pathOf(QStringLiteral("text"))) << "no store";
        const auto into = openStore(options(QStringLiteral("saved"), "boot 2"));
        const auto nothing = salvage(pathOf(QStringLiteral("text")), *into);
        QVERIFY(nothing && nothing->samples == 0 && nothing->leafPages == 0);
        QVERIFY(!salvage(pathOf(QStringLiteral("missing")), *into));
    }
};

QTEST_GUILESS_MAIN(TestSalvage)
#include "tst_salvage.moc"
