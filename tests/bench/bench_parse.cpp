// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bodies to rows. Target: at most 40 ns a sample in the steady state, where a body has the lines
// of the one before and other values.
#include "core/exposition/parser.h"
#include "core/scrape/body_reader.h"

#include <benchmark/benchmark.h>
#include <format>
#include <memory>
#include <random>
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

scrape::Harvest read(Target& target, const scrape::IntakeRules& rules, std::string_view body)
{
    scrape::Harvest harvest;
    target.draft.start(target.writer.positions());
    if (!target.reader.read({fromUnixMs(1), body, exposition::Format::text, {}}, rules,
                            target.writer, target.draft, harvest)) {
        std::abort();
    }
    return harvest;
}

void report(benchmark::State& state, std::uint64_t samples, std::uint64_t bytes)
{
    const auto count = static_cast<double>(samples);
    state.counters["ns/sample"] = benchmark::Counter(
        count / 1e9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
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

} // namespace

BENCHMARK_MAIN();
