// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/popup_text.h"

#include <algorithm>

#include <QCoreApplication>

namespace watchfire::desktop {

namespace {

constexpr std::size_t mostLines = 4;

QString toQt(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString tr(const char* text, int count = -1)
{
    return QCoreApplication::translate("Popup", text, nullptr, count);
}

QString whereOf(const Notification& notification)
{
    for (const char* name : {"instance", "host", "node"}) {
        if (const auto value = notification.commonLabels.get(name); !value.empty()) {
            return toQt(value);
        }
    }
    return {};
}

/// One alert in a line: what its annotation says, else its labels that differ from the others.
QString lineOf(const Alert& alert, const Notification& notification)
{
    for (const char* name : {"summary", "description", "message"}) {
        if (const auto text = alert.annotations.get(name); !text.empty()) {
            return toQt(text).simplified();
        }
    }
    QStringList parts;
    for (const Label& label : alert.labels) {
        if (notification.commonLabels.get(label.name) != label.value) {
            parts << toQt(label.name) + u'=' + toQt(label.value);
        }
    }
    return parts.join(u", ");
}

} // namespace

PopupText popupText(const Notification& notification, bool markup)
{
    QString name = toQt(notification.commonLabels.get("alertname"));
    if (name.isEmpty()) {
        name = tr("%n alert(s)", static_cast<int>(notification.alerts.size()));
    }
    const QString where = whereOf(notification);
    const QString subject = where.isEmpty() ? name : tr("%1 on %2").arg(name, where);
    PopupText out;
    if (notification.isResolved()) {
        out.summary = tr("%1: resolved").arg(subject);
    } else if (notification.alerts.size() == 1) {
        out.summary = tr("%1: firing").arg(subject);
    } else {
        out.summary = tr("%1: %2 firing").arg(subject).arg(notification.firing);
    }
    QStringList lines;
    const std::size_t shown = std::min(notification.alerts.size(), mostLines);
    for (std::size_t i = 0; i < shown; ++i) {
        const QString line = lineOf(notification.alerts[i], notification);
        if (!line.isEmpty() && !lines.contains(line)) {
            lines << (markup ? line.toHtmlEscaped() : line);
        }
    }
    if (notification.alerts.size() > shown) {
        lines << tr("and %1 more").arg(notification.alerts.size() - shown);
    }
    out.body = lines.join(u'\n');
    return out;
}

unsigned char urgencyOf(const Notification& notification)
{
    if (notification.isResolved()) {
        return 0;
    }
    unsigned char most = 0;
    for (const Alert& alert : notification.alerts) {
        const auto severity = alert.labels.get("severity");
        const bool critical = severity == "critical" || severity == "page";
        const bool minor = severity == "info" || severity == "none";
        most = std::max<unsigned char>(most, critical ? 2 : minor ? 0 : 1);
    }
    return most;
}

} // namespace watchfire::desktop
