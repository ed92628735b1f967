// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/conformance/runner.h"

namespace watchfire::ctl {

/// A case of templates: `template` over the data set of the file that `data` names, after the
/// definitions of `template_file`.
Verdict checkTemplate(const QJsonObject& testCase, const QJsonObject& root);

} // namespace watchfire::ctl
