// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Watchfire beside Prometheus and VictoriaMetrics: the same load, one program after the other.
// Targets: CPU time per sample at most 0.35 of Prometheus' when scraping and 0.6 when written to,
// resident memory at most 0.25, 350 bytes of anonymous memory a series; after a kill, and on six
// hours of history, an answer within 150 ms; that history on disk at most 0.45 of Prometheus'
// blocks.

#include "core/encoding/json.h"
#include "tests/bench/peers/client.h"
#include "tests/bench/peers/load_server.h"
#include "tests/bench/peers/measured_process.h"
#include "tests/bench/peers/peer.h"
#include "tests/bench/peers/write_load.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <format>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace watchfire;
using namespace watchfire::bench;

struct Scraped {
    std::uint64_t samples = 0; ///< while CPU time was taken
    double cpuPerMillion = 0; ///< seconds
    Usage usage; ///< at the end
    double anonymousPerSeries = 0;
    double firstAnswerMs = 0; ///< after a kill, the median of some
    double diskPerSample = 0; ///< bytes, after an orderly stop
};

struct Written {
    std::uint64_t samples = 0;
    double cpuPerMillion = 0; ///< seconds
};

/// Of history that is closed: written, then brought into the form that the program keeps.
struct Kept {
    std::uint64_t samples = 0;
    double bytesPerSample = 0; ///< on disk
    double firstAnswerMs = 0; ///< to a query of it, after an orderly start
};

struct Figures {
    std::string name;
    std::optional<Scraped> scraped;
    std::optional<Written> written;
    std::optional<Kept> kept;
};

struct Options {
    std::size_t targets = 200;
    std::size_t series = 500;
    int seconds = 60;
    int warmUp = 15;
    std::size_t writeSteps = 60;
    int queries = 0;
    std::size_t historySteps = 1'440;
    std::size_t historyTargets = 24;
    bool json = false;
    std::filesystem::path watchfire;
    std::filesystem::path peers = WATCHFIRE_PEERS;
};

constexpr std::int64_t writeStepMs = 15'000;
constexpr std::int64_t windowMs = 28'800'000; // that Watchfire keeps samples by
constexpr const char* anything = "vector(1)";
constexpr std::size_t kills = 5;

std::int64_t nowMs()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// Every step of the load, the first at that time; the samples sent, nothing: one was refused.
std::optional<std::uint64_t> send(Client& client, const WriteLoad& load, std::int64_t firstMs)
{
    std::uint64_t samples = 0;
    for (std::size_t step = 0; step < load.steps(); ++step) {
        const std::int64_t atMs = firstMs + static_cast<std::int64_t>(step) * writeStepMs;
        for (std::size_t instance = 0; instance < load.instances(); ++instance) {
            if (!client.write("/api/v1/write", load.message(instance, step, atMs))) {
                return {};
            }
            samples += load.samplesPerMessage();
        }
    }
    return samples;
}

