// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/environment.h"

#include "core/base/check.h"
#include "core/tsdb/table_forms.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <format>
#include <fstream>
#include <lmdb.h>
#include <string>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace watchfire::tsdb {

namespace {

// meta "format": u16 major, u16 minor, little-endian. A reader refuses another major.
constexpr std::string_view formatKey = "format";
constexpr std::string_view idKey = "uuid";
constexpr std::uint16_t formatMajor = 2;
constexpr std::uint16_t formatMinor = 0;

constexpr std::uint64_t leastMap = std::uint64_t{1} << 20;
constexpr std::uint64_t usualMap = std::uint64_t{256} << 30;
constexpr std::size_t pooledReaders = 64;
constexpr unsigned noTable = ~0U;

const TableForm& formAt(std::size_t number)
{
    return formOf(static_cast<Table>(number));
}

/// The memory mapping that the address lies in (proc(5), /proc/pid/maps).
std::span<std::uint8_t> mappingWith(void* address)
{
    const auto wanted = reinterpret_cast<std::uintptr_t>(address);
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        std::uintptr_t begin = 0;
        std::uintptr_t end = 0;
        const char* const last = line.data() + line.size();
        const char* const dash = std::from_chars(line.data(), last, begin, 16).ptr;
        if (dash != last) {
            std::from_chars(dash + 1, last, end, 16);
        }
        if (begin <= wanted && wanted < end) {
            auto* const at = static_cast<std::uint8_t*>(address);
            return {at - (wanted - begin), end - begin};
        }
    }
    return {};
}

} // namespace

Result<std::unique_ptr<Environment>> Environment::open(EnvironmentOptions options)
{
    std::error_code failed;
    if (options.readOnly) {
        if (!std::filesystem::exists(options.directory / "store.mdb", failed)) {
            return fail(failed ? ErrorKind::io : ErrorKind::notFound,
                        std::format("there is no store in {}{}{}", options.directory.string(),
                                    failed ? ": " : "", failed ? failed.message() : ""));
        }
    } else {
        std::filesystem::create_directories(options.directory, failed);
        if (failed) {
            return fail(ErrorKind::io,
                        std::format("cannot make the data directory {}: {}",
                                    options.directory.string(), failed.message()));
        }
    }
    std::unique_ptr<Environment> environment(new Environment(std::move(options)));
    if (auto fits = environment->judgeFileSystem(); !fits) {
        return std::unexpected(fits.error());
    }
    if (auto done = environment->lock(); !done) {
        return std::unexpected(done.error());
    }
    if (auto sound = environment->judgePages(); !sound) {
        return std::unexpected(sound.error());
    }
    if (auto done = environment->openMap(); !done) {
        return std::unexpected(done.error());
    }
    if (!environment->isReadOnly() && environment->m_fileLock < 0) { // it was made just now
        const auto alone = environment->openAlone(environment->file());
        if (!alone) {
            return std::unexpected(alone.error());
        }
        environment->m_fileLock = *alone;
    }
    if (auto done = environment->openTables(); !done) {
        return std::unexpected(done.error());
    }
    environment->m_isOpen = true;
    return environment;
}

void Environment::closeMap()
{
    for (MDB_txn* const txn : m_pool) {
        mdb_txn_abort(txn);
    }
    m_pool.clear();
    if (m_env != nullptr) {
        mdb_env_close(m_env);
        m_env = nullptr;
    }
}

Environment::~Environment()
{
    closeMap();
    unlock();
}

Error Environment::error(std::string_view doing, int code) const
{
    ErrorKind kind = ErrorKind::io;
    std::string reason = mdb_strerror(code);
    if (code == MDB_INVALID) {
        kind = ErrorKind::corrupt;
        reason = "the file is damaged or is not a Watchfire store";
    } else if (code == MDB_VERSION_MISMATCH) {
        kind = ErrorKind::unsupported;
        reason = "the file was written by a newer version";
    } else if (code == MDB_CORRUPTED || code == MDB_PAGE_NOTFOUND || code == MDB_PANIC) {
        kind = ErrorKind::corrupt;
    } else if (code == MDB_READERS_FULL) {
        kind = ErrorKind::limit;
    } else if (code == MDB_MAP_RESIZED) {
        kind = ErrorKind::unavailable;
    }
    return {kind, std::format("cannot {} {}: {}", doing, file().string(), reason)};
}

