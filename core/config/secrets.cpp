// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/secrets.h"

#include <format>

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

/// Job is ScrapeConfig, const or not.
template <class Job> auto* placeOf(Job& job, std::string_view field)
{
    using Place = decltype(&std::get_if<BasicAuth>(&job.client.auth)->password);
    if (auto* const basic = std::get_if<BasicAuth>(&job.client.auth)) {
        return field == keptPassword ? &basic->password : Place();
    }
    if (auto* const bearer = std::get_if<BearerAuth>(&job.client.auth)) {
        return field == keptCredentials ? &bearer->token : Place();
    }
    if (auto* const oauth = std::get_if<OAuth2>(&job.client.auth)) {
        return field == keptClientSecret ? &oauth->clientSecret : Place();
    }
    return Place();
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

bool canBeKept(std::string_view field)
{
    return field == keptPassword || field == keptCredentials || field == keptClientSecret;
}

const Secret* secretOf(const ScrapeConfig& job, std::string_view field)
{
    return placeOf(job, field);
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
        changes.emplace_back(key, Secret());
    }
    return changes;
}

} // namespace watchfire::config
