// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QMetaType>
#include <QString>
#include <QtCore/qnamespace.h>

namespace watchfire::ui {

/// The state of a row as a person sees it. Views show its shape beside the word, which is the
/// DisplayRole of the state column; see ui.md §9.
enum class ItemState { none, up, warning, critical, pending, silenced, unknown };

/// What models say beside the roles of Qt.
enum Role {
    stateRole = Qt::UserRole + 1, ///< int of ItemState
    idRole, ///< quint64, stable while the thing exists
    summaryRole, ///< of a group: QString, shown muted beside its name
    codeRole, ///< bool: the text is PromQL or labels, shown in the fixed font
    mutedRole, ///< bool: of second rank
    partsRole, ///< of a group: QList<StatePart>, what stands behind its name
    traceRole ///< of a target: TargetTracePtr
};

/// A few words with the shape of their state; `none` has no shape.
struct StatePart {
    ItemState state = ItemState::none;
    QString text;
    friend bool operator==(const StatePart&, const StatePart&) = default;
};

} // namespace watchfire::ui

Q_DECLARE_METATYPE(QList<watchfire::ui::StatePart>)
