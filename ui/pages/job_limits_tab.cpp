// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/job_limits_tab.h"

#include "ui/models/format.h"
#include "ui/pages/form_layout.h"
#include "ui/pages/widgets.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr int fieldWidth = 200;

/// What holds while the field is empty.
QString otherwiseText(const LimitField& field, const config::Config& config)
{
    const auto text = [&](std::uint64_t limit) {
        return field.isBytes ? bytesText(double(limit)) : countText(limit);
    };
    if (field.isCeiling) {
        const std::uint64_t ours
            = field.isBytes ? config.own.bodyCeiling : config.own.sampleCeiling;
        return ours == 0 ? JobLimitsTab::tr("as for all jobs") : text(ours);
    }
    const std::uint64_t global = field.global != nullptr ? config.global.*field.global : 0;
    return global == 0 ? JobLimitsTab::tr("no limit") : text(global);
}

} // namespace

JobLimitsTab::JobLimitsTab(const config::Config& config, QWidget* parent)
    : JobTab(parent)
{
    auto* const content = new QWidget(this);
    auto* const grid = new QGridLayout(content);
    grid->setContentsMargins(12, 12, 12, 12);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(2, 1);
    int row = 0;
    for (const LimitField& field : limitFields()) {
        QLineEdit* const made = edit(field, config);
        QLabel* const name = plainLabel(field.label, content);
        name->setBuddy(made);
        name->setMinimumHeight(made->minimumHeight());
        QLabel* const sense = mutedLabel(field.help, content);
        sense->setWordWrap(true);
        sense->setMinimumHeight(made->minimumHeight());
        grid->addWidget(name, row, 0, Qt::AlignRight);
        grid->addWidget(boxOf(field, made), row, 1);
        grid->addWidget(sense, row, 2);
        grid->addWidget(m_notes.add(field.name, made, made->objectName(), this), row + 1, 1, 1, 2);
        row += 2;
    }
    grid->setRowStretch(row, 1);

    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(scrolled(content, this));
}

QLineEdit* JobLimitsTab::edit(const LimitField& field, const config::Config& config)
{
    QLineEdit* const made = lineEdit(u"job.dialog."_s + field.name, field.label, this);
    made->setPlaceholderText(otherwiseText(field, config));
    connect(made, &QLineEdit::textEdited, this, [this, made] { change(made); });
    m_limits[field.name] = made;
    return made;
}

QWidget* JobLimitsTab::boxOf(const LimitField& field, QLineEdit* edit)
{
    if (!field.isBytes) {
        edit->setFixedWidth(fieldWidth);
        return edit;
    }
    QComboBox* const unit
        = choiceBox(edit->objectName() + u".unit"_s, tr("%1: unit").arg(field.label),
                    {u"B"_s, u"KB"_s, u"MB"_s, u"GB"_s, u"TB"_s}, {}, this);
    unit->setToolTip(tr("1 KB is 1,024 B"));
    connect(unit, &QComboBox::currentIndexChanged, this, &JobTab::edited);
    m_units[field.name] = unit;
    auto* const box = new QWidget(this);
    auto* const line = new QHBoxLayout(box);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    line->addWidget(edit, 1);
    line->addWidget(unit);
    box->setFixedWidth(fieldWidth);
    return box;
}

void JobLimitsTab::fill(const JobForm& form, const config::ScrapeConfig&)
{
    const QSignalBlocker blocker(this);
    for (const auto& [name, edit] : m_limits) {
        edit->setText(form.limit(name));
    }
    for (const auto& [name, unit] : m_units) {
        setChoice(unit, form.unit(name));
    }
}

void JobLimitsTab::collect(JobForm& form) const
{
    for (const auto& [name, edit] : m_limits) {
        form.limits[name] = edit->text();
    }
    for (const auto& [name, unit] : m_units) {
        form.units[name] = choiceOf(unit);
    }
}

} // namespace watchfire::ui
