// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Watchfire beside Prometheus and VictoriaMetrics: the same samples in each, then the same
// queries, over HTTP on one connection that stays.
// Targets, of Prometheus' wall time: geometric mean at most 0.25, no query slower;
// sum by (x) (rate(m[5m])) of 10,000 series over 1 h at 15 s at most 0.12, over 6 h at 60 s 0.08; a
// raw vector of 100,000 series at most 0.6. Peak resident memory at most 0.5. CPU time for a
// series within 20 % from 1,000 to 100,000 series. Of Watchfire alone: a panel of 6 h asked again a
// step later at most 0.1 of its first time; a scan on two processors 1.7 times as fast as on one.

#include "tests/bench/peers/client.h"
#include "tests/bench/peers/measured_process.h"
#include "tests/bench/peers/peer.h"
#include "tests/bench/peers/query_list.h"
#include "tests/bench/peers/query_load.h"
#include "tests/bench/peers/query_report.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <format>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace watchfire::bench;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct Options {
    std::size_t series = 1'000;
    std::size_t repetitions = 7;
    int rest = 65;
    bool settles = true;
    bool many = true;
    bool json = false;
    std::string only;
    std::filesystem::path watchfire;
    std::filesystem::path peers = WATCHFIRE_PEERS;
};

constexpr std::int64_t windowMs = 28'800'000; // that Watchfire keeps samples by
constexpr std::int64_t minuteMs = 60'000;
constexpr const char* anything = "vector(1)";

/// A program that holds the samples.
struct Holder {
    std::unique_ptr<MeasuredProcess> process;
    std::unique_ptr<Client> client;
    std::filesystem::path output;
};

using MakeLoad = std::function<QueryLoad()>;

double loadAverage()
{
    double average = 0;
    return ::getloadavg(&average, 1) == 1 ? average : -1;
}

/// When the samples end: settled ones at the end of the last window that is over, so that each
/// run finds the same windows and blocks whatever the time of day; others now.
std::int64_t endOfLoad(bool settles)
{
    const std::int64_t nowMs = std::chrono::duration_cast<milliseconds>(
                                   std::chrono::system_clock::now().time_since_epoch())
                                   .count();
    return settles ? (nowMs - 15 * minuteMs) / windowMs * windowMs : nowMs / minuteMs * minuteMs;
}

/// Of its data Prometheus keeps the snapshot only: blocks, and no head to read again.
bool keepSnapshot(const std::filesystem::path& data)
{
    const std::filesystem::path aside = data.parent_path() / "snapshot";
    std::error_code failed;
    for (const auto& snapshot : std::filesystem::directory_iterator(data / "snapshots", failed)) {
        std::filesystem::rename(snapshot.path(), aside, failed);
    }
    std::filesystem::remove_all(data, failed);
    std::filesystem::rename(aside, data, failed);
    return !failed;
}

bool start(Holder& holder, const Peer& peer)
{
    holder.client.reset();
    holder.process = std::make_unique<MeasuredProcess>(peer.words, holder.output);
    if (millisecondsToAnswer(peer, anything) < 0) {
        return false;
    }
    holder.client = std::make_unique<Client>(peer.port);
    return true;
}

bool fill(Holder& holder, const Peer& peer, QueryLoad load, ProgramFigures& figures)
{
    std::fprintf(stderr, "loading %s\n", peer.name.c_str());
    const auto begin = steady_clock::now();
    for (std::string message = load.next(); !message.empty(); message = load.next()) {
        if (!holder.client->write("/api/v1/write", message)) {
            return false;
        }
    }
    figures.loadSeconds = std::chrono::duration<double>(steady_clock::now() - begin).count();
    figures.loadCpuSeconds = std::chrono::duration<double>(holder.process->cpuTime()).count();
    return true;
}

bool settle(Holder& holder, const Peer& peer)
{
    const auto folder = peer.settle(*holder.client);
    holder.process->stop();
    return folder && peer.settleStopped() && (peer.name != "prometheus" || keepSnapshot(peer.data));
}

