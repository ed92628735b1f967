// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/verbs.h"
#include "core/encoding/json.h"
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

/// The store at --data, for reading; null: it has been told why not.
std::unique_ptr<tsdb::Store> openStore(Context& context, std::string_view verb)
{
    if (context.data.empty()) {
        complain(context, Exit::usage, std::format("tsdb {} needs --data DIR", verb));
        return nullptr;
    }
    tsdb::OpenOptions options;
    options.directory = context.data;
    options.readOnly = true;
    auto store = tsdb::Store::open(options);
    if (!store) {
        complain(context, Exit::unreachable, store.error().message);
        return nullptr;
    }
    return std::move(*store);
}

void verify(Context& context)
{
    const auto store = openStore(context, "verify");
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

void analyze(Context& context)
{
    const auto store = openStore(context, "analyze");
    if (store == nullptr) {
        return;
    }
    const auto stats = store->stats();
    if (!stats) {
        complain(context, Exit::wrong, stats.error().message);
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
}

} // namespace

void addTsdb(CLI::App& app, Context& context)
{
    auto* const group = app.add_subcommand("tsdb", "Look into a store");
    group->require_subcommand(1);
    group->add_subcommand("analyze", "Series, samples and bytes")->callback([&context] {
        analyze(context);
    });
    group->add_subcommand("verify", "Read everything and name what is damaged")
        ->callback([&context] { verify(context); });
}

} // namespace watchfire::ctl
