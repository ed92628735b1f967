// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/conformance/runner.h"

/// The cases of conformance/alerting that drive an Alertmanager through time.
namespace watchfire::ctl {

Verdict checkInhibition(const QJsonObject& testCase);
Verdict checkSilences(const QJsonObject& testCase);
Verdict checkSilencePost(const QJsonObject& testCase);
/// One step of the list `lifecycle`, each on its own silences.
Verdict checkSilenceStep(const QJsonObject& step);
Verdict checkTimeIntervals(const QJsonObject& testCase, const QJsonObject& root);
Verdict checkTiming(const QJsonObject& testCase);

} // namespace watchfire::ctl
