// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/source_form.h"

#include "ui/models/format.h"
#include "ui/pages/source_fields.h"

#include <algorithm>

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::SourceForm)
};

config::DiscoveryConfig freshOf(SourceKind kind)
{
    switch (kind) {
    case SourceKind::statics:
    case SourceKind::foreign:
        break;
    case SourceKind::file:
        return config::FileDiscovery();
    case SourceKind::http:
        return config::HttpDiscovery();
    case SourceKind::dns:
        return config::DnsDiscovery();
    case SourceKind::docker:
        return config::DockerDiscovery();
    case SourceKind::consul:
        return config::ConsulDiscovery();
    case SourceKind::kubernetes:
        return config::KubernetesDiscovery();
    }
    return config::ForeignDiscovery();
}

std::vector<std::pair<QString, QString>> labelRows(const Labels& labels)
{
    std::vector<std::pair<QString, QString>> rows;
    for (const Label label : labels) {
        rows.emplace_back(fromUtf8(label.name), fromUtf8(label.value));
    }
    return rows;
}

config::TargetGroup toGroup(const GroupForm& form, const config::ScrapeConfig& base)
{
    const config::TargetGroup* const before = groupOf(form, base);
    config::TargetGroup group = before != nullptr ? *before : config::TargetGroup();
    if (form.targets != wordsText(group.targets)) {
        group.targets = readWords(form.targets);
    }
    if (form.labels != labelRows(group.labels)) {
        std::vector<std::pair<std::string, std::string>> pairs;
        for (const auto& [name, value] : form.labels) {
            if (!name.trimmed().isEmpty()) {
                pairs.emplace_back(name.trimmed().toStdString(), value.toStdString());
            }
        }
        group.labels = Labels::fromPairs(std::move(pairs));
    }
    return group;
}

bool isEmpty(const GroupForm& form)
{
    return form.targets.trimmed().isEmpty() && form.labels.empty() && form.kept < 0;
}

} // namespace

const config::TargetGroup* groupOf(const GroupForm& form, const config::ScrapeConfig& base)
{
    return form.kept >= 0 && std::size_t(form.kept) < base.staticConfigs.size()
        ? &base.staticConfigs[std::size_t(form.kept)]
        : nullptr;
}

config::DiscoveryConfig startOf(const SourceForm& source, const config::ScrapeConfig& base)
{
    if (source.kept >= 0 && std::size_t(source.kept) < base.discoveries.size()
        && kindOf(base.discoveries[std::size_t(source.kept)]) == source.kind) {
        return base.discoveries[std::size_t(source.kept)];
    }
    return freshOf(source.kind);
}

QString SourceForm::value(const QString& field) const
{
    const auto found = values.find(field);
    return found == values.end() ? QString() : found->second;
}

bool hasClient(SourceKind kind)
{
    return kind == SourceKind::http || kind == SourceKind::docker || kind == SourceKind::consul
        || kind == SourceKind::kubernetes;
}

QString kindText(SourceKind kind)
{
    switch (kind) {
    case SourceKind::statics:
        return Words::tr("Static");
    case SourceKind::file:
        return Words::tr("File");
    case SourceKind::http:
        return Words::tr("HTTP");
    case SourceKind::dns:
        return Words::tr("DNS");
    case SourceKind::docker:
        return Words::tr("Docker");
    case SourceKind::consul:
        return Words::tr("Consul");
    case SourceKind::kubernetes:
        return Words::tr("Kubernetes");
    case SourceKind::foreign:
        break;
    }
    return Words::tr("Other");
}

SourceKind kindOf(const config::DiscoveryConfig& discovery)
{
    struct Kind {
        SourceKind operator()(const config::FileDiscovery&) const { return SourceKind::file; }
        SourceKind operator()(const config::HttpDiscovery&) const { return SourceKind::http; }
        SourceKind operator()(const config::DnsDiscovery&) const { return SourceKind::dns; }
        SourceKind operator()(const config::DockerDiscovery&) const { return SourceKind::docker; }
        SourceKind operator()(const config::ConsulDiscovery&) const { return SourceKind::consul; }
        SourceKind operator()(const config::KubernetesDiscovery&) const
        {
            return SourceKind::kubernetes;
        }
        SourceKind operator()(const config::ForeignDiscovery&) const { return SourceKind::foreign; }
    };
    return std::visit(Kind(), discovery);
}

