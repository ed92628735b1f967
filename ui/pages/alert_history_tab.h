// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/alert_spans_model.h"
#include "ui/pages/page.h"

#include <cstdint>
#include <vector>

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;
class QSplitter;
class QTabWidget;

namespace watchfire::ui {

class AlertHistoryModel;
class AlertTimelineView;
class ItemTree;

/// When alerts were pending and firing in the range that all pages share, before the start of the
/// program, too: lanes over time, and the same as a table with how each stretch ended and whom was
/// told of it. Beside that, what happened since the start, one event after another.
class AlertHistoryTab final : public QWidget {
    Q_OBJECT

public:
    explicit AlertHistoryTab(PageContext& context, QWidget* parent = nullptr);

    /// More stretches than this are not shown; it says so.
    static constexpr std::size_t mostSpans = 10'000;

signals:
    void exploreWanted(const QString& expr);
    void ruleWanted(const QString& rule);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* buildTop();
    QWidget* buildTables();
    void connectParts();
    void ask();
    void take(Result<std::vector<engine::AlertSpan>> result, TimeRange range);
    void takeEvents();
    void filterChanged(const QString& text);
    void choose(std::uint64_t id);
    void say();
    const AlertSpanRow* current() const;
    std::string expressionOf(const engine::AlertSpan& span) const;
    void openMenu(const QPoint& at);
    void explore();
    void showRule();

    PageContext& m_context;
    AlertSpansModel* m_spans;
    AlertHistoryModel* m_events;
    AlertSpanRowsPtr m_rows;
    Filter m_filterNow;
    QLineEdit* m_filter;
    QPushButton* m_explore;
    QPushButton* m_rule;
    QLabel* m_note;
    AlertTimelineView* m_timeline;
    QSplitter* m_splitter;
    QTabWidget* m_tables;
    ItemTree* m_table;
    ItemTree* m_eventTree;
    Pending m_pending;
    bool m_isFull = false; ///< there may be more stretches than are shown
    QString m_fault; ///< of the newest answer
    AlertsPtr m_eventsOf; ///< the snapshot whose events are shown
};

} // namespace watchfire::ui
