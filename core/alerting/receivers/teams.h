// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/receivers/payload.h"
#include "core/config/receivers.h"

/// Payloads of Microsoft Teams: connectors of Office 365 (msteams), and flows of Power Automate
/// (msteamsv2).
namespace watchfire::alerting {

using config::TeamsSettings;

/// A message card.
/// Source: Microsoft, "Legacy actionable message card reference"; Alertmanager 0.33,
/// notify/msteams.
Result<HttpRequest> teamsRequest(const TeamsSettings& settings, Texts& texts, bool resolved);

using config::TeamsFlowSettings;

/// An adaptive card of two text blocks.
/// Source: Microsoft, "Microsoft Teams connector", request body schema; adaptivecards.io,
/// TextBlock; Alertmanager 0.33, notify/msteamsv2.
Result<HttpRequest> teamsFlowRequest(const TeamsFlowSettings& settings, Texts& texts,
                                     bool resolved);

} // namespace watchfire::alerting
