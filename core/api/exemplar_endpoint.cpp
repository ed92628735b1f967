// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/encode_result.h"
#include "core/api/service.h"
#include "core/promql/syntax/parser.h"
#include "core/text/number.h"

#include <limits>
#include <variant>

namespace watchfire::api {

namespace {

constexpr std::int64_t endOfTime = std::numeric_limits<std::int64_t>::max() / 1'000'000;

/// The matchers of every selector in the expression; offsets and ranges do not count.
void collectSelectors(const promql::Node& node, std::vector<Matchers>& selectors)
{
    if (const auto* const selector = std::get_if<promql::VectorSelector>(&node.kind)) {
        selectors.push_back(selector->matchers);
    }
    for (const promql::Node* const part : promql::partsOf(node)) {
        collectSelectors(*part, selectors);
    }
}

/// {"labels":{…},"value":"0.5","timestamp":1700000060}
void appendExemplar(std::string& out, const Exemplar& exemplar)
{
    out += "{\"labels\":";
    appendLabels(out, exemplar.labels);
    out += ",\"value\":\"";
    text::appendValue(out, exemplar.value);
    out += "\",\"timestamp\":";
    appendSeconds(out, unixMs(exemplar.at.value_or(Timestamp{})));
    out += '}';
}

std::string encode(const std::vector<SeriesExemplars>& found)
{
    std::string out = "[";
    for (const SeriesExemplars& series : found) {
        out += out.size() > 1 ? ",{\"seriesLabels\":" : "{\"seriesLabels\":";
        appendLabels(out, series.labels);
        out += ",\"exemplars\":[";
        for (std::size_t i = 0; i < series.exemplars.size(); ++i) {
            out += i > 0 ? "," : "";
            appendExemplar(out, series.exemplars[i]);
        }
        out += "]}";
    }
    return out + "]";
}

} // namespace

void queryExemplars(const ServicePtr& service, const CallPtr& call)
{
    const auto from = timeParameter(call->parameters, "start", fromUnixMs(-endOfTime));
    const auto to = timeParameter(call->parameters, "end", fromUnixMs(endOfTime));
    if (!from || !to) {
        call->refuse(!from ? from.error() : to.error());
        return;
    }
    if (*to < *from) {
        call->refuse("end timestamp must not be before start timestamp");
        return;
    }
    const std::string_view text = call->parameters.get("query");
    const auto ast = promql::parse(text, service->options.features);
    if (!ast) {
        call->refuse(promql::describe(ast.error(), text));
        return;
    }
    engine::SeriesRequest request;
    request.range = {*from, *to};
    collectSelectors(*ast->root, request.matchers);
    if (request.matchers.empty()) {
        call->succeed({});
        return;
    }
    call->hold(service->engine.exemplars(std::move(request),
                                         [call](Result<std::vector<SeriesExemplars>> found) {
                                             if (found) {
                                                 call->succeed(encode(*found));
                                             } else {
                                                 call->failWith(found.error());
                                             }
                                         }));
}

} // namespace watchfire::api
