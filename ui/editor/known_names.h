// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"
#include "core/model/metadata.h"
#include "core/promql/syntax/advice.h"
#include "ui/bridge/engine_bridge.h"
#include "ui/editor/name_index.h"

#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <QElapsedTimer>
#include <QObject>

namespace watchfire::ui::editor {

/// What the store holds, as the editor completes it: names of metrics with type and help, names
/// and values of labels. Asked of the engine when wanted, kept for half a minute, indexed on a
/// worker. One for all editors of a window. GUI thread only.
class KnownNames final : public QObject {
    Q_OBJECT

public:
    /// The bridge must outlive this.
    explicit KnownNames(EngineBridge& bridge, QObject* parent = nullptr);
    ~KnownNames() override;

    /// Asks for names and metadata, unless what is known is fresh or asked for already.
    void refresh();
    /// Sorted, each once.
    const std::vector<std::string>& metrics() const { return m_metrics->names(); }
    const std::vector<FamilyMetadata>& metadata() const { return m_metadata; }
    /// The names have come at least once.
    bool hasMetrics() const { return m_hasMetrics; }
    /// Counters are marked as fitting. Never null.
    const std::shared_ptr<const NameIndex>& metricIndex() const { return m_metrics; }
    /// Of the metric's family; null: nothing is known.
    const Metadata* metadataOf(std::string_view metric) const;
    /// The same and how often targets are scraped, for advice. Must not outlive this.
    promql::MetricFacts facts() const;

    /// Names of labels (`label` empty) or values of that label, on series that any of these
    /// selects. Null: not known yet; it is asked for, and labelsChanged says when it has come.
    std::shared_ptr<const NameIndex> labels(const std::string& label,
                                            const std::vector<Matchers>& selectors);

    /// What was chosen lately, the latest first.
    const std::vector<std::string>& recent() const { return m_recent; }
    void remember(const std::string& chosen);

signals:
    void metricsChanged(); ///< names or metadata
    void labelsChanged();

private:
    struct Answer {
        QElapsedTimer age;
        Pending pending;
        std::shared_ptr<const NameIndex> index; ///< of the last answer
    };

    void index(std::vector<std::string> names);
    void takeMetadata(std::vector<FamilyMetadata> metadata);

    EngineBridge& m_bridge;
    std::shared_ptr<const NameIndex> m_metrics;
    std::vector<FamilyMetadata> m_metadata;
    std::unordered_map<std::string_view, const FamilyMetadata*> m_families;
    QElapsedTimer m_age;
    Pending m_namesPending;
    Pending m_metadataPending;
    std::uint64_t m_indexed = 0; ///< indexings begun
    bool m_hasMetrics = false;
    std::map<std::string, Answer> m_labels; ///< by what was asked
    std::vector<std::string> m_recent;
};

} // namespace watchfire::ui::editor
