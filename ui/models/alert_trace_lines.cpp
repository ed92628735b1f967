// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/alert_trace_lines.h"

#include "core/engine/alert_trace_causes.h"
#include "ui/models/format.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <QCoreApplication>
#include <QDateTime>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

using engine::TraceOutcome;
using engine::TraceStage;
using engine::TraceStep;
namespace cause = engine::trace_cause;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::AlertTrace)
};

constexpr std::array routeStages{TraceStage::route,        TraceStage::group,
                                 TraceStage::inhibition,   TraceStage::silence,
                                 TraceStage::timeInterval, TraceStage::notification};

QString stageWord(TraceStage stage)
{
    switch (stage) {
    case TraceStage::rule:
        return Words::tr("Rule");
    case TraceStage::route:
        return Words::tr("Route");
    case TraceStage::group:
        return Words::tr("Group");
    case TraceStage::inhibition:
        return Words::tr("Inhibition");
    case TraceStage::silence:
        return Words::tr("Silences");
    case TraceStage::timeInterval:
        return Words::tr("Times");
    case TraceStage::notification:
        return Words::tr("Notification");
    }
    return {};
}

QString outcomeWord(TraceOutcome outcome)
{
    switch (outcome) {
    case TraceOutcome::passed:
        return Words::tr("Passed");
    case TraceOutcome::waiting:
        return Words::tr("Waits");
    case TraceOutcome::stopped:
        return Words::tr("Stopped");
    case TraceOutcome::failed:
        return Words::tr("Failed");
    }
    return {};
}

/// A stop by somebody's wish is calm; one that nobody can have wished for is not.
ItemState shapeOf(const TraceStep& step)
{
    switch (step.outcome) {
    case TraceOutcome::passed:
        return ItemState::up;
    case TraceOutcome::waiting:
        return ItemState::pending;
    case TraceOutcome::stopped:
        return step.stage == TraceStage::notification ? ItemState::warning : ItemState::silenced;
    case TraceOutcome::failed:
        return ItemState::critical;
    }
    return ItemState::unknown;
}

/// A sentence of the engine's, as it stands in a list.
QString capitalised(std::string_view sentence)
{
    QString text = fromUtf8(sentence);
    if (!text.isEmpty()) {
        text[0] = text[0].toUpper();
    }
    return text;
}

/// "13:02:11", with the day where that is another one than today.
QString momentText(Timestamp at, Timestamp now)
{
    const auto dayOf
        = [](Timestamp when) { return QDateTime::fromMSecsSinceEpoch(unixMs(when)).date(); };
    return dayOf(at) == dayOf(now) ? clockText(at) : dateTimeText(at);
}

QString leftText(Timestamp until, Timestamp now)
{
    return until > now
        ? Words::tr("%1 left").arg(spanText(std::chrono::ceil<std::chrono::seconds>(until - now)))
        : Words::tr("due now");
}

/// Writes the lines of one trace.
class Writer {
public:
    Writer(const engine::AlertTrace& trace, const engine::AlertsSnapshot& alerts, Timestamp now)
        : m_trace(trace)
        , m_alerts(alerts)
        , m_now(now)
    {
    }

    TraceLine ruleLine() const
    {
        const TraceStep& step = m_trace.rule;
        TraceLine line = begin(step);
        line.text = ruleText(step);
        if (step.cause == cause::posted || step.cause == cause::gone
            || step.cause == cause::resolved) {
            return line;
        }
        for (const std::string& rule : step.subjects) {
            const QString name = fromUtf8(rule);
            line.links << TraceLink{TraceLink::To::rule, Words::tr("Rule %1").arg(name), name};
        }
        return line;
    }

    TraceSection routeSection(const engine::RouteTrace& route, const TraceRouteTimes* times) const
    {
        TraceSection section;
        section.title = Words::tr("To %1").arg(fromUtf8(route.receiver));
        const auto waits = std::ranges::find_if(route.steps, [](const TraceStep& step) {
            return step.stage == TraceStage::group && step.outcome == TraceOutcome::waiting;
        });
        for (const TraceStep& step : route.steps) {
            section.lines << routeLine(step, route, times, waits != route.steps.end());
        }
        const TraceStage last = route.steps.empty() ? TraceStage::rule : route.steps.back().stage;
        for (const TraceStage stage : routeStages) {
            if (stage > last) {
                section.lines << TraceLine{
                    stageWord(stage), Words::tr("Not reached"), ItemState::none, false, {}, {}};
            }
        }
        return section;
    }

private:
    static TraceLine begin(const TraceStep& step)
    {
        TraceLine line;
        line.stage = stageWord(step.stage);
        line.outcome = outcomeWord(step.outcome);
        line.state = shapeOf(step);
        return line;
    }

