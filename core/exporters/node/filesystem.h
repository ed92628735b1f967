// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exporters/node/mount_probe.h"
#include "core/exporters/node/source.h"

namespace watchfire::exporters::node {

/// node_filesystem_…, of the mounts process 1 sees.
bool collectFilesystems(const Source& source, Sink& sink, MountProbe& probe);

} // namespace watchfire::exporters::node
