// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/alertmanager_requests.h"

#include "core/api/parameters.h"

namespace watchfire::tests {

using namespace std::chrono_literals;

const char* const routing = R"(route:
  receiver: root
  group_by: [alertname]
  group_wait: 0s
  routes:
  - {matchers: [team="x"], receiver: x, continue: true}
  - {matchers: [severity="page"], receiver: pager}
  - {matchers: [muted="yes"], receiver: pager, mute_time_intervals: [always]}
time_intervals:
- name: always
  time_intervals: [{}]
receivers:
- name: root
- name: x
- name: pager
  webhook_configs: [{url: 'http://127.0.0.1:1/a-secret-path'}]
inhibit_rules: [{source_matchers: [severity="page"], target_matchers: [severity="warn"], equal: [dc]}]
)";

const char* const fourAlerts = R"([
 {"labels":{"alertname":"A","severity":"page","dc":"1","team":"x"},"annotations":{"s":"t"},
  "startsAt":"2026-11-22T14:01:10.5Z","generatorURL":"http://g.example/x"},
 {"labels":{"alertname":"B","severity":"warn","dc":"1"}},
 {"labels":{"alertname":"B","severity":"warn","dc":"2"}},
 {"labels":{"alertname":"M","muted":"yes"}}])";

std::string silenceBody(const std::string& startsAt, const std::string& endsAt,
                        const std::string& more, std::string_view matcher)
{
    return "{\"matchers\":[" + std::string(matcher) + "],\"startsAt\":\"" + startsAt
        + "\",\"endsAt\":\"" + endsAt + "\",\"createdBy\":\"me\",\"comment\":\"c\"" + more + "}";
}

std::string in(std::chrono::minutes time)
{
    return api::formatDateTime(SystemClock().now() + time);
}