    QString ruleText(const TraceStep& step) const
    {
        const bool isKnown = step.at != Timestamp{};
        if (step.cause == cause::gone) {
            return Words::tr("There is no such alert now.");
        }
        if (step.cause == cause::resolved) {
            return isKnown ? Words::tr("Resolved at %1.").arg(momentText(step.at, m_now))
                           : Words::tr("Resolved.");
        }
        if (step.cause == cause::posted) {
            return isKnown ? Words::tr("Another program posted it; it fires since %1.")
                                 .arg(momentText(step.at, m_now))
                           : Words::tr("Another program posted it.");
        }
        if (step.cause == cause::unseen) {
            return Words::tr("Its target cannot be scraped; it fired when that was last seen.");
        }
        if (step.outcome == TraceOutcome::waiting) {
            return Words::tr("Pending: its condition must hold until %1, %2.")
                .arg(momentText(step.at, m_now), leftText(step.at, m_now));
        }
        const QString since
            = isKnown ? Words::tr("Fires since %1.").arg(momentText(step.at, m_now)) : QString();
        return step.cause.empty() ? since
                                  : (since + u' ' + capitalised(step.cause) + u'.').trimmed();
    }

    TraceLine routeLine(const TraceStep& step, const engine::RouteTrace& route,
                        const TraceRouteTimes* times, bool isGroupWaiting) const
    {
        TraceLine line = begin(step);
        switch (step.stage) {
        case TraceStage::rule:
            break;
        case TraceStage::route:
            tellRoute(step, route, line);
            break;
        case TraceStage::group:
            line.text = groupText(step, times);
            break;
        case TraceStage::inhibition:
            tellInhibition(step, line);
            break;
        case TraceStage::silence:
            tellSilences(step, line);
            break;
        case TraceStage::timeInterval:
            tellTimes(step, line);
            break;
        case TraceStage::notification:
            line.text = notificationText(step, route, times, isGroupWaiting);
            break;
        }
        return line;
    }

    void tellRoute(const TraceStep& step, const engine::RouteTrace& route, TraceLine& line) const
    {
        const QString matchers = step.subjects.empty() ? QString() : fromUtf8(step.subjects[0]);
        const QString receiver = fromUtf8(route.receiver);
        line.text = matchers.isEmpty() || matchers == u"{}"_s
            ? Words::tr("The route without matchers takes it to %1.").arg(receiver)
            : Words::tr("The route %1 takes it to %2.").arg(matchers, receiver);
        line.links << TraceLink{TraceLink::To::route, Words::tr("Show the route"),
                                labelsText(m_trace.labels).remove(u'"')};
    }

    QString groupText(const TraceStep& step, const TraceRouteTimes* times) const
    {
        const QString group = step.subjects.empty() ? QString() : fromUtf8(step.subjects[0]);
        if (step.cause == cause::notGrouped) {
            return Words::tr("Its group has not taken it yet, or has let go of it after it was "
                             "resolved.");
        }
        if (step.outcome == TraceOutcome::waiting) {
            const QString left = leftText(step.at, m_now);
            return times != nullptr
                ? Words::tr("Its group waits for more alerts: group_wait of %1, %2.")
                      .arg(spanText(times->groupWait), left)
                : Words::tr("Its group waits for more alerts: group_wait, %1.").arg(left);
        }
        const QString next = Words::tr("next turn at %1").arg(momentText(step.at, m_now));
        return group.isEmpty() || group == u"{}"_s
            ? Words::tr("All alerts of the route are one group; %1.").arg(next)
            : Words::tr("In the group %1; %2.").arg(group, next);
    }

    const engine::AlertStatus* alertOf(std::string_view labels) const
    {
        const auto found = std::ranges::find_if(
            m_alerts.alerts, [&](const auto& alert) { return alert.labels.toString() == labels; });
        return found == m_alerts.alerts.end() ? nullptr : &*found;
    }

    void tellInhibition(const TraceStep& step, TraceLine& line) const
    {
        if (step.outcome == TraceOutcome::passed) {
            line.text = Words::tr("No other alert inhibits it.");
            return;
        }
        constexpr std::array<std::string_view, 1> without{"alertname"};
        QStringList by;
        for (const std::string& source : step.subjects) {
            const engine::AlertStatus* const alert = alertOf(source);
            if (alert == nullptr) {
                by << fromUtf8(source);
                continue;
            }
            const QString name
                = u"%1 {%2}"_s.arg(fromUtf8(alert->rule), labelsText(alert->labels, without));
            by << name;
            line.links << TraceLink{TraceLink::To::alert,
                                    Words::tr("Show %1").arg(fromUtf8(alert->rule)),
                                    QString::number(alert->id)};
        }
        line.text = Words::tr("Inhibited by %1.").arg(by.join(u", "_s));
    }

    void tellSilences(const TraceStep& step, TraceLine& line) const
    {
        if (step.outcome == TraceOutcome::passed) {
            line.text = Words::tr("No silence mutes it.");
            return;
        }
        QStringList sentences;
        for (const std::string& id : step.subjects) {
            const auto found = std::ranges::find(m_alerts.silences, id, &engine::SilenceStatus::id);
            if (found == m_alerts.silences.end()) {
                sentences << Words::tr("Silenced (%1).").arg(fromUtf8(id));
                continue;
            }
            const QString until = momentText(found->endsAt, m_now);
            const QString comment = fromUtf8(found->comment).simplified();
            const QString by = found->createdBy.empty()
                ? Words::tr("Silenced until %1").arg(until)
                : Words::tr("Silenced by %1 until %2").arg(fromUtf8(found->createdBy), until);
            sentences << (comment.isEmpty() ? by + u'.' : u"%1: %2"_s.arg(by, comment));
            line.links << TraceLink{TraceLink::To::silence, Words::tr("Show the silence"),
                                    fromUtf8(id)};
        }
        line.text = sentences.join(u'\n');
    }

