// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/set_operation.h"

namespace watchfire::promql {

SetOperation::SetOperation(OperatorPtr left, OperatorPtr right, const VectorMatching& matching,
                           BinaryOp op)
    : Operator(left->context(), left->grid())
    , m_left(std::move(left))
    , m_right(std::move(right))
    , m_matching(matching)
    , m_op(op)
{
}

Result<void> SetOperation::prepare()
{
    if (auto opened = m_left->open(); !opened) {
        return opened;
    }
    if (auto opened = m_right->open(); !opened) {
        return opened;
    }
    const MatchGroups groups(context(), m_matching, m_left->schema(), m_right->schema());
    if (auto checked = context().checkpoint(); !checked) {
        return checked;
    }
    if (m_matchingUsage != nullptr) {
        m_matchingUsage->matching = groups.report();
    }
    m_leftGroup = groups.left();
    m_rightGroup = groups.right();
    if (auto taken = take(groups.size() * wordsFor(grid().count) * sizeof(std::uint64_t)); !taken) {
        return taken;
    }
    m_there.assign(groups.size() * wordsFor(grid().count), 0);
    m_row.resize(wordsFor(grid().count));
    m_schema = m_left->schema();
    if (m_op == BinaryOp::logicalOr) {
        m_schema.insert(m_schema.end(), m_right->schema().begin(), m_right->schema().end());
    }
    return {};
}

void SetOperation::note(const Batch& batch, std::size_t row, std::size_t group)
{
    batch.occupied(row, m_row);
    addBits(there(group), m_row);
}

void SetOperation::filter(Batch& batch, std::size_t row, std::size_t group, bool keepThere)
{
    const Bits bits = there(group);
    const Bits present = batch.present(row);
    for (std::size_t word = 0; word < present.size(); ++word) {
        present[word] &= keepThere ? bits[word] : ~bits[word];
    }
    if (batch.hasHistograms(row)) {
        const std::span<HistogramPtr> cells = batch.histogramsOf(row);
        for (std::size_t step = 0; step < cells.size(); ++step) {
            if (testBit(bits, step) != keepThere) {
                cells[step] = nullptr;
            }
        }
    }
}

Result<void> SetOperation::look(Operator& side, const std::vector<std::uint32_t>& groups)
{
    Batch batch;
    for (;;) {
        const auto more = side.next(batch);
        if (!more) {
            return std::unexpected(more.error());
        }
        if (!*more) {
            return {};
        }
        for (std::size_t row = 0; row < batch.rows(); ++row) {
            note(batch, row, groups[batch.firstSeries() + row]);
        }
    }
}

Result<bool> SetOperation::produce(Batch& out)
{
    const bool isOr = m_op == BinaryOp::logicalOr;
    if (!isOr && !m_looked) {
        if (auto looked = look(*m_right, m_rightGroup); !looked) {
            return std::unexpected(looked.error());
        }
        m_looked = true;
    }
    if (!m_leftDone) {
        const auto more = m_left->next(out);
        if (!more) {
            return more;
        }
        if (*more) {
            for (std::size_t row = 0; row < out.rows(); ++row) {
                const std::size_t group = m_leftGroup[out.firstSeries() + row];
                if (isOr) {
                    note(out, row, group);
                } else {
                    filter(out, row, group, m_op == BinaryOp::logicalAnd);
                }
            }
            return true;
        }
        m_leftDone = true;
    }
    if (!isOr) {
        return false;
    }
    const auto more = m_right->next(out);
    if (!more || !*more) {
        return more;
    }
    for (std::size_t row = 0; row < out.rows(); ++row) {
        filter(out, row, m_rightGroup[out.firstSeries() + row], false);
    }
    out.setFirstSeries(out.firstSeries() + m_left->schema().size());
    return true;
}

} // namespace watchfire::promql
