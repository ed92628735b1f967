// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/group_text.h"
#include "core/discovery/json_places.h"
#include "tests/core/discovery/rig.h"

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;

class TestGroupText : public QObject {
    Q_OBJECT
private slots:
    void reads_data()
    {
        QTest::addColumn<bool>("json");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("JSON")
            << true << R"([{"targets":["a:1","b:2"],"labels":{"x":"1"}},{"targets":["c:3"]}])"_ba
            << "a:1\n  x=1\nb:2\n  x=1\nc:3\n"_ba;
        QTest::newRow("JSON null") << true << "null"_ba << ""_ba;
        QTest::newRow("JSON, nothing in it") << true << "[]"_ba << ""_ba;
        QTest::newRow("JSON group of nulls")
            << true << R"([{"targets":null,"labels":null}])"_ba << ""_ba;
        QTest::newRow("YAML") << false
                              << "- targets: [a:1, 'b:2']\n  labels:\n    x: 1\n    y: yes\n"_ba
                              << "a:1\n  x=1\n  y=yes\nb:2\n  x=1\n  y=yes\n"_ba;
        QTest::newRow("YAML, only comments") << false << "# nothing yet\n"_ba << ""_ba;
        QTest::newRow("a label without a value is none")
            << false << "- targets: [a:1]\n  labels: {x: ~, y: ''}\n"_ba << "a:1\n"_ba;
        QTest::newRow("a byte order mark")
            << true << "\xEF\xBB\xBF[{\"targets\":[\"a:1\"]}]"_ba << "a:1\n"_ba;
        QTest::newRow("names in UTF-8")
            << true << R"([{"targets":["a:1"],"labels":{"größe":"1"}}])"_ba
            << "a:1\n  größe=1\n"_ba;
    }
    void reads()
    {
        QFETCH(bool, json);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        const auto groups = json ? discovery::groupsFromJson(text.toStdString())
                                 : discovery::groupsFromYaml(text.toStdString());
        QVERIFY2(groups, groups ? "" : groups.error().message.c_str());
        QCOMPARE(test::dump(*groups), expected);
    }

    void refuses_data()
    {
        QTest::addColumn<bool>("json");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("error");
        QTest::newRow("JSON: not a list")
            << true << "{}"_ba << "1:1: a list of target groups is expected"_ba;
        QTest::newRow("JSON: comma at the end") << true << "[\n  {\"targets\": [\"a:1\",]}\n]"_ba
                                                << "2:22: a value expected, not ']'"_ba;
        QTest::newRow("JSON: no comma between") << true << "[{\"targets\": [\"a:1\" \"b:2\"]}]"_ba
                                                << "1:21: ',' or ']' expected, not '\"'"_ba;
        QTest::newRow("JSON: cut off") << true << "[{\"targets\":\n [\"a:1\""_ba
                                       << "2:8: ',' or ']' expected, not the end of the text"_ba;
        QTest::newRow("JSON: no closing quote")
            << true << "[{\"targets\": [\"a:1]}]"_ba << "1:15: the text has no closing quote"_ba;
        QTest::newRow("JSON: single quotes")
            << true << "[{'targets': []}]"_ba
            << "1:3: a name in double quotes expected, not '\\''"_ba;
        QTest::newRow("JSON: wrong after a byte order mark")
            << true << "\xEF\xBB\xBF[{},x]"_ba << "1:6: a value expected, not 'x'"_ba;
        QTest::newRow("JSON: something behind it")
            << true << "[] x"_ba << "1:4: nothing may follow the value"_ba;
        QTest::newRow("JSON: null group")
            << true << "[{},\n null]"_ba << "2:2: there is no target group here (null)"_ba;
        QTest::newRow("JSON: targets of another kind")
            << true << "[{},\n\n  {\"targets\": [1]}]"_ba
            << "3:3: \"targets\" must be a list of texts"_ba;
        QTest::newRow("JSON: a number as a label") << true << R"([{"labels": {"x": 1}}])"_ba
                                                   << "1:2: \"labels\" must be names with texts"_ba;
        QTest::newRow("JSON: unknown key")
            << true << R"([{"target": []}])"_ba
            << "1:2: field \"target\" is unknown; a target group has \"targets\" and \"labels\""_ba;
        QTest::newRow("JSON: label without a name")
            << true << R"([{"labels": {"": "x"}}])"_ba << "1:2: \"\" is not a valid label name"_ba;
        QTest::newRow("YAML: not a list")
            << false << "targets: [a:1]\n"_ba << "1:1: a list of target groups is expected"_ba;
        QTest::newRow("YAML: null group") << false << "- targets: [a:1]\n-\n"_ba
                                          << "2:1: there is no target group here (null)"_ba;
        QTest::newRow("YAML: one target, no list")
            << false << "- targets: a:1\n"_ba << "1:12: \"targets\" must be a list of texts"_ba;
        QTest::newRow("YAML: unknown key")
            << false << "- targets: [a:1]\n  label: {}\n"_ba
            << "2:3: field \"label\" is unknown; a target group has \"targets\" and \"labels\""_ba;
        QTest::newRow("YAML: key given twice") << false << "- targets: [a:1]\n  targets: [b:1]\n"_ba
                                               << "2:3: field \"targets\" already set"_ba;
        QTest::newRow("YAML: labels of another kind")
            << false << "- labels: {x: [1]}\n"_ba << "1:15: \"labels\" must be names with texts"_ba;
    }
    void refuses()
    {
        QFETCH(bool, json);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, error);
        const auto groups = json ? discovery::groupsFromJson(text.toStdString())
                                 : discovery::groupsFromYaml(text.toStdString());
        QVERIFY(!groups);
        QCOMPARE(QByteArray::fromStdString(groups.error().message), error);
    }

    void deepTextsEnd()
    {
        const std::string deep(100'000, '[');
        QVERIFY(discovery::placesOf(deep).fault);
        QVERIFY(!discovery::groupsFromJson(deep));
    }

    void elementsAreFound()
    {
        const auto places = discovery::placesOf("[1, [2, 3],\n {\"a\": [4]}]");
        QVERIFY(!places.fault);
        QCOMPARE(places.elements, (std::vector<std::uint32_t>{1, 4, 13}));
    }

    void names_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("label");
        QTest::newRow("plain") << "aZ_09"_ba << "aZ_09"_ba;
        QTest::newRow("dots, slashes")
            << "app.kubernetes.io/name"_ba << "app_kubernetes_io_name"_ba;
        QTest::newRow("one underscore for a character") << "größe"_ba << "gr__e"_ba;
        QTest::newRow("bytes that are none") << "a\xff\xfe"_ba << "a__"_ba;
        QTest::newRow("nothing") << ""_ba << ""_ba;
    }
    void names()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, label);
        QCOMPARE(QByteArray::fromStdString(discovery::labelNameFrom(name.toStdString())), label);
    }
};

QTEST_GUILESS_MAIN(TestGroupText)
#include "tst_group_text.moc"