    void tellTimes(const TraceStep& step, TraceLine& line) const
    {
        if (step.outcome == TraceOutcome::passed) {
            line.text = Words::tr("Its route is not mute at this time.");
            return;
        }
        QStringList names;
        for (const std::string& name : step.subjects) {
            names << fromUtf8(name);
        }
        const QString all = names.join(u", "_s);
        line.text = step.cause == cause::inactiveNow
            ? Words::tr("Outside the active time interval %1.").arg(all)
            : Words::tr("Muted by the time interval %1.").arg(all);
    }

    QString notificationText(const TraceStep& step, const engine::RouteTrace& route,
                             const TraceRouteTimes* times, bool isGroupWaiting) const
    {
        const QString receiver = fromUtf8(route.receiver);
        if (step.outcome == TraceOutcome::stopped) {
            return step.cause == cause::noIntegration
                ? Words::tr("The receiver %1 has no integration: nothing tells it.").arg(receiver)
                : capitalised(step.cause) + u'.';
        }
        const QString way = step.subjects.empty()
            ? receiver
            : Words::tr("%1 (%2)").arg(receiver, fromUtf8(step.subjects[0]));
        const bool isKnown = step.at != Timestamp{};
        if (step.outcome == TraceOutcome::failed) {
            const QString what
                = Words::tr("Could not be sent to %1: %2").arg(way, fromUtf8(step.cause));
            return isKnown ? Words::tr("%1 — next try at %2, %3")
                                 .arg(what, momentText(step.at, m_now), leftText(step.at, m_now))
                           : what;
        }
        if (step.outcome == TraceOutcome::passed) {
            return sentText(step, way, times);
        }
        if (isGroupWaiting || !isKnown) {
            return Words::tr("Will be sent to %1 once its group has waited.").arg(way);
        }
        const QString left = leftText(step.at, m_now);
        return times != nullptr
            ? Words::tr("Will be sent to %1 at the group’s next turn: group_interval of %2, %3.")
                  .arg(way, spanText(times->groupInterval), left)
            : Words::tr("Will be sent to %1 at the group’s next turn, %2.").arg(way, left);
    }

    QString sentText(const TraceStep& step, const QString& way, const TraceRouteTimes* times) const
    {
        const QString sent = Words::tr("Sent to %1 at %2.").arg(way, momentText(step.at, m_now));
        if (step.cause != cause::notRepeated) {
            return sent;
        }
        const QString why = times != nullptr
            ? Words::tr("Not repeated yet: repeat_interval of %1, over at %2.")
                  .arg(spanText(times->repeatInterval),
                       momentText(step.at + times->repeatInterval, m_now))
            : Words::tr("Not repeated yet: repeat_interval is not over.");
        return sent + u' ' + why;
    }

    const engine::AlertTrace& m_trace;
    const engine::AlertsSnapshot& m_alerts;
    Timestamp m_now;
};

/// The line that decides: the first that did not pass and is no mere waiting of the group for
/// what comes after, else the last.
const TraceLine* decisive(const TraceSection& section)
{
    const auto found = std::ranges::find_if(section.lines, [](const TraceLine& line) {
        return line.state == ItemState::silenced || line.state == ItemState::warning
            || line.state == ItemState::critical;
    });
    if (found != section.lines.end()) {
        return &*found;
    }
    const auto waits = std::ranges::find(section.lines, ItemState::pending, &TraceLine::state);
    return waits != section.lines.end() ? &*waits
        : section.lines.isEmpty()       ? nullptr
                                        : &section.lines.back();
}

} // namespace

QList<TraceSection> traceSections(const engine::AlertTrace& trace,
                                  const std::vector<TraceRouteTimes>& times,
                                  const engine::AlertsSnapshot& alerts, Timestamp now)
{
    const Writer writer(trace, alerts, now);
    QList<TraceSection> sections{{{}, {writer.ruleLine()}}};
    const bool isKnown = times.size() == trace.routes.size();
    for (std::size_t i = 0; i < trace.routes.size(); ++i) {
        sections << writer.routeSection(trace.routes[i], isKnown ? &times[i] : nullptr);
    }
    return sections;
}

QString traceVerdict(const QList<TraceSection>& sections)
{
    if (sections.isEmpty()) {
        return {};
    }
    if (sections.size() == 1) {
        return sections.front().lines.front().text;
    }
    const TraceLine* best = nullptr;
    for (qsizetype i = 1; i < sections.size(); ++i) {
        const TraceLine* const line = decisive(sections[i]);
        if (line != nullptr && (best == nullptr || best->state == ItemState::silenced)) {
            best = line;
        }
    }
    return best == nullptr ? QString() : best->text;
}

} // namespace watchfire::ui
