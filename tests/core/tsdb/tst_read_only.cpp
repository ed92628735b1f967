// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Stores that this process may read and not write: on a file system mounted for reading, or
// somebody else's. Readers without LMDB's lock file and writers keep each other out.
#include "tests/core/tsdb/store_opening.h"
#include "tests/core/tsdb/store_reading.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sched.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QCryptographicHash>
#include <QFile>
#include <QTest>

using namespace watchfire;
using namespace watchfire::tsdb;

namespace {

constexpr uid_t nobody = 65534;

QByteArray hashOf(const std::filesystem::path& path)
{
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly)
        ? QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha256)
        : QByteArray();
}

/// Another process, which opens the store for writing and closes it again when it is told to. It
/// is made before this one has opened anything.
class Writer {
public:
    explicit Writer(const OpenOptions& options)
    {
        std::array<int, 2> asks{};
        std::array<int, 2> answers{};
        if (::pipe(asks.data()) != 0 || ::pipe(answers.data()) != 0) {
            qFatal("no pipes");
        }
        m_child = ::fork();
        if (m_child == 0) {
            ::close(asks[1]);
            ::close(answers[0]);
            serve(options, asks[0], answers[1]);
        }
        ::close(asks[0]);
        ::close(answers[1]);
        m_ask = asks[1];
        m_answer = answers[0];
    }
    ~Writer()
    {
        ::close(m_ask);
        ::close(m_answer);
        ::waitpid(m_child, nullptr, 0);
    }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// Empty: it has it open; else why not.
    std::string open() { return ask('o'); }
    /// It has written a sample, and not committed it.
    std::string write() { return ask('w'); }
    void close() { ask('c'); }

private:
    [[noreturn]] static void serve(const OpenOptions& options, int in, int out)
    {
        std::unique_ptr<Store> store;
        char what = 0;
        while (::read(in, &what, 1) == 1) {
            std::string reply;
            if (what == 'o') {
                auto opened = Store::open(options);
                if (opened) {
                    store = std::move(*opened);
                } else {
                    reply = std::to_string(int(opened.error().kind)) + opened.error().message;
                }
            } else if (what == 'w') {
                const auto appender = store->appender();
                const auto added = appender->append(0, Labels{{"__name__", "other"}},
                                                    {options.clock->now(), {}, 2, nullptr});
                reply = added && appender->commit() ? "" : "not written";
            } else {
                store.reset();
            }
            reply.push_back('\n');
            if (::write(out, reply.data(), reply.size()) < 0) {
                break;
            }
        }
        ::_exit(0);
    }
    std::string ask(char what)
    {
        std::string reply;
        if (::write(m_ask, &what, 1) == 1) {
            for (char c = 0; ::read(m_answer, &c, 1) == 1 && c != '\n';) {
                reply.push_back(c);
            }
        }
        return reply;
    }

    pid_t m_child = 0;
    int m_ask = -1;
    int m_answer = -1;
};

} // namespace

