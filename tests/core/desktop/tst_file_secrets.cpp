// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/file_secrets.h"

#include <future>
#include <sys/stat.h>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;

namespace {

Result<Secret> read(SecretStore& store, const std::string& key)
{
    std::promise<Result<Secret>> promise;
    const Ticket ticket = store.read(
        key, [&promise](Result<Secret> result) { promise.set_value(std::move(result)); });
    return promise.get_future().get();
}

Result<void> write(SecretStore& store, const std::string& key, const std::string& text)
{
    std::promise<Result<void>> promise;
    const Ticket ticket = store.write(key, Secret(text), [&promise](Result<void> result) {
        promise.set_value(std::move(result));
    });
    return promise.get_future().get();
}

} // namespace

class TestFileSecrets : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    QString m_file;
    std::unique_ptr<desktop::FileSecrets> m_store;

    void reopen()
    {
        m_store.reset();
        m_store = std::make_unique<desktop::FileSecrets>(m_file.toStdString());
    }
    QByteArray content() const
    {
        QFile file(m_file);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void overwrite(const QByteArray& text) const
    {
        QFile file(m_file);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        QCOMPARE(file.write(text), text.size());
    }
    unsigned mode() const
    {
        struct stat what{};
        return stat(m_file.toLocal8Bit().constData(), &what) == 0 ? what.st_mode & 0777U : 0;
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_file = m_dir->filePath(u"secrets.json"_s);
        reopen();
    }

    void keepsSecretsOverARestart()
    {
        QVERIFY(write(*m_store, "a", "one \"quoted\" \xC3\xB6\n").has_value());
        QVERIFY(write(*m_store, "b", "two").has_value());
        QVERIFY(write(*m_store, "jobs/küche/\"x\"", "three").has_value());
        reopen();
        QCOMPARE(read(*m_store, "a").value().reveal(), std::string("one \"quoted\" \xC3\xB6\n"));
        QCOMPARE(read(*m_store, "b").value().reveal(), std::string("two"));
        QCOMPARE(read(*m_store, "jobs/küche/\"x\"").value().reveal(), std::string("three"));
        QCOMPARE(mode(), 0600U);
        QCOMPARE(QDir(m_dir->path()).entryList(QDir::Files), QStringList{u"secrets.json"_s});
    }

    void replacesAndRemoves()
    {
        QVERIFY(write(*m_store, "a", "one").has_value());
        QVERIFY(write(*m_store, "a", "two").has_value());
        QCOMPARE(read(*m_store, "a").value().reveal(), std::string("two"));
        QVERIFY(write(*m_store, "a", "").has_value());
        QCOMPARE(read(*m_store, "a").error().kind, ErrorKind::notFound);
        QVERIFY(!content().contains("two"));
        QVERIFY(write(*m_store, "never", "").has_value());
    }

    void aMissingFileHoldsNothing()
    {
        const auto missing = read(*m_store, "a");
        QVERIFY(!missing);
        QCOMPARE(missing.error().kind, ErrorKind::notFound);
    }

    void closesTheFileToOthers()
    {
        QVERIFY(write(*m_store, "a", "one").has_value());
        QCOMPARE(chmod(m_file.toLocal8Bit().constData(), 0644), 0);
        QCOMPARE(read(*m_store, "a").value().reveal(), std::string("one"));
        QCOMPARE(mode(), 0600U);
    }

    void leavesAloneWhatItCannotRead_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("no JSON") << "mine"_ba;
        QTest::newRow("empty") << ""_ba;
        QTest::newRow("another version") << R"({"version":2,"secrets":{}})"_ba;
        QTest::newRow("no secrets") << R"({"version":1})"_ba;
        QTest::newRow("no text") << R"({"version":1,"secrets":{"a":1}})"_ba;
    }

    void leavesAloneWhatItCannotRead()
    {
        QFETCH(QByteArray, text);
        overwrite(text);
        QCOMPARE(read(*m_store, "a").error().kind, ErrorKind::corrupt);
        const auto written = write(*m_store, "a", "one");
        QVERIFY(!written);
        QCOMPARE(written.error().kind, ErrorKind::corrupt);
        QVERIFY(written.error().message.contains(m_file.toStdString()));
        QCOMPARE(content(), text);
    }

    void aWriteThatWasCutOffIsNoMatter()
    {
        QVERIFY(write(*m_store, "a", "one").has_value());
        QFile rest(m_file + u".new"_s);
        QVERIFY(rest.open(QIODevice::WriteOnly));
        rest.write("{");
        rest.close();
        QCOMPARE(read(*m_store, "a").value().reveal(), std::string("one"));
        QVERIFY(write(*m_store, "b", "two").has_value());
        QCOMPARE(read(*m_store, "b").value().reveal(), std::string("two"));
    }

    void saysWhyItCannotWrite()
    {
        desktop::FileSecrets nowhere("/does/not/exist/secrets.json");
        const auto written = write(nowhere, "a", "hunter2");
        QVERIFY(!written);
        QCOMPARE(written.error().kind, ErrorKind::io);
        QVERIFY2(written.error().message.contains("/does/not/exist"),
                 written.error().message.c_str());
        QVERIFY(!written.error().message.contains("hunter2"));
    }

    void refusesWhatIsNoText()
    {
        const auto written = write(*m_store, "a", "\xFF\xFE");
        QVERIFY(!written);
        QCOMPARE(written.error().kind, ErrorKind::invalid);
        QVERIFY(content().isEmpty());
    }

    void saysPlainlyWhereSecretsAre()
    {
        QVERIFY(!m_store->isProtected());
        QVERIFY(m_store->place().contains(m_file.toStdString()));
        QVERIFY(m_store->place().contains("not encrypted"));
    }
};

QTEST_GUILESS_MAIN(TestFileSecrets)
#include "tst_file_secrets.moc"
