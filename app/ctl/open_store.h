// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/verbs.h"
#include "core/tsdb/store.h"

#include <memory>
#include <string_view>

namespace watchfire::ctl {

/// The store at --data, for a verb of `tsdb`; to be written to it must be nobody else's, and
/// takes samples of any time. Null: it has been told why not.
std::unique_ptr<tsdb::Store> openStore(Context& context, std::string_view verb, bool readOnly);

} // namespace watchfire::ctl
