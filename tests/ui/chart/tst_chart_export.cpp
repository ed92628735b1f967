// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/chart/made.h"
#include "ui/chart/export.h"
#include "ui/chart/time_chart.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include <QDateTime>
#include <QFile>
#include <QImage>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

using namespace Qt::StringLiterals;
using namespace watchfire;
using namespace watchfire::ui::chart;

namespace {

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

double parsed(const QByteArray& field)
{
    if (field == "NaN") {
        return std::numeric_limits<double>::quiet_NaN();
    }
    if (field.endsWith("Inf")) {
        return field.startsWith('-') ? -std::numeric_limits<double>::infinity()
                                     : std::numeric_limits<double>::infinity();
    }
    return field.toDouble();
}

bool isSame(double a, double b)
{
    return (std::isnan(a) && std::isnan(b)) || std::memcmp(&a, &b, sizeof a) == 0;
}

} // namespace

class TestChartExport : public QObject {
    Q_OBJECT
private slots:
    void csvOfAGrid()
    {
        Matrix matrix(2);
        matrix[0].labels = Labels{{"__name__", "up"}, {"job", "a\"b,c"}};
        matrix[0].atMs = {0, 15'000, 30'000};
        matrix[0].values = {1, 0.1, std::numeric_limits<double>::quiet_NaN()};
        matrix[1].labels = Labels{{"job", "z"}};
        matrix[1].atMs = {15'000, 30'500};
        matrix[1].values = {-1e300, std::numeric_limits<double>::infinity()};
        QCOMPARE(QByteArray::fromStdString(toCsv(matrix)),
                 QByteArray("time,\"up{job=\"\"a\\\"\"b,c\"\"}\",\"{job=\"\"z\"\"}\"\r\n"
                            "1970-01-01T00:00:00.000Z,1,\r\n"
                            "1970-01-01T00:00:15.000Z,0.1,-1e+300\r\n"
                            "1970-01-01T00:00:30.000Z,NaN,\r\n"
                            "1970-01-01T00:00:30.500Z,,+Inf\r\n"));
    }

    /// Every sample is there and reads back as the very same number.
    void csvEqualsTheData()
    {
        std::mt19937_64 random(11);
        std::uniform_int_distribution<std::uint64_t> bits;
        const auto matrix = made::matrix(5, 400, 1000, [&](std::size_t s, std::size_t p) {
            if (s == 2 && p % 7 == 0) {
                return std::numeric_limits<double>::quiet_NaN();
            }
            double value = 0;
            const std::uint64_t pattern = bits(random);
            std::memcpy(&value, &pattern, sizeof value);
            return value;
        });
        const QByteArray csv = QByteArray::fromStdString(toCsv(*matrix));
        QList<QByteArray> lines = csv.split('\n');
        QCOMPARE(lines.size(), 402); // the header, and nothing after the last line's end
        for (qsizetype i = 1; i <= 400; ++i) {
            const QList<QByteArray> fields = lines.at(i).trimmed().split(',');
            QCOMPARE(fields.size(), 6);
            const auto at
                = QDateTime::fromString(QString::fromLatin1(fields.front()), Qt::ISODateWithMs);
            QCOMPARE(at.toMSecsSinceEpoch(), (*matrix)[0].atMs[std::size_t(i - 1)]);
            for (std::size_t s = 0; s < 5; ++s) {
                QVERIFY(isSame(parsed(fields.at(qsizetype(s) + 1)),
                               (*matrix)[s].values[std::size_t(i - 1)]));
            }
        }
    }

