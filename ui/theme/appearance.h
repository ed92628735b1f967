// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/palette.h"

#include <optional>

#include <QDBusConnection>
#include <QDBusVariant>
#include <QObject>

namespace watchfire::ui::theme {

/// What the desktop wants applications to look like, from the settings portal. All calls are
/// asynchronous; without a session bus or a portal nothing is ever announced.
/// Source: XDG Desktop Portal, org.freedesktop.portal.Settings, namespace
/// org.freedesktop.appearance: color-scheme (0 no preference, 1 dark, 2 light), contrast
/// (0 no preference, 1 higher).
class PortalAppearance final : public QObject {
    Q_OBJECT
public:
    explicit PortalAppearance(QObject* parent = nullptr);
    ~PortalAppearance() override;

    /// Connects to the session bus on a worker thread, since that waits for the bus, then asks.
    /// Does nothing where no bus is named, so that none is started on our behalf.
    void start();
    /// Asks over a bus already open: for tests with a bus of their own.
    void startOn(const QDBusConnection& bus);

    std::optional<Scheme> scheme() const { return m_scheme; }
    Contrast contrast() const { return m_contrast; }

signals:
    void changed();

private slots:
    void settingChanged(const QString& space, const QString& key, const QDBusVariant& value);

private:
    void ask(const QDBusConnection& bus, const QString& key);
    void take(const QString& key, const QVariant& value);

    std::optional<Scheme> m_scheme;
    Contrast m_contrast = Contrast::normal;
};

} // namespace watchfire::ui::theme
