// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAccessible>
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QStringList>

namespace watchfire::tests {

/// Controls in `in` that could be used and have no name of their own, or none to read out.
inline QStringList unnamedControls(const QWidget* in)
{
    QStringList unnamed;
    const auto widgets = in->findChildren<QWidget*>();
    for (QWidget* const widget : widgets) {
        const bool isControl = qobject_cast<QAbstractButton*>(widget) != nullptr
            || qobject_cast<QLineEdit*>(widget) != nullptr
            || qobject_cast<QPlainTextEdit*>(widget) != nullptr
            || qobject_cast<QComboBox*>(widget) != nullptr
            || qobject_cast<QAbstractItemView*>(widget) != nullptr;
        if (!isControl || !widget->isVisibleTo(in) || widget->inherits("QHeaderView")
            || widget->objectName().startsWith(QStringLiteral("qt_"))) {
            continue;
        }
        const QWidget* const parent = widget->parentWidget();
        const bool isQtsOwn = parent->inherits("QTabBar") || parent->inherits("QLineEdit")
            || parent->inherits("QTableView") || parent->inherits("QComboBox")
            || parent->inherits("QComboBoxPrivateContainer");
        const QAccessibleInterface* const access = QAccessible::queryAccessibleInterface(widget);
        if (!isQtsOwn
            && (widget->objectName().isEmpty() || access->text(QAccessible::Name).isEmpty())) {
            unnamed << QStringLiteral("%1 \"%2\"")
                           .arg(QString::fromLatin1(widget->metaObject()->className()),
                                widget->objectName());
        }
    }
    return unnamed;
}

} // namespace watchfire::tests
