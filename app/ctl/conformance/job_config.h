// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/config/config.h"
#include "core/model/relabel.h"

#include <QJsonArray>
#include <QJsonObject>

namespace watchfire::ctl {

/// A relabelling rule as the conformance data writes it, prepared. Fails where a program that
/// reads it as YAML refuses it.
Result<RelabelRule> relabelRuleFrom(const QJsonObject& rule);
Result<std::vector<RelabelRule>> relabelRulesFrom(const QJsonArray& rules);

/// Sets the keys of a scrape job that the object has. Fails with ErrorKind::unsupported for a
/// key that the runners do not know, so that none is passed over.
Result<void> setJobKeys(config::ScrapeConfig& job, const QJsonObject& keys);

/// A label set from an object of texts.
Labels labelsFrom(const QJsonObject& object);
QJsonObject toJson(const Labels& labels);

} // namespace watchfire::ctl
