// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// What is excused as rounding among the differences to another Prometheus, and what is not.
#include "core/promql/query.h"
#include "core/storage/memory_store.h"
#include "tests/interop/rounding.h"

#include <QJsonArray>
#include <QTest>

using namespace watchfire;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;

class TestRounding : public QObject {
    Q_OBJECT

    static constexpr std::int64_t atMs = 1'800'000'000'000;
    storage::MemoryStore m_store;

    /// As the API answers, of series without labels.
    static QJsonObject answerOf(const std::vector<double>& values)
    {
        QJsonArray result;
        for (const double value : values) {
            result.append(QJsonObject{
                {u"metric"_s, QJsonObject{}},
                {u"value"_s, QJsonArray{double(atMs) / 1'000, QString::number(value, 'g', 17)}}});
        }
        return {{u"status"_s, u"success"_s}, {u"data"_s, QJsonObject{{u"result"_s, result}}}};
    }

    QJsonObject ask(const std::string& query)
    {
        const auto answer
            = promql::evaluate(query, m_store, promql::QueryTimes::instant(fromUnixMs(atMs)), {});
        if (!answer) {
            qWarning("%s: %s", query.c_str(), answer.error().message.c_str());
            return {};
        }
        std::vector<double> values;
        for (const VectorSample& sample : std::get<Vector>(answer->value)) {
            values.push_back(sample.value);
        }
        return answerOf(values);
    }

private slots:
    void initTestCase()
    {
        const auto appender = m_store.appender();
        const auto add = [&](const char* name, const char* i, double value) {
            SampleView sample;
            sample.at = fromUnixMs(atMs);
            sample.value = value;
            QVERIFY(appender->append(0, Labels{{"__name__", name}, {"i", i}}, sample));
        };
        add("small", "1", 1);
        add("small", "2", 2);
        add("small", "3", 4);
        add("large", "1", 1.8e9);
        add("large", "2", 1.8e9 + 1e-6);
        add("large", "3", 1.8e9 - 1e-6);
        QVERIFY(appender->commit());
    }

    void differences_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<double>("theirs"); // NaN: nothing
        QTest::addColumn<bool>("isRounding");
        const double nothing = std::nan("");
        QTest::newRow("what is left of a power beyond the digits")
            << "vector(3) ^ 100 % 7"_ba << 6.5 << true;
        QTest::newRow("what is left of a power within them")
            << "vector(3) ^ 5 % 7"_ba << 6.0 << false;
        QTest::newRow("a power itself") << "vector(3) ^ 100"_ba << 5.1e47 << false;
        QTest::newRow("a turn of a large angle") << "sin(vector(3) ^ 100)"_ba << -0.3 << true;
        QTest::newRow("a sine above one") << "sin(vector(3) ^ 100)"_ba << 4.0 << false;
        QTest::newRow("a spread that is lost in the digits") << "stdvar(large)"_ba << 5e-12 << true;
        QTest::newRow("a spread above what is lost") << "stdvar(large)"_ba << 1e-3 << false;
        QTest::newRow("a spread that is not") << "stdvar(small)"_ba << 1.5556 << false;
        QTest::newRow("spreads whose difference is all digits")
            << "stddev(small) - stddev(small * 1)"_ba << 2e-15 << true;
        QTest::newRow("spreads whose difference is not")
            << "stddev(small) - stddev(small * 1)"_ba << 1e-9 << false;
        QTest::newRow("there or not by the last digit")
            << "stddev(small) > stddev(small)"_ba << 1.2472191289246473 << true;
        QTest::newRow("not there by more than that")
            << "stddev(small) > 0.5 * stddev(small)"_ba << nothing << false;
        QTest::newRow("nothing that is rounded otherwise") << "sum(small)"_ba << 7.1 << false;
    }

    void differences()
    {
        QFETCH(QByteArray, query);
        QFETCH(double, theirs);
        QFETCH(bool, isRounding);
        const std::string text = query.toStdString();
        const auto ast = promql::parse(text);
        QVERIFY(ast.has_value());
        const Samples others
            = samplesOf(answerOf(std::isnan(theirs) ? std::vector<double>() : std::vector{theirs}));
        QCOMPARE(tests::isRounding(*ast->root, text, others, samplesOf(ask(text)),
                                   [this](const std::string& asked) { return ask(asked); }),
                 isRounding);
    }

    void partsAreRewrittenWhereTheyStand()
    {
        const std::string text = "abs(stddev by (i) (small)) + 2 ^ scalar(small)";
        const auto ast = promql::parse(text);
        QVERIFY(ast.has_value());
        const std::string other = withOtherRounding(*ast->root, text, 3);
        QVERIFY2(promql::parse(other).has_value(), other.c_str());
        QVERIFY2(other.contains("abs(avg by (i) (small))"), other.c_str());
        QVERIFY2(other.contains("((2 ^ scalar(small)) * (1 + "), other.c_str());
        QVERIFY(other != withOtherRounding(*ast->root, text, 4));
    }
};

QTEST_GUILESS_MAIN(TestRounding)
#include "tst_rounding.moc"
