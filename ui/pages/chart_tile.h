// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/format.h"
#include "ui/pages/page.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace watchfire::ui {

namespace chart {
class TimeChart;
}

/// What a tile of the Overview shows.
struct TileQuery {
    QString name; ///< of the object: "cpu"
    QString title;
    /// What is asked of a range with this step between its points. One that reads windows makes
    /// them fit: see counterRate().
    std::function<std::string(std::chrono::milliseconds step)> expr;
    chart::Unit unit;
    std::optional<double> low; ///< of the value axis
    bool area = false; ///< filled: for one quantity that starts at zero
};

/// A small chart that asks for itself when told to. At most one question is under way; a tick
/// that comes meanwhile is left out.
class ChartTile final : public QWidget {
    Q_OBJECT

public:
    ChartTile(PageContext& context, TileQuery query, QWidget* parent = nullptr);

    /// As low as can be read: what room there is, tiles share, and a page that has little does not
    /// scroll for their sake.
    QSize sizeHint() const override;

    void ask();
    /// The shared range is another one: what is under way is of no use.
    void rangeChanged();
    chart::TimeChart* chart() const { return m_chart; }
    bool hasData() const { return m_hasData; }
    /// Why the last question was not answered; empty: it was. What came before stays on show.
    const QString& fault() const { return m_fault; }

signals:
    void faultChanged();
    void exploreWanted(const QString& expr);
    void rangeWanted(qint64 fromMs, qint64 toMs);
    void homeWanted();

private:
    TimeRange shownRange() const;
    /// The expression for a range, as it is asked of the engine.
    std::string exprFor(TimeRange range) const;
    void take(Result<QueryResult> result, const engine::QueryRequest& request, TimeRange range);
    void sayHeadline(const Matrix& matrix);

    PageContext& m_context;
    TileQuery m_query;
    chart::TimeChart* m_chart;
    Pending m_pending;
    QString m_fault;
    bool m_hasData = false;
};

} // namespace watchfire::ui
