// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rule_test_tab.h"

#include "core/promql/syntax/parser.h"
#include "core/promql/syntax/threshold.h"
#include "core/text/duration.h"
#include "core/text/number.h"
#include "ui/editor/yaml_editor.h"
#include "ui/models/format.h"
#include "ui/pages/widgets.h"
#include "ui/theme/state.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <map>
#include <utility>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

/// The first selector that is met, as a series: what it wants to be equal is.
std::string seriesOf(const promql::Node& node)
{
    if (const auto* const selector = std::get_if<promql::VectorSelector>(&node.kind)) {
        LabelsBuilder labels;
        for (const Matcher& matcher : selector->matchers) {
            if (matcher.type() == MatchType::equal) {
                labels.set(matcher.name(), matcher.value());
            }
        }
        return labels.build().toString();
    }
    if (const auto* const matrix = std::get_if<promql::MatrixSelector>(&node.kind)) {
        return seriesOf(*matrix->selector);
    }
    for (const promql::Node* const part : promql::partsOf(node)) {
        if (std::string found = seriesOf(*part); !found.empty()) {
            return found;
        }
    }
    return {};
}

/// A value that the comparison lets through.
double beyond(const std::optional<promql::Threshold>& threshold)
{
    using Op = promql::BinaryOp;
    if (!threshold) {
        return 1;
    }
    const Op op = threshold->op;
    const double away = op == Op::less ? -1 : op == Op::greater || op == Op::notEqual ? 1 : 0;
    return threshold->value + away;
}

/// In single quotes, as YAML has it.
std::string singleQuoted(const std::string& text)
{
    std::string out = "'";
    for (const char c : text) {
        out += c;
        if (c == '\'') {
            out += c;
        }
    }
    return out + "'";
}

QString keyOf(const RuleGroupKey& group, const std::string& rule)
{
    // The state file takes slashes for folders.
    const QByteArray name = QByteArray::fromStdString(group.file + '\n' + group.name + '\n' + rule);
    return u"ruleTests/"_s + QString::fromLatin1(name.toBase64(QByteArray::Base64UrlEncoding));
}

} // namespace

std::string testSkeleton(const config::RuleConfig& rule)
{
    std::string series = "up{job=\"node\",instance=\"a\"}";
    std::optional<promql::Threshold> threshold;
    if (const auto ast = promql::parse(rule.expr)) {
        threshold = promql::thresholdOf(*ast);
        if (std::string found = seriesOf(*ast->root); !found.empty()) {
            series = std::move(found);
        }
    }
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(rule.forDuration).count();
    std::string out = std::format("evaluation_interval: 1m\n"
                                  "tests:\n"
                                  "  - name: {}\n"
                                  "    interval: 1m\n"
                                  "    input_series:\n"
                                  "      - series: {}\n"
                                  "        values: {}x{}\n",
                                  rule.isAlerting() ? "fires" : "records", singleQuoted(series),
                                  text::formatG(beyond(threshold)), minutes + 10);
    if (rule.isAlerting()) {
        out += std::format("    alert_rule_test:\n"
                           "      - eval_time: {}m\n"
                           "        alertname: {}\n"
                           "        exp_alerts:\n"
                           "          - exp_labels: {{}}\n",
                           minutes + 5, singleQuoted(rule.alert));
    } else {
        out += std::format("    promql_expr_test:\n"
                           "      - expr: {}\n"
                           "        eval_time: 5m\n"
                           "        exp_samples:\n"
                           "          - labels: {}\n"
                           "            value: 1\n",
                           singleQuoted(rule.record), singleQuoted(rule.record));
    }
    return out;
}

