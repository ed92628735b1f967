// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"

#include <optional>

#include <QWidget>

class QLabel;
class QTreeWidget;

namespace watchfire::ui {

/// Every key of a file that would be lost, with its place and what helps; or, of a file with
/// faults, those.
class LossList final : public QWidget {
    Q_OBJECT

public:
    explicit LossList(QWidget* parent = nullptr);

    /// Nothing: no file is read.
    void show(const std::optional<engine::ImportPreview>& preview);

private:
    QLabel* m_title;
    QTreeWidget* m_list;
};

} // namespace watchfire::ui
