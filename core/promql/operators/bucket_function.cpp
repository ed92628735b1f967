// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/bucket_function.h"

#include "core/text/number.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace watchfire::promql {

namespace {

constexpr std::string_view boundLabel = "le";

bool anyHistogram(const Batch& batch, std::size_t row)
{
    return std::ranges::any_of(batch.histograms(row),
                               [](const HistogramPtr& h) { return h != nullptr; });
}

template <class Visit>
void forEachStep(const BucketFunction::Question& question, std::size_t count, Visit&& visit)
{
    if (!question.steps.empty()) {
        std::ranges::for_each(question.steps, visit);
        return;
    }
    for (std::size_t step = 0; step < count; ++step) {
        visit(step);
    }
}

} // namespace

BucketFunction::BucketFunction(OperatorPtr inner, std::vector<Question> questions,
                               std::string quantileLabel, Span argument)
    : Materialized(inner->context(), inner->grid())
    , m_inner(std::move(inner))
    , m_questions(std::move(questions))
    , m_quantileLabel(std::move(quantileLabel))
    , m_argument(argument)
{
}

Result<void> BucketFunction::prepare()
{
    if (auto opened = m_inner->open(); !opened) {
        return opened;
    }
    auto input = collect(*m_inner);
    if (!input) {
        return std::unexpected(input.error());
    }
    remarkOnPhi();
    if (auto found = findClassic(*input); !found) {
        return found;
    }
    if (auto found = findConflicts(*input); !found) {
        return found;
    }
    for (const Question& question : m_questions) {
        if (auto answered = answer(*input, question); !answered) {
            return answered;
        }
    }
    if (auto started = startRows(m_answers.size()); !started) {
        return started;
    }
    for (std::size_t row = 0; row < m_answers.size(); ++row) {
        m_rows.moveRow(row, m_answers[row], 0);
    }
    giveBack(bytesOfCells(m_answers.size(), grid().count));
    m_answers.clear();
    return {};
}

Result<void> BucketFunction::answer(const Batch& input, const Question& question)
{
    for (std::size_t row = 0; row < input.rows(); ++row) {
        if (context().stop().stop_requested()) {
            return context().checkpoint();
        }
        if (anyHistogram(input, row)) {
            answerNative(input, row, question);
        }
    }
    for (const Classic& classic : m_classic) {
        if (context().stop().stop_requested()) {
            return context().checkpoint();
        }
        answerClassic(input, classic, question);
    }
    return {};
}

void BucketFunction::remarkOnPhi() const
{
    for (const Question& question : m_questions) {
        for (const double phi : question.phi) {
            if (!(phi >= 0 && phi <= 1)) {
                m_inner->context().annotations.warn(remarks::invalidQuantile(phi), question.span);
            }
        }
    }
}

std::optional<std::string_view> BucketFunction::metricOf(const Labels& labels) const
{
    // Without delayed removal the name is gone by the time there is something to say.
    if (!m_inner->context().options().delayedNameRemoval) {
        return std::nullopt;
    }
    return labels.metricName();
}

Result<void> BucketFunction::findClassic(const Batch& input)
{
    std::unordered_map<Labels, std::size_t> places;
    for (std::size_t row = 0; row < input.rows(); ++row) {
        if (context().isStopped(row)) {
            return context().checkpoint();
        }
        if (!anyBit(input.present(row))) {
            continue;
        }
        const SeriesLabels& series = m_inner->schema()[row];
        const std::string_view text = series.labels->get(boundLabel);
        const auto bound = text::parseFloat(text);
        if (!bound) {
            context().annotations.warn(remarks::badBucketLabel(text, series.labels->metricName()),
                                       m_argument);
            continue;
        }
        Labels labels = series.labels->without(boundLabel);
        const auto [place, isNew] = places.try_emplace(labels, m_classic.size());
        if (isNew) {
            m_classic.push_back({std::move(labels),
                                 series.dropName,
                                 {},
                                 std::vector<std::uint64_t>(wordsFor(grid().count))});
        }
        m_classic[place->second].buckets.push_back({*bound, row});
    }
    for (Classic& classic : m_classic) {
        std::ranges::stable_sort(classic.buckets, {}, &BoundedRow::bound);
    }
    return {};
}

