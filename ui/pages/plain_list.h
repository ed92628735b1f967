// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

class QTreeWidget;
class QWidget;

namespace watchfire::ui {

/// A short list or tree of texts, one row selected at most, nothing edited in it.
QTreeWidget* plainList(const char* objectName, const QString& accessibleName,
                       const QStringList& headers, QWidget* parent);

} // namespace watchfire::ui
