// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "core/model/labels.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::discovery {

using Groups = std::vector<config::TargetGroup>;

/// Every character but letters, digits and underscores becomes an underscore: how names of the
/// world (container labels, annotations) end label names.
std::string labelNameFrom(std::string_view name);

/// "host:port", an IPv6 address in brackets.
std::string hostPort(std::string_view host, std::uint32_t port);

/// Every label of `over` replaces that of `under`.
void merge(LabelsBuilder& under, const Labels& over);

/// Adds one target with labels of its own; the group's source is `source` and a number that
/// makes it the only one of that name.
void addTarget(Groups& groups, std::string_view source, std::string address, Labels labels);

} // namespace watchfire::discovery
