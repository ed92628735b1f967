// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"

#include <QTimer>
#include <QWidget>

class QPushButton;

namespace watchfire::ui {

class FieldNote;
class YamlEditor;

/// The rule as text. What is typed is read while typing; once it is good, the form has it.
class RuleYamlTab final : public QWidget {
    Q_OBJECT

public:
    explicit RuleYamlTab(bool alerting, QWidget* parent = nullptr);

    /// The rule as the form has it. A text that says the same already stays as it is.
    void setRule(const config::RuleConfig& rule);
    /// The text has been typed into and is no rule.
    bool isBroken() const { return m_isBroken; }
    /// Reads what was typed and not read yet now, instead of soon.
    void readNow();
    QWidget* editor() const;

signals:
    /// A good rule was typed.
    void ruleTyped(const watchfire::config::RuleConfig& rule);
    /// isBroken has changed.
    void brokenChanged(bool broken);

private:
    void typed();
    void read();
    void put(const std::string& text);
    void setBroken(bool broken);
    void restore();

    bool m_alerting;
    config::RuleConfig m_rule; ///< the newest good one
    YamlEditor* m_editor;
    FieldNote* m_note;
    QPushButton* m_restore;
    QTimer m_pause;
    QString m_text; ///< as it was read or put in
    bool m_isBroken = false;
};

} // namespace watchfire::ui
