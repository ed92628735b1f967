// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/config/config.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Secrets of jobs that lie in the desktop's secret store (core/ports/secrets.h) and in no file.
/// watchfire.yml says which (`secrets`: job and field), and each job knows its own in
/// `keptSecrets`. Nothing that writes files ever writes them; what reads files leaves them
/// empty, and whoever loads a configuration puts the values in afterwards.
namespace watchfire::config {

inline constexpr std::string_view keptPassword = "basic_auth.password";
inline constexpr std::string_view keptCredentials = "authorization.credentials";
inline constexpr std::string_view keptClientSecret = "oauth2.client_secret";

/// Whether the field is one of those three.
bool canBeKept(std::string_view field);
/// The place of that field's value, where the job has one: its kind of authentication is the
/// field's. nullptr else.
const Secret* secretOf(const ScrapeConfig& job, std::string_view field);

/// Under which key the store has it: "watchfire/JOB/FIELD".
std::string secretKey(std::string_view job, std::string_view field);

struct WantedSecret {
    std::string job;
    std::string field;
    std::string key;
    friend bool operator==(const WantedSecret&, const WantedSecret&) = default;
};
/// What the store is to be asked for: every kept secret whose value is not there yet. In order
/// of the jobs.
std::vector<WantedSecret> secretsWanted(const Config& config);

struct WithSecrets {
    Config config;
    /// One for each that could not be had, with the job and the field. The job stays, without it.
    std::vector<Fault> warnings;
};
/// What the store answered, by key.
using SecretValues = std::map<std::string, Result<Secret>>;
/// The configuration with those values put in. A value that is missing, empty or an error is a
/// warning.
WithSecrets withSecrets(Config config, const SecretValues& values);
/// The same, asking for one after the other. Blocks as long as `ask` does.
WithSecrets withSecrets(Config config,
                        const std::function<Result<Secret>(const std::string&)>& ask);

/// `config`, just read, with the values that `known` has of its secrets; without a warning for
/// others.
Config withSecretsFrom(Config config, const Config& known);

/// The configuration as files have it: kept secrets empty.
Config withoutSecrets(Config config);

/// What the store must be told when `after` takes the place of `before`: keys with their new
/// values, in order of the jobs; then those that nothing refers to any more, with an empty one.
/// A job that got a new name has its secrets under new keys. While a value is missing nothing is
/// forgotten: it could be the only copy.
std::vector<std::pair<std::string, Secret>> secretChanges(const Config& before,
                                                          const Config& after);

} // namespace watchfire::config
