// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/tsdb/gate.h"
#include "core/tsdb/page_check.h"
#include "core/tsdb/tables.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

struct MDB_env;
struct MDB_txn;
struct MDB_cursor;

namespace watchfire::tsdb {

class Environment;

using StoreId = std::array<std::uint8_t, 16>;

/// What a transaction has met so far. LMDB codes: 0 is fine, "not found" is no error. An entry
/// that fails its check is damage. Calls after the first failure do nothing, so a sequence is
/// checked once, at its end.
class TxnStatus {
public:
    int code() const { return m_code; }
    bool ok() const { return m_code == 0; }
    bool isMapFull() const;
    /// The disk took no more: full, over quota, or a short write, which LMDB reports as EIO.
    bool isDiskRefusal() const;
    Result<void> result(const Environment& environment) const;

protected:
    void note(int code);
    /// The value without its check; none: the entry is damaged, which is noted.
    std::optional<ByteView> checked(Table table, ByteView key, ByteView value);
    int m_code = 0;

private:
    std::string m_damaged; ///< the entry that is
};

/// What can be asked of any transaction; views it hands out are valid until it ends (of a write
/// transaction: until its next change). One thread at a time.
class Txn : public TxnStatus {
public:
    std::optional<ByteView> get(Table table, ByteView key);
    std::uint64_t entries(Table table);
    const Environment& environment() const { return *m_environment; }
    MDB_txn* raw() const { return m_txn; }

protected:
    Txn(Environment* environment, MDB_txn* txn)
        : m_environment(environment)
        , m_txn(txn)
    {
    }
    Txn(Txn&& other) noexcept
        : TxnStatus(std::move(other))
        , m_environment(other.m_environment)
        , m_txn(std::exchange(other.m_txn, nullptr))
    {
    }
    ~Txn() = default;

    Environment* m_environment = nullptr;
    MDB_txn* m_txn = nullptr;
};

/// A read transaction: a snapshot of all tables.
class ReadTxn : public Txn {
public:
    ReadTxn(ReadTxn&& other) noexcept = default;
    ReadTxn& operator=(ReadTxn&&) = delete;
    ReadTxn(const ReadTxn&) = delete;
    ReadTxn& operator=(const ReadTxn&) = delete;
    ~ReadTxn();

private:
    friend class Environment;
    using Txn::Txn;
};

/// The write transaction; only the storage writer's thread has one. Aborts unless committed.
class WriteTxn : public Txn {
public:
    WriteTxn(WriteTxn&& other) noexcept = default;
    WriteTxn& operator=(WriteTxn&&) = delete;
    WriteTxn(const WriteTxn&) = delete;
    WriteTxn& operator=(const WriteTxn&) = delete;
    ~WriteTxn() { abort(); }

    void put(Table table, ByteView key, ByteView value);
    /// At the end of the table; falls back to an ordinary put when the key is not the greatest.
    void append(Table table, ByteView key, ByteView value);
    void remove(Table table, ByteView key);
    /// Removes one of a key's duplicates.
    void remove(Table table, ByteView key, ByteView value);

    /// Synced: once it succeeds the changes survive power loss.
    void commit();
    void abort();
    /// A rough count of the bytes made dirty, for splitting long work.
    std::size_t dirtyBytes() const { return m_dirty; }

private:
    friend class Environment;
    using Txn::Txn;

    /// What is stored for the value: with its check.
    ByteView toStore(Table table, ByteView key, ByteView value);

    std::size_t m_dirty = 0;
    Bytes m_checked;
};

/// Runs one write transaction of what the function puts into it, again where that takes a larger
/// map. The storage writer's thread only.
using Transact = std::function<Result<void>(const std::function<void(WriteTxn&)>& fill)>;

/// A position in a table, within a transaction that outlives it.
class Cursor : public TxnStatus {
public:
    /// What a damaged entry does: it fails the cursor, or `isDamaged` tells and one goes on.
    enum class Damage { fails, isTold };
    Cursor(const Txn& txn, Table table, Damage damage = Damage::fails);
    ~Cursor();
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;

    /// Each leaves the cursor on an entry and returns true, or returns false.
    bool first();
    bool last();
    bool next();
    bool previous();
    /// The first entry not before `key`.
    bool seek(ByteView key);
    /// The last entry before `key`.
    bool seekBefore(ByteView key);
    /// That very key.
    bool find(ByteView key);
    /// The next value of the same key.
    bool nextDuplicate();
    void erase();

    ByteView key() const { return m_key; }
    ByteView value() const { return m_value; }
    /// Its value is not what was stored; told where the cursor was asked to.
    bool isDamaged() const { return m_isDamaged; }

private:
    bool get(ByteView key, int operation);

