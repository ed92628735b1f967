// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/environment.h"
#include "core/tsdb/write_health.h"

#include <chrono>
#include <functional>

namespace watchfire::tsdb {

/// Runs write transactions, in a larger map where they need one, and says what a failure means.
/// The storage writer's thread only.
class Transactor {
public:
    /// Idle readers are to let go of transactions older than that.
    using ExpireReaders = std::function<void(std::chrono::steady_clock::duration older)>;

    Transactor(Environment& environment, WriteHealth& health, ExpireReaders expireReaders);

    /// One transaction of what the function puts into it; again in a larger map where the map is
    /// full.
    Result<void> run(const std::function<void(WriteTxn&)>& fill);
    /// The same for those who are handed a function.
    Transact asFunction();
    /// Makes the map larger, once no reader uses it.
    Result<void> makeRoom();
    /// What a failed transaction means for the person in front of it.
    Error judge(const TxnStatus& status);

    void expireReaders(std::chrono::steady_clock::duration older) const;

private:
    Environment& m_environment;
    WriteHealth& m_health;
    ExpireReaders m_expireReaders;
};

} // namespace watchfire::tsdb
