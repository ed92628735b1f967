// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include <QMessageBox>

namespace watchfire::ui {

/// Asks over `dialog` whether its changes may go, and runs `discard` when they may. Not modal for
/// the rest of the window. Its parts are called `prefix`.question, .discard and .keepEditing.
class DiscardQuestion final : public QMessageBox {
    Q_OBJECT

public:
    /// `stays`: what is as it was when they are gone ("The job stays as it was before.").
    DiscardQuestion(const QByteArray& prefix, const QString& stays, QWidget* dialog,
                    std::function<void()> discard);
};

} // namespace watchfire::ui
