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

} // namespace watchfire::ui
