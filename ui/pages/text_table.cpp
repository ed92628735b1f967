// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/text_table.h"

#include "ui/pages/form_fields.h"
#include "ui/pages/widgets.h"
#include "ui/theme/palette.h"

#include <algorithm>

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr int heightOfRow = 28;

class CellDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem&,
                          const QModelIndex& index) const override
    {
        const auto* const model = qobject_cast<const TextTableModel*>(index.model());
        const TableColumn& column = model->columns()[std::size_t(index.column())];
        auto* const self = const_cast<CellDelegate*>(this); // its signals
        if (!column.choices.isEmpty()) {
            auto* const box = new QComboBox(parent);
            box->addItems(column.choices);
            box->setAccessibleName(column.title);
            connect(box, &QComboBox::activated, self, [self, box] { emit self->commitData(box); });
            return box;
        }
        auto* const edit = new QLineEdit(parent);
        edit->setFrame(false);
        edit->setAutoFillBackground(true);
        edit->setFont(fixedFont());
        edit->setAccessibleName(column.title);
        if (model->isSecret(index)) {
            edit->setEchoMode(QLineEdit::Password);
        }
        connect(edit, &QLineEdit::textEdited, self, [self, edit] { emit self->commitData(edit); });
        return edit;
    }

    void setEditorData(QWidget* editor, const QModelIndex& index) const override
    {
        const QString text = index.data(Qt::EditRole).toString();
        if (auto* const box = qobject_cast<QComboBox*>(editor)) {
            box->setCurrentText(text);
        } else if (auto* const edit = qobject_cast<QLineEdit*>(editor);
                   edit != nullptr && edit->text() != text) {
            edit->setText(text); // its own keys come back here, too: the cursor must not jump
        }
    }

    void setModelData(QWidget* editor, QAbstractItemModel* model,
                      const QModelIndex& index) const override
    {
        if (const auto* const box = qobject_cast<QComboBox*>(editor)) {
            model->setData(index, box->currentText(), Qt::EditRole);
        } else if (const auto* const edit = qobject_cast<QLineEdit*>(editor)) {
            model->setData(index, edit->text(), Qt::EditRole);
        }
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        if (!index.data(Qt::DecorationRole).isNull()) {
            painter->setPen(QPen(
                theme::stateColor(theme::State::critical, theme::schemeOf(option.palette)), 2));
            painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
        }
    }
};

/// Says why it is empty, and moves rows by Alt and the arrows.
class TableView final : public QTableView {
public:
    TableView(QString none, TextTableModel* model, bool isOrdered, QWidget* parent)
        : QTableView(parent)
        , m_none(std::move(none))
        , m_model(model)
        , m_isOrdered(isOrdered)
    {
    }

    /// A few rows; it grows where there is room.
    QSize sizeHint() const override
    {
        return {240, horizontalHeader()->sizeHint().height() + 3 * heightOfRow + 2 * frameWidth()};
    }
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override
    {
        QTableView::paintEvent(event);
        if (model()->rowCount() == 0) {
            QPainter painter(viewport());
            painter.setPen(palette().color(QPalette::PlaceholderText));
            painter.drawText(viewport()->rect().adjusted(12, 8, -12, -8),
                             Qt::AlignCenter | Qt::TextWordWrap, m_none);
        }
    }

    void keyPressEvent(QKeyEvent* event) override
    {
        const bool isMove = event->modifiers() == Qt::AltModifier
            && (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down);
        if (isMove && m_isOrdered && currentIndex().isValid()) {
            const int row = currentIndex().row();
            m_model->move(row, event->key() == Qt::Key_Up ? row - 1 : row + 1);
        } else if (event->key() == Qt::Key_Delete && event->modifiers() == Qt::NoModifier
                   && currentIndex().isValid()) {
            m_model->remove(currentIndex().row());
        } else {
            QTableView::keyPressEvent(event);
        }
    }

private:
    QString m_none;
    TextTableModel* m_model;
    bool m_isOrdered;
};

} // namespace

