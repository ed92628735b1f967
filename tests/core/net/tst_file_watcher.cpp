// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/file_watcher.h"
#include "core/net/watched_paths.h"

#include <atomic>
#include <filesystem>
#include <fstream>

#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, const char* text)
{
    std::ofstream file(path);
    file << text;
}

/// As editors and deployments do: another file takes the place.
void replace(const fs::path& path, const char* text)
{
    fs::path fresh = path;
    fresh += ".new";
    write(fresh, text);
    fs::rename(fresh, path);
}

} // namespace

class TestFileWatcher : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    fs::path m_root;
    std::unique_ptr<net::InotifyWatcher> m_watcher;

    /// How often a watch was told.
    struct Told {
        std::atomic<int> times = 0;
        Subscription subscription;
    };

    std::unique_ptr<Told> watch(const std::vector<fs::path>& paths)
    {
        auto told = std::make_unique<Told>();
        std::vector<std::string> texts;
        for (const fs::path& path : paths) {
            texts.push_back(path.string());
        }
        told->subscription
            = m_watcher->watch(std::move(texts), [raw = told.get()] { ++raw->times; });
        return told;
    }

    /// Waits until a change of this file, behind the ones before, was told: then those would be.
    void settle()
    {
        const fs::path mark = m_root / "mark";
        write(mark, "");
        const auto told = watch({mark});
        write(mark, "x");
        QTRY_VERIFY(told->times > 0);
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        QVERIFY(m_dir->isValid());
        m_root = fs::canonical(m_dir->path().toStdString());
        m_watcher = std::make_unique<net::InotifyWatcher>();
    }
    void cleanup()
    {
        m_watcher.reset();
        m_dir.reset();
    }

    void tellsOfAChange_data()
    {
        QTest::addColumn<int>("change");
        QTest::newRow("written") << 0;
        QTest::newRow("replaced") << 1;
        QTest::newRow("removed") << 2;
        QTest::newRow("its folder moved away") << 3;
        QTest::newRow("made readable") << 4;
    }

    void tellsOfAChange()
    {
        QFETCH(int, change);
        const fs::path folder = m_root / "folder";
        fs::create_directory(folder);
        const fs::path file = folder / "file";
        write(file, "one");
        const auto told = watch({file});
        switch (change) {
        case 0:
            write(file, "two");
            break;
        case 1:
            replace(file, "two");
            break;
        case 2:
            fs::remove(file);
            break;
        case 3:
            fs::rename(folder, m_root / "elsewhere");
            break;
        default:
            fs::permissions(file, fs::perms::all);
        }
        QTRY_VERIFY(told->times > 0);
    }

    void goesOnAfterAReplacement()
    {
        const fs::path file = m_root / "file";
        write(file, "one");
        const auto told = watch({file});
        for (int i = 1; i <= 3; ++i) {
            const int before = told->times;
            replace(file, "again");
            QTRY_VERIFY(told->times > before);
            const int between = told->times;
            write(file, "written");
            QTRY_VERIFY(told->times > between);
        }
    }

    void tellsNothingOfNeighbours()
    {
        const fs::path file = m_root / "file";
        write(file, "one");
        const auto told = watch({file});
        write(m_root / "other", "two");
        fs::create_directory(m_root / "folder");
        settle();
        QCOMPARE(told->times.load(), 0);
    }

    void waitsForWhatIsNotThereYet()
    {
        const fs::path file = m_root / "a" / "b" / "file";
        const auto told = watch({file});
        fs::create_directories(file.parent_path());
        write(file, "one");
        QTRY_VERIFY(told->times > 0);
        // And from then on as if it had always been there.
        settle();
        const int before = told->times;
        write(file, "two");
        QTRY_VERIFY(told->times > before);
    }

    void tellsOfAFoldersEntries()
    {
        const fs::path folder = m_root / "rules";
        fs::create_directory(folder);
        const auto told = watch({folder / ""});
        write(folder / "a.yml", "one");
        QTRY_VERIFY(told->times > 0);
        settle();
        const int before = told->times;
        write(folder / "a.yml", "two");
        QTRY_VERIFY(told->times > before);
        settle();
        const int between = told->times;
        fs::remove(folder / "a.yml");
        QTRY_VERIFY(told->times > between);
    }

    void tellsWhenALinkIsTurnedOver()
    {
        // As Kubernetes mounts configuration: file → ..data/file, ..data → a folder.
        fs::create_directory(m_root / "..one");
        fs::create_directory(m_root / "..two");
        write(m_root / "..one" / "file", "one");
        write(m_root / "..two" / "file", "two");
        fs::create_symlink("..one", m_root / "..data");
        fs::create_symlink("..data/file", m_root / "file");
        const auto told = watch({m_root / "file"});
        fs::create_symlink("..two", m_root / "..fresh");
        fs::rename(m_root / "..fresh", m_root / "..data");
        QTRY_VERIFY(told->times > 0);
        settle();
        const int before = told->times;
        write(m_root / "..two" / "file", "three");
        QTRY_VERIFY(told->times > before);
        const int between = told->times;
        write(m_root / "..one" / "file", "nobody looks here any more");
        settle();
        QCOMPARE(told->times.load(), between);
    }

    void manyChangesAreOneCall()
    {
        const fs::path file = m_root / "file";
        write(file, "0");
        const auto told = watch({file});
        for (int i = 0; i < 500; ++i) {
            write(file, "again");
        }
        QTRY_VERIFY(told->times > 0);
        settle();
        // Two where a tenth of a second ended among them, or some more on a slow machine.
        QVERIFY2(told->times < 50, qPrintable(QString::number(told->times)));
    }

    void anEndedSubscriptionIsNotTold()
    {
        const fs::path file = m_root / "file";
        write(file, "one");
        const auto ended = watch({file});
        ended->subscription.reset();
        const auto told = watch({file});
        write(file, "two");
        QTRY_VERIFY(told->times > 0);
        QCOMPARE(ended->times.load(), 0);
    }

    void mayEndItselfWithinTheCall()
    {
        const fs::path file = m_root / "file";
        write(file, "one");
        std::atomic<int> times = 0;
        Subscription subscription;
        subscription = m_watcher->watch({file.string()}, [&] {
            ++times;
            subscription.reset();
        });
        write(file, "two");
        QTRY_COMPARE(times.load(), 1);
        write(file, "three");
        settle();
        QCOMPARE(times.load(), 1);
    }

    void mayOutliveTheWatcher()
    {
        const fs::path file = m_root / "file";
        write(file, "one");
        const auto told = watch({file});
        m_watcher.reset();
        write(file, "two");
        told->subscription.reset();
        QCOMPARE(told->times.load(), 0);
    }

    void knowsTheWay()
    {
        fs::create_directory(m_root / "real");
        fs::create_directory(m_root / "real" / "sub");
        fs::create_symlink("real", m_root / "link");
        net::WatchedFolders folders;
        net::addWay((m_root / "link" / ".." / "link" / "sub").string(), folders);
        QCOMPARE(folders.at(m_root.string()).names, (std::set<std::string>{"link", "real"}));
        QCOMPARE(folders.at((m_root / "real").string()).names, std::set<std::string>{"sub"});
        QVERIFY(folders.at((m_root / "real" / "sub").string()).all);
        QVERIFY(folders.at("/").names.contains((++m_root.begin())->string()));
    }

    void aCircleOfLinksIsNoTrap()
    {
        fs::create_symlink("b", m_root / "a");
        fs::create_symlink("a", m_root / "b");
        net::WatchedFolders folders;
        net::addWay((m_root / "a").string(), folders);
        QCOMPARE(folders.at(m_root.string()).names, (std::set<std::string>{"a", "b"}));
    }
};

QTEST_GUILESS_MAIN(TestFileWatcher)
#include "tst_file_watcher.moc"
