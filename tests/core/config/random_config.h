// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <format>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace watchfire::test {

/// Makes configurations that a prometheus.yml can say, each setting now and then. The same seed
/// makes the same one.
class RandomConfig {
public:
    explicit RandomConfig(std::uint32_t seed)
        : m_random(seed)
    {
    }

    config::Config make()
    {
        config::Config out;
        if (maybe()) {
            out.global = global();
        }
        out.ruleFiles = names(2, "rules/{}*.yml");
        out.scrapeConfigFiles = names(2, "jobs/{}.yml");
        if (maybe()) {
            out.outOfOrderWindow = duration();
            out.retention = {duration(), maybe() ? std::optional(bytes()) : std::nullopt, 12.5};
        }
        for (std::uint32_t i = below(4); i > 0; --i) {
            out.scrapeConfigs.push_back(job(out.global, std::format("job {} {}", i, text())));
        }
        return out;
    }

    config::ScrapeConfig job(const config::GlobalConfig& global, std::string name)
    {
        config::ScrapeConfig out;
        out.jobName = std::move(name);
        out.scrapeInterval = maybe() ? global.scrapeInterval : duration();
        out.scrapeTimeout
            = std::min(maybe() ? global.scrapeTimeout : duration(), out.scrapeInterval);
        out.honorLabels = maybe();
        out.honorTimestamps = maybe();
        out.trackTimestampsStaleness = maybe();
        out.enableCompression = maybe();
        out.metricsPath = maybe() ? "/metrics" : "/" + text();
        out.scheme = maybe() ? "http" : "https";
        for (std::uint32_t i = below(3); i > 0; --i) {
            out.params.emplace_back(std::format("p{}", i), texts());
        }
        out.scrapeProtocols = maybe() ? protocols() : global.scrapeProtocols;
        out.fallbackScrapeProtocol = maybe() ? "PrometheusText0.0.4" : "";
        out.alwaysScrapeClassicHistograms = maybe();
        out.convertClassicHistogramsToNhcb = maybe();
        out.nativeHistogramBucketLimit = below(3);
        out.nativeHistogramMinBucketFactor = maybe() ? 0 : 1.1 * below(5);
        out.extraScrapeMetrics = maybe();
        out.scrapeNativeHistograms = maybe();
        limits(out, global);
        out.scrapeFailureLogFile = maybe() ? global.scrapeFailureLogFile : path();
        schemes(out);
        out.client = client();
        out.relabel = rules();
        out.metricRelabel = rules();
        for (std::uint32_t i = 0; i < below(3); ++i) {
            out.staticConfigs.push_back(
                {{"h:1", "[::1]:2"}, Labels::fromPairs(pairs()), std::to_string(i)});
        }
        out.discoveries = discoveries();
        return out;
    }

    HttpClientOptions client()
    {
        HttpClientOptions out;
        switch (below(4)) {
        case 0:
            out.auth
                = maybe() ? BasicAuth{text(), secret(), {}, {}} : BasicAuth{{}, {}, path(), path()};
            break;
        case 1:
            out.auth
                = maybe() ? BearerAuth{"Token", secret(), {}} : BearerAuth{"Bearer", {}, path()};
            break;
        case 2:
            out.auth = OAuth2{"id " + text(),
                              maybe() ? secret() : Secret(),
                              {},
                              "https://t/",
                              texts(),
                              pairs(),
                              tls(),
                              proxy()};
            break;
        default:
            break;
        }
        out.tls = tls();
        out.proxy = proxy();
        out.followRedirects = maybe();
        out.http2 = maybe();
        for (std::uint32_t i = below(3); i > 0; --i) {
            out.headers.push_back({std::format("X-{}", i), texts(), {secret()}, {path()}});
        }
        return out;
    }

    bool maybe() { return below(2) == 0; }
    std::uint32_t below(std::uint32_t limit)
    {
        return static_cast<std::uint32_t>(m_random() % limit);
    }

