// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <format>
#include <functional>
#include <string>
#include <string_view>

namespace watchfire {

enum class LogLevel { debug, info, warning, error };

/// Receives finished lines; called on any thread, one at a time.
using LogSink = std::function<void(LogLevel, std::string_view component, std::string_view text)>;

/// Where lines go besides stderr: the Status page's log. Pass nullptr to end it.
void setLogSink(LogSink sink);
void setLogLevel(LogLevel least);
/// One line, to stderr and the sink. Secrets never come here: their type prints as <secret>.
void logLine(LogLevel level, std::string_view component, std::string_view text);

template <class... Args>
void log(LogLevel level, std::string_view component, std::format_string<Args...> format,
         Args&&... args)
{
    logLine(level, component, std::format(format, std::forward<Args>(args)...));
}

} // namespace watchfire
