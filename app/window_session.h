// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/composition.h"
#include "app/options.h"
#include "core/desktop/notifier.h"
#include "ui/shell/main_window.h"
#include "ui/theme/theme.h"

#include <memory>

#include <QObject>
#include <QStringList>

namespace watchfire::app {

/// The window and what the command line asks of it: pictures, a summary, an end.
class WindowSession final : public QObject {
    Q_OBJECT
public:
    WindowSession(Composition& composition, desktop::DesktopNotifier& notifier,
                  const Options& options, const Paths& paths);

    ui::MainWindow& window() { return *m_window; }
    /// After a popup: the window comes to the front with the group's alerts.
    void showAlerts(const Notification& notification, const QString& activationToken);

private:
    void planPictures();
    void takeNextShot();

    Composition& m_composition;
    Options m_options;
    ui::theme::Theme m_theme;
    std::unique_ptr<ui::MainWindow> m_window;
    QStringList m_shots; ///< pages still to be taken
};

} // namespace watchfire::app
