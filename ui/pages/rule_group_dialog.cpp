// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rule_group_dialog.h"

#include "core/text/duration.h"
#include "ui/models/format.h"
#include "ui/pages/form_layout.h"
#include "ui/pages/form_text.h"
#include "ui/pages/text_table.h"
#include "ui/pages/widgets.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

QString textOf(config::Duration duration)
{
    return duration.count() == 0 ? QString() : fromUtf8(text::formatDuration(duration));
}

/// Nothing: the text is empty, or no duration. Zero is one.
std::optional<config::Duration> durationOf(const QString& text)
{
    const auto read = text::parseDuration(text.trimmed().toStdString());
    return read ? std::optional(*read) : std::nullopt;
}

} // namespace

RuleGroupForm RuleGroupForm::of(const GroupSettings& settings)
{
    RuleGroupForm form;
    form.name = fromUtf8(settings.name);
    form.interval = textOf(settings.interval);
    form.queryOffset
        = settings.queryOffset ? fromUtf8(text::formatDuration(*settings.queryOffset)) : QString();
    form.limit = settings.limit == 0 ? QString() : QString::number(settings.limit);
    for (const auto& [name, value] : settings.labels) {
        form.labels.emplace_back(fromUtf8(name), fromUtf8(value));
    }
    return form;
}

FieldFaults check(const RuleGroupForm& form, const QStringList& taken)
{
    FieldFaults faults;
    const QString name = form.name.trimmed();
    if (name.isEmpty()) {
        faults[u"name"_s] = RuleGroupDialog::tr("A group needs a name, such as hosts.");
    } else if (taken.contains(name)) {
        faults[u"name"_s] = RuleGroupDialog::tr("Another group of this file has this name.");
    }
    if (!form.interval.trimmed().isEmpty()) {
        if (const QString fault = durationFault(form.interval); !fault.isEmpty()) {
            faults[u"interval"_s] = fault;
        }
    }
    if (!form.queryOffset.trimmed().isEmpty() && !durationOf(form.queryOffset)) {
        faults[u"queryOffset"_s]
            = RuleGroupDialog::tr("Write a duration such as 30s, or 0s for none.");
    }
    if (!form.limit.trimmed().isEmpty()) {
        if (const QString fault = countFault(form.limit); !fault.isEmpty()) {
            faults[u"limit"_s] = fault;
        }
    }
    QStringList seen;
    for (const auto& [rawName, value] : form.labels) {
        const QString label = rawName.trimmed();
        if (label.isEmpty() ? !value.trimmed().isEmpty() : seen.contains(label)) {
            faults[u"labels"_s] = label.isEmpty()
                ? RuleGroupDialog::tr("“%1” needs a name.").arg(value.trimmed())
                : RuleGroupDialog::tr("%1 is there twice.").arg(label);
        } else if (label == "__name__"_L1) {
            faults[u"labels"_s]
                = RuleGroupDialog::tr("%1 cannot be set: it is the name of a series.").arg(label);
        }
        seen << label;
    }
    return faults;
}

GroupSettings toSettings(const RuleGroupForm& form)
{
    GroupSettings settings;
    settings.name = form.name.trimmed().toStdString();
    settings.interval = durationOf(form.interval).value_or(config::Duration{});
    settings.queryOffset = durationOf(form.queryOffset);
    settings.limit = readCount(form.limit).value_or(0);
    for (const auto& [name, value] : form.labels) {
        if (!name.trimmed().isEmpty()) {
            settings.labels.emplace_back(name.trimmed().toStdString(), value.toStdString());
        }
    }
    return settings;
}

RuleGroupDialog::RuleGroupDialog(PageContext& context, const config::RuleGroupConfig& group,
                                 QWidget* parent)
    : SavingDialog(parent)
    , m_context(context)
    , m_key{group.name, group.file}
    , m_before(GroupSettings::of(group))
{
    setObjectName(u"group.dialog"_s);
    setWindowTitle(tr("Rule group: %1").arg(fromUtf8(group.name)));
    resize(560, 460);
    build(fromUtf8(group.file));
    const RuleGroupForm form = RuleGroupForm::of(m_before);
    m_name->setText(form.name);
    m_interval->setText(form.interval);
    m_queryOffset->setText(form.queryOffset);
    m_limit->setText(form.limit);
    std::vector<TableRow> rows;
    for (const auto& [name, value] : form.labels) {
        rows.push_back({{name, value}});
    }
    m_labels->model().setRows(std::move(rows));
    m_notes.forgetTouches();
    tabInLayoutOrder(this);
    m_interval->setFocus();
}

