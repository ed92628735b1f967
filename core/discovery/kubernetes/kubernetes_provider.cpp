// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/kubernetes/kubernetes_provider.h"

#include "core/base/log.h"
#include "core/discovery/kubernetes/targets.h"
#include "core/discovery/question.h"

#include <algorithm>
#include <format>
#include <utility>

namespace watchfire::discovery {

using namespace std::chrono_literals;

namespace {

constexpr auto watchFor = 5s;
constexpr auto watchTimeout = watchFor + 25s;
constexpr auto listTimeout = 60s;
constexpr int pageSize = 500;
constexpr int relistAfter = 3; ///< failures
constexpr auto firstRetry = 1s;
constexpr auto lastRetry = 32s;
constexpr int unauthorisedStatus = 401;
constexpr int goneStatus = 410;

std::chrono::milliseconds retryAfter(int failures)
{
    return std::min<std::chrono::milliseconds>(firstRetry * (1 << std::clamp(failures - 1, 0, 10)),
                                               lastRetry);
}

std::string_view roleName(config::KubernetesRole role)
{
    switch (role) {
    case config::KubernetesRole::node:
        return "node";
    case config::KubernetesRole::pod:
        return "pod";
    case config::KubernetesRole::service:
        return "service";
    case config::KubernetesRole::endpoints:
        return "endpoints";
    case config::KubernetesRole::endpointSlice:
        return "endpointslice";
    case config::KubernetesRole::ingress:
        return "ingress";
    }
    return "";
}

void clear(KubeStore& store, KubeResource resource, std::string_view nameSpace)
{
    switch (resource) {
    case KubeResource::pods:
        store.clear<KubePod>(nameSpace);
        return;
    case KubeResource::nodes:
        store.clear<KubeNode>(nameSpace);
        return;
    case KubeResource::services:
        store.clear<KubeService>(nameSpace);
        return;
    case KubeResource::endpoints:
        store.clear<KubeEndpoints>(nameSpace);
        return;
    case KubeResource::endpointSlices:
        store.clear<KubeEndpointSlice>(nameSpace);
        return;
    case KubeResource::ingresses:
        store.clear<KubeIngress>(nameSpace);
        return;
    case KubeResource::namespaces:
        store.clear<KubeNamespace>(nameSpace);
        return;
    }
}

} // namespace

struct KubernetesProvider::Outcome {
    std::vector<Heard> heard;
    std::optional<Groups> groups; ///< where they are others than before
};

/// What is known of the cluster. One worker at a time has it.
struct KubernetesProvider::Reading {
    struct Kept {
        KubeResource resource{};
        std::string nameSpace;
        std::vector<KubeChange> pages; ///< of the list under way
        bool isListed = false;
    };
    config::KubernetesDiscovery config;
    std::vector<Kept> feeds;
    KubeStore store;
    Groups groups; ///< handed over last
    bool isComplete = false; ///< they were handed over once
    bool isChanged = false;

