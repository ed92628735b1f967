// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/classic_histogram.h"

#include "core/exposition/histogram_shape.h"
#include "core/text/number.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <format>
#include <limits>
#include <utility>

namespace watchfire::exposition {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Of whole counts, as integer histograms have them, up to so many empty buckets stay in a row.
constexpr std::uint32_t gapOfIntegers = 2;

bool isWhole(double count)
{
    return std::abs(count) < 9.2e18 && count == std::round(count);
}

} // namespace

ClassicName classicName(std::string_view name)
{
    static constexpr std::array<std::pair<std::string_view, ClassicPart>, 3> suffixes{
        {{"_bucket", ClassicPart::bucket},
         {"_sum", ClassicPart::sum},
         {"_count", ClassicPart::count}}};
    for (const auto& [suffix, part] : suffixes) {
        if (name.ends_with(suffix)) {
            return {part, name.substr(0, name.size() - suffix.size())};
        }
    }
    return {ClassicPart::none, name};
}

void ClassicHistogram::clear()
{
    m_buckets.clear();
    m_count = 0;
    m_sum = 0;
    m_hasCount = false;
    m_fault.clear();
}

void ClassicHistogram::fault(std::string message)
{
    if (m_fault.empty()) {
        m_fault = std::move(message);
    }
}

void ClassicHistogram::setBucket(double bound, double count)
{
    if (!m_fault.empty()) {
        return;
    }
    if (std::isnan(bound)) {
        return fault("a bucket has NaN for a bound");
    }
    if (count < 0) {
        return fault(std::format("the bucket up to {} has a negative count", text::formatG(bound)));
    }
    const auto place = std::ranges::lower_bound(m_buckets, bound, {}, &Bucket::bound);
    if (place != m_buckets.end() && place->bound == bound) {
        return;
    }
    if ((place != m_buckets.begin() && count < std::prev(place)->count)
        || (place != m_buckets.end() && count > place->count)) {
        return fault(std::format("the counts fall at the bucket up to {}", text::formatG(bound)));
    }
    m_buckets.insert(place, {bound, count});
}

void ClassicHistogram::setCount(double count)
{
    if (count < 0) {
        return fault("the count is negative");
    }
    m_count = count;
    m_hasCount = true;
}

void ClassicHistogram::setSum(double sum)
{
    m_sum = sum;
}

Result<Histogram> ClassicHistogram::convert() const
{
    if (!m_fault.empty()) {
        return fail(ErrorKind::invalid, m_fault);
    }
    const double count = m_hasCount || m_buckets.empty() ? m_count : m_buckets.back().count;
    std::vector<Bucket> buckets = m_buckets;
    if (buckets.empty() || buckets.back().bound != infinity) {
        if (!buckets.empty() && count < buckets.back().count) {
            return fail(ErrorKind::invalid, "the count is below that of a bucket");
        }
        buckets.push_back({infinity, count});
    }
    if (!(buckets.back().count == count)) {
        return fail(ErrorKind::invalid,
                    std::format("the +Inf bucket holds {}, and the count is {}",
                                text::formatValue(buckets.back().count), text::formatValue(count)));
    }
    Histogram out;
    out.schema = Histogram::customSchema;
    out.count = count;
    out.sum = m_sum;
    bool whole = isWhole(count);
    double below = 0;
    for (const Bucket& bucket : buckets) {
        whole = whole && isWhole(bucket.count);
        out.positiveBuckets.push_back(bucket.count - below);
        below = bucket.count;
        if (bucket.bound != infinity) {
            out.customValues.push_back(bucket.bound);
        }
    }
    out.positiveSpans.push_back({0, static_cast<std::uint32_t>(buckets.size())});
    compact(out, whole ? gapOfIntegers : 0);
    return out;
}

} // namespace watchfire::exposition
