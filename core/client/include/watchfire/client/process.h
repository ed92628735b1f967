// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "watchfire/client/registry.h"

#include <string>

namespace watchfire::client {

/// The metrics every client library has of its process: process_cpu_seconds_total,
/// process_open_fds, process_max_fds, process_virtual_memory_bytes,
/// process_virtual_memory_max_bytes, process_resident_memory_bytes,
/// process_start_time_seconds. What the system does not tell is left out. `proc` is another
/// place than /proc for tests.
/// Source: Prometheus documentation, "Writing client libraries", process metrics.
Collector processCollector(std::string proc = "/proc");

} // namespace watchfire::client
