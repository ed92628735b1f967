// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// What is wrong with a source: the shape of its fields, and what its kind asks for.

#include "ui/models/format.h"
#include "ui/pages/source_fields.h"

#include <set>

#include <QCoreApplication>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::SourceForm)
};

QString labelsFault(const GroupForm& group)
{
    std::set<QString> names;
    for (const auto& [name, value] : group.labels) {
        const QString trimmed = name.trimmed();
        if (trimmed.isEmpty()) {
            return Words::tr("A label needs a name.");
        }
        if (!names.insert(trimmed).second) {
            return Words::tr("The label “%1” is there twice.").arg(trimmed);
        }
        if (value.isEmpty()) {
            return Words::tr("The label “%1” needs a value; without one it does not exist.")
                .arg(trimmed);
        }
    }
    return {};
}

FieldFaults checkStatics(const SourceForm& source, const config::ScrapeConfig& base, bool mayBeUrls)
{
    FieldFaults faults;
    for (std::size_t i = 0; i < source.groups.size(); ++i) {
        const GroupForm& group = source.groups[i];
        const QString field = i == 0 ? u"targets"_s : u"targets.%1"_s.arg(i + 1);
        const config::TargetGroup* const before = groupOf(group, base);
        const bool isUntouched = before != nullptr && group.targets == wordsText(before->targets);
        const auto targets = readWords(group.targets);
        if (targets.empty() && !isUntouched) {
            faults[field] = source.groups.size() == 1
                ? Words::tr("Name at least one target, such as localhost:9100.")
                : Words::tr("Name a target, or remove this group.");
        }
        for (const std::string& target : targets) {
            const QString fault = targetFault(fromUtf8(target), mayBeUrls);
            if (!fault.isEmpty() && !isUntouched) {
                faults[field] = fault;
                break;
            }
        }
        if (const QString fault = labelsFault(group);
            !fault.isEmpty() && !faults.contains(u"labels"_s)) {
            faults[u"labels"_s] = source.groups.size() == 1
                ? fault
                : Words::tr("Group %1: %2").arg(QString::number(i + 1), fault);
        }
    }
    return faults;
}

QString filesFault(const QString& text)
{
    // Source: Prometheus documentation, "Configuration", file_sd_config.
    static const QRegularExpression form(u"^[^*]*(\\*[^/]*)?\\.(json|yml|yaml|JSON|YML|YAML)$"_s);
    for (const std::string& word : readWords(text)) {
        const QString file = fromUtf8(word);
        if (!file.startsWith(u'/')) {
            return Words::tr("“%1”: write the whole path, from “/” on.").arg(file);
        }
        if (!form.match(file).hasMatch()) {
            return Words::tr("“%1”: files end in .json, .yml or .yaml, and only the last part of "
                             "the path may have a star.")
                .arg(file);
        }
    }
    return {};
}

QString selectorsFault(const QString& text, const QString& role)
{
    const auto selectors = readSelectors(text);
    if (!selectors) {
        return Words::tr("Write the role, then “label” or “field” and the selector: pod label "
                         "app=web. Several are separated by “;”.");
    }
    std::set<std::string> seen;
    for (const auto& selector : *selectors) {
        const QString of = fromUtf8(selector.role);
        const bool isEndpoints = role.startsWith("endpoints"_L1);
        if (of != role && !(isEndpoints && (of == "pod"_L1 || of == "service"_L1))) {
            return Words::tr("With the role %1 nothing is selected by %2.").arg(role, of);
        }
        if (!seen.insert(selector.role).second) {
            return Words::tr("There are two selectors by %1.").arg(of);
        }
    }
    return {};
}

