// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// May this file be opened: on what it lies, who else has it, are its pages sound.
#include "core/tsdb/bus_fault.h"
#include "core/tsdb/environment.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <format>
#include <fstream>
#include <lmdb.h>
#include <set>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <utility>

namespace watchfire::tsdb {

namespace {

// In the lock file, where the boot id stands else.
constexpr std::string_view askedForCheck = "check";
// Leaf pages that are looked at when nothing tells of trouble: 16 MiB, some 10 ms.
constexpr std::uint64_t largestTreeAtStart = 4'096;

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

// A second opening of one file in one process would end the first one's fcntl locks, so it is
// refused; LMDB leaves seeing to that to its user.
std::mutex openMutex;
std::set<std::filesystem::path>& openFiles()
{
    static std::set<std::filesystem::path> files;
    return files;
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

void Environment::unlock()
{
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

} // namespace watchfire::tsdb
