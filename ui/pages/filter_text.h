// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/state.h"

#include <optional>

#include <QString>

class QLineEdit;
class QToolButton;
class QWidget;

/// Buttons that stand for a `state:` chip of the filter box beside them.
namespace watchfire::ui {

/// The filter text with its state chip set to that, or (empty) without one.
QString withState(const QString& text, const QString& state);
bool hasState(const QString& text, const QString& state);

/// A checkable count with its shape.
QToolButton* chipButton(const char* objectName, std::optional<theme::State> shape, QWidget* parent);
/// A click puts the chip into the box, or takes it out again.
void toggleState(QToolButton* button, QLineEdit* box, const QString& state);

} // namespace watchfire::ui
