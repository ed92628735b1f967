// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rule_dialog.h"

#include "ui/editor/promql_editor.h"
#include "ui/models/format.h"
#include "ui/pages/form_layout.h"
#include "ui/pages/widgets.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr std::chrono::milliseconds previewAfter{400};

} // namespace

RuleDialog::RuleDialog(PageContext& context, std::optional<PlacedRule> rule, bool alerting,
                       QWidget* parent)
    : QDialog(parent)
    , m_context(context)
    , m_old(std::move(rule))
    , m_alerting(m_old ? m_old->rule.isAlerting() : alerting)
{
    setObjectName(u"rule.dialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(m_old            ? tr("Rule: %1").arg(fromUtf8(m_old->rule.name()))
                       : m_alerting ? tr("New alert rule")
                                    : tr("New recording rule"));
    resize(640, m_alerting ? 520 : 360);
    build();
    const auto& groups = context.bridge.config()->config.ruleGroups;
    for (const config::RuleGroupConfig& group : groups) {
        m_group->addItem(fromUtf8(group.name));
    }
    if (m_old) {
        fill(RuleForm::of(m_old->rule, m_old->group.name));
    } else {
        RuleForm fresh;
        fresh.alerting = m_alerting;
        fresh.hold = u"5m"_s;
        fresh.severity = u"warning"_s;
        fresh.group = groups.empty() ? u"alerts"_s : fromUtf8(groups.front().name);
        fill(fresh);
    }
    m_touched.clear();
    validate(false);
    m_pause.setSingleShot(true);
    m_pause.setInterval(previewAfter);
    connect(&m_pause, &QTimer::timeout, this, &RuleDialog::preview);
    preview();
    m_name->setFocus();
}

void RuleDialog::build()
{
    auto* const layout = formLayout();
    m_name = edit("rule.dialog.name", tr("Name"));
    m_name->setPlaceholderText(m_alerting ? tr("DiskAlmostFull") : tr("job:up:sum"));
    m_expr = new editor::PromqlEditor("rule.dialog.expr", this);
    m_expr->setNames(&m_context.names);
    m_expr->setAccessibleName(tr("Expression"));
    m_expr->setPlaceholderText(m_alerting ? tr("up == 0") : tr("sum by (job) (up)"));
    m_preview = mutedLabel({}, this);
    m_preview->setObjectName(u"rule.dialog.preview"_s);
    m_preview->setWordWrap(true);
    m_hold = edit("rule.dialog.for", tr("For how long it must hold"));
    m_hold->setPlaceholderText(tr("at once"));
    m_keep = edit("rule.dialog.keep", tr("Keep firing for"));
    m_keep->setPlaceholderText(tr("no longer than it holds"));
    m_severity = new QComboBox(this);
    m_severity->setObjectName(u"rule.dialog.severity"_s);
    m_severity->setAccessibleName(tr("Severity"));
    m_severity->setEditable(true);
    m_severity->addItems({u"critical"_s, u"warning"_s, u"info"_s});
    m_severity->setMinimumHeight(28);
    m_summary = edit("rule.dialog.summary", tr("Summary"));
    m_summary->setPlaceholderText(tr("{{ $labels.instance }} does not answer"));
    m_description = edit("rule.dialog.description", tr("Description"));
    m_group = new QComboBox(this);
    m_group->setObjectName(u"rule.dialog.group"_s);
    m_group->setAccessibleName(tr("Group"));
    m_group->setEditable(true);
    m_group->setMinimumHeight(28);

    addField(layout, tr("&Name"), m_name,
             watch(m_name, "rule.dialog.name.note", &RuleFaults::name));
    FieldNote* const note = watch(m_expr, "rule.dialog.expr.note", &RuleFaults::expr);
    connect(m_expr, &editor::PromqlEditor::advised, note, &FieldNote::setHint);
    addField(layout, tr("&Expression"), m_expr, note);
    layout->addRow(QString(), m_preview);
    if (m_alerting) {
        addField(layout, tr("&For"), m_hold,
                 watch(m_hold, "rule.dialog.for.note", &RuleFaults::hold));
        addField(layout, tr("&Keep firing for"), m_keep,
                 watch(m_keep, "rule.dialog.keep.note", &RuleFaults::keep));
        layout->addRow(tr("Se&verity"), m_severity);
        layout->addRow(tr("&Summary"), m_summary);
        layout->addRow(tr("&Description"), m_description);
    } else {
        for (QWidget* unused : {static_cast<QWidget*>(m_hold), static_cast<QWidget*>(m_keep),
                                static_cast<QWidget*>(m_severity), static_cast<QWidget*>(m_summary),
                                static_cast<QWidget*>(m_description)}) {
            unused->hide();
        }
    }
    addField(layout, tr("&Group"), m_group,
             watch(m_group, "rule.dialog.group.note", &RuleFaults::group));

    m_refused = new FieldNote("rule.dialog.refused", this);
    m_save = button(m_old ? tr("Save rule") : tr("Add rule"), nullptr, "rule.dialog.save", this);
    m_save->setDefault(true);
    QPushButton* const cancel = button(tr("Cancel"), nullptr, "rule.dialog.cancel", this);
    auto* const buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_save);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    column->addLayout(layout);
    column->addStretch(1);
    column->addWidget(m_refused);
    column->addLayout(buttons);

    connect(m_save, &QPushButton::clicked, this, &RuleDialog::save);
    connect(cancel, &QPushButton::clicked, this, &RuleDialog::reject);
    connect(m_expr, &editor::PromqlEditor::edited, this, [this] {
        m_touched.insert(m_expr);
        m_pause.start();
    });
    connect(m_expr, &editor::PromqlEditor::checked, this, [this] { validate(false); });
    connect(m_expr, &editor::PromqlEditor::submitted, this, &RuleDialog::save);
    connect(m_group, &QComboBox::currentTextChanged, this, [this] {
        m_touched.insert(m_group);
        validate(false);
    });
}

