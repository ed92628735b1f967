// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporters/node/host_collector.h"
#include "test_places.h"
#include "tests/core/exporters/exposition_text.h"

#include <atomic>
#include <cerrno>
#include <latch>
#include <thread>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire::exporters;
using namespace watchfire::exporters::node;

namespace {

const QString folder = QStringLiteral(WATCHFIRE_SOURCE_DIR "/tests/core/exporters/");

/// A disk of 1,000 blocks of 4 KiB wherever it is asked for; no /run.
int fakeStatvfs(const char* path, struct statvfs* out)
{
    if (std::string_view(path).ends_with("/run")) {
        errno = EACCES;
        return -1;
    }
    *out = {};
    out->f_frsize = 4096;
    out->f_bsize = 512; // not the unit of the counts
    out->f_blocks = 1000;
    out->f_bfree = 600;
    out->f_bavail = 500;
    out->f_files = 100;
    out->f_ffree = 40;
    return 0;
}

/// The lines that are the same on every machine and at all times.
QByteArray withoutThisMachine(const std::string& text)
{
    constexpr std::array varying{"node_uname_info"_L1, "node_time_"_L1, "node_timex_"_L1,
                                 "node_scrape_collector_duration_seconds"_L1};
    QByteArray kept;
    for (const QByteArray& line : QByteArray::fromStdString(text).split('\n')) {
        const QString from = QString::fromUtf8(line);
        const QString name = from.startsWith(u'#') ? from.section(u' ', 2, 2) : from;
        if (!line.isEmpty() && std::ranges::none_of(varying, [&](QLatin1StringView v) {
                return name.startsWith(v);
            })) {
            kept += line + '\n';
        }
    }
    return kept;
}

void write(const QTemporaryDir& root, const QString& path, const QByteArray& text)
{
    const QString full = root.filePath(path);
    QVERIFY(QDir().mkpath(QFileInfo(full).path()));
    QFile file(full);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

/// A line of /proc/pid/stat: processor times in ticks, memory in pages.
QByteArray process(const QByteArray& name, int user, int system, int start, int pages)
{
    return "1 (" + name + ") S 1 1 1 0 -1 0 0 0 0 0 " + QByteArray::number(user) + ' '
        + QByteArray::number(system) + " 0 0 20 0 2 0 " + QByteArray::number(start) + ' '
        + QByteArray::number(pages > 0 ? pages * 8192LL : 0) + ' ' + QByteArray::number(pages)
        + " 0 0 0\n";
}

Exposition processes(Processes& processes, const QTemporaryDir& root, std::int64_t now)
{
    std::string text;
    Sink sink(text);
    processes.collect(Source(root.path().toStdString()), sink, now);
    return parseExposition(text);
}

} // namespace

class TestHostCollector : public QObject {
    Q_OBJECT
private slots:
    /// Every family over a machine of files. After a wanted change, renew what is expected with
    /// WATCHFIRE_RENEW=1 tst_host_collector, and read the difference.
    void aWholeMachine()
    {
        HostCollector collector((folder + u"fixtures/host"_s).toStdString(),
                                MountProbe(fakeStatvfs));
        const std::string text = collector.collect();
        QCOMPARE(parseExposition(text).error, QString());
        QCOMPARE(parseExposition(text).repeated, QStringList());
        const QByteArray actual = withoutThisMachine(text);
        QFile golden(folder + u"fixtures/host.txt"_s);
        if (qEnvironmentVariableIsSet("WATCHFIRE_RENEW")) {
            QVERIFY(golden.open(QIODevice::WriteOnly));
            golden.write(actual);
            return;
        }
        QVERIFY(golden.open(QIODevice::ReadOnly));
        const QList<QByteArray> expected = golden.readAll().split('\n');
        const QList<QByteArray> lines = actual.split('\n');
        for (qsizetype i = 0; i < std::min(expected.size(), lines.size()); ++i) {
            QCOMPARE(lines[i], expected[i]);
        }
        QCOMPARE(lines.size(), expected.size());
    }

    void thisMachine()
    {
        HostCollector collector;
        const std::string text = collector.collect();
        const Exposition read = parseExposition(text);
        QCOMPARE(read.error, QString());
        QCOMPARE(read.repeated, QStringList());
        for (const char* const family :
             {"node_cpu_seconds_total", "node_load1", "node_memory_MemTotal_bytes",
              "node_boot_time_seconds", "node_time_seconds", "node_uname_info",
              "node_network_receive_bytes_total", "node_scrape_collector_success"}) {
            QVERIFY2(read.hasFamily(family), family);
        }
        QVERIFY(read.series.at("node_time_seconds") > read.series.at("node_boot_time_seconds"));
        QCOMPARE(parseExposition(collector.collect()).error, QString());
    }

