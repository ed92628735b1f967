// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/file_watcher.h"
#include "tests/support/qt_test.h"

#include <atomic>

#include <QDir>
#include <QFile>
#include <QSaveFile>
#include <QTemporaryDir>

using namespace watchfire;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestFileWatcher : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    net::QtFileWatcher m_watcher{10ms};

    std::string path(const QString& name) const { return m_dir->filePath(name).toStdString(); }
    void write(const QString& name, const QByteArray& text) const
    {
        QFile file(m_dir->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        QCOMPARE(file.write(text), text.size());
    }
    void replace(const QString& name, const QByteArray& text) const
    {
        QSaveFile file(m_dir->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(text), text.size());
        QVERIFY(file.commit());
    }

private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void everyWayToChangeAFileIsSeen()
    {
        std::atomic<int> changes = 0;
        const auto watching = m_watcher.watch({path(u"a.yml"_s)}, [&] { ++changes; });
        int seen = 0;
        const auto isSeen = [&] {
            const bool came = QTest::qWaitFor([&] { return changes > seen; }, 10'000);
            seen = changes;
            return came;
        };
        write(u"a.yml"_s, "one");
        QVERIFY(isSeen()); // made
        write(u"a.yml"_s, "two, longer");
        QVERIFY(isSeen()); // written
        replace(u"a.yml"_s, "three, replaced");
        QVERIFY(isSeen());
        write(u"a.yml"_s, "four, in the new one");
        QVERIFY(isSeen());
        QVERIFY(QFile::remove(m_dir->filePath(u"a.yml"_s)));
        QVERIFY(isSeen());
    }

    void othersInTheFolderDoNotMatter()
    {
        write(u"a.yml"_s, "one");
        std::atomic<int> changes = 0;
        std::atomic<int> inFolder = 0;
        const auto file = m_watcher.watch({path(u"a.yml"_s)}, [&] { ++changes; });
        const auto folder = m_watcher.watch({path(u""_s)}, [&] { ++inFolder; });
        write(u"b.yml"_s, "other");
        QTRY_VERIFY(inFolder > 0);
        QCOMPARE(changes.load(), 0);
        // Also what is written within a file of the folder.
        const int before = inFolder;
        write(u"b.yml"_s, "other, longer");
        QTRY_VERIFY(inFolder > before);
        QCOMPARE(changes.load(), 0);
    }

    void aFolderThatIsNotThereYet()
    {
        std::atomic<int> changes = 0;
        const auto watching = m_watcher.watch({path(u"rules/deep/a.yml"_s)}, [&] { ++changes; });
        QVERIFY(QDir(m_dir->path()).mkpath(u"rules/deep"_s));
        write(u"rules/deep/a.yml"_s, "one");
        QTRY_VERIFY(changes > 0);
    }

    void nothingIsToldAfterTheEnd()
    {
        std::atomic<int> ended = 0;
        std::atomic<int> kept = 0;
        auto first = m_watcher.watch({path(u"a.yml"_s)}, [&] { ++ended; });
        const auto second = m_watcher.watch({path(u"a.yml"_s)}, [&] { ++kept; });
        first.reset();
        write(u"a.yml"_s, "one");
        QTRY_VERIFY(kept > 0);
        QCOMPARE(ended.load(), 0);
    }
};

QTEST_GUILESS_MAIN(TestFileWatcher)
#include "tst_file_watcher.moc"