/// What the kind asks for beyond the shape of single fields.
void checkWhole(const SourceForm& source, const config::DiscoveryConfig& discovery,
                FieldFaults& faults)
{
    const auto require = [&](const QString& field, const QString& sentence) {
        if (source.value(field).trimmed().isEmpty()) {
            faults[field] = sentence;
        }
    };
    switch (source.kind) {
    case SourceKind::statics:
    case SourceKind::foreign:
        break;
    case SourceKind::file:
        require(u"file.files"_s, Words::tr("Name at least one file."));
        if (!faults.contains(u"file.files"_s)) {
            faults[u"file.files"_s] = filesFault(source.value(u"file.files"_s));
        }
        break;
    case SourceKind::http:
        faults[u"http.url"_s] = urlFault(source.value(u"http.url"_s));
        break;
    case SourceKind::dns:
        require(u"dns.names"_s, Words::tr("Name at least one record."));
        if (std::get<config::DnsDiscovery>(discovery).type != "SRV") {
            require(u"dns.port"_s, Words::tr("Only SRV records name the port themselves."));
        }
        break;
    case SourceKind::docker: {
        static const QRegularExpression form(u"^(unix:///|(tcp|https?)://[^/\\s]).*$"_s);
        if (!form.match(source.value(u"docker.host"_s).trimmed()).hasMatch()) {
            faults[u"docker.host"_s] = Words::tr(
                "Write unix:///var/run/docker.sock, tcp://host:2375, http://… or https://….");
        }
        break;
    }
    case SourceKind::consul:
        break;
    case SourceKind::kubernetes: {
        const auto& to = std::get<config::KubernetesDiscovery>(discovery);
        if (!to.apiServer.empty()) {
            faults[u"kubernetes.apiServer"_s] = urlFault(fromUtf8(to.apiServer));
        }
        if (!to.kubeconfigFile.empty()) {
            faults[u"kubernetes.kubeconfig"_s] = !to.apiServer.empty()
                ? Words::tr("Either an API server or a kubeconfig file.")
                : to.ownNamespace
                ? Words::tr("With a kubeconfig there is no namespace this runs in.")
                : pathFault(fromUtf8(to.kubeconfigFile));
        } else if (to.apiServer.empty() && to.client != HttpClientOptions()) {
            faults[u"kubernetes.apiServer"_s]
                = Words::tr("Name the API server that the source's security settings are for.");
        }
        const QString role = source.value(u"kubernetes.role"_s);
        faults[u"kubernetes.selectors"_s] = selectorsFault(source.value(u"kubernetes.selectors"_s),
                                                           role.isEmpty() ? u"node"_s : role);
        break;
    }
    }
}

QString typeFault(const SourceField& field, const QString& text)
{
    if (text.trimmed().isEmpty()) {
        return {};
    }
    switch (field.type) {
    case FieldType::duration:
        return durationFault(text);
    case FieldType::port:
        return portFault(text);
    case FieldType::pairs:
        return pairsFault(text);
    case FieldType::text:
    case FieldType::raw:
    case FieldType::words:
    case FieldType::flag:
    case FieldType::choice:
    case FieldType::secret:
        break;
    }
    return {};
}

} // namespace

FieldFaults checkSource(const SourceForm& source, const config::ScrapeConfig& base, bool mayBeUrls)
{
    if (source.kind == SourceKind::statics) {
        return checkStatics(source, base, mayBeUrls);
    }
    FieldFaults faults;
    // What nobody changed is right, though a field might not let one write it.
    const config::DiscoveryConfig before = startOf(source, base);
    const config::DiscoveryConfig discovery = discoveryOf(source, base);
    if (source.kept < 0 || discovery != before) {
        checkWhole(source, discovery, faults);
    }
    for (const SourceAccess& each : sourceAccess(source.kind)) {
        const QString value = source.value(each.field.name);
        const QString fault = typeFault(each.field, value);
        if (!fault.isEmpty() && value != each.read(before)) {
            faults[each.field.name] = fault;
        }
    }
    if (hasClient(source.kind)) {
        for (const auto& [field, fault] : checkClient(source.client, *clientOf(before))) {
            faults[u"client"_s] = fault;
        }
    }
    std::erase_if(faults, [](const auto& fault) { return fault.second.isEmpty(); });
    return faults;
}

QString targetFault(const QString& address, bool mayBeUrl)
{
    if (mayBeUrl && address.contains(u'/')) {
        return {};
    }
    if (address.contains(u"://"_s)) {
        return Words::tr("“%1”: write host:port without http:// or https://; the scheme is chosen "
                         "below.")
            .arg(address);
    }
    if (address.contains(u'/')) {
        return Words::tr("“%1”: the path belongs in its own field below.").arg(address);
    }
    if (address.startsWith("collector:"_L1)) {
        return {};
    }
    static const QRegularExpression form(
        u"^(\\[[0-9A-Fa-f:.%a-z]+\\]|[^\\s:\\[\\]]+)(?::(\\d{1,5}))?$"_s);
    const QRegularExpressionMatch match = form.match(address);
    if (!match.hasMatch()) {
        return Words::tr("“%1” is not host:port.").arg(address);
    }
    const QString port = match.captured(2);
    if (!port.isEmpty() && (port.toInt() < 1 || port.toInt() > 65535)) {
        return Words::tr("“%1”: a port is between 1 and 65535.").arg(address);
    }
    return {};
}

} // namespace watchfire::ui
