// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QStringList>

namespace watchfire::ui {

/// The lines that go and those that come, before anything is saved. Not modal.
class TextChanges final : public QDialog {
    Q_OBJECT

public:
    /// Its parts are called `name`.counts and .text. `unseen`: what is said where no line
    /// differs.
    TextChanges(const char* name, const QString& title, const QStringList& before,
                const QStringList& after, QWidget* parent, const QString& unseen = {});
};

} // namespace watchfire::ui
