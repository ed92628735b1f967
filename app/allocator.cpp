// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// How jemalloc, which this program is linked with, is to work (jemalloc(3), TUNING). Series come
// by the hundred thousand, with much that is needed until they are stored and rows that live for
// half a minute beside what stays: one arena for each of the few threads that store keeps the two
// apart well enough, and what is free goes back to the system within seconds.
extern "C" {
// The name is jemalloc's.
const char* malloc_conf // NOLINT(readability-identifier-naming)
    = "narenas:2,background_thread:true,dirty_decay_ms:500,muzzy_decay_ms:0,tcache_max:2048";
}
