// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/file_provider.h"
#include "core/discovery/target_files.h"
#include "tests/core/discovery/rig.h"

#include <QDir>
#include <QFile>
#include <QObject>
#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

struct Rig : test::ProviderRig {
    QTemporaryDir folder;

    std::string path(const QString& name) const { return folder.filePath(name).toStdString(); }
    void write(const QString& name, const QByteArray& text) const
    {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    void remove(const QString& name) const { QVERIFY(QFile::remove(folder.filePath(name))); }
    void watchFiles(const std::vector<QString>& names)
    {
        config::FileDiscovery config;
        for (const QString& name : names) {
            config.files.push_back(path(name));
        }
        run(std::make_unique<discovery::FileProvider>(config, ports));
    }
};

QByteArray groupOf(const QByteArray& target)
{
    return "[{\"targets\": [\"" + target + "\"]}]";
}

} // namespace

class TestFileProvider : public QObject {
    Q_OBJECT
private slots:
    void filesAreReadAtTheStart()
    {
        Rig rig;
        rig.write(u"a.json"_s, R"([{"targets":["a:1"],"labels":{"x":"1"}},{"targets":["a:2"]}])");
        rig.write(u"b.yml"_s, "- targets: [b:1]\n");
        rig.watchFiles({u"a.json"_s, u"b.yml"_s});
        QCOMPARE(rig.updates.size(), 1U);
        QCOMPARE(rig.addresses(), "a:1 a:2 b:1"_ba);
        const config::TargetGroup& first = rig.updates[0][0];
        QCOMPARE(std::string(first.labels.get("__meta_filepath")), rig.path(u"a.json"_s));
        QCOMPARE(std::string(first.labels.get("x")), std::string("1"));
        QCOMPARE(first.source, rig.path(u"a.json"_s) + ":0");
        QCOMPARE(rig.updates[0][1].source, rig.path(u"a.json"_s) + ":1");
        QVERIFY(rig.error().empty());
        QCOMPARE(rig.provider->status().kind, std::string("file"));
    }

    void changesAreSeen()
    {
        Rig rig;
        rig.write(u"a.json"_s, groupOf("a:1"));
        rig.watchFiles({u"*.json"_s});
        QCOMPARE(rig.watcher.watches.size(), 1U);
        QCOMPARE(rig.watcher.watches.begin()->second.paths,
                 std::vector<std::string>{rig.folder.path().toStdString()});
        rig.write(u"a.json"_s, groupOf("a:2"));
        rig.write(u"b.json"_s, groupOf("b:1"));
        rig.watcher.touch();
        QCOMPARE(rig.addresses(), "a:2 b:1"_ba);
        rig.remove(u"a.json"_s);
        rig.watcher.touch();
        QCOMPARE(rig.addresses(), "b:1"_ba);
        rig.remove(u"b.json"_s);
        rig.watcher.touch();
        QCOMPARE(rig.addresses(), ""_ba);
        QCOMPARE(QByteArray::fromStdString(rig.error()), "there is no such file"_ba);
    }

    void theIntervalReadsWithoutAWatcher()
    {
        Rig rig;
        rig.write(u"a.json"_s, groupOf("a:1"));
        rig.watchFiles({u"a.json"_s});
        rig.write(u"a.json"_s, groupOf("a:2"));
        rig.runUntil(rig.start + 4min);
        QCOMPARE(rig.addresses(), "a:1"_ba);
        rig.runUntil(rig.start + 5min);
        QCOMPARE(rig.addresses(), "a:2"_ba);
    }

