// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

#include <QFrame>
#include <QTimer>

class QLabel;
class QPushButton;

namespace watchfire::ui {

/// A short message in the lower right corner of its parent, for ten seconds, with at most one
/// button. It never takes the focus and is announced to screen readers.
class Toast final : public QFrame {
    Q_OBJECT

public:
    explicit Toast(QWidget* parent);

    void show(const QString& text, const QString& action = {});
    QString text() const;

    static constexpr std::chrono::seconds time{10};

signals:
    void actionClicked();

protected:
    bool eventFilter(QObject* object, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void place();

    QLabel* m_text;
    QPushButton* m_action;
    QTimer m_timer;
};

} // namespace watchfire::ui
