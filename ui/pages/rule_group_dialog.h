// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/form_fields.h"
#include "ui/pages/page.h"
#include "ui/pages/rule_edits.h"
#include "ui/pages/saving_dialog.h"

class QLineEdit;

namespace watchfire::ui {

class TextTable;

/// The fields of a group's settings as they stand, not checked.
struct RuleGroupForm {
    QString name;
    QString interval; ///< empty: of the global settings
    QString queryOffset; ///< likewise
    QString limit; ///< empty: none
    NamedTexts labels;

    static RuleGroupForm of(const GroupSettings& settings);
};

/// By field: name, interval, queryOffset, limit, labels. `taken`: names of the other groups of
/// its file.
FieldFaults check(const RuleGroupForm& form, const QStringList& taken);
/// The form must be free of faults.
GroupSettings toSettings(const RuleGroupForm& form);

/// How often a rule group is evaluated, how far back it looks, what it is held to and what all
/// its rules carry. Not modal.
class RuleGroupDialog final : public SavingDialog {
    Q_OBJECT

public:
    RuleGroupDialog(PageContext& context, const config::RuleGroupConfig& group, QWidget* parent);

private:
    void build(const QString& file);
    RuleGroupForm form() const;
    bool validate(bool all);
    void save();

    PageContext& m_context;
    RuleGroupKey m_key;
    GroupSettings m_before;
    FieldNotes m_notes;
    QLineEdit* m_name;
    QLineEdit* m_interval;
    QLineEdit* m_queryOffset;
    QLineEdit* m_limit;
    TextTable* m_labels;
};

} // namespace watchfire::ui
