// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <mutex>

#include <QDBusConnection>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QThread>

namespace watchfire::tests {

/// What a desktop's panel offers to tray icons on the session bus.
class StatusNotifierWatcher : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.kde.StatusNotifierWatcher")
    Q_PROPERTY(bool IsStatusNotifierHostRegistered READ hasHost CONSTANT)
    Q_PROPERTY(int ProtocolVersion READ protocol CONSTANT)
    Q_PROPERTY(QStringList RegisteredStatusNotifierItems READ items)
public:
    bool start()
    {
        QDBusConnection bus = QDBusConnection::connectToBus(QDBusConnection::SessionBus,
                                                            QStringLiteral("fake-tray"));
        return bus.registerObject(QStringLiteral("/StatusNotifierWatcher"), this,
                                  QDBusConnection::ExportAllSlots
                                      | QDBusConnection::ExportAllProperties)
            && bus.registerService(QStringLiteral("org.kde.StatusNotifierWatcher"));
    }
    void stop()
    {
        QDBusConnection bus(QStringLiteral("fake-tray"));
        bus.unregisterService(QStringLiteral("org.kde.StatusNotifierWatcher"));
        bus.unregisterObject(QStringLiteral("/StatusNotifierWatcher"));
        QDBusConnection::disconnectFromBus(QStringLiteral("fake-tray"));
    }
    static bool hasHost() { return true; }
    static int protocol() { return 0; }
    QStringList items() const
    {
        const std::lock_guard lock(m_mutex);
        return m_items;
    }

public slots:
    void RegisterStatusNotifierItem(const QString& service) // NOLINT: the names are D-Bus'
    {
        const std::lock_guard lock(m_mutex);
        m_items << service;
    }

private:
    mutable std::mutex m_mutex;
    QStringList m_items;
};

/// A panel with a place for tray icons, on a thread of its own: Qt asks it and waits for the
/// answer. Needs a bus of its own (DBUS in watchfire_test).
class FakeTray {
public:
    FakeTray() { m_watcher.moveToThread(&m_thread); }
    ~FakeTray()
    {
        if (m_thread.isRunning()) {
            QMetaObject::invokeMethod(&m_watcher, &StatusNotifierWatcher::stop,
                                      Qt::BlockingQueuedConnection);
        }
        m_thread.quit();
        m_thread.wait();
    }
    FakeTray(const FakeTray&) = delete;
    FakeTray& operator=(const FakeTray&) = delete;

    bool start()
    {
        m_thread.start();
        bool started = false;
        QMetaObject::invokeMethod(&m_watcher, &StatusNotifierWatcher::start,
                                  Qt::BlockingQueuedConnection, &started);
        return started;
    }
    /// Bus names of the icons that came, in order.
    QStringList items() const { return m_watcher.items(); }

private:
    StatusNotifierWatcher m_watcher;
    QThread m_thread;
};

} // namespace watchfire::tests
