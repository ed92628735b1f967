// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/file_secrets.h"
#include "core/desktop/keyring_secrets.h"
#include "core/desktop/secret_stores.h"
#include "tests/support/fake_secrets.h"

#include <mutex>
#include <optional>

#include <QLibrary>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace watchfire;

namespace {

// The bus and its server are other processes, and the machine may be busy.
constexpr int patience = 60'000;

/// A reply that comes on another thread, while this one handles the events of the service.
template <class T> class Awaited {
public:
    Reply<T> reply()
    {
        return [slot = m_slot](Result<T> result) {
            const std::lock_guard lock(slot->mutex);
            slot->result = std::move(result);
        };
    }
    Result<T> get()
    {
        const auto isThere = [this] {
            const std::lock_guard lock(m_slot->mutex);
            return m_slot->result.has_value();
        };
        if (!QTest::qWaitFor(isThere, patience)) {
            return fail(ErrorKind::internal, "no reply came");
        }
        return *m_slot->result;
    }

private:
    struct Slot {
        std::mutex mutex;
        std::optional<Result<T>> result;
    };
    std::shared_ptr<Slot> m_slot = std::make_shared<Slot>();
};

Result<Secret> read(SecretStore& store, const std::string& key)
{
    Awaited<Secret> awaited;
    const Ticket ticket = store.read(key, awaited.reply());
    return awaited.get();
}

Result<void> write(SecretStore& store, const std::string& key, const std::string& text)
{
    Awaited<void> awaited;
    const Ticket ticket = store.write(key, Secret(text), awaited.reply());
    return awaited.get();
}

} // namespace

/// One store at a time, always on the same thread's queue (see KeyringSecrets), so the tests of
/// the keyring share one.
class TestKeyringSecrets : public QObject {
    Q_OBJECT

    std::unique_ptr<tests::FakeSecrets> m_server;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<SecretStore> m_keyring;

    std::filesystem::path file() const { return m_dir->filePath(u"secrets.json"_s).toStdString(); }

private slots:
    void initTestCase()
    {
        if (!QLibrary(u"secret-1"_s, 0).load()) {
            QSKIP(
                "SKIPPED-LOUDLY: libsecret, which QtKeychain speaks to keyrings with, is not here");
        }
        m_dir = std::make_unique<QTemporaryDir>();
        // Without a keyring, a file; and it says so.
        auto store
            = desktop::openSecrets(QDBusConnection::sessionBus(), u"Watchfire test"_s, file());
        QVERIFY(!store->isProtected());
        QVERIFY2(store->place().contains("not encrypted"), store->place().c_str());
        QVERIFY(write(*store, "from-before", "old").has_value());

        m_server = std::make_unique<tests::FakeSecrets>();
        QVERIFY(m_server->start());
        QVERIFY(desktop::KeyringSecrets::isThere(QDBusConnection::sessionBus()));
        m_keyring
            = desktop::openSecrets(QDBusConnection::sessionBus(), u"Watchfire test"_s, file());
        QVERIFY(m_keyring->isProtected());
    }
    void cleanupTestCase()
    {
        m_keyring.reset();
        if (m_server) {
            m_server->stop();
        }
    }
    void init()
    {
        m_server->items.clear();
        m_server->isLocked = false;
        m_server->isSilent = false;
    }

    void keepsASecret()
    {
        const auto written = write(*m_keyring, "job/node", "pass wörd");
        QVERIFY2(written.has_value(), written ? "" : written.error().message.c_str());
        QCOMPARE(m_server->items.size(), 1);
        QCOMPARE(m_server->items.first().value, "pass w\xC3\xB6rd"_ba);
        QVERIFY(m_server->items.first().attributes.values().contains(u"Watchfire test"_s));
        const auto back = read(*m_keyring, "job/node");
        QVERIFY2(back.has_value(), back ? "" : back.error().message.c_str());
        QCOMPARE(back->reveal(), std::string("pass wörd"));
    }

    void replacesASecret()
    {
        QVERIFY(write(*m_keyring, "key", "one").has_value());
        QVERIFY(write(*m_keyring, "key", "two").has_value());
        QVERIFY(write(*m_keyring, "other", "three").has_value());
        QCOMPARE(m_server->items.size(), 2);
        QCOMPARE(read(*m_keyring, "key").value().reveal(), std::string("two"));
    }

    void removesASecret()
    {
        QVERIFY(write(*m_keyring, "key", "one").has_value());
        const auto removed = write(*m_keyring, "key", "");
        QVERIFY2(removed.has_value(), removed ? "" : removed.error().message.c_str());
        QVERIFY(m_server->items.isEmpty());
        QVERIFY(write(*m_keyring, "key", "").has_value()); // it is gone, as asked
        const auto missing = read(*m_keyring, "key");
        QVERIFY(!missing);
        QCOMPARE(missing.error().kind, ErrorKind::notFound);
        QVERIFY(missing.error().message.contains("key"));
    }

    void findsWhatTheFileHadBefore()
    {
        QCOMPARE(read(*m_keyring, "from-before").value().reveal(), std::string("old"));
        QVERIFY(write(*m_keyring, "from-before", "new").has_value());
        QCOMPARE(read(*m_keyring, "from-before").value().reveal(), std::string("new"));
        // It left the file, where others could read it.
        desktop::FileSecrets store(file());
        QCOMPARE(read(store, "from-before").error().kind, ErrorKind::notFound);
    }

    void tellsOfALockedKeyring()
    {
        QVERIFY(write(*m_keyring, "key", "one").has_value());
        m_server->isLocked = true;
        const auto locked = read(*m_keyring, "key");
        QVERIFY(!locked);
        QVERIFY2(!locked.error().message.contains("one"), locked.error().message.c_str());
    }

    void aDroppedTicketGetsNoReply()
    {
        std::atomic<bool> replied = false;
        {
            const int before = m_server->asked;
            m_server->isSilent = true;
            const Ticket ticket
                = m_keyring->read("key", [&replied](const Result<Secret>&) { replied = true; });
            QTRY_VERIFY_WITH_TIMEOUT(m_server->asked > before, patience);
        }
        m_keyring.reset(); // whatever was to be told is told by then
        QVERIFY(!replied);
    }
};

QTEST_GUILESS_MAIN(TestKeyringSecrets)
#include "tst_keyring_secrets.moc"
