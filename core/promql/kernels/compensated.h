// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <span>

namespace watchfire::promql {

/// A sum that carries its rounding error beside it (Neumaier). An infinite sum has no error,
/// so that Inf + finite stays Inf.
struct CompensatedSum {
    double sum = 0;
    double error = 0;

    void add(double value)
    {
        const double total = sum + value;
        if (std::isinf(total)) {
            error = 0;
        } else if (std::abs(sum) >= std::abs(value)) {
            error += (sum - total) + value;
        } else {
            error += (value - total) + sum;
        }
        sum = total;
    }
    double value() const { return std::isinf(sum) ? sum : sum + error; }
};

/// The sum of two parts, the earlier one first.
inline CompensatedSum joined(CompensatedSum left, const CompensatedSum& right)
{
    left.add(right.sum);
    if (!std::isinf(left.sum)) {
        left.error += right.error;
    }
    return left;
}

/// The mean, summed plainly as long as the sum stays finite and from then on as a running
/// mean.
class CompensatedMean {
public:
    void add(double value)
    {
        m_count += 1;
        if (m_count == 1) {
            m_sum.sum = value;
            return;
        }
        if (!m_running) {
            CompensatedSum next = m_sum;
            next.add(value);
            if (!std::isinf(next.sum)) {
                m_sum = next;
                return;
            }
            m_running = true;
            m_sum.sum /= m_count - 1;
            m_sum.error /= m_count - 1;
        }
        const double weight = (m_count - 1) / m_count;
        CompensatedSum mean{weight * m_sum.sum, weight * m_sum.error};
        mean.add(value / m_count);
        m_sum = mean;
    }
    double value() const
    {
        if (m_running) {
            return m_sum.sum + m_sum.error;
        }
        return m_sum.sum / m_count + m_sum.error / m_count;
    }

private:
    CompensatedSum m_sum; ///< or, once running, the mean
    double m_count = 0;
    bool m_running = false;
};

inline double compensatedMean(std::span<const double> values)
{
    CompensatedMean mean;
    for (const double value : values) {
        mean.add(value);
    }
    return mean.value();
}

} // namespace watchfire::promql
