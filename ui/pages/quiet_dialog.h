// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/form_fields.h"
#include "ui/pages/page.h"
#include "ui/pages/quiet_form.h"
#include "ui/pages/quiet_routes.h"
#include "ui/pages/saving_dialog.h"

#include <optional>
#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;

namespace watchfire::ui {

class FieldNote;

/// Makes or changes quiet hours: which days, from when to when, in which zone, and who tells
/// nobody then. Says in a sentence what they do. Not modal.
class QuietDialog final : public SavingDialog {
    Q_OBJECT

public:
    /// `old`: the one to change, which the fields can say; none: new ones.
    QuietDialog(PageContext& context, std::optional<config::NamedIntervalsConfig> old,
                QWidget* parent);

protected:
    bool isChanged() const override;
    QString whatStays() const override;

private:
    void build();
    void fillScopes();
    QWidget* buildDays();
    QWidget* buildTimes();
    QuietForm form() const;
    /// Nothing: the routes stay as they are.
    std::optional<QuietScope> scope() const;
    /// What the configuration would be; whether anything would be mute.
    bool mutesAnything() const;
    QString sentence() const;
    bool validate(bool all);
    void change(const QWidget* field);
    void save();

    PageContext& m_context;
    std::optional<config::NamedIntervalsConfig> m_old;
    config::AlertmanagerConfig m_without; ///< as if there were no such hours
    std::vector<std::optional<QuietScope>> m_scopes; ///< by entry of the box
    QuietForm m_start;
    std::optional<QuietScope> m_startScope;
    FieldNotes m_notes;
    QLineEdit* m_name;
    QList<QCheckBox*> m_days; ///< Monday first
    QWidget* m_dayBox;
    QLineEdit* m_from;
    QLineEdit* m_to;
    QComboBox* m_zone;
    QComboBox* m_scope;
    FieldNote* m_scopeNote;
    QCheckBox* m_critical;
    QLabel* m_sentence;
};

} // namespace watchfire::ui
