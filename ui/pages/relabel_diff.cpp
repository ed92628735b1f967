// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/relabel_diff.h"

#include "ui/models/format.h"
#include "ui/models/relabel_model.h"
#include "ui/pages/relabel_form.h"

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
    }
    return "more";
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
