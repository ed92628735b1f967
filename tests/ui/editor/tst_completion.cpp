// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/qt_test.h"
#include "ui/editor/brackets.h"
#include "ui/editor/candidates.h"
#include "ui/editor/completion_context.h"
#include "ui/editor/diagnosis.h"
#include "ui/editor/name_index.h"

using namespace watchfire;
using namespace watchfire::ui::editor;
using namespace Qt::StringLiterals;

namespace {

using Wants = CompletionContext::Wants;

const char* nameOf(Wants wants)
{
    switch (wants) {
    case Wants::nothing:
        return "nothing";
    case Wants::operand:
        return "operand";
    case Wants::word:
        return "word";
    case Wants::matcherLabel:
        return "matcher label";
    case Wants::groupingLabel:
        return "grouping label";
    case Wants::labelValue:
        return "value";
    case Wants::duration:
        return "duration";
    }
    return "";
}

/// The text with the cursor at "|" (at the last one: a regular expression may hold more).
CompletionContext at(const QByteArray& marked)
{
    QByteArray text = marked;
    const qsizetype cursor = text.lastIndexOf('|');
    text.remove(cursor, 1);
    return completionAt({text.constData(), size_t(text.size())}, std::uint32_t(cursor));
}

QString selectorsText(const CompletionContext& context)
{
    QStringList all;
    for (const Matchers& matchers : context.selectors) {
        QStringList parts;
        for (const Matcher& matcher : matchers) {
            parts << QString::fromStdString(matcher.toString());
        }
        parts.sort();
        all << parts.join(u',');
    }
    return all.join(u" ; "_s);
}

std::vector<std::string> ranked(const NameIndex& index, const NameIndex::Wish& wish)
{
    std::vector<std::string> names;
    for (const NameIndex::Hit& hit : index.rank(wish).best) {
        names.push_back(index.names()[hit.name]);
    }
    return names;
}

} // namespace