    void nothingToRead()
    {
        const QTemporaryDir root;
        HostCollector collector(root.path().toStdString(), MountProbe(fakeStatvfs));
        const Exposition read = parseExposition(collector.collect());
        QCOMPARE(read.error, QString());
        QCOMPARE(read.series.at("node_scrape_collector_success|collector=cpu"), 0.0);
        QCOMPARE(read.series.at("node_scrape_collector_success|collector=filesystem"), 0.0);
        QCOMPARE(read.series.at("node_scrape_collector_success|collector=time"), 1.0);
        QVERIFY(!read.hasFamily("node_cpu_seconds_total"));
    }

    void brokenFiles_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << ""_ba;
        QTest::newRow("one word") << "cpu0"_ba;
        QTest::newRow("only blanks") << "  \n\n \t\n"_ba;
        QTest::newRow("no numbers") << "cpu0 a b c d e f g h\nTcp: x\nTcp: y\na: b\n"_ba;
        QTest::newRow("colons only") << ":\n::\n : :\n"_ba;
        QTest::newRow("not UTF-8")
            << "\xff\xfe \xc3( 1 2 3 4 5 6 7 8 9 \x80: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n"_ba;
        QTest::newRow("dashes") << "1 2 3 4 5 6 -\n1 2 3 4 5 - 7\n- - - - - - - - - -\n"_ba;
        QTest::newRow("NUL") << QByteArray("a\0b 1 2 3 4 5 6 7 8 9 10 11 12\n", 32);
    }

    /// Whatever the files hold, the scrape stands: each bad line costs itself.
    void brokenFiles()
    {
        QFETCH(QByteArray, text);
        const QTemporaryDir root;
        for (const QString& file :
             {u"stat"_s, u"meminfo"_s, u"vmstat"_s, u"loadavg"_s, u"diskstats"_s, u"schedstat"_s,
              u"net/dev"_s, u"net/arp"_s, u"net/snmp"_s, u"net/snmp6"_s, u"net/netstat"_s,
              u"net/sockstat"_s, u"net/softnet_stat"_s, u"pressure/cpu"_s, u"1/mountinfo"_s,
              u"1/stat"_s, u"sys/fs/file-nr"_s}) {
            write(root, u"proc/"_s + file, text);
        }
        for (const QString& file :
             {u"net/x/operstate"_s, u"net/x/flags"_s, u"net/x/mtu"_s, u"hwmon/h/name"_s,
              u"hwmon/h/temp1_input"_s, u"hwmon/h/temp1_label"_s, u"thermal/thermal_zone0/temp"_s,
              u"thermal/thermal_zone0/type"_s, u"power_supply/B/status"_s}) {
            write(root, u"sys/class/"_s + file, text);
        }
        write(root, u"etc/os-release"_s, "NAME=" + text);
        HostCollector collector(root.path().toStdString(), MountProbe(fakeStatvfs));
        QCOMPARE(parseExposition(collector.collect()).error, QString());
    }

    void namesThatAreNotUtf8()
    {
        const QTemporaryDir root;
        write(root, u"proc/1/mountinfo"_s,
              "21 1 8:1 / /a\xff\\134\\012\"b rw - ext4 /dev/sda1 rw\n");
        HostCollector collector(root.path().toStdString(), MountProbe(fakeStatvfs));
        const std::string text = collector.collect();
        QCOMPARE(parseExposition(text).error, QString());
        QVERIFY(QByteArray::fromStdString(text).contains(
            "mountpoint=\"/a\xEF\xBF\xBD\\\\\\n\\\"b\"} 4096000\n"));
    }

    void aDeadMountCostsItsPatienceOnce()
    {
        const QTemporaryDir root;
        write(root, u"proc/1/mountinfo"_s,
              "21 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
              "22 1 0:50 / /dead rw - nfs4 server:/x rw\n"
              "23 1 0:51 / /alive ro - fuse.sshfs me@there: rw\n");
        // Static: the thread that hangs may outlast this function.
        static std::latch release(1);
        static std::atomic<int> askedDead = 0;
        const auto hanging = [](const char* path, struct statvfs* out) {
            if (std::string_view(path).ends_with("/dead")) {
                ++askedDead;
                release.wait();
            }
            return fakeStatvfs(path, out);
        };
        HostCollector collector(root.path().toStdString(),
                                MountProbe(hanging, std::chrono::milliseconds(50)));
        const std::string dead = "|device=server:/x|device_error=mountpoint timeout|fstype=nfs4"
                                 "|mountpoint=/dead";
        for (int scrape = 0; scrape < 3; ++scrape) {
            const Exposition read = parseExposition(collector.collect());
            QCOMPARE(read.error, QString());
            QCOMPARE(read.series.at("node_filesystem_device_error" + dead), 1.0);
            QVERIFY(!read.series.contains("node_filesystem_size_bytes" + dead));
            QVERIFY(read.series.contains("node_filesystem_size_bytes|device=/dev/sda1"
                                         "|fstype=ext4|mountpoint=/")
                    || read.series.contains("node_filesystem_size_bytes|device=/dev/sda1"
                                            "|device_error=|fstype=ext4|mountpoint=/"));
        }
        QCOMPARE(askedDead.load(), 1); // not again while it hangs
        release.count_down();
        // Once it answers it is asked again, and shown.
        const std::string alive = "node_filesystem_size_bytes|device=server:/x|device_error="
                                  "|fstype=nfs4|mountpoint=/dead";
        QTRY_VERIFY(parseExposition(collector.collect()).series.contains(alive));
    }

