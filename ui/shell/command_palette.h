// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/engine_bridge.h"

#include <functional>
#include <string_view>
#include <vector>

#include <QAbstractListModel>
#include <QDialog>

class QLineEdit;
class QListView;

namespace watchfire::ui {

/// Something the palette can do.
struct PaletteEntry {
    QString title;
    QString kind; ///< "Page", "Action", "Target", "Alert", "Metric"
    QString icon;
    QString shortcut;
    std::function<void()> run;
};

/// How well `needle` (lower case) fits: the smaller the better; −1: not at all. Exact prefix,
/// start of a word, substring, subsequence, in this order.
int paletteRank(const QString& title, const QString& needle);

/// Ctrl+K: type a few letters, press Enter. Metrics are asked from the engine when it opens.
class CommandPalette final : public QDialog {
    Q_OBJECT

public:
    CommandPalette(EngineBridge& bridge, QWidget* parent);

    /// Shows these and, once they have come, the metrics; `openMetric` runs for one of them.
    void open(std::vector<PaletteEntry> entries, std::function<void(const QString&)> openMetric);

protected:
    bool eventFilter(QObject* object, QEvent* event) override;

private:
    void filter();
    void runCurrent();

    EngineBridge& m_bridge;
    class Model;
    Model* m_model;
    QLineEdit* m_edit;
    QListView* m_list;
    Pending m_metrics;
};

} // namespace watchfire::ui
