// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/labels.h"
#include "core/model/matcher.h"

#include <map>
#include <random>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;

class TestLabels : public QObject {
    Q_OBJECT
private slots:
    void isASortedSetWithoutEmptyValues()
    {
        const Labels labels{{"b", "2"}, {"a", "1"}, {"c", ""}, {"b", "3"}};
        QCOMPARE(labels.size(), size_t(2));
        QCOMPARE(labels.get("a"), std::string_view("1"));
        QCOMPARE(labels.get("b"), std::string_view("3"));
        QVERIFY(!labels.has("c"));
        QVERIFY((labels == Labels{{"a", "1"}, {"b", "3"}}));
    }

    void behavesLikeAMap()
    {
        std::mt19937 random(7);
        std::map<std::string, std::string> model;
        Labels labels;
        for (int i = 0; i < 2'000; ++i) {
            const std::string name(1 + random() % 3, static_cast<char>('a' + random() % 5));
            // Some values longer than 127 bytes, so that lengths take two bytes.
            const std::string value(random() % 5 == 0 ? 0 : random() % 300, 'v');
            if (value.empty()) {
                model.erase(name);
            } else {
                model[name] = value;
            }
            labels = labels.with(name, value);
            QVERIFY(std::ranges::equal(labels, model, [](const Label& a, const auto& b) {
                return a.name == b.first && a.value == b.second;
            }));
            LabelsBuilder builder;
            for (const auto& [key, text] : model) {
                builder.set(key, text);
            }
            QVERIFY(builder.build() == labels && builder.build().hash() == labels.hash());
        }
    }

    void prints_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("label");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("plain") << "up"_ba << "job"_ba << "up{job=\"x\\\"\\\\\"}"_ba;
        QTest::newRow("UTF-8 metric") << "a.b"_ba << "job"_ba << "{\"a.b\", job=\"x\\\"\\\\\"}"_ba;
        QTest::newRow("UTF-8 label") << "up"_ba << "a.b"_ba << "up{\"a.b\"=\"x\\\"\\\\\"}"_ba;
    }

    void prints()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, label);
        QFETCH(QByteArray, text);
        const Labels labels{{"__name__", name.toStdString()}, {label.toStdString(), "x\"\\"}};
        QCOMPARE(labels.toString(), text.toStdString());
    }

    void ordersByNameThenValueThenLength()
    {
        const std::vector<Labels> sorted{Labels{}, Labels{{"a", "1"}},
                                         Labels{{"a", "1"}, {"b", "1"}}, Labels{{"a", "2"}},
                                         Labels{{"b", "0"}}};
        for (std::size_t i = 0; i < sorted.size(); ++i) {
            for (std::size_t k = 0; k < sorted.size(); ++k) {
                QVERIFY((sorted[i] <=> sorted[k]) == (i <=> k));
            }
        }
    }

    /// Against names and values one by one.
    void ordersAsItsLabelsDo()
    {
        std::mt19937 random(21);
        std::vector<std::map<std::string, std::string>> sets(300);
        for (auto& set : sets) {
            for (std::size_t i = random() % 4; i > 0; --i) {
                const std::string name(1 + random() % 2, static_cast<char>('a' + random() % 2));
                // Some as long as takes two bytes to say, some beginning alike.
                std::string value(random() % 8 == 0 ? 120 + random() % 20 : 1 + random() % 3, 'v');
                value.back() = static_cast<char>(random() % 3 == 0 ? '\xC3' : 'u' + random() % 3);
                set[name] = value;
            }
        }
        const auto labelsOf = [](const std::map<std::string, std::string>& set) {
            return Labels::fromPairs({set.begin(), set.end()});
        };
        for (const auto& a : sets) {
            for (const auto& b : sets) {
                QVERIFY((labelsOf(a) <=> labelsOf(b)) == (a <=> b));
            }
        }
    }

    void matchers_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<bool>("present"); // of value "x"
        QTest::addColumn<bool>("absent");
        QTest::newRow("equal") << int(MatchType::equal) << "x"_ba << true << false;
        QTest::newRow("equal to nothing") << int(MatchType::equal) << ""_ba << false << true;
        QTest::newRow("not equal") << int(MatchType::notEqual) << "x"_ba << false << true;
        QTest::newRow("regex") << int(MatchType::regex) << "x|y"_ba << true << false;
        QTest::newRow("regex of anything") << int(MatchType::regex) << ".*"_ba << true << true;
        QTest::newRow("not regex") << int(MatchType::notRegex) << "x|y"_ba << false << true;
    }

    void matchers()
    {
        QFETCH(int, type);
        QFETCH(QByteArray, value);
        QFETCH(bool, present);
        QFETCH(bool, absent);
        const auto matcher = Matcher::make(MatchType(type), "job", value.toStdString());
        QVERIFY(matcher.has_value());
        const std::vector<Matcher> all{*matcher};
        QCOMPARE(matchesAll(all, Labels{{"job", "x"}}), present);
        QCOMPARE(matchesAll(all, Labels{{"other", "x"}}), absent);
    }
};

QTEST_GUILESS_MAIN(TestLabels)
#include "tst_labels.moc"
