// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/store.h"
#include "tests/core/tsdb/store_reading.h"
#include "tests/support/program/loopback.h"
#include "tests/support/program/program.h"

#include <csignal>
#include <fcntl.h>
#include <format>
#include <memory>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QRegularExpression>
#include <QTemporaryDir>

using namespace watchfire;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int patienceMs = 30'000;

/// Where a small file system may be mounted that only this process sees; set before threads are.
bool ownMounts = false;

bool writeAll(const char* path, const std::string& text)
{
    const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
    const bool written = fd >= 0 && ::write(fd, text.data(), text.size()) == ssize_t(text.size());
    ::close(fd);
    return written;
}

/// As root, or as a user where the kernel lets users have name spaces.
bool enterOwnMounts()
{
    const ::uid_t user = ::geteuid();
    const ::gid_t group = ::getegid();
    if (user == 0 ? ::unshare(CLONE_NEWNS) != 0 : ::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) {
        return false;
    }
    if (user != 0
        && !(writeAll("/proc/self/setgroups", "deny")
             && writeAll("/proc/self/uid_map", std::format("0 {} 1", user))
             && writeAll("/proc/self/gid_map", std::format("0 {} 1", group)))) {
        return false;
    }
    return ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

/// A place for a profile that can be filled and emptied.
struct Disk {
    virtual ~Disk() = default;
    virtual QString profile() const = 0;
    virtual bool fill() = 0;
    virtual void empty() = 0;
};

/// A real file system of 40 MiB; the hand-off file takes 16 of them.
struct SmallDisk final : Disk {
    SmallDisk()
        : mounted(dir.isValid()
                  && ::mount("tmpfs", qPrintable(dir.path()), "tmpfs", 0, "size=40m") == 0)
    {
    }
    ~SmallDisk() override
    {
        if (mounted) {
            ::umount2(qPrintable(dir.path()), MNT_DETACH);
        }
    }
    QString profile() const override { return dir.filePath(u"profile"_s); }
    bool fill() override
    {
        QFile file(dir.filePath(u"filler"_s));
        if (!file.open(QIODevice::WriteOnly | QIODevice::Unbuffered)) {
            return false;
        }
        const QByteArray block(64 * 1024, 'x');
        while (file.write(block) == block.size()) { }
        while (file.write("x", 1) == 1) { }
        return true;
    }
    void empty() override { QFile::remove(dir.filePath(u"filler"_s)); }

    QTemporaryDir dir;
    bool mounted = false;
};

/// No file may grow past what the store has now. (The hand-off file has its full size.)
struct SizeLimit final : Disk {
    ~SizeLimit() override { empty(); }
    QString profile() const override { return dir.filePath(u"profile"_s); }
    bool fill() override
    {
        const auto size = QFileInfo(profile() + u"/data/store.mdb"_s).size();
        return size > 0 && limit(::rlim_t(size));
    }
    void empty() override { limit(RLIM_INFINITY); }
    static bool limit(::rlim_t bytes)
    {
        ::rlimit now{};
        ::getrlimit(RLIMIT_FSIZE, &now);
        now.rlim_cur = std::min(bytes, now.rlim_max);
        return ::setrlimit(RLIMIT_FSIZE, &now) == 0;
    }

    QTemporaryDir dir;
};

std::string manySeries(const char* name, int count)
{
    std::string out;
    for (int i = 0; i < count; ++i) {
        out += std::format("{}{{path=\"/a/rather/long/path/{}\"}} {}\n", name, i, i * 0.37);
    }
    return out;
}

} // namespace

class TestDiskFull : public QObject {
    Q_OBJECT

    std::unique_ptr<Disk> m_disk;
    std::unique_ptr<ServedMetrics> m_growing;
    std::unique_ptr<ServedMetrics> m_steady;
    std::unique_ptr<Program> m_program;

    double rows() { return m_program->valueOf("count_over_time(steady[5m])").value_or(0); }
    /// What the window says above its page.
    QString banner()
    {
        auto* const cause = m_program->find<QLabel>("banner.cause");
        auto* const rest = m_program->find<QLabel>("banner.rest");
        return cause->isVisible() ? cause->text() + u'\n' + rest->text() : QString();
    }
    bool saysSomewhere(const QString& text)
    {
        const auto labels = m_program->window().findChildren<QLabel*>();
        return std::ranges::any_of(labels, [&](const QLabel* label) {
            return label->isVisible() && label->text().contains(text);
        });
    }
    static QByteArray configOf(const ServedMetrics& growing, const ServedMetrics& steady)
    {
        return "global: {scrape_interval: 1s, scrape_timeout: 1s}\n"
               "scrape_configs:\n"
               "  - job_name: growing\n"
               "    static_configs: [{targets: ['"
            + growing.address().toUtf8()
            + "']}]\n"
              "  - job_name: steady\n"
              "    static_configs: [{targets: ['"
            + steady.address().toUtf8() + "']}]\n";
    }

private slots:
    void cleanup()
    {
        m_program.reset();
        m_disk.reset();
    }