    Table m_table;
    Damage m_damage;
    bool m_isDamaged = false;
    MDB_cursor* m_cursor = nullptr;
    ByteView m_key;
    ByteView m_value;
};

struct EnvironmentOptions {
    std::filesystem::path directory;
    bool readOnly = false;
    /// 0: the larger of 256 GiB and four times the file.
    std::uint64_t mapSize = 0;
    /// Tests: asked before each commit; an errno makes the commit fail with it.
    std::function<int()> commitFault;
    /// Tests: the kind of file system the directory is on, as statfs(2) tells it.
    std::function<std::uint64_t()> fileSystem{};
    /// Tests: its type as /proc/self/mountinfo has it ("fuse.sshfs").
    std::function<std::string()> mountType{};
    /// Tests: its size and what is free of it.
    std::function<std::filesystem::space_info()> space{};
    /// What tells one start of the machine from another.
    std::string bootId{};
};

struct EnvironmentSize {
    std::uint64_t fileBytes = 0;
    std::uint64_t usedBytes = 0; ///< pages that hold data
    std::uint64_t mapBytes = 0;
};

/// The one LMDB environment of a store: DIR/store.mdb, with DIR/store.lock held while this
/// process writes. From any thread.
class Environment {
public:
    /// Creates the store where there is none (not when read-only). Who may not write to the lock
    /// file reads only where nobody writes, and keeps writers out meanwhile: a conflict else. The
    /// pages are looked at before LMDB follows them (page_check.h), all after a process that did
    /// not end by itself. Errors name the path and the reason: conflict (another process writes
    /// it), unsupported (a newer format; the file is left untouched), corrupt, notFound, io.
    static Result<std::unique_ptr<Environment>> open(EnvironmentOptions options);
    ~Environment();
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

    /// Waits while the map grows. The calling thread must hold no other read transaction.
    Result<ReadTxn> read();
    /// The storage writer's thread only.
    Result<WriteTxn> write();

    bool isNearlyFull() const;
    /// Doubles the map. `shoo` is called until every read transaction has ended.
    Result<void> grow(const std::function<void()>& shoo);
    /// Frees reader slots of processes that died.
    void clearStaleReaders();
    /// The process no longer counts the pages it has read as its own; they stay in the page cache.
    /// The calling thread must hold no other read transaction; readers read on.
    void giveBackPages();
    /// Copies what is committed to a new file, without the pages that are free, and syncs it.
    /// Holds a read transaction all the while: pages that are freed meanwhile are not used again
    /// before it is done. From any thread; one at a time. Fails when the file exists or the disk
    /// has no room for it.
    Result<void> copyTo(const std::filesystem::path& copy);
    /// Puts such a copy in the place of the file, which is the only way to make it smaller.
    /// `shoo` is called until every read transaction has ended. Fails with ErrorKind::conflict
    /// while a copy is made, which nothing can hurry. The storage writer's thread only.
    Result<void> compact(const std::function<void()>& shoo);

    /// What is stored may be damaged: the last process to write did not end by itself and the
    /// machine was started since, or it asked for a check. The next one is told so too, until
    /// somebody has found it sound.
    bool needsCheck() const { return m_needsCheck; }
    void foundSound();
    /// The last transaction may be missing, though it was synced.
    bool mayLackLast() const { return m_mayLackLast; }
    /// Has the next process that writes check the file first.
    void requestCheck();
    /// Looks at all pages of what is committed, beside a writer too.
    Result<PageReport> checkPages();

    EnvironmentSize size() const;
    const StoreId& id() const { return m_id; }
    bool isReadOnly() const { return m_options.readOnly; }
    const std::filesystem::path& directory() const { return m_options.directory; }
    std::filesystem::path file() const { return m_options.directory / "store.mdb"; }
    /// How large the file system is, and what it has free for this process; -1 where it does not
    /// tell.
    std::filesystem::space_info space() const;
    std::uint64_t freeBytes() const { return space().available; }
    /// Less is free than 256 MiB and a fiftieth of the file system.
    bool isLowOnSpace() const;
    /// Whether a quota, a limit or the file system keeps the file from growing now. LMDB calls a
    /// write that was cut short an input/output error, whatever cut it.
    bool cannotGrow() const;

private:
    friend class Txn;
    friend class ReadTxn;
    friend class WriteTxn;
    friend class Cursor;

    explicit Environment(EnvironmentOptions options)
        : m_options(std::move(options))
    {
    }
    Result<void> judgeFileSystem() const;
    Result<void> lock();
    void unlock();
    Result<int> openAlone(const std::filesystem::path& path) const;
    Result<void> judgeReaderLock();
    Result<void> judgePages();
    void writeLock(std::string_view state);
    Result<void> copyAlone(const std::filesystem::path& copy);
    Result<void> openMap();
    void closeMap();
    Result<void> openHandles();
    Result<void> openTables();
    Result<void> judgeFormat();
    Result<void> makeTables(bool fresh);
    void endRead(MDB_txn* txn);
    unsigned dbi(Table table) const { return m_tables[static_cast<std::size_t>(table)]; }
    Error error(std::string_view doing, int code) const;
    Error lost() const;

    EnvironmentOptions m_options;
    MDB_env* m_env = nullptr;
    int m_lock = -1;
    int m_fileLock = -1; ///< holds a lock on the file: exclusive, or shared where `m_isLockless`
    bool m_isLockless = false; ///< reads without LMDB's lock file
    bool m_registered = false;
    bool m_isOpen = false;
    bool m_endedBadly = false; ///< the last process to write
    bool m_needsCheck = false;
    bool m_mayLackLast = false;
    std::uint16_t m_minor = 0; ///< of the file's format
    std::atomic<bool> m_asksForCheck{false};
    std::array<unsigned, tableCount> m_tables{};
    StoreId m_id{};
    std::mutex m_copyMutex; ///< while the file is copied or replaced
    mutable Gate m_gate;
    std::mutex m_poolMutex;
    std::vector<MDB_txn*> m_pool; // reset read transactions, each with its reader slot
};

} // namespace watchfire::tsdb
