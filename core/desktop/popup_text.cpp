// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/popup_text.h"

#include <algorithm>

#include <QCoreApplication>

namespace watchfire::desktop {

namespace {

constexpr std::size_t mostLines = 4;
constexpr qsizetype longestLine = 200;

QString toQt(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// What is translated here, for lupdate.
class Words {
    Q_DECLARE_TR_FUNCTIONS(Popup)
};

QString whereOf(const Notification& notification)
{
    for (const char* name : {"instance", "host", "node"}) {
        if (const auto value = notification.commonLabels.get(name); !value.empty()) {
            return toQt(value);
        }
    }
    return {};
}

/// Texts of rules may be long; a popup is not.
QString inOneLine(const QString& text)
{
    const QString line = text.simplified();
    return line.size() <= longestLine ? line : line.first(longestLine - 1) + u'…';
}

/// One alert in a line: what its annotation says, else its labels that differ from the others.
QString lineOf(const Alert& alert, const Notification& notification)
{
    for (const char* name : {"summary", "description", "message"}) {
        if (const auto text = alert.annotations.get(name); !text.empty()) {
            return inOneLine(toQt(text));
        }
    }
    QStringList parts;
    for (const Label& label : alert.labels) {
        if (notification.commonLabels.get(label.name) != label.value) {
            parts << toQt(label.name) + u'=' + toQt(label.value);
        }
    }
    return inOneLine(parts.join(u", "));
}

unsigned char urgencyOf(std::string_view severity)
{
    const QString word = toQt(severity).toLower();
    if (word == u"critical" || word == u"page" || word == u"emergency") {
        return 2;
    }
    return word.isEmpty() || word == u"warning" || word == u"warn" ? 1 : 0;
}

/// "DiskFull on db1".
QString subjectOf(const Notification& notification)
{
    QString name = toQt(notification.commonLabels.get("alertname"));
    if (name.isEmpty()) {
        name = Words::tr("%n alert(s)", nullptr, static_cast<int>(notification.alerts.size()));
    }
    const QString where = whereOf(notification);
    return inOneLine(where.isEmpty() ? name : Words::tr("%1 on %2").arg(name, where));
}

QString headOf(const Notification& notification)
{
    const QString subject = subjectOf(notification);
    if (notification.isResolved()) {
        return Words::tr("%1: resolved").arg(subject);
    }
    if (notification.alerts.size() == 1) {
        return Words::tr("%1: firing").arg(subject);
    }
    return Words::tr("%1: %2 firing").arg(subject).arg(notification.firing);
}

} // namespace

PopupText popupText(const Notification& notification)
{
    PopupText out;
    out.summary = headOf(notification);
    QStringList lines;
    const std::size_t shown = std::min(notification.alerts.size(), mostLines);
    for (std::size_t i = 0; i < shown; ++i) {
        const QString line = lineOf(notification.alerts[i], notification);
        if (!line.isEmpty() && !lines.contains(line)) {
            lines << line;
        }
    }
    if (notification.alerts.size() > shown) {
        lines << Words::tr("and %1 more").arg(notification.alerts.size() - shown);
    }
    out.body = lines.join(u'\n');
    return out;
}

PopupText summaryText(std::span<const Notification* const> groups, bool wereHeldBack)
{
    PopupText out;
    const int count = static_cast<int>(groups.size());
    out.summary = wereHeldBack
        ? Words::tr("While popups were held back: %n group(s) of alerts", nullptr, count)
        : Words::tr("%n group(s) of alerts are firing", nullptr, count);
    QStringList lines;
    for (const Notification* group : groups.first(std::min(groups.size(), mostLines))) {
        lines << headOf(*group);
    }
    if (groups.size() > mostLines) {
        lines << Words::tr("and %1 more").arg(groups.size() - mostLines);
    }
    out.body = lines.join(u'\n');
    return out;
}

PopupText summaryResolvedText(std::size_t groups)
{
    return {Words::tr("%n group(s) of alerts: resolved", nullptr, static_cast<int>(groups)), {}};
}

QString soundOf(unsigned char urgency)
{
    switch (urgency) {
    case 2:
        return QStringLiteral("dialog-error");
    case 1:
        return QStringLiteral("dialog-warning");
    default:
        return QStringLiteral("dialog-information");
    }
}

unsigned char urgencyOf(const Notification& notification)
{
    if (notification.isResolved()) {
        return 0;
    }
    unsigned char most = 0;
    for (const Alert& alert : notification.alerts) {
        if (alert.endsAt == Timestamp{}) { // it fires
            most = std::max(most, urgencyOf(alert.labels.get("severity")));
        }
    }
    return most;
}

} // namespace watchfire::desktop
