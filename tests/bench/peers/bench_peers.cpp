// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Watchfire beside Prometheus and VictoriaMetrics: the same load, one program after the other.
// Targets: CPU time per sample at most 0.35 of Prometheus' when scraping and 0.6 when written to,
// resident memory at most 0.25, 350 bytes of anonymous memory a series; after a kill an answer
// within 150 ms.

#include "core/encoding/json.h"
#include "tests/bench/peers/client.h"
#include "tests/bench/peers/load_server.h"
#include "tests/bench/peers/measured_process.h"
#include "tests/bench/peers/write_load.h"

#include <CLI/CLI.hpp>
#include <algorithm>
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
using std::chrono::steady_clock;

struct Peer {
    std::string name;
    std::vector<std::string> words; ///< the program and its options
    std::filesystem::path data;
    std::uint16_t port = 0;
};

struct Scraped {
    std::uint64_t samples = 0; ///< while CPU time was taken
    double cpuPerMillion = 0; ///< seconds
    Usage usage; ///< at the end
    double anonymousPerSeries = 0;
    double firstAnswerMs = 0; ///< after a kill
    double diskPerSample = 0; ///< bytes, after an orderly stop
};

struct Written {
    std::uint64_t samples = 0;
    double cpuPerMillion = 0; ///< seconds
};

struct Figures {
    std::string name;
    std::optional<Scraped> scraped;
    std::optional<Written> written;
};

struct Options {
    std::size_t targets = 200;
    std::size_t series = 500;
    int seconds = 60;
    int warmUp = 15;
    std::size_t writeSteps = 60;
    bool json = false;
    std::filesystem::path watchfire;
    std::filesystem::path peers = WATCHFIRE_PEERS;
};

constexpr std::chrono::seconds longestStart{120};
constexpr std::int64_t writeStepMs = 15'000;

