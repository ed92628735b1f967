// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/series_info.h"

#include "ui/theme/palette.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <string_view>

using namespace Qt::StringLiterals;

namespace watchfire::ui::chart {

namespace {

constexpr std::size_t mostBooked = 2'000; ///< beyond it nobody can tell colours apart anyway

QString fromUtf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

/// Names of labels that some series lack or hold another value of.
class Differences {
public:
    explicit Differences(const Matrix& matrix)
        : m_total(matrix.size())
    {
        for (const MatrixSeries& series : matrix) {
            for (const Label label : series.labels) {
                const auto [found, isNew]
                    = m_names.try_emplace(std::string(label.name), Seen{std::string(label.value)});
                ++found->second.count;
                found->second.differs = found->second.differs || found->second.value != label.value;
            }
        }
    }

    bool contains(std::string_view name) const
    {
        const auto found = m_names.find(name);
        return found != m_names.end() && (found->second.differs || found->second.count != m_total);
    }

private:
    struct Seen {
        std::string value;
        std::size_t count = 0;
        bool differs = false;
    };
    std::size_t m_total;
    std::map<std::string, Seen, std::less<>> m_names;
};

/// "metric cpu=0 mode=idle" of those labels that `take` accepts.
template <class Take> QString nameOf(const Labels& labels, Take take)
{
    QString name;
    QString rest;
    for (const Label label : labels) {
        if (!take(label.name)) {
            continue;
        }
        if (label.name == metricNameLabel) {
            name = fromUtf8(label.value);
            continue;
        }
        rest += (rest.isEmpty() ? u""_s : u" "_s) + fromUtf8(label.name) + u'='
            + fromUtf8(label.value);
    }
    return name.isEmpty() || rest.isEmpty() ? name + rest : name + u' ' + rest;
}

QString ownName(const MatrixSeries& series, const Differences& differences, std::size_t total)
{
    QString name = nameOf(series.labels,
                          [&](std::string_view label) { return differences.contains(label); });
    if (!name.isEmpty()) {
        return name;
    }
    if (total == 1 && series.labels.has(metricNameLabel)) {
        return fromUtf8(series.labels.metricName());
    }
    name = nameOf(series.labels, [](std::string_view) { return true; });
    return name.isEmpty() || total > 1 ? u"{}"_s : name;
}

void measure(const MatrixSeries& series, SeriesInfo& info)
{
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    info.samples = series.values.size();
    info.last = series.values.empty() ? nan : series.values.back();
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    double sum = 0;
    std::size_t count = 0;
    for (const double value : series.values) {
        if (!std::isfinite(value)) {
            continue;
        }
        low = std::min(low, value);
        high = std::max(high, value);
        sum += value;
        ++count;
    }
    info.min = count > 0 ? low : nan;
    info.max = count > 0 ? high : nan;
    info.average = count > 0 ? sum / double(count) : nan;
}

} // namespace

std::shared_ptr<const Prepared> prepare(std::shared_ptr<const Matrix> matrix, ColorBook* book,
                                        std::stop_token stop)
{
    auto prepared = std::make_shared<Prepared>();
    prepared->series.resize(matrix->size());
    const Differences differences(*matrix);
    std::vector<std::uint64_t> hashes(matrix->size());
    for (std::size_t i = 0; i < matrix->size(); ++i) {
        if (stop.stop_requested()) {
            return nullptr;
        }
        const MatrixSeries& series = (*matrix)[i];
        SeriesInfo& info = prepared->series[i];
        info.hash = hashes[i] = series.labels.hash();
        info.name = ownName(series, differences, matrix->size());
        measure(series, info);
        if (series.values.empty() && !series.histograms.empty()) {
            ++prepared->histogramsOnly;
        }
    }
    if (!matrix->empty()) {
        prepared->common = nameOf(matrix->front().labels, [&](std::string_view label) {
            return !differences.contains(label);
        });
    }

    if (book != nullptr && hashes.size() <= mostBooked) {
        const std::vector<std::uint32_t> given = book->assign(hashes);
        for (std::size_t i = 0; i < given.size(); ++i) {
            prepared->series[i].slot = given[i];
        }
    } else {
        for (std::size_t i = 0; i < hashes.size(); ++i) {
            prepared->series[i].slot = std::uint32_t(hashes[i] % theme::seriesColorCount);
        }
    }

    prepared->byMax.resize(matrix->size());
    std::iota(prepared->byMax.begin(), prepared->byMax.end(), std::uint32_t(0));
    std::ranges::stable_sort(prepared->byMax, std::greater(), [&](std::uint32_t index) {
        const double max = prepared->series[index].max;
        return std::isnan(max) ? -std::numeric_limits<double>::infinity() : max;
    });
    prepared->matrix = std::move(matrix);
    return prepared;
}

Choice choose(const Prepared& prepared, const Visibility& visibility, std::size_t limit)
{
    Choice choice;
    for (const std::uint32_t index : prepared.byMax) {
        const SeriesInfo& info = prepared.series[index];
        if (!visibility.shows(info.hash)) {
            continue;
        }
        ++choice.wanted;
        if (choice.drawn.size() < limit) {
            choice.drawn.push_back(index);
        }
    }
    std::ranges::sort(choice.drawn);
    return choice;
}

std::optional<double> valueNear(const MatrixSeries& series, double ms, double reachMs)
{
    const auto& at = series.atMs;
    if (at.empty()) {
        return std::nullopt;
    }
    auto index
        = std::size_t(std::ranges::lower_bound(at, std::int64_t(std::llround(ms))) - at.begin());
    if (index == at.size() || (index > 0 && ms - double(at[index - 1]) < double(at[index]) - ms)) {
        --index;
    }
    if (std::abs(double(at[index]) - ms) > reachMs) {
        return std::nullopt;
    }
    return series.values[index];
}

} // namespace watchfire::ui::chart
