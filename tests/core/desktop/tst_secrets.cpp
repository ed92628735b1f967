// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/file_secrets.h"
#include "core/desktop/keyring_secrets.h"
#include "tests/support/qt_test.h"

#include <future>
#include <memory>

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

using namespace watchfire;
using namespace watchfire::desktop;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestSecrets : public QObject {
    Q_OBJECT

    static Result<Secret> read(SecretStore& store, const std::string& key)
    {
        auto promise = std::make_shared<std::promise<Result<Secret>>>();
        auto answer = promise->get_future();
        const Ticket ticket
            = store.read(key, [promise](auto result) { promise->set_value(std::move(result)); });
        return answer.wait_for(20s) == std::future_status::ready
            ? answer.get()
            : Result<Secret>(fail(ErrorKind::timeout, "no answer"));
    }
    static Result<void> write(SecretStore& store, const std::string& key, const char* secret)
    {
        auto promise = std::make_shared<std::promise<Result<void>>>();
        auto answer = promise->get_future();
        const Ticket ticket = store.write(
            key, Secret(secret), [promise](auto result) { promise->set_value(std::move(result)); });
        return answer.wait_for(20s) == std::future_status::ready
            ? answer.get()
            : Result<void>(fail(ErrorKind::timeout, "no answer"));
    }

private slots:
    void aFileKeepsThemForItsOwner()
    {
        const QTemporaryDir dir;
        const QString path = dir.filePath(u"secrets.json"_s);
        {
            FileSecrets store(path);
            QCOMPARE(read(store, "a").error().kind, ErrorKind::notFound);
            QVERIFY(write(store, "a", "hush"));
            QVERIFY(write(store, "watchfire/küche/\"x\"", "ö\n\""));
            QVERIFY(!store.isProtected());
            QVERIFY(store.place().contains("not encrypted"));
        }
        FileSecrets again(path);
        QCOMPARE(read(again, "a")->reveal(), "hush");
        QCOMPARE(read(again, "watchfire/küche/\"x\"")->reveal(), "ö\n\"");
        QVERIFY(write(again, "a", "new"));
        QCOMPARE(read(again, "a")->reveal(), "new");
        QVERIFY(write(again, "a", ""));
        QCOMPARE(read(again, "a").error().kind, ErrorKind::notFound);
        QVERIFY(write(again, "a", "")); // what is not there can go
        const auto others = QFileDevice::ReadGroup | QFileDevice::WriteGroup
            | QFileDevice::ReadOther | QFileDevice::WriteOther;
        QVERIFY(!(QFileInfo(path).permissions() & others));
    }

    void aFileThatIsNoneIsLeftAlone()
    {
        const QTemporaryDir dir;
        const QString path = dir.filePath(u"secrets.json"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("not JSON");
        file.close();
        FileSecrets store(path);
        for (const Error& error : {read(store, "a").error(), write(store, "a", "x").error()}) {
            QCOMPARE(error.kind, ErrorKind::io);
            QVERIFY(error.message.contains("secrets.json"));
        }
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), "not JSON"_ba);
    }

    void aFolderThatCannotBeWrittenIsNamed()
    {
        FileSecrets store(u"/nowhere/secrets.json"_s);
        const auto written = write(store, "a", "x");
        QVERIFY(!written && written.error().message.contains("/nowhere/secrets.json"));
    }

    /// This bus has no secret service.
    void aDesktopWithoutKeyringSaysSo()
    {
        QVERIFY(!KeyringSecrets::isAvailable());
        KeyringSecrets store(u"Watchfire test"_s);
        QVERIFY(store.isProtected());
        const auto got = read(store, "a");
        QVERIFY(!got);
        QVERIFY2(got.error().kind != ErrorKind::timeout, got.error().message.c_str());
        QVERIFY(!write(store, "a", "x"));
    }
};

QTEST_GUILESS_MAIN(TestSecrets)
#include "tst_secrets.moc"
