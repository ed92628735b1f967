// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

/// What a process dies of when a page of a mapped file cannot be read: the disk failed, or
/// somebody cut the file short. Nothing can be returned from there, so the process ends; what can
/// be had is that it says why, and that the next one checks the store.
namespace watchfire::tsdb {

/// EX_IOERR of sysexits.h: of programs that write a store.
inline constexpr int busFaultExit = 74;

/// From now on a SIGBUS that a mapped file brings about ends the process with that exit code,
/// after a line on stderr that names the file, and asks for a check of the stores that are open
/// for writing. Any other SIGBUS does what it did. Once, early in `main`; `program` begins the
/// line and must live as long as the process.
void endOnBusFault(std::string_view program, int exitCode);

/// The lock file of a store that is open for writing; it is written to by the signal's handler.
/// Beyond sixteen at once they are not remembered.
void rememberLock(int file);
void forgetLock(int file);

} // namespace watchfire::tsdb
