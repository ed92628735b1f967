// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_engine.h"
#include "tests/support/qt_test.h"
#include "ui/editor/completion_popup.h"
#include "ui/editor/known_names.h"
#include "ui/editor/promql_editor.h"
#include "ui/theme/palette.h"

#include <memory>

#include <QAbstractItemModel>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QListView>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTextBlock>
#include <QTextLayout>
#include <QVBoxLayout>

using namespace watchfire;
using namespace watchfire::ui;
using namespace watchfire::ui::editor;
using namespace Qt::StringLiterals;

namespace {

struct StoppedClock final : Clock {
    Timestamp now() const override { return fromUnixMs(1'795'000'000'000); }
};

} // namespace

/// The editor as a person types in it.
class TestPromqlEditor : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_engine = std::make_unique<tests::FakeEngine>();
        m_engine->onLabels = [](const engine::LabelsRequest& request) {
            return Result<std::vector<std::string>>(
                request.label == metricNameLabel
                    ? std::vector<std::string>{"node_cpu_seconds_total", "node_load1", "up"}
                    : request.label.empty()
                    ? std::vector<std::string>{"__name__", "cpu", "instance", "mode"}
                    : std::vector<std::string>{"idle", "system", "user"});
        };
        m_engine->onMetadata = [] {
            return Result<std::vector<FamilyMetadata>>(std::vector<FamilyMetadata>{
                {"node_cpu_seconds_total", {MetricType::counter, "Seconds <b>spent</b>.", "s"}},
                {"node_load1", {MetricType::gauge, "Load.", ""}}});
        };
        m_bridge = std::make_unique<EngineBridge>(*m_engine, m_clock);
        m_names = std::make_unique<KnownNames>(*m_bridge);
        m_window = std::make_unique<QWidget>();
        m_editor = new PromqlEditor("query", m_window.get());
        m_editor->setNames(m_names.get());
        auto* const next = new QLineEdit(m_window.get());
        next->setObjectName(u"next"_s);
        auto* const column = new QVBoxLayout(m_window.get());
        column->addWidget(m_editor);
        column->addWidget(next);
        m_window->resize(600, 300);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        m_editor->setFocus();
        m_names->refresh();
        QTRY_COMPARE(m_names->metrics().size(), std::size_t(3));
    }
    void cleanup()
    {
        m_window.reset();
        m_names.reset();
        m_bridge.reset();
        m_engine.reset();
    }

    void ratBecomesRate()
    {
        QTest::keyClicks(m_editor, u"rat"_s);
        QVERIFY(popup()->isVisible());
        QCOMPARE(offered().front(), u"rate"_s);
        QTest::keyClick(m_editor, Qt::Key_Tab);
        QCOMPARE(m_editor->toPlainText(), u"rate()"_s);
        QCOMPARE(m_editor->textCursor().position(), 5);
        QVERIFY(!popup()->isVisible());
        QVERIFY2(m_editor->hasFocus(), "Tab chose; it did not go to the next field");
    }

    void enterRunsUnlessNavigated()
    {
        const QSignalSpy submitted(m_editor, &PromqlEditor::submitted);
        QTest::keyClicks(m_editor, u"node_l"_s);
        QVERIFY(popup()->isVisible());
        QTest::keyClick(m_editor, Qt::Key_Return);
        QCOMPARE(submitted.size(), 1);
        QCOMPARE(m_editor->toPlainText(), u"node_l"_s);
        QVERIFY(!popup()->isVisible());

        m_editor->setExpression({});
        QTest::keyClicks(m_editor, u"node"_s);
        QVERIFY(offered().contains(u"node_load1"_s));
        const qsizetype row = offered().indexOf(u"node_load1"_s);
        QVERIFY(row >= 0);
        QTest::keyClick(m_editor, Qt::Key_Down);
        QTest::keyClick(m_editor, row == 0 ? Qt::Key_Up : Qt::Key_Down);
        QTest::keyClick(m_editor, Qt::Key_Up);
        const QString at = list()->currentIndex().data().toString();
        QTest::keyClick(m_editor, Qt::Key_Return);
        QCOMPARE(submitted.size(), 1);
        QCOMPARE(m_editor->toPlainText(), at);
    }

    void tabWithoutListGoesOn()
    {
        QTest::keyClicks(m_editor, u"up"_s);
        QTest::keyClick(m_editor, Qt::Key_Escape);
        QTest::keyClick(m_editor, Qt::Key_Tab);
        QVERIFY(m_window->findChild<QLineEdit*>(u"next"_s)->hasFocus());
    }

    void escapeClosesTheListOnly()
    {
        QTest::keyClicks(m_editor, u"nod"_s);
        QVERIFY(popup()->isVisible());
        QTest::keyClick(m_editor, Qt::Key_Escape);
        QVERIFY(!popup()->isVisible());
        QCOMPARE(m_editor->toPlainText(), u"nod"_s);
        QTest::keyClick(m_editor, Qt::Key_Space, Qt::ControlModifier);
        QVERIFY2(popup()->isVisible(), "Ctrl+Space opens it again");
        QVERIFY2(m_editor->hasFocus(), "the list never has the focus");
        m_window->findChild<QLineEdit*>(u"next"_s)->setFocus();
        QVERIFY2(!popup()->isVisible(), "it goes with the focus");
    }

    void labelsAndValuesComeFromTheSelector()
    {
        QTest::keyClicks(m_editor, u"node_cpu_seconds_total{"_s);
        QTRY_VERIFY(popup()->isVisible());
        QCOMPARE(offered(), (QStringList{u"cpu"_s, u"instance"_s, u"mode"_s}));
        const auto& asked = m_engine->labelsRequests.back();
        QCOMPARE(asked.label, std::string());
        QCOMPARE(asked.matchers.size(), std::size_t(1));
        QCOMPARE(asked.matchers.front().front().value(), std::string("node_cpu_seconds_total"));
        QVERIFY(asked.range.from == Timestamp{});
        QVERIFY2(asked.range.to == m_clock.now(), "an empty range would select nothing");
        QTest::keyClicks(m_editor, u"mo"_s);
        QTest::keyClick(m_editor, Qt::Key_Tab);
        QCOMPARE(m_editor->toPlainText(), u"node_cpu_seconds_total{mode=\"\"}"_s);
        QTRY_COMPARE(offered(), (QStringList{u"idle"_s, u"system"_s, u"user"_s}));
        QCOMPARE(m_engine->labelsRequests.back().label, std::string("mode"));
        QTest::keyClicks(m_editor, u"us"_s);
        QTest::keyClick(m_editor, Qt::Key_Tab);
        QCOMPARE(m_editor->toPlainText(), u"node_cpu_seconds_total{mode=\"user\"}"_s);
        QTest::keyClicks(m_editor, u"}"_s);
        QCOMPARE(m_editor->toPlainText(), u"node_cpu_seconds_total{mode=\"user\"}"_s);
    }

    void slowEngineDoesNotHoldTyping()
    {
        m_engine->hold = true;
        QTest::keyClicks(m_editor, u"up{"_s);
        QCOMPARE(m_editor->toPlainText(), u"up{}"_s);
        QVERIFY(!popup()->isVisible());
        m_engine->release();
        QTRY_VERIFY2(popup()->isVisible(), "the list opens when the names come");
    }

    void typesWholeQueriesUndisturbed_data()
    {
        QTest::addColumn<QString>("query");
        for (const char* const query :
             {"rate(node_cpu_seconds_total{mode=\"idle\"}[5m])",
              "sum by (instance, mode) (rate(x[5m])) / on(instance) y > 0.5",
              "label_replace(up, \"a\", \"$1\", \"b\", \"(.*)\")", "max_over_time(x[1h:5m])",
              "{__name__=~\"a|b\"}", "topk(5, (a + b) * (c - d))"}) {
            QTest::newRow(query) << QString::fromLatin1(query);
        }
    }
    void typesWholeQueriesUndisturbed()
    {
        QFETCH(QString, query);
        QTest::keyClicks(m_editor, query);
        QCOMPARE(m_editor->toPlainText(), query);
    }

    void pairs()
    {
        QTest::keyClicks(m_editor, u"("_s);
        QCOMPARE(m_editor->toPlainText(), u"()"_s);
        QTest::keyClick(m_editor, Qt::Key_Backspace);
        QCOMPARE(m_editor->toPlainText(), QString());
        QTest::keyClicks(m_editor, u"a + b"_s);
        m_editor->selectAll();
        QTest::keyClicks(m_editor, u"("_s);
        QCOMPARE(m_editor->toPlainText(), u"(a + b)"_s);
        QCOMPARE(m_editor->textCursor().selectedText(), u"a + b"_s);
    }

    void undoTakesBackChoiceAndHistory()
    {
        QTest::keyClicks(m_editor, u"rat"_s);
        QTest::keyClick(m_editor, Qt::Key_Tab);
        QCOMPARE(m_editor->toPlainText(), u"rate()"_s);
        m_editor->undo();
        QCOMPARE(m_editor->toPlainText(), u"rat"_s);
        m_editor->setExpression(u"up == 0"_s);
        m_editor->undo();
        QCOMPARE(m_editor->toPlainText(), u"rat"_s);
    }

    void linesHistoryAndSubmit()
    {
        const QSignalSpy submitted(m_editor, &PromqlEditor::submitted);
        QSignalSpy history(m_editor, &PromqlEditor::historyWanted);
        QTest::keyClicks(m_editor, u"1 +"_s);
        const int oneLine = m_editor->height();
        QTest::keyClick(m_editor, Qt::Key_Return, Qt::ShiftModifier);
        QTest::keyClicks(m_editor, u"2"_s);
        QCOMPARE(m_editor->toPlainText(), u"1 +\n2"_s);
        QVERIFY(m_editor->minimumHeight() > oneLine);
        QCOMPARE(submitted.size(), 0);
        QTest::keyClick(m_editor, Qt::Key_Up, Qt::ControlModifier);
        QTest::keyClick(m_editor, Qt::Key_Down, Qt::ControlModifier);
        QCOMPARE(history.size(), 2);
        QCOMPARE(history[0][0].toInt(), -1);
        QCOMPARE(history[1][0].toInt(), 1);
    }

    void growsWithItsText()
    {
        QString text = u"1"_s;
        for (int lines = 2; lines <= 8; ++lines) {
            text += u"\n+ 1"_s;
            m_editor->setExpression(text);
            QCoreApplication::processEvents();
            QVERIFY2(m_editor->verticalScrollBar()->value() == 0, "the first line is seen");
            QVERIFY(!m_editor->verticalScrollBar()->isVisible());
            QVERIFY(m_editor->viewport()->rect().contains(m_editor->cursorRect()));
        }
    }

    void formats()
    {
        m_editor->setExpression(u"sum( rate(foo [5m] ))by(job)"_s);
        QTest::keyClick(m_editor, Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(m_editor->toPlainText(), u"sum by (job) (rate(foo[5m]))"_s);
        m_editor->undo();
        QCOMPARE(m_editor->toPlainText(), u"sum( rate(foo [5m] ))by(job)"_s);

        QSignalSpy checked(m_editor, &PromqlEditor::checked);
        m_editor->setExpression(u"a  + b # why"_s);
        QTest::keyClick(m_editor, Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(m_editor->toPlainText(), u"a  + b # why"_s);
        QVERIFY(!checked.back().front().toString().isEmpty());
    }

    void faultsShowSoonAndAreMended_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("to");
        QTest::addColumn<QString>("says");
        QTest::addColumn<QString>("mended");
        QTest::newRow("unknown function")
            << u"rat(x[5m])"_s << 0 << 3 << u"Did you mean rate?"_s << u"rate(x[5m])"_s;
        QTest::newRow("missing range")
            << u"rate(x)"_s << 5 << 6 << u"range vector"_s << u"rate(x[5m])"_s;
        QTest::newRow("behind wide letters, space before")
            << u"  a{b=\"ä€\"} + rat(x[5m])"_s << 14 << 17 << u"rate"_s
            << u"  a{b=\"ä€\"} + rate(x[5m])"_s;
    }
    void faultsShowSoonAndAreMended()
    {
        QFETCH(QString, text);
        QFETCH(int, from);
        QFETCH(int, to);
        QFETCH(QString, says);
        QSignalSpy checked(m_editor, &PromqlEditor::checked);
        QElapsedTimer since;
        m_editor->setExpression(text);
        since.start();
        QTRY_VERIFY(!checked.isEmpty());
        QVERIFY2(checked.back().front().toString().contains(says),
                 qPrintable(checked.back().front().toString()));
        bool found = false;
        for (const QTextEdit::ExtraSelection& mark : m_editor->extraSelections()) {
            found = found
                || (mark.format.underlineStyle() == QTextCharFormat::WaveUnderline
                    && mark.cursor.selectionStart() == from && mark.cursor.selectionEnd() == to);
        }
        QVERIFY(found);
        QTest::keyClick(m_editor, Qt::Key_Return, Qt::AltModifier);
        QTEST(m_editor->toPlainText(), "mended");
        QCOMPARE(checked.back().front().toString(), QString());
    }

    void adviceIsGivenAndTaken()
    {
        QSignalSpy checked(m_editor, &PromqlEditor::checked);
        QSignalSpy advised(m_editor, &PromqlEditor::advised);
        m_editor->setExpression(u"count(up) == 0"_s);
        QTRY_VERIFY(!advised.isEmpty());
        QCOMPARE(checked.back().front().toString(), QString()); // no fault: it may run
        QVERIFY2(advised.back().front().toString().contains(u"count() is never 0"_s),
                 qPrintable(advised.back().front().toString()));
        QVERIFY(advised.back().front().toString().contains(u"absent(up)"_s));
        const auto marks = m_editor->extraSelections();
        const bool isMarked = std::ranges::any_of(marks, [](const QTextEdit::ExtraSelection& mark) {
            return mark.format.underlineStyle() == QTextCharFormat::WaveUnderline
                && mark.cursor.selectionStart() == 0 && mark.cursor.selectionEnd() == 14;
        });
        QVERIFY(isMarked);
        QTest::keyClick(m_editor, Qt::Key_Return, Qt::AltModifier);
        QCOMPARE(m_editor->toPlainText(), u"absent(up)"_s);
        QCOMPARE(advised.back().front().toString(), QString());
    }

    void bracketsAreShown()
    {
        m_editor->setExpression(u"sum(a)"_s);
        QTextCursor cursor = m_editor->textCursor();
        cursor.setPosition(4);
        m_editor->setTextCursor(cursor);
        QList<int> places;
        for (const QTextEdit::ExtraSelection& mark : m_editor->extraSelections()) {
            places << mark.cursor.selectionStart();
        }
        QCOMPARE(places, (QList<int>{3, 5}));
    }

    void colouringIsNoEdit()
    {
        m_editor->setExpression(u"rate(up[5m])"_s);
        const QSignalSpy edited(m_editor, &PromqlEditor::edited);
        QTRY_VERIFY(!m_editor->document()->firstBlock().layout()->formats().isEmpty());
        const auto colorOfFirst = [&] {
            return m_editor->document()
                ->firstBlock()
                .layout()
                ->formats()
                .front()
                .format.foreground()
                .color();
        };
        m_editor->setPalette(theme::makePalette(theme::Scheme::light));
        const QColor light = colorOfFirst();
        m_editor->setPalette(theme::makePalette(theme::Scheme::dark));
        QVERIFY(colorOfFirst() != light);
        QCOMPARE(edited.size(), 0);
    }

    void explainsWords()
    {
        m_editor->setExpression(u"rate(node_cpu_seconds_total[5m])"_s);
        QVERIFY(m_editor->helpAt(1).startsWith(u"rate(range vector) → instant vector\n"_s));
        const QString metric = m_editor->helpAt(8);
        QVERIFY2(metric.contains(u"counter · s"_s), qPrintable(metric));
        QVERIFY(metric.contains(u"Seconds <b>spent</b>."_s));
        QCOMPARE(m_editor->helpAt(4), QString());
    }

    void rememberedComesFirst()
    {
        QTest::keyClicks(m_editor, u"ma"_s);
        QCOMPARE(offered().front(), u"max"_s);
        QVERIFY(offered().contains(u"max_over_time"_s));
        m_names->remember("max_over_time");
        QTest::keyClick(m_editor, Qt::Key_Escape);
        m_editor->setExpression({});
        QTest::keyClicks(m_editor, u"ma"_s);
        QCOMPARE(offered().front(), u"max_over_time"_s);
    }

private:
    CompletionPopup* popup() const
    {
        return m_editor->findChild<CompletionPopup*>(u"query.completion"_s);
    }
    QListView* list() const { return popup()->findChild<QListView*>(u"query.completion.list"_s); }
    QStringList offered() const
    {
        QStringList all;
        for (int row = 0; popup()->isVisible() && row < list()->model()->rowCount(); ++row) {
            all << list()->model()->index(row, 0).data().toString();
        }
        if (all.isEmpty()) {
            all << QString();
        }
        return all;
    }

    StoppedClock m_clock;
    std::unique_ptr<tests::FakeEngine> m_engine;
    std::unique_ptr<EngineBridge> m_bridge;
    std::unique_ptr<KnownNames> m_names;
    std::unique_ptr<QWidget> m_window;
    PromqlEditor* m_editor = nullptr;
};

QTEST_MAIN(TestPromqlEditor)
#include "tst_promql_editor.moc"
