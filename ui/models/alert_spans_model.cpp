// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/alert_spans_model.h"

#include "ui/models/alerts_model.h"
#include "ui/models/format.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <unordered_map>

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::AlertSpans)
};

constexpr std::array<std::string_view, 1> shownElsewhere{"alertname"};
/// One state ends and the next begins with the same evaluation; or with the one after it, where
/// that was missed.
constexpr auto longestStep = std::chrono::minutes(1);
constexpr std::size_t newsShown = 2;

std::uint64_t idOf(const engine::AlertSpan& span)
{
    const std::uint64_t kind = span.unknown ? 3 : span.state == AlertState::pending ? 1 : 2;
    const std::uint64_t id = span.labels.hash()
        ^ (std::uint64_t(unixMs(span.from)) * 4 + kind) * 0x9E37'79B9'7F4A'7C15;
    return id == 0 ? 1 : id; // 0 is no row
}

SpanEnd endOf(const engine::AlertSpan& span, const engine::AlertSpan* next, Timestamp startedAt)
{
    if (span.isOpen) {
        return SpanEnd::open;
    }
    const bool follows = next != nullptr && next->labels == span.labels
        && next->state == AlertState::firing && next->from <= span.to + longestStep;
    if (span.state == AlertState::pending) {
        return follows ? SpanEnd::fired : SpanEnd::cleared;
    }
    if (follows && next->unknown != span.unknown) {
        return next->unknown ? SpanEnd::unseen : SpanEnd::seen;
    }
    return span.to < startedAt ? SpanEnd::unsure : SpanEnd::resolved;
}

/// What the event says of a receiver; nothing: it is about something else.
std::optional<SpanNews> newsOf(const engine::AlertEvent& event)
{
    constexpr std::string_view told = "told ";
    constexpr std::string_view failed = "could not tell ";
    const std::string_view what = event.what;
    if (what.starts_with(told)) {
        return SpanNews{event.at, std::string(what.substr(told.size())), {}};
    }
    if (!what.starts_with(failed)) {
        return std::nullopt;
    }
    const std::string_view rest = what.substr(failed.size());
    const std::size_t colon = rest.find(": ");
    return colon == std::string_view::npos ? SpanNews{event.at, std::string(rest), "?"}
                                           : SpanNews{event.at, std::string(rest.substr(0, colon)),
                                                      std::string(rest.substr(colon + 2))};
}

/// Gives each event to the stretch of its alert that had begun by then.
void addNews(AlertSpanRows& rows, const std::vector<engine::AlertEvent>& history)
{
    std::unordered_map<std::uint64_t, std::vector<AlertSpanRow*>> firing; // ascending in time
    for (AlertSpanRow& row : rows) {
        if (row.span.state == AlertState::firing) {
            firing[row.span.labels.hash()].push_back(&row);
        }
    }
    for (const engine::AlertEvent& event : history) {
        const auto found = firing.find(event.labels.hash());
        if (found == firing.end()) {
            continue;
        }
        auto news = newsOf(event);
        const auto after = std::ranges::upper_bound(
            found->second, event.at, {}, [](const AlertSpanRow* row) { return row->span.from; });
        if (news && after != found->second.begin()) {
            (*std::prev(after))->news.push_back(std::move(*news));
        }
    }
}

/// The day of a moment in words; moments come in order, so one day is asked for many times.
class Days {
public:
    const QString& of(std::int64_t atMs)
    {
        if (atMs < m_beginMs || atMs >= m_endMs) {
            const QDate day = QDateTime::fromMSecsSinceEpoch(atMs).date();
            m_beginMs = day.startOfDay().toMSecsSinceEpoch();
            m_endMs = day.addDays(1).startOfDay().toMSecsSinceEpoch();
            m_text = QLocale().toString(day, QLocale::LongFormat);
        }
        return m_text;
    }

private:
    std::int64_t m_beginMs = 0;
    std::int64_t m_endMs = 0;
    QString m_text;
};

} // namespace

AlertSpanRows spanRows(std::vector<engine::AlertSpan> spans,
                       const std::vector<engine::AlertEvent>& history, Timestamp startedAt)
{
    AlertSpanRows rows(spans.size());
    for (std::size_t i = 0; i < spans.size(); ++i) {
        rows[i].id = idOf(spans[i]);
        rows[i].end = endOf(spans[i], i + 1 < spans.size() ? &spans[i + 1] : nullptr, startedAt);
    }
    for (std::size_t i = 0; i < spans.size(); ++i) {
        rows[i].span = std::move(spans[i]);
    }
    addNews(rows, history);
    return rows;
}

bool fits(const engine::AlertSpan& span, const Filter& filter)
{
    const auto hasWord = [&](const std::string& word) {
        return std::ranges::any_of(
            span.labels, [&](const Label label) { return containsFolded(label.value, word); });
    };
    const auto hasChip = [&](const Filter::Chip& chip) {
        if (chip.key == "state") {
            return chip.value
                == (span.unknown                            ? "unknown"
                        : span.state == AlertState::pending ? "pending"
                                                            : "firing");
        }
        return std::ranges::any_of(span.labels, [&](const Label label) {
            return equalsFolded(label.name, chip.key) && containsFolded(label.value, chip.value);
        });
    };
    return std::ranges::all_of(filter.words, hasWord) && std::ranges::all_of(filter.chips, hasChip);
}

