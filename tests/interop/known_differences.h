// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/syntax/ast.h"
#include "tests/interop/answer_difference.h"

#include <functional>
#include <string>

#include <QJsonObject>
#include <QString>
#include <QUrlQuery>

namespace watchfire::tests {

/// A query that version 3.5 and we answer differently.
struct Disagreement {
    std::reference_wrapper<const promql::Node> query;
    std::string text;
    QString path; ///< asked of the API
    QUrlQuery words; ///< all parameters
    QJsonObject theirs;
    QJsonObject ours;
    Difference difference;
    /// Answers to other questions.
    std::function<QJsonObject(const QString& path, const QUrlQuery& words)> askThem;
    std::function<QJsonObject(const QString& path, const QUrlQuery& words)> askUs;
};

/// Why version 3.5, the packaged one, is no measure here, in words; empty: it is. As far as can be
/// it is asked what shows it: the difference must come from the part that it answers otherwise,
/// and go when it is asked in another way.
QString knownReason(const Disagreement& about);

} // namespace watchfire::tests
