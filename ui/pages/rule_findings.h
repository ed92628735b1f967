// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/rule_trials.h"
#include "ui/pages/rule_edits.h"

#include <cstdint>
#include <functional>
#include <vector>

#include <QString>
#include <QWidget>

class QVBoxLayout;

namespace watchfire::ui {

/// Where in the rule something is to be mended.
enum class RulePart : std::uint8_t { name, expression, hold, severity, labels, annotations };

/// Something to be said of a rule, and what helps.
struct RuleRemark {
    QString message;
    bool isError = false; ///< else allowed, and most likely not meant
    RulePart part = RulePart::expression;
    QString fix; ///< what the button says; empty: there is none
    /// Puts it right in the rule; not set: the fix is to go there.
    std::function<void(config::RuleConfig&)> apply;
};

/// What a preview found, in the words of a person.
std::vector<RuleRemark> remarksOf(const engine::RulePreview& preview, const RuleDraft& draft,
                                  config::Duration defaultInterval);

/// The remarks one under the other, each with its button.
class RuleFindings final : public QWidget {
    Q_OBJECT

public:
    explicit RuleFindings(QWidget* parent = nullptr);

    void setRemarks(std::vector<RuleRemark> remarks);
    const std::vector<RuleRemark>& remarks() const { return m_remarks; }

signals:
    /// The button of that remark was pressed.
    void fixWanted(const watchfire::ui::RuleRemark& remark);

private:
    std::vector<RuleRemark> m_remarks;
    QVBoxLayout* m_rows;
    QList<QWidget*> m_shown;
};

} // namespace watchfire::ui
