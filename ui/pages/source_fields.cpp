// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// The fields of each kind of source: one table each, from which forms are built, filled, checked
// and read.

#include "ui/pages/source_fields.h"

#include "core/text/duration.h"
#include "ui/models/format.h"

#include <algorithm>
#include <array>

#include <QCoreApplication>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

using config::ConsulDiscovery;
using config::DiscoveryConfig;
using config::DiscoveryFilter;
using config::DnsDiscovery;
using config::DockerDiscovery;
using config::FileDiscovery;
using config::HttpDiscovery;
using config::KubernetesDiscovery;
using config::KubernetesRole;
using Selectors = std::vector<KubernetesDiscovery::Selector>;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::SourceForm)
};

constexpr std::array<const char*, 6> roles{"node",      "pod",           "service",
                                           "endpoints", "endpointslice", "ingress"};

QString written(const std::string& value)
{
    return fromUtf8(value);
}
QString written(const std::vector<std::string>& value)
{
    return wordsText(value);
}
QString written(std::chrono::milliseconds value)
{
    return fromUtf8(text::formatDuration(value));
}
QString written(std::uint16_t value)
{
    return value == 0 ? QString() : QString::number(value);
}
QString written(bool value)
{
    return value ? u"true"_s : u"false"_s;
}
QString written(const Secret&)
{
    return {};
}
QString written(const TextPairs& value)
{
    return pairsText(value);
}
QString written(const std::vector<DiscoveryFilter>& value)
{
    TextPairs pairs;
    for (const DiscoveryFilter& filter : value) {
        for (const std::string& each : filter.values) {
            pairs.emplace_back(filter.name, each);
        }
    }
    return pairsText(pairs);
}
QString written(KubernetesRole value)
{
    return QString::fromLatin1(roles[std::size_t(value)]);
}
QString written(const Selectors& value)
{
    QStringList parts;
    for (const auto& selector : value) {
        QString part = fromUtf8(selector.role);
        if (!selector.label.empty()) {
            part += u" label "_s + fromUtf8(selector.label);
        }
        if (!selector.field.empty()) {
            part += u" field "_s + fromUtf8(selector.field);
        }
        parts << part;
    }
    return parts.join(u"; "_s);
}

void assign(std::string& out, const QString& text)
{
    out = text.toStdString();
}
void assign(std::vector<std::string>& out, const QString& text)
{
    out = readWords(text);
}
void assign(std::chrono::milliseconds& out, const QString& text)
{
    out = readDuration(text).value_or(out);
}
void assign(std::uint16_t& out, const QString& text)
{
    out = std::uint16_t(readCount(text).value_or(out));
}
void assign(bool& out, const QString& text)
{
    out = text == "true"_L1;
}
void assign(Secret& out, const QString& text)
{
    out = Secret(text.toStdString());
}
void assign(TextPairs& out, const QString& text)
{
    out = readPairs(text);
}
void assign(std::vector<DiscoveryFilter>& out, const QString& text)
{
    out.clear();
    for (const auto& [name, value] : readPairs(text)) {
        const auto known = std::ranges::find(out, name, &DiscoveryFilter::name);
        if (known == out.end()) {
            out.push_back({name, {value}});
        } else {
            known->values.push_back(value);
        }
    }
}
void assign(KubernetesRole& out, const QString& text)
{
    const auto found = std::ranges::find_if(
        roles, [&](const char* role) { return text == QLatin1StringView(role); });
    if (found != roles.end()) {
        out = KubernetesRole(found - roles.begin());
    }
}
void assign(Selectors& out, const QString& text)
{
    out = readSelectors(text).value_or(Selectors());
}

/// An empty field gives what a new discovery of that type has; a secret stays as it was.
template <class T, class M>
SourceAccess access(const char* name, FieldType type, M T::* member, const QString& label,
                    const QString& example = {}, bool isMain = true, QStringList choices = {})
{
    SourceAccess made;
    made.field = {QString::fromLatin1(name), type,  label, written(T().*member), example,
                  std::move(choices),        isMain};
    made.read
        = [member](const DiscoveryConfig& from) { return written(std::get<T>(from).*member); };
    made.write = [member, type](DiscoveryConfig& to, const QString& value) {
        M& out = std::get<T>(to).*member;
        const QString text
            = type == FieldType::raw || type == FieldType::secret ? value : value.trimmed();
        if (!text.isEmpty()) {
            assign(out, text);
        } else if (type != FieldType::secret) {
            out = T().*member;
        }
    };
    return made;
}

