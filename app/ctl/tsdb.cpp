// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/verbs.h"
#include "core/encoding/json.h"
#include "core/tsdb/store.h"

#include <chrono>
#include <cstdio>
#include <format>
#include <string>

namespace watchfire::ctl {

namespace {

std::string timeText(const std::optional<Timestamp>& at)
{
    return at ? std::format("{:%FT%TZ}", *at) : std::string("-");
}

void analyze(Context& context)
{
    tsdb::OpenOptions options;
    options.directory = context.data;
    options.readOnly = true;
    const auto store = tsdb::Store::open(options);
    if (!store) {
        complain(context, Exit::unreachable, store.error().message);
        return;
    }
    const auto stats = (*store)->stats();
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
                           "journal bytes     {}\n"
                           "LMDB bytes in use {}\n"
                           "file bytes        {}\n"
                           "bytes per sample  {:.2f}\n"
                           "oldest            {}\n"
                           "newest            {}\n",
                           stats->series, stats->groups, stats->samples, stats->headSamples,
                           stats->chunkBytes, stats->journalBytes, stats->usedBytes,
                           stats->fileBytes, stats->bytesPerSample, timeText(stats->oldest),
                           timeText(stats->newest))
                   .c_str(),
               stdout);
}

} // namespace

void addTsdb(CLI::App& app, Context& context)
{
    auto* const group = app.add_subcommand("tsdb", "Look into a store");
    group->require_subcommand(1);
    auto* const verb = group->add_subcommand("analyze", "Series, samples and bytes");
    verb->callback([&context] {
        if (context.data.empty()) {
            complain(context, Exit::usage, "tsdb analyze needs --data DIR");
            return;
        }
        analyze(context);
    });
}

} // namespace watchfire::ctl
