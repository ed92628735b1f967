// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/program/loopback.h"
#include "tests/support/program/program.h"

#include <map>
#include <memory>

#include <QLabel>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QToolButton>
#include <QTreeView>

using namespace watchfire;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int patienceMs = 20'000;

const std::string good = "# TYPE good_total counter\ngood_total 7\n";

/// A target that fails, and what is to be read about it.
struct Bad {
    const char* job;
    std::string body;
    int status;
    std::string type;
    QString says; // a pattern
};

const std::vector<Bad>& badTargets()
{
    static const std::vector<Bad> all{
        {"unreachable",
         {},
         0,
         {},
         u"^cannot connect to 127\\.0\\.0\\.1:\\d+: Connection refused$"_s},
        {"failing", "it broke\n", 500, "text/plain",
         u"^server returned HTTP status 500 Internal Server Error$"_s},
        {"html", "<!DOCTYPE html><html><body>Log in</body></html>", 200, "text/html; charset=utf-8",
         u"is a web page \\(text/html\\)"_s},
        {"htmlAsText", "good_total 1\n<html><body>Log in</body></html>\n", 200,
         "text/plain; version=0.0.4", u"line 2.*<"_s},
        {"longLine", "good_total 1\nlong{path=\"" + std::string(100'000, 'x') + "\"} 1\n", 200,
         "text/plain; version=0.0.4", u"path.* has 100000 bytes, limit 65536"_s},
        {"longName", "good_total 1\n" + std::string(2'000'000, 'y'), 200,
         "text/plain; version=0.0.4", u"^line 2"_s},
        {"cutOff", "good_total 1\ngood_total{a=\"b", 200, "text/plain; version=0.0.4",
         u"^line 2"_s},
    };
    return all;
}

} // namespace

class TestBadInput : public QObject {
    Q_OBJECT

    QTemporaryDir m_profile;
    std::map<std::string, std::unique_ptr<ServedMetrics>> m_servers;
    std::unique_ptr<Program> m_program;

    /// The row of the job's only target.
    QModelIndex rowOf(const QString& job)
    {
        const QAbstractItemModel* const model = m_program->find<QTreeView>("targets.tree")->model();
        for (int group = 0; group < model->rowCount(); ++group) {
            const QModelIndex index = model->index(group, 0);
            if (index.data().toString() == job + u" (1)"_s) {
                return model->index(0, 0, index);
            }
        }
        return {};
    }
    QString errorIn(const QModelIndex& row)
    {
        const QAbstractItemModel* const model = row.model();
        for (int column = 0; model != nullptr && column < model->columnCount(); ++column) {
            if (model->headerData(column, Qt::Horizontal).toString() == u"Error"_s) {
                return row.siblingAtColumn(column).data().toString();
            }
        }
        return u"there is no column of errors"_s;
    }

private slots:
    void initTestCase()
    {
        m_program = std::make_unique<Program>(m_profile.path());
        QByteArray config = "global: {scrape_interval: 1s, scrape_timeout: 1s}\n"
                            "scrape_configs:\n";
        const auto add = [&](const std::string& job) -> ServedMetrics& {
            auto& server = m_servers[job];
            server = std::make_unique<ServedMetrics>(good);
            config += "  - job_name: " + QByteArray::fromStdString(job)
                + "\n    static_configs: [{targets: ['" + server->address().toUtf8() + "']}]\n";
            return *server;
        };
        add("good");
        for (const Bad& bad : badTargets()) {
            ServedMetrics& server = add(bad.job);
            if (bad.status == 0) {
                server.stop();
            } else {
                server.serve(bad.body, bad.status, bad.type);
            }
        }
        QVERIFY(m_program->writeConfig(u"prometheus.yml"_s, config));
        QCOMPARE(m_program->start(), QString());
        QVERIFY(m_program->window().openPage(u"targets"_s));
    }
    void cleanupTestCase() { m_program.reset(); }

