// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace watchfire::testing {

/// Series of one kind.
struct SampleClass {
    std::string name;
    std::vector<std::vector<double>> series;
};

/// What a typical set of exporters gives, of 100 series: 40 idle, 18 integer counters, 24
/// buckets of two histograms, 6 decimal gauges, 5 gauges of bytes, 3 counters of hundredths of
/// a second, 2 full-mantissa gauges, 2 sums of floats. `samples` values a series, 100·`scale`
/// series. The same for the same seed wherever the standard library is the same.
class SampleMix {
public:
    SampleMix(std::size_t scale, std::size_t samples, std::uint64_t seed = 7)
        : m_random(seed)
        , m_scale(scale)
        , m_samples(samples)
    {
    }

    std::vector<SampleClass> make()
    {
        std::vector<SampleClass> all;
        all.push_back(kind("idle", 40, [this] { return idle(); }));
        all.push_back(kind("integer counter", 18, [this] { return counter(); }));
        SampleClass buckets{"histogram buckets", {}};
        for (std::size_t i = 0; i < 2 * m_scale; ++i) {
            for (auto& column : histogram()) {
                buckets.series.push_back(std::move(column));
            }
        }
        all.push_back(std::move(buckets));
        all.push_back(kind("decimal gauge", 6, [this] { return decimalGauge(); }));
        all.push_back(kind("bytes gauge", 5, [this] { return bytesGauge(); }));
        all.push_back(kind("centisecond counter", 3, [this] { return centiseconds(); }));
        all.push_back(kind("full-mantissa gauge", 2, [this] { return noise(); }));
        all.push_back(kind("float sum", 2, [this] { return floatSum(); }));
        return all;
    }

private:
    using Values = std::vector<double>;

    template <class Make> SampleClass kind(const char* name, std::size_t share, Make make)
    {
        SampleClass made{name, {}};
        for (std::size_t i = 0; i < share * m_scale; ++i) {
            made.series.push_back(make());
        }
        return made;
    }
    double uniform(double low, double high)
    {
        return std::uniform_real_distribution<double>(low, high)(m_random);
    }
    double whole(std::uint64_t below) { return static_cast<double>(m_random() % below); }
    double events(double mean)
    {
        return static_cast<double>(std::poisson_distribution<long>(mean)(m_random));
    }
    template <class Next> Values walk(double start, Next next)
    {
        Values values(m_samples);
        for (double& value : values) {
            start = next(start);
            value = start;
        }
        return values;
    }

    Values idle()
    {
        const double value = m_random() % 3 != 0 ? whole(100'000) : uniform(0, 100);
        return Values(m_samples, value);
    }
    Values counter()
    {
        const double mean = std::pow(10, uniform(-2, 4));
        return walk(whole(100'000'000), [&](double v) { return v + events(mean); });
    }
    std::vector<Values> histogram()
    {
        constexpr std::size_t buckets = 12;
        const double mean = std::pow(10, uniform(-1, 3));
        std::array<double, buckets> share{};
        double sum = 0;
        for (double& s : share) {
            s = std::exp(-std::pow(uniform(0, 3), 2));
            sum += s;
        }
        std::array<double, buckets> total{};
        for (double& t : total) {
            t = whole(100'000);
        }
        std::vector<Values> columns(buckets);
        for (std::size_t i = 0; i < m_samples; ++i) {
            double cumulated = 0;
            for (std::size_t b = 0; b < buckets; ++b) {
                total[b] += events(mean * share[b] / sum);
                cumulated += total[b];
                columns[b].push_back(cumulated);
            }
        }
        return columns;
    }
    Values decimalGauge()
    {
        const double scale = std::pow(10, 1 + static_cast<int>(m_random() % 3));
        Values values = walk(uniform(10, 100), [this](double v) { return v + uniform(-1, 1); });
        for (double& value : values) {
            value = std::nearbyint(value * scale) / scale;
        }
        return values;
    }
    Values bytesGauge()
    {
        return walk(whole(1'000'000) * 4096, [this](double v) {
            const bool moves = m_random() % 3 != 0;
            return std::max(4096.0, moves ? v + 4096 * (whole(401) - 200) : v);
        });
    }
    Values centiseconds()
    {
        const double mean = uniform(0, 1500);
        Values values = walk(whole(10'000'000),
                             [&](double v) { return v + std::floor(mean * uniform(0.8, 1.2)); });
        for (double& value : values) {
            value /= 100;
        }
        return values;
    }
    Values noise()
    {
        return walk(uniform(0, 1), [this](double v) { return 0.9 * v + 0.1 * uniform(0, 1); });
    }
    Values floatSum()
    {
        return walk(uniform(0, 1000), [this](double v) {
            for (auto n = m_random() % 40; n > 0; --n) {
                v += whole(20'000'000) / 1e9;
            }
            return v;
        });
    }

    std::mt19937_64 m_random;
    std::size_t m_scale;
    std::size_t m_samples;
};

} // namespace watchfire::testing