class TestReadOnly : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    HandClock m_clock;
    OpenOptions m_options;

    std::filesystem::path file(const char* name) const { return m_options.directory / name; }

    /// A store with a series of one sample in the hand-off file and one in the tables.
    bool make() const
    {
        bool isDying = false;
        OpenOptions with = m_options;
        with.commitFault = [&] { return isDying ? EIO : 0; };
        const auto store = openStore(with);
        const auto appender = store->appender();
        for (int i = 0; i < 2; ++i) {
            const Labels labels{{"__name__", "metric"}, {"n", std::to_string(i)}};
            if (!appender->append(0, labels, {m_clock.now(), {}, 1, nullptr}) || !appender->commit()
                || (i == 0 && !store->commitNow())) {
                return false;
            }
            isDying = true;
        }
        return true;
    }

    /// As somebody who may not write there: another user, or the owner once the modes forbid it.
    void shut() const
    {
        using std::filesystem::perms;
        std::filesystem::permissions(m_dir->path().toStdString(), perms(0755));
        for (const char* const name : {"store.mdb", "store.mdb-lock", "store.lock", "handoff"}) {
            if (std::filesystem::exists(file(name))) {
                std::filesystem::permissions(file(name), perms(0444));
            }
        }
        std::filesystem::permissions(m_options.directory, perms(0555));
    }
    void unshut() const
    {
        using std::filesystem::perms;
        std::error_code none;
        std::filesystem::permissions(m_options.directory, perms(0755), none);
        for (const auto& one : std::filesystem::directory_iterator(m_options.directory, none)) {
            std::filesystem::permissions(one, perms(0644), none);
        }
    }
    Result<std::unique_ptr<Store>> openAsReader(bool readOnly = true) const
    {
        const bool isRoot = ::geteuid() == 0; // to whom nothing is shut
        if (isRoot && ::seteuid(nobody) != 0) {
            return fail(ErrorKind::internal, "cannot be somebody else");
        }
        OpenOptions with = m_options;
        with.readOnly = readOnly;
        auto store = Store::open(with);
        if (isRoot && ::seteuid(0) != 0) {
            return fail(ErrorKind::internal, "cannot be root again");
        }
        return store;
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_options = byHand(*m_dir, m_clock);
        m_options.directory /= "store";
    }
    void cleanup() { unshut(); }

    void onAFileSystemMountedForReading()
    {
        if (::geteuid() != 0 || ::unshare(CLONE_NEWNS) != 0
            || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0
            || ::mount("tmpfs", qPrintable(m_dir->path()), "tmpfs", 0, "size=64m") != 0) {
            QSKIP("SKIPPED-LOUDLY: nothing can be mounted here");
        }
        const auto remount = [&](unsigned long flags) {
            return ::mount(nullptr, qPrintable(m_dir->path()), nullptr, MS_REMOUNT | flags, nullptr)
                == 0;
        };
        QVERIFY(make());
        const QByteArray before = hashOf(file("store.mdb"));
        QVERIFY(remount(MS_RDONLY));
        const auto written = Store::open(m_options);
        QVERIFY(!written);
        QCOMPARE(int(written.error().kind), int(ErrorKind::io));
        QVERIFY2(written.error().message.contains("Read-only file system"),
                 written.error().message.c_str());
        m_options.readOnly = true;
        {
            const auto read = Store::open(m_options);
            QVERIFY2(read, read ? "" : read.error().message.c_str());
            QCOMPARE(readAll(**read).size(), std::size_t(2));
            QCOMPARE(hashOf(file("store.mdb")), before);
        }
        QVERIFY(remount(0));
        QVERIFY(::umount2(qPrintable(m_dir->path()), MNT_DETACH) == 0);
    }

    void somebodyElses_data()
    {
        QTest::addColumn<QString>("missing"); // of its files
        QTest::newRow("as it was left") << QString();
        QTest::newRow("a copy without LMDB's lock file") << QStringLiteral("store.mdb-lock");
        QTest::newRow("a copy without the store's") << QStringLiteral("store.lock");
    }
    void somebodyElses()
    {
        QFETCH(QString, missing);
        QVERIFY(make());
        if (!missing.isEmpty()) {
            QVERIFY(std::filesystem::remove(file(missing.toUtf8().constData())));
        }
        const QByteArray before = hashOf(file("store.mdb"));
        const QByteArray handedOff = hashOf(file("handoff"));
        shut();
        const auto written = openAsReader(false);
        QVERIFY(!written);
        QCOMPARE(int(written.error().kind), int(ErrorKind::io));
        QVERIFY2(written.error().message.contains("Permission denied"),
                 written.error().message.c_str());
        {
            const auto read = openAsReader();
            QVERIFY2(read, read ? "" : read.error().message.c_str());
            QCOMPARE(readAll(**read).size(), std::size_t(2));
            QVERIFY((*read)->verify()->damage.empty());
            QVERIFY(!(*read)->commitNow());
            // A copy of it can be made, elsewhere.
            const QTemporaryDir copies;
            const auto copy = copies.filePath(QStringLiteral("copy")).toStdString();
            QVERIFY((*read)->snapshot(copy));
            OpenOptions there = m_options;
            there.directory = copy;
            const auto copied = openStore(there);
            QVERIFY(copied);
            QCOMPARE(readAll(*copied).size(), std::size_t(2));
        }
        QCOMPARE(hashOf(file("store.mdb")), before);
        QCOMPARE(hashOf(file("handoff")), handedOff);
    }

    void aFileThatMayNotBeRead()
    {
        QVERIFY(make());
        shut();
        std::filesystem::permissions(file("store.mdb"), std::filesystem::perms::none);
        const auto read = openAsReader();
        QVERIFY(!read);
        QCOMPARE(int(read.error().kind), int(ErrorKind::io));
        QVERIFY2(read.error().message.contains("Permission denied"), read.error().message.c_str());
    }

    void besideAWriter()
    {
        Writer writer(m_options);
        QVERIFY(make());
        QCOMPARE(writer.open(), std::string());
        QCOMPARE(writer.write(), std::string());
        {
            // Who may write to the lock file reads beside it.
            OpenOptions with = m_options;
            with.readOnly = true;
            const auto read = openStore(with);
            QVERIFY(read);
            QCOMPARE(readAll(*read).size(), std::size_t(3));
        }
        shut();
        const auto refused = openAsReader();
        QVERIFY(!refused);
        QCOMPARE(int(refused.error().kind), int(ErrorKind::conflict));
        for (const char* const words :
             {"is being written by another process", "store.mdb-lock", "Permission denied",
              "as a user who may write there", "--url", "snapshot"}) {
            QVERIFY2(refused.error().message.contains(words), refused.error().message.c_str());
        }
        // Once it has ended nobody else begins while it is read.
        writer.close();
        auto read = openAsReader();
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        unshut();
        const std::string kept = writer.open();
        QVERIFY2(kept.starts_with(std::to_string(int(ErrorKind::conflict))), kept.c_str());
        QVERIFY2(kept.contains("is being read by a process that may not write its lock file"),
                 kept.c_str());
        QCOMPARE(readAll(**read).size(), std::size_t(3));
        read = {};
        QCOMPARE(writer.open(), std::string());
        writer.close();
    }

    /// The file is another one then, and nobody reads it without a lock either.
    void besideAWriterThatMadeItSmaller()
    {
        QVERIFY(make());
        const auto store = openStore(m_options);
        QVERIFY(store);
        QVERIFY(store->compactNow() && store->compactNow());
        const int fd = ::open(file("store.mdb").c_str(), O_RDONLY | O_CLOEXEC);
        QVERIFY(fd >= 0);
        QVERIFY(::flock(fd, LOCK_SH | LOCK_NB) != 0);
        ::close(fd);
    }
};

QTEST_GUILESS_MAIN(TestReadOnly)
#include "tst_read_only.moc"