    void saysWhy_data()
    {
        QTest::addColumn<QString>("job");
        QTest::addColumn<QString>("says");
        for (const Bad& bad : badTargets()) {
            QTest::newRow(bad.job) << QString::fromLatin1(bad.job) << bad.says;
        }
    }
    void saysWhy()
    {
        QFETCH(QString, job);
        QFETCH(QString, says);
        const std::string name = job.toStdString();
        const QRegularExpression wanted(says);
        QTRY_VERIFY_WITH_TIMEOUT(m_program->target(name) != nullptr
                                     && m_program->target(name)->health == engine::Health::down,
                                 patienceMs);
        QTRY_VERIFY2_WITH_TIMEOUT(errorIn(rowOf(job)).contains(wanted),
                                  qPrintable(errorIn(rowOf(job)).left(300)), patienceMs);
        QVERIFY2(errorIn(rowOf(job)).size() < 500, "a message, not the body");
        m_program->find<QTreeView>("targets.tree")->setCurrentIndex(rowOf(job));
        auto* const detail = m_program->find<QLabel>("targets.detail.error");
        QTRY_VERIFY(detail->isVisible() && detail->text().contains(wanted));
        QVERIFY(m_program->find<QLabel>("targets.detail.title")->text().startsWith(u"Down"_s));

        // It is stored as a failure, and nothing of what came with it.
        const std::string of = "{job=\"" + name + "\"}";
        QTRY_COMPARE_WITH_TIMEOUT(m_program->valueOf("up" + of), std::optional(0.0), patienceMs);
        QVERIFY(!m_program->valueOf("good_total" + of));
        // The others go on.
        const auto rows = [this] {
            return m_program->valueOf("count_over_time(good_total{job=\"good\"}[5m])").value_or(0);
        };
        const double before = rows();
        QTRY_VERIFY_WITH_TIMEOUT(rows() > before, patienceMs);
    }

    void allOfThemAreCounted()
    {
        const int bad = int(badTargets().size());
        QTRY_COMPARE(m_program->find<QToolButton>("status.targets")->text(),
                     u"1/%1 up"_s.arg(bad + 1));
        QCOMPARE(m_program->find<QToolButton>("targets.down")->text(), u"Down %1"_s.arg(bad));
    }

    void testScrapeSaysTheSame()
    {
        QVERIFY(m_program->click("targets.add"));
        QTRY_VERIFY(m_program->find<QWidget>("job.dialog") != nullptr);
        QVERIFY(m_program->type("job.dialog.name", u"tried"_s));
        QVERIFY(m_program->type("job.dialog.targets", m_servers["htmlAsText"]->address()));
        QVERIFY(m_program->click("job.dialog.test"));
        QTRY_VERIFY2_WITH_TIMEOUT(
            m_program->find<QLabel>("job.dialog.detail")->text().contains(u"line 2"_s),
            qPrintable(m_program->find<QLabel>("job.dialog.detail")->text()), patienceMs);
        QVERIFY(m_program->click("job.dialog.cancel"));
        QTRY_VERIFY(m_program->find<QWidget>("job.dialog.discard") != nullptr);
        QVERIFY(m_program->click("job.dialog.discard"));
        QTRY_VERIFY(m_program->find<QWidget>("job.dialog") == nullptr);
    }

    void comesBackWhenItIsMended()
    {
        m_servers["htmlAsText"]->serve(good);
        QTRY_VERIFY_WITH_TIMEOUT(m_program->target("htmlAsText")->health == engine::Health::up,
                                 patienceMs);
        QTRY_COMPARE(errorIn(rowOf(u"htmlAsText"_s)), QString());
        QTRY_COMPARE_WITH_TIMEOUT(m_program->valueOf("good_total{job=\"htmlAsText\"}"),
                                  std::optional(7.0), patienceMs);
    }
};

QTEST_MAIN(TestBadInput)
#include "tst_bad_input.moc"
