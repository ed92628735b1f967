// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/unseen.h"

#include "core/model/matcher.h"

#include <algorithm>
#include <array>

namespace watchfire::rules {

bool isUnseen(const Labels& labels, Timestamp at,
              const std::function<Result<Vector>(const std::string& expr, Timestamp at)>& query)
{
    std::string matchers;
    for (const std::string_view name : std::array<std::string_view, 2>{"job", "instance"}) {
        if (labels.has(name)) {
            matchers += (matchers.empty() ? "" : ",")
                + Matcher::equal(std::string(name), std::string(labels.get(name))).toString();
        }
    }
    if (matchers.empty()) {
        return false;
    }
    const auto targets = query("up{" + matchers + "}", at);
    return targets && !targets->empty()
        && std::ranges::all_of(*targets,
                               [](const VectorSample& target) { return target.value == 0; });
}

} // namespace watchfire::rules
