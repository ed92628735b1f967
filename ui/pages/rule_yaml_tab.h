// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "ui/pages/yaml_pane.h"

namespace watchfire::ui {

/// The rule as text.
class RuleYamlTab final : public YamlPane {
    Q_OBJECT

public:
    explicit RuleYamlTab(bool alerting, QWidget* parent = nullptr);

    /// The rule as the form has it. A text that says the same already stays as it is.
    void setRule(const config::RuleConfig& rule);

signals:
    /// A good rule was typed.
    void ruleTyped(const watchfire::config::RuleConfig& rule);

protected:
    Verdict judge(const std::string& text) override;
    void adopt() override;
    std::string goodText() const override;

private:
    bool m_alerting;
    config::RuleConfig m_rule; ///< in force
    config::RuleConfig m_typed; ///< the newest good one
};

} // namespace watchfire::ui