QLineEdit* RuleDialog::edit(const char* name, const QString& accessibleName)
{
    auto* const made = new QLineEdit(this);
    made->setObjectName(QString::fromLatin1(name));
    made->setAccessibleName(accessibleName);
    made->setMinimumHeight(28);
    connect(made, &QLineEdit::textEdited, this, [this, made] {
        m_touched.insert(made);
        validate(false);
    });
    return made;
}

FieldNote* RuleDialog::watch(QWidget* widget, const char* noteName, QString RuleFaults::* fault)
{
    auto* const note = new FieldNote(noteName, this);
    m_fields.push_back({widget, note, fault});
    return note;
}

void RuleDialog::fill(const RuleForm& form)
{
    m_name->setText(form.name);
    m_expr->setExpression(form.expr);
    m_hold->setText(form.hold);
    m_keep->setText(form.keep);
    m_severity->setCurrentText(form.severity);
    m_summary->setText(form.summary);
    m_description->setText(form.description);
    m_group->setCurrentText(form.group);
}

RuleForm RuleDialog::form() const
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
    form.group = m_group->currentText();
    return form;
}

bool RuleDialog::validate(bool all)
{
    const RuleFaults faults = check(form());
    for (const Field& field : m_fields) {
        const bool shown = all || m_touched.contains(field.widget);
        field.note->setError(shown ? faults.*(field.fault) : QString());
    }
    if (all) {
        bool focused = false;
        for (const Field& field : m_fields) {
            m_touched.insert(field.widget);
            if (!focused && !(faults.*(field.fault)).isEmpty()) {
                field.widget->setFocus();
                focused = true;
            }
        }
    }
    return faults.none();
}

void RuleDialog::preview()
{
    if (!check(form()).expr.isEmpty()) {
        m_pending.cancel();
        m_preview->clear();
        return;
    }
    engine::QueryRequest request;
    request.expr = m_expr->expression();
    request.end = m_context.bridge.now();
    request.start = request.end;
    m_pending = m_context.bridge.query(
        std::move(request), this, [this](const Result<QueryResult>& result) {
            if (!result) {
                m_preview->setText(fromUtf8(result.error().message));
                return;
            }
            const auto* const vector = std::get_if<Vector>(&result->value);
            const int series = vector != nullptr ? int(vector->size()) : 1;
            m_preview->setText(
                !m_alerting ? tr("Records %n series now.", nullptr, series)
                    : series == 0
                    ? tr("Holds for nothing now.")
                    : tr("Holds for %n series now: each would be an alert.", nullptr, series));
        });
}

void RuleDialog::save()
{
    if (m_saving || !validate(true)) {
        return;
    }
    const RuleForm entered = form();
    const config::RuleConfig rule = toRule(entered, m_old ? m_old->rule : config::RuleConfig());
    const std::string groupName = entered.group.trimmed().toStdString();
    const RuleGroupKey group = m_old && m_old->group.name == groupName
        ? m_old->group
        : groupFor(groupName, m_context.bridge.config()->config);
    m_saving = true;
    m_save->setEnabled(false);
    m_refused->setError({});
    const auto done = [this](const Result<void>& result) {
        m_saving = false;
        m_save->setEnabled(true);
        if (result) {
            accept();
        } else {
            m_refused->setError(fromUtf8(result.error().message));
        }
    };
    if (m_old) {
        changeRule(m_context.edits, *m_old, group, rule, this, done);
    } else {
        addRule(m_context.edits, group, rule, this, done);
    }
}

} // namespace watchfire::ui
