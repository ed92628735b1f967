// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/form_text.h"

#include <vector>

#include <QGridLayout>
#include <QSet>
#include <QString>
#include <QStringList>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QWidget;

/// What forms with many fields share: makers of controls that have their names, the notes under
/// them, and a layout of two columns.
namespace watchfire::ui {

class FieldNote;

QLineEdit* lineEdit(const QString& objectName, const QString& accessibleName,
                    QWidget* parent = nullptr);
/// `values` go with the words, in their order; empty: the words themselves.
QComboBox* choiceBox(const QString& objectName, const QString& accessibleName,
                     const QStringList& words, const QStringList& values = {},
                     QWidget* parent = nullptr);
QString choiceOf(const QComboBox* box);
/// A value that the box does not have is added: it must not be lost.
void setChoice(QComboBox* box, const QString& value);
QCheckBox* checkBox(const QString& objectName, const QString& text, QWidget* parent = nullptr);
/// The system's fixed font in the size of the application's.
QFont fixedFont();

/// The fields of a form by name, each with the note under it. A fault shows once its field was
/// touched, or when all faults are asked for.
class FieldNotes {
public:
    /// The note for that field, named `objectName` + ".note".
    FieldNote* add(const QString& field, QWidget* widget, const QString& objectName,
                   QWidget* parent);
    void touch(const QWidget* widget) { m_touched.insert(widget); }
    void forgetTouches() { m_touched.clear(); }
    void show(const FieldFaults& faults, bool all);
    /// The first field at fault, in the order they were added; null: none of ours.
    QWidget* firstOf(const FieldFaults& faults) const;
    void clear();

private:
    struct Entry {
        QString field;
        QWidget* widget;
        FieldNote* note;
    };
    std::vector<Entry> m_entries;
    QSet<const QWidget*> m_touched;
};

/// Label, field, label, field: two columns of fields with their notes.
class TwoColumns {
public:
    explicit TwoColumns(QWidget* parent);

    /// Returns what was added, to hide it together.
    QList<QWidget*> add(const QString& label, QWidget* field, FieldNote* note = nullptr);
    QList<QWidget*> addWide(const QString& label, QWidget* field, FieldNote* note = nullptr);
    /// Without a label, beneath the fields of one column.
    QList<QWidget*> addBare(QWidget* field);
    /// Under all there is, over both columns.
    void addBelow(QWidget* widget);
    QGridLayout* grid() const { return m_grid; }

private:
    QList<QWidget*> place(const QString& label, QWidget* field, FieldNote* note, int span);
    QGridLayout* m_grid;
    int m_row = 0;
    int m_half = 0;
};

} // namespace watchfire::ui
