// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/route_form.h"

#include "core/config/matcher_text.h"
#include "core/text/duration.h"
#include "ui/models/format.h"

#include <algorithm>
#include <optional>

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::RouteForm)
};

QString written(const std::optional<config::Duration>& duration)
{
    return duration ? fromUtf8(text::formatDuration(*duration)) : QString();
}

std::optional<config::Duration> durationOf(const QString& text)
{
    const auto read = text::parseDuration(text.trimmed().toStdString());
    return text.trimmed().isEmpty() || !read ? std::nullopt : std::optional(*read);
}

QString intervalsFault(const QString& text, const QStringList& known)
{
    if (known.contains(text.trimmed())) {
        return {}; // a name may have spaces
    }
    for (const std::string& name : readWords(text)) {
        if (!known.contains(fromUtf8(name))) {
            return known.isEmpty() ? Words::tr("There are no quiet hours yet.")
                                   : Words::tr("There are no quiet hours “%1”; there are: %2.")
                                         .arg(fromUtf8(name), known.join(u", "_s));
        }
    }
    return {};
}

} // namespace

QString matcherWords(const Matchers& matchers)
{
    QStringList out;
    for (const Matcher& matcher : matchers) {
        out << fromUtf8(matcher.toString());
    }
    return out.join(u", "_s);
}

RouteForm RouteForm::of(const config::RouteConfig& route)
{
    RouteForm form;
    form.matchers = matcherWords(route.matchers);
    form.receiver = fromUtf8(route.receiver);
    form.continues = route.continues;
    form.groups = route.groupByGiven;
    form.groupBy = wordsText(route.groupBy);
    form.groupWait = written(route.groupWait);
    form.groupInterval = written(route.groupInterval);
    form.repeatInterval = written(route.repeatInterval);
    form.muteIn = wordsText(route.muteTimeIntervals);
    form.activeIn = wordsText(route.activeTimeIntervals);
    return form;
}

config::RouteConfig toRoute(const RouteForm& form, const config::RouteConfig& base)
{
    const RouteForm before = RouteForm::of(base);
    config::RouteConfig route = base;
    if (form.matchers != before.matchers) {
        route.matchers
            = config::parseMatchers(form.matchers.trimmed().toStdString()).value_or(Matchers());
    }
    route.receiver = form.receiver.toStdString();
    route.continues = form.continues;
    route.groupByGiven = form.groups;
    if (form.groups != before.groups || form.groupBy != before.groupBy) {
        route.groupBy = form.groups ? readWords(form.groupBy) : std::vector<std::string>();
    }
    route.groupWait = durationOf(form.groupWait);
    route.groupInterval = durationOf(form.groupInterval);
    route.repeatInterval = durationOf(form.repeatInterval);
    // Names may have spaces in the file, which words cannot have.
    if (form.muteIn != before.muteIn) {
        route.muteTimeIntervals = readWords(form.muteIn);
    }
    if (form.activeIn != before.activeIn) {
        route.activeTimeIntervals = readWords(form.activeIn);
    }
    return route;
}

FieldFaults checkRoute(const RouteForm& form, bool mayBeBare, const QStringList& intervals)
{
    FieldFaults faults;
    const QString matchers = form.matchers.trimmed();
    if (matchers.isEmpty() && !mayBeBare) {
        faults[u"matchers"_s] = Words::tr("Say which alerts it takes, such as "
                                          "severity=\"critical\", team=\"db\".");
    } else if (const auto read = config::parseMatchers(matchers.toStdString());
               !matchers.isEmpty() && !read) {
        faults[u"matchers"_s] = fromUtf8(read.error().message);
    }
    const std::vector<std::string> groupBy = readWords(form.groupBy);
    if (form.groups && groupBy.size() > 1 && std::ranges::contains(groupBy, "...")) {
        faults[u"groupBy"_s] = Words::tr("“...” is each alert by itself; it stands alone.");
    }
    for (const auto& [name, text] : {std::pair(u"groupWait"_s, form.groupWait),
                                     std::pair(u"groupInterval"_s, form.groupInterval),
                                     std::pair(u"repeatInterval"_s, form.repeatInterval)}) {
        const auto read = durationOf(text);
        if (text.trimmed().isEmpty() || (read && (read->count() > 0 || name == "groupWait"_L1))) {
            continue;
        }
        faults[name] = Words::tr("Write a duration such as 30s, 5m or 4h.");
    }
    if (const QString fault = intervalsFault(form.muteIn, intervals); !fault.isEmpty()) {
        faults[u"muteIn"_s] = fault;
    }
    if (const QString fault = intervalsFault(form.activeIn, intervals); !fault.isEmpty()) {
        faults[u"activeIn"_s] = fault;
    }
    return faults;
}

} // namespace watchfire::ui
