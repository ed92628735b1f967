// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/legend_model.h"
#include "ui/chart/picture.h"

#include <optional>

#include <QTableView>
#include <QWidget>

class QLabel;
class QLineEdit;

namespace watchfire::ui::chart {

/// The table of a legend; what a click means is its own.
class LegendTable final : public QTableView {
    Q_OBJECT
public:
    explicit LegendTable(QWidget* parent = nullptr);

signals:
    void rowClicked(int row, Qt::KeyboardModifiers modifiers);
    void rowHovered(int row); ///< −1: none

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
};

/// The series of a chart beside it: search, sort, choose. Click shows one series alone (again:
/// all), Ctrl+click hides or shows it, Shift+click adds those up to it; Enter and Space do the
/// same from the keyboard. Pointing at a row highlights its line.
class Legend final : public QWidget {
    Q_OBJECT
public:
    explicit Legend(QWidget* parent = nullptr);

    void setPrepared(std::shared_ptr<const Prepared> prepared);
    void setStyleOfLines(const PictureStyle& style);
    void setUnit(const Unit& unit) { m_model->setUnit(unit); }
    void setVisibility(const Visibility& visibility);
    const Visibility& visibility() const { return m_visibility; }

    LegendModel* model() const { return m_model; }
    LegendTable* table() const { return m_table; }
    QLineEdit* search() const { return m_search; }

    QSize sizeHint() const override { return {380, 200}; }

signals:
    void visibilityChanged(const watchfire::ui::chart::Visibility& visibility);
    /// The pointer is on that series of the matrix; −1: on none.
    void hovered(qint64 series);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    /// Columns as wide as their figures; those that find no room are left out, Last goes last.
    void fitColumns();
    void choose(int row, Qt::KeyboardModifiers modifiers);
    void change(Visibility visibility);
    void recount();

    LegendModel* m_model;
    LegendTable* m_table;
    QLineEdit* m_search;
    QLabel* m_count;
    std::shared_ptr<const Prepared> m_prepared;
    Visibility m_visibility;
    std::optional<std::uint64_t> m_anchor; ///< where Shift starts from
};

} // namespace watchfire::ui::chart
