// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/relabel_diff.h"

#include "ui/models/format.h"

#include <algorithm>

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::RelabelDiff)
};

/// A target by its address, a series by what people write for it.
QString nameOf(const Labels& labels)
{
    const std::string_view address = labels.get("__address__");
    return address.empty() ? fromUtf8(labels.toString()) : fromUtf8(address);
}

const Labels& lastOf(const engine::RelabelOutcome& outcome)
{
    return outcome.steps.empty() ? outcome.discovered : outcome.steps.back().after;
}

bool isDropped(const engine::RelabelOutcome& outcome)
{
    return !outcome.steps.empty() && !outcome.steps.back().kept;
}

QString joined(const std::vector<std::string>& names)
{
    QStringList texts;
    for (const std::string& name : names) {
        texts << fromUtf8(name);
    }
    return texts.join(u", "_s);
}

/// All of them, as children of what they belong to.
std::vector<DiffRow> plainLabels(const Labels& labels)
{
    std::vector<DiffRow> rows;
    for (const auto& label : labels) {
        rows.push_back({DiffState::plain, fromUtf8(label.name), {}, fromUtf8(label.value), {}, 0});
    }
    return rows;
}

} // namespace

QString diffWord(DiffState state)
{
    switch (state) {
    case DiffState::unchanged:
        return Words::tr("Unchanged");
    case DiffState::changed:
        return Words::tr("Changed");
    case DiffState::dropped:
        return Words::tr("Dropped");
    case DiffState::fault:
        return Words::tr("Fault");
    case DiffState::added:
        return Words::tr("Added");
    case DiffState::removed:
        return Words::tr("Removed");
    case DiffState::notReached:
        return Words::tr("Not reached");
    case DiffState::discovered:
        return Words::tr("Discovered");
    case DiffState::result:
        return Words::tr("Result");
    case DiffState::plain:
        break;
    }
    return {};
}

const char* diffIcon(DiffState state)
{
    switch (state) {
    case DiffState::unchanged:
        return "check";
    case DiffState::changed:
        return "edit";
    case DiffState::dropped:
        return "delete";
    case DiffState::fault:
        return "error";
    case DiffState::added:
        return "add";
    case DiffState::removed:
        return "remove";
    case DiffState::notReached:
        return "more";
    case DiffState::discovered:
        return "search";
    case DiffState::result:
        return "targets";
    case DiffState::plain:
        break;
    }
    return nullptr;
}

QString ruleText(const RelabelRule& rule)
{
    const QString action = fromUtf8(toText(rule.action));
    const QString sources = joined(rule.sourceLabels);
    const QString regex = fromUtf8(rule.regexText);
    const QString target = fromUtf8(rule.targetLabel);
    switch (rule.action) {
    case RelabelAction::replace:
        return sources.isEmpty() ? u"%1: %2 = %3"_s.arg(action, target, fromUtf8(rule.replacement))
                                 : u"%1: %2 =~ %3 → %4 = %5"_s.arg(action, sources, regex, target,
                                                                   fromUtf8(rule.replacement));
    case RelabelAction::keep:
    case RelabelAction::drop:
        return u"%1: %2 =~ %3"_s.arg(action, sources, regex);
    case RelabelAction::keepEqual:
    case RelabelAction::dropEqual:
        return u"%1: %2 = %3"_s.arg(action, sources, target);
    case RelabelAction::hashMod:
        return u"%1: %2 mod %3 → %4"_s.arg(action, sources, QString::number(rule.modulus), target);
    case RelabelAction::labelMap:
        return u"%1: %2 → %3"_s.arg(action, regex, fromUtf8(rule.replacement));
    case RelabelAction::labelDrop:
    case RelabelAction::labelKeep:
        return u"%1: %2"_s.arg(action, regex);
    case RelabelAction::lowercase:
    case RelabelAction::uppercase:
        return u"%1: %2 → %3"_s.arg(action, sources, target);
    }
    return action;
}

std::vector<DiffRow> labelChanges(const Labels& before, const Labels& after)
{
    std::vector<DiffRow> rows;
    const auto add
        = [&](DiffState state, std::string_view name, std::string_view was, std::string_view is) {
              rows.push_back({state, fromUtf8(name), fromUtf8(was), fromUtf8(is), {}, 0});
          };
    auto old = before.begin();
    auto now = after.begin();
    while (old != before.end() || now != after.end()) {
        if (now == after.end() || (old != before.end() && old->name < now->name)) {
            add(DiffState::removed, old->name, old->value, {});
            ++old;
        } else if (old == before.end() || now->name < old->name) {
            add(DiffState::added, now->name, {}, now->value);
            ++now;
        } else {
            if (old->value != now->value) {
                add(DiffState::changed, old->name, old->value, now->value);
            }
            ++old;
            ++now;
        }
    }
    return rows;
}

