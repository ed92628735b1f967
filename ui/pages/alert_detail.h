// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/alert_trace_lines.h"
#include "ui/pages/page.h"

#include <string>
#include <vector>

#include <QList>
#include <QUrl>
#include <QWidget>

class QLabel;
class QPushButton;
class QTabWidget;
class QVBoxLayout;

namespace watchfire::ui {

class AlertChart;
class AlertTraceView;
class FactSheet;
class StateShape;

/// The addresses in a text that a browser may open: http and https only.
QList<QUrl> linksIn(const QString& text);

/// Silences that are over and whose matchers take these labels, the newest first.
std::vector<const engine::SilenceStatus*>
expiredFor(const Labels& labels, const engine::AlertsSnapshot& alerts, Timestamp now);

/// All about one active alert: why it was told or was not, labels and annotations with their
/// links, what its rule looks at, and silences that once held for it.
class AlertDetail final : public QWidget {
    Q_OBJECT

public:
    explicit AlertDetail(PageContext& context, QWidget* parent = nullptr);

    /// Nothing: it hides itself. `origin`: where an alert that no rule has comes from, if known.
    void showAlert(const engine::AlertStatus* alert, const QString& origin = {});
    QSize sizeHint() const override;

signals:
    void exploreWanted(const QString& expr);
    void ruleWanted(const QString& rule);
    void silenceWanted(const watchfire::Labels& labels);
    void repeatSilenceWanted(const QString& silenceId);
    void linkActivated(const watchfire::ui::TraceLink& link);
    void addressWanted(const QUrl& address);

private:
    QWidget* buildFacts();
    QWidget* buildSilences();
    void showFacts(const engine::AlertStatus& alert, const QString& origin);
    void showLinks(const engine::AlertStatus& alert);
    void showSilences(const engine::AlertStatus& alert);

    PageContext& m_context;
    QString m_expr;
    QString m_rule;
    Labels m_labels;
    StateShape* m_shape;
    QLabel* m_title;
    QPushButton* m_explore;
    QPushButton* m_showRule;
    QPushButton* m_silence;
    QTabWidget* m_tabs;
    AlertTraceView* m_why;
    AlertChart* m_chart;
    FactSheet* m_facts;
    FactSheet* m_labelSheet;
    QVBoxLayout* m_links;
    QList<std::pair<QString, QUrl>> m_shownLinks;
    QLabel* m_noSilences;
    QVBoxLayout* m_silences;
    std::vector<std::string> m_shownSilences; ///< ids
};

} // namespace watchfire::ui
