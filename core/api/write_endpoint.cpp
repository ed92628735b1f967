// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/service.h"
#include "core/encoding/compress.h"
#include "core/remote/write.h"

#include <algorithm>
#include <format>

namespace watchfire::api {

namespace {

constexpr std::string_view v1Name = "prometheus.WriteRequest";
constexpr std::string_view v2Name = "io.prometheus.write.v2.Request";

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Which message a Content-Type announces. A sender of the first days gives none.
Result<remote::WriteVersion> versionOf(std::string_view contentType)
{
    if (contentType.empty()) {
        return remote::WriteVersion::v1;
    }
    std::string_view rest = contentType;
    const auto next = [&rest] {
        const std::size_t end = std::min(rest.find(';'), rest.size());
        const std::string_view part = trimmed(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        return part;
    };
    if (next() != "application/x-protobuf") {
        return fail(ErrorKind::invalid,
                    std::format("expected application/x-protobuf as the first (media) part, got {} "
                                "content-type",
                                contentType));
    }
    while (!rest.empty()) {
        const std::string_view part = next();
        if (!part.starts_with("proto=")) {
            continue;
        }
        const std::string_view name = part.substr(6);
        if (name == v1Name) {
            return remote::WriteVersion::v1;
        }
        if (name == v2Name) {
            return remote::WriteVersion::v2;
        }
        return fail(ErrorKind::invalid,
                    std::format("got {} content type; unknown remote write protobuf message {}, "
                                "supported: {}, {}",
                                contentType, name, v1Name, v2Name));
    }
    return remote::WriteVersion::v1;
}

/// The first thing the store did not take, as a sentence; empty when it took all.
std::string complaint(const storage::CommitReport& report)
{
    if (report.tooOld > 0) {
        return "out of order sample";
    }
    if (report.conflicts > 0) {
        return "duplicate sample for timestamp";
    }
    if (report.tooNew > 0) {
        return "sample too far in the future";
    }
    if (report.refused > 0) {
        return "series budget exceeded";
    }
    return {};
}

struct Sent {
    remote::WriteVersion version = remote::WriteVersion::v1;
    std::size_t samples = 0;
    std::size_t histograms = 0;
    std::size_t exemplars = 0;
    std::string dropReason;
};

void answerWrite(Call& call, const Sent& sent, Result<storage::CommitReport> report)
{
    HttpResponse response;
    response.status = 204;
    std::string message;
    std::uint64_t rejected = sent.samples + sent.histograms;
    if (!report) {
        response.status = report.error().kind == ErrorKind::invalid ? 400
            : report.error().kind == ErrorKind::unavailable         ? 503
                                                                    : 500;
        message = report.error().message;
    } else {
        rejected = report->tooOld + report->conflicts + report->tooNew + report->refused;
        message = complaint(*report);
        if (message.empty() && sent.version == remote::WriteVersion::v2) {
            message = sent.dropReason;
        }
        response.status = message.empty() ? 204 : 400;
    }
    if (sent.version == remote::WriteVersion::v2) {
        // The report does not tell floats from histograms; floats are taken to be at fault first.
        const std::uint64_t lostSamples = std::min<std::uint64_t>(rejected, sent.samples);
        const std::uint64_t lostHistograms
            = std::min<std::uint64_t>(rejected - lostSamples, sent.histograms);
        const auto count = [&](const char* what, std::uint64_t written) {
            response.headers.emplace_back(std::format("X-Prometheus-Remote-Write-{}-Written", what),
                                          std::to_string(written));
        };
        count("Samples", sent.samples - lostSamples);
        count("Histograms", sent.histograms - lostHistograms);
        count("Exemplars", report ? sent.exemplars : 0);
    }
    if (!message.empty()) {
        response.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
        response.body = message + "\n";
    }
    call.answer(std::move(response));
}

void answerImport(Call& call, Result<storage::CommitReport> report)
{
    if (!report) {
        call.failWith(report.error());
        return;
    }
    std::string data;
    encoding::JsonWriter json(data);
    json.beginObject();
    json.key("stored").unsignedInteger(report->stored);
    json.key("duplicates").unsignedInteger(report->duplicates);
    json.key("conflicts").unsignedInteger(report->conflicts);
    json.key("tooOld").unsignedInteger(report->tooOld);
    json.key("tooNew").unsignedInteger(report->tooNew);
    json.key("refused").unsignedInteger(report->refused);
    json.key("newSeries").unsignedInteger(report->newSeries);
    json.endObject();
    call.succeed(data);
}

struct Received {
    remote::WriteVersion version = remote::WriteVersion::v1;
    remote::DecodedWrite decoded;
};

/// The body of a remote write request. Nothing: it has been answered.
std::optional<Received> receive(const Service& service, Call& call)
{
    const HttpHeaders& headers = call.request.headers;
    const auto version = versionOf(header(headers, "Content-Type"));
    if (!version) {
        call.plain(415, version.error().message + "\n");
        return {};
    }
    const std::string_view coding = header(headers, "Content-Encoding");
    if (!coding.empty() && coding != "snappy") {
        call.plain(415,
                   std::format("{} encoding (compression) is not accepted by this server; only "
                               "snappy is acceptable\n",
                               coding));
        return {};
    }
    const auto body = encoding::snappyDecompress(call.request.body, service.options.maxBody);
    if (!body) {
        const bool large = body.error().kind == ErrorKind::limit;
        call.plain(large ? 413 : 400, body.error().message + "\n");
        return {};
    }
    auto decoded = remote::decodeWrite(*body, *version);
    if (!decoded) {
        call.plain(400, decoded.error().message + "\n");
        return {};
    }
    return Received{*version, std::move(*decoded)};
}

} // namespace

void remoteWrite(const ServicePtr& service, const CallPtr& call)
{
    if (!service->options.remoteWriteReceiver) {
        call->plain(404,
                    "remote write receiver needs to be enabled with "
                    "--enable remote-write-receiver\n");
        return;
    }
    auto received = receive(*service, *call);
    if (!received) {
        return;
    }
    remote::DecodedWrite& decoded = received->decoded;
    Sent sent{received->version, decoded.samples, decoded.histograms, decoded.exemplars,
              std::move(decoded.dropReason)};
    call->hold(
        service->engine.write(std::move(decoded.request),
                              [call, sent = std::move(sent)](Result<storage::CommitReport> report) {
                                  answerWrite(*call, sent, std::move(report));
                              }));
}

void importSamples(const ServicePtr& service, const CallPtr& call)
{
    if (!service->options.adminApi) {
        call->failWith(503, "unavailable", "admin APIs disabled");
        return;
    }
    auto received = receive(*service, *call);
    if (!received) {
        return;
    }
    received->decoded.request.isHistory = true;
    call->hold(service->engine.write(
        std::move(received->decoded.request),
        [call](Result<storage::CommitReport> report) { answerImport(*call, std::move(report)); }));
}

} // namespace watchfire::api
