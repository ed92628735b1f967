// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/notification_metrics.h"

#include <array>
#include <chrono>

namespace watchfire::runtime {

namespace {

using client::FamilySnapshot;
using client::MetricType;
using notifier::SendCounts;

struct Family {
    const char* name;
    MetricType type;
    const char* help;
    double (*value)(const SendCounts& counts);
};

constexpr std::array families{
    Family{"prometheus_notifications_sent", MetricType::counter, "Total number of alerts sent.",
           [](const SendCounts& c) { return static_cast<double>(c.sent); }},
    Family{"prometheus_notifications_errors", MetricType::counter,
           "Total number of sent alerts affected by errors.",
           [](const SendCounts& c) { return static_cast<double>(c.errors); }},
    Family{"prometheus_notifications_dropped", MetricType::counter,
           "Total number of alerts dropped due to errors when sending to Alertmanager.",
           [](const SendCounts& c) { return static_cast<double>(c.dropped); }},
    Family{"prometheus_notifications_queue_length", MetricType::gauge,
           "The number of alert notifications in the queue.",
           [](const SendCounts& c) { return static_cast<double>(c.queued); }},
};

FamilySnapshot gauge(const char* name, const char* help, double value)
{
    FamilySnapshot out{name, MetricType::gauge, help, {}, {}};
    out.samples.push_back({"", {}, value});
    return out;
}

/// Quantiles are not kept: the sum and the count say the mean.
FamilySnapshot latency(const NotificationFigures& figures)
{
    FamilySnapshot out{"prometheus_notifications_latency_seconds",
                       MetricType::summary,
                       "Latency for sending alert notifications.",
                       {},
                       {}};
    for (const auto& [url, counts] : figures) {
        const double took = std::chrono::duration<double>(counts.took).count();
        out.samples.push_back({"_sum", {{"alertmanager", url}}, took});
        out.samples.push_back(
            {"_count", {{"alertmanager", url}}, static_cast<double>(counts.requests)});
    }
    return out;
}

} // namespace

void appendNotificationMetrics(const NotificationFigures& figures, std::vector<FamilySnapshot>& out)
{
    out.push_back(gauge("prometheus_notifications_alertmanagers_discovered",
                        "The number of alertmanagers discovered and active.",
                        static_cast<double>(figures.size())));
    out.push_back(gauge("prometheus_notifications_queue_capacity",
                        "The capacity of the alert notifications queue.",
                        static_cast<double>(notifier::queueCapacity)));
    if (figures.empty()) {
        return;
    }
    for (const Family& family : families) {
        FamilySnapshot snapshot{family.name, family.type, family.help, {}, {}};
        const char* const suffix = family.type == MetricType::counter ? "_total" : "";
        for (const auto& [url, counts] : figures) {
            snapshot.samples.push_back({suffix, {{"alertmanager", url}}, family.value(counts)});
        }
        out.push_back(std::move(snapshot));
    }
    out.push_back(latency(figures));
}

} // namespace watchfire::runtime
