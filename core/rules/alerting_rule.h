// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/config/config.h"
#include "core/model/alert.h"
#include "core/model/result.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace watchfire::rules {

/// Expands a template of a label or annotation for one element of a rule's result. A fault in
/// the template yields a text that says so.
using ExpandText = std::function<std::string(std::string_view text, std::string_view alertName,
                                             const VectorSample& element, Timestamp at)>;

/// One alert of a rule, from its first pending evaluation until 15 minutes after it resolved.
struct ActiveAlert {
    Labels labels;
    Labels annotations;
    AlertState state = AlertState::pending;
    double value = 0;
    Timestamp activeAt{};
    Timestamp firedAt{}; ///< the epoch: not yet
    Timestamp resolvedAt{}; ///< the epoch: not resolved
    Timestamp keepFiringSince{};
    /// Since when it fires only because nobody can see whether it still would; the epoch: it is
    /// seen.
    Timestamp unknownSince{};
    Timestamp lastSentAt{};
};

/// Whether nobody can see whether the condition of an alert with these labels holds.
using IsUnseen = std::function<bool(const Labels& labels, Timestamp at)>;

/// What an evaluation says of one label set: the alert's condition holds.
struct Candidate {
    Labels labels; ///< those of the alert, alertname among them
    Labels annotations;
    double value = 0;
};

/// The newest ALERTS_FOR_STATE sample of an alert from before a restart.
struct StoredForState {
    Timestamp at{}; ///< when the alert was last known to be active
    Timestamp activeAt{}; ///< since when it was
};

/// The state machine of one alerting rule: inactive, pending while `for` runs, firing.
///
/// Source: Prometheus documentation, "Alerting rules"; rules/alerting.go.
class AlertingRule {
public:
    explicit AlertingRule(config::RuleConfig rule)
        : m_rule(std::move(rule))
    {
    }

    /// Takes the result of the rule's expression at `at` through the state machine. Fails, with
    /// the state as it was, when two elements get the same labels; fails and forgets all alerts
    /// when more than `limit` (0: none) are active.
    Result<void> evaluate(const Vector& result, Timestamp at, const ExpandText& expand,
                          std::uint64_t limit);
    /// The labels of the alert that an element of the expression's result makes.
    Labels labelsOf(const VectorSample& element, Timestamp at, const ExpandText& expand) const;
    /// The same as `evaluate` for label sets that are made already.
    Result<void> advance(std::vector<Candidate> candidates, Timestamp at, std::uint64_t limit);

    /// The ALERTS and ALERTS_FOR_STATE samples of the present state; none while the state of
    /// before a restart is still to be restored, so that what is stored of it stays the newest.
    Vector samples() const;

    /// Firing and resolved alerts that the Alertmanager side should hear of now: those that
    /// changed, and those last sent more than `resendDelay` ago. Marks them sent.
    std::vector<Alert> takeDue(Timestamp at, std::chrono::milliseconds resendDelay,
                               std::chrono::milliseconds interval);

    /// From now on a firing alert whose condition does not hold stays while it is unseen: as
    /// firing, with an ALERTS series that says `unknown`.
    void setIsUnseen(IsUnseen isUnseen) { m_isUnseen = std::move(isUnseen); }

    /// Makes it wait for `restore`, or for `restored` where there is nothing to restore.
    void awaitRestoration() { m_restored = false; }
    void restored() { m_restored = true; }
    bool isRestored() const { return m_restored; }
    /// Moves the beginning of an active alert to where the `for` that ran before a restart says:
    /// the time that the program was down does not count, but an alert that would have fired in
    /// the meantime, or within `grace` from now, waits for `grace` yet. Without effect on an
    /// alert that is not active.
    void restore(const Labels& labels, const StoredForState& before, Timestamp now,
                 std::chrono::milliseconds grace);

    const std::unordered_map<Labels, ActiveAlert>& active() const { return m_active; }
    /// Takes over the alerts of the same rule from before a reload.
    void adopt(AlertingRule& before);
    const config::RuleConfig& rule() const { return m_rule; }

private:
    bool goesOn(ActiveAlert& alert, bool holds, Timestamp at) const;
    void changeState(ActiveAlert& alert, Timestamp at) const;

    config::RuleConfig m_rule;
    std::unordered_map<Labels, ActiveAlert> m_active;
    bool m_restored = true;
    IsUnseen m_isUnseen; ///< may be empty: what does not hold is over
};

} // namespace watchfire::rules