    Outcome read(std::vector<Unread> unread);
    Heard read(Unread& unread);
    void takeList(Kept& kept, KubeAnswer& answer, bool isFirstPage);
    void takeWatch(KubeAnswer& answer);
};

KubernetesProvider::Outcome KubernetesProvider::Reading::read(std::vector<Unread> unread)
{
    Outcome outcome;
    for (Unread& one : unread) {
        outcome.heard.push_back(read(one));
    }
    if (!isChanged || !std::ranges::all_of(feeds, &Kept::isListed)) {
        return outcome;
    }
    isChanged = false;
    Groups now = groupsOfCluster(config, store);
    if (!isComplete || now != groups) {
        isComplete = true;
        groups = now;
        outcome.groups = std::move(now);
    }
    return outcome;
}

KubernetesProvider::Heard KubernetesProvider::Reading::read(Unread& unread)
{
    Kept& kept = feeds[unread.feed];
    Heard heard{unread.feed, {}, false};
    if (!unread.response) {
        heard.answer = std::unexpected(std::move(unread.response.error()));
        return heard;
    }
    const HttpResponse& response = *unread.response;
    if (response.status == goneStatus) {
        heard.answer->isExpired = true;
        return heard;
    }
    if (response.status != 200) {
        heard.isUnauthorised = response.status == unauthorisedStatus;
        heard.answer = std::unexpected(statusError(response));
        return heard;
    }
    heard.answer = unread.isWatch ? readKubeWatch(kept.resource, response.body)
                                  : readKubeList(kept.resource, response.body);
    if (heard.answer && unread.isWatch) {
        takeWatch(*heard.answer);
    } else if (heard.answer) {
        takeList(kept, *heard.answer, unread.isFirstPage);
    }
    return heard;
}

void KubernetesProvider::Reading::takeList(Kept& kept, KubeAnswer& answer, bool isFirstPage)
{
    if (isFirstPage) {
        kept.pages.clear();
    }
    std::ranges::move(answer.changes, std::back_inserter(kept.pages));
    answer.changes.clear();
    if (!answer.next.empty()) {
        return;
    }
    clear(store, kept.resource, kept.nameSpace);
    for (KubeChange& change : std::exchange(kept.pages, {})) {
        store.put(std::move(change.object));
    }
    kept.isListed = true;
    isChanged = true;
}

void KubernetesProvider::Reading::takeWatch(KubeAnswer& answer)
{
    for (KubeChange& change : std::exchange(answer.changes, {})) {
        isChanged = true;
        if (change.isDeleted) {
            store.remove(change.object);
        } else {
            store.put(std::move(change.object));
        }
    }
}

KubernetesProvider::KubernetesProvider(config::KubernetesDiscovery config,
                                       const ProviderPorts& ports, KubeEnvironment environment)
    : m_config(std::move(config))
    , m_ports(ports)
    , m_environment(std::move(environment))
    , m_reading(std::make_shared<Reading>())
    , m_homing(ports.home)
{
    const std::string place = !m_config.kubeconfigFile.empty() ? m_config.kubeconfigFile
        : !m_config.apiServer.empty()                          ? withoutPassword(m_config.apiServer)
                                                               : "this cluster";
    m_status = {"kubernetes", std::format("{}, {}", roleName(m_config.role), place), {}, {}};
    m_reading->config = m_config;
}

void KubernetesProvider::start(Update update)
{
    m_update = std::move(update);
    findAccess();
}

std::optional<Timestamp> KubernetesProvider::nextDue() const
{
    std::optional<Timestamp> next = m_accessDue;
    for (const Feed& feed : m_feeds) {
        if (feed.due && (!next || *feed.due < *next)) {
            next = feed.due;
        }
    }
    return next;
}

void KubernetesProvider::advance(Timestamp now)
{
    // What is due later than we ever wait was planned before the clock was set back.
    const auto isDue = [now](const std::optional<Timestamp>& due) {
        return due && (*due <= now || *due > now + lastRetry + watchFor);
    };
    if (isDue(m_accessDue)) {
        findAccess();
    }
    for (std::size_t i = 0; i < m_feeds.size(); ++i) {
        if (isDue(m_feeds[i].due)) {
            ask(i);
        }
    }
}

ProviderStatus KubernetesProvider::status() const
{
    ProviderStatus out = m_status;
    for (const Feed& feed : m_feeds) {
        if (out.lastError.empty()) {
            out.lastError = feed.error;
        }
    }
    return out;
}

void KubernetesProvider::findAccess()
{
    if (std::exchange(m_findingAccess, true)) {
        return;
    }
    m_accessDue.reset();
    m_ports.workers.run([config = m_config, environment = m_environment,
                         done = m_homing.once([this](Result<KubeAccess>&& access) {
                             m_findingAccess = false;
                             if (!access) {
                                 m_status.lastError = std::move(access.error().message);
                                 log(LogLevel::warning, "discovery", "kubernetes: {}",
                                     m_status.lastError);
                                 m_accessDue = m_ports.clock.now() + lastRetry;
                                 return;
                             }
                             m_status.lastError.clear();
                             m_access = *std::move(access);
                             if (m_feeds.empty()) {
                                 makeFeeds();
                             }
                         })]() mutable { done(accessOf(config, environment)); });
}

std::vector<std::string> KubernetesProvider::namespaces() const
{
    std::vector<std::string> out = m_config.namespaces;
    if (m_config.ownNamespace && !m_access.ownNamespace.empty()) {
        out.push_back(m_access.ownNamespace);
    }
    std::ranges::sort(out);
    const auto [first, last] = std::ranges::unique(out);
    out.erase(first, last);
    if (out.empty()) {
        out.emplace_back();
    }
    return out;
}

std::string KubernetesProvider::selectorsOf(std::string_view role) const
{
    std::string out;
    for (const auto& selector : m_config.selectors) {
        if (selector.role != role) {
            continue;
        }
        if (!selector.label.empty()) {
            out += "&labelSelector=" + percentEncode(selector.label);
        }
        if (!selector.field.empty()) {
            out += "&fieldSelector=" + percentEncode(selector.field);
        }
    }
    return out;
}

void KubernetesProvider::addFeeds(KubeResource resource, std::string_view role)
{
    const bool ofCluster = resource == KubeResource::nodes || resource == KubeResource::namespaces;
    for (const std::string& name : ofCluster ? std::vector<std::string>(1) : namespaces()) {
        Feed feed;
        feed.resource = resource;
        feed.nameSpace = name;
        feed.selectors = selectorsOf(role);
        m_feeds.push_back(std::move(feed));
        m_reading->feeds.push_back({resource, name, {}, false});
    }
}

void KubernetesProvider::makeFeeds()
{
    using config::KubernetesRole;
    const KubernetesRole role = m_config.role;
    const bool isEndpoints
        = role == KubernetesRole::endpoints || role == KubernetesRole::endpointSlice;
    if (role == KubernetesRole::endpoints) {
        addFeeds(KubeResource::endpoints, "endpoints");
    } else if (role == KubernetesRole::endpointSlice) {
        addFeeds(KubeResource::endpointSlices, "endpointslice");
    } else if (role == KubernetesRole::ingress) {
        addFeeds(KubeResource::ingresses, "ingress");
    }
    if (role == KubernetesRole::service || isEndpoints) {
        addFeeds(KubeResource::services, "service");
    }
    if (role == KubernetesRole::pod || isEndpoints) {
        addFeeds(KubeResource::pods, "pod");
    }
    const bool attachesNode
        = m_config.attachNodeMetadata && (role == KubernetesRole::pod || isEndpoints);
    if (role == KubernetesRole::node || attachesNode) {
        addFeeds(KubeResource::nodes, "node");
    }
    if (m_config.attachNamespaceMetadata && role != KubernetesRole::node) {
        addFeeds(KubeResource::namespaces, {});
    }
    for (std::size_t i = 0; i < m_feeds.size(); ++i) {
        ask(i);
    }
}

std::string KubernetesProvider::urlOf(const Feed& feed) const
{
    std::string url = m_access.server + pathOf(feed.resource, feed.nameSpace);
    if (feed.version.empty()) {
        url += std::format("?limit={}{}", pageSize, feed.selectors);
        if (!feed.next.empty()) {
            url += "&continue=" + percentEncode(feed.next);
        }
        return url;
    }
    return url
        + std::format("?watch=true&allowWatchBookmarks=true&timeoutSeconds={}&resourceVersion={}{}",
                      std::chrono::seconds(watchFor).count(), percentEncode(feed.version),
                      feed.selectors);
}

void KubernetesProvider::ask(std::size_t index)
{
    Feed& feed = m_feeds[index];
    const bool isWatch = !feed.version.empty();
    const bool isFirstPage = !isWatch && feed.next.empty();
    feed.askedAt = m_ports.clock.now();
    feed.due.reset();
    HttpRequest request
        = requestOf(urlOf(feed), m_access.client, isWatch ? watchTimeout : listTimeout);
    request.headers.insert(request.headers.end(), m_access.headers.begin(), m_access.headers.end());
    feed.ticket = m_ports.fetcher.fetch(
        std::move(request),
        m_homing.once([this, index, isWatch, isFirstPage](Result<HttpResponse>&& response) {
            m_feeds[index].ticket.detach();
            m_unread.push_back({index, isWatch, isFirstPage, std::move(response)});
            readNext();
        }));
}

/// Has a worker read what came, one worker at a time.
void KubernetesProvider::readNext()
{
    if (m_isReading || m_unread.empty()) {
        return;
    }
    m_isReading = true;
    std::vector<Unread> unread(std::make_move_iterator(m_unread.begin()),
                               std::make_move_iterator(m_unread.end()));
    m_unread.clear();
    m_ports.workers.run([reading = m_reading, unread = std::move(unread),
                         done = m_homing.once([this](Outcome outcome) {
                             m_isReading = false;
                             take(std::move(outcome));
                         })]() mutable { done(reading->read(std::move(unread))); });
}

void KubernetesProvider::take(Outcome outcome)
{
    for (Heard& heard : outcome.heard) {
        hear(std::move(heard));
    }
    const bool isWell = std::ranges::all_of(
        m_feeds, [](const Feed& feed) { return feed.error.empty() && !feed.version.empty(); });
    if (isWell) {
        m_status.lastUpdate = m_ports.clock.now();
    }
    if (outcome.groups) {
        m_status.lastUpdate = m_ports.clock.now();
        m_update(*std::move(outcome.groups));
    }
    readNext();
}

void KubernetesProvider::hear(Heard heard)
{
    Feed& feed = m_feeds[heard.feed];
    if (!heard.answer) {
        failed(feed, heard.answer.error());
        if (heard.isUnauthorised) {
            findAccess(); // the kubeconfig may hold a new token
        }
        return;
    }
    feed.failures = 0;
    feed.error.clear();
    const KubeAnswer& answer = *heard.answer;
    const Timestamp now = m_ports.clock.now();
    if (answer.isExpired) {
        feed.version.clear();
        feed.next.clear();
        feed.due = std::max(now, feed.askedAt + watchFor);
        return;
    }
    const bool wasWatch = !feed.version.empty();
    feed.next = answer.next;
    if (answer.next.empty() && !answer.resourceVersion.empty()) {
        feed.version = answer.resourceVersion;
    }
    // The next page, or the first watch, at once.
    feed.due = wasWatch ? std::max(now, feed.askedAt + watchFor) : now;
}

void KubernetesProvider::failed(Feed& feed, const Error& error)
{
    const std::string message
        = std::format("{}: {}", pathOf(feed.resource, feed.nameSpace), error.message);
    if (feed.error != message) {
        log(LogLevel::warning, "discovery", "kubernetes: {}", message);
    }
    feed.error = message;
    feed.due = m_ports.clock.now() + retryAfter(++feed.failures);
    feed.next.clear(); // a list begins anew
    if (error.kind == ErrorKind::invalid || feed.failures >= relistAfter) {
        feed.version.clear(); // so does a watch that cannot go on
    }
}

} // namespace watchfire::discovery