std::vector<RefusedRequest> refusedRequests()
{
    std::vector<RefusedRequest> out;
    const auto row = [&out](const char* name, const std::string& method, const std::string& path,
                            const std::string& body, int status, const std::string& answer) {
        out.push_back({name, method, path, body, status, answer});
    };
    const std::string alerts = "/api/v2/alerts";
    const std::string silences = "/api/v2/silences";
    const std::string unknown = "/api/v2/silence/00000000-0000-4000-8000-000000000000";
    const std::string now = in(-1min);
    const std::string later = in(60min);
    row("filter", "GET", alerts + "?filter=a", {}, 400, R"("bad matcher format: a")");
    row("receiver", "GET", alerts + "?receiver=(", {}, 400,
        R"("failed to parse receiver param: error parsing regexp: missing closing ): `^(?:()$`")");
    row("filter of groups", "GET", alerts + "/groups?filter=%7B", {}, 400,
        R"("unexpected open or close brace: {")");
    row("filter of silences", "GET", silences + "?filter=a", {}, 400, R"("bad matcher format: a")");
    row("no list", "POST", alerts, R"({"labels":{"alertname":"x"}})", 400,
        R"({"code":400,"message":"parsing alerts body from \"\" failed, because json: cannot unmarshal object into Go value of type models.PostableAlerts"})");
    row("no labels", "POST", alerts, R"([{"annotations":{"a":"b"}}])", 422,
        R"({"code":602,"message":"0.labels in body is required"})");
    row("an alert that is none", "POST", alerts, "[null]", 422,
        R"({"code":602,"message":"0.labels in body is required"})");
    row("labels of a wrong type", "POST", alerts, R"([{"labels":5}])", 400,
        R"({"code":400,"message":"parsing alerts body from \"\" failed, because json: cannot unmarshal number into Go struct field Alert.labels of type models.LabelSet"})");
    row("a label of a wrong type", "POST", alerts, R"([{"labels":{"a":5}}])", 400,
        R"({"code":400,"message":"parsing alerts body from \"\" failed, because json: cannot unmarshal number into Go struct field Alert.labels.a of type string"})");
    row("no time", "POST", alerts, R"([{"labels":{"a":"b"},"startsAt":"yesterday"}])", 400,
        R"({"code":400,"message":"parsing alerts body from \"\" failed, because parsing time \"yesterday\" as \"2006-01-02\": cannot parse \"yesterday\" as \"2006\""})");
    row("no address", "POST", alerts, R"([{"labels":{"a":"b"},"generatorURL":"foo"}])", 422,
        R"({"code":601,"message":"0.generatorURL in body must be of type uri: \"foo\""})");
    row("ends before it starts", "POST", alerts,
        R"([{"labels":{"a":"b"},"startsAt":"2026-11-30T10:00:00Z","endsAt":"2026-11-30T09:00:00Z"}])",
        400, R"("start time must be before end time")");
    row("starts after it times out", "POST", alerts,
        R"([{"labels":{"a":"b"},"startsAt":")" + later + R"("}])", 400,
        R"("start time must be before end time")");
    row("empty labels", "POST", alerts, R"([{"labels":{}}])", 400,
        R"("at least one label pair required")");
    row("only empty values", "POST", alerts, R"([{"labels":{"a":""}}])", 400,
        R"("at least one label pair required")");
    row("label without a name", "POST", alerts, R"([{"labels":{"":"x","alertname":"y"}}])", 400,
        R"("invalid label set: invalid name \"\"")");
    row("annotation without a name", "POST", alerts,
        R"([{"labels":{"a":"b"},"annotations":{"":"b"}}])", 400,
        R"("invalid annotations: invalid name \"\"")");
    row("two that are wrong", "POST", alerts, R"([{"labels":{}},{"labels":{"":"x"}}])", 400,
        R"("at least one label pair required\ninvalid label set: invalid name \"\"")");
    row("silence without anything", "POST", silences, "{}", 422,
        R"({"code":602,"message":"comment in body is required"})");
    row("silence without matchers", "POST", silences,
        R"({"matchers":[],"startsAt":")" + now + R"(","endsAt":")" + later
            + R"(","createdBy":"","comment":""})",
        422, R"({"code":612,"message":"matchers in body should have at least 1 items"})");
    const auto silence
        = [&](const char* name, const std::string& body, int status, const std::string& answer) {
              row(name, "POST", silences, body, status, answer);
          };
    silence("matcher without isRegex",
            silenceBody(in(0min), in(60min), {}, R"({"name":"a","value":"b"})"), 422,
            R"({"code":602,"message":"matchers.0.isRegex in body is required"})");
    silence(
        "matcher of a wrong type",
        silenceBody(in(0min), in(60min), {}, R"({"name":"a","value":5,"isRegex":false})"), 400,
        R"({"code":400,"message":"parsing silence body from \"\" failed, because json: cannot unmarshal number into Go struct field Silence.matchers.0.value of type string"})");
    silence("matcher of anything",
            silenceBody(in(0min), in(60min), {}, R"({"name":"a","value":"","isRegex":false})"), 400,
            R"("invalid silence: at least one matcher must not match the empty string")");
    silence("matcher without a name",
            silenceBody(in(0min), in(60min), {}, R"({"name":"","value":"b","isRegex":false})"), 400,
            R"("invalid silence: invalid label matcher 0: invalid label name \"\"")");
    silence(
        "matcher with a bad pattern",
        silenceBody(in(0min), in(60min), {}, R"({"name":"a","value":"(","isRegex":true})"), 400,
        R"("invalid silence: invalid label matcher 0: invalid regular expression \"(\": error parsing regexp: missing closing ): `(`")");
    silence("silence that ends before it starts", silenceBody(in(60min), in(30min)), 400,
            R"("Failed to create silence: start time must be before end time")");
    silence("silence that is over", silenceBody(in(-60min), in(-30min)), 400,
            R"("Failed to create silence: end time can't be in the past")");
    silence("silence that is not there",
            silenceBody(in(0min), in(30min), R"(,"id":"00000000-0000-4000-8000-000000000000")"),
            404, R"("silence not found")");
    row("id", "GET", "/api/v2/silence/5", {}, 422,
        R"({"code":601,"message":"silenceID in path must be of type uuid: \"5\""})");
    row("id to expire", "DELETE", "/api/v2/silence/5", {}, 422,
        R"({"code":601,"message":"silenceID in path must be of type uuid: \"5\""})");
    row("unknown", "GET", unknown, {}, 404, {});
    row("unknown to expire", "DELETE", unknown, {}, 404, {});
    row("path", "GET", "/api/v2/nothing", {}, 404,
        R"({"code":404,"message":"path /api/v2/nothing was not found"})");
    row("method", "DELETE", alerts, {}, 405,
        R"({"code":405,"message":"method DELETE is not allowed, but [GET,POST] are"})");
    row("nothing posted", "POST", alerts, {}, 422,
        R"({"code":602,"message":"alerts in body is required"})");

    return out;
}

} // namespace watchfire::tests