    void processesOfOneNameGoTogether()
    {
        const QTemporaryDir root;
        write(root, u"proc/10/stat"_s, process("web (1) x", 100, 50, 7, 10));
        write(root, u"proc/11/stat"_s, process("web (1) x", 300, 0, 8, 20));
        write(root, u"proc/12/stat"_s, process("kworker/3:1-events", 200, 0, 1, 0));
        write(root, u"proc/13/stat"_s, process("kworker/u8:2", 200, 0, 1, 0));
        Processes all;
        const std::string web
            = "namedprocess_namegroup_cpu_seconds_total|groupname=web (1) x|mode=";
        Exposition read = processes(all, root, 1000);
        QCOMPARE(read.error, QString());
        QCOMPARE(read.series.at(web + "user"), 4.0);
        QCOMPARE(read.series.at(web + "system"), 0.5);
        QCOMPARE(read.series.at("namedprocess_namegroup_num_procs|groupname=web (1) x"), 2.0);
        QCOMPARE(read.series.at("namedprocess_namegroup_num_threads|groupname=web (1) x"), 4.0);
        QCOMPARE(read.series.at("namedprocess_namegroup_memory_bytes|groupname=web (1) x"
                                "|memtype=virtual"),
                 30 * 8192.0);

        // One ends, its number goes to another of the name, a thread of the kernel works: the
        // group's counter goes on, and never back.
        write(root, u"proc/11/stat"_s, process("web (1) x", 10, 0, 900, 20));
        write(root, u"proc/13/stat"_s, process("kworker/u8:2", 700, 0, 1, 0));
        read = processes(all, root, 1015);
        QCOMPARE(read.series.at(web + "user"), 4.1);
        QCOMPARE(read.series.at("namedprocess_namegroup_cpu_seconds_total|groupname=kworker"
                                "|mode=user"),
                 9.0);
        QVERIFY(QDir(root.filePath(u"proc/11"_s)).removeRecursively());
        read = processes(all, root, 1030);
        QCOMPARE(read.series.at(web + "user"), 4.1);
        QCOMPARE(read.series.at("namedprocess_namegroup_num_procs|groupname=web (1) x"), 1.0);
    }

    void theBusiestOnlyAndForAWhile()
    {
        const QTemporaryDir root;
        const auto put = [&root](int index, int user, int pages) {
            write(root, u"proc/%1/stat"_s.arg(100 + index),
                  process("p" + QByteArray::number(index), user, 0, 5, pages));
        };
        for (int i = 0; i < 40; ++i) {
            put(i, 100, 1 + i);
        }
        Processes all;
        const auto shown = [](const Exposition& read) {
            return std::ranges::count_if(read.series, [](const auto& entry) {
                return entry.first.starts_with("namedprocess_namegroup_num_procs");
            });
        };
        // At first only memory tells them apart.
        Exposition read = processes(all, root, 0);
        QCOMPARE(shown(read), 10);
        QVERIFY(read.series.contains("namedprocess_namegroup_num_procs|groupname=p39"));
        put(3, 9000, 1); // now one of the small ones works
        read = processes(all, root, 15);
        QVERIFY(read.series.contains("namedprocess_namegroup_num_procs|groupname=p3"));
        QCOMPARE(shown(read), 11);
        // It rests, and is shown for ten minutes more; its counter stays as it was.
        read = processes(all, root, 300);
        QCOMPARE(read.series.at("namedprocess_namegroup_cpu_seconds_total|groupname=p3|mode=user"),
                 90.0);
        for (int i = 0; i < 40; ++i) { // what it did fades
            processes(all, root, 300);
        }
        put(4, 90'000, 1);
        for (std::int64_t now = 315; now < 1'300; now += 15) {
            read = processes(all, root, now);
        }
        QVERIFY(shown(read) <= 20);
    }
};

QTEST_GUILESS_MAIN(TestHostCollector)
#include "tst_host_collector.moc"
