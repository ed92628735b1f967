// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Column segments over the synthetic mix: samples per second each way, and bytes per sample.
// Targets: encode 80 M/s, decode 600 M/s, 0.66 B/sample at 128 values.
#include "core/tsdb/codec/crc32c.h"
#include "core/tsdb/codec/journal_frame.h"
#include "core/tsdb/codec/segment.h"
#include "tests/support/sample_mix.h"

#include <benchmark/benchmark.h>

namespace {

using namespace watchfire;
using namespace watchfire::tsdb;

constexpr std::size_t scale = 4;
constexpr std::size_t samples = 1536;

const std::vector<testing::SampleClass>& mix()
{
    static const auto made = testing::SampleMix(scale, samples).make();
    return made;
}

struct Encoded {
    Bytes bytes;
    std::vector<std::size_t> starts;
    std::size_t samples = 0;
};

Encoded encodeAll(std::size_t length, const std::string& only = {})
{
    Encoded encoded;
    encoded.bytes.reserve(std::size_t{1} << 22);
    for (const auto& [name, series] : mix()) {
        if (!only.empty() && name != only) {
            continue;
        }
        for (const auto& values : series) {
            EncodeHint hint;
            for (std::size_t from = 0; from < values.size(); from += length) {
                encoded.starts.push_back(encoded.bytes.size());
                encodeSegment(std::span(values).subspan(from, length), encoded.bytes, hint);
                encoded.samples += length;
            }
        }
    }
    return encoded;
}

void perSample(benchmark::State& state, const Encoded& encoded)
{
    state.counters["samples/s"] = benchmark::Counter(static_cast<double>(encoded.samples),
                                                     benchmark::Counter::kIsIterationInvariantRate);
    state.counters["B/sample"]
        = static_cast<double>(encoded.bytes.size()) / static_cast<double>(encoded.samples);
}

void encode(benchmark::State& state)
{
    const auto length = static_cast<std::size_t>(state.range(0));
    Encoded encoded = encodeAll(length);
    for (auto _ : state) {
        encoded = encodeAll(length);
        benchmark::DoNotOptimize(encoded.bytes.data());
    }
    perSample(state, encoded);
}
BENCHMARK(encode)->Arg(32)->Arg(64)->Arg(128)->Arg(512);

void decodeInto(benchmark::State& state, const Encoded& encoded, std::size_t length)
{
    std::vector<double> out(length);
    for (auto _ : state) {
        for (const std::size_t start : encoded.starts) {
            auto facts = decodeSegment(ByteView(encoded.bytes).subspan(start), out);
            benchmark::DoNotOptimize(facts);
        }
        benchmark::DoNotOptimize(out.data());
    }
    perSample(state, encoded);
}

void decode(benchmark::State& state)
{
    const auto length = static_cast<std::size_t>(state.range(0));
    decodeInto(state, encodeAll(length), length);
}
BENCHMARK(decode)->Arg(32)->Arg(64)->Arg(128)->Arg(512);

void encodeClass(benchmark::State& state)
{
    const std::string& name = mix()[static_cast<std::size_t>(state.range(0))].name;
    Encoded encoded = encodeAll(128, name);
    for (auto _ : state) {
        encoded = encodeAll(128, name);
        benchmark::DoNotOptimize(encoded.bytes.data());
    }
    perSample(state, encoded);
    state.SetLabel(name);
}
BENCHMARK(encodeClass)->DenseRange(0, 7);

void decodeClass(benchmark::State& state)
{
    const std::string& name = mix()[static_cast<std::size_t>(state.range(0))].name;
    decodeInto(state, encodeAll(128, name), 128);
    state.SetLabel(name);
}
BENCHMARK(decodeClass)->DenseRange(0, 7);

/// Rows of one scrape after another over the mix, as the journal has them.
struct Rows {
    std::vector<std::vector<double>> rows;
    std::vector<Bytes> frames;
    std::size_t samples = 0;
    std::size_t bytes = 0;
};

const Rows& rows()
{
    static const Rows made = [] {
        Rows all;
        for (std::size_t at = 0; at < 128; ++at) {
            auto& row = all.rows.emplace_back();
            for (const auto& kind : mix()) {
                for (const auto& values : kind.series) {
                    row.push_back(values[at]);
                }
            }
            const bool first = at % 32 == 0;
            encodeRow(1, 0, row, first ? std::vector<double>{} : all.rows[at - 1],
                      all.frames.emplace_back());
            all.samples += row.size();
            all.bytes += all.frames.back().size();
        }
        return all;
    }();
    return made;
}

void perRowSample(benchmark::State& state)
{
    state.counters["samples/s"] = benchmark::Counter(static_cast<double>(rows().samples),
                                                     benchmark::Counter::kIsIterationInvariantRate);
    state.counters["B/sample"]
        = static_cast<double>(rows().bytes) / static_cast<double>(rows().samples);
}

void encodeRows(benchmark::State& state)
{
    const Rows& all = rows();
    Bytes out;
    for (auto _ : state) {
        out.clear();
        for (std::size_t at = 0; at < all.rows.size(); ++at) {
            const bool first = at % 32 == 0;
            encodeRow(1, 0, all.rows[at],
                      first ? std::span<const double>{} : std::span(all.rows[at - 1]), out);
        }
        benchmark::DoNotOptimize(out.data());
    }
    perRowSample(state);
}
BENCHMARK(encodeRows);

void decodeRows(benchmark::State& state)
{
    const Rows& all = rows();
    std::vector<double> row(all.rows[0].size());
    for (auto _ : state) {
        for (const Bytes& bytes : all.frames) {
            const auto frame = FrameReader(bytes).next();
            auto decoded = decodeRow(*parseRow(frame->body), row, row);
            benchmark::DoNotOptimize(decoded);
        }
        benchmark::DoNotOptimize(row.data());
    }
    perRowSample(state);
}
BENCHMARK(decodeRows);

void checksum(benchmark::State& state)
{
    const Bytes bytes(static_cast<std::size_t>(state.range(0)), 0x5A);
    for (auto _ : state) {
        benchmark::DoNotOptimize(crc32c(bytes));
    }
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(checksum)->Arg(2048)->Arg(65'520);

} // namespace

BENCHMARK_MAIN();