std::optional<Measured> measure(const Holder& holder, const Query& query, std::int64_t atMs,
                                std::size_t repetitions)
{
    MeasuredProcess& process = *holder.process;
    process.forgetPeak();
    double took = 0;
    // Each time a little later, and never at a multiple of the step: a result that was kept for
    // another time is of no use.
    const auto ask = [&] {
        const std::string address = addressOf(query, ++atMs);
        const auto begin = steady_clock::now();
        const std::string* const body = holder.client->look(address);
        took = std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count();
        return body;
    };
    const std::string* const first = ask();
    if (first == nullptr) {
        return {};
    }
    Measured measured;
    measured.digest = digestOf(query, *first);
    constexpr double slow = 1'000;
    constexpr double enough = 500;
    const auto times = took > 10 * slow ? 1
        : took > slow
        ? 3
        : std::max(repetitions, std::min<std::size_t>(50, static_cast<std::size_t>(enough / took)));
    const auto rest = [&] { process.waitUntilQuiet(milliseconds(20), milliseconds(1'000)); };
    rest();
    std::vector<double> walls;
    const auto cpuBefore = process.cpuTime();
    for (std::size_t i = 0; i < times; ++i) {
        if (ask() == nullptr) {
            return {};
        }
        walls.push_back(took);
    }
    rest();
    measured.cpuMs
        = std::chrono::duration<double, std::milli>(process.cpuTime() - cpuBefore).count()
        / static_cast<double>(times);
    const auto middle = walls.begin() + static_cast<std::ptrdiff_t>(times / 2);
    std::ranges::nth_element(walls, middle);
    measured.wallMs = *middle;
    measured.peakBytes = process.peakBytes();
    return measured;
}

QueryRow askAll(QuerySection& section, const std::vector<Holder>& holders, const Query& query,
                std::int64_t atMs, const Options& options)
{
    QueryRow row{query, {}};
    for (std::size_t i = 0; i < holders.size(); ++i) {
        const auto& measured
            = row.byProgram.emplace_back(measure(holders[i], query, atMs, options.repetitions));
        ProgramFigures& program = section.programs[i];
        if (measured && measured->peakBytes > program.peakOfQueries) {
            program.peakOfQueries = measured->peakBytes;
            program.hungriest = std::format("{} ({})", query.text, shapeOf(query));
        }
        program.peakInLife = std::max(program.peakInLife, program.peakOfQueries);
    }
    return row;
}

/// Every program with these samples, then every query to each; `alone`: and what Watchfire is
/// measured by alone. Nothing: one did not take them.
std::optional<QuerySection> ask(const std::vector<Peer>& peers, const MakeLoad& makeLoad,
                                const std::vector<Query>& queries, std::int64_t atMs,
                                const Options& options, bool alone)
{
    QuerySection section;
    std::vector<Holder> holders;
    for (const Peer& peer : peers) {
        Holder& holder = holders.emplace_back();
        holder.output = peer.data.string() + ".log";
        ProgramFigures& figures = section.programs.emplace_back();
        figures.name = peer.name;
        if (!start(holder, peer) || !fill(holder, peer, makeLoad(), figures)
            || (options.settles && !settle(holder, peer))) {
            std::fprintf(stderr, "%s does not hold the samples; see %s\n", peer.name.c_str(),
                         holder.output.c_str());
            return {};
        }
    }
    for (std::size_t i = 0; options.settles && i < peers.size(); ++i) {
        if (!start(holders[i], peers[i])) {
            std::fprintf(stderr, "%s does not start again; see %s\n", peers[i].name.c_str(),
                         holders[i].output.c_str());
            return {};
        }
    }
    // Prometheus looks for blocks to merge a minute after its start.
    std::this_thread::sleep_for(std::chrono::seconds(options.rest));
    for (std::size_t i = 0; i < holders.size(); ++i) {
        holders[i].process->waitUntilQuiet(milliseconds(1'000), milliseconds(120'000));
        section.programs[i].residentBefore = holders[i].process->usage().residentBytes;
        section.programs[i].peakInLife = holders[i].process->peakBytes();
    }
    for (const Query& query : queries) {
        section.rows.push_back(askAll(section, holders, query, atMs, options));
    }
    if (alone) {
        section.own = ownFigures(*holders.front().process, *holders.front().client, atMs,
                                 options.repetitions);
    }
    return section;
}

/// The samples of one of these, for the title.
std::uint64_t samplesOf(QueryLoad load)
{
    while (!load.next().empty()) { }
    return load.samples();
}

bool parse(Options& options, int argc, char** argv, int& status)
{
    CLI::App app("Watchfire beside its peers, asked the same", "bench_queries");
    app.add_option("--series", options.series, "Of m, of each of ten instances, in hundreds");
    app.add_option("--repetitions", options.repetitions,
                   "At least how often each query is timed, unless it takes over a second");
    app.add_option("--rest", options.rest, "Seconds between the load and the first query");
    app.add_flag("--settle,!--no-settle", options.settles,
                 "Samples are sealed or merged first and the programs begun anew; else they end "
                 "now and stay as they came");
    app.add_flag("--many,!--no-many", options.many, "100,000 series too");
    app.add_option("--only", options.only, "Queries with that in their text");
    app.add_option("--peers", options.peers, "Folder of the other programs");
    app.add_option("--watchfire", options.watchfire, "The program");
    app.add_flag("--json", options.json, "For machines");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) { // the library's way of saying so
        status = app.exit(error);
        return false;
    }
    return true;
}

std::optional<QueryReport> run(const Options& options, const std::filesystem::path& folder)
{
    const std::filesystem::path nothing = folder / "nothing.yml";
    std::ofstream(nothing) << "scrape_configs: []\n";
    const auto peersIn = [&](const char* name) {
        std::filesystem::create_directories(folder / name);
        return peersWith(nothing, folder / name, options.watchfire, options.peers);
    };
    const std::int64_t endMs = endOfLoad(options.settles);
    QueryReport report;
    report.loadAverage[0] = loadAverage();
    const auto isAsked = [&](const Query& query) { return query.text.contains(options.only); };
    std::vector<Query> queries = dashboardQueries();
    std::erase_if(queries, std::not_fn(isAsked));
    const MakeLoad dashboards = [&] { return QueryLoad::dashboards(options.series, endMs); };
    auto asked = ask(peersIn("dashboards"), dashboards, queries, endMs - minuteMs, options, true);
    if (!asked) {
        return {};
    }
    report.dashboards = std::move(*asked);
    report.dashboards.samples = samplesOf(dashboards());
    queries = manyQueries();
    std::erase_if(queries, std::not_fn(isAsked));
    for (const SizedQuery& sized : sizedQueries()) {
        if (isAsked(sized.query)) {
            queries.push_back(sized.query);
            report.sizes.push_back(sized.series);
        }
    }
    if (options.many && !queries.empty()) {
        const std::int64_t manyEndMs = endOfLoad(options.settles);
        const MakeLoad many = [&] { return QueryLoad::many(manyEndMs); };
        report.many = ask(peersIn("many"), many, queries, manyEndMs - minuteMs, options, false);
        if (!report.many) {
            return {};
        }
        report.many->samples = samplesOf(many());
    }
    report.loadAverage[1] = loadAverage();
    return report;
}

} // namespace

int main(int argc, char** argv)
{
    Options options;
    options.watchfire = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "watchfire";
    if (int status = 0; !parse(options, argc, argv, status)) {
        return status;
    }
    std::string made
        = (std::filesystem::temp_directory_path() / "watchfire-queries-XXXXXX").string();
    if (::mkdtemp(made.data()) == nullptr) {
        std::perror(made.c_str());
        return 1;
    }
    const auto report = run(options, made);
    if (!report) {
        return 1; // its files stay, to be looked at
    }
    if (options.json) {
        printJson(*report);
    } else {
        print(*report);
    }
    const auto faults = differences(*report);
    for (const std::string& fault : faults) {
        std::fprintf(stderr, "DIFFERENT: %s\n", fault.c_str());
    }
    std::error_code ignored;
    std::filesystem::remove_all(made, ignored);
    return faults.empty() ? 0 : 1;
}
