// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/engine_bridge.h"
#include "ui/pages/widgets.h"

#include <QElapsedTimer>
#include <QTimer>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace watchfire::ui {

/// Sends a test notification and says how each way out took it: the server's words as they came,
/// and why it counts as not told where it does. Cancel stops waiting at once.
class ReceiverReport final : public Card {
    Q_OBJECT

public:
    /// `prefix` begins the object names: "receiver.dialog.".
    ReceiverReport(EngineBridge& bridge, const QString& prefix, QWidget* parent = nullptr);

    void run(engine::ReceiverTestRequest request);
    void cancel();
    bool isRunning() const { return m_pending.isActive(); }
    QString outcome() const;

signals:
    void runningChanged(bool running);

private:
    void say(theme::State state, const QString& outcome);
    void sayRunning();
    void showResult(const Result<engine::ReceiverTest>& result);
    void showAnswer(const engine::ReceiverTest::Answer& answer, int number);
    void clearAnswers();

    EngineBridge& m_bridge;
    QString m_prefix;
    QString m_name; ///< of the receiver under test
    Pending m_pending;
    QElapsedTimer m_since;
    QTimer m_tick;
    StateShape* m_shape;
    QLabel* m_outcome;
    QPushButton* m_cancel;
    QWidget* m_answers = nullptr;
    QVBoxLayout* m_column;
};

} // namespace watchfire::ui
