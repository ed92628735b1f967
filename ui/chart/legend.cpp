// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/legend.h"

#include "ui/theme/icons.h"
#include "ui/theme/palette.h"

#include <algorithm>
#include <array>

#include <QApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui::chart {

namespace {

constexpr int lineHeight = 24;
constexpr int swatch = 22;

/// The name with a piece of its line before it; hidden series are muted and their piece hollow.
class NameDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    PictureStyle style;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        QStyleOptionViewItem cell = option;
        initStyleOption(&cell, index);
        const QString text = cell.text;
        cell.text.clear();
        const QStyle* const look
            = cell.widget != nullptr ? cell.widget->style() : QApplication::style();
        look->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);

        const bool shown = index.data(LegendModel::ShownRole).toBool();
        const auto slot = index.data(LegendModel::SlotRole).toUInt();
        const QColor color(slotColor(style, slot));
        const QRect rect = cell.rect.adjusted(6, 0, -4, 0);
        const double y = rect.center().y() + 0.5;
        painter->save();
        if (shown) {
            QPen pen(color, 3, Qt::SolidLine, Qt::FlatCap);
            if (slotDash(style, slot, std::size_t(index.row())) > 0) {
                pen.setDashPattern({1.4, 0.9});
            }
            painter->setPen(pen);
            painter->drawLine(QPointF(rect.left(), y), QPointF(rect.left() + swatch - 7, y));
        } else {
            painter->setPen(QPen(color, 1));
            painter->setBrush(Qt::NoBrush);
            painter->drawRect(QRectF(rect.left() + 0.5, y - 2, swatch - 8, 4));
        }
        const bool selected = cell.state.testFlag(QStyle::State_Selected);
        painter->setPen(
            shown ? cell.palette.color(selected ? QPalette::HighlightedText : QPalette::Text)
                  : theme::mutedText(cell.palette));
        painter->setFont(cell.font);
        const QRect words = rect.adjusted(swatch, 0, 0, 0);
        painter->drawText(words, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                          cell.fontMetrics.elidedText(text, Qt::ElideMiddle, words.width()));
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const QSize text = QStyledItemDelegate::sizeHint(option, index);
        return {text.width() + swatch + 12, lineHeight};
    }
};

} // namespace

LegendTable::LegendTable(QWidget* parent)
    : QTableView(parent)
{
    setMouseTracking(true);
    setSelectionMode(QAbstractItemView::NoSelection);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setFrameShape(QFrame::NoFrame);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(lineHeight);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(true);
    horizontalHeader()->setSortIndicatorClearable(true);
    horizontalHeader()->setMinimumSectionSize(48);
    horizontalHeader()->setSortIndicator(-1, Qt::DescendingOrder);
    setSortingEnabled(true);
}

void LegendTable::mousePressEvent(QMouseEvent* event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    if (event->button() != Qt::LeftButton || !index.isValid()) {
        QTableView::mousePressEvent(event);
        return;
    }
    setCurrentIndex(index);
    emit rowClicked(index.row(), event->modifiers());
}

void LegendTable::mouseDoubleClickEvent(QMouseEvent* event)
{
    mousePressEvent(event); // two quick clicks are two clicks
}

void LegendTable::mouseMoveEvent(QMouseEvent* event)
{
    emit rowHovered(indexAt(event->position().toPoint()).row());
}

void LegendTable::keyPressEvent(QKeyEvent* event)
{
    if (currentIndex().isValid()) {
        if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
            emit rowClicked(currentIndex().row(), Qt::NoModifier);
            return;
        }
        if (event->key() == Qt::Key_Space) {
            emit rowClicked(currentIndex().row(), Qt::ControlModifier);
            return;
        }
    }
    QTableView::keyPressEvent(event);
}

bool LegendTable::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::Leave) {
        emit rowHovered(-1);
    }
    return QTableView::viewportEvent(event);
}

void LegendTable::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTableView::currentChanged(current, previous);
    if (hasFocus()) {
        emit rowHovered(current.row()); // the keyboard points too
    }
}

