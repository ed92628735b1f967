// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition.h"
#include "app/start_failure.h"
#include "core/ports/desktop.h"
#include "tests/support/program/child.h"
#include "tests/support/qt_test.h"

#include <csignal>
#include <memory>
#include <optional>
#include <unistd.h>

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QMessageBox>
#include <QPushButton>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTimer>

using namespace watchfire;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int patienceMs = 20'000;

struct NoNotifier final : Notifier {
    void show(const Notification&) override { }
    void withdraw(std::string_view) override { }
};

/// Files are another user's for so long, where this one is root and could read them all.
class Powerless {
public:
    Powerless()
        : m_root(::geteuid() == 0)
    {
        if (m_root) {
            ok = ::seteuid(65534) == 0;
        }
    }
    ~Powerless()
    {
        if (m_root && ::seteuid(0) != 0) {
            ::_exit(1);
        }
    }
    bool ok = true;

private:
    bool m_root;
};

} // namespace

/// Somebody with a window and no terminal learns why the program does not start.
class TestStartFailure : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;

    QString profile() const { return m_dir->filePath(u"profile"_s); }
    void makeFile() const
    {
        QFile file(profile());
        QVERIFY(file.open(QIODevice::WriteOnly));
    }

private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void cleanup()
    {
        QFile::setPermissions(profile(),
                              QFile::ReadOwner | QFile::WriteOwner
                                  | QFile::ExeOwner); // or it cannot be removed
        m_dir.reset();
    }

    void namesFolderAndReason_data()
    {
        QTest::addColumn<bool>("isFile");
        QTest::addColumn<QString>("reason");
        QTest::newRow("the profile is a file") << true << u"Not a directory"_s;
        QTest::newRow("the profile may not be read") << false << u"Permission denied"_s;
    }
    void namesFolderAndReason()
    {
        QFETCH(bool, isFile);
        QFETCH(QString, reason);
        if (isFile) {
            makeFile();
        } else {
            QVERIFY(QDir().mkpath(profile()));
            QVERIFY(QFile::setPermissions(profile(), {}));
        }
        app::Options options;
        options.profile = profile().toStdString();
        NoNotifier notifier;
        Error error;
        {
            const auto powerless = isFile ? nullptr : std::make_unique<Powerless>();
            QVERIFY(powerless == nullptr || powerless->ok);
            auto built = app::Composition::build(options, app::Paths::of(options.profile), notifier,
                                                 [] { });
            QVERIFY(!built);
            error = built.error();
        }

        QString said;
        QTimer look;
        connect(&look, &QTimer::timeout, this, [&said] {
            auto* const box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            if (box != nullptr && box->isVisible()) {
                said = box->text() + u'\n' + box->informativeText();
                QTest::mouseClick(box->button(QMessageBox::Ok), Qt::LeftButton);
            }
        });
        look.start(10);
        app::showStartFailure(error); // returns: the button ends it
        QVERIFY2(said.startsWith(u"Watchfire cannot start."_s), qPrintable(said));
        QVERIFY2(said.contains(profile()), qPrintable(said));
        QVERIFY2(said.contains(reason), qPrintable(said));
    }

    /// The program itself shows it and waits; told to end, it does, and says that it failed.
    void theProgramWaitsUntilItIsRead()
    {
        makeFile();
        Child child;
        QVERIFY(child.start(QCoreApplication::applicationDirPath() + u"/watchfire"_s,
                            {u"--no-first-run"_s, u"--profile"_s, profile()}));
        QVERIFY2(!child
                      .waitFor(u"watchfire: cannot make the folder (%1)"_s.arg(
                                   QRegularExpression::escape(profile())),
                               patienceMs)
                      .isEmpty(),
                 child.output().constData());
        QVERIFY2(!child.exitCode(500), "it ended before anybody could read it");
        child.signal(SIGTERM);
        QCOMPARE(child.exitCode(patienceMs), std::optional(1));
    }
};

QTEST_MAIN(TestStartFailure)
#include "tst_start_failure.moc"
