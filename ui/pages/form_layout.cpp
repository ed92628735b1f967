// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/form_layout.h"

#include "ui/pages/widgets.h"

#include <QLabel>
#include <QVBoxLayout>

namespace watchfire::ui {

QFormLayout* formLayout(QWidget* parent)
{
    auto* const layout = new QFormLayout(parent);
    layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    layout->setLabelAlignment(Qt::AlignRight | Qt::AlignVCenter);
    layout->setHorizontalSpacing(12);
    layout->setVerticalSpacing(8);
    return layout;
}

void addField(QFormLayout* layout, const QString& label, QWidget* field, FieldNote* note)
{
    auto* const box = new QWidget;
    auto* const column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addWidget(field);
    column->addWidget(note);
    QLabel* const name = plainLabel(label);
    name->setBuddy(field);
    // The label stays beside its field when the note appears.
    name->setMinimumHeight(field->minimumHeight());
    name->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    layout->addRow(name, box);
    layout->setAlignment(name, Qt::AlignTop | Qt::AlignRight);
}

} // namespace watchfire::ui
