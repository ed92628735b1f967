// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The host collector and a real node exporter over the same files: every family both know must
// have the same type, the same series and the same values.
#include "core/exporters/node/host_collector.h"
#include "test_places.h"
#include "tests/core/exporters/exposition_text.h"

#include <cmath>

#include <QFileInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QTcpSocket>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire::exporters;

namespace {

const QString fixtures = QStringLiteral(WATCHFIRE_SOURCE_DIR "/tests/core/exporters/fixtures/host");
const QString peer
    = QStringLiteral(WATCHFIRE_SOURCE_DIR "/build/peers/root/usr/bin/prometheus-node-exporter");

std::string familyOf(const std::string& series)
{
    return series.substr(0, series.find('|'));
}

/// Of this machine or moment, not of the files; or of the disk the fixtures lie on.
bool varies(const std::string& family)
{
    for (const std::string_view start :
         {"node_uname", "node_time", "node_scrape_collector", "node_filesystem_"}) {
        if (family.starts_with(start)) {
            return true;
        }
    }
    return false;
}

QByteArray get(quint16 port)
{
    QTcpSocket socket;
    socket.connectToHost(u"127.0.0.1"_s, port);
    if (!socket.waitForConnected(5'000)) {
        return {};
    }
    socket.write("GET /metrics HTTP/1.0\r\nHost: 127.0.0.1\r\nAccept: text/plain\r\n\r\n");
    while (socket.state() == QAbstractSocket::ConnectedState && socket.waitForReadyRead(10'000)) { }
    const QByteArray answer = socket.readAll();
    return answer.mid(answer.indexOf("\r\n\r\n") + 4);
}

} // namespace

class TestHostCollectorPeer : public QObject {
    Q_OBJECT
private slots:
    void sameAsNodeExporter()
    {
        if (!QFileInfo(peer).isExecutable()) {
            QSKIP("SKIPPED-LOUDLY: no node exporter in build/peers (packaging/dev.sh peers)");
        }
        QProcess exporter;
        exporter.setProcessChannelMode(QProcess::MergedChannels);
        exporter.start(peer,
                       {u"--web.listen-address=127.0.0.1:0"_s,
                        u"--path.procfs=%1/proc"_s.arg(fixtures),
                        u"--path.sysfs=%1/sys"_s.arg(fixtures), u"--path.rootfs=%1"_s.arg(fixtures),
                        u"--web.disable-exporter-metrics"_s, u"--no-collector.systemd"_s,
                        u"--no-collector.arp.netlink"_s, u"--no-collector.netdev.netlink"_s});
        QVERIFY(exporter.waitForStarted());
        static const QRegularExpression address(u"address=127\\.0\\.0\\.1:(\\d+)"_s);
        QString log;
        quint16 port = 0;
        while (port == 0 && exporter.waitForReadyRead(10'000)) {
            log += QString::fromUtf8(exporter.readAll());
            port = address.match(log).captured(1).toUShort();
        }
        QVERIFY2(port != 0, qPrintable(log));
        const Exposition theirs = parseExposition(get(port).toStdString());
        exporter.terminate();
        exporter.waitForFinished();
        QCOMPARE(theirs.error, QString());
        QVERIFY(theirs.series.size() > 100);

        node::HostCollector collector(fixtures.toStdString());
        const Exposition ours = parseExposition(collector.collect());
        QCOMPARE(ours.error, QString());
        QStringList differences;
        const auto differ = [&differences](const std::string& what) {
            differences << QString::fromStdString(what);
        };
        for (const auto& [family, type] : ours.types) {
            if (family.starts_with("namedprocess_")) {
                continue;
            }
            const auto found = theirs.types.find(family);
            if (found == theirs.types.end()) {
                differ("only we have " + family);
            } else if (found->second != type) {
                differ(family + " is " + type + ", theirs " + found->second);
            }
        }
        for (const auto& [series, value] : ours.series) {
            const std::string family = familyOf(series);
            if (varies(family) || !theirs.hasFamily(family)) {
                continue;
            }
            const auto found = theirs.series.find(series);
            if (found == theirs.series.end()) {
                differ("only we have " + series);
            } else if (std::abs(found->second - value) > 1e-9 * std::abs(value)) {
                differ(series + " differs");
            }
        }
        for (const auto& [series, value] : theirs.series) {
            const std::string family = familyOf(series);
            if (!varies(family) && ours.hasFamily(family) && !ours.series.contains(series)) {
                differ("only they have " + series);
            }
        }
        QVERIFY2(differences.isEmpty(), qPrintable(u'\n' + differences.join(u'\n')));
    }
};

QTEST_GUILESS_MAIN(TestHostCollectorPeer)
#include "tst_host_collector_peer.moc"
