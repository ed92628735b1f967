// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/ticket.h"
#include "core/ports/mdns.h"

#include <chrono>
#include <memory>
#include <stop_token>

#include <QDBusConnection>
#include <QDBusMessage>
#include <QHash>
#include <QObject>
#include <QTimer>

namespace watchfire::desktop {

/// Asks Avahi, the desktop's mDNS service, over D-Bus.
///
/// `browse` is safe from any thread; everything else happens on the thread the object lives on,
/// replies included. Without Avahi it fails with unavailable.
///
/// Source: Avahi's D-Bus interface, org.freedesktop.Avahi.Server and .ServiceBrowser.
class AvahiBrowser final : public QObject, public MdnsBrowser {
    Q_OBJECT
public:
    /// `bus`: the system's, but in tests. A question ends after `patience` with what was found.
    explicit AvahiBrowser(QDBusConnection bus,
                          std::chrono::milliseconds patience = std::chrono::seconds(3),
                          QObject* parent = nullptr);

    Ticket browse(std::string service, Reply<std::vector<MdnsService>> reply) override;

private slots:
    void onSignal(const QDBusMessage& message);

private:
    struct Question;
    using QuestionPtr = std::shared_ptr<Question>;

    void begin(const QString& service, Reply<std::vector<MdnsService>> reply,
               const std::stop_token& token);
    void handle(const QuestionPtr& question, const QDBusMessage& message);
    void resolve(const QuestionPtr& question, const QVariantList& item);
    void finishIfDone(const QuestionPtr& question);
    void finish(const QuestionPtr& question, Result<std::vector<MdnsService>> result);

    QDBusConnection m_bus;
    std::chrono::milliseconds m_patience;
    QHash<QString, QuestionPtr> m_questions; ///< by the browser's object path
    int m_beginning = 0; ///< questions whose path is not known yet
    QList<QDBusMessage> m_early; ///< signals that may be theirs
};

} // namespace watchfire::desktop
