// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "core/config/import.h"
#include "core/promql/syntax/parser.h"
#include "core/runtime/local_engine.h"

namespace watchfire::app {

/// What files of rules are checked with.
config::Checkers checkers(const promql::Features& features);

/// The configuration of that command line, read and written as files.
runtime::ConfigFiles configFiles(const Options& options, const Paths& paths,
                                 const promql::Features& features);

} // namespace watchfire::app
