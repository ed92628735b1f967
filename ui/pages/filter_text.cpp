// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/filter_text.h"

#include <QLineEdit>
#include <QStringList>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

QString withState(const QString& text, const QString& state)
{
    QStringList words = text.split(u' ', Qt::SkipEmptyParts);
    words.removeIf([](const QString& word) { return word.startsWith("state:"_L1); });
    if (!state.isEmpty()) {
        words.prepend(u"state:"_s + state);
    }
    return words.join(u' ');
}

bool hasState(const QString& text, const QString& state)
{
    return text.split(u' ').contains(u"state:"_s + state);
}

QToolButton* chipButton(const char* objectName, std::optional<theme::State> shape, QWidget* parent)
{
    auto* const made = new QToolButton(parent);
    made->setObjectName(QString::fromLatin1(objectName));
    made->setCheckable(true);
    made->setAutoRaise(true);
    made->setMinimumHeight(28);
    made->setIconSize(QSize(14, 14));
    made->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    made->setFocusPolicy(Qt::TabFocus);
    if (shape) {
        made->setIcon(theme::stateIcon(*shape));
    }
    return made;
}

void toggleState(QToolButton* button, QLineEdit* box, const QString& state)
{
    QObject::connect(button, &QToolButton::clicked, box, [box, state] {
        box->setText(withState(box->text(), hasState(box->text(), state) ? QString() : state));
    });
}

} // namespace watchfire::ui
