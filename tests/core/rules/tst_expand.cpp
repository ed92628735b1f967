// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/expand.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;

class TestExpand : public QObject {
    Q_OBJECT
private slots:
    void expands_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("result");
        const auto row = [](const char* name, const char* text, const char* result) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(result);
        };
        row("plain", "disk full", "disk full");
        row("label", "{{ $labels.instance }} is down", "db1:9100 is down");
        row("by the long way", "{{ .Labels.instance }}", "db1:9100");
        row("missing label is empty", "[{{ $labels.nope }}]", "[]");
        row("value", "{{ $value }}", "0.9512345");
        row("percentage", "{{ $value | humanizePercentage }}", "95.12%");
        row("printf", "{{ printf \"%.2f\" $value }}", "0.95");
        row("printf pads", "{{ printf \"%6.1f|%-4s|%03d\" $value \"a\" 7 }}", "   1.0|a   |007");
        row("trims", "a  {{- \" b \" -}}  c", "a b c");
        row("comment", "a{{/* not {{ this }} */}}b", "ab");
        row("if", "{{ if gt $value 0.9 }}high{{ else }}low{{ end }}", "high");
        row("else if", "{{ if eq 1 2 }}a{{ else if eq 2 2 }}b{{ else }}c{{ end }}", "b");
        row("with", "{{ with $labels.job }}job {{ . }}{{ end }}", "job node");
        row("with nothing", "{{ with $labels.x }}a{{ else }}none{{ end }}", "none");
        row("range over labels", "{{ range $k, $v := $labels }}{{ $k }}={{ $v }};{{ end }}",
            "instance=db1:9100;job=node;");
        row("break", "{{ range $k, $v := $labels }}{{ $k }}{{ break }}{{ end }}", "instance");
        row("and stops early", "{{ and false (index $labels 3) }}", "false");
        row("nested call", "{{ (printf \"%s-%s\" \"a\" \"b\") | toUpper }}", "A-B");
        row("variable set in a block", "{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}",
            "2");
        row("define", "{{ define \"t\" }}<{{ . }}>{{ end }}{{ template \"t\" $labels.job }}",
            "<node>");
        row("query", "{{ query \"up\" | first | value }}", "42");
        row("label of a query", "{{ with query \"up\" }}{{ . | first | label \"job\" }}{{ end }}",
            "api");
        row("range over a query",
            "{{ range query \"up\" }}{{ .Labels.job }}:{{ .Value }} {{ end }}", "api:42 web:7 ");
        row("strip", "{{ $labels.instance | stripPort }}", "db1");
        row("replace", "{{ reReplaceAll \"(.*):(.*)\" \"$2/$1\" $labels.instance }}", "9100/db1");
        row("match", "{{ match \"^db\" $labels.instance }}", "true");
        row("humanize", "{{ humanize 1234567.0 }} {{ humanize 0.02 }}", "1.235M 20m");
        row("humanize 1024", "{{ humanize1024 1048576.0 }}", "1Mi");
        row("duration", "{{ humanizeDuration 93784.0 }}", "1d 2h 3m 4s");
        row("short duration", "{{ humanizeDuration 0.5 }}", "500ms");
        row("timestamp", "{{ humanizeTimestamp 1435065584.128 }}",
            "2015-06-23 13:19:44.128 +0000 UTC");
        row("external", "{{ $externalURL }} {{ $externalLabels.site }}", "http://w/x here");
        row("raw string", "{{ `a\\n` }}", "a\\n");
        row("escapes", "{{ \"a\\tb\\u00e9\" }}", "a\tb\xC3\xA9");
    }

    void expands()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, result);
        rules::ExpandOptions options;
        options.externalUrl = "http://w/x";
        options.externalLabels = Labels{{"site", "here"}};
        options.query = [](const std::string&, Timestamp) -> Result<Vector> {
            return Vector{{Labels{{"job", "api"}}, 0, 42, nullptr},
                          {Labels{{"job", "web"}}, 0, 7, nullptr}};
        };
        const auto expand = rules::makeExpandText(options);
        const std::string out
            = expand(text.toStdString(), "A", Labels{{"instance", "db1:9100"}, {"job", "node"}},
                     0.9512345, fromUnixMs(0));
        QCOMPARE(QByteArray::fromStdString(out), result);
    }

    void aFaultIsToldInPlace_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("unclosed action") << "{{ $labels"_ba;
        QTest::newRow("unclosed block") << "{{ if true }}x"_ba;
        QTest::newRow("stray end") << "{{ end }}"_ba;
        QTest::newRow("no such function") << "{{ nope 1 }}"_ba;
        QTest::newRow("no such variable") << "{{ $nope }}"_ba;
        QTest::newRow("first of nothing") << "{{ query \"none\" | first }}"_ba;
        QTest::newRow("endless templates")
            << "{{ define \"t\" }}{{ template \"t\" }}{{ end }}{{ template \"t\" }}"_ba;
        QTest::newRow("deep parentheses") << ("{{ " + QByteArray(5'000, '(') + " }}");
    }

    void aFaultIsToldInPlace()
    {
        QFETCH(QByteArray, text);
        rules::ExpandOptions options;
        options.query = [](const std::string&, Timestamp) -> Result<Vector> { return Vector{}; };
        const std::string out
            = rules::makeExpandText(options)(text.toStdString(), "A", Labels{}, 0, fromUnixMs(0));
        QVERIFY2(out.starts_with("<error expanding template: "), out.c_str());
    }
};

QTEST_GUILESS_MAIN(TestExpand)
#include "tst_expand.moc"
