// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/api_handler.h"
#include "core/api/parameters.h"
#include "core/encoding/json.h"

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

/// What the endpoints of this folder share; not a header for others.
namespace watchfire::api {

/// The newest snapshot of one kind; written by engine threads.
template <class T> class Newest {
public:
    void set(std::shared_ptr<const T> snapshot)
    {
        const std::lock_guard lock(m_mutex);
        m_snapshot = std::move(snapshot);
    }
    /// Never null.
    std::shared_ptr<const T> get() const
    {
        const std::lock_guard lock(m_mutex);
        return m_snapshot;
    }

private:
    mutable std::mutex m_mutex;
    std::shared_ptr<const T> m_snapshot = std::make_shared<T>();
};

/// Shared by the handler and the replies under way.
struct Service {
    engine::Engine& engine;
    const Clock& clock;
    Executor& workers;
    ApiOptions options;
    std::string externalHost; ///< of options.externalUrl, without port
    std::optional<text::Regex> corsOrigin;

    Newest<engine::TargetsSnapshot> targets;
    Newest<engine::AlertsSnapshot> alerts;
    Newest<engine::RulesSnapshot> rules;
    Newest<engine::StatusSnapshot> status;
    Newest<engine::ConfigSnapshot> config;
};

/// One request on its way to its answer. Shared by whoever may answer it; the first wins.
class Call {
public:
    Call(HttpRequest asked, Reply<HttpResponse> reply)
        : request(std::move(asked))
        , m_reply(std::move(reply))
    {
    }

    const HttpRequest request;
    Parameters parameters;
    std::string argument; ///< the variable part of the path, decoded

    void answer(HttpResponse response);
    /// Of a large answer: `successHead` with its data appended, which are not copied again.
    void succeedWith(std::string body, std::span<const std::string> warnings,
                     std::span<const std::string> infos);
    static std::string successHead();
    /// {"status":"success","data":…}; without data where that is empty.
    void succeed(std::string_view dataJson, std::span<const std::string> warnings = {},
                 std::span<const std::string> infos = {});
    /// {"status":"error","errorType":…,"error":…}
    void failWith(int status, std::string_view type, std::string_view message,
                  std::string_view dataJson = {});
    /// 400 bad_data
    void refuse(std::string_view message) { failWith(400, "bad_data", message); }
    void refuse(const Error& error) { refuse(error.message); }
    /// 400 bad_data: invalid parameter "name": message
    void refuseParameter(std::string_view name, std::string_view message);
    /// What an engine's error becomes: execution, timeout, canceled, unavailable, …
    /// `dataJson` empty: without data.
    void failWith(const Error& error, std::string_view dataJson = {});
    void plain(int status, std::string body);

    /// Ends with the request when its ticket is dropped.
    void hold(Ticket ticket);
    /// Headers that every answer carries.
    HttpHeaders common;

private:
    friend class ApiHandler;
    void cancel();

    std::mutex m_mutex;
    Reply<HttpResponse> m_reply;
    Ticket m_work;
    bool m_cancelled = false;
    std::optional<std::stop_callback<std::function<void()>>> m_onStop;
};
using CallPtr = std::shared_ptr<Call>;
using ServicePtr = std::shared_ptr<Service>;

using Endpoint = void (*)(const ServicePtr&, const CallPtr&);

// query_endpoints.cpp
void queryInstant(const ServicePtr& service, const CallPtr& call);
void queryRange(const ServicePtr& service, const CallPtr& call);
void formatQuery(const ServicePtr& service, const CallPtr& call);
void parseQuery(const ServicePtr& service, const CallPtr& call);

// exemplar_endpoint.cpp
void queryExemplars(const ServicePtr& service, const CallPtr& call);

// series_endpoints.cpp
void labelNames(const ServicePtr& service, const CallPtr& call);
void labelValues(const ServicePtr& service, const CallPtr& call);
void seriesList(const ServicePtr& service, const CallPtr& call);
void metadataList(const ServicePtr& service, const CallPtr& call);
void tsdbStatus(const ServicePtr& service, const CallPtr& call);
void cardinality(const ServicePtr& service, const CallPtr& call);

// admin_endpoints.cpp
void deleteSeries(const ServicePtr& service, const CallPtr& call);
void cleanTombstones(const ServicePtr& service, const CallPtr& call);
void snapshot(const ServicePtr& service, const CallPtr& call);

// target_endpoints.cpp
void targetList(const ServicePtr& service, const CallPtr& call);
void scrapePools(const ServicePtr& service, const CallPtr& call);
void targetMetadata(const ServicePtr& service, const CallPtr& call);
void alertmanagers(const ServicePtr& service, const CallPtr& call);

// rule_endpoints.cpp
void ruleGroups(const ServicePtr& service, const CallPtr& call);
void alertList(const ServicePtr& service, const CallPtr& call);

// alertmanager_endpoints.cpp
void alertmanagerStatus(const ServicePtr& service, const CallPtr& call);
void receiverList(const ServicePtr& service, const CallPtr& call);
void routedAlerts(const ServicePtr& service, const CallPtr& call);
void postAlerts(const ServicePtr& service, const CallPtr& call);
void alertGroups(const ServicePtr& service, const CallPtr& call);

// silence_endpoints.cpp
void silenceList(const ServicePtr& service, const CallPtr& call);
void postSilence(const ServicePtr& service, const CallPtr& call);
void silenceById(const ServicePtr& service, const CallPtr& call);
void expireSilence(const ServicePtr& service, const CallPtr& call);

// status_endpoints.cpp
void statusConfig(const ServicePtr& service, const CallPtr& call);
void statusFlags(const ServicePtr& service, const CallPtr& call);
void features(const ServicePtr& service, const CallPtr& call);
void statusBuildInfo(const ServicePtr& service, const CallPtr& call);
void statusRuntimeInfo(const ServicePtr& service, const CallPtr& call);
void statusWalReplay(const ServicePtr& service, const CallPtr& call);
void ownMetrics(const ServicePtr& service, const CallPtr& call);
void healthy(const ServicePtr& service, const CallPtr& call);
void ready(const ServicePtr& service, const CallPtr& call);
void reload(const ServicePtr& service, const CallPtr& call);
void quit(const ServicePtr& service, const CallPtr& call);
void root(const ServicePtr& service, const CallPtr& call);
void notEnabled(const ServicePtr& service, const CallPtr& call);

// write_endpoint.cpp
void remoteWrite(const ServicePtr& service, const CallPtr& call);
void importSamples(const ServicePtr& service, const CallPtr& call);

/// The matchers of all match[] parameters. Fails with the first that does not parse.
Result<std::vector<Matchers>> matchParameters(const Parameters& parameters,
                                              std::string_view name = "match[]");
/// "results truncated due to limit"
extern const std::string truncatedWarning;

} // namespace watchfire::api
