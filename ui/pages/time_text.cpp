// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/time_text.h"

#include "core/text/duration.h"

#include <array>

#include <QDateTime>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

Timestamp fromDateTime(const QDateTime& moment)
{
    return fromUnixMs(moment.toMSecsSinceEpoch());
}

std::optional<Timestamp> relativeToNow(QStringView offset, Timestamp now)
{
    const bool back = offset.startsWith(u'-');
    const auto span = text::parseDuration(offset.mid(1).trimmed().toString().toStdString());
    if (!span || (!back && !offset.startsWith(u'+'))) {
        return std::nullopt;
    }
    return back ? now - *span : now + *span;
}

} // namespace

std::optional<Timestamp> parseMoment(const QString& text, Timestamp now)
{
    const QString trimmed = text.trimmed();
    const QDateTime local = QDateTime::fromMSecsSinceEpoch(unixMs(now));
    if (trimmed.startsWith("now"_L1, Qt::CaseInsensitive)) {
        const QStringView rest = QStringView(trimmed).mid(3).trimmed();
        return rest.isEmpty() ? std::optional(now) : relativeToNow(rest, now);
    }
    if (trimmed.compare("today"_L1, Qt::CaseInsensitive) == 0) {
        return fromDateTime(local.date().startOfDay());
    }
    if (trimmed.compare("yesterday"_L1, Qt::CaseInsensitive) == 0) {
        return fromDateTime(local.date().addDays(-1).startOfDay());
    }
    static constexpr std::array timeForms{"HH:mm", "HH:mm:ss"};
    for (const char* form : timeForms) {
        const QTime time = QTime::fromString(trimmed, QString::fromLatin1(form));
        if (time.isValid()) {
            return fromDateTime(QDateTime(local.date(), time));
        }
    }
    static constexpr std::array forms{"yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"};
    for (const char* form : forms) {
        const QDateTime moment = QDateTime::fromString(trimmed, QString::fromLatin1(form));
        if (moment.isValid()) {
            return fromDateTime(moment);
        }
    }
    const QDateTime iso = QDateTime::fromString(trimmed, Qt::ISODateWithMs);
    return iso.isValid() ? std::optional(fromDateTime(iso)) : std::nullopt;
}

} // namespace watchfire::ui
