// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/alert_trace.h"
#include "core/engine/snapshots.h"
#include "ui/models/grouped_model.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace watchfire::ui {

/// How a stretch in which an alert was in one state ended.
enum class SpanEnd {
    open, ///< it goes on
    fired, ///< from pending
    cleared, ///< from pending, without firing
    resolved,
    unseen, ///< firing went on unseen: its target could not be scraped
    seen, ///< and was seen again
    unsure ///< resolved, or the program ended: what is stored does not tell
};

/// What a receiver was told of an alert, or could not be.
struct SpanNews {
    Timestamp at{};
    std::string whom; ///< "ops (webhook/0)"
    std::string failure; ///< empty: it was told
};

struct AlertSpanRow {
    std::uint64_t id = 0; ///< stable: of labels, state and begin
    engine::AlertSpan span;
    SpanEnd end = SpanEnd::open;
    std::vector<SpanNews> news; ///< newest first; of a firing stretch
};
using AlertSpanRows = std::vector<AlertSpanRow>;
using AlertSpanRowsPtr = std::shared_ptr<const AlertSpanRows>;

/// The spans, which are by labels, then time, with what became of each. What receivers were told
/// is in `history` for the time since `startedAt` only.
AlertSpanRows spanRows(std::vector<engine::AlertSpan> spans,
                       const std::vector<engine::AlertEvent>& history, Timestamp startedAt);

/// Words: in the values of labels. Chips: state (pending, firing, unknown), and labels.
bool fits(const engine::AlertSpan& span, const Filter& filter);

ItemState stateOf(const engine::AlertSpan& span);
QString stateWord(const engine::AlertSpan& span);
QString endWord(SpanEnd end);
/// "ops (webhook/0) at 13:02:11"; a failure with its words.
QString newsText(const SpanNews& news);

/// Day → when alerts were pending and firing, newest first.
class AlertSpansModel final : public GroupedModel<AlertSpanRow> {
    Q_OBJECT

public:
    enum Column { state, alert, labels, from, to, duration, end, sent, columnsEnd };

    using GroupedModel::GroupedModel;

    void setRows(const AlertSpanRowsPtr& rows);

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    QVariant groupData(const Group& group, int column, int role) const override;
    QVariant rowData(const AlertSpanRow& row, int column, int role) const override;
    void summarize(Group& group) const override;
    bool hasWord(const AlertSpanRow& row, const std::string& lowerWord) const override;
    bool hasChip(const AlertSpanRow& row, const Filter::Chip& chip) const override;
    std::weak_ordering compare(const AlertSpanRow& a, const AlertSpanRow& b,
                               int column) const override;
};

} // namespace watchfire::ui
