// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/editor/promql_painter.h"
#include "ui/pages/item_tree.h"

namespace watchfire::ui {

/// Cells of rules: expressions are coloured as in the editor.
class RuleDelegate final : public ItemDelegate {
    Q_OBJECT

public:
    using ItemDelegate::ItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

private:
    mutable editor::PromqlPainter m_promql; ///< paint() is const
};

} // namespace watchfire::ui
