// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/conformance/exposition.h"

#include "app/ctl/conformance/job_config.h"
#include "app/ctl/conformance/scrape_rig.h"
#include "core/encoding/compress.h"
#include "core/exposition/check.h"

#include <limits>
#include <variant>

namespace watchfire::ctl {

namespace {

using namespace Qt::StringLiterals;

std::string bodyOf(const QJsonValue& body)
{
    const QByteArray bytes = body["base64"_L1].isString()
        ? QByteArray::fromBase64(body["base64"_L1].toString().toLatin1())
        : body["text"_L1].toString().toUtf8();
    return bytes.toStdString();
}

/// A recorded response as a fetcher hands it over: unpacked.
Result<HttpResponse> responseOf(const QJsonObject& recorded)
{
    HttpResponse response;
    response.status = recorded["status"_L1].toInt(200);
    if (const QString type = recorded["content_type"_L1].toString(); !type.isEmpty()) {
        response.headers.emplace_back("Content-Type", type.toStdString());
    }
    response.body = bodyOf(recorded["body"_L1]);
    const QString encoding = recorded["content_encoding"_L1].toString();
    if (!encoding.isEmpty()) {
        auto unpacked = encoding::decompress(encoding.toStdString(), response.body,
                                             std::numeric_limits<std::uint32_t>::max());
        if (!unpacked) {
            return std::unexpected(unpacked.error());
        }
        response.body = *std::move(unpacked);
    }
    return response;
}

/// The first difference of several comparisons.
std::optional<std::string>
compare(std::initializer_list<std::pair<std::string, std::pair<QJsonValue, QJsonValue>>> pairs)
{
    for (const auto& [what, values] : pairs) {
        if (auto differs = difference(values.first, values.second)) {
            return what + *differs;
        }
    }
    return std::nullopt;
}

std::optional<std::string> compareResult(const QString& wanted, ScrapeRig& rig)
{
    const scrape::TargetStatus status = rig.status();
    const bool up = status.health == scrape::Health::up;
    if (up != (wanted == "ok"_L1)) {
        return up ? "the scrape is up" : "the scrape failed: " + status.lastError;
    }
    return std::nullopt;
}

/// Where only the target's own, `job` and `instance` are left out of the recording.
QJsonArray withoutTarget(const QJsonArray& list, QLatin1StringView key)
{
    QJsonArray out;
    for (const auto& one : list) {
        QJsonObject object = one.toObject();
        QJsonObject labels = object[key].toObject();
        if (labels["job"_L1] == "expo"_L1) {
            labels.remove("job"_L1);
        }
        if (labels["instance"_L1] == "TARGET"_L1) {
            labels.remove("instance"_L1);
        }
        object[key] = labels;
        out.append(object);
    }
    return sortedByLabels(out);
}

Verdict checkBody(const QJsonObject& testCase)
{
    ScrapeRig rig(ScrapeRig::job("expo"));
    HttpResponse response;
    response.headers.emplace_back("Content-Type",
                                  testCase["content_type"_L1].toString().toStdString());
    response.body = bodyOf(testCase["body"_L1]);
    rig.respond(std::move(response));
    rig.scrape();
    const QJsonObject wanted = testCase["scrape"_L1].toObject();
    if (auto differs = compareResult(wanted["result"_L1].toString(), rig)) {
        return Verdict::fail(*differs);
    }
    if (wanted["result"_L1] != "ok"_L1) {
        return Verdict::of(difference(QJsonArray(), rig.series()));
    }
    return Verdict::of(compare({
        {"series",
         {sortedByLabels(wanted["series"_L1].toArray()), withoutTarget(rig.series(), "labels"_L1)}},
        {"samples_scraped", {wanted["samples_scraped"_L1], qint64(rig.status().samples)}},
        {"metadata", {wanted["metadata"_L1], rig.metadata()}},
        {"exemplars",
         {sortedByLabels(wanted["exemplars"_L1].toArray()),
          withoutTarget(rig.exemplars(), "series"_L1)}},
    }));
}

/// Headers that a fetcher adds by what the request asks of it.
QJsonObject headersSent(const HttpRequest& request)
{
    QJsonObject out;
    for (const auto& [name, value] : request.headers) {
        out.insert(QString::fromStdString(name), QString::fromStdString(value));
    }
    const HttpHeaders configured = resolveHeaders(request.client.headers).value();
    for (const auto& [name, value] : configured) {
        out.insert(QString::fromStdString(name), QString::fromStdString(value));
    }
    out.insert("Accept-Encoding"_L1, request.acceptCompressed ? u"gzip"_s : u"identity"_s);
    if (const auto* basic = std::get_if<BasicAuth>(&request.client.auth)) {
        const QByteArray pair
            = QByteArray::fromStdString(basic->user + ":" + basic->password.reveal()).toBase64();
        out.insert("Authorization"_L1, "Basic "_L1 + QString::fromLatin1(pair));
    } else if (const auto* bearer = std::get_if<BearerAuth>(&request.client.auth)) {
        out.insert("Authorization"_L1,
                   QString::fromStdString(bearer->type + " " + bearer->token.reveal()));
    }
    return out;
}

std::optional<std::string> compareRequest(const QJsonObject& wanted, const ScrapeRig& rig)
{
    Volatile ignored;
    ignored.keys.append(u"User-Agent"_s);
    const QString url = QString::fromStdString(rig.request().url);
    const QString path = url.mid(url.indexOf(u'/', qsizetype(sizeof "http://")));
    if (auto differs = difference(wanted["path_and_query"_L1], path)) {
        return "path" + *differs;
    }
    return difference(wanted["headers"_L1], headersSent(rig.request()), ignored);
}

Result<config::ScrapeConfig> jobOf(const QJsonObject& testCase)
{
    config::ScrapeConfig job = ScrapeRig::job(testCase["id"_L1].toString().toStdString());
    if (auto set = setJobKeys(job, testCase["job_config"_L1].toObject()); !set) {
        return std::unexpected(set.error());
    }
    return job;
}

Verdict checkResponse(const QJsonObject& testCase)
{
    const auto job = jobOf(testCase);
    if (!job) {
        return Verdict::skip(job.error().message);
    }
    const QJsonObject response = testCase["response"_L1].toObject();
    ScrapeRig rig(*job);
    rig.respond(responseOf(response));
    rig.scrape();
    const QJsonObject wanted = testCase["expect"_L1].toObject();
    if (auto differs = compareResult(wanted["result"_L1].toString(), rig)) {
        return Verdict::fail(*differs);
    }
    if (testCase.contains("request_seen"_L1)) {
        if (auto differs = compareRequest(testCase["request_seen"_L1].toObject(), rig)) {
            return Verdict::fail("request " + *differs);
        }
    }
    QJsonObject synthetic = wanted["synthetic"_L1].toObject();
    QJsonObject reported = rig.reported();
    reported.remove("scrape_duration_seconds"_L1);
    if (wanted["result"_L1] != "ok"_L1) {
        synthetic = {{u"up"_s, synthetic["up"_L1]}};
        reported = {{u"up"_s, reported["up"_L1]}};
    }
    const QJsonObject metadata = rig.metadata();
    return Verdict::of(compare({
        {"series", {sortedByLabels(wanted["series"_L1].toArray()), rig.series()}},
        {"synthetic", {synthetic, reported}},
        {"metadata",
         {wanted.contains("metadata"_L1) ? wanted["metadata"_L1] : QJsonValue(metadata), metadata}},
    }));
}

Verdict checkSequence(const QJsonObject& testCase)
{
    const auto job = jobOf(testCase);
    if (!job) {
        return Verdict::skip(job.error().message);
    }
    ScrapeRig rig(*job);
    const auto serve = [&](const QJsonObject& recorded) {
        auto response = responseOf(recorded);
        if (response) {
            response->headers = {{"Content-Type", "text/plain; version=0.0.4"}};
            const std::string now = std::to_string(unixMs(rig.now() + job->scrapeInterval));
            for (std::size_t at = 0; (at = response->body.find("%NOW%")) != std::string::npos;) {
                response->body.replace(at, 5, now);
            }
        }
        rig.respond(std::move(response));
        rig.scrape();
    };
    const QJsonArray responses = testCase["responses"_L1].toArray();
    for (const auto& response : responses) {
        serve(response.toObject());
    }
    serve(responses.last().toObject());
    const QJsonObject wanted = testCase["expect"_L1].toObject();
    if (auto differs = compareResult(wanted["last_scrape"_L1].toString(), rig)) {
        return Verdict::fail(*differs);
    }
    return Verdict::of(
        difference(sortedByLabels(wanted["visible_to_an_instant_query_afterwards"_L1].toArray()),
                   rig.visible()));
}

Verdict check(const QJsonObject& testCase)
{
    if (testCase.contains("scrape"_L1)) {
        return checkBody(testCase);
    }
    if (testCase.contains("response"_L1)) {
        return checkResponse(testCase);
    }
    if (testCase.contains("responses"_L1)) {
        return checkSequence(testCase);
    }
    return Verdict::skip("not a case of scraping");
}

Verdict checkStrictly(const QJsonObject& testCase)
{
    if (testCase.contains("openmetrics_spec"_L1)) {
        const std::string text = bodyOf(testCase["body"_L1]);
        const auto read = exposition::checkOpenMetrics(text);
        if (read.has_value() == (testCase["openmetrics_spec"_L1] == "valid"_L1)) {
            return Verdict::pass();
        }
        return Verdict::fail(read ? "accepted" : "refused: " + read.error().message);
    }
    if (!testCase.contains("expfmt"_L1)) {
        return Verdict::skip("not a case of checking");
    }
    const std::string body = bodyOf(testCase["body"_L1]);
    const auto problems = exposition::checkMetrics(body);
    const bool accepted = testCase["expfmt"_L1].toString() == "ok"_L1;
    if (problems.has_value() != accepted) {
        return Verdict::fail(problems ? "accepted" : "refused: " + problems.error().message);
    }
    QJsonArray advice;
    for (const auto& problem : problems.value_or(std::vector<exposition::MetricProblem>())) {
        advice.append(QString::fromStdString(problem.metric + " " + problem.text));
    }
    return Verdict::of(difference(testCase["lint"_L1].toArray(), advice));
}

} // namespace

ConformanceOutcome runCheckMetrics(const std::filesystem::path& path)
{
    return runCases(
        path, [](const QJsonObject& testCase, const CaseFile&) { return checkStrictly(testCase); });
}

ConformanceOutcome runExposition(const std::filesystem::path& path)
{
    return runCases(path,
                    [](const QJsonObject& testCase, const CaseFile&) { return check(testCase); });
}

} // namespace watchfire::ctl