/// Asks as dashboards do, so many range queries a second, until it is told to end.
void ask(const std::stop_token& end, const Peer& peer, int perSecond)
{
    constexpr std::array queries{"sum(rate(bench_service_1_0_total%5B1m%5D))",
                                 "sum%20by%20(instance)(rate(bench_service_1_1_total%5B1m%5D))",
                                 "avg_over_time(bench_service_3_0_total%5B5m%5D)"};
    Client client(peer.port);
    for (std::size_t i = 0; !end.stop_requested(); ++i) {
        const std::int64_t now = nowMs() / 1'000;
        client.get(std::format("/api/v1/query_range?query={}&start={}&end={}&step=5",
                               queries[i % queries.size()], now - 900, now));
        std::this_thread::sleep_for(std::chrono::milliseconds(1'000 / perSecond));
    }
}

std::optional<Scraped> scrape(const Peer& peer, const LoadServer& load, const Options& options,
                              const std::filesystem::path& output)
{
    const std::uint64_t before = load.served();
    Scraped scraped;
    {
        MeasuredProcess process(peer.words, output);
        std::this_thread::sleep_for(std::chrono::seconds(options.warmUp));
        std::jthread dashboards;
        if (options.queries > 0) {
            dashboards = std::jthread(
                [&](const std::stop_token& end) { ask(end, peer, options.queries); });
        }
        const Usage begin = process.usage();
        const std::uint64_t servedAtBegin = load.served();
        std::this_thread::sleep_for(std::chrono::seconds(options.seconds));
        scraped.usage = process.usage();
        scraped.samples = load.served() - servedAtBegin;
        if (!process.isRunning() || scraped.samples == 0) {
            std::fprintf(stderr, "%s did not scrape; see %s\n", peer.name.c_str(), output.c_str());
            return {};
        }
        scraped.cpuPerMillion = (scraped.usage.cpuSeconds - begin.cpuSeconds)
            / static_cast<double>(scraped.samples) * 1e6;
        process.kill();
    }
    std::array<double, kills> waits{};
    for (double& wait : waits) {
        MeasuredProcess again(peer.words, output);
        wait = millisecondsToAnswer(peer, anything);
        std::this_thread::sleep_for(std::chrono::seconds(2)); // so that there is something to lose
        if (&wait == &waits.back()) {
            again.stop();
        } else {
            again.kill();
        }
    }
    std::ranges::nth_element(waits, waits.begin() + kills / 2);
    scraped.firstAnswerMs = waits[kills / 2];
    scraped.anonymousPerSeries = static_cast<double>(scraped.usage.anonymousBytes)
        / static_cast<double>(options.targets * options.series);
    scraped.diskPerSample
        = static_cast<double>(diskBytes(peer.data)) / static_cast<double>(load.served() - before);
    return scraped;
}

std::optional<Written> write(const Peer& peer, const WriteLoad& load,
                             const std::filesystem::path& output)
{
    MeasuredProcess process(peer.words, output);
    if (millisecondsToAnswer(peer, anything) < 0) {
        std::fprintf(stderr, "%s does not answer; see %s\n", peer.name.c_str(), output.c_str());
        return {};
    }
    Client client(peer.port);
    const Usage begin = process.usage();
    const auto samples
        = send(client, load, nowMs() - static_cast<std::int64_t>(load.steps()) * writeStepMs);
    const Usage end = process.usage();
    if (!samples) {
        std::fprintf(stderr, "%s refused a write; see %s\n", peer.name.c_str(), output.c_str());
        return {};
    }
    return Written{*samples,
                   (end.cpuSeconds - begin.cpuSeconds) / static_cast<double>(*samples) * 1e6};
}

std::optional<Kept> keep(const Peer& peer, const WriteLoad& load,
                         const std::filesystem::path& output)
{
    // The window of the day before that one is long over.
    const std::int64_t firstMs = (nowMs() / windowMs - 3) * windowMs;
    std::optional<std::uint64_t> samples;
    std::optional<std::filesystem::path> folder;
    {
        MeasuredProcess process(peer.words, output);
        millisecondsToAnswer(peer, anything);
        Client client(peer.port);
        samples = send(client, load, firstMs);
        folder = peer.settle(client);
        process.stop();
    }
    if (!samples || !folder || !peer.settleStopped()) {
        std::fprintf(stderr, "%s does not keep it; see %s\n", peer.name.c_str(), output.c_str());
        return {};
    }
    Kept kept;
    kept.samples = *samples;
    kept.bytesPerSample
        = static_cast<double>(diskBytes(*folder)) / static_cast<double>(kept.samples);
    MeasuredProcess again(peer.words, output);
    kept.firstAnswerMs = millisecondsToAnswer(peer,
                                              std::format("count(bench_service_0_0_total)&time={}",
                                                          (firstMs + 60 * writeStepMs) / 1'000));
    return kept;
}

void printJson(const std::vector<Figures>& all)
{
    std::string out;
    encoding::JsonWriter json(out);
    json.beginArray();
    for (const Figures& figures : all) {
        json.beginObject().field("name", figures.name);
        if (const auto& scraped = figures.scraped) {
            json.key("scraped").beginObject();
            json.key("samples").unsignedInteger(scraped->samples);
            json.key("cpuSecondsPerMillion").number(scraped->cpuPerMillion);
            json.key("residentBytes").unsignedInteger(scraped->usage.residentBytes);
            json.key("anonymousBytes").unsignedInteger(scraped->usage.anonymousBytes);
            json.key("anonymousPerSeries").number(scraped->anonymousPerSeries);
            json.key("firstAnswerMilliseconds").number(scraped->firstAnswerMs);
            json.key("diskPerSample").number(scraped->diskPerSample);
            json.endObject();
        }
        if (const auto& written = figures.written) {
            json.key("written").beginObject();
            json.key("samples").unsignedInteger(written->samples);
            json.key("cpuSecondsPerMillion").number(written->cpuPerMillion);
            json.endObject();
        }
        if (const auto& kept = figures.kept) {
            json.key("kept").beginObject();
            json.key("samples").unsignedInteger(kept->samples);
            json.key("bytesPerSample").number(kept->bytesPerSample);
            json.key("firstAnswerMilliseconds").number(kept->firstAnswerMs);
            json.endObject();
        }
        json.endObject();
    }
    json.endArray();
    std::puts(out.c_str());
}

void print(const std::vector<Figures>& all)
{
    std::printf("%-16s %10s %12s %8s %10s %12s %12s %14s %13s %12s\n", "", "M samples",
                "CPU s per M", "RSS MiB", "anon B/s.", "restart ms", "disk B/s.", "write CPU s/M",
                "history B/s.", "start ms");
    for (const Figures& figures : all) {
        const Scraped scraped = figures.scraped.value_or(Scraped{});
        const Written written = figures.written.value_or(Written{});
        const Kept kept = figures.kept.value_or(Kept{});
        std::printf("%-16s %10.2f %12.3f %8.0f %10.0f %12.1f %12.2f %14.3f %13.3f %12.1f\n",
                    figures.name.c_str(), static_cast<double>(scraped.samples) / 1e6,
                    scraped.cpuPerMillion,
                    static_cast<double>(scraped.usage.residentBytes) / (1 << 20),
                    scraped.anonymousPerSeries, scraped.firstAnswerMs, scraped.diskPerSample,
                    written.cpuPerMillion, kept.bytesPerSample, kept.firstAnswerMs);
    }
    for (std::size_t i = 1; i < all.size() && all[0].name == "watchfire"; ++i) {
        // What was not measured is nan.
        const auto figureOf = [](const auto& part, auto figure) {
            return part ? static_cast<double>((*part).*figure) : 0.0;
        };
        const auto ratio = [&](auto part, auto figure) {
            return figureOf(all[0].*part, figure) / figureOf(all[i].*part, figure);
        };
        const auto resident = [](const Figures& figures) {
            return static_cast<double>(figures.scraped.value_or(Scraped{}).usage.residentBytes);
        };
        std::printf("ratio to %s: CPU %.2f, RSS %.2f, restart %.3f, disk %.2f, write CPU %.2f, "
                    "history %.2f\n",
                    all[i].name.c_str(), ratio(&Figures::scraped, &Scraped::cpuPerMillion),
                    resident(all[0]) / resident(all[i]),
                    ratio(&Figures::scraped, &Scraped::firstAnswerMs),
                    ratio(&Figures::scraped, &Scraped::diskPerSample),
                    ratio(&Figures::written, &Written::cpuPerMillion),
                    ratio(&Figures::kept, &Kept::bytesPerSample));
    }
}

/// The figures of that name; new ones, if there are none.
Figures& figuresOf(std::vector<Figures>& all, const std::string& name)
{
    const auto found = std::ranges::find(all, name, &Figures::name);
    return found != all.end() ? *found : all.emplace_back(Figures{name, {}, {}, {}});
}

} // namespace

int main(int argc, char** argv)
{
    Options options;
    const std::filesystem::path own = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    options.watchfire = own / "watchfire";
    CLI::App app("Watchfire beside its peers under the same load", "bench_peers");
    app.add_option("--targets", options.targets, "How many");
    app.add_option("--series", options.series, "Of each, in hundreds");
    app.add_option("--seconds", options.seconds, "How long each program is scraping; 0: none does");
    app.add_option("--warm-up", options.warmUp, "Seconds before that");
    app.add_option("--queries", options.queries,
                   "How many range queries a second are asked while it scrapes");
    app.add_option("--write-steps", options.writeSteps,
                   "How many samples of each series are written to it; 0: none");
    app.add_option("--history-steps", options.historySteps,
                   "How many samples, one each 15 s, of each series it has to keep; 0: none");
    app.add_option("--history-targets", options.historyTargets, "Whose series those are");
    app.add_option("--peers", options.peers, "Folder of the other programs");
    app.add_option("--watchfire", options.watchfire, "The program");
    app.add_flag("--json", options.json, "For machines");
    CLI11_PARSE(app, argc, argv);

    std::string made = (std::filesystem::temp_directory_path() / "watchfire-peers-XXXXXX").string();
    if (::mkdtemp(made.data()) == nullptr) {
        std::perror(made.c_str());
        return 1;
    }
    const std::filesystem::path folder = made;
    std::vector<Figures> all;
    const auto peersIn = [&](const char* name, const std::filesystem::path& config) {
        std::filesystem::create_directories(folder / name);
        return peersWith(config, folder / name, options.watchfire, options.peers);
    };
    if (options.seconds > 0) {
        const int seconds = 3 * (options.seconds + options.warmUp) + 60;
        const LoadServer load(options.series, std::size_t(seconds));
        if (load.port() == 0) {
            std::fputs("no port to serve the load on\n", stderr);
            return 1;
        }
        const std::filesystem::path config = folder / "scrape.yml";
        std::ofstream(config) << load.configuration(options.targets);
        for (const Peer& peer : peersIn("scraped", config)) {
            figuresOf(all, peer.name).scraped
                = scrape(peer, load, options, folder / (peer.name + "-scrape.log"));
        }
    }
    const std::filesystem::path nothing = folder / "nothing.yml";
    std::ofstream(nothing) << "scrape_configs: []\n";
    if (options.writeSteps > 0) {
        const WriteLoad load(options.targets, options.series, options.writeSteps);
        for (const Peer& peer : peersIn("written", nothing)) {
            figuresOf(all, peer.name).written
                = write(peer, load, folder / (peer.name + "-write.log"));
        }
    }
    if (options.historySteps > 0) {
        const WriteLoad load(options.historyTargets, options.series, options.historySteps);
        for (const Peer& peer : peersIn("kept", nothing)) {
            figuresOf(all, peer.name).kept = keep(peer, load, folder / (peer.name + "-keep.log"));
        }
    }
    if (options.json) {
        printJson(all);
    } else {
        print(all);
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    return all.empty() ? 1 : 0;
}
