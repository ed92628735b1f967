// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later

namespace watchfire::resources {

/// Gives the static library an object file of its own; the bundles are added by the build.
extern const int bundleVersion;
const int bundleVersion = 1;

} // namespace watchfire::resources
