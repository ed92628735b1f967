// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/encoding/yaml_edit.h"

#include <format>

#include <QTest>

using namespace watchfire;
using namespace watchfire::encoding;
using namespace Qt::StringLiterals;

namespace {

std::string text(const QByteArray& bytes)
{
    return {bytes.constData(), size_t(bytes.size())};
}

/// The tree in a form that shows kinds and texts.
QByteArray shape(const YamlNode* node)
{
    if (node == nullptr) {
        return "-";
    }
    QByteArray out;
    switch (node->kind) {
    case YamlKind::scalar:
        return node->isNull() ? "~"_ba : QByteArray::fromStdString(node->text);
    case YamlKind::sequence:
        for (const YamlPlace& item : node->items) {
            out += (out.isEmpty() ? "" : ",") + shape(item.node);
        }
        return "[" + out + "]";
    case YamlKind::mapping:
        for (const YamlEntry& entry : node->entries) {
            out += (out.isEmpty() ? "" : ",") + shape(entry.key) + ":" + shape(entry.value.node);
        }
        return "{" + out + "}";
    }
    return out;
}

} // namespace

class TestYaml : public QObject {
    Q_OBJECT
private slots:
    void parses_data()
    {
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("nothing") << ""_ba << "-"_ba;
        QTest::newRow("only a comment") << "# nothing\n"_ba << "-"_ba;
        QTest::newRow("block") << "a: 1\nb:\n- x\n- y: z\n"_ba << "{a:1,b:[x,{y:z}]}"_ba;
        QTest::newRow("flow") << "{a: [1, {b: c}]}\n"_ba << "{a:[1,{b:c}]}"_ba;
        QTest::newRow("null value") << "a:\nb: ~\nc: 'x'\n"_ba << "{a:~,b:~,c:x}"_ba;
        QTest::newRow("a quoted nothing is a text") << "a: ''\n"_ba << "{a:}"_ba;
        QTest::newRow("alias shares the node") << "a: &x [1]\nb: *x\n"_ba << "{a:[1],b:[1]}"_ba;
        QTest::newRow("literal block") << "a: |\n  one\n  two\nb: c\n"_ba
                                       << "{a:one\ntwo\n,b:c}"_ba;
        QTest::newRow("first document only") << "a: 1\n---\nb: 2\n"_ba << "{a:1}"_ba;
        QTest::newRow("two quotes between quotes") << "a: 'b''''c'\n"_ba << "{a:b''c}"_ba;
        QTest::newRow("quotes between quotes, folded")
            << "a: 'b'''' \n  c\n\n  d'''''\n"_ba << "{a:b'' c\nd''}"_ba;
        QTest::newRow("escapes") << "a: \"x\\ty\"\n"_ba << "{a:x\ty}"_ba;
    }

    void parses()
    {
        QFETCH(QByteArray, source);
        QFETCH(QByteArray, expected);
        const auto document = YamlDocument::parse(text(source));
        QVERIFY2(document.has_value(), document ? "" : document.error().message.c_str());
        QCOMPARE(shape(document->root()), expected);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<QByteArray>("start");
        QTest::newRow("unclosed bracket") << "a: [1\nb: 2\n"_ba << ""_ba;
        QTest::newRow("tab for indentation") << "a:\n\tb: c\n"_ba << ""_ba;
        QTest::newRow("unknown alias") << "a: 1\nb: *zz\n"_ba << "2:4: unknown anchor"_ba;
        QTest::newRow("alias inside its anchor") << "a: &x [*x]\n"_ba << "1:8: anchor 'x'"_ba;
        QTest::newRow("not UTF-8") << "a: \xff\n"_ba << "1:1: "_ba;
        QTest::newRow("wrong indentation") << "a: b\n c: d\n e\n"_ba << ""_ba;
        QByteArray laughs = "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n";
        for (int i = 1; i < 10; ++i) {
            laughs += std::format("a{0}: &a{0} [*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1}]\n",
                                  i, i - 1);
        }
        QTest::newRow("aliases that explode") << laughs << ""_ba;
        QTest::newRow("nested very deeply") << QByteArray(5000, '[') << ""_ba;
    }

