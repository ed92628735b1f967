// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/encoding/compress.h"
#include "core/net/body_sink.h"

#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20;

} // namespace

class TestBodySink : public QObject {
    Q_OBJECT

    net::BodyBudget m_budget;

private slots:
    void init() { m_budget = {}; }

    void readsWhatTheHeadersSay_data()
    {
        QTest::addColumn<QByteArray>("coding");
        QTest::addColumn<QByteArray>("sent");
        const std::string text = "up 1\n";
        const auto gzip = QByteArray::fromStdString(encoding::gzipCompress(text));
        const auto zstd = QByteArray::fromStdString(encoding::zstdCompress(text));
        const QByteArray plain = QByteArray::fromStdString(text);
        QTest::newRow("nothing") << ""_ba << plain;
        QTest::newRow("identity") << "identity"_ba << plain;
        QTest::newRow("gzip") << "gzip"_ba << gzip;
        QTest::newRow("an old name") << "X-GZIP"_ba << gzip;
        QTest::newRow("identity beside it") << "identity, gzip"_ba << gzip;
        QTest::newRow("zstd though nobody asked") << "zstd"_ba << zstd;
    }

    void readsWhatTheHeadersSay()
    {
        QFETCH(QByteArray, coding);
        QFETCH(QByteArray, sent);
        net::BodySink sink(1'000, m_budget);
        QVERIFY(sink.begin({{"content-encoding", coding.toStdString()}}).has_value());
        QVERIFY(sink.take(sent.toStdString()).has_value());
        QVERIFY(sink.finish().has_value());
        QCOMPARE(sink.release(), std::string("up 1\n"));
    }

    void refusesOtherCodings_data()
    {
        QTest::addColumn<QByteArray>("coding");
        QTest::newRow("never asked for") << "br"_ba;
        QTest::newRow("twice is a bomb in a bomb") << "gzip, gzip"_ba;
    }

    void refusesOtherCodings()
    {
        QFETCH(QByteArray, coding);
        net::BodySink sink(1'000, m_budget);
        const auto begun = sink.begin({{"Content-Encoding", coding.toStdString()}});
        QVERIFY(!begun && begun.error().kind == ErrorKind::io);
        QVERIFY(begun.error().message.contains(coding.toStdString()));
    }

    void refusesTwoHeadersOfCodings()
    {
        net::BodySink sink(1'000, m_budget);
        QVERIFY(!sink.begin({{"Content-Encoding", "gzip"}, {"Content-Encoding", "gzip"}}));
    }

    void refusesByTheAnnouncedLength()
    {
        net::BodySink sink(1'000, m_budget);
        const auto begun = sink.begin({{"Content-Length", "1001"}});
        QVERIFY(!begun && begun.error().kind == ErrorKind::limit);
        QVERIFY(begun.error().message.contains("1000"));
        net::BodySink fits(1'000, m_budget);
        QVERIFY(fits.begin({{"Content-Length", "1000"}}).has_value());
        // Of a compressed body it says nothing about what it becomes.
        net::BodySink packed(1'000, m_budget);
        QVERIFY(
            packed.begin({{"Content-Length", "1001"}, {"Content-Encoding", "gzip"}}).has_value());
    }

    void refusesOneByteTooMany_data()
    {
        QTest::addColumn<QByteArray>("coding");
        QTest::newRow("plain") << ""_ba;
        QTest::newRow("gzip") << "gzip"_ba;
        QTest::newRow("zstd") << "zstd"_ba;
    }

    void refusesOneByteTooMany()
    {
        QFETCH(QByteArray, coding);
        const std::string text(1'001, 'x');
        const std::string sent = coding == "gzip" ? encoding::gzipCompress(text)
            : coding == "zstd"                    ? encoding::zstdCompress(text)
                                                  : text;
        for (const std::uint64_t limit : {1'001U, 1'000U}) {
            net::BodySink sink(limit, m_budget);
            QVERIFY(sink.begin({{"Content-Encoding", coding.toStdString()}}).has_value());
            const auto taken = sink.take(sent);
            QCOMPARE(taken.has_value(), limit == 1'001);
            if (!taken) {
                QCOMPARE(taken.error().kind, ErrorKind::limit);
                QCOMPARE(taken.error().message,
                         std::string("the answer is larger than the limit of 1000 bytes"));
            }
        }
    }

    void aBodyCutShortIsNoBody()
    {
        net::BodySink sink(1'000, m_budget);
        QVERIFY(sink.begin({{"Content-Encoding", "gzip"}}).has_value());
        QVERIFY(sink.take(encoding::gzipCompress("up 1\n").substr(0, 12)).has_value());
        const auto finished = sink.finish();
        QVERIFY(!finished && finished.error().kind == ErrorKind::io);
    }

    void theLargestGoesWhenAllAreTooMany()
    {
        m_budget.limit = 8 * mebibyte;
        const std::string piece(mebibyte, 'x');
        net::BodySink small(0, m_budget);
        net::BodySink endless(0, m_budget);
        QVERIFY(small.begin({}).has_value());
        QVERIFY(endless.begin({}).has_value());
        QVERIFY(small.take(piece).has_value());
        QVERIFY(small.take(piece).has_value());
        // Alone one may go on to its own limit; together they share.
        Result<void> taken;
        std::size_t pieces = 0;
        while (taken && pieces < 100) {
            taken = endless.take(piece);
            ++pieces;
        }
        QVERIFY(!taken && taken.error().kind == ErrorKind::limit);
        QVERIFY2(taken.error().message.ends_with("more than their limit of 8388608"),
                 taken.error().message.c_str());
        QCOMPARE(pieces, std::size_t{7});
        endless.release();
        QVERIFY(small.take(piece).has_value());
        QCOMPARE(m_budget.large, std::uint64_t{1});
        QCOMPARE(m_budget.held, 3 * mebibyte);
    }

    void noneGrowsBesideALargeOneThatStandsStill()
    {
        m_budget.limit = 8 * mebibyte;
        const std::string piece(mebibyte, 'x');
        net::BodySink still(0, m_budget);
        net::BodySink other(0, m_budget);
        QVERIFY(still.begin({}).has_value());
        QVERIFY(other.begin({}).has_value());
        for (int i = 0; i < 6; ++i) {
            QVERIFY(still.take(piece).has_value());
        }
        for (int i = 0; i < 3; ++i) { // up to an eighth more than the limit
            QVERIFY(other.take(piece).has_value());
        }
        const auto taken = other.take(piece); // it has no more than its share even so
        QVERIFY(!taken && taken.error().kind == ErrorKind::limit);
    }

    void aBodyThatGoesGivesItsShareBack()
    {
        {
            net::BodySink sink(0, m_budget);
            QVERIFY(sink.begin({}).has_value());
            QVERIFY(sink.take(std::string(2 * mebibyte, 'x')).has_value());
            QCOMPARE(m_budget.large, std::uint64_t{1});
        }
        QCOMPARE(m_budget.large, std::uint64_t{0});
        QCOMPARE(m_budget.held, std::uint64_t{0});
    }
};

QTEST_GUILESS_MAIN(TestBodySink)
#include "tst_body_sink.moc"
