// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/peers/write_load.h"

#include "core/model/write_request.h"
#include "core/remote/write.h"
#include "tests/support/sample_mix.h"

#include <format>
#include <utility>

namespace watchfire::bench {

WriteLoad::WriteLoad(std::size_t instances, std::size_t series, std::size_t steps)
    : m_instances(instances)
    , m_steps(steps)
{
    auto classes = testing::SampleMix(series / 100, steps).make();
    for (std::size_t kind = 0; kind < classes.size(); ++kind) {
        for (std::size_t number = 0; number < classes[kind].series.size(); ++number) {
            m_names.push_back({std::format("bench_service_{}_{}_total", kind, number / 10),
                               std::format("/api/v1/things/{}", number % 10)});
            m_values.push_back(std::move(classes[kind].series[number]));
        }
    }
}

std::string WriteLoad::message(std::size_t instance, std::size_t step, std::int64_t atMs) const
{
    WriteRequest request;
    request.series.reserve(m_names.size());
    for (std::size_t i = 0; i < m_names.size(); ++i) {
        WriteSeries series;
        series.labels = Labels::fromPairs({{"__name__", m_names[i].family},
                                           {"code", "200"},
                                           {"instance", std::format("t{}", instance)},
                                           {"job", "bench"},
                                           {"method", "get"},
                                           {"path", m_names[i].path}});
        series.samples = {{atMs, m_values[i][step]}};
        request.series.push_back(std::move(series));
    }
    return remote::encodeWrite(request);
}

} // namespace watchfire::bench
