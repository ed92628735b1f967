// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Watchfire beside Prometheus and VictoriaMetrics: the same targets, one program after the other.
// Targets: CPU time per sample at most 0.35 of Prometheus', resident memory at most 0.25, and
// 350 bytes of anonymous memory a series.

#include "core/encoding/json.h"
#include "tests/bench/peers/load_server.h"
#include "tests/bench/peers/measured_process.h"

#include <CLI/CLI.hpp>
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

struct Peer {
    std::string name;
    std::filesystem::path program;
    std::vector<std::string> options;
    std::filesystem::path data;
};

struct Figures {
    std::string name;
    double cpuPerMillion = 0; ///< seconds
    Usage usage; ///< at the end
    double anonymousPerSeries = 0;
    std::uint64_t diskBytes = 0; ///< after an orderly stop
    double diskPerSample = 0;
    std::uint64_t samples = 0; ///< scraped while CPU time was taken
};

struct Options {
    std::size_t targets = 200;
    std::size_t series = 500;
    int seconds = 60;
    int warmUp = 15;
    bool json = false;
    std::filesystem::path peers = WATCHFIRE_PEERS;
};

std::optional<Figures> measure(const Peer& peer, const LoadServer& load, const Options& options,
                               const std::filesystem::path& folder)
{
    const std::uint64_t before = load.served();
    std::vector<std::string> words{peer.program.string()};
    words.insert(words.end(), peer.options.begin(), peer.options.end());
    MeasuredProcess process(words, folder / (peer.name + ".log"));
    std::this_thread::sleep_for(std::chrono::seconds(options.warmUp));
    const Usage begin = process.usage();
    const std::uint64_t servedAtBegin = load.served();
    std::this_thread::sleep_for(std::chrono::seconds(options.seconds));
    const Usage end = process.usage();
    const std::uint64_t served = load.served() - servedAtBegin;
    if (!process.isRunning() || served == 0) {
        std::fprintf(stderr, "%s did not scrape; see %s\n", peer.name.c_str(),
                     (folder / (peer.name + ".log")).c_str());
        return {};
    }
    process.stop();
    Figures figures;
    figures.name = peer.name;
    figures.samples = served;
    figures.usage = end;
    figures.cpuPerMillion
        = (end.cpuSeconds - begin.cpuSeconds) / static_cast<double>(served) * 1'000'000;
    figures.anonymousPerSeries = static_cast<double>(end.anonymousBytes)
        / static_cast<double>(options.targets * options.series);
    figures.diskBytes = diskBytes(peer.data);
    figures.diskPerSample
        = static_cast<double>(figures.diskBytes) / static_cast<double>(load.served() - before);
    return figures;
}

void print(const std::vector<Figures>& all, const Options& options)
{
    if (options.json) {
        std::string out;
        encoding::JsonWriter json(out);
        json.beginArray();
        for (const Figures& figures : all) {
            json.beginObject().field("name", figures.name);
            json.key("samples").unsignedInteger(figures.samples);
            json.key("cpuSecondsPerMillion").number(figures.cpuPerMillion);
            json.key("residentBytes").unsignedInteger(figures.usage.residentBytes);
            json.key("anonymousBytes").unsignedInteger(figures.usage.anonymousBytes);
            json.key("anonymousPerSeries").number(figures.anonymousPerSeries);
            json.key("diskBytes").unsignedInteger(figures.diskBytes);
            json.key("diskPerSample").number(figures.diskPerSample);
            json.endObject();
        }
        json.endArray();
        std::puts(out.c_str());
        return;
    }
    std::printf("%-16s %12s %14s %10s %14s %12s\n", "", "M samples", "CPU s per M", "RSS MiB",
                "anon B/series", "disk B/s.");
    for (const Figures& figures : all) {
        std::printf("%-16s %12.2f %14.3f %10.0f %14.0f %12.2f\n", figures.name.c_str(),
                    static_cast<double>(figures.samples) / 1e6, figures.cpuPerMillion,
                    static_cast<double>(figures.usage.residentBytes) / (1 << 20),
                    figures.anonymousPerSeries, figures.diskPerSample);
    }
    for (std::size_t i = 1; i < all.size() && all[0].name == "watchfire"; ++i) {
        std::printf("ratio to %-13s CPU %.2f, RSS %.2f, disk %.2f\n", all[i].name.c_str(),
                    all[0].cpuPerMillion / all[i].cpuPerMillion,
                    static_cast<double>(all[0].usage.residentBytes)
                        / static_cast<double>(all[i].usage.residentBytes),
                    all[0].diskPerSample / all[i].diskPerSample);
    }
}

} // namespace

int main(int argc, char** argv)
{
    Options options;
    const std::filesystem::path own = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    std::filesystem::path watchfire = own / "watchfire";
    CLI::App app("Watchfire beside its peers under the same load", "bench_peers");
    app.add_option("--targets", options.targets, "How many");
    app.add_option("--series", options.series, "Of each, in hundreds");
    app.add_option("--seconds", options.seconds, "How long each program is measured");
    app.add_option("--warm-up", options.warmUp, "Seconds before that");
    app.add_option("--peers", options.peers, "Folder of the other programs");
    app.add_option("--watchfire", watchfire, "The program");
    app.add_flag("--json", options.json, "For machines");
    CLI11_PARSE(app, argc, argv);

    std::string made = (std::filesystem::temp_directory_path() / "watchfire-peers-XXXXXX").string();
    if (::mkdtemp(made.data()) == nullptr) {
        std::perror(made.c_str());
        return 1;
    }
    const std::filesystem::path folder = made;
    const auto seconds = static_cast<std::size_t>(3 * (options.seconds + options.warmUp) + 30);
    const LoadServer load(options.series, seconds);
    if (load.port() == 0) {
        std::fputs("no port to serve the load on\n", stderr);
        return 1;
    }
    const std::filesystem::path config = folder / "prometheus.yml";
    std::ofstream(config) << load.configuration(options.targets);
    const auto listen = [] { return std::format("127.0.0.1:{}", freePort()); };
    const std::filesystem::path data = folder / "data";
    const std::vector<Peer> peers{
        {"watchfire",
         watchfire,
         {"--headless", "--no-first-run", "--config", config, "--profile", data / "watchfire"},
         data / "watchfire"},
        {"prometheus",
         options.peers / "prometheus",
         {std::format("--config.file={}", config.string()),
          std::format("--storage.tsdb.path={}", (data / "prometheus").string()),
          "--web.listen-address=" + listen()},
         data / "prometheus"},
        {"victoria-metrics",
         options.peers / "victoria-metrics",
         {std::format("-promscrape.config={}", config.string()),
          std::format("-storageDataPath={}", (data / "victoria").string()),
          "-httpListenAddr=" + listen()},
         data / "victoria"},
    };
    std::filesystem::create_directories(data);
    std::vector<Figures> all;
    for (const Peer& peer : peers) {
        if (!std::filesystem::exists(peer.program)) {
            std::fprintf(stderr, "SKIPPED-LOUDLY: %s is not there\n", peer.program.c_str());
            continue;
        }
        if (const auto figures = measure(peer, load, options, folder)) {
            all.push_back(*figures);
        }
    }
    print(all, options);
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    return all.empty() ? 1 : 0;
}