RuleTestTab::RuleTestTab(PageContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_editor(new YamlEditor("rule.dialog.tests", YamlEditor::Language::yaml, this))
    , m_note(new FieldNote("rule.dialog.tests.note", this))
    , m_outcome(plainLabel({}, this))
    , m_tests(new QTreeWidget(this))
    , m_run(button(tr("&Run tests"), "test", "rule.dialog.tests.run", this))
{
    m_editor->setAccessibleName(tr("Unit tests of the rule as YAML"));
    m_outcome->setObjectName(u"rule.dialog.tests.outcome"_s);
    m_outcome->setWordWrap(true);
    m_tests->setObjectName(u"rule.dialog.tests.results"_s);
    m_tests->setAccessibleName(tr("Results of the tests"));
    m_tests->setHeaderHidden(true);
    m_tests->setEditTriggers(QAbstractItemView::NoEditTriggers);
    // A difference is read as a whole, or scrolled.
    m_tests->header()->setStretchLastSection(false);
    m_tests->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_run->setEnabled(false);
    m_run->setToolTip(tr("Ctrl+Enter"));
    QLabel* const help = mutedLabel(
        tr("As for promtool test rules. They run over a store of their own: nothing that is "
           "collected is read or changed."),
        this);
    help->setWordWrap(true);

    auto* const results = new QWidget(this);
    auto* const resultsColumn = new QVBoxLayout(results);
    resultsColumn->setContentsMargins(0, 0, 0, 0);
    resultsColumn->setSpacing(4);
    resultsColumn->addWidget(m_outcome);
    resultsColumn->addWidget(m_tests, 1);
    results->setMinimumWidth(220);
    auto* const splitter = new QSplitter(Qt::Horizontal, this);
    splitter->addWidget(m_editor);
    splitter->addWidget(results);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setChildrenCollapsible(false);
    auto* const texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(m_note);
    texts->addWidget(help);
    auto* const foot = new QHBoxLayout;
    foot->setSpacing(8);
    foot->addLayout(texts, 1);
    foot->addWidget(m_run, 0, Qt::AlignTop);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(8);
    column->addWidget(splitter, 1);
    column->addLayout(foot);

    connect(m_run, &QPushButton::clicked, this, &RuleTestTab::run);
    connect(m_editor, &QPlainTextEdit::textChanged, this, [this] {
        // Highlighting makes the document say that it has changed, too.
        if (m_editor->toPlainText() != m_text) {
            m_text = m_editor->toPlainText();
            m_isSkeleton = false;
            changed();
        }
    });
    auto* const enter = new QShortcut(Qt::CTRL | Qt::Key_Return, this);
    enter->setContext(Qt::WidgetWithChildrenShortcut);
    connect(enter, &QShortcut::activated, this, &RuleTestTab::run);
    changed();
}

void RuleTestTab::open(const RuleGroupKey& group, const std::string& rule)
{
    m_text = m_context.state.value(keyOf(group, rule)).toString();
    m_isSkeleton = m_text.isEmpty();
    if (m_isSkeleton && m_draft) {
        m_text = fromUtf8(testSkeleton(m_draft->written()));
    }
    m_editor->changeText(m_text);
    changed();
}

void RuleTestTab::keep(const RuleGroupKey& group, const std::string& rule)
{
    if (!m_isSkeleton) {
        m_context.state.setValue(keyOf(group, rule), m_editor->toPlainText());
    }
}

void RuleTestTab::setDraft(std::optional<RuleDraft> draft)
{
    if (draft == m_draft) {
        return;
    }
    m_draft = std::move(draft);
    m_run->setEnabled(m_draft.has_value());
    if (m_isSkeleton && m_draft) {
        // Nobody has made it theirs: it goes with the rule.
        m_text = fromUtf8(testSkeleton(m_draft->written()));
        m_editor->changeText(m_text);
    }
    changed();
}

void RuleTestTab::changed()
{
    m_running.cancel();
    m_tests->clear();
    m_outcome->setText(m_draft ? tr("Not run since the last change.")
                               : tr("Can be run once the rule’s fields are right."));
}

void RuleTestTab::run()
{
    if (!m_draft) {
        return;
    }
    engine::RuleTestRequest request;
    request.groups = {m_draft->ownGroup()};
    request.tests = m_editor->toPlainText().toStdString();
    request.name = "tests";
    m_outcome->setText(tr("Running…"));
    m_running = m_context.bridge.testRules(
        std::move(request), this,
        [this](const Result<engine::RuleTestReport>& result) { take(result); });
}

void RuleTestTab::take(const Result<engine::RuleTestReport>& result)
{
    m_tests->clear();
    m_editor->setMarks({});
    m_note->setError({});
    m_note->setHint({});
    if (!result) {
        m_outcome->setText(fromUtf8(result.error().message));
        return;
    }
    if (!result->faults.empty()) {
        std::map<int, QString> marks;
        for (const config::Fault& fault : result->faults) {
            marks.try_emplace(std::max(1, int(fault.line)), fromUtf8(fault.message));
        }
        const auto& [line, message] = *marks.begin();
        m_note->setError(tr("Line %1: %2").arg(line).arg(message));
        m_editor->setMarks(std::move(marks));
        m_outcome->setText(tr("The tests cannot be read."));
        return;
    }
    if (!result->warnings.empty()) {
        m_note->setHint(fromUtf8(result->warnings.front()));
    }
    std::size_t passed = 0;
    for (const engine::RuleTestReport::Test& test : result->tests) {
        const bool fine = test.failures.empty();
        passed += fine ? 1 : 0;
        auto* const row = new QTreeWidgetItem(
            m_tests, {u"%1 · %2"_s.arg(fine ? tr("Passed") : tr("Failed"), fromUtf8(test.name))});
        row->setIcon(0, theme::stateIcon(fine ? theme::State::up : theme::State::critical));
        for (const std::string& failure : test.failures) {
            for (const QString& line : fromUtf8(failure).split(u'\n', Qt::SkipEmptyParts)) {
                auto* const text = new QTreeWidgetItem(row, {line});
                text->setToolTip(0, line.trimmed());
            }
        }
        row->setExpanded(!fine);
    }
    m_outcome->setText(result->tests.empty()
                           ? tr("There are no tests.")
                           : tr("%1 of %2 passed").arg(passed).arg(result->tests.size()));
}

} // namespace watchfire::ui
