// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/engine_bridge.h"
#include "ui/models/background.h"
#include "ui/shell/palette_search.h"

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
    QString kind; ///< "Page", "Action"
    QString icon;
    QString shortcut;
    std::function<void()> run;
};

/// Things of one kind that there may be many of: targets, alerts, metrics.
struct PaletteKind {
    QString word; ///< "Target"
    QString icon;
    std::size_t count = 0;
    std::function<QString(std::size_t)> title; ///< called on a worker; owns all that it reads
    std::function<void(std::size_t)> run;
};

/// Ctrl+K: type a few letters, press Enter. Metrics are asked from the engine when it opens. What
/// fits is found by a worker; what fitted before stays on the screen until then, and Enter waits
/// for it.
class CommandPalette final : public QDialog {
    Q_OBJECT

public:
    CommandPalette(EngineBridge& bridge, QWidget* parent);
    ~CommandPalette() override;

    /// Shows these and, once they have come, the metrics; `openMetric` runs for one of them.
    void open(std::vector<PaletteEntry> entries, std::vector<PaletteKind> kinds,
              std::function<void(const QString&)> openMetric);
    /// What fits is not all shown yet.
    bool isSettling() const { return m_background.isBusy(); }

protected:
    bool eventFilter(QObject* object, QEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void add(PaletteKind kind);
    void search();
    void showHits(std::vector<PaletteHit> hits);
    void runCurrent();
    /// Lets go of what it looked through.
    void clear();

    EngineBridge& m_bridge;
    class Model;
    Model* m_model;
    QLineEdit* m_edit;
    QListView* m_list;
    Pending m_metrics;
    Background m_background;
    std::vector<PaletteNamesPtr> m_names; ///< of the entries, then of each kind
    bool m_isStale = false; ///< something else was typed since the search began
    bool m_runsNext = false; ///< Enter was pressed before the search was done
};

} // namespace watchfire::ui
