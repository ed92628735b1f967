// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/conformance/config.h"

#include "core/config/check.h"
#include "core/config/export.h"
#include "core/encoding/yaml.h"

namespace watchfire::ctl {

namespace {

using namespace Qt::StringLiterals;

QJsonValue toJson(const encoding::YamlNode& node)
{
    switch (node.kind) {
    case encoding::YamlKind::sequence: {
        QJsonArray list;
        for (const encoding::YamlPlace& item : node.items) {
            list.append(toJson(*item.node));
        }
        return list;
    }
    case encoding::YamlKind::mapping: {
        QJsonObject map;
        for (const encoding::YamlEntry& entry : node.entries) {
            map.insert(QString::fromStdString(entry.key->text), toJson(*entry.value.node));
        }
        return map;
    }
    case encoding::YamlKind::scalar:
        break;
    }
    if (node.isNull()) {
        return QJsonValue::Null;
    }
    if (const auto truth = node.asBool()) {
        return *truth;
    }
    if (const auto number = node.asNumber()) {
        return *number;
    }
    return QString::fromStdString(node.text);
}

/// Whether the cases of the file are about alertmanager.yml.
bool isAlertmanagers(const CaseFile& file)
{
    return file.path.filename().string().starts_with("alertmanager")
        || file.path.parent_path().filename().string().starts_with("alertmanager");
}

config::Findings read(const QJsonObject& testCase, const CaseFile& file, config::Config& into)
{
    if (const QJsonValue name = testCase["file"_L1]; name.isString()) {
        const auto path = file.path.parent_path() / name.toString().toStdString();
        const auto mode = testCase["mode"_L1].toString() == "agent"_L1 ? config::Mode::agent
                                                                       : config::Mode::server;
        return isAlertmanagers(file) ? config::checkAlertmanager(path).findings
                                     : config::checkConfig(path, {}, true, mode).findings;
    }
    config::Findings findings;
    std::string text = testCase["config"_L1].toString().toStdString();
    if (isAlertmanagers(file)) {
        config::readAlertmanager(std::move(text), "alertmanager.yml", findings);
    } else {
        config::readPrometheus(std::move(text), "prometheus.yml", into, findings);
    }
    return findings;
}

Verdict compareEffective(const QJsonValue& expected, const config::Config& config)
{
    const auto document = encoding::YamlDocument::parse(config::effectiveYaml(config));
    if (!document) {
        return Verdict::fail("what takes effect is no YAML: " + document.error().message);
    }
    return Verdict::of(difference(
        expected, document->root() == nullptr ? QJsonValue() : toJson(*document->root())));
}

Verdict checkCase(const QJsonObject& testCase, const CaseFile& file)
{
    config::Config config;
    const config::Findings findings = read(testCase, file, config);
    const QJsonValue effective = testCase["effective"_L1];
    const bool accepted = findings.faults.empty();
    const bool wanted = !effective.isUndefined() || testCase["expect"_L1].toString() == "ok"_L1;
    if (accepted != wanted) {
        return Verdict::fail(accepted ? "accepted"
                                      : "refused: " + findings.faults.front().toString());
    }
    return effective.isUndefined() ? Verdict::pass() : compareEffective(effective, config);
}

} // namespace

ConformanceOutcome runConfig(const std::filesystem::path& path)
{
    return runCases(path, checkCase);
}

} // namespace watchfire::ctl