std::vector<SourceAccess> fileFields()
{
    return {
        access("file.files", FieldType::words, &FileDiscovery::files, Words::tr("Files"),
               u"/etc/watchfire/targets/*.json"_s),
        access("file.refresh", FieldType::duration, &FileDiscovery::refreshInterval,
               Words::tr("Look again every")),
    };
}

std::vector<SourceAccess> httpFields()
{
    return {
        access("http.url", FieldType::text, &HttpDiscovery::url, Words::tr("Address"),
               u"https://inventory.example.org/targets"_s),
        access("http.refresh", FieldType::duration, &HttpDiscovery::refreshInterval,
               Words::tr("Ask again every")),
    };
}

std::vector<SourceAccess> dnsFields()
{
    return {
        access("dns.names", FieldType::words, &DnsDiscovery::names, Words::tr("Names"),
               u"_metrics._tcp.example.org"_s),
        access("dns.type", FieldType::choice, &DnsDiscovery::type, Words::tr("Record type"), {},
               true, {u"SRV"_s, u"A"_s, u"AAAA"_s, u"MX"_s, u"NS"_s}),
        access("dns.port", FieldType::port, &DnsDiscovery::port, Words::tr("Port"),
               Words::tr("of the record")),
        access("dns.refresh", FieldType::duration, &DnsDiscovery::refreshInterval,
               Words::tr("Ask again every")),
    };
}

std::vector<SourceAccess> dockerFields()
{
    return {
        access("docker.host", FieldType::text, &DockerDiscovery::host, Words::tr("Docker host"),
               u"unix:///var/run/docker.sock"_s),
        access("docker.port", FieldType::port, &DockerDiscovery::port,
               Words::tr("Port if none is published")),
        access("docker.filters", FieldType::pairs, &DockerDiscovery::filters, Words::tr("Filters"),
               u"label=prometheus, status=running"_s),
        access("docker.refresh", FieldType::duration, &DockerDiscovery::refreshInterval,
               Words::tr("Ask again every")),
        access("docker.hostNetworkingHost", FieldType::text, &DockerDiscovery::hostNetworkingHost,
               Words::tr("Host of host networks"), {}, false),
        access("docker.matchFirstNetwork", FieldType::flag, &DockerDiscovery::matchFirstNetwork,
               Words::tr("Only the first network of a container"), {}, false),
    };
}

std::vector<SourceAccess> consulFields()
{
    return {
        access("consul.server", FieldType::text, &ConsulDiscovery::server, Words::tr("Server")),
        access("consul.scheme", FieldType::choice, &ConsulDiscovery::scheme, Words::tr("Scheme"),
               {}, true, {u"http"_s, u"https"_s}),
        access("consul.services", FieldType::words, &ConsulDiscovery::services,
               Words::tr("Services"), Words::tr("all")),
        access("consul.tags", FieldType::words, &ConsulDiscovery::tags,
               Words::tr("With all these tags"), Words::tr("any")),
        access("consul.datacenter", FieldType::text, &ConsulDiscovery::datacenter,
               Words::tr("Datacenter"), Words::tr("the server's own")),
        access("consul.token", FieldType::secret, &ConsulDiscovery::token, Words::tr("Token"),
               Words::tr("none")),
        access("consul.refresh", FieldType::duration, &ConsulDiscovery::refreshInterval,
               Words::tr("Ask again every")),
        access("consul.allowStale", FieldType::flag, &ConsulDiscovery::allowStale,
               Words::tr("Take stale answers (less load)")),
        access("consul.namespace", FieldType::text, &ConsulDiscovery::nameSpace,
               Words::tr("Namespace"), {}, false),
        access("consul.partition", FieldType::text, &ConsulDiscovery::partition,
               Words::tr("Partition"), {}, false),
        access("consul.nodeMeta", FieldType::pairs, &ConsulDiscovery::nodeMeta,
               Words::tr("Node metadata"), u"rack=b2"_s, false),
        access("consul.pathPrefix", FieldType::text, &ConsulDiscovery::pathPrefix,
               Words::tr("Path prefix"), {}, false),
        access("consul.filter", FieldType::text, &ConsulDiscovery::filter,
               Words::tr("Catalogue filter"), u"NodeMeta.os == \"linux\""_s, false),
        access("consul.healthFilter", FieldType::text, &ConsulDiscovery::healthFilter,
               Words::tr("Health filter"), {}, false),
        access("consul.tagSeparator", FieldType::raw, &ConsulDiscovery::tagSeparator,
               Words::tr("Tag separator"), {}, false),
    };
}

