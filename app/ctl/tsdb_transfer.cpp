// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// watchfirectl tsdb list, dump, dump-openmetrics, import-openmetrics, import-prometheus

#include "app/ctl/engine_client.h"
#include "app/ctl/open_store.h"
#include "app/ctl/remote_appender.h"
#include "app/ctl/verbs.h"
#include "core/api/parameters.h"
#include "core/encoding/json.h"
#include "core/promblocks/mapped_file.h"
#include "core/promql/query.h"
#include "core/promql/syntax/parser.h"
#include "core/transfer/dump.h"
#include "core/transfer/import.h"
#include "core/tsdb/store.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <format>
#include <memory>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace watchfire::ctl {

namespace {

/// What the verbs are asked.
struct Wish {
    std::string start;
    std::string end;
    std::vector<std::string> matches;
    std::string source; ///< file or folder of an import
};
using WishPtr = std::shared_ptr<Wish>;

/// The stretch and the series that are meant. Nothing: it has been told why not.
bool understand(Context& context, const Wish& wish, TimeRange& range,
                std::vector<Matchers>& selections)
{
    range = {fromUnixMs(transfer::beginningOfTime), fromUnixMs(transfer::endOfTime)};
    for (const auto& [text, at] : {std::pair(&wish.start, &range.from), {&wish.end, &range.to}}) {
        if (text->empty()) {
            continue;
        }
        const auto parsed = api::parseTime(*text);
        if (!parsed) {
            complain(context, Exit::usage, parsed.error().message);
            return false;
        }
        *at = *parsed;
    }
    for (const std::string& text : wish.matches) {
        auto matchers = promql::parseSelector(text);
        if (!matchers) {
            complain(context, Exit::usage, promql::describe(matchers.error(), text));
            return false;
        }
        selections.push_back(std::move(*matchers));
    }
    return true;
}

void list(Context& context)
{
    const auto store = openStore(context, "list", true);
    if (store == nullptr) {
        return;
    }
    const auto windows = store->windows();
    const auto stats = store->stats();
    if (!windows || !stats) {
        complain(context, Exit::wrong, (!windows ? windows.error() : stats.error()).message);
        return;
    }
    if (context.json()) {
        std::string out;
        encoding::JsonWriter json(out);
        json.beginObject().key("windows").beginArray();
        for (const tsdb::WindowStats& window : *windows) {
            json.beginObject();
            json.key("start").integer(unixMs(window.range.from));
            json.key("end").integer(unixMs(window.range.to));
            json.key("sealed").boolean(window.isSealed);
            json.key("samples").unsignedInteger(window.samples);
            json.key("bytes").unsignedInteger(window.bytes);
            json.endObject();
        }
        json.endArray();
        json.key("headSamples").unsignedInteger(stats->headSamples);
        json.endObject();
        std::puts(out.c_str());
        return;
    }
    std::puts("START                 END                   STATE      SAMPLES        BYTES");
    for (const tsdb::WindowStats& window : *windows) {
        std::puts(std::format("{:%FT%T}Z  {:%FT%T}Z  {:<6} {:>11} {:>12}",
                              std::chrono::floor<std::chrono::seconds>(window.range.from),
                              std::chrono::floor<std::chrono::seconds>(window.range.to),
                              window.isSealed ? "sealed" : "open", window.samples, window.bytes)
                      .c_str());
    }
    if (stats->headSamples > 0) {
        std::puts(std::format("{} samples more are in no window yet", stats->headSamples).c_str());
    }
}

bool toStdout(std::string_view piece)
{
    return std::fwrite(piece.data(), 1, piece.size(), stdout) == piece.size();
}

void dump(Context& context, const Wish& wish, bool asOpenMetrics)
{
    transfer::DumpOptions options;
    if (!understand(context, wish, options.range, options.selections)) {
        return;
    }
    const auto store = openStore(context, asOpenMetrics ? "dump-openmetrics" : "dump", true);
    if (store == nullptr) {
        return;
    }
    const auto querier = store->querier();
    const auto metadata = store->metadata();
    if (!querier || !metadata) {
        complain(context, Exit::unreachable,
                 (!querier ? querier.error() : metadata.error()).message);
        return;
    }
    transfer::DumpReport report;
    const auto done = asOpenMetrics
        ? transfer::dumpOpenMetrics(**querier, *metadata, options, toStdout, report)
        : transfer::dumpSamples(**querier, options, toStdout, report);
    if (!done || std::fflush(stdout) != 0) {
        complain(context, Exit::unreachable,
                 done ? std::format("stdout: {}", std::strerror(errno)) : done.error().message);
        return;
    }
    const auto leftOut = [](std::uint64_t count, const char* what) {
        if (count > 0) {
            std::fputs(std::format("left out: {} {}\n", count, what).c_str(), stderr);
        }
    };
    leftOut(report.histogramsLeftOut,
            "native histogram samples, which OpenMetrics cannot say (tsdb dump can)");
    leftOut(report.staleLeftOut, "staleness markers, which OpenMetrics cannot say");
    leftOut(report.namelessSeries, "series without a metric name, which OpenMetrics cannot say");
}

/// Shows how far it is, where somebody watches.
std::function<void(double)> progressLine()
{
    if (::isatty(STDERR_FILENO) == 0) {
        return {};
    }
    return [shown = -1](double done) mutable {
        const int percent = static_cast<int>(done * 100);
        if (percent != shown) {
            shown = percent;
            std::fputs(std::format("\r{:3} %", percent).c_str(), stderr);
        }
    };
}

void tell(const Context& context, const transfer::ImportReport& report, bool fromBlocks)
{
    const storage::CommitReport& commit = report.commit;
    const std::uint64_t refused = commit.tooOld + commit.tooNew + commit.refused;
    if (context.json()) {
        std::string out;
        encoding::JsonWriter json(out);
        json.beginObject();
        json.key("samples").unsignedInteger(report.samples);
        json.key("histograms").unsignedInteger(report.histograms);
        json.key("exemplars").unsignedInteger(report.exemplars);
        json.key("stored").unsignedInteger(commit.stored);
        json.key("duplicates").unsignedInteger(commit.duplicates);
        json.key("conflicts").unsignedInteger(commit.conflicts);
        json.key("refused").unsignedInteger(refused);
        json.key("refusedSeries").unsignedInteger(report.refusedSeries);
        json.key("newSeries").unsignedInteger(commit.newSeries);
        json.key("blocks").unsignedInteger(report.blocks);
        json.key("overlappingBlocks").unsignedInteger(report.overlappingBlocks);
        json.endObject();
        std::puts(out.c_str());
        return;
    }
    if (fromBlocks) {
        std::puts(std::format("{} blocks read, {} of them begin before an earlier one ends",
                              report.blocks, report.overlappingBlocks)
                      .c_str());
    }
    std::puts(std::format("{} samples stored, {} duplicates, {} conflicts (the first stays), {} "
                          "refused; {} new series, {} refused",
                          commit.stored, commit.duplicates, commit.conflicts, refused,
                          commit.newSeries, report.refusedSeries)
                  .c_str());
}

/// stdin is kept in a file without a name: a text is read more than once.
Result<std::string> spooled()
{
    std::FILE* const file = std::tmpfile();
    if (file == nullptr) {
        return fail(ErrorKind::io, std::format("temporary file: {}", std::strerror(errno)));
    }
    std::vector<char> piece(std::size_t{1} << 20);
    std::size_t read = 0;
    bool written = true;
    while (written && (read = std::fread(piece.data(), 1, piece.size(), stdin)) > 0) {
        written = std::fwrite(piece.data(), 1, read, file) == read;
    }
    if (!written || std::fflush(file) != 0 || std::ferror(stdin) != 0) {
        return fail(ErrorKind::io, std::format("temporary file: {}", std::strerror(errno)));
    }
    // The stream stays open for as long as the program runs: the path leads to it.
    return std::format("/proc/self/fd/{}", ::fileno(file));
}

Result<void> importText(const std::string& source, storage::Appender& to,
                        const transfer::ImportOptions& options, transfer::ImportReport& report)
{
    const Result<std::string> path = source == "-" ? spooled() : Result<std::string>(source);
    if (!path) {
        return std::unexpected(path.error());
    }
    const auto file = promblocks::MappedFile::open(*path);
    if (!file) {
        return std::unexpected(file.error());
    }
    auto done = transfer::importOpenMetrics(asText(file->bytes()), to, options, report);
    return done ? done : std::unexpected(done.error().within(source == "-" ? "stdin" : source));
}

void import(Context& context, const Wish& wish, bool fromBlocks)
{
    transfer::ImportOptions options;
    if (!understand(context, wish, options.range, options.selections)) {
        return;
    }
    options.progress = progressLine();
    std::unique_ptr<tsdb::Store> store;
    std::unique_ptr<storage::Appender> appender;
    if (context.data.empty() && !context.url.empty()) {
        const auto url = engineUrl(context);
        appender = std::make_unique<RemoteAppender>(*url);
    } else {
        store = openStore(context, fromBlocks ? "import-prometheus" : "import-openmetrics", false);
        if (store == nullptr) {
            return;
        }
        appender = store->importer();
    }
    transfer::ImportReport report;
    auto done = fromBlocks ? transfer::importBlocks(wish.source, *appender, options, report)
                           : importText(wish.source, *appender, options, report);
    appender.reset();
    if (done && store != nullptr) {
        done = store->commitNow().and_then([&] { return store->sealNow(); });
    }
    if (options.progress) {
        std::fputs("\r     \r", stderr);
    }
    if (!done) {
        const bool isContent = done.error().kind == ErrorKind::invalid
            || done.error().kind == ErrorKind::corrupt
            || done.error().kind == ErrorKind::unsupported;
        complain(context, isContent ? Exit::wrong : Exit::unreachable,
                 std::format("{} ({} samples had been stored before)", done.error().message,
                             report.commit.stored));
        return;
    }
    tell(context, report, fromBlocks);
}

void addRange(CLI::App& verb, const WishPtr& wish)
{
    verb.add_option("--start", wish->start, "Not before: seconds since 1970, or RFC 3339");
    verb.add_option("--end", wish->end, "Not after");
    verb.add_option("--match", wish->matches, "A selector; given several times: any of them");
}

} // namespace

