// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rule_delegate.h"

#include "ui/models/roles.h"
#include "ui/pages/form_fields.h"

#include <QPainter>

namespace watchfire::ui {

void RuleDelegate::paint(QPainter* painter, const QStyleOptionViewItem& given,
                         const QModelIndex& index) const
{
    const bool isSelected = (given.state & QStyle::State_Selected) != 0;
    // On a selected row colours would fight with its own.
    if (!index.data(codeRole).toBool() || isSelected) {
        ItemDelegate::paint(painter, given, index);
        return;
    }
    QStyleOptionViewItem option = given;
    paintBackground(*painter, option, index);
    painter->save();
    QFont font = fixedFont();
    font.setPointSizeF(option.font.pointSizeF());
    m_promql.paint(*painter, option.rect.adjusted(4, 0, -6, 0),
                   index.data(Qt::DisplayRole).toString(), font, option.palette);
    painter->restore();
}

} // namespace watchfire::ui