/// Where what is offered, and in which order.
class TestCompletion : public QObject {
    Q_OBJECT

private slots:
    void wants_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("wants");
        QTest::addColumn<QByteArray>("prefix");
        const auto row = [](const char* name, const char* text, const char* wants,
                            const char* prefix) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(wants) << QByteArray(prefix);
        };
        row("empty text", "|", "operand", "");
        row("beginning of a word", "rat|", "operand", "rat");
        row("middle of a word", "no|de", "operand", "no");
        row("argument", "rate(no|", "operand", "no");
        row("second argument", "histogram_quantile(0.9, r|)", "operand", "r");
        row("right side", "a + b|", "operand", "b");
        row("right side after on", "a + on(x) b|", "operand", "b");
        row("behind a metric", "foo o|", "word", "o");
        row("behind a call", "rate(foo[5m]) a|", "word", "a");
        row("behind a number", "1 a|", "word", "a");
        row("behind braces", "foo{a=\"b\"} |", "word", "");
        row("behind an aggregation", "sum(foo) b|", "word", "b");
        row("an aggregation without arguments", "sum b|", "word", "b");
        row("label name", "foo{|}", "matcher label", "");
        row("label name begun", "foo{a=\"b\", in|}", "matcher label", "in");
        row("keyword among labels", "foo{by|", "matcher label", "by");
        row("value", "foo{a=\"we|\"}", "value", "we");
        row("value not closed", "foo{a=\"we|", "value", "we");
        row("value in single quotes", "foo{a!='|'}", "value", "");
        row("value without quotes", "foo{a=we|}", "value", "we");
        row("alternative of a regex", "foo{a=~\"x|y|\"}", "value", "y");
        row("operator wanted", "foo{a |}", "nothing", "");
        row("comma wanted", "foo{a=\"b\" |}", "nothing", "");
        row("by", "sum by (|) (foo)", "grouping label", "");
        row("by behind", "sum(foo) by (a, b|)", "grouping label", "b");
        row("on", "a * on(|) b", "grouping label", "");
        row("range", "foo[|]", "duration", "");
        row("range begun", "foo[5|", "duration", "5");
        row("step of a subquery", "foo[5m:1|]", "duration", "1");
        row("offset", "foo offset 5|", "duration", "5");
        row("number", "1 + 5|", "nothing", "5");
        row("string", "label_replace(a, \"x|\")", "nothing", "");
        row("comment", "a # rat|", "nothing", "");
        row("at", "foo @ s|", "word", "s");
    }
    void wants()
    {
        QFETCH(QByteArray, text);
        const CompletionContext context = at(text);
        QTEST(QByteArray(nameOf(context.wants)), "wants");
        QTEST(QByteArray::fromStdString(context.prefix), "prefix");
    }

    void selectors_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("selectors");
        QTest::newRow("metric") << "foo{|}"_ba << u"__name__=\"foo\""_s;
        QTest::newRow("other matchers count, on both sides")
            << "foo{a=\"1\",b=\"|\",c=~\"2.*\"}"_ba << u"__name__=\"foo\",a=\"1\",c=~\"2.*\""_s;
        QTest::newRow("not the matcher being written")
            << "foo{b=\"x|\"}"_ba << u"__name__=\"foo\""_s;
        QTest::newRow("no metric, nothing to go by") << "{|}"_ba << u""_s;
        QTest::newRow("no metric, a matcher") << "{job=\"node\",|}"_ba << u"job=\"node\""_s;
        QTest::newRow("aggregated behind the list")
            << "sum by (|) (rate(foo[5m])) + bar"_ba << u"__name__=\"foo\""_s;
        QTest::newRow("aggregated before the list")
            << "bar + sum(foo{a=\"1\"}) by (|)"_ba << u"__name__=\"foo\",a=\"1\""_s;
        QTest::newRow("matching looks at both sides")
            << "foo * on(|) bar"_ba << u"__name__=\"foo\" ; __name__=\"bar\""_s;
    }
    void selectors()
    {
        QFETCH(QByteArray, text);
        QTEST(selectorsText(at(text)), "selectors");
    }

    void modifiersFit()
    {
        const auto words = at("foo |").words;
        QVERIFY(std::ranges::contains(words, "offset"));
        QVERIFY(!std::ranges::contains(words, "by"));
        QVERIFY(std::ranges::contains(at("sum(foo) |").words, "by"));
        QVERIFY(std::ranges::contains(at("a > |").words, "bool"));
        QVERIFY(!std::ranges::contains(at("a + |").words, "bool"));
        QVERIFY(std::ranges::contains(at("a + on(x) |").words, "group_left"));
    }

    void countersInsideRate()
    {
        QVERIFY(at("rate(no|)").counters);
        QVERIFY(!at("deriv(no|)").counters);
    }

    void ranksTierByTier()
    {
        const NameIndex index({"a_cpu_total", "cpu_seconds", "nodecpu", "c_p_u", "cpu", "disk"});
        QCOMPARE(
            ranked(index, {"CPU"}),
            (std::vector<std::string>{"cpu", "cpu_seconds", "a_cpu_total", "nodecpu", "c_p_u"}));
    }

    void recencyThenFitnessThenLength()
    {
        const NameIndex index({"ab", "abc", "abcd", "xab"}, NameIndex::Order::byLength,
                              {false, false, true, true});
        QCOMPARE(ranked(index, {"ab"}), (std::vector<std::string>{"ab", "abc", "abcd", "xab"}));
        QCOMPARE(ranked(index, {.typed = "ab", .preferFitting = true}),
                 (std::vector<std::string>{"abcd", "ab", "abc", "xab"}));
        const std::vector<std::string> recent{"abc", "xab"};
        QCOMPARE(ranked(index, {.typed = "ab", .recent = recent, .preferFitting = true}),
                 (std::vector<std::string>{"abc", "abcd", "ab", "xab"}));
    }

    void countsWhatItDoesNotShow()
    {
        std::vector<std::string> names;
        for (int i = 0; i < 500; ++i) {
            names.push_back("metric_" + std::to_string(i));
        }
        const auto ranking = NameIndex(std::move(names)).rank({"met"});
        QCOMPARE(ranking.best.size(), std::size_t(200));
        QCOMPARE(ranking.matching, std::size_t(500));
    }

    void matchedRuns_data()
    {
        QTest::addColumn<QByteArray>("typed");
        QTest::addColumn<QByteArray>("marked"); // matched letters in upper case
        QTest::newRow("prefix") << "node"_ba << "NODE_cpu_seconds"_ba;
        QTest::newRow("start of a word rather than the first") << "s"_ba << "node_cpu_Seconds"_ba;
        QTest::newRow("letters") << "ncs"_ba << "Node_Cpu_Seconds"_ba;
    }
    void matchedRuns()
    {
        QFETCH(QByteArray, typed);
        std::string name = "node_cpu_seconds";
        for (const auto& [begin, length] :
             watchfire::ui::editor::matchedRuns(name, typed.toStdString())) {
            for (std::size_t i = begin; i < begin + length; ++i) {
                name[i] = char(std::toupper(name[i]));
            }
        }
        QTEST(QByteArray::fromStdString(name), "marked");
    }

    void insertions_data()
    {
        QTest::addColumn<QByteArray>("text"); // cursor at |
        QTest::addColumn<int>("kind");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("after"); // cursor at |
        const auto row = [](const char* name, const char* text, CandidateKind kind,
                            const char* chosen, const char* after) {
            QTest::newRow(name) << QByteArray(text) << int(kind) << QByteArray(chosen)
                                << QByteArray(after);
        };
        row("function opens its parenthesis", "rat|", CandidateKind::function, "rate", "rate(|)");
        row("a parenthesis that is there is taken", "rat|(foo)", CandidateKind::function, "rate",
            "rate(|foo)");
        row("nothing to write into time", "ti|", CandidateKind::function, "time", "time()|");
        row("the rest of the word goes", "no|de_x + 1", CandidateKind::metric, "node_load1",
            "node_load1| + 1");
        row("metric with dots", "ht|", CandidateKind::metric, "http.requests",
            "{\"http.requests\"}|");
        row("label goes on to its value", "foo{jo|}", CandidateKind::label, "job",
            "foo{job=\"|\"}");
        row("label before its operator", "foo{jo|=\"x\"}", CandidateKind::label, "job",
            "foo{job|=\"x\"}");
        row("label of by", "sum by (jo|) (x)", CandidateKind::label, "job", "sum by (job|) (x)");
        row("value steps behind its quote", "foo{a=\"w|\"}", CandidateKind::value, "web\"1",
            "foo{a=\"web\\\"1\"|}");
        row("value closes what is open", "foo{a=\"w|", CandidateKind::value, "web",
            "foo{a=\"web\"|");
        row("value of a regex is no pattern", "foo{a=~\"w|\"}", CandidateKind::value, "web.1",
            "foo{a=~\"web\\\\.1\"|}");
        row("one alternative of several", "foo{a=~\"x|w|\"}", CandidateKind::value, "web",
            "foo{a=~\"x|web\"|}");
        row("keyword leaves room", "foo of|", CandidateKind::keyword, "offset", "foo offset |");
        row("by opens its list", "sum b|", CandidateKind::keyword, "by", "sum by (|)");
        row("duration", "foo[5|]", CandidateKind::duration, "5m", "foo[5m|]");
    }
    void insertions()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, kind);
        QFETCH(QByteArray, name);
        const CompletionContext context = at(text);
        std::string whole = text.toStdString();
        whole.erase(whole.rfind('|'), 1);
        const Insertion insertion
            = insertionOf({CandidateKind(kind), name.toStdString()}, context, whole);
        const auto begin = context.replace.begin;
        std::string written = insertion.text;
        written.insert(insertion.cursor, "|");
        whole.replace(begin, context.replace.end - begin + insertion.takes, written);
        QTEST(QByteArray::fromStdString(whole), "after");
    }

    void durationsGoWithTheNumber()
    {
        const CandidateList list = candidatesFor(at("foo[5|]"), nullptr);
        QVERIFY(!list.best.empty());
        QCOMPARE(list.best.front().name, std::string("5m"));
        QCOMPARE(candidatesFor(at("foo[|]"), nullptr).best.front().name, std::string("5m"));
    }

    void didYouMean_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("meant");
        QTest::newRow("a letter lacks") << "rat"_ba << "rate"_ba;
        QTest::newRow("letters swapped") << "raet"_ba << "rate"_ba;
        QTest::newRow("aggregation") << "smu"_ba << "sum"_ba;
        QTest::newRow("only the beginning") << "histogram_quant"_ba << "histogram_quantile"_ba;
        QTest::newRow("nothing near") << "frobnicate"_ba << ""_ba;
    }
    void didYouMean()
    {
        QFETCH(QByteArray, name);
        QTEST(QByteArray(nearestFunction(name.toStdString()).data(),
                         qsizetype(nearestFunction(name.toStdString()).size())),
              "meant");
    }

    void quotesAndBrackets_data()
    {
        QTest::addColumn<QString>("text"); // cursor at |
        QTest::addColumn<QChar>("typed");
        QTest::addColumn<int>("step");
        const auto row = [](const char* name, const QString& text, char typed, PairStep step) {
            QTest::newRow(name) << text << QChar::fromLatin1(typed) << int(step);
        };
        row("closes at the end", u"rate|"_s, '(', PairStep::close);
        row("not before a word", u"|rate"_s, '(', PairStep::plain);
        row("over the closer", u"rate(|)"_s, ')', PairStep::stepOver);
        row("another one where one lacks", u"((a|)"_s, ')', PairStep::plain);
        row("not in a string", u"foo{a=\"|\"}"_s, '(', PairStep::plain);
        row("not in a comment", u"foo # |"_s, '(', PairStep::plain);
        row("quote opens two", u"foo{a=|}"_s, '"', PairStep::close);
        row("quote over its end", u"foo{a=\"x|\"}"_s, '"', PairStep::stepOver);
        row("escaped quote is text", u"foo{a=\"x\\|\"}"_s, '"', PairStep::plain);
        row("other quote in a string", u"foo{a=\"|\"}"_s, '\'', PairStep::plain);
        row("quote behind a word", u"foo|"_s, '"', PairStep::plain);
    }
    void quotesAndBrackets()
    {
        QFETCH(QString, text);
        QFETCH(QChar, typed);
        const int cursor = int(text.indexOf(u'|'));
        text.remove(cursor, 1);
        QTEST(int(stepFor(TextPlaces(text), cursor, typed)), "step");
    }

    void partnersSkipStrings()
    {
        const QString text = u"sum(a{b=\")\"})"_s;
        const auto pair = bracketsAt(TextPlaces(text), 4);
        QVERIFY(pair.has_value());
        QCOMPARE(*pair, std::pair(3, int(text.size()) - 1));
        QVERIFY(!bracketsAt(TextPlaces(text), 10).has_value());
    }

    void bytesAndPositions()
    {
        const TextPlaces places(u"a{b=\"ä€😀\"} + c"_s);
        for (int i = 0; i <= int(places.text().size()); ++i) {
            if (i > 0 && places.text()[i - 1].isHighSurrogate()) {
                continue; // half a character
            }
            QCOMPARE(places.position(places.byte(i)), i);
        }
    }
};

QTEST_MAIN(TestCompletion)
#include "tst_completion.moc"