void addTsdbTransfer(CLI::App& group, Context& context)
{
    group.add_subcommand("list", "Windows of the store at --data: times, state, samples, bytes")
        ->callback([&context] { list(context); });
    struct Dump {
        const char* name;
        const char* about;
        bool asOpenMetrics;
    };
    for (const Dump& verb :
         {Dump{"dump", "Every sample of --data, a line each: {labels} value milliseconds", false},
          Dump{"dump-openmetrics", "The same as OpenMetrics text, which can be imported again",
               true}}) {
        const auto wish = std::make_shared<Wish>();
        auto* const dumping = group.add_subcommand(verb.name, verb.about);
        addRange(*dumping, wish);
        dumping->callback([&context, wish, asOpenMetrics = verb.asOpenMetrics] {
            dump(context, *wish, asOpenMetrics);
        });
    }
    struct Import {
        const char* name;
        const char* about;
        const char* option;
        const char* what;
        bool fromBlocks;
    };
    for (const Import& verb :
         {Import{"import-openmetrics",
                 "Samples of any age into --data, or into the engine at --url (with --enable "
                 "admin-api)",
                 "FILE", "OpenMetrics text with timestamps; - for stdin", false},
          Import{"import-prometheus",
                 "The blocks of a Prometheus, likewise. What its head holds becomes a block by "
                 "POST /api/v1/admin/tsdb/snapshot there",
                 "FOLDER", "Data directory, snapshot, or one block", true}}) {
        const auto wish = std::make_shared<Wish>();
        auto* const importing = group.add_subcommand(verb.name, verb.about);
        importing->add_option(verb.option, wish->source, verb.what)->required();
        addRange(*importing, wish);
        importing->callback(
            [&context, wish, fromBlocks = verb.fromBlocks] { import(context, *wish, fromBlocks); });
    }
}

} // namespace watchfire::ctl
