// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/silences_model.h"

#include "ui/models/format.h"

#include <array>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

SilencesModel::Phase SilencesModel::phaseOf(const engine::SilenceStatus& silence, Timestamp now)
{
    if (silence.expired || silence.endsAt <= now) {
        return Phase::expired;
    }
    return silence.startsAt > now ? Phase::waiting : Phase::active;
}

std::uint64_t SilencesModel::idOf(const std::string& silenceId)
{
    return std::hash<std::string>()(silenceId);
}

void SilencesModel::setSnapshot(const std::shared_ptr<const engine::AlertsSnapshot>& snapshot,
                                Timestamp now)
{
    m_now = now;
    std::vector<Entry> entries;
    entries.reserve(snapshot->silences.size());
    const std::array<std::pair<Phase, QString>, 3> phases{std::pair(Phase::active, tr("Active")),
                                                          std::pair(Phase::waiting, tr("Waiting")),
                                                          std::pair(Phase::expired, tr("Expired"))};
    for (const auto& [phase, title] : phases) {
        for (const engine::SilenceStatus& silence : snapshot->silences) {
            if (phaseOf(silence, now) == phase) {
                entries.push_back({title, idOf(silence.id), &silence});
            }
        }
    }
    present(std::move(entries), snapshot);
}

int SilencesModel::columnCount(const QModelIndex&) const
{
    return columnsEnd;
}

QVariant SilencesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole && (section == matched)) {
        return int(Qt::AlignRight | Qt::AlignVCenter);
    }
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case matchers:
        return tr("Silences alerts with");
    case matched:
        return tr("Alerts now");
    case ends:
        return tr("Time left");
    case author:
        return tr("By");
    case comment:
        return tr("Comment");
    default:
        return {};
    }
}

QVariant SilencesModel::groupData(const Group& group, int column, int role) const
{
    if (column == 0 && role == Qt::DisplayRole) {
        return u"%1 (%2)"_s.arg(group.name).arg(group.all.size());
    }
    return {};
}

QVariant SilencesModel::rowData(const engine::SilenceStatus& silence, int column, int role) const
{
    const Phase phase = phaseOf(silence, m_now);
    switch (role) {
    case Qt::DisplayRole:
        break;
    case stateRole:
        if (column == ends && phase == Phase::active && silence.endsAt - m_now < warnBefore) {
            return int(ItemState::warning);
        }
        return column == matchers && phase == Phase::active ? QVariant(int(ItemState::silenced))
                                                            : QVariant();
    case mutedRole:
        return phase == Phase::expired || column == author;
    case Qt::TextAlignmentRole:
        return column == matched ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter)) : QVariant();
    case Qt::ToolTipRole:
        return column == ends
            ? QVariant(
                  tr("%1 to %2").arg(dateTimeText(silence.startsAt), dateTimeText(silence.endsAt)))
            : QVariant();
    default:
        return {};
    }
    switch (column) {
    case matchers:
        return matchersText(silence.matchers);
    case matched:
        return phase == Phase::active ? countText(silence.matched) : QString();
    case ends:
        switch (phase) {
        case Phase::active:
            return tr("%1 left").arg(spanText(silence.endsAt - m_now));
        case Phase::waiting:
            return tr("starts in %1").arg(spanText(silence.startsAt - m_now));
        case Phase::expired:
            return tr("ended %1").arg(agoText(silence.endsAt, m_now));
        }
        return {};
    case author:
        return fromUtf8(silence.createdBy);
    case comment:
        return fromUtf8(silence.comment).simplified();
    default:
        return {};
    }
}

void SilencesModel::summarize(Group& group) const
{
    group.state = ItemState::none;
}

bool SilencesModel::hasWord(const engine::SilenceStatus& silence,
                            const std::string& lowerWord) const
{
    return containsFolded(silence.comment, lowerWord)
        || containsFolded(silence.createdBy, lowerWord)
        || std::ranges::any_of(silence.matchers, [&](const Matcher& matcher) {
               return containsFolded(matcher.toString(), lowerWord);
           });
}

bool SilencesModel::hasChip(const engine::SilenceStatus& silence, const Filter::Chip& chip) const
{
    if (chip.key == "state") {
        switch (phaseOf(silence, m_now)) {
        case Phase::active:
            return chip.value == "active";
        case Phase::waiting:
            return chip.value == "waiting";
        case Phase::expired:
            return chip.value == "expired";
        }
    }
    return std::ranges::any_of(silence.matchers, [&](const Matcher& matcher) {
        return equalsFolded(matcher.name(), chip.key)
            && containsFolded(matcher.value(), chip.value);
    });
}

std::weak_ordering SilencesModel::compare(const engine::SilenceStatus& a,
                                          const engine::SilenceStatus& b, int column) const
{
    switch (column) {
    case matchers:
        return matchersText(a.matchers).compare(matchersText(b.matchers)) <=> 0;
    case matched:
        return a.matched <=> b.matched;
    case ends:
        return a.endsAt <=> b.endsAt;
    case author:
        return a.createdBy <=> b.createdBy;
    case comment:
        return a.comment <=> b.comment;
    default:
        return std::weak_ordering::equivalent;
    }
}

} // namespace watchfire::ui
