// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/result_table_model.h"
#include "ui/models/roles.h"

#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QTest>

using namespace watchfire;
using namespace watchfire::ui;
using namespace Qt::StringLiterals;

namespace {

Vector vectorOf(std::initializer_list<std::pair<const char*, double>> hosts)
{
    Vector vector;
    for (const auto& [host, value] : hosts) {
        vector.push_back({Labels{{"__name__", "load"}, {"host", host}}, 0, value, nullptr});
    }
    return vector;
}

QStringList column(const ResultTableModel& model, int at)
{
    QStringList texts;
    for (int row = 0; row < model.rowCount(); ++row) {
        texts << model.index(row, at).data().toString();
    }
    return texts;
}

constexpr auto strict = QAbstractItemModelTester::FailureReportingMode::QtTest;

} // namespace

class TestResultTableModel : public QObject {
    Q_OBJECT

private slots:
    void labelsBecomeColumns()
    {
        ResultTableModel model;
        const QAbstractItemModelTester tester(&model, strict);
        Vector vector = vectorOf({{"a", 1}, {"b", 2.5}});
        vector.push_back({Labels{{"__name__", "load"}, {"zone", "eu"}}, 0, 3, nullptr});
        model.setResult(vector);
        QStringList headers;
        for (int i = 0; i < model.columnCount(); ++i) {
            headers << model.headerData(i, Qt::Horizontal).toString();
        }
        QCOMPARE(headers, (QStringList{u"Metric"_s, u"host"_s, u"zone"_s, u"Value"_s}));
        QCOMPARE(column(model, 1), (QStringList{u"a"_s, u"b"_s, QString()}));
        QCOMPARE(column(model, 3), (QStringList{u"1"_s, u"2.5"_s, u"3"_s}));
    }

    void otherKindsOfAnswer()
    {
        ResultTableModel model;
        const QAbstractItemModelTester tester(&model, strict);
        model.setResult(Scalar{0, 42});
        QCOMPARE(model.columnCount(), 1);
        QCOMPARE(column(model, 0), QStringList{u"42"_s});
        model.setResult(StringValue{0, "hello"});
        QCOMPARE(column(model, 0), QStringList{u"hello"_s});
        model.setResult(Matrix{{Labels{{"a", "b"}}, {1, 2, 3}, {7, 8, 9}, {}, {}}});
        QCOMPARE(column(model, 1), QStringList{u"3"_s});
        QCOMPARE(column(model, 2), QStringList{u"9"_s});
        model.setResult(Vector{});
        QCOMPARE(model.rowCount(), 0);
    }

    void refreshKeepsSelectionAndOrder()
    {
        ResultTableModel model;
        const QAbstractItemModelTester tester(&model, strict);
        QItemSelectionModel selection(&model);
        model.setResult(vectorOf({{"a", 1}, {"b", 2}, {"c", 3}}));
        model.sort(2, Qt::DescendingOrder);
        QCOMPARE(column(model, 1), (QStringList{u"c"_s, u"b"_s, u"a"_s}));
        selection.setCurrentIndex(model.index(1, 0), QItemSelectionModel::ClearAndSelect);
        model.setResult(vectorOf({{"a", 9}, {"b", 5}, {"d", 7}}));
        QCOMPARE(column(model, 1), (QStringList{u"a"_s, u"d"_s, u"b"_s}));
        QCOMPARE(model.labelsAt(selection.currentIndex().row()).get("host"), std::string_view("b"));
    }

    void filterAndCounts()
    {
        ResultTableModel model;
        const QAbstractItemModelTester tester(&model, strict);
        model.setResult(vectorOf({{"a", 1}, {"b", 2}, {"ab", 3}}));
        model.setFilter(u"host:b"_s);
        QCOMPARE(column(model, 1), (QStringList{u"b"_s, u"ab"_s}));
        QCOMPARE(model.totalCount(), 3);
        model.setFilter({});
        QCOMPARE(column(model, 1), (QStringList{u"a"_s, u"b"_s, u"ab"_s}));
    }

    void csvHasAllDigitsAndQuotes()
    {
        ResultTableModel model;
        model.setResult(Vector{{Labels{{"path", "a,\"b\""}}, 0, 0.1 + 0.2, nullptr}});
        QCOMPARE(model.toCsv(), u"path,value\r\n\"a,\"\"b\"\"\",0.30000000000000004\r\n"_s);
    }
};

QTEST_MAIN(TestResultTableModel)
#include "tst_result_table_model.moc"