TextTable::TextTable(const char* objectName, const Words& words, std::vector<TableColumn> columns,
                     const QStringList& newRow, bool isOrdered, QWidget* parent)
    : QWidget(parent)
    , m_newRow(newRow)
    , m_model(new TextTableModel(std::move(columns), this))
    , m_view(new TableView(words.none, m_model, isOrdered, this))
{
    setObjectName(QString::fromLatin1(objectName) + u".box"_s);
    m_view->setObjectName(QString::fromLatin1(objectName));
    m_view->setAccessibleName(words.name);
    m_view->setModel(m_model);
    m_view->setItemDelegate(new CellDelegate(m_view));
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::SelectedClicked
                            | QAbstractItemView::EditKeyPressed | QAbstractItemView::AnyKeyPressed);
    m_view->setTabKeyNavigation(false);
    m_view->setWordWrap(false);
    m_view->setShowGrid(true);
    m_view->verticalHeader()->setVisible(isOrdered);
    m_view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_view->verticalHeader()->setDefaultSectionSize(heightOfRow);
    m_view->horizontalHeader()->setHighlightSections(false);
    m_view->horizontalHeader()->setMinimumSectionSize(32);
    for (std::size_t i = 0; i < m_model->columns().size(); ++i) {
        const int width = m_model->columns()[i].width;
        m_view->horizontalHeader()->setSectionResizeMode(
            int(i), width == 0 ? QHeaderView::Stretch : QHeaderView::Interactive);
        if (width > 0) {
            m_view->setColumnWidth(int(i), width);
        }
    }
    if (isOrdered) {
        m_view->setDragEnabled(true);
        m_view->setAcceptDrops(true);
        m_view->setDragDropMode(QAbstractItemView::InternalMove);
        m_view->setDragDropOverwriteMode(false);
        m_view->setDropIndicatorShown(true);
    }

    auto* const buttons = new QHBoxLayout;
    buttons->setContentsMargins(0, 0, 0, 0);
    buttons->setSpacing(4);
    QToolButton* const add = addButton(tr("Add %1").arg(words.row), "add", ".add");
    m_duplicate = addButton(tr("Duplicate %1").arg(words.row), "copy", ".duplicate");
    m_remove = addButton(tr("Remove %1").arg(words.row), "delete", ".remove");
    if (isOrdered) {
        m_up = addButton(tr("Move %1 up").arg(words.row), "up", ".up");
        m_down = addButton(tr("Move %1 down").arg(words.row), "down", ".down");
    }
    for (QToolButton* const each : {add, m_duplicate, m_remove, m_up, m_down}) {
        if (each != nullptr) {
            buttons->addWidget(each);
        }
    }
    buttons->addStretch(1);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_view, 1);
    column->addLayout(buttons);

    connect(add, &QToolButton::clicked, this, [this] {
        const int row = currentRow();
        addRow({m_newRow, -1}, row < 0 ? m_model->rowCount() : row + 1, true);
    });
    connect(m_duplicate, &QToolButton::clicked, this, [this] {
        const int row = currentRow();
        if (row >= 0) {
            addRow({m_model->rows()[std::size_t(row)].cells, -1}, row + 1, false);
        }
    });
    connect(m_remove, &QToolButton::clicked, this, [this] {
        const int row = currentRow();
        if (row >= 0) {
            m_model->remove(row);
            select(std::min(row, m_model->rowCount() - 1));
        }
    });
    if (isOrdered) {
        connect(m_up, &QToolButton::clicked, this,
                [this] { m_model->move(currentRow(), currentRow() - 1); });
        connect(m_down, &QToolButton::clicked, this,
                [this] { m_model->move(currentRow(), currentRow() + 1); });
    }
    connect(m_model, &TextTableModel::moved, this, [this](int to) { select(to); });
    connect(m_model, &TextTableModel::edited, this, [this] {
        updateButtons();
        m_view->viewport()->update();
        emit edited();
    });
    connect(m_model, &QAbstractItemModel::modelReset, this, &TextTable::updateButtons);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& now) {
                updateButtons();
                emit currentChanged(now.row(), now.column());
            });
    updateButtons();
}

QToolButton* TextTable::addButton(const QString& text, const char* icon, const char* part)
{
    return toolButton(text, icon,
                      (m_view->objectName() + QString::fromLatin1(part)).toLatin1().constData(),
                      this);
}

int TextTable::currentRow() const
{
    return m_view->currentIndex().row();
}

void TextTable::select(int row, int column)
{
    m_view->setCurrentIndex(m_model->index(row, column));
}

void TextTable::updateButtons()
{
    const int row = currentRow();
    m_duplicate->setEnabled(row >= 0);
    m_remove->setEnabled(row >= 0);
    if (m_up != nullptr) {
        m_up->setEnabled(row > 0);
        m_down->setEnabled(row >= 0 && row + 1 < m_model->rowCount());
    }
}

void TextTable::addRow(const TableRow& row, int at, bool edits)
{
    m_model->insert(at, row);
    // The first cell that is typed into rather than chosen.
    int column = 0;
    while (edits && column + 1 < m_model->columnCount()
           && !m_model->columns()[std::size_t(column)].choices.isEmpty()) {
        ++column;
    }
    select(at, edits ? column : 0);
    if (edits) {
        m_view->setFocus();
        m_view->edit(m_view->currentIndex());
    }
}

} // namespace watchfire::ui