ItemState stateOf(const engine::AlertSpan& span)
{
    if (span.unknown) {
        return ItemState::unknown;
    }
    if (span.state == AlertState::pending) {
        return ItemState::pending;
    }
    return severityOf(span.labels) == Severity::warning ? ItemState::warning : ItemState::critical;
}

QString stateWord(const engine::AlertSpan& span)
{
    return span.unknown                     ? Words::tr("Unknown")
        : span.state == AlertState::pending ? Words::tr("Pending")
                                            : Words::tr("Firing");
}

QString endWord(SpanEnd end)
{
    switch (end) {
    case SpanEnd::open:
        return Words::tr("Goes on");
    case SpanEnd::fired:
        return Words::tr("Fired");
    case SpanEnd::cleared:
        return Words::tr("Went away");
    case SpanEnd::resolved:
        return Words::tr("Resolved");
    case SpanEnd::unseen:
        return Words::tr("Target lost");
    case SpanEnd::seen:
        return Words::tr("Target back");
    case SpanEnd::unsure:
        return Words::tr("Resolved, or Watchfire ended");
    }
    return {};
}

QString newsText(const SpanNews& news)
{
    return news.failure.empty()
        ? Words::tr("%1 at %2").arg(fromUtf8(news.whom), clockText(news.at))
        : Words::tr("failed: %1 at %2: %3")
              .arg(fromUtf8(news.whom), clockText(news.at), fromUtf8(news.failure));
}

void AlertSpansModel::setRows(const AlertSpanRowsPtr& rows)
{
    std::vector<const AlertSpanRow*> order;
    order.reserve(rows->size());
    for (const AlertSpanRow& row : *rows) {
        order.push_back(&row);
    }
    std::ranges::stable_sort(
        order, [](const auto* a, const auto* b) { return a->span.from > b->span.from; });
    std::vector<Entry> entries;
    entries.reserve(order.size());
    Days days;
    for (const AlertSpanRow* const row : order) {
        entries.push_back({days.of(unixMs(row->span.from)), row->id, row});
    }
    present(std::move(entries), rows);
}

int AlertSpansModel::columnCount(const QModelIndex&) const
{
    return columnsEnd;
}

QVariant AlertSpansModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case state:
        return tr("State");
    case alert:
        return tr("Alert");
    case labels:
        return tr("Labels");
    case from:
        return tr("From");
    case to:
        return tr("To");
    case duration:
        return tr("Lasted");
    case end:
        return tr("Ended");
    case sent:
        return tr("Sent to");
    default:
        return {};
    }
}

QVariant AlertSpansModel::groupData(const Group& group, int column, int role) const
{
    if (column == 0 && role == Qt::DisplayRole) {
        return u"%1 (%2)"_s.arg(group.name).arg(group.all.size());
    }
    return {};
}

QVariant AlertSpansModel::rowData(const AlertSpanRow& row, int column, int role) const
{
    const engine::AlertSpan& span = row.span;
    switch (role) {
    case Qt::DisplayRole:
        break;
    case stateRole:
        return column == state ? QVariant(int(stateOf(span))) : QVariant();
    case mutedRole:
        return column == labels || (column == end && row.end != SpanEnd::open);
    case Qt::ToolTipRole: {
        if (column != sent) {
            return {};
        }
        QStringList all;
        for (const SpanNews& news : row.news) {
            all << newsText(news);
        }
        return all.isEmpty() ? QVariant() : QVariant(all.join(u'\n'));
    }
    default:
        return {};
    }
    switch (column) {
    case state:
        return stateWord(span);
    case alert:
        return fromUtf8(span.labels.get("alertname"));
    case labels:
        return labelsText(span.labels, shownElsewhere);
    case from:
        return clockText(span.from);
    case to:
        return span.isOpen ? QString() : clockText(span.to);
    case duration:
        return spanText(span.to - span.from);
    case end:
        return endWord(row.end);
    case sent: {
        QStringList first;
        for (std::size_t i = 0; i < std::min(row.news.size(), newsShown); ++i) {
            first << newsText(row.news[i]);
        }
        const QString text = first.join(u", "_s);
        return row.news.size() > newsShown
            ? tr("%1 and %2 more").arg(text).arg(row.news.size() - newsShown)
            : text;
    }
    default:
        return {};
    }
}

void AlertSpansModel::summarize(Group& group) const
{
    group.state = ItemState::none;
}

bool AlertSpansModel::hasWord(const AlertSpanRow& row, const std::string& lowerWord) const
{
    return fits(row.span, Filter{{lowerWord}, {}});
}

bool AlertSpansModel::hasChip(const AlertSpanRow& row, const Filter::Chip& chip) const
{
    return fits(row.span, Filter{{}, {chip}});
}

std::weak_ordering AlertSpansModel::compare(const AlertSpanRow& a, const AlertSpanRow& b,
                                            int column) const
{
    switch (column) {
    case state:
        return int(stateOf(a.span)) <=> int(stateOf(b.span));
    case alert:
        return a.span.labels.get("alertname") <=> b.span.labels.get("alertname");
    case labels:
        return a.span.labels <=> b.span.labels;
    case from:
        return a.span.from <=> b.span.from;
    case to:
        return a.span.to <=> b.span.to;
    case duration:
        return (a.span.to - a.span.from) <=> (b.span.to - b.span.from);
    case end:
        return int(a.end) <=> int(b.end);
    case sent:
        return a.news.size() <=> b.news.size();
    default:
        return std::weak_ordering::equivalent;
    }
}

} // namespace watchfire::ui
