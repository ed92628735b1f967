// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/job_yaml.h"

#include "core/config/export.h"
#include "core/config/import.h"
#include "core/config/secrets.h"
#include "core/encoding/yaml.h"
#include "core/encoding/yaml_edit.h"
#include "ui/models/format.h"
#include "ui/pages/source_form.h"

#include <algorithm>
#include <format>
#include <map>

#include <QCoreApplication>
#include <QRegularExpression>

namespace watchfire::ui {

namespace {

using encoding::YamlDocument;
using encoding::YamlNode;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::JobYaml)
};

using EachSecret = std::function<void(const std::string&, Secret&)>;

void secretsOf(ProxyOptions& proxy, const std::string& place, const EachSecret& each)
{
    for (auto& [name, values] : proxy.connectHeaders) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            each(std::format("{}/proxy/{}/{}", place, name, i), values[i]);
        }
    }
}

void secretsOf(HttpClientOptions& client, const std::string& place, const EachSecret& each)
{
    if (auto* const basic = std::get_if<BasicAuth>(&client.auth)) {
        each(place + "/basic", basic->password);
    } else if (auto* const bearer = std::get_if<BearerAuth>(&client.auth)) {
        each(place + "/bearer", bearer->token);
    } else if (auto* const oauth = std::get_if<OAuth2>(&client.auth)) {
        each(place + "/oauth2", oauth->clientSecret);
        each(place + "/oauth2/key", oauth->tls.key);
        secretsOf(oauth->proxy, place + "/oauth2", each);
    }
    each(place + "/key", client.tls.key);
    secretsOf(client.proxy, place, each);
    for (HttpHeaderSource& header : client.headers) {
        for (std::size_t i = 0; i < header.secrets.size(); ++i) {
            each(std::format("{}/header/{}/{}", place, header.name, i), header.secrets[i]);
        }
    }
}

config::ScrapeConfig hidden(config::ScrapeConfig job)
{
    forEachSecret(job, [](const std::string&, Secret& secret) {
        if (!secret.empty()) {
            secret = Secret(std::string(hiddenSecret));
        }
    });
    // Those that lie in no file are shown to be there, too.
    job.keptSecrets.clear();
    // What is not done here may hold secrets that nobody can tell apart.
    std::erase_if(job.discoveries, [](const config::DiscoveryConfig& discovery) {
        return kindOf(discovery) == SourceKind::foreign;
    });
    return job;
}

/// Puts the kept secrets where the text hides them. False: it hides one that there is not.
bool reveal(config::ScrapeConfig& job, config::ScrapeConfig base)
{
    std::map<std::string, Secret> kept;
    forEachSecret(base, [&](const std::string& place, Secret& secret) { kept[place] = secret; });
    bool found = true;
    forEachSecret(job, [&](const std::string& place, Secret& secret) {
        if (secret.reveal() == hiddenSecret) {
            const auto there = kept.find(place);
            found = found && there != kept.end() && !there->second.empty();
            secret = there == kept.end() ? Secret() : there->second;
        }
    });
    return found;
}

int lineOf(std::string_view text, std::string_view part)
{
    const std::size_t at = text.find(part);
    return at == std::string_view::npos ? 0 : int(encoding::markAt(text, std::uint32_t(at)).line);
}

/// A file of jobs that holds the text, and how many lines more it has above it.
struct Wrapped {
    std::string text;
    int above = 0;
};

Wrapped wrap(const std::string& text, const YamlNode& root)
{
    if (root.isSequence()) {
        return {"scrape_configs:\n" + text, 1};
    }
    if (root.find("scrape_configs") != nullptr) {
        return {text, 0};
    }
    std::string out = "scrape_configs:\n-\n";
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        if (end > at) {
            out += "  ";
        }
        out += std::string_view(text).substr(at, end - at);
        out += '\n';
        at = end + 1;
    }
    return {std::move(out), 2};
}

/// How many jobs the text means to be.
std::size_t jobsIn(const YamlNode& root)
{
    if (root.isSequence()) {
        return root.items.size();
    }
    const YamlNode* const list = root.find("scrape_configs");
    return list == nullptr ? 1 : list->items.size();
}

std::vector<YamlFault> placed(const std::vector<config::Fault>& faults, int above)
{
    std::vector<YamlFault> out;
    for (const config::Fault& fault : faults) {
        out.push_back({std::max(0, int(fault.line) - above), fromUtf8(fault.message)});
    }
    std::ranges::stable_sort(out, {}, &YamlFault::line);
    return out;
}

