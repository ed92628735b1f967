// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/store_client.h"

#include "core/api/encode_result.h"
#include "core/api/parameters.h"
#include "core/promql/query.h"
#include "core/promql/syntax/parser.h"
#include "core/tsdb/store.h"

#include <limits>
#include <set>

namespace watchfire::ctl {

namespace {

Result<Timestamp> timeOf(const std::string& text, Timestamp otherwise)
{
    return text.empty() ? otherwise : api::parseTime(text);
}

Result<std::string> evaluated(const Question& question, storage::Queryable& store,
                              const promql::QueryTimes& times)
{
    promql::QueryOptions options;
    options.features = promql::Features::all();
    options.maxBytes = std::numeric_limits<std::uint64_t>::max(); // nobody else's are at stake
    options.explain = question.explain;
    const auto result = promql::evaluate(question.expr, store, times, options);
    if (!result) {
        return fail(ErrorKind::invalid, promql::describe(result.error(), question.expr));
    }
    std::string data = "{";
    api::appendResult(data, result->value);
    if (const auto& explanation = result->explanation) {
        data += ",\"explanation\":";
        api::appendExplanation(data, *explanation);
    }
    return data + '}';
}

/// The stretch asked about; all of time by default.
Result<TimeRange> rangeOf(const Question& question)
{
    constexpr std::int64_t endOfTime = std::numeric_limits<std::int64_t>::max() / 1'000'000;
    const auto from = timeOf(question.start, fromUnixMs(-endOfTime));
    if (!from) {
        return std::unexpected(from.error());
    }
    return timeOf(question.end, fromUnixMs(endOfTime)).transform([&](Timestamp to) {
        return TimeRange{*from, to};
    });
}

/// Every selector's matchers; one empty set where none is given.
Result<std::vector<Matchers>> matchersOf(const Question& question)
{
    std::vector<Matchers> all;
    for (const std::string& text : question.matches) {
        auto matchers = promql::parseSelector(text);
        if (!matchers) {
            return fail(ErrorKind::invalid, promql::describe(matchers.error(), text));
        }
        all.push_back(std::move(*matchers));
    }
    if (all.empty()) {
        all.emplace_back();
    }
    return all;
}

/// What `list` says for each selector, together: sorted, each once.
template <class T, class List>
Result<std::set<T>> united(const Question& question, storage::Queryable& store, List list)
{
    const auto range = rangeOf(question);
    const auto matchers = matchersOf(question);
    if (!range || !matchers) {
        return std::unexpected(range ? matchers.error() : range.error());
    }
    const auto querier = store.querier();
    if (!querier) {
        return std::unexpected(querier.error());
    }
    std::set<T> all;
    for (const Matchers& each : *matchers) {
        auto found = list(**querier, each, *range);
        if (!found) {
            return std::unexpected(found.error());
        }
        all.insert(std::move_iterator(found->begin()), std::move_iterator(found->end()));
    }
    return all;
}

} // namespace

Result<std::string> instantAnswer(const Question& question, storage::Queryable& store)
{
    return timeOf(question.time, SystemClock().now()).and_then([&](Timestamp at) {
        return evaluated(question, store, promql::QueryTimes::instant(at));
    });
}

Result<std::string> rangeAnswer(const Question& question, storage::Queryable& store)
{
    const auto start = api::parseTime(question.start);
    const auto end = timeOf(question.end, SystemClock().now());
    const auto step = api::parseStep(question.step);
    if (!start || !end || !step) {
        return std::unexpected(!start ? start.error() : !end ? end.error() : step.error());
    }
    promql::QueryTimes times;
    times.start = *start;
    times.end = *end;
    times.step = *step;
    return evaluated(question, store, times);
}

Result<std::string> seriesAnswer(const Question& question, storage::Queryable& store)
{
    return united<Labels>(question, store,
                          [](storage::Querier& querier, const Matchers& matchers, TimeRange range) {
                              return querier.series(matchers, range);
                          })
        .transform([](const std::set<Labels>& all) {
            std::string data = "[";
            for (const Labels& labels : all) {
                if (data.size() > 1) {
                    data += ',';
                }
                api::appendLabels(data, labels);
            }
            return data + ']';
        });
}

Result<std::string> labelsAnswer(const Question& question, storage::Queryable& store)
{
    return united<std::string>(
               question, store,
               [&](storage::Querier& querier, const Matchers& matchers, TimeRange range) {
                   return question.label.empty()
                       ? querier.labelNames(matchers, range)
                       : querier.labelValues(question.label, matchers, range);
               })
        .transform([](const std::set<std::string>& all) {
            std::string data;
            encoding::JsonWriter json(data);
            json.beginArray();
            for (const std::string& text : all) {
                json.string(text);
            }
            json.endArray();
            return data;
        });
}

Result<encoding::JsonValue> askStore(const std::filesystem::path& directory,
                                     const Question& question, StoreAnswer answer)
{
    tsdb::OpenOptions options;
    options.directory = directory;
    options.readOnly = true;
    const auto store = tsdb::Store::open(options);
    if (!store) {
        return fail(ErrorKind::unavailable, store.error().message);
    }
    return answer(question, **store).and_then([](const std::string& data) {
        return encoding::parseJson(R"({"status":"success","data":)" + data + '}');
    });
}

} // namespace watchfire::ctl
