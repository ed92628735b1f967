// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How large the file is, whether it can grow, and copies of it.
#include "core/base/check.h"
#include "core/tsdb/environment.h"

#include <cerrno>
#include <fcntl.h>
#include <format>
#include <lmdb.h>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <utility>

namespace watchfire::tsdb {

namespace {

constexpr std::uint64_t copySpare = std::uint64_t{16} << 20;

} // namespace

bool Environment::isNearlyFull() const
{
    if (m_env == nullptr) {
        return false;
    }
    MDB_envinfo info{};
    MDB_stat stat{};
    mdb_env_info(m_env, &info);
    mdb_env_stat(m_env, &stat);
    return (info.me_last_pgno + 1) * stat.ms_psize > info.me_mapsize / 5 * 4;
}

Result<void> Environment::grow(const std::function<void()>& shoo)
{
    MDB_envinfo info{};
    mdb_env_info(m_env, &info);
    m_gate.close(shoo);
    const int code = mdb_env_set_mapsize(m_env, info.me_mapsize * 2);
    m_gate.open();
    if (code != MDB_SUCCESS) {
        return std::unexpected(error("grow", code));
    }
    return {};
}

Result<void> Environment::copyTo(const std::filesystem::path& copy)
{
    const std::lock_guard lock(m_copyMutex);
    return copyAlone(copy);
}

/// With the mutex held.
Result<void> Environment::copyAlone(const std::filesystem::path& copy)
{
    const auto failed = [&](int code) {
        return fail(ErrorKind::io,
                    std::format("cannot copy {} to {}: {}", file().string(), copy.string(),
                                std::generic_category().message(code)));
    };
    const std::uint64_t needed = size().usedBytes + copySpare;
    struct ::statvfs room{};
    if (::statvfs(copy.parent_path().c_str(), &room) == 0
        && static_cast<std::uint64_t>(room.f_bavail) * room.f_frsize < needed) {
        return failed(ENOSPC);
    }
    const int out = ::open(copy.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (out < 0) {
        return failed(errno);
    }
    m_gate.enter();
    const int code = m_env == nullptr ? EIO : mdb_env_copyfd2(m_env, out, MDB_CP_COMPACT);
    m_gate.leave();
    const int synced = code != MDB_SUCCESS || ::fsync(out) == 0 ? 0 : errno;
    ::close(out);
    if (code == MDB_SUCCESS && synced == 0) {
        return {};
    }
    std::error_code ignored;
    std::filesystem::remove(copy, ignored);
    return code != MDB_SUCCESS ? std::unexpected(error("copy", code)) : failed(synced);
}

Result<void> Environment::compact(const std::function<void()>& shoo)
{
    WF_CHECK(!m_options.readOnly);
    const std::unique_lock lock(m_copyMutex, std::try_to_lock);
    if (!lock.owns_lock()) {
        return fail(ErrorKind::conflict,
                    std::format("{} is being copied: it cannot be made smaller meanwhile",
                                file().string()));
    }
    const std::filesystem::path fresh = m_options.directory / "store.compact";
    std::error_code failed;
    std::filesystem::remove(fresh, failed); // of an attempt that was cut short
    if (auto copied = copyAlone(fresh); !copied) {
        return copied;
    }
    const auto alone = openAlone(fresh);
    if (!alone) {
        return std::unexpected(alone.error());
    }
    m_gate.close(shoo);
    closeMap();
    // Another process may be reading the old file: it keeps that and its lock file, which counts
    // transactions of the old one.
    std::filesystem::remove(std::filesystem::path(file()) += "-lock", failed);
    std::filesystem::rename(fresh, file(), failed);
    if (!failed) {
        if (const int folder = ::open(m_options.directory.c_str(), O_RDONLY | O_CLOEXEC);
            folder >= 0) {
            ::fsync(folder);
            ::close(folder);
        }
    }
    Result<void> opened = openMap();
    if (opened) {
        opened = openHandles();
    }
    m_gate.open();
    ::close(failed ? *alone : std::exchange(m_fileLock, *alone));
    if (failed) {
        return fail(ErrorKind::io,
                    std::format("cannot replace {}: {}", file().string(), failed.message()));
    }
    return opened;
}

EnvironmentSize Environment::size() const
{
    EnvironmentSize size;
    m_gate.enter();
    if (m_env == nullptr) {
        m_gate.leave();
        return size;
    }
    MDB_envinfo info{};
    mdb_env_info(m_env, &info);
    size.mapBytes = info.me_mapsize;
    struct ::stat status{};
    if (::stat(file().c_str(), &status) == 0) {
        size.fileBytes = static_cast<std::uint64_t>(status.st_size);
    }
    MDB_txn* txn = nullptr;
    if (mdb_txn_begin(m_env, nullptr, MDB_RDONLY, &txn) == MDB_SUCCESS) {
        for (const unsigned table : m_tables) {
            MDB_stat stat{};
            if (mdb_stat(txn, table, &stat) == MDB_SUCCESS) {
                size.usedBytes
                    += (stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages)
                    * stat.ms_psize;
            }
        }
        mdb_txn_abort(txn);
    }
    m_gate.leave();
    return size;
}

std::filesystem::space_info Environment::space() const
{
    if (m_options.space) {
        return m_options.space();
    }
    std::error_code ignored;
    return std::filesystem::space(m_options.directory, ignored);
}

bool Environment::isLowOnSpace() const
{
    constexpr std::uintmax_t least = std::uintmax_t{256} << 20;
    constexpr auto unknown = static_cast<std::uintmax_t>(-1);
    const std::filesystem::space_info now = space();
    return now.available != unknown && now.capacity != unknown
        && now.available < least + now.capacity / 50;
}

bool Environment::cannotGrow() const
{
    // More than LMDB writes at once, which is what a limit can cut short.
    constexpr ::off_t ahead = ::off_t{4} << 20;
    ::mdb_filehandle_t file = -1;
    struct ::stat now{};
    if (m_env == nullptr || mdb_env_get_fd(m_env, &file) != MDB_SUCCESS
        || ::fstat(file, &now) != 0) {
        return false;
    }
    ::rlimit limit{};
    if (::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY
        && static_cast<::rlim_t>(now.st_size + ahead) > limit.rlim_cur) {
        return true;
    }
    // Only sets blocks aside: the size stays, and the next growth uses them.
    if (::fallocate(file, FALLOC_FL_KEEP_SIZE, now.st_size, ahead) == 0) {
        return false;
    }
    return errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
}

} // namespace watchfire::tsdb
