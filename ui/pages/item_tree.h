// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/ui_state.h"
#include "ui/theme/state.h"

#include <cstdint>
#include <functional>

#include <QStyledItemDelegate>
#include <QTreeView>

namespace watchfire::ui {

/// Draws what the models of ui/models say: the state's shape before its word, code in the fixed
/// font, muted text, and groups as a bold name with a muted summary across the row.
class ItemDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit ItemDelegate(QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

protected:
    static constexpr int shapeSize = 14;

    /// Makes the option the cell's and paints what lies behind its text.
    void paintBackground(QPainter& painter, QStyleOptionViewItem& option,
                         const QModelIndex& index) const;
    /// Muted, or what stands out on a selected row.
    static QColor textColor(const QStyleOptionViewItem& option, bool muted);
    /// In its colour, or the text's on a selected row.
    static void paintShapeOf(QPainter& painter, const QRect& rect, theme::State state,
                             const QStyleOptionViewItem& option);
};

/// A tree of groups and rows over a GroupedModel. Groups span the row and open by themselves
/// while the whole is small or the group is in trouble; the current row is found again by id when
/// a snapshot replaces it; columns are remembered.
class ItemTree : public QTreeView {
    Q_OBJECT

public:
    explicit ItemTree(const char* objectName, QWidget* parent = nullptr);

    /// Widths in pixels of the columns, in order; 0 stretches. Remembered under the object's
    /// name in `state`.
    void setColumns(const QList<int>& widths, UiState& state);
    void setModel(QAbstractItemModel* model) override;

    std::uint64_t currentId() const;
    /// Opens its group and makes it current, or waits until a row of that id comes.
    void select(std::uint64_t id);

signals:
    /// Another row is current, or (0) none.
    void currentIdChanged(std::uint64_t id);
    void rowActivated(std::uint64_t id);

protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void drawBranches(QPainter* painter, const QRect& rect,
                      const QModelIndex& index) const override;

    /// Groups have come: spans them and opens those that open by themselves.
    virtual void dressGroups(int first, int last);
    /// The row with that id; looks through all rows.
    virtual QModelIndex indexOf(std::uint64_t id) const;
    virtual bool isSortable(int) const { return true; }

private:
    void findWanted();

    std::uint64_t m_wanted = 0; ///< current, or to become so
    bool m_leaving = false; ///< rows go away under us: that is no choice of a person's
};

} // namespace watchfire::ui