/// What no text of a job says.
void keepUnsaid(config::ScrapeConfig& job, const config::ScrapeConfig& base)
{
    job.seriesBudget = base.seriesBudget;
    job.bodyCeiling = base.bodyCeiling;
    job.sampleCeiling = base.sampleCeiling;
    job.file = base.file;
    for (const config::DiscoveryConfig& discovery : base.discoveries) {
        if (kindOf(discovery) == SourceKind::foreign
            && std::ranges::find(job.discoveries, discovery) == job.discoveries.end()) {
            job.discoveries.push_back(discovery);
        }
    }
    // Their sources are made again when the files are read.
    for (std::size_t i = 0; i < std::min(job.staticConfigs.size(), base.staticConfigs.size());
         ++i) {
        job.staticConfigs[i].source = base.staticConfigs[i].source;
    }
}

/// A secret that the text hides lies where it lay; one that it says is in the file.
void keepPlaces(config::ScrapeConfig& job, const config::ScrapeConfig& base)
{
    for (const std::string& field : base.keptSecrets) {
        const Secret* const now = config::secretOf(job, field);
        const Secret* const before = config::secretOf(base, field);
        if (now != nullptr && before != nullptr && *now == *before) {
            job.keptSecrets.push_back(field);
        }
    }
}

/// The parser's words begin with line and column, which are told apart.
QString withoutPlace(std::string_view message)
{
    static const QRegularExpression place(QStringLiteral("^\\d+:\\d+: "));
    return fromUtf8(message).remove(place);
}

YamlReading failed(int line, const QString& message)
{
    YamlReading reading;
    reading.faults.push_back({line, message});
    return reading;
}

} // namespace

void forEachSecret(config::ScrapeConfig& job, const EachSecret& each)
{
    secretsOf(job.client, "job", each);
    std::map<std::size_t, int> seen;
    for (config::DiscoveryConfig& discovery : job.discoveries) {
        const std::string place
            = std::format("{}/{}", discovery.index(), seen[discovery.index()]++);
        if (auto* const consul = std::get_if<config::ConsulDiscovery>(&discovery)) {
            each(place + "/token", consul->token);
        }
        if (HttpClientOptions* const client = clientOf(discovery)) {
            secretsOf(*client, place, each);
        }
    }
}

std::string jobYaml(const config::ScrapeConfig& job, const config::GlobalConfig& global)
{
    return encoding::emitYaml(config::scrapeValue(hidden(job), global));
}

std::string changedYaml(const std::string& text, const config::ScrapeConfig& from,
                        const config::ScrapeConfig& to, const config::GlobalConfig& global)
{
    const encoding::YamlValue wanted = config::scrapeValue(hidden(to), global);
    const auto document = YamlDocument::parse(text);
    if (document && document->root() != nullptr && document->root()->find("job_name") != nullptr) {
        const auto merged = encoding::mergeYaml(
            *document, config::scrapeValue(hidden(from), global), wanted, {"name"});
        if (merged) {
            const YamlReading read = readJobYaml(*merged, to, global, {});
            if (read.job && config::scrapeValue(hidden(*read.job), global) == wanted) {
                return *merged;
            }
        }
    }
    return encoding::emitYaml(wanted);
}

YamlReading readJobYaml(const std::string& text, const config::ScrapeConfig& base,
                        const config::GlobalConfig& global, const std::string& file)
{
    const auto document = YamlDocument::parse(text);
    if (!document) {
        const Error& error = document.error();
        return failed(error.where ? int(encoding::markAt(text, error.where->begin).line) : 0,
                      withoutPlace(error.message));
    }
    const YamlNode* const root = document->root();
    if (root == nullptr) {
        return failed(1, Words::tr("There is no job here. It begins with job_name."));
    }
    if (root->isScalar()) {
        return failed(int(root->begin.line),
                      Words::tr("A job is made of keys and values, such as job_name: node."));
    }
    if (jobsIn(*root) != 1) {
        return failed(int(root->begin.line), Words::tr("This is the place for one job."));
    }
    const Wrapped wrapped = wrap(text, *root);
    config::Findings findings;
    auto jobs = config::readScrapeConfigs(wrapped.text, file, global, findings);
    YamlReading reading;
    reading.faults = placed(findings.faults, wrapped.above);
    reading.warnings = placed(findings.warnings, wrapped.above);
    if (reading.faults.empty() && jobs.size() == 1) {
        keepUnsaid(jobs.front(), base);
        if (!reveal(jobs.front(), base)) {
            return failed(lineOf(text, hiddenSecret),
                          Words::tr("No secret is kept for this place; write it out."));
        }
        keepPlaces(jobs.front(), base);
        reading.job = std::move(jobs.front());
    } else if (reading.faults.empty()) {
        reading.faults.push_back({1, Words::tr("There is no job here.")});
    }
    return reading;
}

} // namespace watchfire::ui
