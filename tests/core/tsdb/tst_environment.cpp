// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/environment.h"
#include "core/tsdb/store.h"

#include <filesystem>
#include <fstream>
#include <lmdb.h>
#include <thread>
#include <unistd.h>

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;
using namespace watchfire::tsdb;
using namespace Qt::StringLiterals;

namespace {

QByteArray hashOf(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    return QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha256);
}

} // namespace

class TestEnvironment : public QObject {
    Q_OBJECT

private slots:
    void windowsOfTime_data()
    {
        QTest::addColumn<qint64>("ms");
        QTest::addColumn<quint32>("window");
        const quint32 middle = 1U << 31;
        QTest::newRow("the epoch") << qint64(0) << middle;
        QTest::newRow("the last moment of the first window") << qint64(windowMs - 1) << middle;
        QTest::newRow("the second window") << qint64(windowMs) << middle + 1;
        QTest::newRow("before 1970 rounds down") << qint64(-1) << middle - 1;
        QTest::newRow("a whole window before") << qint64(-windowMs) << middle - 1;
        QTest::newRow("and one more ms") << qint64(-windowMs - 1) << middle - 2;
        QTest::newRow("as early as it gets") << std::numeric_limits<qint64>::min() << quint32(0);
        QTest::newRow("as late as it gets") << std::numeric_limits<qint64>::max() << ~quint32(0);
    }
    void windowsOfTime()
    {
        QFETCH(qint64, ms);
        QFETCH(quint32, window);
        QCOMPARE(windowOf(ms), window);
    }

    void aNewStoreIsStampedAndKeepsItsId()
    {
        const QTemporaryDir dir;
        StoreId id{};
        {
            const auto made = Environment::open({dir.path().toStdString() + "/a/b", false, 0, {}});
            QVERIFY(made);
            id = (*made)->id();
            QVERIFY(id != StoreId{});
        }
        const auto again = Environment::open({dir.path().toStdString() + "/a/b", false, 0, {}});
        QVERIFY(again);
        QVERIFY((*again)->id() == id);
    }

    void aNewerFormatIsRefusedUntouched()
    {
        const QTemporaryDir dir;
        const std::string path = dir.path().toStdString();
        {
            auto made = Environment::open({path, false, 0, {}});
            QVERIFY(made);
            auto txn = (*made)->write();
            QVERIFY(txn);
            Bytes format;
            ByteWriter writer(format);
            writer.le(std::uint16_t{3});
            writer.le(std::uint16_t{0});
            txn->put(Table::meta, asBytes("format"), format);
            txn->commit();
            QVERIFY(txn->ok());
        }
        const QByteArray before = hashOf(dir.filePath(QStringLiteral("store.mdb")));
        OpenOptions options;
        options.directory = path;
        for (const bool readOnly : {false, true}) {
            options.readOnly = readOnly;
            const auto refused = Store::open(options);
            QVERIFY(!refused);
            QCOMPARE(int(refused.error().kind), int(ErrorKind::unsupported));
            QVERIFY2(refused.error().message.contains(path + "/store.mdb"),
                     refused.error().message.c_str());
            QVERIFY(refused.error().message.contains("format 3.0"));
        }
        QCOMPARE(hashOf(dir.filePath(QStringLiteral("store.mdb"))), before);
        QVERIFY(!QFile::exists(dir.filePath(QStringLiteral("handoff"))));
    }

    void networkFileSystemsAreRefused_data()
    {
        QTest::addColumn<quint64>("kind");
        QTest::addColumn<QByteArray>("mount"); // its type
        QTest::addColumn<QString>("named");
        const quint64 fuse = 0x65735546;
        QTest::newRow("NFS") << quint64(0x6969) << "nfs4"_ba << QStringLiteral("(NFS)");
        QTest::newRow("SMB") << quint64(0xFE534D42) << "cifs"_ba << QStringLiteral("(SMB)");
        QTest::newRow("ext4 is none") << quint64(0xEF53) << "ext4"_ba << QString();
        QTest::newRow("SSH by FUSE") << fuse << "fuse.sshfs"_ba << QStringLiteral("(fuse.sshfs)");
        QTest::newRow("Gluster by FUSE")
            << fuse << "fuse.glusterfs"_ba << QStringLiteral("(fuse.glusterfs)");
        QTest::newRow("NTFS by FUSE is a disk") << fuse << "fuseblk"_ba << QString();
        QTest::newRow("an encrypted folder by FUSE") << fuse << "fuse.gocryptfs"_ba << QString();
        QTest::newRow("what FUSE does not tell") << fuse << "fuse"_ba << QString();
    }

