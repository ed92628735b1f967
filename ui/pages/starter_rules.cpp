// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/starter_rules.h"

#include "ui/pages/rule_edits.h"

#include <chrono>
#include <string>
#include <utility>

#include <QCoreApplication>

using namespace std::chrono_literals;

namespace watchfire::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::StarterRules)
};

const RuleGroupKey starterGroup{"starter", "rules/watchfire.yml"};

/// File systems that hold what somebody wants to keep, not memory or images.
constexpr auto realDisks = R"(fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660|devtmpfs")";

config::RuleConfig rule(const char* name, std::string expr, config::Duration hold,
                        const char* severity, const char* summary, const char* description)
{
    config::RuleConfig made;
    made.alert = name;
    made.expr = std::move(expr);
    made.forDuration = hold;
    made.labels = {{"severity", severity}};
    made.annotations = {{"summary", summary}, {"description", description}};
    return made;
}

std::vector<StarterRule> make()
{
    const std::string disks = std::string("{") + realDisks + "}";
    const std::string available = "node_filesystem_avail_bytes" + disks;
    const std::string size = "node_filesystem_size_bytes" + disks;
    return {
        {rule("HostDown", "up == 0", 2min, "critical", "{{ $labels.instance }} does not answer",
              "Job {{ $labels.job }} has not been able to scrape it for two minutes."),
         Words::tr("Host down"), Words::tr("A target has not answered for two minutes.")},
        {rule("DiskFillingUp",
              "predict_linear(" + available + "[6h], 24 * 3600) < 0 and " + available + " / " + size
                  + " < 0.4",
              30min, "warning", "{{ $labels.mountpoint }} on {{ $labels.instance }} is filling up",
              "At the pace of the last six hours it is full within a day."),
         Words::tr("Disk filling up"),
         Words::tr("At its present pace a disk is full within a day.")},
        {rule(
             "DiskAlmostFull", "100 * (1 - " + available + " / " + size + ") > 90", 10min,
             "critical",
             "{{ $labels.mountpoint }} on {{ $labels.instance }} is {{ printf \"%.0f\" $value }} % "
             "full",
             "Free space, or programs that write there will fail."),
         Words::tr("Disk almost full"), Words::tr("More than 90 % of a disk are taken.")},
        {rule("MemoryAlmostFull",
              "100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes) > 90", 10min,
              "warning", "{{ $labels.instance }} uses {{ printf \"%.0f\" $value }} % of its memory",
              "When the rest is gone the system becomes slow, or ends programs."),
         Words::tr("Memory almost full"),
         Words::tr("Less than a tenth of the memory is available for ten minutes.")},
        {rule("ScrapesMissed",
              "100 * (1 - avg_over_time(up[1h])) > 10 and on (instance, job) up == 1", 10min,
              "warning",
              "{{ $labels.instance }} missed {{ printf \"%.0f\" $value }} % of its scrapes",
              "It answers now, but not reliably in the last hour: job {{ $labels.job }}."),
         Words::tr("Scrapes missed"),
         Words::tr("A target answers, but missed more than a tenth of an hour’s scrapes.")},
        {rule("CertificateExpires", "(probe_ssl_earliest_cert_expiry - time()) / 86400 < 14", 1h,
              "warning",
              "The certificate of {{ $labels.instance }} ends in {{ printf \"%.0f\" $value }} days",
              "Renew it in time. Measured by the blackbox exporter."),
         Words::tr("Certificate expires"),
         Words::tr("A certificate that a blackbox exporter watches ends within two weeks.")},
    };
}

} // namespace

const std::vector<StarterRule>& starterRules()
{
    static const std::vector<StarterRule> rules = make();
    return rules;
}

void addStarterRules(Edits& edits, const std::vector<config::RuleConfig>& rules, QObject* context,
                     Edits::Done done)
{
    addRules(edits, Edits::tr("%1 starter rules added").arg(rules.size()), starterGroup, rules,
             context, std::move(done));
}

} // namespace watchfire::ui
