// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/engine/engine.h"
#include "core/ports/desktop.h"
#include "core/ports/popups.h"
#include "ui/bridge/engine_bridge.h"
#include "ui/pages/registry.h"
#include "ui/shell/command_palette.h"
#include "ui/shell/navigation.h"
#include "ui/shell/tray.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

#include <QHash>
#include <QMainWindow>
#include <QSet>

class QLabel;
class QStackedWidget;
class QToolButton;

namespace watchfire::ui {

class MessageBanner;
class PopupBanners;
class Toast;

/// The one window: navigation, pages, toolbar, status bar, menus, toasts, tray.
///
/// It asks nothing of the engine but through its bridge, and never waits. It does not end the
/// program: it emits `quitRequested`.
class MainWindow final : public QMainWindow {
    Q_OBJECT

public:
    struct Options {
        QString stateFile; ///< an ini file; empty: nothing is remembered
        theme::Theme* theme = nullptr; ///< dressed as the configuration says
        bool followConfiguredScheme = true; ///< false: the command line has chosen
        bool withTray = true;
    };

    /// Engine and clock must outlive the window.
    MainWindow(engine::Engine& engine, const Clock& clock, Options options,
               QWidget* parent = nullptr);
    ~MainWindow() override;

    /// "overview", "targets", …; `item` is a filter there, or an expression for "explore".
    /// False: no such page.
    bool openPage(const QString& name, const QString& item = {});
    QString currentPage() const;
    /// Alerts of a notification's group; without labels, all that fire.
    void showAlerts(const Labels& groupLabels);
    /// All the popups that the window shows, because the desktop does not.
    void showPopups(const std::vector<PopupCard>& cards);
    /// Whether the desktop shows none: then closing the window hides what fires.
    void setWindowOnly(bool isWindowOnly) { m_isWindowOnly = isWindowOnly; }
    PopupSettings popupSettings() const;
    /// Brings the window to the front; the token, where the desktop gave one, allows it.
    void present(const QString& activationToken = {});
    /// Saves the window's picture as PNG; written on a worker, then `done` is called here.
    void grabTo(const QString& file, std::function<void(bool)> done = {});

    EngineBridge& bridge() { return m_bridge; }
    ViewState& view() { return m_view; }
    Edits& edits() { return m_edits; }

signals:
    void quitRequested();
    /// No popups for that long; zero: again from now on.
    void mutePopupsRequested(std::chrono::minutes span);
    /// What a person chose of a popup in the window.
    void popupActed(std::uint64_t id, watchfire::NotificationAction action);
    void popupSettingsChanged(const watchfire::PopupSettings& settings);
    /// Somebody wants to see what a popup looks like.
    void testPopupRequested();

protected:
    void closeEvent(QCloseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void moveEvent(QMoveEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    /// Where somebody was, for Alt+←.
    struct Place {
        QString page;
        ViewRange range;
        friend bool operator==(const Place&, const Place&) = default;
    };

    void buildToolBar();
    void buildMenus();
    void buildStatusBar();
    void connectEverything();
    Page* pageOf(const QString& name);
    void showPage(const QString& name);
    void performOn(const QString& pageName, const QString& command);
    void rememberPlace();
    void go(int step);
    void updateSidebar();
    void updateStatus();
    void updateBanner();
    void openPalette();
    void showShortcuts();
    void showAbout();
    void askAboutClosing();
    void restore();
    QToolButton* addCell(const char* name, const QString& page);

    Options m_options;
    EngineBridge m_bridge;
    UiState m_state;
    ViewState m_view;
    Edits m_edits;
    editor::KnownNames m_names;
    PageContext m_context;
    std::vector<PageEntry> m_entries;
    QHash<QString, Page*> m_pages;
    Page* m_page = nullptr; ///< that is shown
    NavigationModel* m_navigationModel = nullptr;
    NavigationView* m_navigation = nullptr;
    QStackedWidget* m_stack = nullptr;
    QWidget* m_bannerBox = nullptr;
    MessageBanner* m_banner = nullptr;
    PopupBanners* m_popups = nullptr;
    bool m_isWindowOnly = false; ///< the desktop shows no popups
    QSet<QString> m_dismissed;
    QString m_bannerId;
    Toast* m_toast = nullptr;
    std::function<void()> m_toastAction; ///< what the toast's button does
    QLabel* m_title = nullptr;
    QToolButton* m_pauseButton = nullptr;
    QAction* m_pause = nullptr;
    QAction* m_back = nullptr;
    QAction* m_forward = nullptr;
    QAction* m_sidebar = nullptr;
    QAction* m_pauseScraping = nullptr;
    QToolButton* m_collectingCell = nullptr;
    QToolButton* m_targetsCell = nullptr;
    QToolButton* m_firingCell = nullptr;
    QToolButton* m_seriesCell = nullptr;
    QToolButton* m_sizeCell = nullptr;
    CommandPalette* m_palette = nullptr;
    Tray* m_tray = nullptr;
    std::vector<Place> m_places;
    std::size_t m_place = 0;
    bool m_travelling = false;
};

} // namespace watchfire::ui