    void aBrokenFileKeepsItsGroups()
    {
        Rig rig;
        rig.write(u"a.json"_s, groupOf("a:1"));
        rig.write(u"b.yaml"_s, "- targets: [b:1]\n");
        rig.watchFiles({u"a.json"_s, u"b.yaml"_s});
        rig.write(u"a.json"_s, "[{\"targets\": [\"a:1\",\n]}]");
        rig.write(u"b.yaml"_s, "- targets: [b:2]\n");
        rig.watcher.touch();
        QCOMPARE(rig.addresses(), "a:1 b:2"_ba);
        QCOMPARE(rig.error(), rig.path(u"a.json"_s) + ":2:1: a value expected, not ']'");
        rig.write(u"b.yaml"_s, "- target: [b:2]\n");
        rig.watcher.touch();
        QCOMPARE(rig.addresses(), "a:1 b:2"_ba);
        QVERIFY(rig.error().ends_with(" (and 1 more)"));
        rig.remove(u"a.json"_s);
        rig.watcher.touch();
        QCOMPARE(rig.addresses(), "b:2"_ba);
        rig.write(u"b.yaml"_s, "- targets: [b:3]\n");
        rig.watcher.touch();
        QCOMPARE(rig.addresses(), "b:3"_ba);
        QVERIFY(rig.error().empty());
    }

    void aFileNamedTwiceIsReadOnce()
    {
        Rig rig;
        rig.write(u"a.json"_s, groupOf("a:1"));
        rig.watchFiles({u"a.json"_s, u"*.json"_s});
        QCOMPARE(rig.addresses(), "a:1"_ba);
    }

    void patterns_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QByteArray>("found");
        QTest::newRow("all of a kind") << u"*.json"_s << "a.json ab.json"_ba;
        QTest::newRow("a start") << u"a*"_s << "a.json a.yml ab.json"_ba;
        QTest::newRow("both ends") << u"a*.json"_s << "a.json ab.json"_ba;
        QTest::newRow("the ends do not overlap") << u"a.json*n"_s << ""_ba;
        QTest::newRow("hidden only where asked") << u".*"_s << ".hidden.json"_ba;
        QTest::newRow("a name") << u"a.yml"_s << "a.yml"_ba;
        QTest::newRow("no such name") << u"b.yml"_s << ""_ba;
        QTest::newRow("no such folder") << u"none/*.json"_s << ""_ba;
    }
    void patterns()
    {
        QFETCH(QString, pattern);
        QFETCH(QByteArray, found);
        Rig rig;
        for (const QString& name :
             {u"a.json"_s, u"ab.json"_s, u"a.yml"_s, u".hidden.json"_s, u"z"_s}) {
            rig.write(name, "[]");
        }
        QByteArray names;
        for (const std::string& file : discovery::filesMatching(rig.path(pattern))) {
            names += names.isEmpty() ? "" : " ";
            names += QFileInfo(QString::fromStdString(file)).fileName().toUtf8();
        }
        QCOMPARE(names, found);
    }

    void nothingIsSaidAfterTheEnd()
    {
        Rig rig;
        rig.write(u"a.json"_s, groupOf("a:1"));
        test::HeldExecutor workers;
        const discovery::ProviderPorts ports{rig.fetcher, rig.dns, rig.watcher,
                                             rig.here,    workers, rig.clock};
        rig.run(std::make_unique<discovery::FileProvider>(
            config::FileDiscovery{{rig.path(u"a.json"_s)}, 5min}, ports));
        rig.provider.reset();
        QVERIFY(rig.watcher.watches.empty());
        workers.drain();
        QVERIFY(rig.updates.empty());
    }

    void aChangeWhileReadingIsReadAfterwards()
    {
        Rig rig;
        rig.write(u"a.json"_s, groupOf("a:1"));
        test::HeldExecutor workers;
        const discovery::ProviderPorts ports{rig.fetcher, rig.dns, rig.watcher,
                                             rig.here,    workers, rig.clock};
        rig.run(std::make_unique<discovery::FileProvider>(
            config::FileDiscovery{{rig.path(u"a.json"_s)}, 5min}, ports));
        QCOMPARE(workers.tasks.size(), 1U);
        QVERIFY2(!rig.provider->nextDue(), "one question at a time");
        rig.watcher.touch();
        rig.watcher.touch();
        QCOMPARE(workers.tasks.size(), 1U);
        workers.drain();
        QCOMPARE(rig.updates.size(), 2U);
    }
};

QTEST_GUILESS_MAIN(TestFileProvider)
#include "tst_file_provider.moc"
