// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/checkers.h"

#include "core/rules/expand.h"

namespace watchfire::rules {

config::Checkers checkers(const promql::Features& features)
{
    config::Checkers out;
    out.expression = [features](std::string_view expr) {
        return promql::parse(expr, features).transform([](const promql::Ast&) { });
    };
    out.templateText = &checkTemplate;
    return out;
}

} // namespace watchfire::rules