    /// A text of the kind that YAML makes trouble with.
    std::string text()
    {
        static constexpr std::array<const char*, 16> some{
            "plain", "a: b",  "yes", "0x1f", "null", "- x",  "#no",  "two words",
            "ü",     "'q\"q", "1e3", "~",    "{a}",  "a\nb", "$1$$", "trailing "};
        return some[below(some.size())];
    }

private:
    Secret secret() { return Secret("s" + text()); }
    std::string path() { return "/" + text(); }
    config::Duration duration() { return std::chrono::milliseconds(1 + below(1'000'000)); }
    std::uint64_t bytes() { return std::uint64_t{1 + below(2000)} << (10 * below(4)); }

    std::vector<std::string> texts()
    {
        std::vector<std::string> out;
        for (std::uint32_t i = below(3); i > 0; --i) {
            out.push_back(text());
        }
        return out;
    }

    std::vector<std::pair<std::string, std::string>> pairs()
    {
        std::vector<std::pair<std::string, std::string>> out;
        for (std::uint32_t i = below(3); i > 0; --i) {
            out.emplace_back(std::format("name {}", i), "v" + text());
        }
        return out;
    }

    std::vector<std::string> names(std::uint32_t most, const char* form)
    {
        std::vector<std::string> out;
        for (std::uint32_t i = below(most + 1); i > 0; --i) {
            out.push_back(std::vformat(form, std::make_format_args(i)));
        }
        return out;
    }

    std::vector<std::string> protocols()
    {
        return maybe() ? std::vector<std::string>{"PrometheusProto", "PrometheusText0.0.4"}
                       : std::vector<std::string>{"OpenMetricsText1.0.0"};
    }

    template <class Holder> void limits(Holder& out, const config::GlobalConfig& otherwise)
    {
        const auto one
            = [&](std::uint64_t inherited, std::uint64_t own) { return maybe() ? inherited : own; };
        out.bodySizeLimit = one(otherwise.bodySizeLimit, bytes());
        out.sampleLimit = one(otherwise.sampleLimit, 1 + below(9));
        out.targetLimit = one(otherwise.targetLimit, 1 + below(9));
        out.labelLimit = one(otherwise.labelLimit, 1 + below(9));
        out.labelNameLengthLimit = one(otherwise.labelNameLengthLimit, 1 + below(9));
        out.labelValueLengthLimit = one(otherwise.labelValueLengthLimit, 1 + below(9));
        out.keepDroppedTargets = one(otherwise.keepDroppedTargets, 1 + below(9));
    }

    config::GlobalConfig global()
    {
        config::GlobalConfig out;
        out.scrapeInterval = duration();
        out.scrapeTimeout = std::min(duration(), out.scrapeInterval);
        out.evaluationInterval = duration();
        out.ruleQueryOffset = maybe() ? config::Duration(0) : duration();
        out.externalLabels = Labels::fromPairs(pairs());
        limits(out, {});
        out.alwaysScrapeClassicHistograms = maybe();
        out.convertClassicHistogramsToNhcb = maybe();
        out.extraScrapeMetrics = maybe();
        out.scrapeNativeHistograms = maybe();
        out.scrapeProtocols = maybe() ? protocols() : std::vector<std::string>();
        out.nameValidationScheme = std::array{"", "utf8", "legacy"}[below(3)];
        out.escapingScheme = std::array{"", "dots", "values"}[below(3)];
        out.queryLogFile = maybe() ? "" : path();
        out.scrapeFailureLogFile = maybe() ? "" : path();
        return out;
    }

    void schemes(config::ScrapeConfig& out)
    {
        out.nameValidationScheme = maybe() ? "" : "legacy";
        const bool legacy = !out.nameValidationScheme.empty();
        out.escapingScheme
            = std::array{legacy ? "underscores" : "", "underscores", "dots", "values"}[below(4)];
    }

    TlsOptions tls()
    {
        TlsOptions out;
        if (maybe()) {
            return out;
        }
        (maybe() ? out.ca : out.caFile) = path();
        if (maybe()) {
            out.cert = "c" + text();
            out.key = secret();
        }
        out.serverName = maybe() ? "" : "s" + text();
        out.skipVerify = maybe();
        out.minVersion = maybe() ? "" : "TLS11";
        out.maxVersion = maybe() ? "" : "TLS13";
        return out;
    }

