// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/edits.h"

#include <functional>

#include <QDialog>
#include <QPointer>
#include <QString>

class QPushButton;

namespace watchfire::ui {

class DiscardQuestion;
class FieldNote;

/// What dialogs that change something through the engine have in common: while a change is on its
/// way it is not sent again, one that is refused says why and the dialog stays, and one that was
/// not saved is thrown away only after a question. Not modal.
class SavingDialog : public QDialog {
    Q_OBJECT

public:
    explicit SavingDialog(QWidget* parent);

    /// Shows it beside the window, not before it.
    void open() override { show(); }

protected:
    /// Sends once: the outcome of the change that goes now. When it is in force, `accepted` runs
    /// and the dialog closes.
    Edits::Done saving(std::function<void()> accepted = {});
    bool isSaving() const { return m_isSaving; }
    /// Whether closing would lose something.
    virtual bool isChanged() const { return false; }
    /// What the question says of it: "The job stays as it was before."
    virtual QString whatStays() const { return {}; }
    void reject() override;

    QPushButton* m_save = nullptr; ///< made by the dialog, in its place among the fields
    FieldNote* m_refused = nullptr; ///< likewise

private:
    QPointer<DiscardQuestion> m_question;
    bool m_isSaving = false;
};

} // namespace watchfire::ui