    void networkFileSystemsAreRefused()
    {
        QFETCH(quint64, kind);
        QFETCH(QByteArray, mount);
        QFETCH(QString, named);
        const QTemporaryDir dir;
        EnvironmentOptions options;
        options.directory = dir.path().toStdString();
        options.fileSystem = [kind] { return kind; };
        options.mountType = [mount] { return mount.toStdString(); };
        const auto opened = Environment::open(options);
        QCOMPARE(opened.has_value(), named.isEmpty());
        if (!opened) {
            QCOMPARE(opened.error().kind, ErrorKind::unsupported);
            QVERIFY2(QString::fromStdString(opened.error().message).contains(named),
                     opened.error().message.c_str());
            QVERIFY(QDir(dir.path()).isEmpty());
        }
    }

    void aHigherMinorFormatIsRead()
    {
        const QTemporaryDir dir;
        const std::string path = dir.path().toStdString();
        {
            auto made = Environment::open({path, false, 0, {}});
            QVERIFY(made);
            auto txn = (*made)->write();
            Bytes format;
            ByteWriter writer(format);
            writer.le(std::uint16_t{2});
            writer.le(std::uint16_t{9});
            txn->put(Table::meta, asBytes("format"), format);
            txn->commit();
        }
        QVERIFY(Environment::open({path, false, 0, {}}));
    }

    void whatIsNoStoreIsRefused_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("kind");
        QTest::newRow("text") << QByteArray(20'000, 'x') << int(ErrorKind::corrupt);
        QTest::newRow("a few bytes") << QByteArray("hello") << int(ErrorKind::corrupt);
    }
    void whatIsNoStoreIsRefused()
    {
        QFETCH(QByteArray, content);
        QFETCH(int, kind);
        const QTemporaryDir dir;
        {
            std::ofstream file(dir.path().toStdString() + "/store.mdb");
            file.write(content.constData(), content.size());
        }
        const auto refused = Environment::open({dir.path().toStdString(), false, 0, {}});
        QVERIFY(!refused);
        QCOMPARE(int(refused.error().kind), kind);
        QVERIFY(refused.error().message.contains(dir.path().toStdString()));
    }

    void aStrangersLmdbFileIsRefused()
    {
        const QTemporaryDir dir;
        MDB_env* env = nullptr;
        mdb_env_create(&env);
        QCOMPARE(mdb_env_open(env, (dir.path().toStdString() + "/store.mdb").c_str(), MDB_NOSUBDIR,
                              0644),
                 0);
        MDB_txn* txn = nullptr;
        mdb_txn_begin(env, nullptr, 0, &txn);
        MDB_dbi dbi = 0;
        mdb_dbi_open(txn, nullptr, 0, &dbi);
        MDB_val key{3, const_cast<char*>("abc")};
        mdb_put(txn, dbi, &key, &key, 0);
        QCOMPARE(mdb_txn_commit(txn), 0);
        mdb_env_close(env);
        const auto refused = Environment::open({dir.path().toStdString(), false, 0, {}});
        QVERIFY(!refused);
        QCOMPARE(int(refused.error().kind), int(ErrorKind::corrupt));
    }

    void aSecondOpeningIsRefused()
    {
        const QTemporaryDir dir;
        OpenOptions options;
        options.directory = dir.path().toStdString();
        const auto first = Store::open(options);
        QVERIFY(first);
        for (const bool readOnly : {false, true}) { // in one process neither may be
            options.readOnly = readOnly;
            const auto second = Store::open(options);
            QVERIFY(!second);
            QCOMPARE(int(second.error().kind), int(ErrorKind::conflict));
        }
    }

