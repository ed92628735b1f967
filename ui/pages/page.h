// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/engine_bridge.h"
#include "ui/chart/color_book.h"
#include "ui/editor/known_names.h"
#include "ui/pages/edits.h"
#include "ui/pages/ui_state.h"
#include "ui/pages/view_state.h"
#include "ui/theme/theme.h"

#include <memory>

#include <QList>
#include <QString>
#include <QWidget>

class QLineEdit;

namespace watchfire::ui {

/// What every page is handed; the shell owns it and outlives the pages.
struct PageContext {
    EngineBridge& bridge;
    ViewState& view;
    Edits& edits;
    UiState& state;
    editor::KnownNames& names; ///< for editors of PromQL and lists of metrics
    std::shared_ptr<chart::ColorBook> colors; ///< one colour per label set in all charts
    theme::Theme* theme = nullptr; ///< none in tests that dress themselves
};

/// One page of the window, made on its first visit. It asks for data only while it is seen.
class Page : public QWidget {
    Q_OBJECT

public:
    /// `name` is the page's word on the command line and in object names ("targets").
    Page(PageContext& context, const QString& name, QWidget* parent = nullptr);

    const QString& name() const { return m_name; }

    /// Comes from elsewhere with something to show: a filter for lists, an expression for
    /// Explore. Empty: just look.
    virtual void visit(const QString& item);
    /// Asks for everything again: F5, and each tick while the page is seen.
    virtual void refresh();
    /// Does what a menu or the palette asks of this page ("new-job", "run"); false: not mine.
    virtual bool perform(const QString& command);
    /// Where Ctrl+F goes; null: nowhere.
    virtual QLineEdit* filterBox() const { return nullptr; }

signals:
    /// Another page, with something to show there.
    void navigate(const QString& page, const QString& item);
    /// What the program does for all pages: "mute-popups", "test-popup", "popup-settings".
    void requested(const QString& action);

protected:
    PageContext& context() const { return m_context; }
    EngineBridge& bridge() const { return m_context.bridge; }
    QVariant kept(const QString& key, const QVariant& otherwise = {}) const;
    void keep(const QString& key, const QVariant& value);
    void showEvent(QShowEvent* event) override;

private:
    PageContext& m_context;
    QString m_name;
};

/// Distance from a page's edge to what is on it.
inline constexpr int pageMargin = 12;

} // namespace watchfire::ui