    void refuses()
    {
        QFETCH(QByteArray, source);
        QFETCH(QByteArray, start);
        const auto document = YamlDocument::parse(text(source));
        QVERIFY(!document.has_value());
        QCOMPARE(document.error().kind, ErrorKind::invalid);
        QVERIFY2(document.error().message.starts_with(start.toStdString()),
                 document.error().message.c_str());
    }

    void marks()
    {
        const std::string source = "a: 'x y'\nü:\n  - one\n  - k: v\nz: |\n  t\n\n";
        const auto document = YamlDocument::parse(source);
        QVERIFY(document.has_value());
        const YamlNode& root = *document->root();
        const auto taken = [&](const YamlPlace& place) {
            return source.substr(place.begin.offset, place.end - place.begin.offset);
        };
        QCOMPARE(taken(root.entries[0].value), "'x y'");
        QCOMPARE(taken(root.entries[1].value), "- one\n  - k: v");
        QCOMPARE(taken(root.entries[2].value), "|\n  t");
        const YamlNode& list = *root.entries[1].value.node;
        QCOMPARE(list.items[1].begin.line, 4U);
        QCOMPARE(list.items[1].begin.column, 5U);
    }

    void duplicates()
    {
        const auto document = YamlDocument::parse("a: 1\nb: {c: 1, c: 2}\na: 3\n");
        QVERIFY(document.has_value());
        QCOMPARE(document->duplicates().size(), 2U);
        QCOMPARE(document->duplicates()[0]->text, "c");
        QCOMPARE(document->duplicates()[1]->begin.line, 3U);
    }

    void scalars_data()
    {
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<QByteArray>("expected"); // bool, integer, number
        QTest::newRow("yes is true in YAML 1.1") << "yes"_ba << "1 - -"_ba;
        QTest::newRow("off") << "Off"_ba << "0 - -"_ba;
        QTest::newRow("quoted is text") << "'true'"_ba << "- - -"_ba;
        QTest::newRow("integer") << "12"_ba << "- 12 12"_ba;
        QTest::newRow("negative") << "-12"_ba << "- -12 -12"_ba;
        QTest::newRow("old octal") << "017"_ba << "- 15 15"_ba;
        QTest::newRow("hexadecimal") << "0x1F"_ba << "- 31 31"_ba;
        QTest::newRow("underscores") << "1_000"_ba << "- 1000 1000"_ba;
        QTest::newRow("fraction") << "1.5"_ba << "- - 1.5"_ba;
        QTest::newRow("a duration is text") << "15s"_ba << "- - -"_ba;
        QTest::newRow("too large for an integer") << "9223372036854775808"_ba
                                                  << "- - 9223372036854775808"_ba;
    }

    void scalars()
    {
        QFETCH(QByteArray, source);
        QFETCH(QByteArray, expected);
        const auto document = YamlDocument::parse(text(source));
        QVERIFY(document.has_value());
        const YamlNode& node = *document->root();
        const auto boolean = node.asBool();
        const auto integer = node.asInteger();
        const auto number = node.asNumber();
        const QByteArray seen = (boolean ? QByteArray::number(int(*boolean)) : "-"_ba) + " "
            + (integer ? QByteArray::number(qint64(*integer)) : "-"_ba) + " "
            + (number ? QByteArray::number(*number, 'g', 19) : "-"_ba);
        QCOMPARE(seen, expected);
    }

    void emits_data()
    {
        QTest::addColumn<QByteArray>("value"); // as a text of a scalar
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("plain") << "job"_ba << "job\n"_ba;
        QTest::newRow("looks like a number") << "1.0"_ba << "'1.0'\n"_ba;
        QTest::newRow("looks like a boolean") << "no"_ba << "'no'\n"_ba;
        QTest::newRow("empty") << ""_ba << "''\n"_ba;
        QTest::newRow("colon and space") << "a: b"_ba << "'a: b'\n"_ba;
        QTest::newRow("quote") << "it's: x"_ba << "'it''s: x'\n"_ba;
        QTest::newRow("hash") << "a #b"_ba << "'a #b'\n"_ba;
        QTest::newRow("date") << "2024-01-02"_ba << "'2024-01-02'\n"_ba;
        QTest::newRow("sexagesimal") << "12:30"_ba << "'12:30'\n"_ba;
        QTest::newRow("address") << "localhost:9090"_ba << "localhost:9090\n"_ba;
        QTest::newRow("lines") << "a\nb\n"_ba << "|\n  a\n  b\n"_ba;
        QTest::newRow("control") << "a\x01"_ba << "\"a\\x01\"\n"_ba;
        QTest::newRow("other line breaks")
            << "a\u0085b\u2028c\u2029"_ba << "\"a\\x85b\\Lc\\P\"\n"_ba;
        QTest::newRow("template") << "{{ $value }}"_ba << "'{{ $value }}'\n"_ba;
    }

