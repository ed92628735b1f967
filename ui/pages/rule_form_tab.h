// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/form_fields.h"
#include "ui/pages/page.h"
#include "ui/pages/rule_findings.h"
#include "ui/pages/rule_form.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;

namespace watchfire::ui {

namespace editor {
class PromqlEditor;
}
class TextTable;

/// The fields of a rule. The comparison and the number that the expression ends in have fields of
/// their own, which write into the expression.
class RuleFormTab final : public QWidget {
    Q_OBJECT

public:
    RuleFormTab(PageContext& context, bool alerting, QWidget* parent = nullptr);

    void fill(const RuleForm& form);
    RuleForm form() const;
    /// Faults of fields that were touched, or of all.
    void showFaults(const RuleFaults& faults, bool all);
    void forgetTouches() { m_notes.forgetTouches(); }
    /// Puts the focus into the first field at fault.
    void goToFault(const RuleFaults& faults);
    void goTo(RulePart part);
    /// Writes that number into the expression's comparison; without one it does nothing.
    void setThreshold(double value);

signals:
    void edited();
    void submitted();

private:
    void buildAlert();
    void buildRecord();
    QLineEdit* field(const char* name, const QString& accessibleName);
    FieldNote* note(const char* fault, QWidget* widget);
    TextTable* table(const char* name, const QString& title, const QString& row,
                     const QString& none);
    void touch(QWidget* widget);
    void showThreshold();
    void takeOperator();
    void takeThreshold();

    PageContext& m_context;
    bool m_alerting;
    FieldNotes m_notes;
    QLineEdit* m_name;
    editor::PromqlEditor* m_expr;
    QWidget* m_comparison;
    QComboBox* m_operator;
    QLineEdit* m_threshold;
    QLabel* m_noThreshold;
    QLineEdit* m_hold;
    QLineEdit* m_keep;
    QComboBox* m_severity;
    QLineEdit* m_summary;
    QLineEdit* m_description;
    TextTable* m_labels;
    TextTable* m_annotations;
    QComboBox* m_group;
};

} // namespace watchfire::ui
