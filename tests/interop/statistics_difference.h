// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/syntax/ast.h"

#include <QJsonObject>
#include <QString>
#include <QUrlQuery>

namespace watchfire::tests {

/// Where the samples that two answers count (`stats=all`) differ, in words, as far as version 3.5
/// is a measure of them. Empty: nowhere. `words` are the parameters of the request.
QString statisticsDifference(const promql::Node& query, const QUrlQuery& words,
                             const QJsonObject& theirs, const QJsonObject& ours);

} // namespace watchfire::tests
