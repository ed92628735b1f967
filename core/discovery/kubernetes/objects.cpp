// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/kubernetes/objects.h"

namespace watchfire::discovery {

std::string KubeMeta::key() const
{
    return nameSpace.empty() ? name : nameSpace + '/' + name;
}

std::string_view KubeMeta::label(std::string_view wanted) const
{
    for (const auto& [label, value] : labels) {
        if (label == wanted) {
            return value;
        }
    }
    return {};
}

void KubeStore::put(KubeObject object)
{
    std::visit(
        [this]<class Kind>(Kind& one) {
            std::string key = one.meta.key();
            std::get<Map<Kind>>(m_maps).insert_or_assign(std::move(key), std::move(one));
        },
        object);
}

void KubeStore::remove(const KubeObject& object)
{
    std::visit(
        [this]<class Kind>(const Kind& one) { std::get<Map<Kind>>(m_maps).erase(one.meta.key()); },
        object);
}

} // namespace watchfire::discovery