    void csvOfScatteredSamplesIsLong()
    {
        auto matrix
            = made::matrix(60, 50, 60'000, [](std::size_t s, std::size_t) { return double(s); });
        for (std::size_t s = 0; s < matrix->size(); ++s) {
            for (std::int64_t& at : (*matrix)[s].atMs) {
                at += std::int64_t(s) * 7;
            }
        }
        const QByteArray csv = QByteArray::fromStdString(toCsv(*matrix));
        QVERIFY(csv.startsWith("time,series,value\r\n"));
        QCOMPARE(csv.count('\n'), 1 + 60 * 50);
    }

    void csvOfNothing() { QCOMPARE(toCsv({}), std::string("time\r\n")); }

    void files_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<ExportFormat>("format");
        QTest::newRow("png") << u"a.png"_s << ExportFormat::png;
        QTest::newRow("svg") << u"a.svg"_s << ExportFormat::svg;
        QTest::newRow("pdf") << u"a.PDF"_s << ExportFormat::pdf;
        QTest::newRow("csv") << u"a.csv"_s << ExportFormat::csv;
    }

    void files()
    {
        QFETCH(QString, name);
        QFETCH(ExportFormat, format);
        QCOMPARE(exportFormatOf(name), format);
        const QTemporaryDir folder;
        const QString path = folder.filePath(name);
        TimeChart chart;
        chart.resize(600, 400);
        chart.setTitle(u"a < b & c"_s);
        const auto matrix = made::matrix(3, 200, 1000, [](std::size_t s, std::size_t p) {
            return double(s) + std::sin(double(p) / 10);
        });
        chart.setData(matrix, {fromUnixMs(made::start), fromUnixMs(made::start + 199'000)},
                      std::chrono::seconds(1));
        QSignalSpy drawn(&chart, &TimeChart::drawn);
        chart.show();
        QTRY_VERIFY(!drawn.isEmpty());

        QSignalSpy exported(&chart, &TimeChart::exported);
        chart.exportTo(path, format);
        QTRY_COMPARE(exported.size(), 1);
        QCOMPARE(exported.front().at(0).toString(), path);
        QCOMPARE(exported.front().at(1).toString(), QString());
        const QByteArray content = contentOf(path);
        switch (format) {
        case ExportFormat::png: {
            const QImage image = QImage::fromData(content);
            QCOMPARE(image.size(), QSize(1200, 800));
            break;
        }
        case ExportFormat::svg: {
            QXmlStreamReader xml(content);
            int paths = 0;
            QString texts;
            while (!xml.atEnd()) {
                if (xml.readNext() == QXmlStreamReader::StartElement) {
                    paths += xml.name() == u"path"_s ? 1 : 0;
                    if (xml.name() == u"text"_s) {
                        texts += xml.readElementText() + u'\n';
                    }
                }
            }
            QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
            QVERIFY(paths >= 3 + 5); // lines and grid
            QVERIFY(texts.contains(u"a < b & c"_s));
            QVERIFY(texts.contains(u"instance=host2"_s));
            break;
        }
        case ExportFormat::pdf:
            QVERIFY(content.startsWith("%PDF-"));
            QVERIFY(!content.contains("/Subtype /Image")); // lines, not a picture of lines
            break;
        case ExportFormat::csv:
            QCOMPARE(content, QByteArray::fromStdString(toCsv(*matrix)));
            break;
        }
    }

    void saysWhyItFailed()
    {
        TimeChart chart;
        QSignalSpy exported(&chart, &TimeChart::exported);
        chart.exportTo(u"/nowhere/at/all.csv"_s, ExportFormat::csv);
        QCOMPARE(exported.size(), 1); // no data yet
        chart.setData(made::matrix(1, 2, 1000, [](std::size_t, std::size_t) { return 1.0; }),
                      {fromUnixMs(made::start), fromUnixMs(made::start + 1000)},
                      std::chrono::seconds(1));
        chart.exportTo(u"/nowhere/at/all.csv"_s, ExportFormat::csv);
        QTRY_COMPARE(exported.size(), 2);
        QVERIFY(exported.back().at(1).toString().contains(u"/nowhere/at/all.csv"_s));
    }
};

QTEST_MAIN(TestChartExport)
#include "tst_chart_export.moc"
