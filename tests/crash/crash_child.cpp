// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// The other process of these tests.
//   crash_child WORD…                    the writer; app/ctl/torture/writer.h has the words
//   crash_child check DIR rw|ro ROW…     compares what is there with what was promised, up to
//                                        those rows; exits with a CheckExit
//   crash_child read DIR MS              reads one series beside the writer, says so, goes on
//                                        once its input ends and says how many samples there
//                                        were; its transactions live for MS

#include "app/ctl/torture/check.h"
#include "app/ctl/torture/writer.h"
#include "core/base/log.h"
#include "core/tsdb/store.h"
#include "tests/crash/check_exit.h"

#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <unistd.h>
#include <utility>

using namespace watchfire;
using crash::CheckExit;

namespace {

CheckExit checkStore(std::span<const char* const> words)
{
    tsdb::OpenOptions open;
    open.directory = words[0];
    open.readOnly = std::string_view(words[1]) == "ro";
    open.commitsByTime = false;
    torture::Rows promised;
    for (const char* const word : words.subspan(2)) {
        promised.push_back(std::atoll(word));
    }
    torture::Plan plan;
    plan.groups = static_cast<int>(promised.size()) - 1;
    const auto store = tsdb::Store::open(open);
    if (!store) {
        std::printf("%s\n", store.error().message.c_str());
        return CheckExit::refused;
    }
    const auto found = torture::check(**store, plan, torture::Rows(promised.size(), 0), promised);
    for (const std::string& fault : found.faults) {
        std::printf("%s\n", fault.c_str());
    }
    const auto verified = (*store)->verify();
    if (!verified) {
        std::printf("%s\n", verified.error().message.c_str());
    } else {
        for (const auto& [where, what] : verified->damage) {
            std::printf("%s: %s\n", where.c_str(), what.c_str());
        }
    }
    const auto problem = (*store)->problem();
    if (problem) {
        std::printf("%s\n", problem->message.c_str());
    }
    const bool isTold = problem || found.errors != 0 || !verified || !verified->damage.empty();
    if (found.wrong != 0) {
        return CheckExit::wrong;
    }
    if (found.lost + found.halfVisible != 0) {
        return isTold ? CheckExit::told : CheckExit::silentLoss;
    }
    return isTold ? CheckExit::told : CheckExit::fine;
}

int readSlowly(std::span<const char* const> words)
{
    tsdb::OpenOptions open;
    open.directory = words[0];
    open.readOnly = true;
    open.readerAge = std::chrono::milliseconds(std::atoll(words[1]));
    const auto store = tsdb::Store::open(open);
    if (!store) {
        std::printf("%s\n", store.error().message.c_str());
        return 1;
    }
    const auto querier = (*store)->querier();
    const auto all = Matcher::make(MatchType::regex, std::string(metricNameLabel), ".+");
    const auto groups
        = (*querier)->select(std::vector{*all}, {fromUnixMs(0), fromUnixMs(4'000'000'000'000)});
    std::size_t samples = 0;
    bool isFirst = true;
    storage::Column column;
    for (const auto& group : *groups) {
        for (std::size_t i = 0; i < group->size(); ++i) {
            const auto timeline = group->timeline();
            if (!timeline || !group->read(i, column)) {
                std::printf("a series cannot be read\n");
                return 1;
            }
            for (std::size_t at = 0; at < timeline->size(); ++at) {
                samples += column.isPresent(at) ? 1 : 0;
            }
            if (std::exchange(isFirst, false)) {
                std::puts("reading");
                std::fflush(stdout);
                while (std::getchar() != EOF) { }
            }
        }
    }
    std::printf("%zu samples\n", samples);
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    setLogLevel(LogLevel::error);
    const std::span<const char* const> words(argv + 1, argv + argc);
    if (words.size() > 4 && std::string_view(words[0]) == "check") {
        ::alarm(30); // damage may lead round in circles
        return static_cast<int>(checkStore(words.subspan(1)));
    }
    if (words.size() == 3 && std::string_view(words[0]) == "read") {
        return readSlowly(words.subspan(1));
    }
    return torture::write(words);
}
