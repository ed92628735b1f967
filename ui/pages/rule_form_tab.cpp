// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rule_form_tab.h"

#include "core/promql/syntax/parser.h"
#include "core/promql/syntax/threshold.h"
#include "core/text/number.h"
#include "ui/editor/promql_editor.h"
#include "ui/models/format.h"
#include "ui/pages/form_layout.h"
#include "ui/pages/text_table.h"
#include "ui/pages/widgets.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

using Op = promql::BinaryOp;
constexpr std::array operators{Op::greater,   Op::greaterEqual, Op::less,
                               Op::lessEqual, Op::equal,        Op::notEqual};

std::optional<promql::Threshold> thresholdIn(const std::string& expr)
{
    const auto ast = promql::parse(expr);
    return ast ? promql::thresholdOf(*ast) : std::nullopt;
}

FieldFaults fieldsOf(const RuleFaults& faults)
{
    FieldFaults out;
    const auto add = [&](const char* field, const QString& fault) {
        if (!fault.isEmpty()) {
            out.emplace(QString::fromLatin1(field), fault);
        }
    };
    add("name", faults.name);
    add("expr", faults.expr);
    add("for", faults.hold);
    add("keep", faults.keep);
    add("labels", faults.labels);
    add("annotations", faults.annotations);
    add("group", faults.group);
    return out;
}

std::vector<TableRow> rowsOf(const NamedTexts& pairs)
{
    std::vector<TableRow> rows;
    for (const auto& [name, value] : pairs) {
        rows.push_back({{name, value}});
    }
    return rows;
}

NamedTexts pairsOf(const TextTable* table)
{
    NamedTexts pairs;
    for (const TableRow& row : table->model().rows()) {
        pairs.emplace_back(row.cells[0], row.cells[1]);
    }
    return pairs;
}

} // namespace

RuleFormTab::RuleFormTab(PageContext& context, bool alerting, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_alerting(alerting)
{
    m_name = field("name", tr("Name"));
    m_name->setPlaceholderText(alerting ? tr("DiskAlmostFull") : tr("job:up:sum"));
    m_expr = new editor::PromqlEditor("rule.dialog.expr", this);
    m_expr->setNames(&context.names);
    m_expr->setAccessibleName(tr("Expression"));
    m_expr->setPlaceholderText(alerting ? tr("up == 0") : tr("sum by (job) (up)"));
    m_operator = choiceBox(u"rule.dialog.operator"_s, tr("Comparison"),
                           {tr("above"), tr("at or above"), tr("below"), tr("at or below"),
                            tr("equal to"), tr("other than")},
                           {}, this);
    m_threshold = field("threshold", tr("Threshold"));
    m_threshold->setMaximumWidth(160);
    m_noThreshold
        = mutedLabel(tr("The expression does not end in a comparison with a number."), this);
    m_hold = field("for", tr("For how long it must hold"));
    m_hold->setPlaceholderText(tr("at once"));
    m_keep = field("keep", tr("Keep firing for"));
    m_keep->setPlaceholderText(tr("no longer than it holds"));
    m_severity = choiceBox(u"rule.dialog.severity"_s, tr("Severity"),
                           {u"critical"_s, u"warning"_s, u"info"_s}, {}, this);
    m_severity->setEditable(true);
    m_summary = field("summary", tr("Summary"));
    m_summary->setPlaceholderText(tr("{{ $labels.instance }} does not answer"));
    m_description = field("description", tr("Description"));
    m_labels = table("labels", alerting ? tr("More labels") : tr("Labels"), tr("label"),
                     alerting ? tr("Routes and silences choose by labels, such as team.")
                              : tr("Each recorded series carries them."));
    m_annotations = table("annotations", tr("More annotations"), tr("annotation"),
                          tr("What people read, such as a link to a runbook."));
    m_group = choiceBox(u"rule.dialog.group"_s, tr("Group"), {}, {}, this);
    m_group->setEditable(true);
    for (const config::RuleGroupConfig& group : context.bridge.config()->config.ruleGroups) {
        m_group->addItem(fromUtf8(group.name));
    }
    m_comparison = new QWidget(this);
    m_comparison->setMinimumHeight(28);
    m_comparison->setFocusProxy(m_operator);
    auto* const row = new QHBoxLayout(m_comparison);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_operator);
    row->addWidget(m_threshold);
    row->addWidget(m_noThreshold);
    row->addStretch(1);
    if (alerting) {
        buildAlert();
    } else {
        buildRecord();
    }
    const auto typed = [this](QWidget* widget, auto signal) {
        connect(qobject_cast<QComboBox*>(widget), signal, this, [this, widget] { touch(widget); });
    };
    typed(m_severity, &QComboBox::currentTextChanged);
    typed(m_group, &QComboBox::currentTextChanged);
    connect(m_expr, &editor::PromqlEditor::edited, this, [this] {
        showThreshold();
        touch(m_expr);
    });
    connect(m_expr, &editor::PromqlEditor::checked, this, &RuleFormTab::edited);
    connect(m_expr, &editor::PromqlEditor::submitted, this, &RuleFormTab::submitted);
    connect(m_operator, &QComboBox::activated, this, &RuleFormTab::takeOperator);
    connect(m_threshold, &QLineEdit::textEdited, this, &RuleFormTab::takeThreshold);
    connect(m_threshold, &QLineEdit::editingFinished, this, &RuleFormTab::showThreshold);
    showThreshold();
}

