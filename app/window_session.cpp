// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window_session.h"

#include "app/end_program.h"
#include "app/summary.h"
#include "ui/pages/registry.h"

#include <algorithm>
#include <cstdio>

#include <QApplication>
#include <QDBusConnection>
#include <QDir>
#include <QTimer>

namespace watchfire::app {

using namespace Qt::StringLiterals;

namespace {

/// Promised within ten seconds, when the charts have most to show.
constexpr auto summaryAfter = std::chrono::seconds(8);
constexpr auto shotEvery = std::chrono::milliseconds(2'500);

QString toQt(const std::filesystem::path& path)
{
    return QString::fromStdString(path.string());
}

/// What the alerts of a notification have in common, for finding them again.
const Labels& groupOf(const Notification& notification)
{
    return notification.groupLabels.empty() ? notification.commonLabels : notification.groupLabels;
}

} // namespace

WindowSession::WindowSession(Composition& composition, desktop::DesktopNotifier& notifier,
                             const Options& options, const Paths& paths)
    : m_composition(composition)
    , m_options(options)
{
    m_theme.setMode(ui::theme::modeFrom(QString::fromStdString(options.colorScheme)));
    m_theme.followDesktop();
    ui::MainWindow::Options window;
    window.stateFile = toQt(paths.state / "window.ini");
    window.theme = &m_theme;
    window.followConfiguredScheme = options.colorScheme.empty();
    m_window = std::make_unique<ui::MainWindow>(composition.engine(), composition.clock(), window);
    connect(m_window.get(), &ui::MainWindow::quitRequested, qApp, &endProgram);
    connect(m_window.get(), &ui::MainWindow::mutePopupsRequested, &notifier,
            &desktop::DesktopNotifier::mute);
    connect(m_window.get(), &ui::MainWindow::testPopupRequested, &notifier, [&notifier] {
        Notification test;
        test.groupKey = "test";
        test.firing = 1;
        Alert alert;
        alert.labels = Labels{{"alertname", "TestPopup"}, {"severity", "info"}};
        alert.annotations = Labels{{"summary", "This is what an alert looks like."}};
        test.commonLabels = alert.labels;
        test.alerts.push_back(std::move(alert));
        notifier.show(test);
    });
    connect(m_window.get(), &ui::MainWindow::popupActed, &notifier, &desktop::DesktopNotifier::act);
    connect(m_window.get(), &ui::MainWindow::popupSettingsChanged, &notifier,
            &desktop::DesktopNotifier::setSettings);
    connect(&notifier, &desktop::DesktopNotifier::windowPopupsChanged, m_window.get(),
            &ui::MainWindow::showPopups);
    connect(&notifier, &desktop::DesktopNotifier::windowOnlyChanged, m_window.get(),
            &ui::MainWindow::setWindowOnly);
    notifier.setSettings(m_window->popupSettings());
    m_window->setWindowOnly(notifier.isWindowOnly());
    m_window->showPopups(notifier.windowPopups());
    if (!options.page.empty() || !options.expr.empty()) {
        const QString page
            = options.page.empty() ? u"explore"_s : QString::fromStdString(options.page);
        if (!m_window->openPage(page, QString::fromStdString(options.expr))) {
            std::fprintf(stderr, "watchfire: there is no page \"%s\"\n", options.page.c_str());
        }
    }
    m_window->show();
    planPictures();
}

void WindowSession::showAlerts(const Notification& notification, const QString& activationToken)
{
    m_window->present(activationToken);
    m_window->showAlerts(groupOf(notification));
}

void WindowSession::planPictures()
{
    if (!m_options.summary.empty()) {
        std::chrono::milliseconds after = summaryAfter;
        if (m_options.runFor) {
            after = std::min<std::chrono::milliseconds>(after, *m_options.runFor / 2);
        }
        QTimer::singleShot(after, this, [this] {
            const QString file = toQt(m_options.summary);
            m_window->grabTo(file, [this, file](bool saved) {
                const auto text
                    = summaryText(*m_window->bridge().targets(), *m_window->bridge().status(),
                                  m_window->windowTitle().toStdString(),
                                  saved ? file.toStdString() : std::string());
                std::fputs(text.c_str(), stdout);
                std::fflush(stdout);
            });
        });
    }
    if (!m_options.screenshot.empty()) {
        QTimer::singleShot(m_options.after, this, [this] {
            m_window->grabTo(toQt(m_options.screenshot), [this](bool saved) {
                if (!saved) {
                    std::fprintf(stderr, "watchfire: cannot write %s\n",
                                 m_options.screenshot.c_str());
                }
                if (m_options.quit) {
                    QCoreApplication::exit(saved ? 0 : 1);
                }
            });
        });
    }
    if (!m_options.shots.empty()) {
        QDir().mkpath(toQt(m_options.shots));
        for (const ui::PageEntry& entry : ui::allPages()) {
            m_shots << entry.name;
        }
        QTimer::singleShot(m_options.after, this, &WindowSession::takeNextShot);
    }
    if (m_options.runFor) {
        QTimer::singleShot(*m_options.runFor, qApp, &endProgram);
    }
}

void WindowSession::takeNextShot()
{
    if (m_shots.isEmpty()) {
        endProgram();
        return;
    }
    const QString page = m_shots.takeFirst();
    m_window->openPage(page,
                       page == u"explore" ? u"rate(node_cpu_seconds_total[1m])"_s : QString());
    QTimer::singleShot(shotEvery, this, [this, page] {
        const QString scheme = m_theme.scheme() == ui::theme::Scheme::dark ? u"dark"_s : u"light"_s;
        m_window->grabTo(toQt(m_options.shots) + u'/' + page + u'-' + scheme + u".png"_s,
                         [this](bool) { takeNextShot(); });
    });
}

} // namespace watchfire::app
