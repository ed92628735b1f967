// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/desktop/popup.h"
#include "core/ports/desktop.h"
#include "core/ports/popups.h"

#include <functional>

#include <QDBusConnection>
#include <QObject>
#include <QString>

namespace watchfire::desktop {

/// A service of the desktop that shows popups. All calls to it are asynchronous, and nothing is
/// asked of the bus that would have to be waited for. Everything on the thread the object lives on.
class PopupChannel : public QObject, public PopupScreen {
    Q_OBJECT
public:
    explicit PopupChannel(QObject* parent = nullptr)
        : QObject(parent)
    {
    }

    /// Asks whether the service is there and what it can do: `found` answers. May start it.
    virtual void look() = 0;
    void setSound(PopupSound sound) { m_sound = sound; }

signals:
    void found(bool isThere);
    /// The service ended, or another took its place: none of the popups is there any more.
    void lost(bool hasSuccessor);
    /// A popup could not be shown.
    void failed(const QString& why);
    void inhibitedChanged(bool isInhibited);
    /// `token` lets a window come to the front; empty where the desktop gives none.
    void acted(watchfire::desktop::PopupId id, watchfire::NotificationAction action,
               const QString& token);
    void ended(watchfire::desktop::PopupId id, watchfire::desktop::PopupEnd how);

protected:
    PopupSound sound() const { return m_sound; }
    /// Asks the bus whose a name is; `then` gets the unique name, empty where it is nobody's.
    void askOwner(const QDBusConnection& bus, const QString& service,
                  std::function<void(const QString&)> then);

private:
    PopupSound m_sound = PopupSound::desktop;
};

} // namespace watchfire::desktop