Result<void> BucketFunction::findConflicts(Batch& input)
{
    std::unordered_map<Labels, Classic*> byLabels;
    for (Classic& classic : m_classic) {
        byLabels.emplace(classic.labels, &classic);
    }
    for (std::size_t row = 0; row < input.rows(); ++row) {
        if (context().isStopped(row)) {
            return context().checkpoint();
        }
        if (!anyHistogram(input, row)) {
            continue;
        }
        const Labels& labels = *m_inner->schema()[row].labels;
        const auto found = byLabels.find(labels);
        if (found == byLabels.end()) {
            continue;
        }
        Classic& classic = *found->second;
        const std::span<HistogramPtr> cells = input.histogramsOf(row);
        for (std::size_t step = 0; step < cells.size(); ++step) {
            const bool classicToo
                = std::ranges::any_of(classic.buckets, [&](const BoundedRow& bucket) {
                      return testBit(input.present(bucket.row), step);
                  });
            if (cells[step] && classicToo) {
                context().annotations.warn(remarks::mixedClassicAndNative(labels.metricName()),
                                           m_argument);
                cells[step] = nullptr;
                setBit(classic.conflict, step);
            }
        }
    }
    return {};
}

void BucketFunction::remark(HistogramAnswer::Remark remark, const Labels& labels) const
{
    Annotations& annotations = m_inner->context().annotations;
    const std::optional<std::string_view> metric = metricOf(labels);
    switch (remark) {
    case HistogramAnswer::Remark::none:
        break;
    case HistogramAnswer::Remark::nanResult:
        annotations.inform(remarks::nanQuantileResult(metric), m_argument);
        break;
    case HistogramAnswer::Remark::nanSkew:
        annotations.inform(remarks::nanQuantileSkew(metric), m_argument);
        break;
    case HistogramAnswer::Remark::nanExcluded:
        annotations.inform(remarks::nanFraction(metric), m_argument);
        break;
    }
}

void BucketFunction::answerNative(const Batch& input, std::size_t row, const Question& question)
{
    const SeriesLabels& series = m_inner->schema()[row];
    std::vector<double> values(grid().count);
    std::vector<std::uint64_t> present(wordsFor(grid().count));
    const auto cells = input.histograms(row);
    forEachStep(question, grid().count, [&](std::size_t step) {
        if (!cells[step]) {
            return;
        }
        const HistogramAnswer answer = question.phi.empty()
            ? histogramFraction(*cells[step], question.lower[step], question.upper[step])
            : histogramQuantile(*cells[step], question.phi[step]);
        remark(answer.remark, *series.labels);
        values[step] = answer.value;
        setBit(present, step);
    });
    add(series, question, std::move(values), present);
}

void BucketFunction::answerClassic(const Batch& input, const Classic& classic,
                                   const Question& question)
{
    std::vector<double> values(grid().count);
    std::vector<std::uint64_t> present(wordsFor(grid().count));
    std::vector<ClassicBucket> buckets;
    forEachStep(question, grid().count, [&](std::size_t step) {
        if (testBit(classic.conflict, step)) {
            return;
        }
        buckets.clear();
        for (const BoundedRow& bucket : classic.buckets) {
            if (testBit(input.present(bucket.row), step)) {
                buckets.push_back({bucket.bound, input.values(bucket.row)[step]});
            }
        }
        if (buckets.empty()) {
            return;
        }
        setBit(present, step);
        if (question.phi.empty()) {
            values[step] = classicFraction(buckets, question.lower[step], question.upper[step]);
            return;
        }
        const ClassicAnswer answer = classicQuantile(buckets, question.phi[step]);
        values[step] = answer.value;
        if (answer.forcedMonotonicity) {
            context().annotations.inform(
                remarks::forcedMonotonicity(metricOf(classic.labels).value_or("")), m_argument);
        }
    });
    add({context().own(classic.labels), classic.dropName}, question, std::move(values), present);
}

void BucketFunction::add(const SeriesLabels& series, const Question& question,
                         std::vector<double> values, const std::vector<std::uint64_t>& present)
{
    if (!anyBit(present)) {
        return;
    }
    SeriesLabels answered = droppingName(context(), series);
    if (question.label) {
        answered.labels = context().own(answered.labels->with(m_quantileLabel, *question.label));
    }
    m_schema.push_back(answered);
    noteTaken(bytesOfCells(1, grid().count));
    Batch& row = m_answers.emplace_back();
    row.reset(0, 1, grid().count);
    std::ranges::copy(values, row.values(0).begin());
    std::ranges::copy(present, row.present(0).begin());
}

} // namespace watchfire::promql
