// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/exporter_identity.h"
#include "tests/support/program/child.h"
#include "tests/support/program/loopback.h"
#include "tests/support/program/program.h"
#include "tests/support/program/stopwatch.h"
#include "ui/chart/chart_view.h"
#include "ui/chart/time_chart.h"

#include <algorithm>
#include <cmath>
#include <csignal>
#include <format>
#include <memory>
#include <vector>

#include <QCoreApplication>
#include <QHash>
#include <QImage>
#include <QLabel>
#include <QRegularExpression>
#include <QTemporaryDir>

using namespace watchfire;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 chartsWithinMs = 5'000;
constexpr qint64 summaryWithinMs = 10'000;
/// Where other programs have the machine, the clock may show this and no more.
constexpr int patienceMs = 30'000;

const QStringList& tiles()
{
    static const QStringList all{u"cpu"_s,     u"memory"_s,  u"disk"_s,
                                 u"network"_s, u"scrapes"_s, u"ingestion"_s};
    return all;
}

/// Empty: it was quick enough. A crowded machine lengthens the clock's time and not the
/// processor's, which then must be below the limit.
QString tooSlow(const Stopwatch& watch, qint64 clockMs, qint64 cpuMs, qint64 limitMs)
{
    const bool crowded = watch.isCrowded(cpuMs);
    qInfo("%lld ms, %lld of the processor's%s", static_cast<long long>(clockMs),
          static_cast<long long>(cpuMs), crowded ? "; the machine is crowded" : "");
    return clockMs <= limitMs || (crowded && cpuMs <= limitMs)
        ? QString()
        : u"took %1 ms, %2 of the processor's"_s.arg(clockMs).arg(cpuMs);
}

} // namespace

/// The first start on an empty profile, as somebody meets it.
class TestFirstStart : public QObject {
    Q_OBJECT

    /// What a tile shows; null: nothing yet.
    static const ui::chart::Picture* picture(Program& program, const QString& tile)
    {
        const auto* const chart
            = program.find<ui::chart::TimeChart>(qPrintable(u"tile."_s + tile + u".chart"_s));
        return chart != nullptr && chart->isVisible() ? chart->view()->picture() : nullptr;
    }

    /// At least two numbers of a line: something is drawn.
    static bool hasLine(const ui::chart::Picture& picture)
    {
        std::vector<double> low;
        std::vector<double> high;
        for (std::size_t row = 0; row < picture.table.rows(); ++row) {
            picture.curve(row, low, high);
            if (std::ranges::count_if(high, [](double value) { return std::isfinite(value); })
                >= 2) {
                return true;
            }
        }
        return false;
    }

    /// On a port where exporters are looked for and nobody listens yet.
    static std::unique_ptr<ServedMetrics> stubExporter()
    {
        for (const discovery::ExporterPort& place : discovery::wellKnownExporterPorts()) {
            auto stub = std::make_unique<ServedMetrics>("stub_temperature_celsius 21\n",
                                                        std::format("127.0.0.1:{}", place.port));
            if (!stub->address().isEmpty()) {
                return stub;
            }
        }
        return nullptr;
    }

    /// The banner offers it, by its port.
    static bool isOffered(Program& program, const ServedMetrics& exporter)
    {
        const QString port = exporter.address().section(u':', 1);
        const auto* const text = program.find<QLabel>("overview.found.text");
        return text != nullptr && text->isVisible()
            && std::ranges::any_of(program.bridge().targets()->found, [&](const auto& found) {
                   return found.address.ends_with(':' + port.toStdString());
               });
    }

    static QString withoutLine(Program& program)
    {
        QStringList out;
        for (const QString& tile : tiles()) {
            const auto* const shown = picture(program, tile);
            if (shown == nullptr || !hasLine(*shown)) {
                out << tile;
            }
        }
        return out.join(u", "_s);
    }

private slots:
    void sixLiveChartsAndWhatIsFoundWithinFiveSeconds()
    {
        const auto stub = stubExporter();
        QVERIFY2(stub != nullptr, "all the well-known ports are taken");
        const QTemporaryDir profile;
        Program program(profile.path());
        program.options.noFirstRun = false;
        const Stopwatch watch;
        QCOMPARE(program.start(), QString());
        QCOMPARE(program.window().currentPage(), u"overview"_s);
        QTRY_VERIFY2_WITH_TIMEOUT(withoutLine(program).isEmpty(), qPrintable(withoutLine(program)),
                                  patienceMs);
        QTRY_VERIFY2_WITH_TIMEOUT(isOffered(program, *stub), qPrintable(stub->address()),
                                  patienceMs);
        const QString slow
            = tooSlow(watch, watch.clockMs(), watch.thisProcessCpuMs(), chartsWithinMs);
        QVERIFY2(slow.isEmpty(), qPrintable(slow));

        // Live: they move on by themselves.
        QHash<QString, double> before;
        for (const QString& tile : tiles()) {
            before[tile] = picture(program, tile)->window.toMs;
        }
        for (const QString& tile : tiles()) {
            QTRY_VERIFY2_WITH_TIMEOUT(picture(program, tile)->window.toMs > before[tile],
                                      qPrintable(tile), patienceMs);
        }
        QCOMPARE(withoutLine(program), QString());
    }

    /// What `packaging/dev.sh run` shows where nobody sees the window.
    void saysWhatItDoesWithinTenSeconds()
    {
        const QTemporaryDir dir;
        const QString file = dir.filePath(u"window.png"_s);
        Child child;
        const Stopwatch watch;
        QVERIFY(child.start(QCoreApplication::applicationDirPath() + u"/watchfire"_s,
                            {u"--profile"_s, dir.filePath(u"profile"_s), u"--summary"_s, file,
                             u"--for"_s, u"120"_s}));
        const QString named = child.waitFor(u"(?m)^screenshot: (.*)$"_s, 2 * patienceMs);
        const QString slow = tooSlow(watch, watch.clockMs(), child.cpuMs(), summaryWithinMs);
        QVERIFY2(!named.isEmpty(), child.output().constData());
        QVERIFY2(slow.isEmpty(), qPrintable(slow));
        QCOMPARE(named, file);
        const QString said = QString::fromUtf8(child.output());
        for (const char* line : {"(?m)^targets up: 2 of 2$", "(?m)^series: [1-9][0-9]{2,}$",
                                 "(?m)^samples/s: [1-9][0-9]*$", "(?m)^window: .*Watchfire"}) {
            QVERIFY2(said.contains(QRegularExpression(QString::fromLatin1(line))),
                     qPrintable(QString::fromLatin1(line) + u" in\n"_s + said));
        }
        const QImage image(file);
        QVERIFY2(image.width() >= 800 && image.height() >= 560, "a picture of the window");
        child.signal(SIGTERM);
        QCOMPARE(child.exitCode(), std::optional(0));
    }
};

QTEST_MAIN(TestFirstStart)
#include "tst_first_start.moc"
