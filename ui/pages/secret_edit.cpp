// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/secret_edit.h"

#include "ui/pages/form_fields.h"
#include "ui/pages/widgets.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

SecretEdit::SecretEdit(const QString& objectName, const QString& accessibleName, QWidget* parent)
    : QWidget(parent)
    , m_typed(lineEdit(objectName, accessibleName, this))
    , m_file(lineEdit(objectName + u".file"_s, tr("%1: file").arg(accessibleName), this))
    , m_from(choiceBox(objectName + u".from"_s, tr("%1: typed or in a file").arg(accessibleName),
                       {tr("Typed here"), tr("In a file")}, {}, this))
    , m_place(mutedLabel({}, this))
{
    setMinimumHeight(m_typed->minimumHeight());
    m_typed->setEchoMode(QLineEdit::Password);
    m_typed->setInputMethodHints(Qt::ImhHiddenText | Qt::ImhNoPredictiveText
                                 | Qt::ImhNoAutoUppercase | Qt::ImhSensitiveData);
    m_file->setPlaceholderText(u"/etc/watchfire/secret"_s);
    m_file->hide();
    m_place->setObjectName(objectName + u".place"_s);
    m_place->setWordWrap(true);

    auto* const row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_typed, 1);
    row->addWidget(m_file, 1);
    row->addWidget(m_from);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addLayout(row);
    column->addWidget(m_place);

    for (QLineEdit* const edit : {m_typed, m_file}) {
        connect(edit, &QLineEdit::textEdited, this, [this] {
            tell();
            emit edited();
        });
    }
    connect(m_from, &QComboBox::activated, this, [this] {
        tell();
        (m_file->isVisibleTo(this) ? m_file : m_typed)->setFocus();
        emit edited();
    });
    tell();
}

void SecretEdit::fill(const SecretForm& form, const KeptSecret& kept)
{
    m_kept = kept;
    m_typed->setText(form.typed);
    m_file->setText(form.file);
    m_from->setCurrentIndex(form.isFile ? 1 : 0);
    tell();
}

SecretForm SecretEdit::form() const
{
    return {
        .isFile = m_from->currentIndex() == 1, .typed = m_typed->text(), .file = m_file->text()};
}

void SecretEdit::setExample(const QString& example)
{
    m_example = example;
    tell();
}

void SecretEdit::tell()
{
    const SecretForm now = form();
    m_typed->setVisible(!now.isFile);
    m_file->setVisible(now.isFile);
    m_typed->setPlaceholderText(m_kept.secret.empty() ? m_example : tr("•••••••• unchanged"));
    const QString place = secretPlace(now, m_kept);
    m_place->setText(place);
    m_place->setVisible(!place.isEmpty());
}

} // namespace watchfire::ui
