// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/plain_list.h"

#include <QHeaderView>
#include <QTreeWidget>

namespace watchfire::ui {

QTreeWidget* plainList(const char* objectName, const QString& accessibleName,
                       const QStringList& headers, QWidget* parent)
{
    auto* const tree = new QTreeWidget(parent);
    tree->setObjectName(QString::fromLatin1(objectName));
    tree->setAccessibleName(accessibleName);
    tree->setHeaderLabels(headers);
    tree->setUniformRowHeights(true);
    tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    tree->setAllColumnsShowFocus(true);
    tree->setFrameShape(QFrame::NoFrame);
    tree->header()->setStretchLastSection(true);
    return tree;
}

} // namespace watchfire::ui
