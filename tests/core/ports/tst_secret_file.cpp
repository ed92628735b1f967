// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ports/http.h"
#include "core/ports/secret_file.h"

#include <sys/stat.h>

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;

class TestSecretFile : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;

    std::string write(const QString& name, const QByteArray& text)
    {
        QFile file(m_dir.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) {
            qFatal("cannot write a test file");
        }
        return file.fileName().toStdString();
    }

private slots:
    void trimsWhatIsAround_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("secret");
        QTest::newRow("as editors leave it") << "tok\n"_ba << "tok"_ba;
        QTest::newRow("from Windows") << " tok\r\n"_ba << "tok"_ba;
        QTest::newRow("space within") << "a b"_ba << "a b"_ba;
        QTest::newRow("empty") << ""_ba << ""_ba;
        QTest::newRow("only space") << " \n\t\n"_ba << ""_ba;
        QTest::newRow("longer than one read") << QByteArray(10'000, 'x') << QByteArray(10'000, 'x');
    }

    void trimsWhatIsAround()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, secret);
        const auto read = readSecretFile(write(u"token"_s, text));
        QVERIFY2(read.has_value(), read ? "" : read.error().message.c_str());
        QCOMPARE(QByteArray::fromStdString(*read), secret);
    }

    void saysWhatIsWrong()
    {
        const std::string missing = m_dir.filePath(u"missing"_s).toStdString();
        auto read = readSecretFile(missing);
        QVERIFY(!read && read.error().kind == ErrorKind::notFound);
        QVERIFY(read.error().message.contains(missing));

        read = readSecretFile(m_dir.path().toStdString());
        QVERIFY(!read && read.error().kind == ErrorKind::invalid);

        read = readSecretFile(write(u"large"_s, QByteArray((1 << 20) + 1, 'x')));
        QVERIFY(!read && read.error().kind == ErrorKind::invalid);
    }

    void aPipeHoldsNobodyUp()
    {
        const std::string pipe = m_dir.filePath(u"pipe"_s).toStdString();
        QCOMPARE(mkfifo(pipe.c_str(), 0600), 0);
        const auto read = readSecretFile(pipe);
        QVERIFY(!read && read.error().kind == ErrorKind::invalid);
    }

    void headersComeFromAllTheirSources()
    {
        const std::string file = write(u"header"_s, "third\n");
        const auto headers = resolveHeaders(
            {{"X-A", {"first"}, {Secret("second")}, {file}}, {"X-B", {""}, {}, {}}});
        QVERIFY(headers.has_value());
        QCOMPARE(*headers,
                 (HttpHeaders{{"X-A", "first"}, {"X-A", "second"}, {"X-A", "third"}, {"X-B", ""}}));
        const auto broken = resolveHeaders({{"X-A", {}, {}, {"/does/not/exist"}}});
        QVERIFY(!broken && broken.error().message.contains("/does/not/exist"));
    }
};

QTEST_GUILESS_MAIN(TestSecretFile)
#include "tst_secret_file.moc"
