// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"

#include <vector>

#include <QAbstractTableModel>

namespace watchfire::ui {

/// The scrapes of one target, newest first.
class ScrapeLogModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { time, result, took, samples, message, columnsEnd };
    using Events = std::vector<engine::TargetDetail::Event>;

    using QAbstractTableModel::QAbstractTableModel;

    /// A later log of the same target only adds rows at the top and drops old ones.
    void setEvents(Events events);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    Events m_events;
};

} // namespace watchfire::ui
