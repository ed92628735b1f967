// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/tray.h"

#include "ui/models/alerts_model.h"
#include "ui/models/format.h"
#include "ui/theme/icons.h"

#include <algorithm>
#include <vector>

#include <QAction>
#include <QGuiApplication>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr std::size_t newestShown = 10;

} // namespace

Tray::Tray(EngineBridge& bridge, QObject* parent)
    : QObject(parent)
    , m_bridge(bridge)
{
    m_menu.setObjectName(u"tray.menu"_s);
    QAction* const open = m_menu.addAction(tr("Open Watchfire"), this, &Tray::openRequested);
    m_menu.setDefaultAction(open);
    m_firing = m_menu.addMenu(tr("Firing alerts"));
    m_firing->menuAction()->setVisible(false);
    m_menu.addSeparator();
    m_menu.addAction(tr("Mute popups for 1 hour"), this, &Tray::mutePopupsRequested);
    m_pause = m_menu.addAction(tr("Pause scraping"));
    m_pause->setCheckable(true);
    connect(m_pause, &QAction::triggered, this,
            [this](bool paused) { m_bridge.setScrapingPaused(paused); });
    m_menu.addSeparator();
    m_menu.addAction(tr("Quit"), this, &Tray::quitRequested);

    m_icon.setContextMenu(&m_menu);
    connect(&m_icon, &QSystemTrayIcon::activated, this,
            [this](QSystemTrayIcon::ActivationReason reason) {
                if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick) {
                    emit openRequested();
                }
            });
    connect(&bridge, &EngineBridge::alertsChanged, this, &Tray::update);
    connect(&bridge, &EngineBridge::statusChanged, this, &Tray::update);
    m_retry.setInterval(retryEvery);
    connect(&m_retry, &QTimer::timeout, this, &Tray::tryToShow);
    update();
    m_retry.start();
    tryToShow();
}

Tray::~Tray() = default;

bool Tray::isShown() const
{
    return m_icon.isVisible() && QSystemTrayIcon::isSystemTrayAvailable();
}

void Tray::tryToShow()
{
    if (QSystemTrayIcon::isSystemTrayAvailable()) {
        m_icon.show();
        m_retry.stop();
    } else if (++m_tries >= retries) {
        m_retry.stop();
    }
}

void Tray::update()
{
    const int firing = int(m_bridge.alerts()->firing);
    const bool paused = m_bridge.status()->paused;
    m_pause->setChecked(paused);
    fillFiring();
    if (firing == m_shownFiring && paused == m_shownPaused) {
        return;
    }
    m_shownFiring = firing;
    m_shownPaused = paused;
    const auto state = paused ? theme::TrayState::paused
        : firing > 0          ? theme::TrayState::firing
                              : theme::TrayState::calm;
    m_icon.setIcon(theme::trayIcon(state, firing));
    m_icon.setToolTip(paused           ? tr("Watchfire: scraping is paused")
                          : firing > 0 ? tr("Watchfire: %1 firing").arg(firing)
                                       : tr("Watchfire: all calm"));
    if (auto* const app = qobject_cast<QGuiApplication*>(QCoreApplication::instance())) {
        app->setBadgeNumber(firing);
    }
}

void Tray::fillFiring()
{
    std::vector<const engine::AlertStatus*> newest;
    const AlertsPtr alerts = m_bridge.alerts();
    for (const engine::AlertStatus& alert : alerts->alerts) {
        if (alert.state == AlertState::firing && !alert.silenced && !alert.inhibited) {
            newest.push_back(&alert);
        }
    }
    std::ranges::sort(newest, std::ranges::greater(), &engine::AlertStatus::firedAt);
    newest.resize(std::min(newest.size(), newestShown));
    QStringList titles;
    for (const engine::AlertStatus* alert : newest) {
        titles << fromUtf8(alert->rule) + u"  "_s + AlertsModel::labelsOf(*alert).left(60);
    }
    m_firing->menuAction()->setVisible(!titles.isEmpty());
    QStringList shown;
    for (const QAction* action : m_firing->actions()) {
        shown << action->text();
    }
    if (shown == titles) {
        return; // a menu that is open must not flicker
    }
    m_firing->clear();
    for (std::size_t i = 0; i < newest.size(); ++i) {
        QString title = titles[qsizetype(i)];
        title.replace(u'&', u"&&"_s);
        QAction* const action = m_firing->addAction(title);
        const QString filter = u"alertname:"_s + fromUtf8(newest[i]->rule);
        connect(action, &QAction::triggered, this, [this, filter] { emit alertRequested(filter); });
    }
}

} // namespace watchfire::ui