    ProxyOptions proxy()
    {
        ProxyOptions out;
        if (maybe()) {
            out.url = "http://u:p@proxy:3128";
            out.noProxy = maybe() ? "" : "localhost,10.0.0.0/8";
        } else {
            out.fromEnvironment = maybe();
        }
        if ((!out.url.empty() || out.fromEnvironment) && maybe()) {
            out.connectHeaders = {{"X-A", {secret(), secret()}}, {"X-B", {}}};
        }
        return out;
    }

    std::vector<RelabelRule> rules()
    {
        std::vector<RelabelRule> out;
        for (std::uint32_t i = below(3); i > 0; --i) {
            RelabelRule rule;
            rule.action = std::array{RelabelAction::replace, RelabelAction::hashMod,
                                     RelabelAction::keep}[below(3)];
            rule.sourceLabels = {"a b", "c"};
            rule.separator = text();
            rule.regexText = maybe() ? "(.*)" : "a|b.*";
            rule.targetLabel = rule.action == RelabelAction::keep ? "" : "t";
            rule.modulus = rule.action == RelabelAction::hashMod ? 8 : 0;
            rule.replacement = text();
            out.push_back(std::move(rule));
        }
        return out;
    }

    /// By section, as they are read.
    std::vector<config::DiscoveryConfig> discoveries()
    {
        std::vector<config::DiscoveryConfig> out;
        if (maybe()) {
            out.push_back(consul());
            out.push_back(consul());
        }
        if (maybe()) {
            out.push_back(config::DnsDiscovery{{"n" + text()},
                                               maybe() ? "SRV" : "MX",
                                               static_cast<std::uint16_t>(1 + below(9)),
                                               duration()});
        }
        if (maybe()) {
            config::DockerDiscovery docker;
            docker.host = "unix:///var/run/docker.sock";
            docker.port = static_cast<std::uint16_t>(below(3));
            docker.filters = {{text(), texts()}};
            docker.hostNetworkingHost = maybe() ? "" : text();
            docker.matchFirstNetwork = maybe();
            docker.client = client();
            out.push_back(std::move(docker));
        }
        if (maybe()) {
            out.push_back(config::ForeignDiscovery{"ec2_sd_configs", 7,
                                                   Secret("region: 'yes'\nsecret_key: s\n")});
        }
        if (maybe()) {
            out.push_back(config::FileDiscovery{{"/t/*.json"}, duration()});
            out.push_back(config::HttpDiscovery{"http://h/", duration(), client()});
        }
        if (maybe()) {
            out.push_back(kubernetes());
        }
        return out;
    }

    config::ConsulDiscovery consul()
    {
        config::ConsulDiscovery out;
        out.server = maybe() ? "localhost:8500" : "c:1";
        out.pathPrefix = maybe() ? "" : text();
        out.datacenter = maybe() ? "" : text();
        out.tagSeparator = maybe() ? "," : "";
        out.scheme = maybe() ? "http" : "https";
        out.allowStale = maybe();
        out.refreshInterval = duration();
        out.services = texts();
        out.tags = texts();
        out.nodeMeta = pairs();
        out.filter = maybe() ? "" : text();
        if (maybe()) {
            out.token = secret();
        } else {
            out.client = client();
        }
        return out;
    }

    config::KubernetesDiscovery kubernetes()
    {
        config::KubernetesDiscovery out;
        out.role = maybe() ? config::KubernetesRole::pod : config::KubernetesRole::endpointSlice;
        if (maybe()) {
            out.kubeconfigFile = path();
        } else {
            out.apiServer = "https://k";
            out.client = client();
        }
        out.namespaces = texts();
        out.selectors = {{"pod", "a in (b)", "c=d"}};
        out.attachNodeMetadata = maybe();
        out.attachNamespaceMetadata = maybe();
        out.attachJobMetadata = maybe();
        return out;
    }

    std::mt19937 m_random;
};

} // namespace watchfire::test
