// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/client_form.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;

namespace watchfire::ui {

/// A secret to be typed, shown as dots, or the file it stands in; under it, where it is kept.
class SecretEdit final : public QWidget {
    Q_OBJECT

public:
    SecretEdit(const QString& objectName, const QString& accessibleName, QWidget* parent = nullptr);

    /// `kept`: what is there already and is never shown.
    void fill(const SecretForm& form, const KeptSecret& kept);
    SecretForm form() const;
    /// Shown in the empty field while nothing is kept.
    void setExample(const QString& example);

signals:
    void edited();

private:
    void tell();

    QLineEdit* m_typed;
    QLineEdit* m_file;
    QComboBox* m_from;
    QLabel* m_place;
    KeptSecret m_kept;
    QString m_example;
};

} // namespace watchfire::ui
