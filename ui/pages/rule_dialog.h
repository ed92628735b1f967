// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"
#include "ui/pages/rule_edits.h"
#include "ui/pages/rule_form.h"

#include <optional>
#include <vector>

#include <QDialog>
#include <QSet>
#include <QTimer>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace watchfire::ui {

namespace editor {
class PromqlEditor;
}
class FieldNote;

/// Makes or changes an alerting or recording rule by a form. Not modal; says while typing how
/// many series the expression finds now.
class RuleDialog final : public QDialog {
    Q_OBJECT

public:
    /// `rule`: the one to change; none: a new one, alerting or recording.
    RuleDialog(PageContext& context, std::optional<PlacedRule> rule, bool alerting,
               QWidget* parent);

private:
    struct Field {
        QWidget* widget;
        FieldNote* note;
        QString RuleFaults::* fault;
    };

    void build();
    QLineEdit* edit(const char* name, const QString& accessibleName);
    FieldNote* watch(QWidget* widget, const char* noteName, QString RuleFaults::* fault);
    void fill(const RuleForm& form);
    RuleForm form() const;
    bool validate(bool all);
    void preview();
    void save();

    PageContext& m_context;
    std::optional<PlacedRule> m_old;
    bool m_alerting;
    std::vector<Field> m_fields;
    QSet<const QWidget*> m_touched;
    QLineEdit* m_name;
    editor::PromqlEditor* m_expr;
    QLabel* m_preview;
    QLineEdit* m_hold;
    QLineEdit* m_keep;
    QComboBox* m_severity;
    QLineEdit* m_summary;
    QLineEdit* m_description;
    QComboBox* m_group;
    FieldNote* m_refused;
    QPushButton* m_save;
    QTimer m_pause;
    Pending m_pending;
    bool m_saving = false;
};

} // namespace watchfire::ui
