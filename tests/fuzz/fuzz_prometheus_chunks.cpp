// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// The first byte picks what the rest is: the data of a chunk of that encoding, or an index, or
// tombstones, laid beside the other files of a block.

#include "core/promblocks/block.h"
#include "core/tsdb/codec/crc32c.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

using namespace watchfire;
using namespace watchfire::promblocks;

namespace {

std::filesystem::path folder()
{
    static const std::filesystem::path made = [] {
        std::string name = (std::filesystem::temp_directory_path() / "fuzz-block-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            std::abort();
        }
        std::filesystem::create_directory(std::filesystem::path(name) / "chunks");
        std::ofstream(std::filesystem::path(name) / "meta.json")
            << "{\"version\":1,\"ulid\":\"01\",\"minTime\":0,\"maxTime\":1}";
        return std::filesystem::path(name);
    }();
    return made;
}

void write(const char* name, ByteView bytes)
{
    std::ofstream(folder() / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2) {
        return 0;
    }
    const unsigned kind = data[0] % 8;
    Bytes rest(data + 1, data + size);
    if (kind < 7) {
        std::vector<ChunkSample> samples;
        if (decodeChunk(static_cast<std::uint8_t>(kind), rest, samples)
            && samples.size() != chunkSampleCount(static_cast<std::uint8_t>(kind), rest)) {
            std::abort();
        }
        return 0;
    }
    // The checksum of the table of contents is made good: without it nothing would be looked at.
    if (rest.size() >= 52) {
        const std::uint32_t crc = tsdb::crc32c(ByteView(rest).last(52).first(48));
        for (std::size_t i = 0; i < 4; ++i) {
            rest[rest.size() - 4 + i] = static_cast<std::uint8_t>(crc >> (24 - 8 * i));
        }
    }
    write("index", rest);
    const auto block = Block::open(folder());
    for (std::size_t i = 0; block && i < (*block)->seriesCount() && i < 100; ++i) {
        if (const auto series = (*block)->series(i)) {
            std::vector<ChunkSample> samples;
            for (const ChunkPlace& place : series->chunks) {
                static_cast<void>((*block)->read(*series, place, samples));
            }
        }
    }
    return 0;
}
