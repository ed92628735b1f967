// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/query_answer.h"

#include <utility>

namespace watchfire::rules {

Result<Vector> vectorOf(Result<QueryResult> answer)
{
    if (!answer) {
        return std::unexpected(std::move(answer.error()));
    }
    if (auto* const vector = std::get_if<Vector>(&answer->value)) {
        return std::move(*vector);
    }
    if (const auto* const scalar = std::get_if<Scalar>(&answer->value)) {
        return Vector{{Labels{}, scalar->atMs, scalar->value, nullptr}};
    }
    return fail(ErrorKind::invalid, "rule result is not a vector or scalar");
}

} // namespace watchfire::rules
