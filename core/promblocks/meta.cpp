// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/encoding/json.h"
#include "core/promblocks/block.h"

#include <algorithm>
#include <format>
#include <system_error>

namespace watchfire::promblocks {

Result<BlockMeta> readMeta(const std::filesystem::path& folder)
{
    const std::filesystem::path path = folder / "meta.json";
    const auto text = readFile(path);
    if (!text) {
        return std::unexpected(text.error());
    }
    const auto json = encoding::parseJson(*text);
    if (!json || !json->isObject()) {
        return fail(ErrorKind::corrupt,
                    std::format("{}: {}", path.string(),
                                json ? "not a JSON object" : json.error().message));
    }
    if (const std::int64_t version = (*json)["version"].asInteger(); version != 1) {
        return fail(ErrorKind::unsupported,
                    std::format("{}: block version {}, only 1 is known", path.string(), version));
    }
    BlockMeta meta;
    meta.ulid = (*json)["ulid"].asString();
    meta.minMs = (*json)["minTime"].asInteger();
    meta.maxMs = (*json)["maxTime"].asInteger();
    const auto count = [&](const char* name) {
        const std::int64_t value = (*json)["stats"][name].asInteger();
        return static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0));
    };
    meta.samples = count("numSamples");
    meta.series = count("numSeries");
    meta.chunks = count("numChunks");
    if (meta.ulid.empty() || meta.maxMs < meta.minMs) {
        return fail(ErrorKind::corrupt,
                    std::format("{}: a block needs an ulid and times in order", path.string()));
    }
    return meta;
}

Result<std::vector<std::filesystem::path>> findBlocks(const std::filesystem::path& folder)
{
    std::error_code failed;
    if (std::filesystem::exists(folder / "meta.json", failed)) {
        return std::vector{folder};
    }
    std::vector<std::pair<BlockMeta, std::filesystem::path>> found;
    for (std::filesystem::directory_iterator at(folder, failed), end; !failed && at != end;
         at.increment(failed)) {
        std::error_code ignored;
        // Prometheus is still writing, or deleting, what ends so.
        const std::string suffix = at->path().extension().string();
        if (suffix.starts_with(".tmp") || !std::filesystem::exists(at->path() / "index", ignored)
            || !std::filesystem::exists(at->path() / "meta.json", ignored)) {
            continue;
        }
        auto meta = readMeta(at->path());
        if (!meta) {
            return std::unexpected(meta.error());
        }
        found.emplace_back(std::move(*meta), at->path());
    }
    if (failed) {
        return fail(failed == std::errc::no_such_file_or_directory ? ErrorKind::notFound
                                                                   : ErrorKind::io,
                    std::format("{}: {}", folder.string(), failed.message()));
    }
    if (found.empty()) {
        return fail(ErrorKind::notFound,
                    std::format("{}: no block of Prometheus there; what its head holds has to be "
                                "written to blocks first, by POST /api/v1/admin/tsdb/snapshot",
                                folder.string()));
    }
    std::ranges::sort(found, {}, [](const auto& block) {
        return std::tuple(block.first.minMs, block.first.maxMs, block.first.ulid);
    });
    std::vector<std::filesystem::path> paths;
    for (auto& [meta, path] : found) {
        paths.push_back(std::move(path));
    }
    return paths;
}

} // namespace watchfire::promblocks
