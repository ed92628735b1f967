// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/open_store.h"
#include "core/encoding/json.h"
#include "core/tsdb/salvage/salvage.h"
#include "core/tsdb/store.h"

#include <chrono>
#include <cstdio>
#include <format>
#include <memory>
#include <string>
#include <string_view>

namespace watchfire::ctl {

namespace {

std::string timeText(const std::optional<Timestamp>& at)
{
    return at ? std::format("{:%FT%TZ}", *at) : std::string("-");
}

void verify(Context& context)
{
    const auto store = openStore(context, "verify", true);
    if (store == nullptr) {
        return;
    }
    const auto report = store->verify();
    if (!report) {
        complain(context, Exit::wrong, report.error().message);
        return;
    }
    if (context.json()) {
        std::string out;
        encoding::JsonWriter json(out);
        json.beginObject();
        json.key("values").unsignedInteger(report->values);
        json.key("bytes").unsignedInteger(report->bytes);
        json.key("damage").beginArray();
        for (const auto& [where, what] : report->damage) {
            json.beginObject();
            json.field("where", where);
            json.field("what", what);
            json.endObject();
        }
        json.endArray();
        json.endObject();
        std::puts(out.c_str());
    } else {
        for (const auto& [where, what] : report->damage) {
            std::puts(std::format("{}: {}", where, what).c_str());
        }
        std::puts(std::format("{} values, {} bytes read, {} damaged", report->values, report->bytes,
                              report->damage.size())
                      .c_str());
    }
    if (!report->damage.empty()) {
        context.exit = Exit::wrong;
    }
}

void snapshot(Context& context, const std::string& folder)
{
    const auto store = openStore(context, "snapshot", true);
    if (store == nullptr) {
        return;
    }
    if (const auto taken = store->snapshot(folder); !taken) {
        complain(context, Exit::wrong, taken.error().message);
    }
}

void salvage(Context& context, const std::string& file)
{
    if (context.data.empty()) {
        complain(context, Exit::usage, "tsdb salvage needs --data DIR, where the new store goes");
        return;
    }
    tsdb::OpenOptions options;
    options.directory = context.data;
    options.aheadLimit = {};
    const auto into = tsdb::Store::open(options);
    if (!into) {
        complain(context, Exit::unreachable, into.error().message);
        return;
    }
    const auto report = tsdb::salvage(file, **into);
    if (!report) {
        complain(context, Exit::wrong, report.error().message);
        return;
    }
    std::puts(std::format("{} leaf pages, {} series, {} parts, {} samples; {} damaged parts, {} "
                          "samples of unknown series",
                          report->leafPages, report->series, report->parts, report->samples,
                          report->damaged, report->strangers)
                  .c_str());
}

void printCounts(const char* title, const std::vector<CardinalityReport::Count>& counts)
{
    std::puts(std::format("\n{}", title).c_str());
    for (const auto& [name, value] : counts) {
        std::puts(std::format("{:>10}  {}", value, name).c_str());
    }
}

void analyze(Context& context, std::size_t limit)
{
    const auto store = openStore(context, "analyze", true);
    if (store == nullptr) {
        return;
    }
    const auto stats = store->stats();
    const auto counts = store->cardinality(limit);
    if (!stats || !counts) {
        complain(context, Exit::wrong, (!stats ? stats.error() : counts.error()).message);
        return;
    }
    if (context.json()) {
        std::string out;
        encoding::JsonWriter json(out);
        json.beginObject();
        json.key("series").unsignedInteger(stats->series);
        json.key("groups").unsignedInteger(stats->groups);
        json.key("samples").unsignedInteger(stats->samples);
        json.key("headSamples").unsignedInteger(stats->headSamples);
        json.key("chunkBytes").unsignedInteger(stats->chunkBytes);
        json.key("windows").unsignedInteger(stats->windows);
        json.key("sealedWindows").unsignedInteger(stats->sealedWindows);
        json.key("journalBytes").unsignedInteger(stats->journalBytes);
        json.key("usedBytes").unsignedInteger(stats->usedBytes);
        json.key("fileBytes").unsignedInteger(stats->fileBytes);
        json.key("bytesPerSample").number(stats->bytesPerSample);
        json.field("oldest", timeText(stats->oldest));
        json.field("newest", timeText(stats->newest));
        json.key("labelPairs").unsignedInteger(counts->labelPairs);
        json.key("metrics").beginArray();
        for (const auto& [name, series, active] : counts->metrics) {
            json.beginObject().field("name", name);
            json.key("series").unsignedInteger(series);
            json.key("active").unsignedInteger(active).endObject();
        }
        json.endArray();
        for (const auto& [key, list] : {std::pair("valuesByLabel", &counts->valuesByLabel),
                                        std::pair("bytesByLabel", &counts->bytesByLabel),
                                        std::pair("seriesByPair", &counts->seriesByPair)}) {
            json.key(key).beginArray();
            for (const auto& [name, value] : *list) {
                json.beginObject().field("name", name).key("value").unsignedInteger(value);
                json.endObject();
            }
            json.endArray();
        }
        json.key("churn").beginArray();
        for (const auto& [range, series, came, went] : counts->churn) {
            json.beginObject().field("from", timeText(range.from)).field("to", timeText(range.to));
            json.key("series").unsignedInteger(series);
            json.key("came").unsignedInteger(came);
            json.key("went").unsignedInteger(went).endObject();
        }
        json.endArray();
        json.endObject();
        std::puts(out.c_str());
        return;
    }
    std::fputs(std::format("series            {}\n"
                           "groups            {}\n"
                           "samples           {}\n"
                           "  not in strips   {}\n"
                           "chunk bytes       {}\n"
                           "windows           {}\n"
                           "  sealed          {}\n"
                           "journal bytes     {}\n"
                           "LMDB bytes in use {}\n"
                           "file bytes        {}\n"
                           "bytes per sample  {:.2f}\n"
                           "oldest            {}\n"
                           "newest            {}\n",
                           stats->series, stats->groups, stats->samples, stats->headSamples,
                           stats->chunkBytes, stats->windows, stats->sealedWindows,
                           stats->journalBytes, stats->usedBytes, stats->fileBytes,
                           stats->bytesPerSample, timeText(stats->oldest), timeText(stats->newest))
                   .c_str(),
               stdout);
    std::puts("\nmetrics by series (of them active)");
    for (const auto& [name, series, active] : counts->metrics) {
        std::puts(std::format("{:>10} {:>10}  {}", series, active, name).c_str());
    }
    printCounts("label names by values", counts->valuesByLabel);
    printCounts("label names by bytes of values", counts->bytesByLabel);
    printCounts("label pairs by series", counts->seriesByPair);
    std::puts("\nchurn by sealed window (series, of them new; gone since the one before)");
    for (const auto& [range, series, came, went] : counts->churn) {
        std::puts(std::format("{:>10} {:>10} {:>10}  {} to {}", series, came, went,
                              timeText(range.from), timeText(range.to))
                      .c_str());
    }
}

} // namespace

void addTsdb(CLI::App& app, Context& context)
{
    auto* const group = app.add_subcommand("tsdb", "Look into a store");
    group->require_subcommand(1);
    addTsdbTransfer(*group, context);
    auto* const analyzing
        = group->add_subcommand("analyze", "Series, samples and bytes, and where they come from");
    const auto limit = std::make_shared<std::size_t>(10);
    analyzing->add_option("--limit", *limit, "Entries of each list");
    analyzing->callback([&context, limit] { analyze(context, *limit); });
    auto* const saving = group->add_subcommand(
        "salvage", "Bring what can be read of a damaged store's file into a new store");
    const auto damaged = std::make_shared<std::string>();
    saving->add_option("FILE", *damaged, "store.damaged-….mdb")->required();
    saving->callback([&context, damaged] { salvage(context, *damaged); });
    auto* const copying = group->add_subcommand("snapshot", "Copy a store to a new folder");
    const auto folder = std::make_shared<std::string>();
    copying->add_option("FOLDER", *folder, "Where to; made here")->required();
    copying->callback([&context, folder] { snapshot(context, *folder); });
    group->add_subcommand("verify", "Read everything and name what is damaged")
        ->callback([&context] { verify(context); });
}

} // namespace watchfire::ctl
