// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"
#include "ui/pages/saving_dialog.h"
#include "ui/pages/silence_form.h"

#include <optional>
#include <vector>

class QComboBox;
class QLabel;
class QLineEdit;
class QVBoxLayout;

namespace watchfire::ui {

class FieldNote;

/// Makes or changes a silence: which alerts, for how long, why. Says while typing which alerts it
/// would mute now. Not modal.
class SilenceDialog final : public SavingDialog {
    Q_OBJECT

public:
    SilenceDialog(PageContext& context, const std::vector<MatcherField>& fields, QWidget* parent);
    /// For one that is there; "for" counts from now.
    SilenceDialog(PageContext& context, const engine::SilenceStatus& silence, QWidget* parent);

    /// Whose it is and why, as somebody may still change it.
    void setReason(const QString& author, const QString& comment);

private:
    struct Row {
        QWidget* box;
        QLineEdit* name;
        QComboBox* type;
        QLineEdit* value;
    };

    void build();
    void addRow(const MatcherField& field);
    std::vector<MatcherField> fields() const;
    std::chrono::milliseconds duration() const;
    void preview();
    void save();

    PageContext& m_context;
    std::optional<engine::SilenceStatus> m_old;
    std::vector<Row> m_rows;
    QVBoxLayout* m_rowsLayout;
    FieldNote* m_fault;
    QComboBox* m_duration;
    FieldNote* m_durationFault;
    QLineEdit* m_author;
    QLineEdit* m_comment;
    QLabel* m_preview;
    QLabel* m_list;
    bool m_touched = false;
};

} // namespace watchfire::ui
