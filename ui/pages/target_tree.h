// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/target_trace.h"
#include "ui/models/targets_model.h"
#include "ui/pages/item_tree.h"

#include <QPersistentModelIndex>
#include <QSet>
#include <QTimer>

namespace watchfire::ui {

/// Draws, beside what ItemDelegate does, the sparkline of scrape durations, the strip of the last
/// 24 hours, and the header of a job: name, counts with their shapes, discoveries.
class TargetDelegate final : public ItemDelegate {
    Q_OBJECT

public:
    using ItemDelegate::ItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    /// Across the whole of the option's rect.
    void paintGroup(QPainter& painter, const QStyleOptionViewItem& option,
                    const QModelIndex& index) const;

private:
    static void paintSparkline(QPainter& painter, const QRect& rect, const TargetTrace& trace,
                               const QStyleOptionViewItem& option);
    static void paintStrip(QPainter& painter, const QRect& rect, const TargetTrace& trace,
                           const QStyleOptionViewItem& option);
};

/// Targets by job, up to a hundred thousand. All jobs are open while there are fewer than a
/// thousand rows, beyond that those in trouble; what a person opens or closes stays so. The row
/// at the top stays there when a snapshot brings rows above it.
///
/// It tells the model which rows are on the screen.
class TargetTree final : public ItemTree {
    Q_OBJECT

public:
    TargetTree(const char* objectName, TargetsModel* model, QWidget* parent = nullptr);

    /// Those on the screen, in their order.
    QModelIndexList visibleRows() const;
    /// The filter has changed: jobs open and close as if they had just come, but for those that a
    /// person has opened or closed.
    void openAsNew() { m_openAsNew = true; }
    /// Of the columns; the rest is not for this list.
    void showOnly(QList<int> columns);

    static constexpr int openAllBelow = 1000;

signals:
    /// Others are on the screen now.
    void visibleRowsChanged();

protected:
    void dressGroups(int first, int last) override;
    QModelIndex indexOf(std::uint64_t id) const override { return m_model->indexOf(id); }
    bool isSortable(int section) const override;
    void drawRow(QPainter* painter, const QStyleOptionViewItem& option,
                 const QModelIndex& index) const override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    /// Leaves to the details what there is no room for.
    void fitColumns();
    void openGroups();
    void rememberTop();
    void restoreTop();
    bool keepsItsOrder() const;

    TargetsModel* m_model;
    TargetDelegate* m_delegate;
    QSet<quint64> m_touched; ///< jobs that a person has opened or closed
    bool m_opening = false; ///< by ourselves
    bool m_openAsNew = true;
    QPersistentModelIndex m_top;
    int m_topAt = 0;
    QTimer m_seen;
    QList<int> m_columns; ///< empty: all
};

} // namespace watchfire::ui