void RuleGroupDialog::build(const QString& file)
{
    const config::GlobalConfig& global = m_context.bridge.config()->config.global;
    auto* const layout = formLayout();
    const auto add = [&](QLineEdit*& edit, const char* name, const QString& label,
                         const QString& accessibleName, const QString& placeholder) {
        edit = lineEdit(u"group.dialog."_s + QString::fromLatin1(name), accessibleName, this);
        edit->setPlaceholderText(placeholder);
        addField(layout, label, edit,
                 m_notes.add(QString::fromLatin1(name), edit, edit->objectName(), this));
        connect(edit, &QLineEdit::textEdited, this, [this, field = edit] {
            m_notes.touch(field);
            validate(false);
        });
    };
    add(m_name, "name", tr("&Name"), tr("Name"), {});
    add(m_interval, "interval", tr("&Every"), tr("Time between evaluations"),
        tr("%1, as all groups").arg(fromUtf8(text::formatDuration(global.evaluationInterval))));
    add(m_queryOffset, "queryOffset", tr("Look &back by"), tr("How far back the rules look"),
        tr("%1, as all groups").arg(fromUtf8(text::formatDuration(global.ruleQueryOffset))));
    add(m_limit, "limit", tr("At &most"), tr("Alerts or series of each rule at most"),
        tr("any number of alerts or series of each rule"));
    QLabel* const where = mutedLabel(file, this);
    where->setTextInteractionFlags(Qt::TextSelectableByMouse);
    where->setWordWrap(true);
    layout->addRow(tr("File"), where);
    m_labels = new TextTable("group.dialog.labels",
                             {tr("Labels of all rules of the group"), tr("label"),
                              tr("Each rule of the group carries them, unless it has its own.")},
                             {{tr("Name"), {}, {}, 160}, {tr("Value"), {}, {}, 0}},
                             {QString(), QString()}, false, this);
    connect(m_labels, &TextTable::edited, this, [this] {
        m_notes.touch(m_labels);
        validate(false);
    });
    FieldNote* const labelsNote
        = m_notes.add(u"labels"_s, m_labels, u"group.dialog.labels"_s, this);
    m_refused = new FieldNote("group.dialog.refused", this);
    m_save = button(tr("Save group"), nullptr, "group.dialog.save", this);
    m_save->setDefault(true);
    QPushButton* const cancel = button(tr("Cancel"), nullptr, "group.dialog.cancel", this);
    auto* const buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_save);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addLayout(layout);
    column->addWidget(mutedLabel(tr("Labels of all rules of the group"), this));
    column->addWidget(m_labels, 1);
    column->addWidget(labelsNote);
    column->addWidget(m_refused);
    column->addLayout(buttons);
    connect(m_save, &QPushButton::clicked, this, &RuleGroupDialog::save);
    connect(cancel, &QPushButton::clicked, this, &RuleGroupDialog::reject);
}

RuleGroupForm RuleGroupDialog::form() const
{
    RuleGroupForm form;
    form.name = m_name->text();
    form.interval = m_interval->text();
    form.queryOffset = m_queryOffset->text();
    form.limit = m_limit->text();
    for (const TableRow& row : m_labels->model().rows()) {
        form.labels.emplace_back(row.cells[0], row.cells[1]);
    }
    return form;
}

bool RuleGroupDialog::validate(bool all)
{
    QStringList taken;
    for (const config::RuleGroupConfig& group : m_context.bridge.config()->config.ruleGroups) {
        if (group.file == m_key.file && group.name != m_key.name) {
            taken << fromUtf8(group.name);
        }
    }
    const FieldFaults faults = check(form(), taken);
    m_notes.show(faults, all);
    if (QWidget* const first = m_notes.firstOf(faults); all && first != nullptr) {
        focusWithin(first);
    }
    return faults.empty();
}

void RuleGroupDialog::save()
{
    if (isSaving() || !validate(true)) {
        return;
    }
    changeGroup(m_context.edits, m_key, m_before, toSettings(form()), this, saving());
}

} // namespace watchfire::ui
