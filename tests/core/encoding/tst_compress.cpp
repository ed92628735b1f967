// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/encoding/compress.h"

#include <random>

#include <QTest>

using namespace watchfire;
using namespace watchfire::encoding;
using namespace Qt::StringLiterals;

namespace {

std::string compress(const QByteArray& encoding, std::string_view data)
{
    return encoding == "gzip"  ? gzipCompress(data)
        : encoding == "snappy" ? snappyCompress(data)
        : encoding == "zstd"   ? zstdCompress(data)
                               : std::string(data);
}

std::string noise(std::size_t size)
{
    std::mt19937 random(20260701);
    std::string out(size, '\0');
    for (char& c : out) {
        c = static_cast<char>(random());
    }
    return out;
}

} // namespace

class TestCompress : public QObject {
    Q_OBJECT
private slots:
    void roundTrip_data()
    {
        QTest::addColumn<QByteArray>("encoding");
        QTest::addColumn<QByteArray>("data");
        for (const QByteArray& encoding : {"gzip"_ba, "snappy"_ba, "zstd"_ba, "identity"_ba}) {
            QTest::newRow((encoding + " empty").constData()) << encoding << ""_ba;
            QTest::newRow((encoding + " short").constData()) << encoding << "abc"_ba;
            QTest::newRow((encoding + " repeats").constData())
                << encoding << QByteArray(1'000'000, 'x');
            QTest::newRow((encoding + " noise").constData())
                << encoding << QByteArray::fromStdString(noise(200'000));
        }
    }

    void roundTrip()
    {
        QFETCH(QByteArray, encoding);
        QFETCH(QByteArray, data);
        const std::string packed = compress(encoding, data.toStdString());
        const auto size = std::uint64_t(data.size());
        const auto back = decompress(encoding.toStdString(), packed, size);
        QVERIFY2(back.has_value(), back ? "" : back.error().message.c_str());
        QVERIFY(*back == data.toStdString());
        if (size > 0) {
            const auto capped = decompress(encoding.toStdString(), packed, size - 1);
            QVERIFY(!capped.has_value());
            QCOMPARE(capped.error().kind, ErrorKind::limit);
        }
        if (size > 0 && encoding != "identity") {
            const auto cut
                = decompress(encoding.toStdString(),
                             std::string_view(packed).substr(0, packed.size() - 1), size);
            QVERIFY(!cut.has_value());
            QCOMPARE(cut.error().kind, ErrorKind::invalid);
        }
    }

    void gzipOfSeveralMembers()
    {
        const auto back = gzipDecompress(gzipCompress("one ") + gzipCompress("two"), 100);
        QVERIFY(back.has_value());
        QCOMPARE(*back, "one two");
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("encoding");
        QTest::addColumn<QByteArray>("data");
        QTest::newRow("gzip garbage") << "gzip"_ba << "nonsense"_ba;
        QTest::newRow("gzip empty") << "gzip"_ba << ""_ba;
        QTest::newRow("snappy garbage") << "snappy"_ba << "nonsense"_ba;
        QTest::newRow("snappy claims a terabyte")
            << "snappy"_ba << "\x80\x80\x80\x80\x80\x80\x01x"_ba;
        QTest::newRow("zstd garbage") << "zstd"_ba << "nonsense"_ba;
        QTest::newRow("zstd empty") << "zstd"_ba << ""_ba;
        QTest::newRow("unknown encoding") << "br"_ba << "x"_ba;
    }

    void refuses()
    {
        QFETCH(QByteArray, encoding);
        QFETCH(QByteArray, data);
        QVERIFY(!decompress(encoding.toStdString(), data.toStdString(), 1'000'000).has_value());
    }
};

QTEST_GUILESS_MAIN(TestCompress)
#include "tst_compress.moc"
