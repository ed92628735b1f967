// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "ui/pages/form_text.h"

#include <QString>
#include <QStringList>

/// A route's own settings as fields; what is under it is not among them. An empty field has what
/// the route above says.
namespace watchfire::ui {

struct RouteForm {
    QString matchers; ///< severity="critical", team=~"db|web"
    QString receiver; ///< empty: that of the route above
    bool continues = false;
    bool groups = false; ///< says itself how alerts are grouped
    QString groupBy; ///< words; "..." alone: each alert by itself
    QString groupWait;
    QString groupInterval;
    QString repeatInterval;
    QString muteIn; ///< names of time intervals
    QString activeIn;

    static RouteForm of(const config::RouteConfig& route);
    friend bool operator==(const RouteForm&, const RouteForm&) = default;
};

/// As they are typed: severity="critical", team=~"db|web".
QString matcherWords(const Matchers& matchers);

/// With the labels for templates and the routes of `base`.
config::RouteConfig toRoute(const RouteForm& form, const config::RouteConfig& base);

/// By the names of the fields: matchers, groupBy, groupWait, groupInterval, repeatInterval,
/// muteIn, activeIn. `mayBeBare`: it takes whatever comes to it. `intervals`: the time intervals
/// there are.
FieldFaults checkRoute(const RouteForm& form, bool mayBeBare, const QStringList& intervals);

} // namespace watchfire::ui
