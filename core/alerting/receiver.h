// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/ticket.h"
#include "core/ports/desktop.h"

#include <string_view>

namespace watchfire::alerting {

/// Takes notifications to where people read them. The reply may come on any thread. An error of
/// kind unavailable or timeout is worth another try; any other is final.
struct Receiver {
    virtual ~Receiver() = default;
    virtual Ticket send(Notification notification, Reply<void> reply) = 0;
    /// Whether what was told can be taken back, as a popup can and a mail cannot.
    virtual bool canWithdraw() const { return false; }
    /// Takes back what was told of a group. Returns at once.
    virtual void withdraw(std::string_view) { }
};

} // namespace watchfire::alerting
