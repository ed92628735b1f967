// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/form_fields.h"

#include "ui/pages/widgets.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QFontDatabase>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr int fieldHeight = 28;

} // namespace

QLineEdit* lineEdit(const QString& objectName, const QString& accessibleName, QWidget* parent)
{
    auto* const made = new QLineEdit(parent);
    made->setObjectName(objectName);
    made->setAccessibleName(accessibleName);
    made->setMinimumHeight(fieldHeight);
    return made;
}

QComboBox* choiceBox(const QString& objectName, const QString& accessibleName,
                     const QStringList& words, const QStringList& values, QWidget* parent)
{
    auto* const made = new QComboBox(parent);
    made->setObjectName(objectName);
    made->setAccessibleName(accessibleName);
    made->setMinimumHeight(fieldHeight);
    for (qsizetype i = 0; i < words.size(); ++i) {
        made->addItem(words[i], i < values.size() ? values[i] : words[i]);
    }
    return made;
}

QString choiceOf(const QComboBox* box)
{
    return box->currentData().toString();
}

void setChoice(QComboBox* box, const QString& value)
{
    int index = box->findData(value);
    if (index < 0) {
        box->addItem(value, value);
        index = box->count() - 1;
    }
    box->setCurrentIndex(index);
}

QCheckBox* checkBox(const QString& objectName, const QString& text, QWidget* parent)
{
    auto* const made = new QCheckBox(text, parent);
    made->setObjectName(objectName);
    made->setMinimumHeight(24);
    return made;
}

QFont fixedFont()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPointSizeF(QApplication::font().pointSizeF());
    return font;
}

FieldNote* FieldNotes::add(const QString& field, QWidget* widget, const QString& objectName,
                           QWidget* parent)
{
    auto* const note = new FieldNote((objectName + u".note"_s).toLatin1().constData(), parent);
    m_entries.push_back({field, widget, note});
    return note;
}

void FieldNotes::show(const FieldFaults& faults, bool all)
{
    for (const Entry& entry : m_entries) {
        const auto fault = faults.find(entry.field);
        if (all && fault != faults.end()) {
            m_touched.insert(entry.widget);
        }
        const bool isShown = fault != faults.end() && m_touched.contains(entry.widget);
        entry.note->setError(isShown ? fault->second : QString());
    }
}

QWidget* FieldNotes::firstOf(const FieldFaults& faults) const
{
    for (const Entry& entry : m_entries) {
        if (faults.contains(entry.field)) {
            return entry.widget;
        }
    }
    return nullptr;
}

void FieldNotes::clear()
{
    m_entries.clear();
    m_touched.clear();
}

TwoColumns::TwoColumns(QWidget* parent)
    : m_grid(new QGridLayout(parent))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(8);
    m_grid->setColumnStretch(1, 1);
    m_grid->setColumnStretch(3, 1);
}

QList<QWidget*> TwoColumns::place(const QString& label, QWidget* field, FieldNote* note, int span)
{
    auto* const box = new QWidget;
    auto* const column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addWidget(field);
    if (note != nullptr) {
        column->addWidget(note);
    }
    QList<QWidget*> added{box};
    const int at = 2 * m_half;
    if (!label.isEmpty()) {
        QLabel* const name = plainLabel(label);
        name->setBuddy(field);
        // The label stays beside its field when the note appears.
        name->setMinimumHeight(field->minimumHeight());
        name->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        m_grid->addWidget(name, m_row, at, Qt::AlignTop | Qt::AlignRight);
        added << name;
    }
    m_grid->addWidget(box, m_row, at + 1, 1, span, Qt::AlignTop);
    return added;
}

QList<QWidget*> TwoColumns::add(const QString& label, QWidget* field, FieldNote* note)
{
    QList<QWidget*> added = place(label, field, note, 1);
    m_row += m_half;
    m_half = 1 - m_half;
    return added;
}

QList<QWidget*> TwoColumns::addWide(const QString& label, QWidget* field, FieldNote* note)
{
    m_row += m_half;
    m_half = 0;
    QList<QWidget*> added = place(label, field, note, 3);
    ++m_row;
    return added;
}

QList<QWidget*> TwoColumns::addBare(QWidget* field)
{
    return add({}, field);
}

void TwoColumns::addBelow(QWidget* widget)
{
    m_row += m_half;
    m_half = 0;
    m_grid->addWidget(widget, m_row++, 0, 1, 4);
}

} // namespace watchfire::ui