void RuleFormTab::buildAlert()
{
    auto* const content = new QWidget(this);
    auto* const column = new QVBoxLayout(content);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(8);
    auto* const fields = new QWidget(this);
    column->addWidget(fields);
    TwoColumns form(fields);
    form.add(tr("&Name"), m_name, note("name", m_name));
    form.add(tr("Se&verity"), m_severity);
    form.add(tr("&For"), m_hold, note("for", m_hold));
    form.add(tr("&Keep firing for"), m_keep, note("keep", m_keep));
    FieldNote* const about = note("expr", m_expr);
    connect(m_expr, &editor::PromqlEditor::advised, about, &FieldNote::setHint);
    form.addWide(tr("&Expression"), m_expr, about);
    form.addWide(tr("Thresh&old"), m_comparison);
    form.addWide(tr("&Summary"), m_summary);
    form.addWide(tr("&Description"), m_description);
    form.addWide(tr("&Group"), m_group, note("group", m_group));
    auto* const tables = new QHBoxLayout;
    tables->setSpacing(12);
    const auto titled = [&](const QString& title, TextTable* table, const char* fault) {
        auto* const half = new QVBoxLayout;
        half->setSpacing(4);
        half->addWidget(mutedLabel(title, this));
        half->addWidget(table, 1);
        half->addWidget(note(fault, table));
        tables->addLayout(half, 1);
    };
    titled(tr("More labels"), m_labels, "labels");
    titled(tr("More annotations"), m_annotations, "annotations");
    column->addLayout(tables, 1);
    auto* const outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scrolled(content, this));
}

void RuleFormTab::buildRecord()
{
    for (QWidget* const unused : std::initializer_list<QWidget*>{
             m_comparison, m_hold, m_keep, m_severity, m_summary, m_description, m_annotations}) {
        unused->hide();
    }
    auto* const content = new QWidget(this);
    auto* const column = new QVBoxLayout(content);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(8);
    auto* const fields = new QWidget(this);
    column->addWidget(fields);
    TwoColumns form(fields);
    form.add(tr("&Name"), m_name, note("name", m_name));
    form.add(tr("&Group"), m_group, note("group", m_group));
    FieldNote* const about = note("expr", m_expr);
    connect(m_expr, &editor::PromqlEditor::advised, about, &FieldNote::setHint);
    form.addWide(tr("&Expression"), m_expr, about);
    column->addWidget(mutedLabel(tr("Labels"), this));
    column->addWidget(m_labels, 1);
    column->addWidget(note("labels", m_labels));
    auto* const outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scrolled(content, this));
}

QLineEdit* RuleFormTab::field(const char* name, const QString& accessibleName)
{
    QLineEdit* const made
        = lineEdit(u"rule.dialog."_s + QString::fromLatin1(name), accessibleName, this);
    connect(made, &QLineEdit::textEdited, this, [this, made] { touch(made); });
    return made;
}

FieldNote* RuleFormTab::note(const char* fault, QWidget* widget)
{
    return m_notes.add(QString::fromLatin1(fault), widget, widget->objectName(), this);
}

