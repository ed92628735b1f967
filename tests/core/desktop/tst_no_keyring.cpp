// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/keyring_secrets.h"
#include "core/desktop/secret_stores.h"
#include "tests/support/fake_secrets.h"

#include <chrono>
#include <future>
#include <memory>

#include <QDBusConnection>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace watchfire;

namespace {

template <class T> Result<T> awaited(std::future<Result<T>> answer)
{
    return answer.wait_for(60s) == std::future_status::ready
        ? answer.get()
        : Result<T>(fail(ErrorKind::internal, "no reply came"));
}

Result<Secret> read(SecretStore& store, const std::string& key)
{
    auto promise = std::make_shared<std::promise<Result<Secret>>>();
    const Ticket ticket = store.read(
        key, [promise](Result<Secret> result) { promise->set_value(std::move(result)); });
    return awaited(promise->get_future());
}

Result<void> write(SecretStore& store, const std::string& key, const std::string& text)
{
    auto promise = std::make_shared<std::promise<Result<void>>>();
    const Ticket ticket = store.write(key, Secret(text), [promise](Result<void> result) {
        promise->set_value(std::move(result));
    });
    return awaited(promise->get_future());
}

} // namespace

/// The bus of this test has no secret service of its own, and none can be started. One keyring
/// for all tests (see KeyringSecrets).
class TestNoKeyring : public QObject {
    Q_OBJECT

    desktop::KeyringSecrets m_keyring{u"Watchfire test"_s, 300ms};

private slots:
    void aFileTakesItsPlace()
    {
        const QTemporaryDir dir;
        QVERIFY(!desktop::KeyringSecrets::isThere(QDBusConnection::sessionBus()));
        const auto store = desktop::openSecrets(QDBusConnection::sessionBus(), u"Watchfire test"_s,
                                                dir.filePath(u"secrets.json"_s).toStdString());
        QVERIFY(!store->isProtected());
        QVERIFY2(store->place().contains("not encrypted"), store->place().c_str());
        QVERIFY(write(*store, "a", "one").has_value());
        QCOMPARE(read(*store, "a").value().reveal(), std::string("one"));
    }

    void aKeyringThatWentSaysSo()
    {
        const auto got = read(m_keyring, "a");
        QVERIFY(!got);
        QVERIFY2(got.error().message.contains("keyring"), got.error().message.c_str());
        const auto written = write(m_keyring, "a", "hunter2");
        QVERIFY(!written);
        QVERIFY2(written.error().message.contains("keyring"), written.error().message.c_str());
        QVERIFY(!written.error().message.contains("hunter2"));
    }

    void oneThatSaysNothingIsGivenUp()
    {
        tests::FakeSecrets server;
        server.isSilent = true;
        QVERIFY(server.start());
        const auto got = read(m_keyring, "a");
        server.stop();
        QVERIFY(!got);
        QCOMPARE(got.error().kind, ErrorKind::unavailable);
    }
};

QTEST_GUILESS_MAIN(TestNoKeyring)
#include "tst_no_keyring.moc"
