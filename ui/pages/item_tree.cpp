// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/item_tree.h"

#include "ui/models/roles.h"
#include "ui/pages/widgets.h"
#include "ui/theme/palette.h"
#include "ui/theme/state.h"

#include <algorithm>

#include <QApplication>
#include <QFontDatabase>
#include <QHeaderView>
#include <QPainter>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr int rowHeight = 28;
/// Beyond this many rows only groups in trouble open by themselves.
constexpr int openAllBelow = 200;

/// Keeps right-aligned titles off the left-aligned ones behind them.
class TreeHeader final : public QHeaderView {
public:
    using QHeaderView::QHeaderView;

protected:
    void initStyleOptionForIndex(QStyleOptionHeader* option, int section) const override
    {
        QHeaderView::initStyleOptionForIndex(option, section);
        if ((option->textAlignment & Qt::AlignRight) != 0) {
            option->text += QChar(0x2002);
        }
    }
};

} // namespace

ItemDelegate::ItemDelegate(QObject* parent)
    : QStyledItemDelegate(parent)
{
}

QColor ItemDelegate::textColor(const QStyleOptionViewItem& option, bool muted)
{
    if ((option.state & QStyle::State_Selected) != 0) {
        return option.palette.color((option.state & QStyle::State_Active) != 0 ? QPalette::Active
                                                                               : QPalette::Inactive,
                                    QPalette::HighlightedText);
    }
    return option.palette.color(muted ? QPalette::PlaceholderText : QPalette::Text);
}

void ItemDelegate::paintShapeOf(QPainter& painter, const QRect& rect, theme::State state,
                                const QStyleOptionViewItem& option)
{
    if ((option.state & QStyle::State_Selected) != 0) {
        theme::paintShape(painter, rect, theme::stateShape(state), textColor(option, false));
    } else {
        theme::paintState(painter, rect, state, theme::schemeOf(option.palette));
    }
}

void ItemDelegate::paintBackground(QPainter& painter, QStyleOptionViewItem& option,
                                   const QModelIndex& index) const
{
    initStyleOption(&option, index);
    option.text.clear();
    option.icon = {};
    const QWidget* const widget = option.widget;
    QStyle* const style = widget != nullptr ? widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &option, &painter, widget);
}

void ItemDelegate::paint(QPainter* painter, const QStyleOptionViewItem& given,
                         const QModelIndex& index) const
{
    QStyleOptionViewItem option = given;
    paintBackground(*painter, option, index);
    const bool isGroup = !index.parent().isValid() && index.model()->hasChildren(index);
    painter->save();
    QRect rect = option.rect.adjusted(4, 0, -6, 0);
    const QVariant stateValue = index.data(stateRole);
    if (stateValue.isValid()) {
        if (const auto shape = shapeOf(ItemState(stateValue.toInt()))) {
            const QRect place(rect.left(), rect.center().y() - shapeSize / 2 + 1, shapeSize,
                              shapeSize);
            paintShapeOf(*painter, place, *shape, option);
            rect.setLeft(rect.left() + shapeSize + 6);
        }
    }
    QFont font = option.font;
    if (isGroup) {
        font.setBold(true);
    } else if (index.data(codeRole).toBool()) {
        font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
        font.setPointSizeF(option.font.pointSizeF());
    }
    painter->setFont(font);
    painter->setPen(textColor(option, index.data(mutedRole).toBool()));
    const QFontMetrics metrics(font);
    const QString text = index.data(Qt::DisplayRole).toString();
    const Qt::Alignment alignment = option.displayAlignment | Qt::AlignVCenter;
    painter->drawText(rect, int(alignment) | Qt::TextSingleLine,
                      metrics.elidedText(text, Qt::ElideRight, rect.width()));
    if (isGroup) {
        rect.setLeft(rect.left() + metrics.horizontalAdvance(text) + 12);
        painter->setFont(option.font);
        painter->setPen(textColor(option, true));
        const QFontMetrics plain(option.font);
        painter->drawText(
            rect, int(Qt::AlignLeft | Qt::AlignVCenter) | Qt::TextSingleLine,
            plain.elidedText(index.data(summaryRole).toString(), Qt::ElideRight, rect.width()));
    }
    painter->restore();
}

QSize ItemDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QFontMetrics metrics(option.font);
    const int shape = index.data(stateRole).isValid() ? shapeSize + 6 : 0;
    return {metrics.horizontalAdvance(index.data(Qt::DisplayRole).toString()) + shape + 16,
            std::max(rowHeight, metrics.height() + 8)};
}

ItemTree::ItemTree(const char* objectName, QWidget* parent)
    : QTreeView(parent)
{
    setObjectName(QString::fromLatin1(objectName));
    setHeader(new TreeHeader(Qt::Horizontal, this));
    setItemDelegate(new ItemDelegate(this));
    setUniformRowHeights(true);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setSortingEnabled(false);
    setAllColumnsShowFocus(true);
    setFrameShape(QFrame::NoFrame);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setIndentation(18);
    header()->setHighlightSections(false);
    header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header()->setStretchLastSection(true);
    connect(this, &QTreeView::activated, this, [this](const QModelIndex& index) {
        if (index.parent().isValid()) {
            emit rowActivated(index.data(idRole).toULongLong());
        }
    });
}

