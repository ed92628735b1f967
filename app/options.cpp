// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/options.h"

#include "core/net/http_server.h"
#include "core/text/duration.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdlib>
#include <format>
#include <sstream>
#include <string_view>
#include <utility>

namespace watchfire::app {

namespace {

constexpr std::array switches{
    "remote-write-receiver",
    "admin-api",
    "auto-reload-config",
    "concurrent-rule-eval",
    "lifecycle",
    "promql-experimental-functions",
    "promql-delayed-name-removal",
    "promql-duration-expr",
    "promql-extended-range-selectors",
    "promql-binop-fill-modifiers",
    "promql-per-step-stats",
    "use-start-timestamps",
    "st-storage",
};

std::filesystem::path xdg(const char* variable, const char* otherwise)
{
    const char* const set = std::getenv(variable); // NOLINT(concurrency-mt-unsafe): at start
    if (set != nullptr && *set == '/') {
        return std::filesystem::path(set) / "watchfire";
    }
    const char* const home = std::getenv("HOME"); // NOLINT(concurrency-mt-unsafe)
    return std::filesystem::path(home != nullptr ? home : "/") / otherwise / "watchfire";
}

/// Text of a duration into `target`, for CLI11.
CLI::callback_t durationInto(std::chrono::milliseconds& target)
{
    return [&target](const CLI::results_t& values) {
        const auto parsed = text::parseDuration(values.back());
        if (parsed) {
            target = *parsed;
        }
        return parsed.has_value();
    };
}

} // namespace

Paths Paths::of(const std::filesystem::path& profile)
{
    if (!profile.empty()) {
        const auto root = std::filesystem::absolute(profile);
        return {root / "config", root / "data", root / "state", root / "cache"};
    }
    return {xdg("XDG_CONFIG_HOME", ".config"), xdg("XDG_DATA_HOME", ".local/share"),
            xdg("XDG_STATE_HOME", ".local/state"), xdg("XDG_CACHE_HOME", ".cache")};
}

bool Options::isEnabled(std::string_view name) const
{
    return std::ranges::contains(enabled, name);
}

Result<Options> parseOptions(int argc, char** argv)
{
    Options options;
    std::chrono::milliseconds lateWindow{-1};
    std::chrono::milliseconds retention{-1};
    std::uint64_t afterSeconds = 5;
    std::int64_t forSeconds = -1;
    CLI::App app("Watchfire watches machines and programs from your desktop.", "watchfire");
    app.set_version_flag("--version", "watchfire " WATCHFIRE_VERSION);
    app.add_option("--profile", options.profile,
                   "Folder for everything the program reads or writes");
    app.add_option("--config", options.configFile, "A prometheus.yml to use")
        ->check(CLI::ExistingFile);
    app.add_option("--alertmanager-config", options.alertmanagerFile, "An alertmanager.yml to use")
        ->check(CLI::ExistingFile);
    app.add_flag("--headless", options.headless, "Engine only, without a window");
    app.add_option("--listen", options.listen, "Serve HTTP at ADDRESS:PORT (port 0: any free one)");
    app.add_option("--enable", options.enabled, "Switches that are off by default")
        ->delimiter(',')
        ->check(CLI::IsMember(std::vector<std::string>(switches.begin(), switches.end())));
    app.add_option("--commit-interval", durationInto(options.commitInterval),
                   "Between synced commits (0.2 s to 60 s); what a power cut may cost")
        ->type_name("TIME");
    app.add_option("--late-window", durationInto(lateWindow), "How late samples may come")
        ->type_name("TIME");
    app.add_option("--retention", durationInto(retention),
                   "How long samples are kept (what the configuration says, else 180d; 0s: for "
                   "ever)")
        ->type_name("TIME");
    std::uint64_t retentionSize = 0;
    CLI::Option* const sized
        = app.add_option("--retention-size", retentionSize,
                         "How large the store may grow: 512MB, 20GB (what the configuration says, "
                         "else a tenth of the disk, at most 20GB; 0: any size)")
              ->transform(CLI::AsSizeValue(false))
              ->type_name("SIZE");
    app.add_option("--query-lookback", durationInto(options.queryLookback),
                   "How far back an instant selector looks")
        ->type_name("TIME");
    app.add_option("--query-timeout", durationInto(options.queryTimeout), "Longest query")
        ->type_name("TIME");
    app.add_option("--query-max-samples", options.queryMaxSamples,
                   "Samples a query may hold at once");
    app.add_option("--query-concurrency", options.queryConcurrency,
                   "Queries that may run at once; others wait, and their time runs")
        ->check(CLI::Range(1, 100)); // each is a reader of the store, which has room for 256
    app.add_option("--query-max-memory", options.queryMaxMemory,
                   "Memory a query may take: 512MB, 2GB (1GB; 0: any)")
        ->transform(CLI::AsSizeValue(false))
        ->type_name("SIZE");
    std::uint64_t totalMemory = 0;
    CLI::Option* const total
        = app.add_option(
                 "--query-total-memory", totalMemory,
                 "Memory all queries may take together (a quarter of the machine's; 0: any)")
              ->transform(CLI::AsSizeValue(false))
              ->type_name("SIZE");
    app.add_option("--rules-max-concurrent-evals", options.ruleConcurrency,
                   "With concurrent-rule-eval: queries of independent rules that may run at once")
        ->check(CLI::Range(1, 100));
    app.add_option("--external-url", options.externalUrl, "The address that links name");
    app.add_option("--page", options.page, "Page to open on");
    app.add_option("--expr", options.expr, "Query to open with");
    app.add_option("--screenshot", options.screenshot, "Save the window as PNG");
    app.add_option("--after", afterSeconds, "Seconds before the screenshot");
    app.add_flag("--quit", options.quit, "End after the screenshot");
    app.add_option("--color-scheme", options.colorScheme, "light, dark or system")
        ->check(CLI::IsMember({"light", "dark", "system"}));
    app.add_flag("--no-first-run", options.noFirstRun,
                 "Neither own collectors nor discovery: what the configuration says");
    app.add_option("--summary", options.summary,
                   "Print a summary soon after the start and save a picture there");
    app.add_option("--for", forSeconds, "End after so many seconds");
    app.add_option("--shots", options.shots, "Save a picture of every page there, then end");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) { // the library's way of saying so
        std::ostringstream out;
        std::ostringstream err;
        const int code = app.exit(error, out, err);
        return code == 0 ? fail(ErrorKind::cancelled, out.str())
                         : fail(ErrorKind::invalid, err.str());
    }
    options.after = std::chrono::seconds(afterSeconds);
    if (forSeconds >= 0) {
        options.runFor = std::chrono::seconds(forSeconds);
    }
    if (lateWindow.count() >= 0) {
        options.lateWindow = lateWindow;
    }
    if (retention.count() >= 0) {
        options.retention = retention;
    }
    if (sized->count() > 0) {
        options.retentionSize = retentionSize;
    }
    if (total->count() > 0) {
        options.queryTotalMemory = totalMemory;
    }
    if (!options.listen.empty() && !net::isLoopback(options.listen)) {
        return fail(
            ErrorKind::invalid,
            std::format("watchfire: --listen {}: write ADDRESS:PORT; only loopback addresses "
                        "(127.0.0.1, [::1]) can be served without credentials\n",
                        options.listen));
    }
    return options;
}

} // namespace watchfire::app
