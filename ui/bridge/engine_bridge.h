// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/engine/engine.h"
#include "ui/bridge/pending.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <QObject>

namespace watchfire::ui {

using TargetsPtr = std::shared_ptr<const engine::TargetsSnapshot>;
using AlertsPtr = std::shared_ptr<const engine::AlertsSnapshot>;
using RulesPtr = std::shared_ptr<const engine::RulesSnapshot>;
using StatusPtr = std::shared_ptr<const engine::StatusSnapshot>;
using ConfigPtr = std::shared_ptr<const engine::ConfigSnapshot>;

/// Called on the GUI thread, at most once.
template <class T> using Answer = std::move_only_function<void(Result<T>)>;

/// The engine as the window sees it: snapshots become signals and replies become callbacks, all
/// on the thread the bridge lives on. Nothing here blocks.
///
/// Every question takes a `context`: its answer is dropped when that object is gone.
class EngineBridge final : public QObject {
    Q_OBJECT

public:
    /// Both must outlive the bridge.
    EngineBridge(engine::Engine& engine, const Clock& clock, QObject* parent = nullptr);
    ~EngineBridge() override;

    Timestamp now() const { return m_clock.now(); }

    Pending query(engine::QueryRequest request, QObject* context, Answer<QueryResult> answer);
    Pending series(engine::SeriesRequest request, QObject* context,
                   Answer<std::vector<Labels>> answer);
    Pending labels(engine::LabelsRequest request, QObject* context,
                   Answer<std::vector<std::string>> answer);
    Pending metadata(QObject* context, Answer<std::vector<FamilyMetadata>> answer);
    Pending applyConfig(config::Edit edit, QObject* context, Answer<engine::ConfigReport> answer);
    Pending reload(QObject* context, Answer<engine::ConfigReport> answer);
    Pending changeSilence(engine::SilenceChange change, QObject* context,
                          Answer<engine::SilenceId> answer);
    Pending traceAlert(Labels labels, QObject* context, Answer<engine::AlertTrace> answer);
    Pending alertTimeline(engine::AlertTimelineRequest request, QObject* context,
                          Answer<std::vector<engine::AlertSpan>> answer);
    /// `progress` is called on the GUI thread, before the answer; none once the call is dropped.
    Pending testScrape(config::ScrapeConfig job, QObject* context, engine::ScrapeProgress progress,
                       Answer<engine::ScrapeTest> answer);
    Pending previewJob(config::ScrapeConfig job, QObject* context,
                       Answer<engine::JobPreview> answer);
    Pending inspectTarget(std::uint64_t target, QObject* context,
                          Answer<engine::TargetDetail> answer);
    Pending scrapeNow(std::uint64_t target, QObject* context, Answer<void> answer);
    Pending inspectImport(std::string file, QObject* context, Answer<engine::ImportPreview> answer);
    Pending backtest(engine::BacktestRequest request, QObject* context,
                     Answer<engine::BacktestReport> answer);
    Pending previewRule(engine::RulePreviewRequest request, QObject* context,
                        Answer<engine::RulePreview> answer);
    Pending testRules(engine::RuleTestRequest request, QObject* context,
                      Answer<engine::RuleTestReport> answer);
    Pending testReceiver(engine::ReceiverTestRequest request, QObject* context,
                         Answer<engine::ReceiverTest> answer);
    Pending inspectAlerting(engine::AlertingRequest request, QObject* context,
                            Answer<engine::AlertingState> answer);
    void findExporters();
    Pending cardinality(std::size_t limit, QObject* context, Answer<CardinalityReport> answer);
    Pending ownMetrics(QObject* context, Answer<std::string> answer);
    void setScrapingPaused(bool paused);

    /// The newest snapshot of each kind; never null, empty until the first has come.
    const TargetsPtr& targets() const { return m_targets; }
    const AlertsPtr& alerts() const { return m_alerts; }
    const RulesPtr& rules() const { return m_rules; }
    const StatusPtr& status() const { return m_status; }
    const ConfigPtr& config() const { return m_config; }
    /// A first configuration has come: before that an edit would start from nothing.
    bool hasConfig() const { return m_hasConfig; }
    bool hasTargets() const { return m_hasTargets; }

signals:
    void targetsChanged(const watchfire::ui::TargetsPtr& targets);
    void alertsChanged(const watchfire::ui::AlertsPtr& alerts);
    void rulesChanged(const watchfire::ui::RulesPtr& rules);
    void statusChanged(const watchfire::ui::StatusPtr& status);
    void configChanged(const watchfire::ui::ConfigPtr& config);

private:
    struct Gate;
    template <class T> struct TypedCall;
    template <class T> struct Slot;
    template <class T> Reply<T> replyTo(const std::shared_ptr<TypedCall<T>>& call);
    template <class T, class Start> Pending ask(QObject* context, Answer<T> answer, Start start);
    template <class T> Watcher<T> watcher(void (EngineBridge::*arrive)(std::shared_ptr<const T>));

    void arriveTargets(TargetsPtr snapshot);
    void arriveAlerts(AlertsPtr snapshot);
    void arriveRules(RulesPtr snapshot);
    void arriveStatus(StatusPtr snapshot);
    void arriveConfig(ConfigPtr snapshot);

    engine::Engine& m_engine;
    const Clock& m_clock;
    std::shared_ptr<Gate> m_gate;
    TargetsPtr m_targets;
    AlertsPtr m_alerts;
    RulesPtr m_rules;
    StatusPtr m_status;
    ConfigPtr m_config;
    bool m_hasConfig = false;
    bool m_hasTargets = false;
    std::vector<Subscription> m_subscriptions;
};

} // namespace watchfire::ui
