// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The engine without window and server, for tests that kill it: alerting_child FOLDER runs on the
// files in FOLDER and keeps its store in FOLDER/store. It says "ready", then "told NAME" once what
// was told of an alert is kept. SIGTERM ends it.
#include "core/config/files.h"
#include "core/discovery/null_ports.h"
#include "core/net/http_fetcher.h"
#include "core/runtime/local_engine.h"
#include "tests/support/fake_watcher.h"

#include <csignal>
#include <cstdio>
#include <mutex>
#include <set>
#include <string>

using namespace watchfire;

namespace {

struct NoPopups final : Notifier {
    void show(const Notification&) override { }
    void withdraw(std::string_view) override { }
};

/// From any thread; a line at once.
void say(const std::string& line)
{
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    std::puts(line.c_str());
    std::fflush(stdout);
}

runtime::ConfigFiles filesIn(const config::Paths& paths)
{
    runtime::ConfigFiles files;
    files.shown = paths.prometheus.string();
    files.load = [paths] {
        return config::load(paths).transform([](config::Loaded&& loaded) {
            return runtime::LoadedConfig{std::move(loaded.config), std::move(loaded.warnings)};
        });
    };
    files.loadLastGood = files.load;
    return files;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2) {
        return 2;
    }
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);

    const std::string folder = argv[1];
    config::Paths paths = config::Paths::ofProfile(folder);
    paths.history.clear();
    client::Registry registry;
    net::CurlFetcher fetcher;
    discovery::NullDns dns;
    test::FakeWatcher watcher;
    NoPopups popups;
    SystemClock clock;
    runtime::EngineOptions options;
    options.store.directory = folder + "/store";
    options.registry = &registry;
    options.scrapeItself = false;
    options.files = filesIn(paths);
    options.hostName = "child";
    auto engine = runtime::LocalEngine::start(
        std::move(options), {fetcher, dns, watcher, popups, clock, nullptr, {}, nullptr});
    if (!engine) {
        say("cannot start: " + engine.error().message);
        return 1;
    }
    std::mutex mutex;
    std::set<std::string> told;
    const Subscription watching
        = (*engine)->watchAlerts([&](const std::shared_ptr<const engine::AlertsSnapshot>& alerts) {
              const std::lock_guard lock(mutex);
              for (const engine::AlertEvent& event : alerts->history) {
                  const std::string name(event.labels.get("alertname"));
                  if (event.what.starts_with("told ") && told.insert(name).second) {
                      say("told " + name);
                  }
              }
          });
    say("ready");
    int number = 0;
    sigwait(&ends, &number);
    return 0;
}