Result<void> Environment::openMap()
{
    if (const int code = mdb_env_create(&m_env); code != MDB_SUCCESS) {
        return std::unexpected(error("open", code));
    }
    struct ::stat status{};
    const std::uint64_t fileBytes
        = ::stat(file().c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
    std::uint64_t map
        = m_options.mapSize != 0 ? m_options.mapSize : std::max(usualMap, 4 * fileBytes);
    map = std::max(map, std::max(leastMap, fileBytes));
    unsigned flags = MDB_NOSUBDIR | MDB_NOTLS | MDB_NORDAHEAD | MDB_NOMEMINIT;
    if (m_options.readOnly) {
        flags |= MDB_RDONLY;
    }
    if (m_isLockless) {
        flags |= MDB_NOLOCK;
    }
    for (;;) {
        mdb_env_set_maxdbs(m_env, 32);
        mdb_env_set_maxreaders(m_env, 256);
        mdb_env_set_mapsize(m_env, map);
        const int code = mdb_env_open(m_env, file().c_str(), flags, 0644);
        if (code == MDB_SUCCESS) {
            break;
        }
        // An environment that failed to open must be closed and made anew.
        mdb_env_close(m_env);
        m_env = nullptr;
        if (code != ENOMEM || map / 2 < std::max(leastMap, fileBytes)) {
            return std::unexpected(error("open", code));
        }
        map /= 2;
        if (const int made = mdb_env_create(&m_env); made != MDB_SUCCESS) {
            return std::unexpected(error("open", made));
        }
    }
    clearStaleReaders();
    return {};
}

/// Tables that are not there become `noTable`.
Result<void> Environment::openHandles()
{
    MDB_txn* txn = nullptr;
    if (const int code = mdb_txn_begin(m_env, nullptr, MDB_RDONLY, &txn); code != MDB_SUCCESS) {
        return std::unexpected(error("read", code));
    }
    int code = MDB_SUCCESS;
    for (std::size_t i = 0; i < tableCount && code == MDB_SUCCESS; ++i) {
        code = mdb_dbi_open(txn, formAt(i).name, formAt(i).flags, &m_tables[i]);
        if (code == MDB_NOTFOUND) {
            m_tables[i] = noTable;
            code = MDB_SUCCESS;
        }
    }
    if (code != MDB_SUCCESS) {
        mdb_txn_abort(txn);
        return std::unexpected(error("read", code));
    }
    // Handles opened in a read transaction live on only when it is committed.
    if (code = mdb_txn_commit(txn); code != MDB_SUCCESS) {
        return std::unexpected(error("read", code));
    }
    return {};
}

Result<void> Environment::openTables()
{
    if (auto opened = openHandles(); !opened) {
        return opened;
    }
    MDB_stat stat{};
    mdb_env_stat(m_env, &stat);
    const bool fresh = stat.ms_entries == 0;
    // The format is judged before anything is written: a newer store stays as it is.
    if (fresh) {
        return m_options.readOnly
            ? fail(ErrorKind::notFound, std::format("{} is empty", file().string()))
            : makeTables(fresh);
    }
    if (m_tables[0] == noTable) {
        return fail(ErrorKind::corrupt,
                    std::format("{} is an LMDB file of another program", file().string()));
    }
    if (auto judged = judgeFormat(); !judged) {
        return judged;
    }
    if (!std::ranges::contains(m_tables, noTable)) {
        return {};
    }
    // An earlier minor format may not have had it; one that it had is not made anew and empty.
    return m_options.readOnly || m_minor >= formatMinor
        ? fail(ErrorKind::corrupt, std::format("{} lacks a table", file().string()))
        : makeTables(fresh);
}

Result<void> Environment::judgeFormat()
{
    auto txn = read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    const auto format = txn->get(Table::meta, asBytes(formatKey));
    if (auto done = txn->result(*this); !done) {
        return done;
    }
    ByteReader reader(format.value_or(ByteView{}));
    const auto major = reader.le<std::uint16_t>();
    m_minor = reader.le<std::uint16_t>();
    if (!reader.ok()) {
        return fail(ErrorKind::corrupt, std::format("{} has no format version", file().string()));
    }
    if (major != formatMajor) {
        return fail(ErrorKind::unsupported,
                    std::format("{} has format {}.{}, this version reads {}.x: it was written by "
                                "{} version and is left as it is",
                                file().string(), major, m_minor, formatMajor,
                                major > formatMajor ? "a newer" : "an earlier"));
    }
    const auto id = txn->get(Table::meta, asBytes(idKey));
    if (auto done = txn->result(*this); !done) {
        return done;
    }
    if (!id || id->size() != m_id.size()) {
        return fail(ErrorKind::corrupt, std::format("{} has no identity", file().string()));
    }
    std::ranges::copy(*id, m_id.begin());
    return {};
}

Result<void> Environment::makeTables(bool fresh)
{
    auto txn = write();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    for (std::size_t i = 0; i < tableCount; ++i) {
        if (const int code
            = mdb_dbi_open(txn->raw(), formAt(i).name, formAt(i).flags | MDB_CREATE, &m_tables[i]);
            code != MDB_SUCCESS) {
            return std::unexpected(error("write", code));
        }
    }
    if (fresh) {
        if (::getrandom(m_id.data(), m_id.size(), 0) != static_cast<ssize_t>(m_id.size())) {
            return std::unexpected(error("write", errno));
        }
        Bytes format;
        ByteWriter writer(format);
        writer.le(formatMajor);
        writer.le(formatMinor);
        txn->put(Table::meta, asBytes(formatKey), format);
        txn->put(Table::meta, asBytes(idKey), m_id);
    }
    txn->commit();
    return txn->result(*this);
}

Error Environment::lost() const
{
    return {ErrorKind::io,
            std::format("{} could not be opened again after it was made smaller", file().string())};
}

Result<ReadTxn> Environment::read()
{
    m_gate.enter();
    if (m_env == nullptr) {
        m_gate.leave();
        return std::unexpected(lost());
    }
    MDB_txn* txn = nullptr;
    {
        const std::lock_guard lock(m_poolMutex);
        if (!m_pool.empty()) {
            txn = m_pool.back();
            m_pool.pop_back();
        }
    }
    int code = MDB_SUCCESS;
    if (txn != nullptr) {
        code = mdb_txn_renew(txn);
        if (code != MDB_SUCCESS) {
            mdb_txn_abort(txn);
        }
    } else {
        code = mdb_txn_begin(m_env, nullptr, MDB_RDONLY, &txn);
    }
    if (code != MDB_SUCCESS) {
        m_gate.leave();
        return std::unexpected(error("read", code));
    }
    return ReadTxn(this, txn);
}

void Environment::endRead(MDB_txn* txn)
{
    mdb_txn_reset(txn);
    {
        const std::lock_guard lock(m_poolMutex);
        if (m_pool.size() < pooledReaders) {
            m_pool.push_back(txn);
            txn = nullptr;
        }
    }
    if (txn != nullptr) {
        mdb_txn_abort(txn);
    }
    m_gate.leave();
}

Result<WriteTxn> Environment::write()
{
    WF_CHECK(!m_options.readOnly);
    m_gate.enter();
    if (m_env == nullptr) {
        m_gate.leave();
        return std::unexpected(lost());
    }
    MDB_txn* txn = nullptr;
    if (const int code = mdb_txn_begin(m_env, nullptr, 0, &txn); code != MDB_SUCCESS) {
        m_gate.leave();
        return std::unexpected(error("write", code));
    }
    return WriteTxn(this, txn);
}

void Environment::clearStaleReaders()
{
    if (m_env == nullptr) {
        return;
    }
    int dead = 0;
    mdb_reader_check(m_env, &dead);
}

void Environment::giveBackPages()
{
    auto txn = read();
    const auto value = txn ? txn->get(Table::meta, asBytes(idKey)) : std::nullopt;
    if (!value) {
        return;
    }
    // LMDB tells nobody where its mapping is. It is of a file and never written through: nothing
    // is lost.
    const std::span<std::uint8_t> mapping = mappingWith(const_cast<std::uint8_t*>(value->data()));
    if (!mapping.empty()) {
        ::madvise(mapping.data(), mapping.size(), MADV_DONTNEED);
    }
}

} // namespace watchfire::tsdb