    void emits()
    {
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, expected);
        const std::string out = emitYaml(YamlValue::string(text(value)));
        QCOMPARE(QByteArray::fromStdString(out), expected);
        for (const std::string& written :
             {out, emitYaml(YamlValue::mapping({{"k", YamlValue::string(text(value))}})),
              "- " + emitYamlFlow(YamlValue::sequence({YamlValue::string(text(value))}))}) {
            const auto back = YamlDocument::parse(written);
            QVERIFY2(back.has_value(), written.c_str());
            const YamlNode* node = back->root();
            while (!node->isScalar()) {
                node = node->isMapping() ? node->entries[0].value.node : node->items[0].node;
            }
            QCOMPARE(QByteArray::fromStdString(node->text), value);
            QVERIFY(!node->isNull() && !node->asBool() && !node->asNumber());
        }
    }

    void merges_data()
    {
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<QByteArray>("wanted"); // YAML
        QTest::addColumn<QByteArray>("expected"); // empty: must be refused
        QTest::newRow("scalar keeps its comment")
            << "# top\nglobal:\n  interval: 15s # often\n  b: c\n"_ba
            << "{global: {interval: 1m, b: c}}"_ba
            << "# top\nglobal:\n  interval: 1m # often\n  b: c\n"_ba;
        QTest::newRow("new key at the end of its mapping")
            << "global:\n  a: 1\n\njobs: [x]\n"_ba << "{global: {a: 1, b: two}, jobs: [x]}"_ba
            << "global:\n  a: 1\n  b: two\n\njobs: [x]\n"_ba;
        QTest::newRow("new key in braces") << "global: {a: 1}\n"_ba
                                           << "{global: {a: 1, b: [x, y]}}"_ba
                                           << "global: {a: 1, b: [x, y]}\n"_ba;
        QTest::newRow("key goes") << "a: 1\nb: # why\n- x\n- y\nc: 3 # tail\n"_ba
                                  << "{a: 1, c: 3}"_ba << "a: 1\nc: 3 # tail\n"_ba;
        QTest::newRow("first key of an item goes")
            << "l:\n- name: a\n  b: 1\n"_ba << "{l: [{b: 1}]}"_ba << "l:\n- b: 1\n"_ba;
        QTest::newRow("item added") << "l:\n- name: a\n  v: 1\n# end\n"_ba
                                    << "{l: [{name: a, v: 1}, {name: b, v: [2]}]}"_ba
                                    << "l:\n- name: a\n  v: 1\n- name: b\n  v:\n  - 2\n# end\n"_ba;
        QTest::newRow("item added in front, indented list")
            << "l:\n  # first\n  - name: a\n"_ba << "{l: [{name: z}, {name: a}]}"_ba
            << "l:\n  # first\n  - name: z\n  - name: a\n"_ba;
        QTest::newRow("item goes with its comment")
            << "l:\n- name: a\n\n# about b\n- name: b\n  v: 1\n- name: c\n"_ba
            << "{l: [{name: a}, {name: c}]}"_ba << "l:\n- name: a\n\n- name: c\n"_ba;
        QTest::newRow("change inside an item")
            << "l:\n- name: a # keep\n  v: [1, 2] # two\n- name: b\n"_ba
            << "{l: [{name: a, v: [1, 2, 3]}, {name: b}]}"_ba
            << "l:\n- name: a # keep\n  v: [1, 2, 3] # two\n- name: b\n"_ba;
        QTest::newRow("item of a list in brackets goes")
            << "l: [a, b, c]\n"_ba << "{l: [a, c]}"_ba << "l: [a, c]\n"_ba;
        QTest::newRow("last item of a list in brackets goes")
            << "l: [a, b, c]\n"_ba << "{l: [a, b]}"_ba << "l: [a, b]\n"_ba;
        QTest::newRow("nested and outer additions at the end of the text")
            << "l:\n- name: a\n  t:\n  - x\n"_ba
            << "{l: [{name: a, t: [x, y]}, {name: b}], m: 1}"_ba
            << "l:\n- name: a\n  t:\n  - x\n  - y\n- name: b\nm: 1\n"_ba;
        QTest::newRow("no newline at the end") << "a: 1\nb: 2"_ba << "{a: 1, b: 2, c: 3}"_ba
                                               << "a: 1\nb: 2\nc: 3"_ba;
        QTest::newRow("value that was missing") << "a:\nb: 2\n"_ba << "{a: {x: 1}, b: 2}"_ba
                                                << "a:\n  x: 1\nb: 2\n"_ba;
        QTest::newRow("lines before a comment") << "a: x # c\nb: 2\n"_ba
                                                << "{a: \"l\\nm\\n\", b: 2}"_ba
                                                << "a: |\n  l\n  m\nb: 2\n"_ba;
        QTest::newRow("only comments so far") << "# hello\n"_ba << "{a: 1}"_ba
                                              << "# hello\na: 1\n"_ba;
        QTest::newRow("lines that end as on Windows")
            << "# top\r\nl: # jobs\r\n- name: a # A\r\n  v: 1\r\n\r\n- name: b\r\nm: x\r\n"_ba
            << "{l: [{name: a, v: 2, w: [x, y]}, {name: b}, {name: c}], m: \"l\\nk\\n\"}"_ba
            << "# top\r\nl: # jobs\r\n- name: a # A\r\n  v: 2\r\n  w:\r\n  - x\r\n  - y\r\n\r\n"
               "- name: b\r\n- name: c\r\nm: |\r\n  l\r\n  k\r\n"_ba;
        QTest::newRow("a key goes, with Windows' line ends")
            << "a: 1\r\nb:\r\n- x\r\nc: 3 # tail\r\n"_ba << "{a: 1, c: 3}"_ba
            << "a: 1\r\nc: 3 # tail\r\n"_ba;
        QTest::newRow("renamed item is changed in place")
            << "l:\n- name: a # x\n  v: 1\n"_ba << "{l: [{name: b, v: 1}]}"_ba
            << "l:\n- name: b # x\n  v: 1\n"_ba;
    }

    void merges()
    {
        QFETCH(QByteArray, source);
        QFETCH(QByteArray, wanted);
        QFETCH(QByteArray, expected);
        const auto document = YamlDocument::parse(text(source));
        const auto target = YamlDocument::parse(text(wanted));
        QVERIFY(document && target);
        const YamlValue base
            = document->root() == nullptr ? YamlValue::mapping() : toValue(*document->root());
        const auto merged = mergeYaml(*document, base, toValue(*target->root()), {"name"});
        QVERIFY2(merged.has_value(), merged ? "" : merged.error().message.c_str());
        QCOMPARE(QByteArray::fromStdString(*merged), expected);
        const auto again = YamlDocument::parse(*merged);
        QVERIFY(again.has_value());
        QVERIFY(toValue(*again->root()) == toValue(*target->root()));
    }

    void mergesBesideMergeKeys_data()
    {
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<QByteArray>("base"); // as the source is understood
        QTest::addColumn<QByteArray>("wanted");
        QTest::addColumn<QByteArray>("expected"); // empty: not in place
        const QByteArray source = "l:\n- &b # base\n  name: a\n  v: 1\n- <<: *b # as a\n  name: b\n"
                                  "- name: c\n  v: 3\n"_ba;
        const QByteArray base = "{l: [{name: a, v: 1}, {name: b, v: 1}, {name: c, v: 3}]}"_ba;
        QTest::newRow("a value of its own")
            << source << base << "{l: [{name: a, v: 1}, {name: b, v: 2}, {name: c, v: 3}]}"_ba
            << "l:\n- &b # base\n  name: a\n  v: 1\n- <<: *b # as a\n  name: b\n  v: 2\n"
               "- name: c\n  v: 3\n"_ba;
        QTest::newRow("a key more")
            << source << base << "{l: [{name: a, v: 1}, {name: b, v: 1, w: 5}, {name: c, v: 3}]}"_ba
            << "l:\n- &b # base\n  name: a\n  v: 1\n- <<: *b # as a\n  name: b\n  w: 5\n"
               "- name: c\n  v: 3\n"_ba;
        QTest::newRow("another item")
            << source << base << "{l: [{name: a, v: 1}, {name: b, v: 1}, {name: c}]}"_ba
            << "l:\n- &b # base\n  name: a\n  v: 1\n- <<: *b # as a\n"
               "  name: b\n- name: c\n"_ba;
    }

    void mergesBesideMergeKeys()
    {
        QFETCH(QByteArray, source);
        QFETCH(QByteArray, base);
        QFETCH(QByteArray, wanted);
        QFETCH(QByteArray, expected);
        const auto document = YamlDocument::parse(text(source));
        const auto understood = YamlDocument::parse(text(base));
        const auto target = YamlDocument::parse(text(wanted));
        QVERIFY(document && understood && target);
        const auto merged = mergeYaml(*document, toValue(*understood->root()),
                                      toValue(*target->root()), {"name"});
        QVERIFY2(merged.has_value(), merged ? "" : merged.error().message.c_str());
        QCOMPARE(QByteArray::fromStdString(*merged), expected);
    }

    void aliasesAreSpelledOut_data()
    {
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("none") << "a: 1 # x\n"_ba << "a: 1 # x\n"_ba;
        QTest::newRow("a value") << "a: &x {b: 1} # one\nc: *x # two\n"_ba
                                 << "a: &x {b: 1} # one\nc:\n  b: 1 # two\n"_ba;
        QTest::newRow("an item") << "a: &x b\nl:\n- *x\n- c\n"_ba
                                 << "a: &x b\nl:\n- b\n- c\n"_ba;
        QTest::newRow("in brackets") << "a: &x b\nl: [*x, c]\n"_ba << "a: &x b\nl: [b, c]\n"_ba;
        QTest::newRow("a merge") << "l:\n- &x\n  n: 1\n  v: [2]\n- <<: *x\n  n: 3 # three\n"_ba
                                 << "l:\n- &x\n  n: 1\n  v: [2]\n- n: 3 # three\n  v:\n  - 2\n"_ba;
        QTest::newRow("a merge behind") << "a: &x {v: 2}\nb:\n  n: 3\n  <<: *x # of a\nc: 1\n"_ba
                                        << "a: &x {v: 2}\nb:\n  n: 3\n  v: 2\nc: 1\n"_ba;
    }

    void aliasesAreSpelledOut()
    {
        QFETCH(QByteArray, source);
        QFETCH(QByteArray, expected);
        const auto document = YamlDocument::parse(text(source));
        QVERIFY(document.has_value());
        const auto plain = withoutAliases(*document);
        QVERIFY2(plain.has_value(), plain ? "" : plain.error().message.c_str());
        QCOMPARE(QByteArray::fromStdString(*plain), expected);
    }

    void valuesAreMergedLikeTexts()
    {
        const auto document = YamlDocument::parse("x: &x {k: 1}\n"
                                                  "l: [{<<: *x, name: a, other: y, v: 1}]\n"
                                                  "mine: 1\n");
        const auto base = YamlDocument::parse("{l: [{name: a, v: 1, k: 1}], mine: 1}");
        const auto wanted = YamlDocument::parse("{l: [{name: b, v: 1}, {name: a, v: 2}]}");
        QVERIFY(document && base && wanted);
        const YamlValue merged
            = mergeValues(*document, toValue(*base->root()), toValue(*wanted->root()), {"name"});
        QCOMPARE(emitYamlFlow(merged),
                 "{x: {k: 1}, l: [{name: b, v: 1}, {name: a, other: y, v: 2}]}");
    }

    void textsStayTexts()
    {
        const auto document = YamlDocument::parse("[!!str 5, !!str yes, !!str ~, 5]");
        QVERIFY(document.has_value());
        QCOMPARE(emitYamlFlow(toValue(*document->root())), "['5', 'yes', '~', 5]");
    }

    void mergeLeavesWhatTheBaseDoesNotKnow()
    {
        const auto document = YamlDocument::parse("known: 1\nother: {x: y} # not ours\n");
        QVERIFY(document.has_value());
        const auto merged
            = mergeYaml(*document, YamlValue::mapping({{"known", YamlValue::plain("1")}}),
                        YamlValue::mapping({{"known", YamlValue::plain("2")}}), {});
        QVERIFY(merged.has_value());
        QCOMPARE(*merged, "known: 2\nother: {x: y} # not ours\n");
    }
};

QTEST_GUILESS_MAIN(TestYaml)
#include "tst_yaml.moc"