/// Until it answers a query with something; below zero: it never did.
double millisecondsToAnswer(const Peer& peer)
{
    const auto begin = steady_clock::now();
    Client client(peer.port);
    while (steady_clock::now() - begin < longestStart) {
        const auto answer = client.get("/api/v1/query?query=vector(1)");
        if (answer && answer->contains("\"value\"")) {
            return std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count();
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return -1;
}

std::optional<Scraped> scrape(const Peer& peer, const LoadServer& load, const Options& options,
                              const std::filesystem::path& output)
{
    const std::uint64_t before = load.served();
    Scraped scraped;
    {
        MeasuredProcess process(peer.words, output);
        std::this_thread::sleep_for(std::chrono::seconds(options.warmUp));
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
    MeasuredProcess again(peer.words, output);
    scraped.firstAnswerMs = millisecondsToAnswer(peer);
    again.stop();
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
    if (millisecondsToAnswer(peer) < 0) {
        std::fprintf(stderr, "%s does not answer; see %s\n", peer.name.c_str(), output.c_str());
        return {};
    }
    Client client(peer.port);
    Written written;
    const Usage begin = process.usage();
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    for (std::size_t step = 0; step < load.steps(); ++step) {
        const std::int64_t atMs
            = now - static_cast<std::int64_t>(load.steps() - step) * writeStepMs;
        for (std::size_t instance = 0; instance < load.instances(); ++instance) {
            if (!client.write("/api/v1/write", load.message(instance, step, atMs))) {
                std::fprintf(stderr, "%s refused a write\n", peer.name.c_str());
                return {};
            }
            written.samples += load.samplesPerMessage();
        }
    }
    const Usage end = process.usage();
    written.cpuPerMillion
        = (end.cpuSeconds - begin.cpuSeconds) / static_cast<double>(written.samples) * 1e6;
    return written;
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
        json.endObject();
    }
    json.endArray();
    std::puts(out.c_str());
}

void print(const std::vector<Figures>& all)
{
    std::printf("%-16s %10s %12s %8s %10s %12s %12s %14s\n", "", "M samples", "CPU s per M",
                "RSS MiB", "anon B/s.", "restart ms", "disk B/s.", "write CPU s/M");
    for (const Figures& figures : all) {
        const Scraped scraped = figures.scraped.value_or(Scraped{});
        const Written written = figures.written.value_or(Written{});
        std::printf("%-16s %10.2f %12.3f %8.0f %10.0f %12.1f %12.2f %14.3f\n", figures.name.c_str(),
                    static_cast<double>(scraped.samples) / 1e6, scraped.cpuPerMillion,
                    static_cast<double>(scraped.usage.residentBytes) / (1 << 20),
                    scraped.anonymousPerSeries, scraped.firstAnswerMs, scraped.diskPerSample,
                    written.cpuPerMillion);
    }
    for (std::size_t i = 1; i < all.size() && all[0].name == "watchfire"; ++i) {
        std::printf("ratio to %s:", all[i].name.c_str());
        // What was not measured is nan.
        const Scraped own = all[0].scraped.value_or(Scraped{});
        const Scraped peer = all[i].scraped.value_or(Scraped{});
        std::printf(" CPU %.2f, RSS %.2f, restart %.3f, disk %.2f",
                    own.cpuPerMillion / peer.cpuPerMillion,
                    static_cast<double>(own.usage.residentBytes)
                        / static_cast<double>(peer.usage.residentBytes),
                    own.firstAnswerMs / peer.firstAnswerMs, own.diskPerSample / peer.diskPerSample);
        std::printf(" write CPU %.2f\n",
                    all[0].written.value_or(Written{}).cpuPerMillion
                        / all[i].written.value_or(Written{}).cpuPerMillion);
    }
}

/// All of them with that configuration, each with a folder below that one.
std::vector<Peer> peersWith(const std::filesystem::path& config,
                            const std::filesystem::path& folder, const Options& options)
{
    std::vector<Peer> peers;
    const auto add = [&](const char* name, const std::filesystem::path& program, auto&& words) {
        if (!std::filesystem::exists(program)) {
            std::fprintf(stderr, "SKIPPED-LOUDLY: %s is not there\n", program.c_str());
            return;
        }
        Peer peer{name, {program.string()}, folder / name, freePort()};
        const auto more = words(peer.data.string(), std::format("127.0.0.1:{}", peer.port));
        peer.words.insert(peer.words.end(), more.begin(), more.end());
        peers.push_back(std::move(peer));
    };
    using Words = std::vector<std::string>;
    add("watchfire", options.watchfire, [&](const std::string& data, const std::string& address) {
        return Words{
            "--headless", "--no-first-run", "--config", config,     "--profile",
            data,         "--listen",       address,    "--enable", "remote-write-receiver"};
    });
    add("prometheus", options.peers / "prometheus",
        [&](const std::string& data, const std::string& address) {
            return Words{"--config.file=" + config.string(), "--storage.tsdb.path=" + data,
                         "--web.listen-address=" + address, "--web.enable-remote-write-receiver"};
        });
    add("victoria-metrics", options.peers / "victoria-metrics",
        [&](const std::string& data, const std::string& address) {
            return Words{"-promscrape.config=" + config.string(), "-storageDataPath=" + data,
                         "-httpListenAddr=" + address};
        });
    return peers;
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
    app.add_option("--write-steps", options.writeSteps,
                   "How many samples of each series are written to it; 0: none");
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
    if (options.seconds > 0) {
        const int seconds = 3 * (options.seconds + options.warmUp) + 60;
        const LoadServer load(options.series, std::size_t(seconds));
        if (load.port() == 0) {
            std::fputs("no port to serve the load on\n", stderr);
            return 1;
        }
        std::filesystem::create_directories(folder / "scraped");
        const std::filesystem::path config = folder / "scrape.yml";
        std::ofstream(config) << load.configuration(options.targets);
        for (const Peer& peer : peersWith(config, folder / "scraped", options)) {
            all.push_back(
                {peer.name, scrape(peer, load, options, folder / (peer.name + "-scrape.log")), {}});
        }
    }
    if (options.writeSteps > 0) {
        const WriteLoad load(options.targets, options.series, options.writeSteps);
        std::filesystem::create_directories(folder / "written");
        const std::filesystem::path config = folder / "write.yml";
        std::ofstream(config) << "scrape_configs: []\n";
        for (const Peer& peer : peersWith(config, folder / "written", options)) {
            auto figures = std::ranges::find(all, peer.name, &Figures::name);
            if (figures == all.end()) {
                all.push_back({peer.name, {}, {}});
                figures = all.end() - 1;
            }
            figures->written = write(peer, load, folder / (peer.name + "-write.log"));
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
