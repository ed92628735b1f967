// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/diagnosis.h"

#include "core/promql/syntax/parser.h"

#include <QCoreApplication>

namespace watchfire::ui::editor {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::editor::Diagnosis)
};

QString placed(const QString& message, std::uint32_t begin, std::string_view text)
{
    const auto [line, column] = promql::lineAndColumn(text, begin);
    return text.contains('\n')
        ? Words::tr("line %1, column %2: %3").arg(line).arg(column).arg(message)
        : Words::tr("column %1: %2").arg(column).arg(message);
}

} // namespace

QString faultText(const Error& error, std::string_view text)
{
    QString message = QString::fromUtf8(error.message);
    if (!error.where) {
        return message;
    }
    if (const auto fix = promql::fixFor(error, text)) {
        const QString meant = QString::fromUtf8(fix->text);
        message = promql::isUnknownFunction(error)
            ? Words::tr("%1. Did you mean %2? Alt+Enter puts it there.").arg(message, meant)
            : Words::tr("%1. Alt+Enter adds %2.").arg(message, meant);
    }
    return placed(message, error.where->begin, text);
}

QString adviceText(const promql::Advice& advice, std::string_view text)
{
    QString message = QString::fromUtf8(advice.message);
    if (advice.fix) {
        message = Words::tr("%1. Alt+Enter writes %2.")
                      .arg(message, QString::fromUtf8(advice.fix->text).trimmed());
    }
    return placed(message, advice.where.begin, text);
}

} // namespace watchfire::ui::editor
