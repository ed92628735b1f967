// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"
#include "ui/models/targets_plan.h"
#include "ui/pages/page.h"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <utility>

#include <QList>
#include <QWidget>

class QAction;
class QHBoxLayout;
class QLabel;
class QTabWidget;
class QTreeView;

namespace watchfire::ui {

class FactSheet;
class RelabelView;
class ResponseView;
class ScrapeLogModel;
class StateShape;
class TargetActions;

/// All about one target, or in short about a whole job. What the picture of all targets does not
/// hold (relabelling, the last answer, the log) is asked for while its tab is looked at.
class TargetDetailPane final : public QWidget {
    Q_OBJECT

public:
    /// `prefix` begins the names of its parts. A list of dropped targets has no answers.
    TargetDetailPane(PageContext& context, TargetActions& actions, const QByteArray& prefix,
                     TargetsList list, QWidget* parent = nullptr);

    void showTarget(const engine::TargetStatus& target);
    void showJob(const TargetGroup& group);
    void clear();
    /// Ages move on.
    void setNow(Timestamp now);
    /// Asks for what the tab shows once more.
    void askAgain();

private:
    enum Tab { overviewTab, labelsTab, relabelTab, responseTab, logTab };

    QHBoxLayout* buildHeader(const QByteArray& prefix);
    void buildTabs(const QByteArray& prefix);
    void addButton(QHBoxLayout* row, QAction* action, const QByteArray& name, bool isWide);
    QWidget* sheetPage(const QList<std::pair<QString, FactSheet*>>& sheets);
    void showFacts();
    void showLabels();
    void showOnly(std::initializer_list<Tab> tabs);
    bool needsDetail() const;
    void ask();
    void askAboutDropped();
    void take(Result<engine::TargetDetail> detail, Timestamp scrape);
    void fillTab();
    void sayInTabs(const QString& why);

    PageContext& m_context;
    TargetActions& m_actions;
    TargetsList m_list;
    std::optional<engine::TargetStatus> m_target;
    std::uint64_t m_id = 0;
    std::optional<engine::TargetDetail> m_detail;
    Timestamp m_detailOf{}; ///< the scrape after which it was asked for
    std::array<bool, 5> m_filled{}; ///< tabs that show m_detail
    Pending m_pending;
    StateShape* m_shape;
    QLabel* m_title;
    QLabel* m_error;
    QLabel* m_warning;
    QTabWidget* m_tabs;
    FactSheet* m_facts;
    FactSheet* m_labels;
    FactSheet* m_discovered;
    RelabelView* m_relabel;
    ResponseView* m_response;
    ScrapeLogModel* m_log;
    QLabel* m_logNote;
};

} // namespace watchfire::ui
