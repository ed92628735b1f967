// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/secrets.h"

#include "core/config/value_parts.h"

#include <algorithm>
#include <array>
#include <format>
#include <set>
#include <type_traits>

namespace watchfire::config {

namespace {

/// Each kept secret of each job, with its place; nullptr where the job has none such.
template <class Visit> void eachKept(const Config& config, Visit visit)
{
    for (const ScrapeConfig& job : config.scrapeConfigs) {
        for (const std::string& field : job.keptSecrets) {
            visit(job, field, secretOf(job, field));
        }
    }
}

constexpr std::string_view headersKey = "http_headers.";
constexpr std::string_view secretsKey = ".secrets.";
constexpr std::array<std::string_view, 4> keptSections{
    "http_sd_configs", "docker_sd_configs", "consul_sd_configs", "kubernetes_sd_configs"};

/// What a discovery is called in fields; empty: none of its secrets can be kept.
struct NameOfDiscovery {
    std::string operator()(const HttpDiscovery& from) const { return name(0, from.url); }
    std::string operator()(const DockerDiscovery& from) const { return name(1, from.host); }
    std::string operator()(const ConsulDiscovery& from) const { return name(2, from.server); }
    std::string operator()(const KubernetesDiscovery& from) const
    {
        return name(3, from.apiServer);
    }
    std::string operator()(const auto& /*has no secrets*/) const { return {}; }

private:
    static std::string name(std::size_t section, const std::string& address)
    {
        return std::format("{}[{}]", keptSections.at(section), redactedUrl(address));
    }
};

/// The discoveries' names in their order; empty for one that has the name of an earlier one.
std::vector<std::string> namesOf(const std::vector<DiscoveryConfig>& discoveries)
{
    std::vector<std::string> names;
    for (const DiscoveryConfig& discovery : discoveries) {
        std::string name = std::visit(NameOfDiscovery(), discovery);
        const bool isTaken = std::ranges::contains(names, name);
        names.push_back(isTaken ? std::string() : std::move(name));
    }
    return names;
}

// Each secret that can lie in the store: its field, its place, whether a file is named instead.
// The things are const or not.

template <class Client, class Visit>
void eachOfClient(Client& client, const std::string& prefix, Visit visit)
{
    if (auto* const basic = std::get_if<BasicAuth>(&client.auth)) {
        visit(prefix + std::string(keptPassword), basic->password, !basic->passwordFile.empty());
    } else if (auto* const bearer = std::get_if<BearerAuth>(&client.auth)) {
        visit(prefix + std::string(keptCredentials), bearer->token, !bearer->tokenFile.empty());
    } else if (auto* const oauth = std::get_if<OAuth2>(&client.auth)) {
        visit(prefix + std::string(keptClientSecret), oauth->clientSecret,
              !oauth->clientSecretFile.empty());
    }
    for (auto& header : client.headers) {
        for (std::size_t i = 0; i < header.secrets.size(); ++i) {
            visit(prefix + headerField(header.name, i), header.secrets[i], false);
        }
    }
}

template <class Job, class Visit> void eachSecret(Job& job, Visit visit)
{
    eachOfClient(job.client, {}, visit);
    const std::vector<std::string> names = namesOf(job.discoveries);
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i].empty()) {
            continue;
        }
        std::visit(
            [&](auto& discovery) {
                if constexpr (requires { discovery.client; }) {
                    eachOfClient(discovery.client, names[i] + '.', visit);
                }
                if constexpr (requires { discovery.token; }) {
                    visit(std::format("{}.{}", names[i], keptToken), discovery.token, false);
                }
            },
            job.discoveries[i]);
    }
}

template <class Job> auto* placeOf(Job& job, std::string_view field)
{
    std::conditional_t<std::is_const_v<Job>, const Secret, Secret>* found = nullptr;
    eachSecret(job, [&](const std::string& name, auto& place, bool /*isInFile*/) {
        if (name == field) {
            found = &place;
        }
    });
    return found;
}

bool isHeaderField(std::string_view field)
{
    const std::size_t end = field.rfind(secretsKey);
    if (!field.starts_with(headersKey) || end == std::string_view::npos
        || end <= headersKey.size()) {
        return false;
    }
    const std::string_view index = field.substr(end + secretsKey.size());
    return !index.empty() && index.find_first_not_of("0123456789") == std::string_view::npos;
}

ScrapeConfig* jobNamed(Config& config, std::string_view name)
{
    for (ScrapeConfig& job : config.scrapeConfigs) {
        if (job.jobName == name) {
            return &job;
        }
    }
    return nullptr;
}

} // namespace

std::string headerField(std::string_view name, std::size_t index)
{
    return std::format("{}{}{}{}", headersKey, name, secretsKey, index);
}

std::string describeFields()
{
    return std::format("{}, {}, {} or {}", keptPassword, keptCredentials, keptClientSecret,
                       headerField("NAME", 0));
}

