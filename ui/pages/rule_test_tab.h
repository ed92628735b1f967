// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"
#include "ui/pages/rule_edits.h"

#include <optional>
#include <string>

#include <QWidget>

class QLabel;
class QPushButton;
class QTreeWidget;

namespace watchfire::ui {

class FieldNote;
class YamlEditor;

/// A unit test for the rule to begin with, in promtool's format: a series that its expression
/// reads, on the far side of its threshold, and the alert or sample that comes of it.
std::string testSkeleton(const config::RuleConfig& rule);

/// Unit tests of the rule, run in place by the engine over a store in memory. They are kept with
/// the window's state, under the rule's group and name.
class RuleTestTab final : public QWidget {
    Q_OBJECT

public:
    RuleTestTab(PageContext& context, QWidget* parent = nullptr);

    /// The rule as it is being written; none: it has faults, and cannot be tested.
    void setDraft(std::optional<RuleDraft> draft);
    /// Shows what is kept for a rule of that place, or begins with a skeleton.
    void open(const RuleGroupKey& group, const std::string& rule);
    /// Keeps the tests for the rule under the name it has now.
    void keep(const RuleGroupKey& group, const std::string& rule);
    void run();

private:
    void changed();
    void take(const Result<engine::RuleTestReport>& result);

    PageContext& m_context;
    std::optional<RuleDraft> m_draft;
    YamlEditor* m_editor;
    FieldNote* m_note;
    QLabel* m_outcome;
    QTreeWidget* m_tests;
    QPushButton* m_run;
    Pending m_running;
    QString m_text; ///< as of the last change
    bool m_isSkeleton = false;
};

} // namespace watchfire::ui
