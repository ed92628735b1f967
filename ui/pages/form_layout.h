// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFormLayout>
#include <QWidget>

namespace watchfire::ui {

class FieldNote;

/// Labels on the left, fields as wide as the dialog.
QFormLayout* formLayout(QWidget* parent = nullptr);
/// A row with the field and, under it, its note; the label's mnemonic goes to the field.
void addField(QFormLayout* layout, const QString& label, QWidget* field, FieldNote* note);

/// Scrolls where there is no room, and is as if it were not there where there is.
QWidget* scrolled(QWidget* content, QWidget* parent);

/// The same, as high as the content where there is room, and never higher.
QWidget* scrolledTight(QWidget* content, QWidget* parent);

/// Tab goes through the controls in the order of the layouts, whenever they were made. Again
/// after controls were added.
void tabInLayoutOrder(QWidget* root);
/// Gives the focus to the widget, or to the first control in it.
void focusWithin(QWidget* widget);

} // namespace watchfire::ui
