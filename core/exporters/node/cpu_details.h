// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exporters/node/source.h"

namespace watchfire::exporters::node {

/// How often cores and packages were slowed down for their heat; part of the cpu collector.
void collectThrottling(const Source& source, Sink& sink);

} // namespace watchfire::exporters::node