TextTable* RuleFormTab::table(const char* name, const QString& title, const QString& row,
                              const QString& none)
{
    auto* const made = new TextTable(
        QByteArray("rule.dialog." + QByteArray(name)).constData(), {title, row, none},
        {{tr("Name"), {}, {}, 130}, {tr("Value"), tr("Text or template"), {}, 0}},
        {QString(), QString()}, false, this);
    connect(made, &TextTable::edited, this, [this, made] { touch(made); });
    return made;
}

void RuleFormTab::touch(QWidget* widget)
{
    m_notes.touch(widget);
    emit edited();
}

void RuleFormTab::fill(const RuleForm& form)
{
    const QSignalBlocker blocker(this);
    m_name->setText(form.name);
    if (m_expr->toPlainText() != form.expr) {
        m_expr->setExpression(form.expr);
    }
    m_hold->setText(form.hold);
    m_keep->setText(form.keep);
    m_severity->setCurrentText(form.severity);
    m_summary->setText(form.summary);
    m_description->setText(form.description);
    m_labels->model().setRows(rowsOf(form.labels));
    m_annotations->model().setRows(rowsOf(form.annotations));
    m_group->setCurrentText(form.group);
    showThreshold();
}

RuleForm RuleFormTab::form() const
{
    RuleForm form;
    form.alerting = m_alerting;
    form.name = m_name->text();
    form.expr = m_expr->toPlainText();
    form.hold = m_hold->text();
    form.keep = m_keep->text();
    form.severity = m_severity->currentText();
    form.summary = m_summary->text();
    form.description = m_description->text();
    form.labels = pairsOf(m_labels);
    form.annotations = pairsOf(m_annotations);
    form.group = m_group->currentText();
    return form;
}

void RuleFormTab::showFaults(const RuleFaults& faults, bool all)
{
    m_notes.show(fieldsOf(faults), all);
}

void RuleFormTab::goToFault(const RuleFaults& faults)
{
    if (QWidget* const widget = m_notes.firstOf(fieldsOf(faults))) {
        widget->setFocus();
    }
}

void RuleFormTab::goTo(RulePart part)
{
    QWidget* field = m_expr;
    switch (part) {
    case RulePart::name:
        field = m_name;
        break;
    case RulePart::expression:
        break;
    case RulePart::hold:
        field = m_hold;
        break;
    case RulePart::severity:
        field = m_severity;
        break;
    case RulePart::labels:
        field = m_labels->model().rowCount() > 0 ? static_cast<QWidget*>(m_labels->view())
                                                 : m_severity;
        break;
    case RulePart::annotations:
        field = m_summary;
        break;
    }
    field->setFocus();
}

void RuleFormTab::showThreshold()
{
    const auto threshold = thresholdIn(m_expr->expression());
    m_operator->setVisible(threshold.has_value());
    m_threshold->setVisible(threshold.has_value());
    m_noThreshold->setVisible(!threshold);
    if (!threshold) {
        return;
    }
    const auto at = std::ranges::find(operators, threshold->op) - operators.begin();
    m_operator->setCurrentIndex(int(at));
    // Not under somebody's fingers: "0." is on its way to 0.9.
    const auto shown = text::parseFloat(m_threshold->text().trimmed().toStdString());
    if (!m_threshold->hasFocus() || shown != threshold->value) {
        m_threshold->setText(fromUtf8(text::formatG(threshold->value)));
    }
}

void RuleFormTab::takeOperator()
{
    const std::string expr = m_expr->expression();
    if (const auto threshold = thresholdIn(expr)) {
        const Op op = operators[std::size_t(m_operator->currentIndex())];
        m_expr->setExpression(fromUtf8(promql::withOperator(expr, *threshold, op)));
    }
}

void RuleFormTab::takeThreshold()
{
    const auto value = text::parseFloat(m_threshold->text().trimmed().toStdString());
    if (value && std::isfinite(*value)) {
        setThreshold(*value);
    }
}

void RuleFormTab::setThreshold(double value)
{
    const std::string expr = m_expr->expression();
    const auto threshold = thresholdIn(expr);
    if (threshold && threshold->value != value) {
        m_expr->setExpression(fromUtf8(promql::withThreshold(expr, *threshold, value)));
    }
}

} // namespace watchfire::ui