std::vector<SourceAccess> kubernetesFields()
{
    QStringList choices;
    for (const char* const role : roles) {
        choices << QString::fromLatin1(role);
    }
    return {
        access("kubernetes.role", FieldType::choice, &KubernetesDiscovery::role, Words::tr("Role"),
               {}, true, choices),
        access("kubernetes.namespaces", FieldType::words, &KubernetesDiscovery::namespaces,
               Words::tr("Namespaces"), Words::tr("all")),
        access("kubernetes.apiServer", FieldType::text, &KubernetesDiscovery::apiServer,
               Words::tr("API server"), Words::tr("of the kubeconfig, or of this cluster")),
        access("kubernetes.kubeconfig", FieldType::text, &KubernetesDiscovery::kubeconfigFile,
               Words::tr("Kubeconfig file"), Words::tr("none")),
        access("kubernetes.selectors", FieldType::text, &KubernetesDiscovery::selectors,
               Words::tr("Selectors"), u"pod label app=web field spec.nodeName=n1"_s),
        access("kubernetes.ownNamespace", FieldType::flag, &KubernetesDiscovery::ownNamespace,
               Words::tr("Only the namespace this runs in")),
        access("kubernetes.attachNode", FieldType::flag, &KubernetesDiscovery::attachNodeMetadata,
               Words::tr("Labels of the node too"), {}, false),
        access("kubernetes.attachNamespace", FieldType::flag,
               &KubernetesDiscovery::attachNamespaceMetadata,
               Words::tr("Labels of the namespace too"), {}, false),
    };
}

} // namespace

std::optional<Selectors> readSelectors(const QString& text)
{
    static const QRegularExpression form(
        u"^\\s*(\\w+)(?:\\s+label\\s+(\\S.*?))?(?:\\s+field\\s+(\\S.*?))?\\s*$"_s);
    Selectors selectors;
    const QStringList parts = text.split(u';', Qt::SkipEmptyParts);
    for (const QString& part : parts) {
        const QRegularExpressionMatch match = form.match(part);
        if (!match.hasMatch() || (match.captured(2).isEmpty() && match.captured(3).isEmpty())) {
            return std::nullopt;
        }
        selectors.push_back({match.captured(1).toStdString(), match.captured(2).toStdString(),
                             match.captured(3).toStdString()});
    }
    return selectors;
}

const std::vector<SourceAccess>& sourceAccess(SourceKind kind)
{
    static const std::vector<SourceAccess> none;
    static const std::vector<SourceAccess> file = fileFields();
    static const std::vector<SourceAccess> http = httpFields();
    static const std::vector<SourceAccess> dns = dnsFields();
    static const std::vector<SourceAccess> docker = dockerFields();
    static const std::vector<SourceAccess> consul = consulFields();
    static const std::vector<SourceAccess> kubernetes = kubernetesFields();
    switch (kind) {
    case SourceKind::statics:
    case SourceKind::foreign:
        break;
    case SourceKind::file:
        return file;
    case SourceKind::http:
        return http;
    case SourceKind::dns:
        return dns;
    case SourceKind::docker:
        return docker;
    case SourceKind::consul:
        return consul;
    case SourceKind::kubernetes:
        return kubernetes;
    }
    return none;
}

const std::vector<SourceField>& sourceFields(SourceKind kind)
{
    static std::map<SourceKind, std::vector<SourceField>> made;
    auto& fields = made[kind];
    if (fields.empty()) {
        for (const SourceAccess& each : sourceAccess(kind)) {
            fields.push_back(each.field);
        }
    }
    return fields;
}

} // namespace watchfire::ui
