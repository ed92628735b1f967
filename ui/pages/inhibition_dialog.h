// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/form_fields.h"
#include "ui/pages/inhibition_form.h"
#include "ui/pages/page.h"

#include <optional>

#include <QDialog>
#include <QPointer>

class QLabel;
class QLineEdit;
class QPushButton;

namespace watchfire::ui {

class DiscardQuestion;
class FieldNote;

/// Makes or changes an inhibition rule, and says while typing which alerts it would mute now. Not
/// modal.
class InhibitionDialog final : public QDialog {
    Q_OBJECT

public:
    /// `rule`: the one that is changed; nothing: a new one.
    InhibitionDialog(PageContext& context, const std::optional<config::InhibitRuleConfig>& rule,
                     QWidget* parent);

    /// Shows it beside the window, not before it.
    void open() override { show(); }

protected:
    void reject() override;

private:
    void build();
    QLineEdit* edit(const char* name, const QString& accessibleName, const QString& placeholder);
    InhibitionForm form() const;
    bool validate(bool all);
    void preview();
    void save();

    PageContext& m_context;
    bool m_isNew;
    config::InhibitRuleConfig m_base; ///< what is changed; empty: a new one
    InhibitionForm m_start;
    FieldNotes m_notes;
    QLineEdit* m_source;
    QLineEdit* m_target;
    QLineEdit* m_equal;
    QLabel* m_preview;
    QLabel* m_list;
    FieldNote* m_refused;
    QPushButton* m_save;
    QPointer<DiscardQuestion> m_question;
    bool m_saving = false;
};

} // namespace watchfire::ui