DiffRow outcomeRow(const engine::RelabelOutcome& outcome)
{
    DiffRow row;
    row.name = nameOf(outcome.discovered);
    row.id = outcome.discovered.hash();
    row.children = labelChanges(outcome.discovered, lastOf(outcome));
    if (isDropped(outcome)) {
        row.state = DiffState::dropped;
        row.after = Words::tr("by rule %1").arg(outcome.steps.size());
        // What became of its labels on the way is the steps' business.
        row.children.clear();
    } else if (!outcome.error.empty()) {
        row.state = DiffState::fault;
        row.after = fromUtf8(outcome.error);
    } else {
        row.state = row.children.empty() ? DiffState::unchanged : DiffState::changed;
        row.after = outcome.url ? fromUtf8(*outcome.url) : nameOf(lastOf(outcome));
    }
    return row;
}

std::vector<DiffRow> stepRows(const engine::RelabelOutcome& outcome,
                              const std::vector<RelabelRule>& rules)
{
    std::vector<DiffRow> rows;
    for (std::size_t i = 0; i < std::max(rules.size(), outcome.steps.size()); ++i) {
        DiffRow row;
        row.name = i < rules.size() ? u"%1 · %2"_s.arg(QString::number(i + 1), ruleText(rules[i]))
                                    : QString::number(i + 1);
        row.id = i + 1;
        if (i >= outcome.steps.size()) {
            row.state = DiffState::notReached;
        } else if (!outcome.steps[i].kept) {
            row.state = DiffState::dropped;
        } else {
            row.children = labelChanges(outcome.steps[i].before, outcome.steps[i].after);
            row.state = row.children.empty() ? DiffState::unchanged : DiffState::changed;
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<DiffRow> wayRows(const engine::RelabelOutcome& outcome,
                             const std::vector<RelabelRule>& rules)
{
    // Ids beyond those of the rules, so that what somebody closed stays closed.
    constexpr std::uint64_t discoveredId = 1'000'001;
    constexpr std::uint64_t resultId = 1'000'002;
    std::vector<DiffRow> rows;
    rows.push_back({DiffState::discovered,
                    nameOf(outcome.discovered),
                    {},
                    {},
                    plainLabels(outcome.discovered),
                    discoveredId});
    std::ranges::move(stepRows(outcome, rules), std::back_inserter(rows));
    DiffRow result = outcomeRow(outcome);
    result.id = resultId;
    result.children.clear();
    if (result.state == DiffState::changed || result.state == DiffState::unchanged) {
        result.state = DiffState::result;
        const std::string_view instance = outcome.labels.get("instance");
        if (!instance.empty()) {
            result.name = fromUtf8(instance);
        }
        result.children = plainLabels(outcome.labels);
    }
    rows.push_back(std::move(result));
    return rows;
}

DiffCounts countOutcomes(std::span<const DiffRow> rows)
{
    DiffCounts counts;
    for (const DiffRow& row : rows) {
        switch (row.state) {
        case DiffState::changed:
            ++counts.changed;
            break;
        case DiffState::dropped:
            ++counts.dropped;
            break;
        case DiffState::fault:
            ++counts.faults;
            break;
        case DiffState::unchanged:
        case DiffState::added:
        case DiffState::removed:
        case DiffState::notReached:
        case DiffState::discovered:
        case DiffState::result:
        case DiffState::plain:
            ++counts.unchanged;
            break;
        }
    }
    return counts;
}

std::vector<engine::RelabelOutcome> applyRules(const std::vector<Labels>& sets,
                                               const std::vector<RelabelRule>& rules)
{
    std::vector<engine::RelabelOutcome> outcomes;
    outcomes.reserve(sets.size());
    for (const Labels& set : sets) {
        engine::RelabelOutcome outcome;
        outcome.discovered = set;
        LabelsBuilder builder(set);
        for (std::size_t i = 0; i < rules.size(); ++i) {
            engine::RelabelStepReport step;
            step.before = builder.build();
            step.kept = relabel(builder, std::span(rules).subspan(i, 1));
            step.after = step.kept ? builder.build() : step.before;
            outcome.steps.push_back(std::move(step));
            if (!outcome.steps.back().kept) {
                break;
            }
        }
        outcome.labels = lastOf(outcome);
        outcomes.push_back(std::move(outcome));
    }
    return outcomes;
}

} // namespace watchfire::ui
