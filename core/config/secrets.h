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
inline constexpr std::string_view keptToken = "token"; ///< of a consul_sd_configs entry

// Fields are named by their keys in the file:
//   basic_auth.password, authorization.credentials, oauth2.client_secret
//   http_headers.NAME.secrets.N    the Nth secret value of that header, from 0
//   SECTION[ADDRESS].FIELD         of a discovery any of these, and Consul's token, as in
//                                  http_sd_configs[https://sd.example/].basic_auth.password
// ADDRESS is the url of HTTP, the host of Docker, the server of Consul, the api_server of
// Kubernetes, without a password. So a secret never goes to another server because entries were
// moved; of several entries of a section with one address only the first can have kept secrets.

/// "http_headers.NAME.secrets.N"
std::string headerField(std::string_view name, std::size_t index);
/// What these fields are called that name no discovery.
std::string describeFields();
/// Whether the name is that of a field which can be kept.
bool canBeKept(std::string_view field);
/// The place of that field's value, where the job has one: its kind of authentication is the
/// field's, it has the header, the discovery. nullptr else.
const Secret* secretOf(const ScrapeConfig& job, std::string_view field);
/// Of the job's kept fields those of that discovery, without its name.
std::vector<std::string> keptOf(const ScrapeConfig& job, std::size_t discovery);

/// Which secrets of `after` are to be kept in the store when somebody made it of `before` in a
/// form: those that lay there, and all that were typed; what stands in the file stays there.
std::vector<std::string> keptAfterEdit(const ScrapeConfig& before, const ScrapeConfig& after);

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
/// forgotten, and nothing ever whose value was not known: it could be the only copy.
std::vector<std::pair<std::string, Secret>> secretChanges(const Config& before,
                                                          const Config& after);

} // namespace watchfire::config
