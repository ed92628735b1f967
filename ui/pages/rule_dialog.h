// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"
#include "ui/pages/rule_edits.h"
#include "ui/pages/rule_findings.h"
#include "ui/pages/rule_form.h"
#include "ui/pages/saving_dialog.h"

#include <optional>

class QSplitter;
class QTabWidget;

namespace watchfire::ui {

class RuleFormTab;
class RulePreviewPanel;
class RuleTestTab;
class RuleYamlTab;

/// Makes or changes an alerting or recording rule: by a form or as YAML, each kept in step with
/// the other, with what it would have done beside it, and with unit tests that run in place. Not
/// modal; it stays open until the engine has accepted the rule.
class RuleDialog final : public SavingDialog {
    Q_OBJECT

public:
    /// `rule`: the one to change; none: a new one, alerting or recording.
    RuleDialog(PageContext& context, std::optional<PlacedRule> rule, bool alerting,
               QWidget* parent);
    /// For a new rule that begins as that one says, in the group of that name.
    RuleDialog(PageContext& context, const config::RuleConfig& start, const QString& group,
               QWidget* parent);

protected:
    bool isChanged() const override;
    QString whatStays() const override;

private:
    RuleDialog(PageContext& context, std::optional<PlacedRule> old, const RuleForm& form,
               const config::RuleConfig& base, QWidget* parent);
    void build();
    QLayout* buildButtons();
    const config::Config& config() const { return m_context.bridge.config()->config; }
    config::RuleConfig rule() const;
    RuleGroupKey group() const;
    void edited();
    /// Checks all fields; shows faults of those that were touched, or of all.
    bool validate(bool all);
    void passOn();
    void takeYaml(const config::RuleConfig& rule);
    void setYamlBroken(bool broken);
    void showTab();
    void mend(const RuleRemark& remark);
    void put(const config::RuleConfig& rule);
    /// Faults are shown and gone to; false: there are some.
    bool isReady();
    void save();
    void showChanges();
    void noticeConfig();

    PageContext& m_context;
    std::optional<PlacedRule> m_old;
    bool m_alerting;
    config::RuleConfig m_base; ///< what the form's fields are put into
    RuleForm m_start; ///< as the dialog opened
    RuleFaults m_faults;
    QTabWidget* m_tabs;
    RuleFormTab* m_form;
    RuleYamlTab* m_yaml;
    RuleTestTab* m_tests;
    RulePreviewPanel* m_preview;
    QSplitter* m_splitter;
};

} // namespace watchfire::ui
