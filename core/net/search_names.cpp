// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/search_names.h"

#include <algorithm>
#include <resolv.h>

namespace watchfire::net {

namespace {

std::string completed(std::string_view name, std::string_view domain)
{
    while (domain.ends_with('.')) {
        domain.remove_suffix(1);
    }
    std::string out(name);
    if (!domain.empty()) {
        out += '.';
        out += domain;
    }
    return out;
}

} // namespace

SearchRules SearchRules::ofSystem()
{
    SearchRules out;
    struct __res_state state{};
    if (res_ninit(&state) == 0) {
        out.dots = state.ndots;
        for (const char* domain : state.dnsrch) {
            if (domain == nullptr) {
                break;
            }
            out.domains.emplace_back(domain);
        }
        res_nclose(&state);
    }
    return out;
}

std::vector<std::string> candidateNames(std::string_view name, const SearchRules& rules)
{
    if (name.ends_with('.')) {
        return {std::string(name.substr(0, name.size() - 1))};
    }
    const auto dots = static_cast<std::size_t>(std::ranges::count(name, '.'));
    std::vector<std::string> out;
    if (dots >= rules.dots) {
        out.emplace_back(name);
    }
    for (const std::string& domain : rules.domains) {
        out.push_back(completed(name, domain));
    }
    if (dots < rules.dots) {
        out.emplace_back(name);
    }
    return out;
}

bool isAskable(std::string_view name)
{
    if (name.empty() || name.size() > 253) {
        return false;
    }
    while (true) {
        const std::size_t end = std::min(name.find('.'), name.size());
        if (end == 0 || end > 63) {
            return false;
        }
        if (end == name.size()) {
            return true;
        }
        name.remove_prefix(end + 1);
    }
}

} // namespace watchfire::net
