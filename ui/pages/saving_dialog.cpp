// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/saving_dialog.h"

#include "ui/models/format.h"
#include "ui/pages/discard_question.h"
#include "ui/pages/widgets.h"

#include <utility>

#include <QPushButton>

namespace watchfire::ui {

SavingDialog::SavingDialog(QWidget* parent)
    : QDialog(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
}

Edits::Done SavingDialog::saving(std::function<void()> accepted)
{
    m_isSaving = true;
    m_save->setEnabled(false);
    m_refused->setError({});
    return [this, accepted = std::move(accepted)](const Result<void>& result) {
        m_isSaving = false;
        m_save->setEnabled(true);
        if (!result) {
            m_refused->setError(fromUtf8(result.error().message));
            return;
        }
        if (accepted) {
            accepted();
        }
        accept();
    };
}

void SavingDialog::reject()
{
    if (m_question) {
        m_question->raise();
        return;
    }
    if (!isChanged()) {
        QDialog::reject();
        return;
    }
    m_question = new DiscardQuestion(objectName().toLatin1(), whatStays(), this,
                                     [this] { QDialog::reject(); });
    m_question->open();
}

} // namespace watchfire::ui
