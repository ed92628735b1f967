// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/verbs.h"
#include "core/alerting/template_data.h"
#include "core/alerting/templates.h"
#include "core/api/parameters.h"
#include "core/base/clock.h"
#include "core/encoding/json.h"

#include <cstdio>
#include <glob.h>
#include <memory>
#include <string>
#include <vector>

namespace watchfire::ctl {

namespace {

using encoding::JsonValue;

struct RenderOptions {
    std::vector<std::string> globs;
    std::string text;
    std::string type = "text";
    std::string dataFile;
};

/// The files that a pattern of a shell stands for, by name.
std::vector<std::string> filesOf(const std::string& pattern)
{
    glob_t found{};
    std::vector<std::string> files;
    if (glob(pattern.c_str(), 0, nullptr, &found) == 0) {
        files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    }
    globfree(&found);
    return files;
}

Labels labelsOf(const JsonValue& object)
{
    LabelsBuilder builder;
    for (const auto& [name, value] : object.members()) {
        builder.set(name, value.asString());
    }
    return builder.build();
}

Timestamp timeOf(const JsonValue& value)
{
    return api::parseDateTime(value.asString()).value_or(Timestamp{});
}

/// A notification as webhooks get it.
text::TemplateValue dataFrom(const JsonValue& json)
{
    Notification out;
    std::vector<std::string> fingerprints;
    out.receiver = json["receiver"].asString();
    out.groupLabels = labelsOf(json["groupLabels"]);
    out.commonLabels = labelsOf(json["commonLabels"]);
    out.commonAnnotations = labelsOf(json["commonAnnotations"]);
    out.externalUrl = json["externalURL"].asString();
    for (const JsonValue& value : json["alerts"].items()) {
        Alert alert;
        alert.labels = labelsOf(value["labels"]);
        alert.annotations = labelsOf(value["annotations"]);
        alert.startsAt = timeOf(value["startsAt"]);
        alert.generatorUrl = value["generatorURL"].asString();
        const bool resolved = value["status"].asString() == "resolved";
        if (resolved) {
            alert.endsAt = timeOf(value["endsAt"]);
        }
        ++(resolved ? out.resolved : out.firing);
        out.alerts.push_back(std::move(alert));
        fingerprints.emplace_back(value["fingerprint"].asString());
    }
    return alerting::templateData(out, fingerprints);
}

/// Where no data is given.
constexpr std::string_view exampleData = R"({
  "receiver": "receiver", "externalURL": "http://localhost:9090",
  "groupLabels": {"alertname": "Example"},
  "commonLabels": {"alertname": "Example", "severity": "warning"},
  "commonAnnotations": {"summary": "an example"},
  "alerts": [
    {"status": "firing", "labels": {"alertname": "Example", "instance": "one", "severity": "warning"},
     "annotations": {"summary": "an example"}, "startsAt": "2026-01-01T00:00:00Z"},
    {"status": "resolved", "labels": {"alertname": "Example", "instance": "two", "severity": "warning"},
     "annotations": {"summary": "an example"}, "startsAt": "2026-01-01T00:00:00Z",
     "endsAt": "2026-01-01T00:05:00Z"}]})";

/// False: it has been told why not.
bool addTemplates(Context& context, const RenderOptions& options,
                  alerting::NotificationTemplates& templates)
{
    for (const std::string& pattern : options.globs) {
        const auto files = filesOf(pattern);
        if (files.empty()) {
            complain(context, Exit::unreachable, "no file matches " + pattern);
            return false;
        }
        for (const std::string& file : files) {
            std::string text;
            if (!readInput(context, file, text)) {
                return false;
            }
            if (const auto added = templates.add(text); !added) {
                complain(context, Exit::wrong, file + ": " + added.error().message);
                return false;
            }
        }
    }
    return true;
}

void render(Context& context, const RenderOptions& options)
{
    alerting::NotificationTemplates templates;
    std::string text(exampleData);
    if (!addTemplates(context, options, templates)
        || (!options.dataFile.empty() && !readInput(context, options.dataFile, text))) {
        return;
    }
    const auto json = encoding::parseJson(text);
    if (!json) {
        complain(context, Exit::wrong, options.dataFile + ": " + json.error().message);
        return;
    }
    const text::TemplateValue data = dataFrom(*json);
    const Timestamp now = SystemClock().now();
    const auto rendered = options.type == "html" ? templates.renderHtml(options.text, data, now)
                                                 : templates.render(options.text, data, now);
    if (!rendered) {
        complain(context, Exit::wrong, rendered.error().message);
        return;
    }
    if (!context.json()) {
        std::puts(rendered->c_str());
        return;
    }
    std::string out;
    encoding::JsonWriter(out).string(*rendered);
    std::puts(out.c_str());
}

} // namespace

void addTemplate(CLI::App& app, Context& context)
{
    auto* const group = app.add_subcommand("template", "Templates of notifications");
    group->require_subcommand(1);
    auto* const verb = group->add_subcommand("render", "Print what a template makes of alerts");
    const auto options = std::make_shared<RenderOptions>();
    verb->add_option("--template-glob,--template.glob", options->globs,
                     "Files of templates, as a pattern; may be repeated")
        ->take_all()
        ->allow_extra_args(false);
    verb->add_option("--template-text,--template.text", options->text,
                     "What to render, such as {{ template \"slack.default.title\" . }}")
        ->required();
    verb->add_option("--template-type,--template.type", options->type, "text or html")
        ->check(CLI::IsMember({"text", "html"}))
        ->capture_default_str();
    verb->add_option(
        "--template-data,--template.data", options->dataFile,
        "A notification as webhooks get it, in JSON; an example where it is not given");
    verb->callback([&context, options] { render(context, *options); });
}

} // namespace watchfire::ctl
