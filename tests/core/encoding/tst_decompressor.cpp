// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/encoding/compress.h"
#include "core/encoding/decompressor.h"

#include <algorithm>
#include <random>

#include <QTest>

using namespace watchfire;
using namespace watchfire::encoding;
using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20;

std::string compress(const QByteArray& encoding, std::string_view data)
{
    return encoding == "zstd" ? zstdCompress(data) : gzipCompress(data);
}

/// Feeds a stream in pieces of that size.
Result<std::string> unpack(const QByteArray& encoding, std::string_view packed, std::size_t piece,
                           const DecompressionLimits& limits = {})
{
    auto stream = makeDecompressor(encoding.toStdString(), limits);
    if (!stream) {
        return std::unexpected(stream.error());
    }
    std::string out;
    while (!packed.empty()) {
        const std::string_view part = packed.substr(0, piece);
        packed.remove_prefix(part.size());
        if (auto fed = (*stream)->feed(part, out); !fed) {
            return std::unexpected(fed.error());
        }
    }
    if (auto ended = (*stream)->finish(); !ended) {
        return std::unexpected(ended.error());
    }
    return out;
}

/// Text like that of metrics: it shrinks about tenfold.
std::string metrics(std::size_t lines)
{
    std::mt19937 random(20260701);
    std::string out;
    for (std::size_t i = 0; i < lines; ++i) {
        out += "http_requests_total{code=\"200\",handler=\"/api/v1/query\",instance=\""
            + std::to_string(i) + "\"} " + std::to_string(random()) + "\n";
    }
    return out;
}

void bothEncodings()
{
    QTest::addColumn<QByteArray>("encoding");
    QTest::newRow("gzip") << "gzip"_ba;
    QTest::newRow("zstd") << "zstd"_ba;
}

} // namespace

