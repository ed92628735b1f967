// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/form_fields.h"
#include "ui/pages/inhibition_form.h"
#include "ui/pages/page.h"
#include "ui/pages/saving_dialog.h"

#include <optional>

class QLabel;
class QLineEdit;

namespace watchfire::ui {

/// Makes or changes an inhibition rule, and says while typing which alerts it would mute now.
class InhibitionDialog final : public SavingDialog {
    Q_OBJECT

public:
    /// `rule`: the one that is changed; nothing: a new one.
    InhibitionDialog(PageContext& context, std::optional<config::InhibitRuleConfig> rule,
                     QWidget* parent);

protected:
    bool isChanged() const override;
    QString whatStays() const override;

private:
    void build();
    QLineEdit* edit(const char* name, const QString& accessibleName, const QString& placeholder);
    InhibitionForm form() const;
    /// What the fields say.
    config::InhibitRuleConfig rule() const;
    bool validate(bool all);
    void preview();
    void save();

    PageContext& m_context;
    std::optional<config::InhibitRuleConfig> m_old;
    InhibitionForm m_start;
    FieldNotes m_notes;
    QLineEdit* m_source;
    QLineEdit* m_target;
    QLineEdit* m_equal;
    QLabel* m_preview;
    QLabel* m_list;
};

} // namespace watchfire::ui
