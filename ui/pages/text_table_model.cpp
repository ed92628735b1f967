// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/text_table_model.h"

#include "ui/pages/form_fields.h"
#include "ui/theme/state.h"

#include <algorithm>

#include <QApplication>
#include <QFont>
#include <QIODevice>
#include <QMimeData>
#include <QPalette>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr auto rowMime = "application/x-watchfire-row"_L1;

} // namespace

TextTableModel::TextTableModel(std::vector<TableColumn> columns, QObject* parent)
    : QAbstractTableModel(parent)
    , m_columns(std::move(columns))
{
}

void TextTableModel::setRows(std::vector<TableRow> rows)
{
    if (rows == m_rows) {
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    m_faults.clear();
    endResetModel();
}

void TextTableModel::setFaults(std::vector<std::map<int, QString>> faults)
{
    if (faults == m_faults) {
        return;
    }
    m_faults = std::move(faults);
    if (!m_rows.empty()) {
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1),
                         {Qt::DecorationRole, Qt::ToolTipRole, Qt::AccessibleDescriptionRole});
    }
}

QString TextTableModel::fault(const QModelIndex& index) const
{
    if (!index.isValid() || std::size_t(index.row()) >= m_faults.size()) {
        return {};
    }
    const auto& faults = m_faults[std::size_t(index.row())];
    const auto found = faults.find(index.column());
    return found == faults.end() ? QString() : found->second;
}

void TextTableModel::setUsed(std::function<bool(const TableRow&, int)> used)
{
    m_used = std::move(used);
}

void TextTableModel::setSecret(std::function<bool(const TableRow&, int)> secret)
{
    m_secret = std::move(secret);
}

bool TextTableModel::isUsed(const QModelIndex& index) const
{
    return !m_used || m_used(m_rows[std::size_t(index.row())], index.column());
}

bool TextTableModel::isSecret(const QModelIndex& index) const
{
    return m_secret && m_secret(m_rows[std::size_t(index.row())], index.column());
}

void TextTableModel::insert(int at, TableRow row)
{
    beginInsertRows({}, at, at);
    m_rows.insert(m_rows.begin() + at, std::move(row));
    if (std::size_t(at) <= m_faults.size()) {
        m_faults.insert(m_faults.begin() + at, std::map<int, QString>());
    }
    endInsertRows();
    emit edited();
}

void TextTableModel::remove(int row)
{
    beginRemoveRows({}, row, row);
    m_rows.erase(m_rows.begin() + row);
    if (std::size_t(row) < m_faults.size()) {
        m_faults.erase(m_faults.begin() + row);
    }
    endRemoveRows();
    emit edited();
}

void TextTableModel::move(int row, int to)
{
    to = std::clamp(to, 0, rowCount() - 1);
    if (row == to || row < 0 || row >= rowCount()) {
        return;
    }
    beginMoveRows({}, row, row, {}, to > row ? to + 1 : to);
    const auto shift = [&](auto& list) {
        auto taken = std::move(list[std::size_t(row)]);
        list.erase(list.begin() + row);
        list.insert(list.begin() + to, std::move(taken));
    };
    shift(m_rows);
    m_faults.resize(m_rows.size());
    shift(m_faults);
    endMoveRows();
    emit moved(to);
    emit edited();
}

int TextTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int TextTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_columns.size());
}

QVariant TextTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) {
        return {};
    }
    const QString& cell = m_rows[std::size_t(index.row())].cells[index.column()];
    const bool used = isUsed(index);
    switch (role) {
    case Qt::DisplayRole:
        if (!used) {
            return u"–"_s;
        }
        return isSecret(index)
            ? (cell.isEmpty() ? tr("•••••••• unchanged") : QString(cell.size(), u'•'))
            : cell;
    case Qt::EditRole:
        return cell;
    case Qt::FontRole:
        return m_columns[std::size_t(index.column())].choices.isEmpty() ? QVariant(fixedFont())
                                                                        : QVariant();
    case Qt::ForegroundRole:
        return used ? QVariant() : QVariant(QApplication::palette().placeholderText());
    case Qt::DecorationRole:
        return fault(index).isEmpty() ? QVariant()
                                      : QVariant(theme::stateIcon(theme::State::critical));
    case Qt::ToolTipRole: {
        const QString text = fault(index);
        // Texts of a tooltip may be read as HTML.
        return (text.isEmpty() ? m_columns[std::size_t(index.column())].help : text)
            .toHtmlEscaped();
    }
    case Qt::AccessibleTextRole: {
        const QString name = m_columns[std::size_t(index.column())].title;
        return u"%1: %2"_s.arg(name, used ? data(index, Qt::DisplayRole).toString() : tr("unused"));
    }
    case Qt::AccessibleDescriptionRole:
        return fault(index);
    default:
        return {};
    }
}

bool TextTableModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || !index.isValid()) {
        return false;
    }
    QString& cell = m_rows[std::size_t(index.row())].cells[index.column()];
    if (cell == value.toString()) {
        return true;
    }
    cell = value.toString();
    // What one cell says may make others of its row mean something.
    emit dataChanged(index.siblingAtColumn(0), index.siblingAtColumn(columnCount() - 1));
    emit edited();
    return true;
}

QVariant TextTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical) {
        return role == Qt::DisplayRole ? QVariant(section + 1) : QVariant();
    }
    switch (role) {
    case Qt::DisplayRole:
        return m_columns[std::size_t(section)].title;
    case Qt::ToolTipRole:
        return m_columns[std::size_t(section)].help.toHtmlEscaped();
    case Qt::TextAlignmentRole:
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    default:
        return {};
    }
}

Qt::ItemFlags TextTableModel::flags(const QModelIndex& index) const
{
    if (!index.isValid()) {
        return Qt::ItemIsDropEnabled; // between rows
    }
    const Qt::ItemFlags all = Qt::ItemIsSelectable | Qt::ItemIsEnabled | Qt::ItemIsDragEnabled;
    return isUsed(index) ? all | Qt::ItemIsEditable : all;
}

QStringList TextTableModel::mimeTypes() const
{
    return {rowMime};
}

QMimeData* TextTableModel::mimeData(const QModelIndexList& indexes) const
{
    if (indexes.isEmpty()) {
        return nullptr;
    }
    auto* const data = new QMimeData;
    data->setData(rowMime,
                  QByteArray::number(indexes.front().row()) + ' '
                      + QByteArray::number(quintptr(this)));
    return data;
}

bool TextTableModel::dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int,
                                  const QModelIndex& parent)
{
    const QList<QByteArray> parts = data->data(rowMime).split(' ');
    if (action != Qt::MoveAction || parts.size() != 2
        || parts[1] != QByteArray::number(quintptr(this))) {
        return false;
    }
    const int from = parts[0].toInt();
    const int before = row >= 0 ? row : parent.isValid() ? parent.row() : rowCount();
    move(from, before > from ? before - 1 : before);
    // The row is moved already: a view told so would remove what it dragged.
    return false;
}

} // namespace watchfire::ui
