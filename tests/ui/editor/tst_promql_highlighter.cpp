// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/functions.h"
#include "core/promql/syntax/lexer.h"
#include "tests/support/qt_test.h"
#include "ui/editor/promql_highlighter.h"
#include "ui/theme/palette.h"

#include <KSyntaxHighlighting/AbstractHighlighter>
#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Format>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/State>
#include <map>

#include <QTextBlock>
#include <QTextDocument>
#include <QTextLayout>

using namespace watchfire;
using namespace watchfire::ui;
using namespace Qt::StringLiterals;
using KSyntaxHighlighting::Theme;

namespace {

/// One letter for each character of a text, by the style our definition gives it.
class Letters final : public KSyntaxHighlighting::AbstractHighlighter {
public:
    explicit Letters(const KSyntaxHighlighting::Repository& repository)
    {
        setDefinition(repository.definitionForName(u"PromQL"_s));
        setTheme(repository.theme(u"Watchfire Light"_s));
    }

    QString of(const QString& text)
    {
        QStringList lines;
        KSyntaxHighlighting::State state;
        for (const QString& line : text.split(u'\n')) {
            m_line = QString(line.size(), u' ');
            state = highlightLine(line, state);
            for (qsizetype i = 0; i < line.size(); ++i) {
                if (line[i] == u' ') {
                    m_line[i] = u' ';
                }
            }
            lines << m_line;
        }
        return lines.join(u'\n');
    }

protected:
    void applyFormat(int offset, int length, const KSyntaxHighlighting::Format& format) override
    {
        for (int i = offset; i < offset + length; ++i) {
            m_line[i] = letter(format.textStyle());
        }
    }

private:
    static QChar letter(Theme::TextStyle style)
    {
        static const std::map<Theme::TextStyle, char16_t> letters{
            {Theme::Variable, u'm'},    {Theme::Function, u'f'},  {Theme::BuiltIn, u'a'},
            {Theme::Keyword, u'k'},     {Theme::Attribute, u'l'}, {Theme::String, u's'},
            {Theme::SpecialChar, u'x'}, {Theme::DecVal, u'n'},    {Theme::Constant, u'd'},
            {Theme::Operator, u'o'},    {Theme::Comment, u'c'},   {Theme::Error, u'!'},
            {Theme::Preprocessor, u'v'}};
        const auto found = letters.find(style);
        return found == letters.end() ? QChar(u'?') : QChar(found->second);
    }

    QString m_line;
};

QStringList sorted(QStringList list)
{
    list.sort();
    return list;
}

} // namespace

/// The definition in resources/syntax, against the language itself, and its themes.
class TestPromqlHighlighter : public QObject {
    Q_OBJECT

private slots:
    void wordsAreThoseOfTheLanguage()
    {
        const auto definition = m_repository->definitionForName(u"PromQL"_s);
        QVERIFY(definition.isValid());
        QStringList functions;
        for (const promql::Function& function : promql::allFunctions()) {
            functions << QString::fromUtf8(function.name);
        }
        QCOMPARE(sorted(definition.keywordList(u"functions"_s)), sorted(functions));
        QStringList aggregations;
        for (const promql::Aggregation& aggregation : promql::allAggregations()) {
            aggregations << QString::fromUtf8(aggregation.name);
        }
        QCOMPARE(sorted(definition.keywordList(u"aggregations"_s)), sorted(aggregations));
        QStringList keywords;
        for (const promql::Keyword& keyword : promql::allKeywords()) {
            keywords << QString::fromUtf8(keyword.word);
        }
        QStringList ours;
        for (const QString& list : definition.keywordLists()) {
            if (list != u"functions"_s && list != u"aggregations"_s) {
                ours << definition.keywordList(list);
            }
        }
        QCOMPARE(sorted(ours), sorted(keywords));
    }

