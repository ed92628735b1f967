// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/mdns.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include <QDBusConnection>
#include <QDBusMessage>
#include <QList>
#include <QObject>

namespace watchfire::desktop {

/// Browses by asking Avahi over D-Bus, which listens to the network anyway. `browse` is safe from
/// any thread; replies come on the thread the object lives on, as soon as all that Avahi knows of
/// have answered. Without Avahi: unavailable.
///
/// A service counts once for each interface and protocol it is seen by; after a thousand of these
/// no more are taken, so that nobody in the network fills the memory.
///
/// Source: Avahi's D-Bus interfaces org.freedesktop.Avahi.Server and .ServiceBrowser.
class AvahiBrowser final : public QObject, public MdnsBrowser {
    Q_OBJECT
public:
    /// `bus`: the system's, where Avahi is. A search ends after `patience` with what was found.
    explicit AvahiBrowser(QDBusConnection bus,
                          std::chrono::milliseconds patience = std::chrono::seconds(3),
                          QObject* parent = nullptr);
    /// Ends what is under way without replies. On the object's thread.
    ~AvahiBrowser() override;

    Ticket browse(std::string service, Reply<std::vector<MdnsService>> reply) override;

private slots:
    void onItemNew(const QDBusMessage& message);
    void onAllForNow(const QDBusMessage& message);
    void onFailure(const QDBusMessage& message);

private:
    struct Search;

    void begin(std::uint64_t id, const std::string& service, Reply<std::vector<MdnsService>> reply);
    void begun(std::uint64_t id, const QString& path);
    void forgetEarly();
    void resolve(std::uint64_t id, const QDBusMessage& item);
    void resolved(std::uint64_t id, const QDBusMessage& answer);
    void finish(std::uint64_t id, Result<std::vector<MdnsService>> result);
    void finishWhole(std::uint64_t id);
    void cancel(std::uint64_t id);
    void release(const Search& search);
    /// The search a signal belongs to; none: it is kept for one that does not know its path yet.
    std::optional<std::uint64_t> searchOf(const QDBusMessage& message);

    QDBusConnection m_bus;
    std::chrono::milliseconds m_patience;
    std::atomic<std::uint64_t> m_lastId = 0;
    std::map<std::uint64_t, std::unique_ptr<Search>> m_searches;
    QList<QDBusMessage> m_early; ///< signals of browsers whose path is not known yet
};

} // namespace watchfire::desktop