Legend::Legend(QWidget* parent)
    : QWidget(parent)
    , m_model(new LegendModel(this))
    , m_table(new LegendTable)
    , m_search(new QLineEdit)
    , m_count(new QLabel)
{
    m_search->setObjectName(u"legend.search"_s);
    m_search->setPlaceholderText(tr("Find series"));
    m_search->setAccessibleName(tr("Find series"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(theme::icon("search"), QLineEdit::LeadingPosition);
    m_table->setObjectName(u"legend.table"_s);
    m_table->setAccessibleName(tr("Series"));
    m_table->setModel(m_model);
    m_table->setItemDelegateForColumn(LegendModel::name, new NameDelegate(m_table));
    QFont figures = m_table->font();
    figures.setFeature("tnum", 1);
    m_table->setFont(figures);
    m_table->horizontalHeader()->setSectionResizeMode(LegendModel::name, QHeaderView::Stretch);
    for (int column = LegendModel::last; column < LegendModel::columnCount_; ++column) {
        m_table->horizontalHeader()->setSectionResizeMode(column, QHeaderView::Fixed);
    }
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_count->setTextFormat(Qt::PlainText);
    m_count->setForegroundRole(QPalette::PlaceholderText);

    auto* const top = new QHBoxLayout;
    top->addWidget(m_search, 1);
    top->addWidget(m_count);
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 4, 4, 4);
    layout->setSpacing(4);
    layout->addLayout(top);
    layout->addWidget(m_table, 1);

    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& words) {
        m_model->setFilter(words);
        recount();
    });
    connect(m_table, &LegendTable::rowClicked, this, &Legend::choose);
    connect(m_table, &LegendTable::rowHovered, this, [this](int row) {
        emit hovered(row < 0 || row >= m_model->rowCount() ? -1 : qint64(m_model->seriesAt(row)));
    });
}

void Legend::setPrepared(std::shared_ptr<const Prepared> prepared)
{
    if (prepared == m_prepared) {
        return;
    }
    m_prepared = std::move(prepared);
    const int scroll = m_table->verticalScrollBar()->value();
    m_model->setPrepared(m_prepared);
    m_table->verticalScrollBar()->setValue(scroll);
    recount();
    fitColumns();
}

void Legend::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitColumns();
}

void Legend::fitColumns()
{
    constexpr int looked = 60; // rows that stand for all
    constexpr int leastName = 130;
    const QFontMetrics metrics = m_table->fontMetrics();
    std::array<int, LegendModel::columnCount_> widths{};
    for (int column = LegendModel::last; column < LegendModel::columnCount_; ++column) {
        int width = metrics.horizontalAdvance(
            m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        for (int row = 0; row < std::min(looked, m_model->rowCount()); ++row) {
            const QString text = m_model->index(row, column).data(Qt::DisplayRole).toString();
            width = std::max(width, metrics.horizontalAdvance(text));
        }
        widths[std::size_t(column)] = width + 18;
    }
    int room = m_table->viewport()->width() - leastName;
    for (const int column :
         {LegendModel::last, LegendModel::max, LegendModel::average, LegendModel::min}) {
        const int width = widths[std::size_t(column)];
        m_table->setColumnHidden(column, width > room);
        if (width <= room) {
            room -= width;
            m_table->horizontalHeader()->resizeSection(column, width);
        }
    }
}

void Legend::setStyleOfLines(const PictureStyle& style)
{
    static_cast<NameDelegate*>(m_table->itemDelegateForColumn(LegendModel::name))->style = style;
    m_table->viewport()->update();
}

void Legend::setVisibility(const Visibility& visibility)
{
    m_visibility = visibility;
    m_model->setVisibility(visibility);
    recount();
}

void Legend::change(Visibility visibility)
{
    setVisibility(visibility);
    emit visibilityChanged(m_visibility);
}

void Legend::choose(int row, Qt::KeyboardModifiers modifiers)
{
    const std::uint64_t hash = m_model->hashAt(row);
    Visibility next = m_visibility;
    if (modifiers.testFlag(Qt::ShiftModifier) && m_anchor) {
        int from = 0;
        while (from < m_model->rowCount() && m_model->hashAt(from) != *m_anchor) {
            ++from;
        }
        from = from < m_model->rowCount() ? from : row;
        if (!next.only) {
            next = {.only = true, .marked = {}};
        }
        for (int i = std::min(from, row); i <= std::max(from, row); ++i) {
            next.marked.insert(m_model->hashAt(i));
        }
    } else if (modifiers.testFlag(Qt::ControlModifier)) {
        if (next.marked.erase(hash) == 0) {
            next.marked.insert(hash);
        }
        m_anchor = hash;
    } else {
        const bool alone = next.only && next.marked.size() == 1 && next.marked.contains(hash);
        next = alone ? Visibility{} : Visibility{.only = true, .marked = {hash}};
        m_anchor = hash;
    }
    if (next.only && next.marked.empty()) {
        next = {}; // nothing at all is never what somebody wants to see
    }
    change(std::move(next));
}

void Legend::recount()
{
    const std::size_t all = m_prepared != nullptr ? m_prepared->series.size() : 0;
    const auto rows = std::size_t(m_model->rowCount());
    m_count->setText(rows == all ? tr("%Ln series", nullptr, int(all))
                                 : tr("%L1 of %L2").arg(rows).arg(all));
}

} // namespace watchfire::ui::chart
