// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/desktop.h"
#include "core/ports/popups.h"
#include "ui/theme/state.h"

#include <cstdint>
#include <vector>

#include <QFrame>
#include <QWidget>

class QLabel;
class QPushButton;
class QToolButton;
class QVBoxLayout;

namespace watchfire::ui {

class ElidedLabel;
class StateShape;

/// One popup in the window: the shape of its severity, what it says, and what can be done. Beside
/// others it says it in one line, so that the page keeps its room.
class PopupBanner final : public QFrame {
    Q_OBJECT

public:
    /// Its parts are called `name`.summary, .body or .line, .show, .silence, .snooze and .dismiss.
    PopupBanner(const QString& name, QWidget* parent);

    void show(const PopupCard& card, bool inOneLine);
    const PopupCard& card() const { return m_card; }

signals:
    void acted(watchfire::NotificationAction action);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    PopupCard m_card;
    theme::State m_state = theme::State::warning;
    StateShape* m_shape;
    QLabel* m_summary;
    QLabel* m_body;
    ElidedLabel* m_line; ///< the body in one line
    QPushButton* m_show;
    QPushButton* m_silence;
    QPushButton* m_snooze;
    QToolButton* m_dismiss;
};

/// The popups of a desktop that shows none, above the page, until they are dealt with. What is new
/// is announced to screen readers; nothing takes the focus.
class PopupBanners final : public QWidget {
    Q_OBJECT

public:
    explicit PopupBanners(QWidget* parent);

    void show(const std::vector<PopupCard>& cards);

signals:
    void acted(std::uint64_t id, watchfire::NotificationAction action);

private:
    QVBoxLayout* m_column;
    std::vector<PopupBanner*> m_rows; ///< called popups.0, popups.1, …
    std::vector<PopupCard> m_cards;
};

} // namespace watchfire::ui
