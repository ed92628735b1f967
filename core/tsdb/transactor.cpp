// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/transactor.h"

#include <cerrno>
#include <cstdint>
#include <format>
#include <system_error>
#include <utility>

namespace watchfire::tsdb {

namespace {

// Above this much free space an input/output error is no full disk.
constexpr std::uint64_t surelyFree = std::uint64_t{256} << 20;

} // namespace

Transactor::Transactor(Environment& environment, WriteHealth& health, ExpireReaders expireReaders)
    : m_environment(environment)
    , m_health(health)
    , m_expireReaders(std::move(expireReaders))
{
}

Result<void> Transactor::run(const std::function<void(WriteTxn&)>& fill)
{
    for (;;) {
        auto txn = m_environment.write();
        if (!txn) {
            return std::unexpected(txn.error());
        }
        fill(*txn);
        txn->commit();
        if (txn->ok()) {
            return {};
        }
        if (!txn->isMapFull()) {
            return std::unexpected(judge(*txn));
        }
        txn->abort();
        if (auto room = makeRoom(); !room) {
            return room;
        }
    }
}

Transact Transactor::asFunction()
{
    return [this](const std::function<void(WriteTxn&)>& fill) { return run(fill); };
}

Result<void> Transactor::makeRoom()
{
    return m_environment.grow([this] { expireReaders(std::chrono::steady_clock::duration(0)); });
}

void Transactor::expireReaders(std::chrono::steady_clock::duration older) const
{
    if (m_expireReaders) {
        m_expireReaders(older);
    }
}

Error Transactor::judge(const TxnStatus& status)
{
    const Error plain = status.result(m_environment).error();
    const std::uint64_t free = m_environment.freeBytes();
    const bool isCut = status.code() == EIO && (free < surelyFree || m_environment.cannotGrow());
    if (isCut || status.code() == ENOSPC || status.code() == EDQUOT || status.code() == EFBIG) {
        return {ErrorKind::io,
                std::format("disk full: cannot write {}: {} ({} MiB free)",
                            m_environment.file().string(),
                            isCut ? "a write was cut short"
                                  : std::generic_category().message(status.code()),
                            free >> 20)};
    }
    m_environment.requestCheck();
    m_health.makeFatal();
    return {plain.kind,
            std::format("{}; the store takes nothing more until it is restarted", plain.message)};
}

} // namespace watchfire::tsdb
