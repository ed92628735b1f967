// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/loss_list.h"

#include "ui/models/format.h"
#include "ui/pages/import_plan.h"
#include "ui/pages/widgets.h"
#include "ui/theme/state.h"

#include <algorithm>

#include <QHeaderView>
#include <QLabel>
#include <QStyledItemDelegate>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr int rowHeight = 26;

enum Column { whatColumn, placeColumn, remedyColumn };

QString placeText(const config::Fault& fault)
{
    QString place = fromUtf8(fault.file);
    if (fault.line > 0) {
        place += u":%1"_s.arg(fault.line);
    }
    if (fault.column > 0) {
        place += u":%1"_s.arg(fault.column);
    }
    return place;
}

/// Text that does not fit in its column goes on in the next line.
class WrapDelegate final : public QStyledItemDelegate {
public:
    explicit WrapDelegate(QTreeWidget* tree)
        : QStyledItemDelegate(tree)
        , m_tree(tree)
    {
        tree->setWordWrap(true);
        tree->setTextElideMode(Qt::ElideNone);
        connect(tree->header(), &QHeaderView::sectionResized, tree, &QTreeWidget::doItemsLayout);
    }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const int iconWidth = index.column() == 0 ? 24 : 0;
        const QRect room(0, 0, std::max(40, m_tree->columnWidth(index.column()) - 10 - iconWidth),
                         10'000);
        const int height
            = option.fontMetrics.boundingRect(room, Qt::TextWordWrap, index.data().toString())
                  .height();
        return {0, std::max(rowHeight, height + 8)};
    }

private:
    QTreeWidget* m_tree;
};

} // namespace

LossList::LossList(QWidget* parent)
    : QWidget(parent)
    , m_title(plainLabel({}, this))
    , m_list(new QTreeWidget(this))
{
    m_title->setObjectName(u"import.dialog.losses.title"_s);
    m_title->setWordWrap(true);
    m_list->setObjectName(u"import.dialog.losses"_s);
    m_list->setAccessibleName(tr("What is not imported, with its place"));
    m_list->setHeaderLabels({tr("Not imported"), tr("Where"), tr("What helps")});
    m_list->setAllColumnsShowFocus(true);
    m_list->setRootIsDecorated(false);
    m_list->setItemDelegate(new WrapDelegate(m_list));
    m_list->header()->setSectionsMovable(false);
    m_list->setColumnWidth(whatColumn, 300);
    m_list->setColumnWidth(placeColumn, 250);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_title);
    column->addWidget(m_list, 1);
}

void LossList::show(const std::optional<engine::ImportPreview>& preview)
{
    m_list->clear();
    if (!preview) {
        m_title->clear();
        return;
    }
    const bool isFaulty = !preview->faults.empty();
    const auto& list = isFaulty ? preview->faults : preview->losses;
    m_list->headerItem()->setText(whatColumn, isFaulty ? tr("Fault") : tr("Not imported"));
    m_list->setColumnHidden(remedyColumn, isFaulty);
    m_title->setText(
        isFaulty ? tr("%n fault(s): nothing of this file can be imported until they are mended.",
                      nullptr, int(list.size()))
            : list.empty()
            ? tr("Nothing is lost: every key of the files is understood.")
            : tr("%n thing(s) of these files will not be done here:", nullptr, int(list.size())));
    for (const config::Fault& fault : list) {
        const LossText text
            = isFaulty ? LossText{fromUtf8(fault.message), {}} : lossText(fault.message);
        auto* const row = new QTreeWidgetItem(m_list, {text.what, placeText(fault), text.remedy});
        row->setIcon(whatColumn,
                     theme::stateIcon(isFaulty ? theme::State::critical : theme::State::warning));
        for (const int column : {whatColumn, placeColumn, remedyColumn}) {
            // Texts of a tooltip may be read as HTML.
            row->setToolTip(column, row->text(column).toHtmlEscaped());
        }
    }
}

} // namespace watchfire::ui
