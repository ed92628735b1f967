// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/tray.h"

#include "ui/models/alerts_model.h"
#include "ui/models/format.h"
#include "ui/theme/tray_icon.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>
#include <xcb/xcb.h>

#include <QAction>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QGuiApplication>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr std::size_t newestShown = 10;
const QString panelService = u"org.kde.StatusNotifierWatcher"_s;

bool isHeard(const engine::AlertStatus& alert)
{
    return alert.state == AlertState::firing && !alert.silenced && !alert.inhibited;
}

/// How many alerts fire that somebody is to hear of, and the state of the worst.
std::pair<int, theme::State> heardIn(const engine::AlertsSnapshot& alerts)
{
    int count = 0;
    Severity worst = Severity::other;
    for (const engine::AlertStatus& alert : alerts.alerts) {
        if (isHeard(alert)) {
            ++count;
            worst = std::min(worst, severityOf(alert.labels)); // the most serious is the first
        }
    }
    return {count,
            worst == Severity::critical      ? theme::State::critical
                : worst == Severity::warning ? theme::State::warning
                                             : theme::State::unknown};
}

/// Whether an X11 panel takes icons in as windows. Source: freedesktop.org, "System Tray
/// Protocol".
bool hasEmbeddingPanel()
{
    const auto* const x11 = qApp->nativeInterface<QNativeInterface::QX11Application>();
    if (x11 == nullptr || x11->connection() == nullptr) {
        return false;
    }
    xcb_connection_t* const connection = x11->connection();
    constexpr std::string_view name = "_NET_SYSTEM_TRAY_S0";
    const std::unique_ptr<xcb_intern_atom_reply_t, decltype(&std::free)> atom(
        xcb_intern_atom_reply(connection, xcb_intern_atom(connection, 1, name.size(), name.data()),
                              nullptr),
        &std::free);
    if (!atom || atom->atom == XCB_ATOM_NONE) {
        return false;
    }
    const std::unique_ptr<xcb_get_selection_owner_reply_t, decltype(&std::free)> owner(
        xcb_get_selection_owner_reply(connection, xcb_get_selection_owner(connection, atom->atom),
                                      nullptr),
        &std::free);
    return owner && owner->owner != XCB_WINDOW_NONE;
}

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

    connect(&bridge, &EngineBridge::alertsChanged, this, &Tray::update);
    connect(&bridge, &EngineBridge::statusChanged, this, &Tray::update);
    m_retry.setInterval(retryEvery);
    connect(&m_retry, &QTimer::timeout, this, &Tray::tryToShow);
    update();
    m_retry.start();
    watchBus();
    tryToShow();
}

Tray::~Tray() = default;

bool Tray::isShown() const
{
    return m_icon && (m_isOnBus ? m_hasBusPanel : QSystemTrayIcon::isSystemTrayAvailable());
}

void Tray::watchBus()
{
    const QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) {
        return;
    }
    const auto found = [this](bool isThere) {
        m_hasBusPanel = isThere;
        tryToShow();
    };
    m_busPanel.setConnection(bus);
    m_busPanel.addWatchedService(panelService);
    connect(
        &m_busPanel, &QDBusServiceWatcher::serviceOwnerChanged, this,
        [found](const QString&, const QString&, const QString& owner) { found(!owner.isEmpty()); });
    QDBusMessage question
        = QDBusMessage::createMethodCall(u"org.freedesktop.DBus"_s, u"/org/freedesktop/DBus"_s,
                                         u"org.freedesktop.DBus"_s, u"NameHasOwner"_s);
    question << panelService;
    auto* const answer = new QDBusPendingCallWatcher(bus.asyncCall(question), this);
    connect(answer, &QDBusPendingCallWatcher::finished, this, [answer, found] {
        const QDBusPendingReply<bool> reply = *answer;
        answer->deleteLater();
        if (reply.isValid() && reply.value()) {
            found(true);
        }
    });
}

void Tray::tryToShow()
{
    if (m_icon) {
        return;
    }
    if ((m_hasBusPanel || hasEmbeddingPanel()) && QSystemTrayIcon::isSystemTrayAvailable()) {
        m_retry.stop();
        m_isOnBus = m_hasBusPanel;
        m_icon = std::make_unique<QSystemTrayIcon>();
        m_icon->setContextMenu(&m_menu);
        connect(m_icon.get(), &QSystemTrayIcon::activated, this,
                [this](QSystemTrayIcon::ActivationReason reason) {
                    if (reason == QSystemTrayIcon::Trigger
                        || reason == QSystemTrayIcon::DoubleClick) {
                        emit openRequested();
                    }
                });
        showState();
        m_icon->show();
    } else if (m_retry.isActive() && ++m_tries > retries) {
        m_retry.stop();
    }
}

void Tray::update()
{
    const auto [firing, worst] = heardIn(*m_bridge.alerts());
    const bool paused = m_bridge.status()->paused;
    m_pause->setChecked(paused);
    fillFiring();
    if (firing == m_shownFiring && worst == m_shownWorst && paused == m_shownPaused) {
        return;
    }
    m_shownFiring = firing;
    m_shownWorst = worst;
    m_shownPaused = paused;
    showState();
    if (auto* const app = qobject_cast<QGuiApplication*>(QCoreApplication::instance())) {
        app->setBadgeNumber(firing);
    }
}

void Tray::showState()
{
    if (!m_icon) {
        return;
    }
    const auto state = m_shownPaused ? theme::TrayState::paused
        : m_shownFiring > 0          ? theme::TrayState::firing
                                     : theme::TrayState::calm;
    m_icon->setIcon(theme::trayIcon(state, m_shownFiring, m_shownWorst));
    const QString firing = m_shownWorst == theme::State::critical
        ? tr("Watchfire: %1 firing, the worst is critical").arg(m_shownFiring)
        : m_shownWorst == theme::State::warning
        ? tr("Watchfire: %1 firing, the worst is a warning").arg(m_shownFiring)
        : tr("Watchfire: %1 firing").arg(m_shownFiring);
    m_icon->setToolTip(m_shownPaused           ? tr("Watchfire: scraping is paused")
                           : m_shownFiring > 0 ? firing
                                               : tr("Watchfire: all calm"));
}

void Tray::fillFiring()
{
    std::vector<const engine::AlertStatus*> newest;
    const AlertsPtr alerts = m_bridge.alerts();
    for (const engine::AlertStatus& alert : alerts->alerts) {
        if (isHeard(alert)) {
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
