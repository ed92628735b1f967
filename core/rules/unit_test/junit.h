// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/rules/unit_test/run.h"

#include <span>
#include <string>
#include <utility>

namespace watchfire::rules::unit_test {

/// Outcomes, each with its file, as the XML that build servers read: a suite a file, a case a
/// test. A file that could not be read is a suite with an error.
///
/// Source: cmd/promtool, --junit; util/junitxml.
std::string junitXml(std::span<const std::pair<std::string, FileOutcome>> outcomes);

} // namespace watchfire::rules::unit_test
