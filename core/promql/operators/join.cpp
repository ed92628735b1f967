// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/join.h"

#include "core/promql/kernels/elementwise.h"
#include "core/promql/operators/scalar_binary.h"

#include <algorithm>
#include <format>
#include <unordered_map>

namespace watchfire::promql {

namespace {

// Of series that may meet at some step, beyond one for each series: those are as many as were
// read, the others are nearly always a matching that nobody meant.
constexpr std::uint64_t mostExtraPairs = 1'000'000;

} // namespace

Join::Join(OperatorPtr left, OperatorPtr right, const VectorMatching& matching, BinaryCall call)
    : Operator(left->context(), left->grid())
    , m_matching(matching)
    , m_call(call)
    , m_fillMany(matching.fillLeft)
    , m_fillOne(matching.fillRight)
{
    if (swapped()) {
        // The fill values stay, as in Prometheus (promql/engine.go, VectorBinop), where fill_right
        // is for what is missing on the side of which one may match, whichever side that is.
        std::swap(left, right);
    }
    m_many = std::move(left);
    m_one = std::move(right);
}

Result<void> Join::prepare()
{
    if (auto opened = m_many->open(); !opened) {
        return opened;
    }
    if (auto opened = m_one->open(); !opened) {
        return opened;
    }
    const MatchGroups groups(context(), m_matching, m_many->schema(), m_one->schema());
    if (auto checked = context().checkpoint(); !checked) {
        return checked;
    }
    if (m_matchingUsage != nullptr) {
        m_matchingUsage->matching = groups.report();
        if (swapped()) {
            std::swap(m_matchingUsage->matching->left, m_matchingUsage->matching->right);
        }
    }
    m_manyGroup = groups.left();
    m_oneGroup = groups.right();
    m_groups = groups.size();
    if (auto checked = checkPairs(); !checked) {
        return checked;
    }
    if (auto planned = planPairs(); !planned) {
        return planned;
    }
    const bool delayed = context().options().delayedNameRemoval;
    const bool drops = changesMetric(m_call.op) || (m_call.returnBool && !delayed);
    const ResultLabels labels(m_matching, drops);
    m_schema.reserve(m_pairs.size());
    for (const Pair& pair : m_pairs) {
        if (context().isStopped(m_schema.size())) {
            return context().checkpoint();
        }
        const Labels& filled = groups.labels(pair.group);
        const Labels& many = pair.many == none ? filled : *m_many->schema()[pair.many].labels;
        const Labels& one = pair.one == none ? filled : *m_one->schema()[pair.one].labels;
        m_schema.push_back({context().own(labels.of(many, one)), m_call.returnBool && delayed});
        if (auto within = context().checkMemory(); !within) {
            return within;
        }
    }
    if (auto planned = planExclusion(); !planned) {
        return planned;
    }
    m_matched.resize(words());
    m_manyAny.resize(words());
    return {};
}

/// Pairs grow with the square of what matches the same.
Result<void> Join::checkPairs() const
{
    std::vector<std::uint64_t> many(m_groups);
    std::vector<std::uint64_t> one(m_groups);
    for (const std::uint32_t group : m_manyGroup) {
        ++many[group];
    }
    for (const std::uint32_t group : m_oneGroup) {
        ++one[group];
    }
    if (extraPairs(many, one) <= mostExtraPairs) {
        return {};
    }
    std::size_t largest = 0;
    for (std::size_t group = 0; group < m_groups; ++group) {
        largest = many[group] * one[group] > many[largest] * one[largest] ? group : largest;
    }
    return fail(ErrorKind::limit,
                std::format("too many series match the same: {} on one side and {} on the other "
                            "have equal matching labels",
                            many[largest], one[largest]));
}

Result<void> Join::planPairs()
{
    std::vector<std::vector<std::uint32_t>> oneRows(m_groups);
    for (std::uint32_t row = 0; row < m_oneGroup.size(); ++row) {
        oneRows[m_oneGroup[row]].push_back(row);
    }
    std::vector<bool> wanted(m_groups, m_fillMany.has_value());
    for (std::uint32_t row = 0; row < m_manyGroup.size(); ++row) {
        if (context().isStopped(row)) {
            return context().checkpoint();
        }
        const std::uint32_t group = m_manyGroup[row];
        wanted[group] = true;
        for (const std::uint32_t one : oneRows[group]) {
            m_pairs.push_back({row, one, group});
        }
        if (m_fillOne) {
            m_pairs.push_back({row, none, group});
        }
    }
    if (m_fillMany) {
        for (std::uint32_t row = 0; row < m_oneGroup.size(); ++row) {
            m_pairs.push_back({none, row, m_oneGroup[row]});
        }
    }
    m_slot.assign(m_oneGroup.size(), none);
    std::uint32_t slots = 0;
    for (std::size_t row = 0; row < m_oneGroup.size(); ++row) {
        if (wanted[m_oneGroup[row]]) {
            m_slot[row] = slots++;
        }
    }
    if (auto taken = take(m_pairs.size() * sizeof(Pair) + bytesOfCells(slots, grid().count));
        !taken) {
        return taken;
    }
    m_oneRows.reset(0, slots, grid().count);
    return {};
}

Result<void> Join::planExclusion()
{
    // One to one: all results of a group. Otherwise: those of a group with equal labels.
    std::unordered_map<std::string, std::vector<std::size_t>> classes;
    std::vector<std::uint32_t> manyInGroup(m_groups);
    for (const std::uint32_t group : m_manyGroup) {
        ++manyInGroup[group];
    }
    for (std::size_t i = 0; i < m_pairs.size(); ++i) {
        if (context().isStopped(i)) {
            return context().checkpoint();
        }
        const Pair& pair = m_pairs[i];
        if (manyInGroup[pair.group] > 1) {
            std::string key = std::to_string(pair.group);
            if (!oneToOne()) {
                const auto [high, low] = m_schema[i].labels->hash128();
                key += std::format(" {} {}", high, low);
            }
            classes[key].push_back(i);
        }
    }
    for (const auto& [key, members] : classes) {
        if (members.size() > 1) {
            for (const std::size_t member : members) {
                m_pairs[member].exclusive = static_cast<std::uint32_t>(m_classes);
            }
            ++m_classes;
        }
    }
    m_taken.assign(m_classes * words(), 0);
    if (m_fillMany) {
        m_groupMatched.assign(m_groups * words(), 0);
    }
    return {};
}

Result<void> Join::readOneSide()
{
    std::vector<std::uint32_t> oneInGroup(m_groups);
    bool several = false;
    for (const std::uint32_t group : m_oneGroup) {
        several = ++oneInGroup[group] > 1 || several;
    }
    const std::uint64_t bits = m_groups * words() * sizeof(std::uint64_t);
    const std::uint64_t lasts = m_groups * grid().count * sizeof(std::uint32_t);
    if (auto taken = take((several || m_fillOne ? bits : 0) + (several ? lasts : 0)); !taken) {
        return taken;
    }
    if (several) {
        m_oneLast.assign(m_groups * grid().count, none);
    }
    if (several || m_fillOne) {
        m_onePresent.assign(m_groups * words(), 0);
    }
    return forEachBatch(*m_one, [this](Batch& batch) -> Result<void> {
        for (std::size_t row = 0; row < batch.rows(); ++row) {
            const std::size_t series = batch.firstSeries() + row;
            if (!m_onePresent.empty()) {
                noteOneRow(series, batch, row);
            }
            if (batch.hasHistograms(row)) {
                noteTaken(batch.histogramBytes(row));
            }
            if (m_slot[series] != none) {
                m_oneRows.moveRow(m_slot[series], batch, row);
            }
        }
        return {};
    });
}

void Join::noteOneRow(std::size_t row, const Batch& batch, std::size_t at)
{
    const std::size_t group = m_oneGroup[row];
    std::vector<std::uint64_t> here(words());
    batch.occupied(at, here);
    const Bits present = bitsOf(m_onePresent, group);
    if (!m_oneLast.empty()) {
        const std::size_t steps = grid().count;
        forEachBit(here, [&](std::size_t step) {
            std::uint32_t& last = m_oneLast[group * steps + step];
            if (testBit(present, step)) {
                m_duplicates.push_back({last, static_cast<std::uint32_t>(row), step});
            }
            last = static_cast<std::uint32_t>(row);
        });
    }
    addBits(present, here);
}

Result<bool> Join::produce(Batch& out)
{
    if (!m_oneSideRead) {
        if (auto read = readOneSide(); !read) {
            return std::unexpected(read.error());
        }
        m_oneSideRead = true;
    }
    while (!m_manySideRead) {
        const auto more = m_many->next(m_manyRows);
        if (!more) {
            return std::unexpected(more.error());
        }
        if (!*more) {
            m_manySideRead = true;
            if (auto checked = checkDuplicates(); !checked) {
                return std::unexpected(checked.error());
            }
            break;
        }
        const std::size_t last = m_manyRows.firstSeries() + m_manyRows.rows();
        const std::size_t first = m_nextPair;
        while (m_nextPair < m_pairs.size() && m_pairs[m_nextPair].many < last) {
            ++m_nextPair;
        }
        if (!m_duplicates.empty()) {
            for (std::size_t row = 0; row < m_manyRows.rows(); ++row) {
                m_manyRows.occupied(row, m_matched);
                addBits(m_manyAny, m_matched);
            }
            // Before anyone takes offence at what the pairs make.
            if (auto checked = checkDuplicates(); !checked) {
                return std::unexpected(checked.error());
            }
        }
        if (first == m_nextPair) {
            continue;
        }
        out.reset(first, m_nextPair - first, grid().count);
        for (std::size_t i = first; i < m_nextPair; ++i) {
            auto computed = computePair(m_pairs[i], m_pairs[i].many - m_manyRows.firstSeries(), out,
                                        i - first);
            if (!computed) {
                return std::unexpected(computed.error());
            }
        }
        return true;
    }
    if (m_nextPair == m_pairs.size()) {
        return false;
    }
    const std::size_t first = m_nextPair;
    m_nextPair = std::min(m_pairs.size(), first + rowsPerBatch(grid().count));
    out.reset(first, m_nextPair - first, grid().count);
    for (std::size_t i = first; i < m_nextPair; ++i) {
        if (auto computed = computePair(m_pairs[i], 0, out, i - first); !computed) {
            return std::unexpected(computed.error());
        }
    }
    return true;
}

Result<void> Join::computePair(const Pair& pair, std::size_t manyRow, Batch& out, std::size_t row)
{
    if (context().stop().stop_requested()) {
        return context().checkpoint();
    }
    const std::size_t slot = pair.one == none ? 0 : m_slot[pair.one];
    const bool cells = (pair.many != none && m_manyRows.hasHistograms(manyRow))
        || (pair.one != none && m_oneRows.hasHistograms(slot)) || m_call.op == BinaryOp::trimUpper
        || m_call.op == BinaryOp::trimLower;
    if (cells) {
        computeCells(pair, manyRow, out, row);
        return noteMatches(pair);
    }
    if (pair.many == none || pair.one == none) {
        m_constant.assign(grid().count, pair.many == none ? *m_fillMany : *m_fillOne);
    }
    for (std::size_t word = 0; word < m_matched.size(); ++word) {
        const std::uint64_t many = pair.many == none ? ~bitsOf(m_groupMatched, pair.group)[word]
                                                     : m_manyRows.present(manyRow)[word];
        const std::uint64_t one = pair.one == none ? ~bitsOf(m_onePresent, pair.group)[word]
                                                   : m_oneRows.present(slot)[word];
        m_matched[word] = many & one;
    }
    computeNumbers(pair.many == none ? std::span<const double>(m_constant)
                                     : std::as_const(m_manyRows).values(manyRow),
                   pair.one == none ? std::span<const double>(m_constant)
                                    : std::as_const(m_oneRows).values(slot),
                   out, row);
    return noteMatches(pair);
}

void Join::computeNumbers(std::span<const double> many, std::span<const double> one, Batch& out,
                          std::size_t row)
{
    const std::span<const double> left = swapped() ? one : many;
    const std::span<const double> right = swapped() ? many : one;
    const std::span<double> values = out.values(row);
    const Bits present = out.present(row);
    if (!isComparison(m_call.op)) {
        kernels::arithmetic(m_call.op, left, right, values);
        std::ranges::copy(m_matched, present.begin());
        return;
    }
    kernels::compare(m_call.op, left, right, present);
    if (m_call.returnBool) {
        for (std::size_t step = 0; step < values.size(); ++step) {
            values[step] = testBit(present, step) ? 1 : 0;
        }
        std::ranges::copy(m_matched, present.begin());
        return;
    }
    std::ranges::copy(left, values.begin());
    for (std::size_t word = 0; word < present.size(); ++word) {
        present[word] &= m_matched[word];
    }
}

void Join::computeCells(const Pair& pair, std::size_t manyRow, Batch& out, std::size_t row)
{
    std::ranges::fill(m_matched, 0);
    for (std::size_t step = 0; step < grid().count; ++step) {
        Cell many;
        if (pair.many != none) {
            many = m_manyRows.cell(manyRow, step);
        } else if (!testBit(bitsOf(m_groupMatched, pair.group), step)) {
            many = Cell::of(*m_fillMany);
        }
        Cell one;
        if (pair.one != none) {
            one = m_oneRows.cell(m_slot[pair.one], step);
        } else if (!testBit(bitsOf(m_onePresent, pair.group), step)) {
            one = Cell::of(*m_fillOne);
        }
        if (many.kind == Cell::Kind::absent || one.kind == Cell::Kind::absent) {
            continue;
        }
        BinaryCall::Outcome outcome
            = swapped() ? m_call.compute(one, many) : m_call.compute(many, one);
        if (outcome.known) {
            setBit(m_matched, step);
        }
        out.set(row, step, m_call.result(std::move(outcome)));
    }
}

Result<void> Join::noteMatches(const Pair& pair)
{
    if (pair.exclusive != none) {
        const Bits taken = bitsOf(m_taken, pair.exclusive);
        if (overlap(taken, m_matched)) {
            return fail(ErrorKind::invalid,
                        oneToOne() ? "multiple matches for labels: many-to-one matching must be "
                                     "explicit (group_left/group_right)"
                                   : "multiple matches for labels: grouping labels must ensure "
                                     "unique matches");
        }
        addBits(taken, m_matched);
    }
    if (!m_groupMatched.empty()) {
        addBits(bitsOf(m_groupMatched, pair.group), m_matched);
    }
    return {};
}

Result<void> Join::checkDuplicates() const
{
    const auto found = std::ranges::find_if(m_duplicates, [this](const Duplicate& duplicate) {
        return m_fillMany || m_fillOne || testBit(m_manyAny, duplicate.step);
    });
    if (found == m_duplicates.end()) {
        return {};
    }
    const auto& schema = m_one->schema();
    const Labels& labels = *schema[found->second].labels;
    const std::vector<std::string> names = sorted(m_matching.labels);
    const Labels group = m_matching.on ? labels.keepOnly(names) : labels.dropAll(names);
    return fail(ErrorKind::invalid,
                std::format("found duplicate series for the match group {} on the {} hand-side of "
                            "the operation: [{}, {}];many-to-many matching not allowed: matching "
                            "labels must be unique on one side",
                            group.toBraces(), swapped() ? "left" : "right", labels.toBraces(),
                            schema[found->first].labels->toBraces()));
}

} // namespace watchfire::promql