    void saysSoAndLosesNothing_data()
    {
        QTest::addColumn<bool>("isReal");
        QTest::newRow("a small file system") << true;
        QTest::newRow("a limit on the size of files") << false;
    }
    void saysSoAndLosesNothing()
    {
        QFETCH(bool, isReal);
        if (isReal) {
            auto disk = std::make_unique<SmallDisk>();
            if (!ownMounts || !disk->mounted) {
                QSKIP("SKIPPED-LOUDLY: no file system may be mounted here");
            }
            m_disk = std::move(disk);
        } else {
            m_disk = std::make_unique<SizeLimit>();
        }
        m_growing = std::make_unique<ServedMetrics>(manySeries("before", 50));
        m_steady = std::make_unique<ServedMetrics>();
        m_steady->serveEach(
            [](std::uint64_t number) { return std::format("steady {}\n", number); });
        m_program = std::make_unique<Program>(m_disk->profile());
        m_program->options.commitInterval = std::chrono::milliseconds(200);
        const QByteArray config = configOf(*m_growing, *m_steady);
        QVERIFY(m_program->writeConfig(u"prometheus.yml"_s, config));
        QCOMPARE(m_program->start(), QString());
        QTRY_VERIFY_WITH_TIMEOUT(rows() >= 2, patienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(m_program->valueOf("count(before)") == 50, patienceMs);
        QCOMPARE(banner(), QString());

        // Full: said on every page, with what to do.
        QVERIFY(m_disk->fill());
        m_growing->serve(manySeries("during", 4'000));
        QTRY_VERIFY2_WITH_TIMEOUT(banner().contains(u"disk full: cannot write "_s),
                                  qPrintable(banner()), patienceMs);
        // Whether the last page fits in part is chance.
        const QRegularExpression why(isReal ? u"No space left on device|cut short"_s
                                            : u"File too large|cut short"_s);
        QVERIFY2(banner().contains(why), qPrintable(banner()));
        QVERIFY2(banner().contains(u"Free space"_s), qPrintable(banner()));
        QVERIFY(m_program->window().openPage(u"status"_s));
        QTRY_VERIFY(saysSomewhere(u"disk full: cannot write "_s));
        QVERIFY2(!saysSomewhere(u"Nothing is wrong."_s), "Status agrees");

        // Alive: it collects, answers and says why an edit cannot be kept.
        const double full = rows();
        QTRY_VERIFY_WITH_TIMEOUT(rows() >= full + 2, patienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(m_program->valueOf("count(during)") == 4'000, patienceMs);
        QCOMPARE(m_program->target("steady")->health, engine::Health::up);
        QCOMPARE(m_program->target("growing")->health, engine::Health::up);
        if (isReal) {
            refusesAnEdit();
            QCOMPARE(m_program->readConfig(u"prometheus.yml"_s), config);
        }
        if (QTest::currentTestFailed()) {
            return;
        }

        // Space again: it goes by itself, and all that came meanwhile is there after a restart.
        m_disk->empty();
        QTRY_COMPARE_WITH_TIMEOUT(banner(), QString(), patienceMs);
        const double again = rows();
        QTRY_VERIFY_WITH_TIMEOUT(rows() >= again + 1, patienceMs);
        const MatrixSeries steady = m_program->samplesOf("steady[1h]");
        QVERIFY(double(steady.values.size()) >= again + 1);
        for (std::size_t i = 1; i < steady.values.size(); ++i) {
            QVERIFY2(steady.values[i] == steady.values[i - 1] + 1, "every answer was stored");
        }
        m_program->stop();

        // By what is committed alone, without the hand-off file.
        const QString data = m_disk->profile() + u"/data"_s;
        QVERIFY(QFile::remove(data + u"/handoff"_s));
        tsdb::OpenOptions options;
        options.directory = data.toStdString();
        options.readOnly = true;
        const auto store = tsdb::Store::open(options);
        QVERIFY2(store, store ? "" : store.error().message.c_str());
        const Matcher matcher = Matcher::equal("__name__", "steady");
        const auto stored = tsdb::readBits(**store, {&matcher, 1});
        QCOMPARE(stored.size(), std::size_t(1));
        for (std::size_t i = 0; i < steady.atMs.size(); ++i) {
            const auto sample = stored.begin()->second.find(steady.atMs[i]);
            QVERIFY(sample != stored.begin()->second.end());
            QCOMPARE(sample->second, std::bit_cast<std::uint64_t>(steady.values[i]));
        }
        const Matcher during = Matcher::equal("__name__", "during");
        QCOMPARE(tsdb::readBits(**store, {&during, 1}).size(), std::size_t(4'000));
    }

private:
    void refusesAnEdit()
    {
        QVERIFY(m_program->window().openPage(u"targets"_s));
        QVERIFY(m_program->click("targets.add"));
        QTRY_VERIFY(m_program->find<QWidget>("job.dialog") != nullptr);
        QVERIFY(m_program->type("job.dialog.name", u"late"_s));
        QVERIFY(m_program->type("job.dialog.targets", m_steady->address()));
        QVERIFY(m_program->click("job.dialog.save"));
        auto* const refused = m_program->find<QWidget>("job.dialog.refused");
        QTRY_VERIFY_WITH_TIMEOUT(refused->isVisible(), patienceMs);
        QVERIFY(saysSomewhere(u"No space left on device"_s));
        QVERIFY(m_program->click("job.dialog.cancel"));
        QTRY_VERIFY(m_program->find<QWidget>("job.dialog.discard") != nullptr);
        QVERIFY(m_program->click("job.dialog.discard"));
        QTRY_VERIFY(m_program->find<QWidget>("job.dialog") == nullptr);
    }
};

int main(int argc, char** argv)
{
    ownMounts = enterOwnMounts();
    std::signal(SIGXFSZ, SIG_IGN); // a write beyond the limit fails instead
    const QApplication application(argc, argv);
    TestDiskFull test;
    QTEST_SET_MAIN_SOURCE_PATH
    return QTest::qExec(&test, argc, argv);
}

#include "tst_disk_full.moc"
