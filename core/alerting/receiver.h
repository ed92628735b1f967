// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/ticket.h"
#include "core/ports/desktop.h"

namespace watchfire::alerting {

/// Takes notifications to where people read them. The reply may come on any thread. An error of
/// kind unavailable or timeout is worth another try; any other is final.
struct Receiver {
    virtual ~Receiver() = default;
    virtual Ticket send(Notification notification, Reply<void> reply) = 0;
};

} // namespace watchfire::alerting
