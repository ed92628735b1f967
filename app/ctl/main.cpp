// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/verbs.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/tsdb/bus_fault.h"

#include <cstdio>
#include <iostream>
#include <iterator>
#include <utility>

namespace watchfire::ctl {

void complain(Context& context, Exit exit, const std::string& message)
{
    std::fprintf(stderr, "watchfirectl: %s\n", message.c_str());
    context.exit = exit;
}

bool readInput(Context& context, const std::string& path, std::string& text)
{
    if (path == "-") {
        text.assign(std::istreambuf_iterator<char>(std::cin), {});
        return true;
    }
    auto read = readFile(path);
    if (!read) {
        complain(context, Exit::unreachable, read.error().message);
        return false;
    }
    text = std::move(*read);
    return true;
}

} // namespace watchfire::ctl

int main(int argc, char** argv)
{
    using namespace watchfire::ctl;
    watchfire::setLogLevel(watchfire::LogLevel::warning);
    watchfire::tsdb::endOnBusFault("watchfirectl", static_cast<int>(Exit::unreachable));
    Context context;
    CLI::App app("Checks and tests files, and speaks to a running Watchfire.", "watchfirectl");
    app.set_version_flag("--version", "watchfirectl " WATCHFIRE_VERSION);
    app.require_subcommand(1);
    app.fallthrough();
    app.add_option("--format", context.format, "text or json")
        ->check(CLI::IsMember({"text", "json"}));
    app.add_option("--url", context.url, "Address of an engine");
    app.add_option("--profile", context.profile, "Profile whose running engine is meant");
    app.add_option("--data", context.data, "Data directory to read directly");
    addQuery(app, context);
    addCheck(app, context);
    addTest(app, context);
    addTorture(app, context);
    addTsdb(app, context);
    addPromql(app, context);
    addAlert(app, context);
    addSilence(app, context);
    addTemplate(app, context);
    try {
        app.parse(argc, argv);
    } catch (const CLI::RequiredError& error) { // the library's way of saying so
        // An unknown verb is what the user should hear of, not that a known one is missing.
        if (const auto unknown = app.remaining(true); !unknown.empty()) {
            complain(context, Exit::usage, "there is no \"" + unknown.front() + "\"; see --help");
        } else {
            app.exit(error);
        }
        return static_cast<int>(Exit::usage);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : static_cast<int>(Exit::usage);
    }
    return static_cast<int>(context.exit);
}
