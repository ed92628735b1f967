// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/silence_form.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::ui;
using namespace Qt::StringLiterals;

using Fields = std::vector<MatcherField>;

class TestSilenceForm : public QObject {
    Q_OBJECT

private slots:
    void matchers_data()
    {
        QTest::addColumn<Fields>("fields");
        QTest::addColumn<int>("count"); // −1: refused
        QTest::newRow("one") << Fields{{u"job"_s, MatchType::equal, u"node"_s}} << 1;
        QTest::newRow("empty rows do not count")
            << Fields{{u"job"_s, MatchType::equal, u"node"_s}, {}} << 1;
        QTest::newRow("nothing") << Fields{{}} << -1;
        QTest::newRow("value without label") << Fields{{{}, MatchType::equal, u"node"_s}} << -1;
        QTest::newRow("broken expression") << Fields{{u"job"_s, MatchType::regex, u"("_s}} << -1;
        QTest::newRow("would mute everything")
            << Fields{{u"job"_s, MatchType::regex, u".*"_s}} << -1;
        QTest::newRow("everything but one is still everything")
            << Fields{{u"job"_s, MatchType::notEqual, u"node"_s}} << -1;
        QTest::newRow("a wide row beside a narrow one")
            << Fields{{u"job"_s, MatchType::equal, u"node"_s},
                      {u"env"_s, MatchType::notEqual, u"test"_s}}
            << 2;
    }
    void matchers()
    {
        QFETCH(Fields, fields);
        QFETCH(int, count);
        const auto got = toMatchers(fields);
        QCOMPARE(got ? int(got->size()) : -1, count);
    }

    void rowsOfAnAlertMatchIt()
    {
        engine::AlertsSnapshot alerts;
        alerts.alerts.resize(2);
        alerts.alerts[0].labels = Labels{{"alertname", "Down"}, {"instance", "a"}};
        alerts.alerts[1].labels = Labels{{"alertname", "Down"}, {"instance", "b"}};
        const auto fields = fieldsFor(alerts.alerts[1].labels);
        QCOMPARE(fields.front().name, u"alertname"_s);
        const auto matched = matchedBy(*toMatchers(fields), alerts);
        QCOMPARE(matched.size(), std::size_t(1));
        QCOMPARE(matched.front(), &alerts.alerts[1]);
    }
};

QTEST_GUILESS_MAIN(TestSilenceForm)
#include "tst_silence_form.moc"
