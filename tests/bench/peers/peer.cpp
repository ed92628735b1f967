// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/peers/peer.h"

#include "core/tsdb/store.h"
#include "tests/bench/peers/measured_process.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <format>
#include <thread>

namespace watchfire::bench {

namespace {

using std::chrono::steady_clock;
using Words = std::vector<std::string>;

constexpr std::chrono::seconds longestWait{120};

class LaterClock final : public Clock {
public:
    Timestamp now() const override { return SystemClock().now() + m_later.load(); }
    void advance(std::chrono::hours later) { m_later = later; }

private:
    std::atomic<std::chrono::hours> m_later{std::chrono::hours(0)};
};

/// As Watchfire does by itself in the hours after: strips of what is in memory, closed windows
/// sealed, and the file without what that left free.
bool sealAndCompact(const std::filesystem::path& data)
{
    LaterClock clock;
    tsdb::OpenOptions options;
    options.directory = data;
    options.clock = &clock;
    auto store = tsdb::Store::open(options);
    clock.advance(std::chrono::hours(1));
    return store && (*store)->commitNow() && (*store)->sealNow() && (*store)->compactNow();
}

/// The head becomes blocks there too.
std::optional<std::filesystem::path> snapshotOfPrometheus(Client& client,
                                                          const std::filesystem::path& data)
{
    if (!client.post("/api/v1/admin/tsdb/snapshot")) {
        return {};
    }
    return data / "snapshots";
}

bool mergeVictoriaMetrics(Client& client)
{
    if (!client.get("/internal/force_flush") || !client.get("/internal/force_merge")) {
        return false;
    }
    const auto begin = steady_clock::now();
    while (steady_clock::now() - begin < longestWait) {
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
        const auto metrics = client.get("/metrics");
        if (metrics && metrics->contains("vm_active_force_merges 0\n")) {
            return true;
        }
    }
    return false;
}

} // namespace

std::vector<Peer> peersWith(const std::filesystem::path& config,
                            const std::filesystem::path& folder,
                            const std::filesystem::path& watchfire,
                            const std::filesystem::path& programs)
{
    std::vector<Peer> peers;
    const auto add
        = [&](const char* name, const std::filesystem::path& program, auto&& words, auto&& settle) {
              if (!std::filesystem::exists(program)) {
                  std::fprintf(stderr, "SKIPPED-LOUDLY: %s is not there\n", program.c_str());
                  return;
              }
              Peer peer{.name = name,
                        .words = {program.string()},
                        .data = folder / name,
                        .port = freePort(),
                        .settle = {},
                        .settleStopped = [] { return true; }};
              const Words more = words(peer.data.string(), std::format("127.0.0.1:{}", peer.port));
              peer.words.insert(peer.words.end(), more.begin(), more.end());
              settle(peer);
              peers.push_back(std::move(peer));
          };
    add(
        "watchfire", watchfire,
        [&](const std::string& data, const std::string& address) {
            return Words{
                "--headless", "--no-first-run", "--config", config,     "--profile",
                data,         "--listen",       address,    "--enable", "remote-write-receiver"};
        },
        [](Peer& peer) {
            const std::filesystem::path store = peer.data / "data";
            peer.settle = [store](Client& /*client*/) { return std::optional(store); };
            peer.settleStopped = [store] { return sealAndCompact(store); };
        });
    add(
        "prometheus", programs / "prometheus",
        [&](const std::string& data, const std::string& address) {
            return Words{"--config.file=" + config.string(), "--storage.tsdb.path=" + data,
                         "--web.listen-address=" + address, "--web.enable-remote-write-receiver",
                         "--web.enable-admin-api"};
        },
        [](Peer& peer) {
            peer.settle
                = [data = peer.data](Client& client) { return snapshotOfPrometheus(client, data); };
        });
    add(
        "victoria-metrics", programs / "victoria-metrics",
        [&](const std::string& data, const std::string& address) {
            return Words{"-promscrape.config=" + config.string(), "-storageDataPath=" + data,
                         "-httpListenAddr=" + address};
        },
        [](Peer& peer) {
            peer.settle = [data = peer.data](Client& client) {
                return mergeVictoriaMetrics(client) ? std::optional(data) : std::nullopt;
            };
        });
    return peers;
}

double millisecondsToAnswer(const Peer& peer, const std::string& query)
{
    const auto begin = steady_clock::now();
    Client client(peer.port);
    while (steady_clock::now() - begin < longestWait) {
        const auto answer = client.get("/api/v1/query?query=" + query);
        if (answer && answer->contains("\"value\"")) {
            return std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count();
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return -1;
}

} // namespace watchfire::bench
