// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/environment.h"

#include "core/base/check.h"
#include "core/tsdb/bus_fault.h"
#include "core/tsdb/table_forms.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <fcntl.h>
#include <format>
#include <fstream>
#include <lmdb.h>
#include <set>
#include <string>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <utility>

namespace watchfire::tsdb {

namespace {

// meta "format": u16 major, u16 minor, little-endian. A reader refuses another major.
constexpr std::string_view formatKey = "format";
constexpr std::string_view idKey = "uuid";
// In the lock file, where the boot id stands else.
constexpr std::string_view askedForCheck = "check";
constexpr std::uint16_t formatMajor = 2;
constexpr std::uint16_t formatMinor = 0;

// f_type of statfs(2); the numbers stand in linux/magic.h and in the file systems' sources.
constexpr std::array<std::pair<std::uint64_t, const char*>, 8> networkFileSystems{{
    {0x6969, "NFS"},
    {0xFF534D42, "CIFS"},
    {0xFE534D42, "SMB"},
    {0x517B, "SMB"},
    {0x01021997, "9p"},
    {0x00C36400, "Ceph"},
    {0x5346414F, "AFS"},
    {0x73757245, "Coda"},
}};

constexpr std::uint64_t fuse = 0x65735546;
// Behind FUSE may be anything; these are known to be reached over a network. Local ones (NTFS,
// encrypted or merged folders) are as good as what they stand on.
constexpr std::array<std::string_view, 19> networkFuse{
    "fuse.afpfs",     "fuse.beegfs",    "fuse.blobfuse", "fuse.blobfuse2", "fuse.ceph",
    "fuse.ceph-fuse", "fuse.curlftpfs", "fuse.davfs",    "fuse.davfs2",    "fuse.gcsfuse",
    "fuse.glusterfs", "fuse.goofys",    "fuse.juicefs",  "fuse.lizardfs",  "fuse.moosefs",
    "fuse.mfs",       "fuse.rclone",    "fuse.s3fs",     "fuse.sshfs"};

constexpr std::uint64_t leastMap = std::uint64_t{1} << 20;
constexpr std::uint64_t usualMap = std::uint64_t{256} << 30;
constexpr std::size_t pooledReaders = 64;
constexpr unsigned noTable = ~0U;
// Leaf pages that are looked at when nothing tells of trouble: 16 MiB, some 10 ms.
constexpr std::uint64_t largestTreeAtStart = 4'096;
constexpr std::uint64_t copySpare = std::uint64_t{16} << 20;

const TableForm& formAt(std::size_t number)
{
    return formOf(static_cast<Table>(number));
}

// A second opening of one file in one process would end the first one's fcntl locks, so it is
// refused; LMDB leaves seeing to that to its user.
std::mutex openMutex;
std::set<std::filesystem::path>& openFiles()
{
    static std::set<std::filesystem::path> files;
    return files;
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

/// The type of the file system that the folder is on (proc(5), /proc/pid/mountinfo); empty: it is
/// not told.
std::string mountTypeOf(const std::filesystem::path& folder)
{
    struct ::stat status{};
    if (::stat(folder.c_str(), &status) != 0) {
        return {};
    }
    const std::string wanted
        = std::format(" {}:{} ", ::gnu_dev_major(status.st_dev), ::gnu_dev_minor(status.st_dev));
    std::ifstream mounts("/proc/self/mountinfo");
    for (std::string line; std::getline(mounts, line);) {
        // "36 35 98:0 / /mnt rw,noatime shared:1 - ext3 /dev/root rw"
        const std::size_t device = line.find(wanted);
        const std::size_t type = line.find(" - ");
        if (device != std::string::npos && device < line.find('/') && type != std::string::npos) {
            return line.substr(type + 3, line.find(' ', type + 3) - type - 3);
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
    if (m_registered) {
        const std::lock_guard guard(openMutex);
        openFiles().erase(std::filesystem::absolute(file()).lexically_normal());
    }
    if (m_fileLock >= 0) {
        ::close(m_fileLock);
    }
    if (m_lock >= 0) {
        if (m_isOpen && !m_needsCheck && !m_asksForCheck) {
            writeLock({});
        }
        forgetLock(m_lock);
        ::close(m_lock);
    }
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

/// LMDB needs shared memory maps and locks that other machines do not take part in.
Result<void> Environment::judgeFileSystem() const
{
    std::uint64_t kind = 0;
    if (m_options.fileSystem) {
        kind = m_options.fileSystem();
    } else {
        struct ::statfs status{};
        if (::statfs(m_options.directory.c_str(), &status) != 0) {
            return {}; // opening says more
        }
        kind = static_cast<std::uint32_t>(status.f_type);
    }
    std::string name;
    if (const auto network = std::ranges::find(networkFileSystems, kind,
                                               &std::pair<std::uint64_t, const char*>::first);
        network != networkFileSystems.end()) {
        name = network->second;
    } else if (kind == fuse) {
        const std::string type
            = m_options.mountType ? m_options.mountType() : mountTypeOf(m_options.directory);
        if (std::ranges::contains(networkFuse, type)) {
            name = type;
        }
    }
    if (name.empty()) {
        return {};
    }
    return fail(ErrorKind::unsupported,
                std::format("{} is on a network file system ({}), where several machines can "
                            "write and a store would be damaged: choose a folder of a local disk",
                            m_options.directory.string(), name));
}

Result<void> Environment::lock()
{
    const std::filesystem::path path = std::filesystem::absolute(file()).lexically_normal();
    {
        const std::lock_guard guard(openMutex);
        if (openFiles().contains(path)) {
            return fail(ErrorKind::conflict,
                        std::format("{} is open in this process already", path.string()));
        }
        openFiles().insert(path);
        m_registered = true;
    }
    if (m_options.readOnly) {
        return judgeReaderLock();
    }
    const std::filesystem::path lockPath = m_options.directory / "store.lock";
    m_lock = ::open(lockPath.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (m_lock < 0) {
        return fail(ErrorKind::io,
                    std::format("cannot open {}: {}", lockPath.string(),
                                std::generic_category().message(errno)));
    }
    std::array<char, 128> content{};
    const ssize_t length = ::pread(m_lock, content.data(), content.size(), 0);
    const std::string_view holder(content.data(),
                                  length > 0 ? static_cast<std::size_t>(length) : 0);
    if (::flock(m_lock, LOCK_EX | LOCK_NB) != 0) {
        const std::string_view pid = holder.substr(0, holder.find_first_of(" \n"));
        return fail(ErrorKind::conflict,
                    std::format("the store in {} is in use by another process{}{}",
                                m_options.directory.string(), pid.empty() ? "" : ", ", pid));
    }
    // A process that ends by itself leaves nothing here.
    const std::size_t state = holder.find(' ');
    if (state != std::string_view::npos) {
        m_endedBadly = true;
        const std::string_view before = holder.substr(state + 1, holder.find('\n') - state - 1);
        m_needsCheck = before != m_options.bootId;
    }
    const auto alone = openAlone(file());
    if (!alone) {
        return std::unexpected(alone.error());
    }
    m_fileLock = *alone;
    writeLock(m_needsCheck ? askedForCheck : std::string_view(m_options.bootId));
    rememberLock(m_lock);
    return {};
}

/// Opens the file so that those who read without LMDB's lock file are kept out; -1: there is none.
Result<int> Environment::openAlone(const std::filesystem::path& path) const
{
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        return -1;
    }
    if (fd < 0) {
        return fail(ErrorKind::io,
                    std::format("cannot open {}: {}", path.string(),
                                std::generic_category().message(errno)));
    }
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        ::close(fd);
        return fail(ErrorKind::conflict,
                    std::format("{} is being read by a process that may not write its lock file, "
                                "and so cannot be written meanwhile: end that one",
                                path.string()));
    }
    return fd;
}

/// In LMDB's lock file readers tell the writer which pages they need. Who may not write to it can
/// read where nobody writes: that is made sure of for as long as this is open.
Result<void> Environment::judgeReaderLock()
{
    const std::filesystem::path readers = std::filesystem::path(file()) += "-lock";
    // Opened to see, closing it would end LMDB's locks of it that this process may have.
    const auto whyNot = [](const std::filesystem::path& path, int mode) {
        return ::faccessat(AT_FDCWD, path.c_str(), mode, AT_EACCESS) == 0 ? 0 : errno;
    };
    int refused = whyNot(readers, R_OK | W_OK);
    if (refused == ENOENT) {
        refused = whyNot(m_options.directory, W_OK | X_OK);
    }
    if (refused != EACCES && refused != EPERM && refused != EROFS) {
        return {}; // what else there may be LMDB says
    }
    m_fileLock = ::open(file().c_str(), O_RDONLY | O_CLOEXEC);
    if (m_fileLock < 0) {
        return fail(ErrorKind::io,
                    std::format("cannot read {}: {}", file().string(),
                                std::generic_category().message(errno)));
    }
    if (::flock(m_fileLock, LOCK_SH | LOCK_NB) != 0) {
        return fail(ErrorKind::conflict,
                    std::format("{} is being written by another process, and this one may not tell "
                                "it that it reads ({}: {}): read it as a user who may write there, "
                                "ask the running engine instead (--url), or read a snapshot",
                                file().string(), readers.string(),
                                std::generic_category().message(refused)));
    }
    struct ::stat held{};
    struct ::stat named{};
    if (::fstat(m_fileLock, &held) != 0 || ::stat(file().c_str(), &named) != 0
        || held.st_ino != named.st_ino) {
        return fail(ErrorKind::unavailable,
                    std::format("{} was replaced just now: try again", file().string()));
    }
    m_isLockless = true;
    return {};
}

/// Only hints are lost where it cannot be written: a full disk must not keep the store shut.
void Environment::writeLock(std::string_view state)
{
    const std::string text
        = state.empty() ? std::string() : std::format("{} {}\n", ::getpid(), state);
    if (::ftruncate(m_lock, 0) == 0) {
        static_cast<void>(::pwrite(m_lock, text.data(), text.size(), 0));
    }
}

void Environment::requestCheck()
{
    m_asksForCheck = true;
    if (m_lock >= 0) {
        writeLock(askedForCheck);
    }
}

void Environment::foundSound()
{
    m_needsCheck = false;
    if (m_lock >= 0 && !m_asksForCheck) {
        writeLock(m_options.bootId);
    }
}

Result<void> Environment::judgePages()
{
    struct ::stat status{};
    if (::stat(file().c_str(), &status) != 0 || status.st_size == 0) {
        return {};
    }
    int writers = -1;
    if (m_options.readOnly) {
        // Pages move under a walk while somebody writes; who does has looked at them.
        writers = ::open((m_options.directory / "store.lock").c_str(), O_RDONLY | O_CLOEXEC);
        if (writers >= 0 && ::flock(writers, LOCK_SH | LOCK_NB) != 0) {
            ::close(writers);
            return {};
        }
    }
    PageCheck check;
    check.bigValues = false;
    if (!m_endedBadly) {
        check.largestTree = largestTreeAtStart;
    }
    const auto report = tsdb::checkPages(file(), check);
    if (writers >= 0) {
        ::close(writers);
    }
    if (!report) {
        return std::unexpected(report.error());
    }
    if (!report->damage.empty()) {
        return fail(ErrorKind::corrupt,
                    std::format("{} is damaged or is not a Watchfire store: {}: {}",
                                file().string(), report->damage.front().where,
                                report->damage.front().what));
    }
    m_mayLackLast = report->mayLackLast;
    return {};
}

Result<PageReport> Environment::checkPages()
{
    auto txn = read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    PageCheck check;
    check.transaction = mdb_txn_id(txn->raw());
    return tsdb::checkPages(file(), check);
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
