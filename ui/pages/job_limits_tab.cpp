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

} // namespace

JobLimitsTab::JobLimitsTab(const config::GlobalConfig& global, QWidget* parent)
    : JobTab(parent)
{
    auto* const content = new QWidget(this);
    auto* const grid = new QGridLayout(content);
    grid->setContentsMargins(12, 12, 12, 12);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(6);
    grid->setColumnStretch(2, 1);
    int row = 0;
    const auto place = [&](const QString& field, const QString& label, const QString& help,
                           QWidget* box, QLineEdit* edit) {
        QLabel* const name = plainLabel(label, content);
        name->setBuddy(edit);
        name->setMinimumHeight(edit->minimumHeight());
        QLabel* const sense = mutedLabel(help, content);
        sense->setWordWrap(true);
        sense->setMinimumHeight(edit->minimumHeight());
        grid->addWidget(name, row, 0, Qt::AlignRight);
        grid->addWidget(box, row, 1);
        grid->addWidget(sense, row, 2);
        grid->addWidget(m_notes.add(field, edit, edit->objectName(), this), row + 1, 1, 1, 2);
        row += 2;
    };

    m_bodySize = edit(u"bodySizeLimit"_s, tr("Size of an answer"), 0);
    m_bodySize->setPlaceholderText(
        global.bodySizeLimit == 0 ? tr("no limit") : bytesText(double(global.bodySizeLimit)));
    m_bodyUnit = choiceBox(u"job.dialog.bodyUnit"_s, tr("Unit of the size"),
                           {u"B"_s, u"KB"_s, u"MB"_s, u"GB"_s, u"TB"_s}, {}, this);
    m_bodyUnit->setToolTip(tr("1 KB is 1,024 B"));
    connect(m_bodyUnit, &QComboBox::currentIndexChanged, this, &JobTab::edited);
    auto* const body = new QWidget(content);
    auto* const bodyRow = new QHBoxLayout(body);
    bodyRow->setContentsMargins(0, 0, 0, 0);
    bodyRow->setSpacing(8);
    bodyRow->addWidget(m_bodySize, 1);
    bodyRow->addWidget(m_bodyUnit);
    body->setFixedWidth(fieldWidth);
    place(u"bodySizeLimit"_s, tr("Size of an answer"),
          tr("Unpacked. A larger one is refused as a whole."), body, m_bodySize);
    for (const LimitField& field : limitFields()) {
        QLineEdit* const made
            = edit(field.name, field.label, field.global != nullptr ? global.*field.global : 0);
        made->setFixedWidth(fieldWidth);
        m_limits[field.name] = made;
        place(field.name, field.label, field.help, made, made);
    }
    grid->setRowStretch(row, 1);

    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(scrolled(content, this));
}

QLineEdit* JobLimitsTab::edit(const QString& name, const QString& label, std::uint64_t global)
{
    QLineEdit* const made = lineEdit(u"job.dialog."_s + name, label, this);
    made->setPlaceholderText(global == 0 ? tr("no limit") : countText(global));
    connect(made, &QLineEdit::textEdited, this, [this, made] { change(made); });
    return made;
}

void JobLimitsTab::fill(const JobForm& form, const config::ScrapeConfig&)
{
    const QSignalBlocker blocker(this);
    m_bodySize->setText(form.limit(u"bodySizeLimit"_s));
    setChoice(m_bodyUnit, form.bodyUnit);
    for (const auto& [name, edit] : m_limits) {
        edit->setText(form.limit(name));
    }
}

void JobLimitsTab::collect(JobForm& form) const
{
    form.limits[u"bodySizeLimit"_s] = m_bodySize->text();
    form.bodyUnit = choiceOf(m_bodyUnit);
    for (const auto& [name, edit] : m_limits) {
        form.limits[name] = edit->text();
    }
}

} // namespace watchfire::ui
