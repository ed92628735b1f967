// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bodies to rows. Target: at most 40 ns a sample in the steady state, where a body has the lines
// of the one before and other values; 200 ns where each sample has to be parsed (protobuf). All of
// a reader is measured, from the body to the row; what is left out is the store.
//
// WATCHFIRE_BENCH_TEXT and WATCHFIRE_BENCH_PROTOBUF name files with what an exporter answers in
// the two formats, which are measured besides. Several, with colons between, are answers of one
// target in turn, so that values change as they do:
//   curl -s localhost:9100/metrics > 1.txt; sleep 15; curl -s localhost:9100/metrics > 2.txt
//   WATCHFIRE_BENCH_TEXT=1.txt:2.txt bench_parse --benchmark_filter=exporterText
#include "core/exposition/parser.h"
#include "core/exposition/proto/metrics.pb.h"
#include "core/scrape/body_reader.h"

#include <algorithm>
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <format>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

using namespace watchfire;

/// What exporters send, in their proportions: idle counters, byte gauges, float counters,
/// histograms, full-mantissa floats. About 90 bytes a line.
std::string makeBody(unsigned seed)
{
    std::mt19937_64 random(seed);
    std::string out;
    const auto comments = [&](const std::string& name, const char* type) {
        out += std::format("# HELP {} What this family of metrics stands for, in a sentence.\n"
                           "# TYPE {} {}\n",
                           name, name, type);
    };
    for (int family = 0; family < 40; ++family) {
        const std::string name = std::format("node_subsystem{}_operations_total", family);
        comments(name, "counter");
        for (int i = 0; i < 8; ++i) {
            out += std::format("{}{{device=\"nvme0n{}\",mode=\"mode-{}\"}} {}\n", name, i, i % 3,
                               i < 3 ? 0 : random() % 10'000'000);
        }
    }
    for (int family = 0; family < 20; ++family) {
        const std::string name = std::format("process_memory_kind{}_bytes", family);
        comments(name, "gauge");
        for (int i = 0; i < 5; ++i) {
            out += std::format("{}{{cgroup=\"/system.slice/service-{}.service\"}} {:.12e}\n", name,
                               i, double(random() % 100'000'000'000U));
        }
    }
    for (int family = 0; family < 12; ++family) {
        const std::string name = std::format("http_request_duration{}_seconds", family);
        comments(name, "histogram");
        for (int i = 0; i < 40; ++i) {
            out += std::format("{}_bucket{{handler=\"/api/v1/query\",method=\"GET\",le=\"{}\"}} "
                               "{}\n",
                               name, i * 0.25, random() % 5000);
        }
        out += std::format("{}_sum{{handler=\"/api/v1/query\",method=\"GET\"}} {}\n", name,
                           double(random() % 1'000'000'007) / 7919);
        out += std::format("{}_count{{handler=\"/api/v1/query\",method=\"GET\"}} {}\n", name,
                           random() % 5000);
    }
    return out;
}

const std::vector<std::string>& bodies()
{
    static const auto made = [] {
        std::vector<std::string> out;
        for (unsigned seed = 1; seed <= 8; ++seed) {
            out.push_back(makeBody(seed));
        }
        return out;
    }();
    return made;
}

/// A hundred thousand lines of counters, gauges and histograms with three labels.
std::string longText(unsigned seed)
{
    std::mt19937_64 random(seed);
    std::string out;
    for (int family = 0; family < 100; ++family) {
        const char* const type = family % 4 == 0 ? "histogram" : "counter";
        const std::string name = std::format("service_requests{}_total", family);
        out += std::format("# HELP {} Requests by handler.\n# TYPE {} {}\n", name, name, type);
        for (int i = 0; i < 1000; ++i) {
            const std::string labels
                = std::format("handler=\"/api/v1/handler-{}\",method=\"GET\",code=\"200\"", i / 10);
            if (family % 4 == 0) {
                out += std::format("{}_bucket{{{},le=\"{}\"}} {}\n", name, labels, i % 10,
                                   random() % 10'000);
            } else {
                out += std::format("{}{{{},replica=\"{}\"}} {}\n", name, labels, i % 10,
                                   random() % 10'000'000);
            }
        }
    }
    return out;
}

void appendDelimited(std::string& out, const std::string& message)
{
    std::size_t left = message.size();
    do {
        out += static_cast<char>((left & 0x7F) | (left >= 0x80 ? 0x80 : 0));
        left >>= 7;
    } while (left > 0);
    out += message;
}

void appendField(std::string& out, int number, const std::string& bytes)
{
    out += static_cast<char>(number << 3 | 2);
    appendDelimited(out, bytes);
}

/// The same in protobuf.
std::string longProtobuf(unsigned seed)
{
    std::mt19937_64 random(seed);
    std::string out;
    for (int number = 0; number < 100; ++number) {
        const bool isHistogram = number % 4 == 0;
        std::string family;
        appendField(family, 1, std::format("service_requests{}_total", number));
        appendField(family, 2, "Requests by handler.");
        family += '\x18';
        family += static_cast<char>(isHistogram ? 4 : 0);
        for (int i = 0; i < (isHistogram ? 100 : 1000); ++i) {
            exposition::pb::Metric metric;
            const auto label = [&metric](const char* name, const std::string& value) {
                auto& pair = *metric.add_label();
                pair.set_name(name);
                pair.set_value(value);
            };
            label("handler", std::format("/api/v1/handler-{}", i / (isHistogram ? 1 : 10)));
            label("method", "GET");
            label("code", "200");
            if (!isHistogram) {
                label("replica", std::to_string(i % 10));
                metric.mutable_counter()->set_value(static_cast<double>(random() % 10'000'000));
            }
            for (int bucket = 0; isHistogram && bucket < 10; ++bucket) {
                auto& to = *metric.mutable_histogram()->add_bucket();
                to.set_upper_bound(bucket);
                to.set_cumulative_count(random() % 10'000);
            }
            appendField(family, 4, metric.SerializeAsString());
        }
        appendDelimited(out, family);
    }
    return out;
}

/// What the files that an environment variable names hold; none where it is not set.
std::vector<std::string> filesOf(const char* variable)
{
    std::vector<std::string> texts;
    const char* const given = std::getenv(variable);
    std::istringstream paths(given == nullptr ? "" : given);
    for (std::string path; std::getline(paths, path, ':');) {
        std::ifstream file(path, std::ios::binary);
        texts.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return texts;
}

class Positions final : public storage::GroupWriter {
public:
    Result<storage::Position> position(const Labels& labels) override
    {
        const auto next = static_cast<storage::Position>(m_known.size());
        return m_known.try_emplace(labels, next).first->second;
    }
    std::size_t positions() const override { return m_known.size(); }
    std::uint64_t layoutVersion() const override { return 1; }
    Result<storage::CommitReport> commit(const storage::Row&) override
    {
        return storage::CommitReport();
    }

private:
    std::unordered_map<Labels, storage::Position> m_known;
};

struct Target {
    scrape::BodyReader reader;
    Positions writer;
    scrape::RowDraft draft;
};

scrape::IntakeRules rules()
{
    scrape::IntakeRules out;
    out.job = std::make_shared<const config::ScrapeConfig>();
    out.target.labels = Labels({{"instance", "host:9100"}, {"job", "node"}});
    return out;
}

scrape::Harvest read(Target& target, const scrape::IntakeRules& rules, std::string_view body,
                     exposition::Format format = exposition::Format::text)
{
    scrape::Harvest harvest;
    target.draft.start(target.writer.positions());
    if (!target.reader.read({fromUnixMs(1), body, format, {}}, rules, target.writer, target.draft,
                            harvest)) {
        std::abort();
    }
    return harvest;
}

void report(benchmark::State& state, std::uint64_t samples, std::uint64_t bytes)
{
    const auto count = static_cast<double>(samples);
    state.counters["ns/sample"] = benchmark::Counter(
        count / 1e9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    state.counters["M samples/s"] = benchmark::Counter(count / 1e6, benchmark::Counter::kIsRate);
    state.counters["B/sample"] = static_cast<double>(bytes) / count;
}

/// Many targets in turn, so that a target's memory has left the nearest cache.
void knownLines(benchmark::State& state)
{
    const auto how = rules();
    std::vector<Target> targets(30);
    for (Target& target : targets) {
        read(target, how, bodies().front());
    }
    std::uint64_t samples = 0;
    std::uint64_t bytes = 0;
    std::size_t turn = 0;
    for (auto _ : state) {
        const std::string& body = bodies()[turn % bodies().size()];
        samples += read(targets[turn % targets.size()], how, body).scraped;
        bytes += body.size();
        ++turn;
    }
    report(state, samples, bytes);
}

/// One target again and again.
void knownSeries(benchmark::State& state, const std::vector<std::string>& turns,
                 exposition::Format format)
{
    if (turns.empty()) {
        state.SkipWithMessage("no file is named");
        return;
    }
    if (std::ranges::any_of(turns, &std::string::empty)) {
        state.SkipWithError("a file is empty or cannot be read");
        return;
    }
    const auto how = rules();
    Target target;
    read(target, how, turns.front(), format);
    std::uint64_t samples = 0;
    std::uint64_t bytes = 0;
    std::size_t turn = 0;
    for (auto _ : state) {
        const std::string& body = turns[turn++ % turns.size()];
        samples += read(target, how, body, format).scraped;
        bytes += body.size();
    }
    report(state, samples, bytes);
}

void longTextKnown(benchmark::State& state)
{
    knownSeries(state, {longText(1), longText(2)}, exposition::Format::text);
}
void longProtobufKnown(benchmark::State& state)
{
    knownSeries(state, {longProtobuf(1), longProtobuf(2)}, exposition::Format::protobuf);
}
void exporterTextKnown(benchmark::State& state)
{
    knownSeries(state, filesOf("WATCHFIRE_BENCH_TEXT"), exposition::Format::text);
}
void exporterProtobufKnown(benchmark::State& state)
{
    knownSeries(state, filesOf("WATCHFIRE_BENCH_PROTOBUF"), exposition::Format::protobuf);
}

void firstAnswer(benchmark::State& state)
{
    const auto how = rules();
    std::uint64_t samples = 0;
    std::uint64_t bytes = 0;
    for (auto _ : state) {
        Target target;
        samples += read(target, how, bodies().front()).scraped;
        bytes += bodies().front().size();
    }
    report(state, samples, bytes);
}

void parserAlone(benchmark::State& state)
{
    std::uint64_t samples = 0;
    std::uint64_t bytes = 0;
    exposition::Entry entry;
    for (auto _ : state) {
        const auto parser = exposition::makeParser(exposition::Format::text, bodies().front());
        for (;;) {
            const auto kind = parser->next(entry);
            if (!kind || *kind == exposition::EntryKind::end) {
                break;
            }
            samples += *kind == exposition::EntryKind::series ? 1 : 0;
        }
        bytes += bodies().front().size();
    }
    report(state, samples, bytes);
}

BENCHMARK(knownLines);
BENCHMARK(firstAnswer);
BENCHMARK(parserAlone);
BENCHMARK(longTextKnown);
BENCHMARK(longProtobufKnown);
BENCHMARK(exporterTextKnown);
BENCHMARK(exporterProtobufKnown);

} // namespace

BENCHMARK_MAIN();
