// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/discard_question.h"

#include <utility>

#include <QPushButton>

namespace watchfire::ui {

DiscardQuestion::DiscardQuestion(const QByteArray& prefix, const QString& stays, QWidget* dialog,
                                 std::function<void()> discard)
    : QMessageBox(dialog)
{
    setObjectName(QString::fromLatin1(prefix + ".question"));
    setAttribute(Qt::WA_DeleteOnClose);
    setIcon(QMessageBox::Question);
    setTextFormat(Qt::PlainText);
    setWindowTitle(dialog->windowTitle());
    setText(tr("Discard what was changed?"));
    setInformativeText(stays);
    QPushButton* const yes = addButton(tr("Discard"), QMessageBox::DestructiveRole);
    yes->setObjectName(QString::fromLatin1(prefix + ".discard"));
    QPushButton* const keep = addButton(tr("Keep editing"), QMessageBox::RejectRole);
    keep->setObjectName(QString::fromLatin1(prefix + ".keepEditing"));
    setDefaultButton(keep);
    setEscapeButton(keep);
    connect(yes, &QPushButton::clicked, this, std::move(discard));
}

} // namespace watchfire::ui
