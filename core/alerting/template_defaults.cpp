// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/templates.h"

#include <format>
#include <initializer_list>
#include <string>
#include <utility>

namespace watchfire::alerting {

namespace {

std::string define(std::string_view name, std::string_view body)
{
    return std::format("{{{{ define \"{}\" }}}}{}{{{{ end }}}}\n", name, body);
}

std::string call(std::string_view name, std::string_view data = ".")
{
    return std::format("{{{{ template \"{}\" {} }}}}", name, data);
}

/// Firing alerts, then resolved ones, each under a heading on lines of their own.
std::string bothLists(std::string_view heading, std::string_view list)
{
    std::string out;
    for (const std::string_view state : {"Firing", "Resolved"}) {
        out += std::format("\n{{{{ if .Alerts.{0} }}}}\n{1}Alerts {0}:\n{2}\n{{{{ end }}}}", state,
                           heading, call(list, std::format(".Alerts.{}", state)));
    }
    return out + "\n";
}

/// The same without the blank lines around.
std::string bothListsTight()
{
    std::string out;
    for (const std::string_view state : {"Firing", "Resolved"}) {
        out += std::format("\n{{{{ if .Alerts.{0} -}}}}\nAlerts {0}:\n{1}\n{{{{- end }}}}", state,
                           call("__text_alert_list", std::format(".Alerts.{}", state)));
    }
    return out;
}

constexpr std::string_view annotationsLine
    = R"({{ .CommonAnnotations.SortedPairs.Values | join " " }})";

std::string sharedParts()
{
    const auto pairs = [](std::string_view what, std::string_view indent) {
        return std::format("{{{{ range .{}.SortedPairs }}}}{}- {{{{ .Name }}}} = {{{{ .Value }}}}\n"
                           "{{{{ end }}}}",
                           what, indent);
    };
    return define("__alertmanager", "Alertmanager")
        + define("__alertmanagerURL",
                 "{{ .ExternalURL }}/#/alerts?receiver="
                 "{{ .Receiver | urlquery }}")
        + define("__subject",
                 R"([{{ toUpper .Status }}{{ if eq .Status "firing" }}:{{ len .Alerts.Firing }})"
                 R"({{ end }}] {{ .GroupLabels.SortedPairs.Values | join " " }} )"
                 R"({{ if gt (len .CommonLabels) (len .GroupLabels) }})"
                 R"(({{ (.CommonLabels.Remove .GroupLabels.Names).Values | join " " }}){{ end }})")
        + define("__description", "")
        + define("__text_alert_list",
                 "{{ range . }}Labels:\n" + pairs("Labels", " ") + "Annotations:\n"
                     + pairs("Annotations", " ") + "Source: {{ .GeneratorURL }}\n{{ end }}")
        + define("__text_alert_list_markdown",
                 "{{ range . }}\nLabels:\n" + pairs("Labels", "  ") + "\nAnnotations:\n"
                     + pairs("Annotations", "  ") + "\nSource: {{ .GeneratorURL }}\n{{ end }}\n");
}

std::string chatParts()
{
    constexpr std::string_view color
        = R"({{ if eq .Status "firing" }}danger{{ else }}good{{ end }})";
    std::string out;
    for (const std::string_view name : {"title", "username", "fallback", "callbackid", "pretext",
                                        "titlelink", "iconemoji", "iconurl", "text", "footer"}) {
        const std::string body = name == "title" ? call("__subject")
            : name == "username"                 ? call("__alertmanager")
            : name == "titlelink"                ? call("__alertmanagerURL")
            : name == "fallback"
            ? call("slack.default.title") + " | " + call("slack.default.titlelink")
            : std::string();
        out += define(std::format("slack.default.{}", name), body);
    }
    out += define("slack.default.color", color);
    out += define("discord.default.content", "");
    out += define("discord.default.title", call("__subject"));
    out += define("discord.default.message", bothLists("", "__text_alert_list"));
    out += define("telegram.default.message", bothLists("", "__text_alert_list"));
    out += define("msteams.default.summary", call("__subject"));
    for (const std::string_view kind : {"msteams", "msteamsv2"}) {
        out += define(std::format("{}.default.title", kind), call("__subject"));
        out += define(std::format("{}.default.text", kind),
                      bothLists("# ", "__text_alert_list_markdown"));
    }
    return out;
}

std::string pagerParts()
{
    return define("pagerduty.default.description", call("__subject"))
        + define("pagerduty.default.client", call("__alertmanager"))
        + define("pagerduty.default.clientURL", call("__alertmanagerURL"))
        + define("pagerduty.default.instances", call("__text_alert_list"))
        + define("opsgenie.default.message", call("__subject"))
        + define("opsgenie.default.description", std::string(annotationsLine) + bothListsTight())
        + define("opsgenie.default.source", call("__alertmanagerURL"))
        + define("pushover.default.title", call("__subject"))
        + define("pushover.default.message",
                 std::string(annotationsLine) + bothLists("", "__text_alert_list"))
        + define("pushover.default.url", call("__alertmanagerURL"));
}

std::string mailParts()
{
    // Plain tables: mail programs know little of style sheets.
    const auto list = [](std::string_view state, std::string_view colour) {
        return std::format(
            "{{{{ if .Alerts.{0} }}}}<h2 style=\"color:{1}\">{0}: "
            "{{{{ len .Alerts.{0} }}}}</h2>\n{{{{ range .Alerts.{0} }}}}<table>\n"
            "{{{{ range .Labels.SortedPairs }}}}<tr><th align=\"left\">{{{{ .Name }}}}</th>"
            "<td>{{{{ .Value }}}}</td></tr>\n{{{{ end }}}}"
            "{{{{ range .Annotations.SortedPairs }}}}<tr><th align=\"left\"><i>{{{{ .Name }}}}</i>"
            "</th><td>{{{{ .Value }}}}</td></tr>\n{{{{ end }}}}</table>\n"
            "{{{{ if .GeneratorURL }}}}<p><a href=\"{{{{ .GeneratorURL }}}}\">Source</a></p>\n"
            "{{{{ end }}}}{{{{ end }}}}{{{{ end }}}}",
            state, colour);
    };
    return define("email.default.subject", call("__subject"))
        + define("email.default.html",
                 "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>" + call("__subject")
                     + "</title></head><body>\n<h1>" + call("__subject") + "</h1>\n"
                     + list("Firing", "#c00000") + list("Resolved", "#007000") + "<p><a href=\""
                     + call("__alertmanagerURL") + "\">" + call("__alertmanager")
                     + "</a></p>\n</body></html>\n");
}

} // namespace

std::string_view defaultTemplates()
{
    static const std::string all = sharedParts() + chatParts() + pagerParts() + mailParts();
    return all;
}

} // namespace watchfire::alerting
