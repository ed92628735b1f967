// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/api_handler.h"

#include "core/api/alertmanager.h"
#include "core/api/service.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <format>

namespace watchfire::api {

namespace {

enum Methods : unsigned { get = 1, head = 2, post = 4, put = 8, del = 16 };

struct Route {
    std::string_view path; ///< one "*" stands for a path segment
    unsigned methods;
    Endpoint endpoint;
    bool mutating = false;
    bool inApi = true; ///< also answers OPTIONS
    /// Only reads its parameters and hands over to the engine, which answers on its own threads.
    bool isBrief = false;
};

constexpr Route brief(std::string_view path, unsigned methods, Endpoint endpoint)
{
    return {path, methods, endpoint, false, true, true};
}

constexpr std::array routes{
    brief("/api/v1/query", get | post, queryInstant),
    brief("/api/v1/query_range", get | post, queryRange),
    brief("/api/v1/query_exemplars", get | post, queryExemplars),
    Route{"/api/v1/format_query", get | post, formatQuery},
    Route{"/api/v1/parse_query", get | post, parseQuery},
    brief("/api/v1/labels", get | post, labelNames),
    brief("/api/v1/label/*/values", get, labelValues),
    brief("/api/v1/series", get | post, seriesList),
    brief("/api/v1/metadata", get, metadataList),
    Route{"/api/v1/targets", get, targetList},
    Route{"/api/v1/targets/metadata", get, targetMetadata},
    Route{"/api/v1/scrape_pools", get, scrapePools},
    Route{"/api/v1/alertmanagers", get, alertmanagers},
    Route{"/api/v1/rules", get, ruleGroups},
    Route{"/api/v1/alerts", get, alertList},
    Route{"/api/v1/features", get, features},
    Route{"/api/v1/status/config", get, statusConfig},
    Route{"/api/v1/status/flags", get, statusFlags},
    Route{"/api/v1/status/buildinfo", get, statusBuildInfo},
    Route{"/api/v1/status/runtimeinfo", get, statusRuntimeInfo},
    brief("/api/v1/status/tsdb", get, tsdbStatus),
    brief("/api/v1/status/cardinality", get, cardinality),
    Route{"/api/v1/status/walreplay", get, statusWalReplay},
    Route{"/api/v1/admin/tsdb/delete_series", post | put, deleteSeries, true},
    Route{"/api/v1/admin/tsdb/clean_tombstones", post | put, cleanTombstones, true},
    Route{"/api/v1/admin/tsdb/snapshot", post | put, snapshot, true},
    Route{"/api/v1/admin/tsdb/import", post, importSamples, true},
    Route{"/api/v1/write", post, remoteWrite, true},
    Route{"/api/v2/status", get, alertmanagerStatus},
    Route{"/api/v2/receivers", get, receiverList},
    Route{"/api/v2/alerts", get, routedAlerts},
    Route{"/api/v2/alerts", post, postAlerts, true},
    Route{"/api/v2/alerts/groups", get, alertGroups},
    Route{"/api/v2/silences", get, silenceList},
    Route{"/api/v2/silences", post, postSilence, true},
    Route{"/api/v2/silence/*", get, silenceById},
    Route{"/api/v2/silence/*", del, expireSilence, true},
    Route{"/metrics", get | head, ownMetrics, false, false},
    Route{"/-/healthy", get | head, healthy, false, false},
    Route{"/-/ready", get | head, ready, false, false},
    Route{"/-/reload", post | put, reload, true, false},
    Route{"/-/quit", post | put, quit, true, false},
    Route{"/", get, root, false, false},
};

unsigned methodBit(std::string_view method)
{
    static constexpr std::array<std::pair<std::string_view, unsigned>, 5> bits{
        {{"GET", get}, {"HEAD", head}, {"POST", post}, {"PUT", put}, {"DELETE", del}}};
    for (const auto& [name, bit] : bits) {
        if (name == method) {
            return bit;
        }
    }
    return 0;
}

/// In Alertmanager's words.
void refuseMethod(const CallPtr& call, unsigned allowed)
{
    std::string methods;
    for (const auto& [name, bit] :
         {std::pair("DELETE", del), std::pair("GET", get), std::pair("POST", post)}) {
        if ((allowed & bit) != 0) {
            methods += std::string(methods.empty() ? "" : ",") + name;
        }
    }
    call->common.emplace_back("Allow", methods);
    answer(call,
           refusedAs(
               405,
               std::format("method {} is not allowed, but [{}] are", call->request.method, methods))
               .error());
}

std::string allowHeader(const Route& route)
{
    // In alphabetical order, as routers of the field list them.
    std::string out;
    const auto add = [&](std::string_view name) {
        out += out.empty() ? "" : ", ";
        out += name;
    };
    if ((route.methods & get) != 0) {
        add("GET");
    }
    if ((route.methods & head) != 0) {
        add("HEAD");
    }
    if (route.inApi) {
        add("OPTIONS");
    }
    if ((route.methods & post) != 0) {
        add("POST");
    }
    if ((route.methods & put) != 0) {
        add("PUT");
    }
    return out;
}

/// What stands for the "*" of the pattern, or nothing when the path is another.
std::optional<std::string_view> match(std::string_view pattern, std::string_view path)
{
    const std::size_t star = pattern.find('*');
    if (star == std::string_view::npos) {
        return path == pattern ? std::optional(std::string_view()) : std::nullopt;
    }
    const std::string_view before = pattern.substr(0, star);
    const std::string_view after = pattern.substr(star + 1);
    if (path.size() <= before.size() + after.size() || !path.starts_with(before)
        || !path.ends_with(after)) {
        return std::nullopt;
    }
    const std::string_view middle
        = path.substr(before.size(), path.size() - before.size() - after.size());
    return middle.contains('/') ? std::nullopt : std::optional(middle);
}

std::string lower(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

/// "host:port" without its port, in lower case, without brackets.
std::string hostOf(std::string_view authority)
{
    if (authority.starts_with('[')) {
        return lower(authority.substr(1, authority.find(']') - 1));
    }
    return lower(authority.substr(0, authority.find(':')));
}

/// "scheme://host:port/path" to "host:port".
std::string_view authorityOf(std::string_view url)
{
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos) {
        return {};
    }
    url.remove_prefix(scheme + 3);
    return url.substr(0, url.find_first_of("/?#"));
}

bool isLoopbackName(std::string_view host)
{
    return host == "localhost" || host.ends_with(".localhost") || host == "::1"
        || (host.starts_with("127.")
            && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

/// Whether a call that changes something may come from where this one comes from. Browsers send
/// Origin with such calls, and name in Host what the page asked for: so neither a foreign page
/// nor a foreign name that was pointed at this machine gets through.
bool mayMutate(const Service& service, const HttpRequest& request)
{
    const std::string host = hostOf(header(request.headers, "Host"));
    const bool known = host.empty() || isLoopbackName(host)
        || (!service.externalHost.empty() && host == service.externalHost)
        || std::ranges::any_of(service.options.allowedHosts,
                               [&](const std::string& allowed) { return lower(allowed) == host; });
    if (!known) {
        return false;
    }
    const std::string_view origin = header(request.headers, "Origin");
    if (!origin.empty()) {
        const std::string from = lower(authorityOf(origin));
        const bool own = !from.empty()
            && (from == lower(header(request.headers, "Host"))
                || from == lower(authorityOf(service.options.externalUrl)));
        if (!own) {
            return false;
        }
    }
    return header(request.headers, "Sec-Fetch-Site") != "cross-site";
}

void addCorsHeaders(const Service& service, Call& call)
{
    const std::string_view origin = header(call.request.headers, "Origin");
    if (origin.empty() || !service.corsOrigin || !service.corsOrigin->matches(origin)) {
        return;
    }
    call.common.emplace_back("Access-Control-Allow-Headers",
                             "Accept, Authorization, Content-Type, Origin");
    call.common.emplace_back("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
    call.common.emplace_back("Access-Control-Allow-Origin", std::string(origin));
    call.common.emplace_back("Access-Control-Expose-Headers", "Date");
    call.common.emplace_back("Vary", "Origin");
}

/// The route of a call that may be answered; null: the call has its answer.
const Route* admit(const ServicePtr& service, const CallPtr& call)
{
    const HttpRequest& request = call->request;
    const std::string_view path = pathOf(request);
    const Route* found = nullptr; // for another method, where there is none for this one
    unsigned allowed = 0;
    for (const Route& route : routes) {
        if (const auto argument = match(route.path, path)) {
            allowed |= route.methods;
            if (found == nullptr || (route.methods & methodBit(request.method)) != 0) {
                found = &route;
                call->argument = percentDecode(*argument);
            }
        }
    }
    const bool isAlertmanager = path.starts_with("/api/v2/");
    if (isAlertmanager || path.starts_with("/api/v1/")) {
        addCorsHeaders(*service, *call);
        if (request.method == "OPTIONS"
            && (!isAlertmanager
                || !header(request.headers, "Access-Control-Request-Method").empty())) {
            call->plain(204, "");
            return nullptr;
        }
    }
    if (found == nullptr && isAlertmanager) {
        answer(call, refusedAs(404, std::format("path {} was not found", path)).error());
        return nullptr;
    }
    if (found == nullptr) {
        call->plain(404, "404 page not found\n");
        return nullptr;
    }
    if ((found->methods & methodBit(request.method)) == 0 && isAlertmanager) {
        refuseMethod(call, allowed);
        return nullptr;
    }
    if ((found->methods & methodBit(request.method)) == 0) {
        HttpResponse response;
        response.status = 405;
        response.headers.emplace_back("Allow", allowHeader(*found));
        response.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
        response.body = "Method Not Allowed\n";
        call->answer(std::move(response));
        return nullptr;
    }
    if (found->mutating && !mayMutate(*service, request)) {
        call->plain(403, "this call is not allowed from where it comes\n");
        return nullptr;
    }
    if ((found->endpoint == reload || found->endpoint == quit) && !service->options.lifecycle) {
        notEnabled(service, call);
        return nullptr;
    }
    return found;
}

void dispatch(const ServicePtr& service, const CallPtr& call, Endpoint endpoint)
{
    call->parameters = Parameters(parametersOf(call->request));
    endpoint(service, call);
}

} // namespace

ApiHandler::ApiHandler(engine::Engine& engine, const Clock& clock, Executor& workers,
                       ApiOptions options)
    : m_service(new Service{engine, clock, workers, std::move(options), {}, {}, {}, {}, {}, {}, {}})
{
    m_service->externalHost = hostOf(authorityOf(m_service->options.externalUrl));
    if (!m_service->options.corsOrigin.empty()) {
        if (auto regex = text::Regex::compile(m_service->options.corsOrigin)) {
            m_service->corsOrigin = std::move(*regex);
        }
    }
    const auto keep = [service = m_service](auto& newest) {
        return [service, &newest](auto snapshot) { newest.set(std::move(snapshot)); };
    };
    m_subscriptions.push_back(engine.watchTargets(keep(m_service->targets)));
    m_subscriptions.push_back(engine.watchAlerts(keep(m_service->alerts)));
    m_subscriptions.push_back(engine.watchRules(keep(m_service->rules)));
    m_subscriptions.push_back(engine.watchStatus(keep(m_service->status)));
    m_subscriptions.push_back(engine.watchConfig(keep(m_service->config)));
}

ApiHandler::~ApiHandler() = default;

Ticket ApiHandler::handle(HttpRequest request, Reply<HttpResponse> reply)
{
    const auto call = std::make_shared<Call>(std::move(request), std::move(reply));
    std::stop_source stop;
    call->m_onStop.emplace(stop.get_token(), [weak = std::weak_ptr(call)] {
        if (const auto alive = weak.lock()) {
            alive->cancel();
        }
    });
    const Route* const route = admit(m_service, call);
    if (route == nullptr) {
        return Ticket(std::move(stop));
    }
    constexpr std::size_t mostParameterBytes = 64U << 10U; // as much as a URL may have
    if (route->isBrief && call->request.body.size() <= mostParameterBytes) {
        dispatch(m_service, call, route->endpoint);
    } else {
        m_service->workers.run([service = m_service, call, endpoint = route->endpoint] {
            dispatch(service, call, endpoint);
        });
    }
    return Ticket(std::move(stop));
}

} // namespace watchfire::api
