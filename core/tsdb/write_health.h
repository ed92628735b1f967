// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <mutex>
#include <optional>

namespace watchfire::tsdb {

/// What keeps the store from its work. From any thread.
class WriteHealth {
public:
    /// How the last commit went.
    void note(const Result<void>& outcome);
    /// Nothing is accepted any more until a restart.
    void makeFatal();
    /// Something that stays wrong until the next start, and does not keep rows out.
    void setLasting(Error problem);

    bool isFatal() const;
    /// Nothing: commits succeed. Else what is wrong, which lasts with `hasRoom` false: no more rows
    /// can be held until the disk takes some.
    Result<void> mayAppend(bool hasRoom) const;
    std::optional<Error> problem() const;
    std::uint64_t failedCommits() const;

private:
    mutable std::mutex m_mutex;
    std::optional<Error> m_problem; ///< of the last commit
    std::optional<Error> m_lasting;
    bool m_isFatal = false;
    std::uint64_t m_failed = 0;
};

} // namespace watchfire::tsdb