    void styles_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("letters"); // m metric, f function, a aggregation, k keyword …
        const auto row = [](const char* name, const QString& text, const QString& letters) {
            QTest::newRow(name) << text << letters;
        };
        row("rate over a range", u"rate(foo[5m])"_s, u"ffffommmoddoo"_s);
        row("matchers", u"foo{a=\"b\",c!~'d'}"_s, u"mmmolosssoloossso"_s);
        row("name of a function as metric", u"rate + time{}"_s, u"mmmm o mmmmoo"_s);
        row("aggregation as metric", u"sum{} + sum(x)"_s, u"mmmoo o aaaomo"_s);
        row("grouping before", u"sum by (by, job) (x)"_s, u"aaa kk ollo lllo omo"_s);
        row("grouping behind", u"sum(x) without (job)"_s, u"aaaomo kkkkkkk olllo"_s);
        row("upper case", u"SUM BY (a) (b)"_s, u"aaa kk olo omo"_s);
        row("functions have their case", u"RATE(x)"_s, u"!!!!omo"_s);
        row("matching", u"a * on(b) group_left(c) d"_s, u"m o kkolo kkkkkkkkkkolo m"_s);
        row("bool", u"a > bool 1"_s, u"m o kkkk n"_s);
        row("set operators", u"a and b unless c"_s, u"m ooo m oooooo m"_s);
        row("offset and at", u"a offset -5m @ end()"_s, u"m kkkkkk odd o fffoo"_s);
        row("escapes", u"{a=\"x\\n\\\"y\\q\"}"_s, u"olossxxxxs!!so"_s);
        row("raw string", u"{a=`x\\n`}"_s, u"olosssss"_s + u"o"_s);
        row("unclosed string", u"{a=\"x"_s, u"olo!!"_s);
        row("numbers", u"0x1F + 1.5e-3 + .5 + Inf + 1_000"_s,
            u"nnnn o nnnnnn o nn o nnn o nnnnn"_s);
        row("duration as number", u"1h30m > 5"_s, u"ddddd o n"_s);
        row("no number", u"5x"_s, u"!!"_s);
        row("recording rule", u"job:rate:sum5m"_s, u"mmmmmmmmmmmmmm"_s);
        row("recording rule that begins like a word", u"sum:by"_s, u"mmmmmm"_s);
        row("unknown function", u"rat(x)"_s, u"!!!omo"_s);
        row("comment", u"a # sum(b)"_s, u"m c cccccc"_s);
        row("variable", u"rate(x[$__interval])"_s, u"ffffomovvvvvvvvvvvoo"_s);
        row("subquery", u"x[5m:1m]"_s, u"moddoddo"_s);
        row("arithmetic of durations", u"x[step() * 2]"_s, u"moffffoo o no"_s);
        row("quoted metric", u"{\"a.b\"}"_s, u"ossssso"_s);
        row("stray character", u"a ? b"_s, u"m ! m"_s);
        row("over several lines", u"sum by (a) (\n  rate(b[5m]) # c\n)"_s,
            u"aaa kk olo o\n  ffffomoddoo c c\no"_s);
    }
    void styles()
    {
        QFETCH(QString, text);
        QTEST(Letters(*m_repository).of(text), "letters");
    }

    /// The roles the lexer tells, for whatever it reads without a fault.
    void agreesWithTheLexer_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* const text :
             {"sum by (instance) (rate(http_requests_total{code=~\"5..\"}[5m])) / 2",
              "histogram_quantile(0.99, sum(rate(x_bucket[5m])) by (le))",
              "a == bool on (x, y) group_right (z) b", "count_values(\"version\", build_info)",
              "max_over_time(rate(a[5m])[1h:30s]) offset 1d", "topk(3, a) or bottomk(3, b)",
              "-a ^ 2 % 3 atan2 b", "absent(up{job=\"x\"}) unless on () vector(1)",
              "label_replace(up, \"a\", \"$1\", \"b\", \"(.*)\")", "time() - timestamp(a) > 300",
              "quantile(0.5, a) by (b)", "a @ 1609746000.5", "rate(a[5m] offset 1w @ start())",
              "predict_linear(a[1h], 4 * 3600) < 0", "a{__name__=~\"x:.*\"}"}) {
            QTest::newRow(text) << QString::fromLatin1(text);
        }
    }
    void agreesWithTheLexer()
    {
        QFETCH(QString, text);
        const std::string bytes = text.toStdString();
        const auto tokens = promql::tokenize(bytes);
        const auto roles = promql::rolesOf(tokens);
        const QString letters = Letters(*m_repository).of(text);
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            const QChar letter = letters[qsizetype(tokens[i].span.begin)];
            const auto fits = [&]() -> bool {
                switch (roles[i]) {
                case promql::TokenRole::error:
                    return letter == u'!';
                case promql::TokenRole::comment:
                    return letter == u'c';
                case promql::TokenRole::number:
                    return letter == u'n' || letter == u'd';
                case promql::TokenRole::string:
                    return letter == u's';
                case promql::TokenRole::operation:
                case promql::TokenRole::punctuation:
                    return letter == u'o';
                case promql::TokenRole::keyword:
                    return letter == u'k';
                case promql::TokenRole::aggregation:
                    return letter == u'a';
                case promql::TokenRole::function:
                    return letter == u'f';
                case promql::TokenRole::metric:
                    return letter == u'm';
                case promql::TokenRole::label:
                    return letter == u'l';
                }
                return false;
            };
            QVERIFY2(fits(), qPrintable(letters));
        }
    }

    void themesFitThePalettes_data()
    {
        QTest::addColumn<int>("scheme");
        QTest::addColumn<int>("contrast");
        QTest::addColumn<QString>("name");
        QTest::addColumn<double>("least");
        const auto row = [](const char* name, theme::Scheme scheme, theme::Contrast contrast,
                            const QString& expected, double least) {
            QTest::newRow(name) << int(scheme) << int(contrast) << expected << least;
        };
        row("light", theme::Scheme::light, theme::Contrast::normal, u"Watchfire Light"_s, 4.5);
        row("dark", theme::Scheme::dark, theme::Contrast::normal, u"Watchfire Dark"_s, 4.5);
        row("light, high contrast", theme::Scheme::light, theme::Contrast::high,
            u"Watchfire Light High Contrast"_s, 7);
        row("dark, high contrast", theme::Scheme::dark, theme::Contrast::high,
            u"Watchfire Dark High Contrast"_s, 7);
    }
    void themesFitThePalettes()
    {
        QFETCH(int, scheme);
        QFETCH(int, contrast);
        QFETCH(double, least);
        const QPalette palette
            = theme::makePalette(theme::Scheme(scheme), theme::Contrast(contrast));
        const Theme fitting = m_repository->themeForPalette(palette);
        QTEST(fitting.name(), "name");
        for (int style = Theme::Normal; style <= Theme::Error; ++style) {
            const QColor color(fitting.textColor(Theme::TextStyle(style)));
            const double ratio
                = theme::contrastRatio(color, palette.color(QPalette::Active, QPalette::Base));
            QVERIFY2(ratio >= least, qPrintable(u"style %1: %2"_s.arg(style).arg(ratio)));
        }
    }

    void documentFollowsThePalette()
    {
        QTextDocument document;
        document.setPlainText(u"rate(foo[5m])"_s);
        const QPalette light = theme::makePalette(theme::Scheme::light);
        const QPalette dark = theme::makePalette(theme::Scheme::dark);
        editor::PromqlHighlighter highlighter(&document, light);
        const auto colorOfFirst = [&] {
            highlighter.rehighlight();
            const auto formats = document.firstBlock().layout()->formats();
            return formats.isEmpty() ? QColor() : formats.front().format.foreground().color();
        };
        const QColor inLight = colorOfFirst();
        QCOMPARE(inLight, highlighter.color(Theme::Function));
        highlighter.setPalette(dark);
        const QColor inDark = colorOfFirst();
        QVERIFY(inLight != inDark);
        QVERIFY(theme::contrastRatio(inDark, dark.color(QPalette::Base)) >= 4.5);
    }

private:
    std::shared_ptr<KSyntaxHighlighting::Repository> m_repository = editor::syntaxRepository();
};

QTEST_MAIN(TestPromqlHighlighter)
#include "tst_promql_highlighter.moc"