bool canBeKept(std::string_view field)
{
    const std::string_view section = field.substr(0, field.find('['));
    if (const std::size_t end = field.rfind("].");
        std::ranges::contains(keptSections, section) && end != std::string_view::npos) {
        field.remove_prefix(end + 2);
        if (section == keptSections[2] && field == keptToken) {
            return true;
        }
    }
    return field == keptPassword || field == keptCredentials || field == keptClientSecret
        || isHeaderField(field);
}

const Secret* secretOf(const ScrapeConfig& job, std::string_view field)
{
    return placeOf(job, field);
}

std::vector<std::string> keptOf(const ScrapeConfig& job, std::size_t discovery)
{
    std::vector<std::string> kept;
    const std::string name = namesOf(job.discoveries).at(discovery);
    if (name.empty()) {
        return kept;
    }
    for (const std::string& field : job.keptSecrets) {
        if (field.starts_with(name + '.')) {
            kept.push_back(field.substr(name.size() + 1));
        }
    }
    return kept;
}

std::vector<std::string> keptAfterEdit(const ScrapeConfig& before, const ScrapeConfig& after)
{
    std::vector<const Secret*> inFile;
    eachSecret(before, [&](const std::string& field, const Secret& place, bool /*isInFile*/) {
        if (!std::ranges::contains(before.keptSecrets, field)) {
            inFile.push_back(&place);
        }
    });
    std::set<std::string> there;
    std::vector<std::string> typed;
    eachSecret(after, [&](const std::string& field, const Secret& place, bool isInFile) {
        if (isInFile || !canBeKept(field)) { // a header with a name that none can have
            return;
        }
        there.insert(field);
        const bool stays = std::ranges::any_of(
            inFile, [&](const Secret* const secret) { return *secret == place; });
        if (!place.empty() && !stays && !std::ranges::contains(before.keptSecrets, field)) {
            typed.push_back(field);
        }
    });
    std::vector<std::string> kept;
    std::ranges::copy_if(before.keptSecrets, std::back_inserter(kept),
                         [&](const std::string& field) { return there.contains(field); });
    std::ranges::move(typed, std::back_inserter(kept));
    return kept;
}

std::string secretKey(std::string_view job, std::string_view field)
{
    return std::format("watchfire/{}/{}", job, field);
}

std::vector<WantedSecret> secretsWanted(const Config& config)
{
    std::vector<WantedSecret> wanted;
    eachKept(config, [&](const ScrapeConfig& job, const std::string& field, const Secret* place) {
        if (place != nullptr && place->empty()) {
            wanted.push_back({job.jobName, field, secretKey(job.jobName, field)});
        }
    });
    return wanted;
}

WithSecrets withSecrets(Config config, const SecretValues& values)
{
    WithSecrets out{std::move(config), {}};
    for (const WantedSecret& wanted : secretsWanted(out.config)) {
        const auto found = values.find(wanted.key);
        const bool there = found != values.end() && found->second && !found->second->empty();
        if (there) {
            *placeOf(*jobNamed(out.config, wanted.job), wanted.field) = *found->second;
            continue;
        }
        std::string why = "the secret store has none";
        if (found != values.end() && !found->second) {
            why = found->second.error().message;
        }
        out.warnings.push_back(
            {"", 0, 0,
             std::format("job \"{}\" goes without its {}: {}", wanted.job, wanted.field, why)});
    }
    return out;
}

WithSecrets withSecrets(Config config, const std::function<Result<Secret>(const std::string&)>& ask)
{
    SecretValues values;
    for (const WantedSecret& wanted : secretsWanted(config)) {
        values.emplace(wanted.key, ask(wanted.key));
    }
    return withSecrets(std::move(config), values);
}

Config withSecretsFrom(Config config, const Config& known)
{
    SecretValues values;
    eachKept(known, [&](const ScrapeConfig& job, const std::string& field, const Secret* place) {
        if (place != nullptr) {
            values.emplace(secretKey(job.jobName, field), *place);
        }
    });
    return withSecrets(std::move(config), values).config;
}

Config withoutSecrets(Config config)
{
    for (ScrapeConfig& job : config.scrapeConfigs) {
        for (const std::string& field : job.keptSecrets) {
            if (Secret* const place = placeOf(job, field)) {
                *place = Secret();
            }
        }
    }
    return config;
}

std::vector<std::pair<std::string, Secret>> secretChanges(const Config& before, const Config& after)
{
    std::map<std::string, Secret> old;
    eachKept(before, [&](const ScrapeConfig& job, const std::string& field, const Secret* place) {
        old.emplace(secretKey(job.jobName, field), place == nullptr ? Secret() : *place);
    });
    std::vector<std::pair<std::string, Secret>> changes;
    eachKept(after, [&](const ScrapeConfig& job, const std::string& field, const Secret* place) {
        const std::string key = secretKey(job.jobName, field);
        const auto known = old.find(key);
        if (place != nullptr && !place->empty()
            && (known == old.end() || known->second != *place)) {
            changes.emplace_back(key, *place);
        }
        if (known != old.end()) {
            old.erase(known);
        }
    });
    if (!secretsWanted(after).empty()) {
        return changes;
    }
    for (const auto& [key, value] : old) {
        if (!value.empty()) {
            changes.emplace_back(key, Secret());
        }
    }
    return changes;
}

} // namespace watchfire::config