HttpClientOptions* clientOf(config::DiscoveryConfig& discovery)
{
    return std::visit(
        [](auto& each) -> HttpClientOptions* {
            if constexpr (requires { each.client; }) {
                return &each.client;
            } else {
                return nullptr;
            }
        },
        discovery);
}

const HttpClientOptions* clientOf(const config::DiscoveryConfig& discovery)
{
    return clientOf(const_cast<config::DiscoveryConfig&>(discovery)); // only looked at
}

std::vector<SourceForm> sourcesOf(const config::ScrapeConfig& job)
{
    std::vector<SourceForm> sources;
    if (!job.staticConfigs.empty() || job.discoveries.empty()) {
        SourceForm statics;
        if (!job.staticConfigs.empty()) {
            statics.groups.clear();
        }
        for (std::size_t i = 0; i < job.staticConfigs.size(); ++i) {
            const config::TargetGroup& group = job.staticConfigs[i];
            statics.groups.push_back({wordsText(group.targets), labelRows(group.labels), int(i)});
        }
        sources.push_back(std::move(statics));
    }
    for (std::size_t i = 0; i < job.discoveries.size(); ++i) {
        const config::DiscoveryConfig& discovery = job.discoveries[i];
        SourceForm source;
        source.kind = kindOf(discovery);
        source.kept = int(i);
        for (const SourceAccess& each : sourceAccess(source.kind)) {
            source.values[each.field.name] = each.read(discovery);
        }
        if (const HttpClientOptions* const client = clientOf(discovery)) {
            source.client = ClientForm::of(*client);
        }
        sources.push_back(std::move(source));
    }
    return sources;
}

config::DiscoveryConfig discoveryOf(const SourceForm& source, const config::ScrapeConfig& base)
{
    config::DiscoveryConfig discovery = startOf(source, base);
    for (const SourceAccess& each : sourceAccess(source.kind)) {
        const auto given = source.values.find(each.field.name);
        if (given != source.values.end() && given->second != each.read(discovery)) {
            each.write(discovery, given->second);
        }
    }
    if (HttpClientOptions* const client = clientOf(discovery)) {
        *client = toClient(source.client, *client);
    }
    return discovery;
}

void putSources(const std::vector<SourceForm>& sources, const config::ScrapeConfig& base,
                config::ScrapeConfig& job)
{
    job.staticConfigs.clear();
    job.discoveries.clear();
    for (const SourceForm& source : sources) {
        if (source.kind != SourceKind::statics) {
            job.discoveries.push_back(discoveryOf(source, base));
            continue;
        }
        for (const GroupForm& group : source.groups) {
            if (!isEmpty(group)) {
                job.staticConfigs.push_back(toGroup(group, base));
            }
        }
    }
    // As it is read from a file.
    std::ranges::stable_sort(job.discoveries, {}, &config::DiscoveryConfig::index);
}

QString sourceText(const SourceForm& source, const config::ScrapeConfig& base)
{
    switch (source.kind) {
    case SourceKind::statics: {
        QStringList targets;
        for (const GroupForm& group : source.groups) {
            targets << group.targets;
        }
        return targets.join(u" · "_s);
    }
    case SourceKind::foreign:
        return source.kept < 0 ? QString()
                               : fromUtf8(std::get<config::ForeignDiscovery>(
                                              base.discoveries[std::size_t(source.kept)])
                                              .section);
    case SourceKind::file:
    case SourceKind::http:
    case SourceKind::dns:
    case SourceKind::docker:
    case SourceKind::consul:
    case SourceKind::kubernetes:
        break;
    }
    // The first field says best which one it is.
    const SourceField& first = sourceFields(source.kind).front();
    const QString value = source.value(first.name);
    return value.isEmpty() ? first.otherwise : value;
}

} // namespace watchfire::ui
