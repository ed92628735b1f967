// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ticket.h"

#include <memory>
#include <utility>

namespace watchfire::ui {

/// A question to the engine that has not been answered yet. Dropping it, or putting another in
/// its place, cancels the work and guarantees that the answer's callback is not called any more.
/// GUI thread only.
class [[nodiscard]] Pending {
public:
    struct Call {
        virtual ~Call() = default;
        Ticket ticket;
        bool answered = false;
    };

    Pending() = default;
    explicit Pending(std::shared_ptr<Call> call)
        : m_call(std::move(call))
    {
    }

    void cancel() { m_call.reset(); }
    /// The answer is still to come.
    bool isActive() const { return m_call && !m_call->answered; }

private:
    std::shared_ptr<Call> m_call;
};

} // namespace watchfire::ui
