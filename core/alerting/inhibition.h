// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "core/model/alert.h"

#include <set>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace watchfire::alerting {

/// Which alerts keep others quiet. Each rule has an index of its sources by the values of its
/// `equal` labels, so that a question costs one look-up a rule, however many alerts there are.
/// One thread.
///
/// A label of `equal` that source and target both lack is equal. Where an alert matches both
/// sides of a rule, it is not inhibited by that rule's sources that match both sides too, itself
/// among them. An inhibited or silenced source still inhibits.
///
/// Source: Alertmanager documentation, "Inhibition-related settings".
class Inhibition {
public:
    /// Takes other rules, and forgets all alerts.
    void setRules(std::vector<config::InhibitRuleConfig> rules);
    /// A new alert, or a newer state of one. Its end counts: the epoch is an open one.
    void put(const Alert& alert);
    void remove(const Labels& labels);

    /// For each rule that keeps an alert with these labels quiet, one of its firing sources.
    std::vector<Labels> inhibitedBy(const Labels& labels, Timestamp now) const;
    bool isInhibited(const Labels& labels, Timestamp now) const;

private:
    /// Sources that agree in `equal`, by when they end: the last one is the one to ask.
    using Sources = std::set<std::pair<Timestamp, Labels>>;
    struct Bucket {
        Sources oneSided; ///< match the source side only
        Sources twoSided;
    };
    struct Place {
        Labels equal;
        Timestamp end{};
        bool twoSided = false;
    };
    struct Rule {
        config::InhibitRuleConfig config; ///< `equal` sorted
        std::unordered_map<Labels, Bucket> buckets; ///< by the values of `equal`
        std::unordered_map<Labels, Place> places; ///< of each source
    };

    static void take(Rule& rule, const Labels& labels);
    static const Labels* sourceOf(const Rule& rule, const Labels& labels, Timestamp now);

    std::vector<Rule> m_rules;
};

} // namespace watchfire::alerting
