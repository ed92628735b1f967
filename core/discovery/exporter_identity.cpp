// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/exporter_identity.h"

#include "core/exposition/negotiate.h"
#include "core/exposition/parser.h"

#include <algorithm>
#include <array>
#include <format>
#include <set>

namespace watchfire::discovery {

namespace {

/// A metric that one program alone has.
struct Mark {
    std::string_view metric;
    std::string_view name;
    std::string_view jobName;
};

/// What hands on the metrics of others goes first; exporters go before the programs that may be
/// linked into them.
constexpr auto marks = std::to_array<Mark>({
    {"pushgateway_build_info", "Pushgateway", "pushgateway"},
    {"otelcol_process_uptime", "OpenTelemetry Collector", "otelcol"},
    {"otelcol_process_uptime_seconds_total", "OpenTelemetry Collector", "otelcol"},
    {"node_exporter_build_info", "node exporter", "node"},
    {"windows_exporter_build_info", "Windows exporter", "windows"},
    {"haproxy_exporter_build_info", "HAProxy exporter", "haproxy"},
    {"haproxy_process_build_info", "HAProxy", "haproxy"},
    {"haproxy_process_nbproc", "HAProxy", "haproxy"},
    {"statsd_exporter_build_info", "StatsD exporter", "statsd"},
    {"graphite_exporter_build_info", "Graphite exporter", "graphite"},
    {"collectd_exporter_build_info", "collectd exporter", "collectd"},
    {"mysqld_exporter_build_info", "MySQL exporter", "mysql"},
    {"mysql_up", "MySQL exporter", "mysql"},
    {"postgres_exporter_build_info", "PostgreSQL exporter", "postgres"},
    {"pg_up", "PostgreSQL exporter", "postgres"},
    {"pgbouncer_exporter_build_info", "PgBouncer exporter", "pgbouncer"},
    {"redis_exporter_build_info", "Redis exporter", "redis"},
    {"redis_up", "Redis exporter", "redis"},
    {"memcached_exporter_build_info", "memcached exporter", "memcached"},
    {"mongodb_up", "MongoDB exporter", "mongodb"},
    {"elasticsearch_exporter_build_info", "Elasticsearch exporter", "elasticsearch"},
    {"kafka_exporter_build_info", "Kafka exporter", "kafka"},
    {"nginx_exporter_build_info", "NGINX exporter", "nginx"},
    {"nginxexporter_build_info", "NGINX exporter", "nginx"},
    {"nginx_up", "NGINX exporter", "nginx"},
    {"apache_exporter_build_info", "Apache exporter", "apache"},
    {"apache_up", "Apache exporter", "apache"},
    {"varnish_exporter_build_info", "Varnish exporter", "varnish"},
    {"phpfpm_up", "PHP-FPM exporter", "php-fpm"},
    {"blackbox_exporter_build_info", "blackbox exporter", "blackbox"},
    {"snmp_exporter_build_info", "SNMP exporter", "snmp"},
    {"bind_exporter_build_info", "BIND exporter", "bind"},
    {"unbound_up", "Unbound exporter", "unbound"},
    {"consul_exporter_build_info", "Consul exporter", "consul"},
    {"systemd_exporter_build_info", "systemd exporter", "systemd"},
    {"smartctl_version", "smartctl exporter", "smartctl"},
    {"ipmi_exporter_build_info", "IPMI exporter", "ipmi"},
    {"chrony_exporter_build_info", "chrony exporter", "chrony"},
    {"libvirt_exporter_build_info", "libvirt exporter", "libvirt"},
    {"fail2ban_up", "Fail2ban exporter", "fail2ban"},
    {"namedprocess_namegroup_num_procs", "process exporter", "process"},
    {"DCGM_FI_DEV_GPU_UTIL", "NVIDIA DCGM exporter", "gpu"},
    {"cadvisor_version_info", "cAdvisor", "cadvisor"},
    {"kube_state_metrics_build_info", "kube-state-metrics", "kube-state-metrics"},
    {"rabbitmq_build_info", "RabbitMQ", "rabbitmq"},
    {"engine_daemon_engine_info", "Docker Engine", "docker"},
    {"etcd_server_version", "etcd", "etcd"},
    {"etcd_server_has_leader", "etcd", "etcd"},
    {"coredns_build_info", "CoreDNS", "coredns"},
    {"traefik_config_reloads_total", "Traefik", "traefik"},
    {"caddy_admin_http_requests_total", "Caddy", "caddy"},
    {"caddy_config_last_reload_successful", "Caddy", "caddy"},
    {"envoy_server_version", "Envoy", "envoy"},
    {"grafana_build_info", "Grafana", "grafana"},
    {"loki_build_info", "Loki", "loki"},
    {"promtail_build_info", "Promtail", "promtail"},
    {"tempo_build_info", "Tempo", "tempo"},
    {"vm_app_version", "VictoriaMetrics", "victoriametrics"},
    {"influxdb_info", "InfluxDB", "influxdb"},
    {"ClickHouseMetrics_Query", "ClickHouse", "clickhouse"},
    {"alertmanager_build_info", "Alertmanager", "alertmanager"},
    {"prometheus_build_info", "Prometheus", "prometheus"},
    {"watchfire_build_info", "Watchfire", "watchfire"},
});

constexpr auto ports = std::to_array<ExporterPort>({
    {9100}, {9090}, {9093}, {9091}, {3000},
    {8080}, {8404}, {9104}, {9187}, {9121},
    {9113}, {9115}, {9256}, {8428}, {2379},
    {9323}, {9102}, {9182}, {9101}, {9103},
    {9107}, {9108}, {9114}, {9116}, {9117},
    {9119}, {9123}, {9127}, {9131}, {9150},
    {9153}, {9167}, {9177}, {9191}, {9199},
    {9216}, {9253}, {9273}, {9290}, {9308},
    {9363}, {9400}, {9558}, {9633}, {15692},
    {3100}, {3200}, {8429}, {8888}, {9080},
    {2019}, {8082}, {8086}, {8405}, {9901, "/stats/prometheus"},
});

using Names = std::set<std::string, std::less<>>;

/// A program that tells its version by its own name: "foo_build_info".
std::string ownWords(const Names& names)
{
    constexpr std::string_view ending = "_build_info";
    for (const std::string& name : names) {
        // That of the language is in every program written in it.
        if (name.ends_with(ending) && name != "go_build_info") {
            return name.substr(0, name.size() - ending.size());
        }
    }
    return {};
}

} // namespace

Result<ExporterIdentity> identifyExporter(const HttpResponse& response)
{
    if (response.status != 200) {
        return fail(ErrorKind::unsupported, std::format("status {}", response.status));
    }
    const auto format = exposition::formatOf(header(response.headers, "Content-Type"), {});
    if (!format) {
        return std::unexpected(format.error());
    }
    const auto parser = exposition::makeParser(*format, response.body);
    ExporterIdentity out;
    Names names;
    exposition::Entry entry;
    for (;;) {
        const auto kind = parser->next(entry);
        if (!kind) {
            return std::unexpected(kind.error());
        }
        if (*kind == exposition::EntryKind::end) {
            break;
        }
        if (*kind == exposition::EntryKind::series) {
            ++out.series;
            if (!names.contains(entry.name.text)) {
                names.insert(entry.name.unescape());
            }
        }
    }
    if (out.series == 0) {
        return fail(ErrorKind::unsupported, "the answer has no series");
    }
    const auto known = std::ranges::find_if(
        marks, [&names](const Mark& mark) { return names.contains(mark.metric); });
    if (known != marks.end()) {
        out.name = known->name;
        out.jobName = known->jobName;
    } else {
        out.name = ownWords(names);
        out.jobName = out.name;
    }
    return out;
}

std::span<const ExporterPort> wellKnownExporterPorts()
{
    return ports;
}

} // namespace watchfire::discovery
