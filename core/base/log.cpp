// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <utility>

namespace watchfire {

namespace {

std::mutex sinkMutex;
LogSink sink;
std::atomic<LogLevel> leastLevel = LogLevel::info;

std::string_view word(LogLevel level)
{
    switch (level) {
    case LogLevel::debug:
        return "debug";
    case LogLevel::info:
        return "info";
    case LogLevel::warning:
        return "warning";
    case LogLevel::error:
        return "error";
    }
    return "?";
}

} // namespace

void setLogSink(LogSink next)
{
    const std::lock_guard lock(sinkMutex);
    sink = std::move(next);
}

void setLogLevel(LogLevel least)
{
    leastLevel = least;
}

void logLine(LogLevel level, std::string_view component, std::string_view text)
{
    if (level < leastLevel.load(std::memory_order_relaxed)) {
        return;
    }
    const auto now
        = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const std::string line
        = std::format("{:%FT%TZ} {} {}: {}\n", now, word(level), component, text);
    const std::lock_guard lock(sinkMutex);
    std::fwrite(line.data(), 1, line.size(), stderr);
    if (sink) {
        sink(level, component, text);
    }
}

} // namespace watchfire
