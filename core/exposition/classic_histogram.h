// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/model/histogram.h"

#include <string>
#include <string_view>
#include <vector>

namespace watchfire::exposition {

/// Which series of a classic histogram a name stands for.
enum class ClassicPart { none, bucket, count, sum };
struct ClassicName {
    ClassicPart part = ClassicPart::none;
    std::string_view base; ///< the name without its suffix
};
ClassicName classicName(std::string_view name);

/// Collects the values of one classic histogram, in any order, and makes a native histogram with
/// custom buckets of them.
///
/// Source: Prometheus, util/convertnhcb.
class ClassicHistogram {
public:
    void clear();
    /// A bucket's cumulative count. Of a bound given twice the first counts.
    void setBucket(double bound, double count);
    void setCount(double count);
    void setSum(double sum);

    /// A missing +Inf bucket holds the count, a missing count is the highest bucket's. Fails with
    /// ErrorKind::invalid where counts fall from a bucket to the next, are negative, or the +Inf
    /// bucket is not the count.
    Result<Histogram> convert() const;

private:
    struct Bucket {
        double bound = 0;
        double count = 0;
    };

    void fault(std::string message);

    std::vector<Bucket> m_buckets; ///< ascending
    double m_count = 0;
    double m_sum = 0;
    bool m_hasCount = false;
    std::string m_fault; ///< the first; nothing more is taken then
};

} // namespace watchfire::exposition