    void nothingToRead()
    {
        const QTemporaryDir dir;
        OpenOptions options;
        options.directory = dir.path().toStdString() + "/nowhere";
        options.readOnly = true;
        const auto missing = Store::open(options);
        QVERIFY(!missing);
        QCOMPARE(int(missing.error().kind), int(ErrorKind::notFound));
        QVERIFY(!std::filesystem::exists(options.directory));
    }

    void aDirectoryThatCannotBeUsed()
    {
        const QTemporaryDir dir;
        OpenOptions options;
        {
            std::ofstream file(dir.path().toStdString() + "/file");
            file << "not a directory";
        }
        options.directory = dir.path().toStdString() + "/file";
        const auto blocked = Store::open(options);
        QVERIFY(!blocked);
        QCOMPARE(int(blocked.error().kind), int(ErrorKind::io));
        QVERIFY(blocked.error().message.contains(options.directory.string()));

        std::filesystem::create_directory(dir.path().toStdString() + "/shut");
        std::filesystem::permissions(dir.path().toStdString() + "/shut",
                                     std::filesystem::perms::none);
        options.directory = dir.path().toStdString() + "/shut";
        const bool isRoot = ::geteuid() == 0;
        if (isRoot) { // to whom nothing is shut
            QCOMPARE(::seteuid(65534), 0);
        }
        const auto shut = Store::open(options);
        if (isRoot) {
            QCOMPARE(::seteuid(0), 0);
        }
        std::filesystem::permissions(options.directory, std::filesystem::perms::owner_all);
        QVERIFY(!shut);
        QCOMPARE(int(shut.error().kind), int(ErrorKind::io));
        QVERIFY2(shut.error().message.contains("Permission denied"), shut.error().message.c_str());
    }

    void theMapGrowsUnderReaders()
    {
        const QTemporaryDir dir;
        auto opened = Environment::open({dir.path().toStdString(), false, 1 << 20, {}});
        QVERIFY(opened);
        Environment& environment = **opened;
        std::atomic<bool> stops{false};
        std::atomic<int> reads{0};
        std::jthread reader([&] {
            while (!stops) {
                auto txn = environment.read();
                if (txn && txn->get(Table::meta, asBytes("uuid"))) {
                    ++reads;
                }
            }
        });
        const Bytes value(100'000, 7);
        int grown = 0;
        for (std::uint32_t i = 0; i < 100; ++i) {
            for (;;) {
                auto txn = environment.write();
                QVERIFY(txn);
                txn->put(Table::strips, Key().be32(i), value);
                txn->commit();
                if (!txn->isMapFull()) {
                    QVERIFY(txn->ok());
                    break;
                }
                txn->abort();
                QVERIFY(environment.grow({}));
                ++grown;
            }
        }
        stops = true;
        reader.join();
        QVERIFY(grown >= 3);
        QVERIFY(reads > 0);
        auto txn = environment.read();
        QVERIFY(txn);
        QCOMPARE(txn->entries(Table::strips), std::uint64_t(100));
        QVERIFY(environment.size().mapBytes >= std::uint64_t{8} << 20);
    }

    void cursorsFindTheirWay()
    {
        const QTemporaryDir dir;
        auto environment = Environment::open({dir.path().toStdString(), false, 0, {}});
        QVERIFY(environment);
        auto txn = (*environment)->write();
        QVERIFY(txn);
        for (const std::uint32_t number : {2U, 4U, 6U}) {
            txn->put(Table::strips, Key().be32(number), asBytes("x"));
        }
        {
            Cursor cursor(*txn, Table::strips);
            QVERIFY(cursor.seek(Key().be32(3)));
            QCOMPARE(be32At(cursor.key(), 0), 4U);
            QVERIFY(cursor.seekBefore(Key().be32(4)));
            QCOMPARE(be32At(cursor.key(), 0), 2U);
            QVERIFY(!cursor.seekBefore(Key().be32(2)));
            QVERIFY(cursor.seekBefore(Key().be32(9)));
            QCOMPARE(be32At(cursor.key(), 0), 6U);
            QVERIFY(!cursor.seek(Key().be32(7)));
            QVERIFY(!cursor.find(Key().be32(5)));
            QVERIFY(cursor.ok());
        }
        txn->abort();
    }
};

QTEST_GUILESS_MAIN(TestEnvironment)
#include "tst_environment.moc"