class TestDecompressor : public QObject {
    Q_OBJECT
private slots:
    void whateverThePieces_data()
    {
        QTest::addColumn<QByteArray>("encoding");
        QTest::addColumn<quint64>("piece");
        for (const QByteArray& encoding : {"gzip"_ba, "zstd"_ba}) {
            for (const quint64 piece : {1U, 7U, 16'384U, 100'000'000U}) {
                QTest::addRow("%s by %llu", encoding.constData(), piece) << encoding << piece;
            }
        }
    }

    void whateverThePieces()
    {
        QFETCH(QByteArray, encoding);
        QFETCH(quint64, piece);
        // Exact multiples of the step by which output is made, and neighbours of them.
        for (const std::size_t size : {std::size_t{0}, std::size_t{1}, mebibyte / 16 - 1,
                                       mebibyte / 16, mebibyte / 16 + 1, mebibyte / 8}) {
            const std::string text = metrics(3'000).substr(0, size);
            const auto back = unpack(encoding, compress(encoding, text), piece);
            QVERIFY2(back.has_value(), back ? "" : back.error().message.c_str());
            QVERIFY(*back == text);
        }
    }

    void nothingAtAllIsAnEmptyBody_data() { bothEncodings(); }
    void nothingAtAllIsAnEmptyBody()
    {
        QFETCH(QByteArray, encoding);
        const auto back = unpack(encoding, "", 1);
        QVERIFY(back && back->empty());
    }

    void severalStreamsInARowAreOneBody_data() { bothEncodings(); }
    void severalStreamsInARowAreOneBody()
    {
        QFETCH(QByteArray, encoding);
        const std::string packed
            = compress(encoding, "one ") + compress(encoding, "") + compress(encoding, "two");
        for (const std::size_t piece : {std::size_t{1}, packed.size()}) {
            const auto back = unpack(encoding, packed, piece);
            QVERIFY2(back.has_value(), back ? "" : back.error().message.c_str());
            QCOMPARE(*back, std::string("one two"));
        }
    }

    void aStreamCutShortIsNoBody_data() { bothEncodings(); }
    void aStreamCutShortIsNoBody()
    {
        QFETCH(QByteArray, encoding);
        const std::string packed = compress(encoding, metrics(100));
        for (std::size_t size = 1; size < packed.size(); ++size) {
            const auto back = unpack(encoding, std::string_view(packed).substr(0, size), 64);
            QVERIFY2(!back, qPrintable(u"cut at %1"_s.arg(size)));
            QCOMPARE(back.error().kind, ErrorKind::invalid);
        }
    }

    void damageIsNoBody_data() { bothEncodings(); }
    void damageIsNoBody()
    {
        QFETCH(QByteArray, encoding);
        const auto text = unpack(encoding, "# TYPE up gauge\nup 1\n", 5);
        QVERIFY(!text && text.error().kind == ErrorKind::invalid);
        const auto behind = unpack(encoding, compress(encoding, "up 1\n") + "more", 5);
        QVERIFY(!behind && behind.error().kind == ErrorKind::invalid);
    }

    void aLargeBodyEndsAtItsLimit_data() { bothEncodings(); }
    void aLargeBodyEndsAtItsLimit()
    {
        QFETCH(QByteArray, encoding);
        const std::string text = metrics(20'000);
        const std::string packed = compress(encoding, text);
        QVERIFY(unpack(encoding, packed, 1'000, {.maxSize = text.size()}).has_value());
        const auto over = unpack(encoding, packed, 1'000, {.maxSize = text.size() - 1});
        QVERIFY(!over && over.error().kind == ErrorKind::limit);
        QVERIFY(over.error().message.contains(std::to_string(text.size() - 1)));
    }

    void aBombEndsSoon_data() { bothEncodings(); }
    void aBombEndsSoon()
    {
        QFETCH(QByteArray, encoding);
        const std::string bomb = compress(encoding, std::string(64 * mebibyte, '0'));
        auto stream = makeDecompressor(encoding.toStdString(), {});
        QVERIFY(stream.has_value());
        std::string out;
        const auto fed = (*stream)->feed(bomb, out);
        QVERIFY(!fed && fed.error().kind == ErrorKind::limit);
        QVERIFY2(fed.error().message.contains("bomb"), fed.error().message.c_str());
        // What a bomb may become is bounded by what was sent of it.
        QVERIFY(out.size() <= std::max(mebibyte, 200 * bomb.size()) + mebibyte / 8);
        QVERIFY(out.size() < 16 * mebibyte);
    }

    void aSmallBodyMayShrinkAsItLikes_data() { bothEncodings(); }
    void aSmallBodyMayShrinkAsItLikes()
    {
        QFETCH(QByteArray, encoding);
        const std::string zeros(mebibyte, '0');
        const auto back = unpack(encoding, compress(encoding, zeros), 16'384);
        QVERIFY2(back.has_value(), back ? "" : back.error().message.c_str());
        QVERIFY(*back == zeros);
    }

    void knowsItsEncodings()
    {
        QVERIFY(makeDecompressor("x-gzip", {}).has_value());
        for (const char* name : {"br", "deflate", "", "GZIP", "gzip, gzip"}) {
            const auto stream = makeDecompressor(name, {});
            QVERIFY2(!stream, name);
            QCOMPARE(stream.error().kind, ErrorKind::unsupported);
        }
    }

    void aLongBodyIsCopiedRarely()
    {
        std::string body;
        std::size_t copied = 0;
        while (body.size() < 64 * mebibyte) {
            const std::size_t before = body.capacity();
            growForBody(body, 16'384);
            if (body.capacity() != before) {
                copied += body.size();
            }
            body.append(16'384, 'x');
        }
        // 1 + 8 MiB, and the doublings up to 1 MiB.
        QVERIFY2(copied <= 11 * mebibyte, qPrintable(QString::number(copied)));
    }
};

QTEST_GUILESS_MAIN(TestDecompressor)
#include "tst_decompressor.moc"
