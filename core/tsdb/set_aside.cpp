// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/set_aside.h"

#include <chrono>
#include <format>
#include <system_error>

namespace watchfire::tsdb {

Result<std::filesystem::path> setAside(const std::filesystem::path& directory)
{
    const std::string stamp
        = std::format("{:%Y%m%dT%H%M%SZ}",
                      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
    std::filesystem::path aside;
    std::error_code failed;
    for (int n = 0; n == 0 || std::filesystem::exists(aside, failed); ++n) {
        aside = directory
            / std::format("store.damaged-{}{}.mdb", stamp,
                          n == 0 ? std::string() : std::format("-{}", n));
    }
    std::filesystem::rename(directory / "store.mdb", aside, failed);
    if (failed) {
        return fail(ErrorKind::io,
                    std::format("cannot set {} aside: {}", (directory / "store.mdb").string(),
                                failed.message()));
    }
    std::filesystem::remove(directory / "store.mdb-lock", failed);
    std::filesystem::rename(directory / "handoff",
                            std::filesystem::path(aside).replace_extension(".handoff"), failed);
    return aside;
}

} // namespace watchfire::tsdb
