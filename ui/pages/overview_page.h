// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

#include <vector>

#include <QTimer>

class QGridLayout;
class QLabel;
class QToolButton;

namespace watchfire::ui {

namespace chart {
class CrosshairGroup;
}
class ChartTile;
class Card;
class MessageBanner;

/// Is everything up, what is happening, what needs me: a strip of facts, six live charts of this
/// machine, and the alerts that fire.
class OverviewPage final : public Page {
    Q_OBJECT

public:
    explicit OverviewPage(PageContext& context, QWidget* parent = nullptr);

    void refresh() override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* buildStrip();
    QWidget* buildAlerts();
    void placeTiles();
    void showStrip();
    void showAlerts();
    void chooseRange(qint64 fromMs, qint64 toMs);
    /// Says why graphs are not renewed, while any is not.
    void showFailure();
    /// In its first minutes a program has little to show, so it shows it sooner.
    bool isYoung() const;

    std::vector<ChartTile*> m_tiles;
    chart::CrosshairGroup* m_crosshair;
    QGridLayout* m_grid;
    MessageBanner* m_failure = nullptr;
    int m_columns = 0;
    QToolButton* m_targets;
    QToolButton* m_alertsCell;
    QToolButton* m_store;
    QToolButton* m_ingestion;
    Card* m_alerts;
    QLabel* m_alertsTitle;
    std::vector<QToolButton*> m_alertRows;
    QTimer m_young;
};

} // namespace watchfire::ui
