// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/result.h"
#include "ui/bridge/engine_bridge.h"
#include "ui/models/target_trace.h"

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include <QObject>
#include <QTimer>

namespace watchfire::ui {

/// The recent past of the targets on the screen, asked of the store: one query for all of them at
/// a time, scrape durations of the last hour or availability of the last day. What is known is
/// kept and asked again only when it is old, so scrolling back costs nothing.
class TargetHistory final : public QObject {
    Q_OBJECT

public:
    struct Wanted {
        std::uint64_t id = 0;
        Labels labels; ///< of its series
    };
    using Traces = std::unordered_map<std::uint64_t, TargetTracePtr>;

    explicit TargetHistory(EngineBridge& bridge, QObject* parent = nullptr);

    /// These are on the screen now. Asks for what is not known of them, once scrolling pauses.
    void want(std::vector<Wanted> wanted);
    /// Time has gone by: asks for what has become old.
    void refresh();

    static constexpr std::chrono::milliseconds pause{80};
    static constexpr std::chrono::seconds durationsLast{15};
    static constexpr std::chrono::minutes availabilityLasts{5};
    /// More than this many targets are not kept.
    static constexpr std::size_t kept = 1000;

signals:
    /// Of all targets known.
    void changed(const watchfire::ui::TargetHistory::Traces& traces);

private:
    enum class Kind { durations, availability };
    /// When each was asked for; the epoch: never.
    struct Asked {
        Timestamp durations{};
        Timestamp availability{};
        Timestamp& of(Kind kind) { return kind == Kind::durations ? durations : availability; }
    };

    bool askFor(Kind kind);
    void take(Kind kind, const std::vector<Wanted>& asked, const Result<QueryResult>& result,
              const engine::QueryRequest& request);
    void forgetUnseen();

    EngineBridge& m_bridge;
    std::vector<Wanted> m_wanted;
    std::unordered_map<std::uint64_t, Asked> m_asked;
    Traces m_traces;
    Pending m_pending;
    QTimer m_pause;
};

/// Selects the series of these targets, and of few others: {job=~"…",instance=~"…"}.
std::string selectorOf(std::span<const TargetHistory::Wanted> targets);

} // namespace watchfire::ui
