// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "ui/pages/view_state.h"

#include <functional>

#include <QToolButton>

namespace watchfire::ui {

/// Shows the shared range; its popup has presets, and fields for both ends.
class RangeButton final : public QToolButton {
    Q_OBJECT

public:
    /// `now` is asked when the popup opens and when it is applied.
    RangeButton(ViewState& view, std::function<Timestamp()> now, QWidget* parent = nullptr);

    void openPopup();

private:
    ViewState& m_view;
    std::function<Timestamp()> m_now;
};

/// Shows how often pages ask again; its menu changes that.
class RefreshButton final : public QToolButton {
    Q_OBJECT

public:
    explicit RefreshButton(ViewState& view, QWidget* parent = nullptr);

private:
    void say();

    ViewState& m_view;
};

} // namespace watchfire::ui