void ItemTree::setModel(QAbstractItemModel* model)
{
    // Connected before the view itself connects, which moves the current row away from those that
    // go: that is no choice of a person's.
    connect(model, &QAbstractItemModel::rowsAboutToBeRemoved, this, [this] { m_leaving = true; });
    QTreeView::setModel(model);
    connect(model, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex& parent, int first, int last) {
                if (!parent.isValid()) {
                    dressGroups(first, last);
                }
                findWanted();
            });
    connect(model, &QAbstractItemModel::rowsRemoved, this, [this] {
        m_leaving = false;
        // What is only replaced comes back within this turn of the event loop.
        QTimer::singleShot(0, this, [this] {
            if (m_wanted != currentId()) {
                m_wanted = currentId();
                emit currentIdChanged(m_wanted);
            }
        });
    });
    dressGroups(0, model->rowCount() - 1);

    header()->setSectionsClickable(true);
    connect(header(), &QHeaderView::sectionClicked, this, [this](int section) {
        if (!isSortable(section)) {
            return;
        }
        // Ascending, descending, as the snapshot has it.
        const bool same
            = header()->isSortIndicatorShown() && header()->sortIndicatorSection() == section;
        if (!same) {
            header()->setSortIndicatorShown(true);
            header()->setSortIndicator(section, Qt::AscendingOrder);
            this->model()->sort(section, Qt::AscendingOrder);
        } else if (header()->sortIndicatorOrder() == Qt::AscendingOrder) {
            header()->setSortIndicator(section, Qt::DescendingOrder);
            this->model()->sort(section, Qt::DescendingOrder);
        } else {
            header()->setSortIndicatorShown(false);
            this->model()->sort(-1);
        }
    });
}

void ItemTree::setColumns(const QList<int>& widths, UiState& state)
{
    for (int i = 0; i < widths.size(); ++i) {
        if (widths[i] > 0) {
            header()->resizeSection(i, widths[i]);
        } else {
            header()->setSectionResizeMode(i, QHeaderView::Stretch);
            header()->setStretchLastSection(false);
        }
    }
    const QString key = objectName().replace(u'.', u'/') + u"/columns"_s;
    const QVariantList kept = state.value(key).toList();
    if (kept.size() == widths.size()) {
        for (int i = 0; i < kept.size(); ++i) {
            // A column that was hidden has no width.
            if (const int width = kept[i].toInt(); widths[i] > 0 && width >= 24) {
                header()->resizeSection(i, width);
            }
        }
    }
    connect(header(), &QHeaderView::sectionResized, this, [this, key, &state] {
        QVariantList now;
        for (int i = 0; i < header()->count(); ++i) {
            now << header()->sectionSize(i);
        }
        state.setValue(key, now);
    });
}

void ItemTree::dressGroups(int first, int last)
{
    int rows = 0;
    for (int i = 0; i < model()->rowCount(); ++i) {
        rows += model()->rowCount(model()->index(i, 0));
    }
    for (int row = first; row <= last; ++row) {
        const QModelIndex group = model()->index(row, 0);
        setFirstColumnSpanned(row, {}, true);
        const auto state = ItemState(group.data(stateRole).toInt());
        const bool inTrouble = state == ItemState::critical || state == ItemState::warning;
        if (rows <= openAllBelow || inTrouble) {
            setExpanded(group, true);
        }
    }
}

std::uint64_t ItemTree::currentId() const
{
    const QModelIndex current = currentIndex();
    return current.parent().isValid() ? current.data(idRole).toULongLong() : 0;
}

void ItemTree::select(std::uint64_t id)
{
    m_wanted = id;
    findWanted();
}

void ItemTree::findWanted()
{
    if (m_wanted == 0 || currentId() == m_wanted) {
        return;
    }
    if (const QModelIndex index = indexOf(m_wanted); index.isValid()) {
        setExpanded(index.parent(), true);
        setCurrentIndex(index);
    }
}

QModelIndex ItemTree::indexOf(std::uint64_t id) const
{
    for (int i = 0; i < model()->rowCount(); ++i) {
        const QModelIndex group = model()->index(i, 0);
        for (int row = 0; row < model()->rowCount(group); ++row) {
            const QModelIndex index = model()->index(row, 0, group);
            if (index.data(idRole).toULongLong() == id) {
                return index;
            }
        }
    }
    return {};
}

void ItemTree::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTreeView::currentChanged(current, previous);
    if (m_leaving) {
        return;
    }
    m_wanted = current.parent().isValid() ? current.data(idRole).toULongLong() : 0;
    emit currentIdChanged(m_wanted);
}

void ItemTree::drawBranches(QPainter* painter, const QRect& rect, const QModelIndex& index) const
{
    // Rows have no lines to their group: the indent says it.
    if (!index.parent().isValid()) {
        QTreeView::drawBranches(painter, rect, index);
    }
}

} // namespace watchfire::ui
