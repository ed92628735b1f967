// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/english.h"
#include "tests/support/qt_test.h"
#include "tests/ui/pages/dialog_world.h"
#include "ui/pages/job_dialog.h"

#include <memory>
#include <optional>

#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPointer>
#include <QTabWidget>
#include <QTextCursor>

namespace watchfire::tests {

using namespace ui;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

enum Tab { basics, security, labels, relabelling, limits, yaml };

inline RelabelRule rule(RelabelAction action, std::vector<std::string> sources,
                        const std::string& regex, const std::string& replacement,
                        const std::string& target)
{
    RelabelRule made;
    made.action = action;
    made.sourceLabels = std::move(sources);
    made.regexText = regex;
    made.replacement = replacement;
    made.targetLabel = target;
    made.givenRegex = regex != "(.*)";
    made.givenReplacement = replacement != "$1";
    [[maybe_unused]] const auto prepared = made.prepare();
    return made;
}

/// Two groups of targets, rules, a password, a discovery beside them and one not done here.
inline config::ScrapeConfig nodeJob()
{
    config::ScrapeConfig job;
    job.jobName = "node";
    job.scrapeInterval = 15s;
    job.scrapeTimeout = 10s;
    job.scheme = "https";
    job.staticConfigs = {{{"db1:9100", "web1:9100"}, Labels{{"env", "prod"}}, "0"},
                         {{"old:9100"}, Labels{{"env", "test"}}, "1"}};
    job.discoveries = {config::HttpDiscovery{"https://inventory/targets", 1min, {}},
                       config::ForeignDiscovery{"ec2_sd_configs", 12, {}}};
    job.client.auth = BasicAuth{"kim", Secret("hush"), {}, {}};
    job.relabel = {rule(RelabelAction::replace, {"__address__"}, "(.*):.*", "$1", "host"),
                   rule(RelabelAction::drop, {"env"}, "test", "$1", "")};
    job.seriesBudget = 70'000;
    return job;
}

inline engine::ConfigSnapshot world()
{
    engine::ConfigSnapshot snapshot;
    snapshot.file = "/etc/watchfire/prometheus.yml";
    snapshot.config.global.scrapeInterval = 15s;
    config::ScrapeConfig other;
    other.jobName = "haproxy";
    other.scrapeInterval = 15s;
    other.scrapeTimeout = 10s;
    other.staticConfigs = {{{"edge:8404"}, {}, "0"}};
    snapshot.config.scrapeConfigs = {nodeJob(), other};
    return snapshot;
}

/// The Job dialog over an engine of canned answers, and a hand on it.
class JobDialogFixture {
protected:
    void start()
    {
        m_world = std::make_unique<DialogWorld>(world());
        m_world->engine.onPreviewJob = [](const config::ScrapeConfig& job) {
            return Result<engine::JobPreview>(previewOf(job));
        };
        QTRY_VERIFY(m_world->bridge->hasConfig());
    }
    void stop()
    {
        delete m_dialog;
        m_world.reset();
    }
    void open(std::optional<config::ScrapeConfig> job)
    {
        m_dialog = new JobDialog(*m_world->context, std::move(job), nullptr);
        m_dialog->open();
        QVERIFY(QTest::qWaitForWindowExposed(m_dialog));
    }
    QTabWidget* tabs() const { return find<QTabWidget>(m_dialog, "job.dialog.tabs"); }
    static QString cell(const QAbstractItemView* view, int row, int column)
    {
        return view->model()->index(row, column).data(Qt::EditRole).toString();
    }
    /// Of a note: what it says where it can be seen.
    QString shownText(const char* note) const
    {
        const auto* const widget = find<QWidget>(m_dialog, note);
        return widget->isVisible() ? widget->accessibleName() : QString();
    }
    void choose(const char* name, int index) const
    {
        auto* const box = find<QComboBox>(m_dialog, name);
        QVERIFY2(box != nullptr, name);
        box->setCurrentIndex(index);
        emit box->activated(index);
    }
    static void replaceText(QPlainTextEdit* edit, const QString& from, const QString& to)
    {
        const qsizetype at = edit->toPlainText().indexOf(from);
        QVERIFY2(at >= 0, qPrintable(edit->toPlainText()));
        QTextCursor cursor = edit->textCursor();
        cursor.setPosition(int(at));
        cursor.setPosition(int(at + from.size()), QTextCursor::KeepAnchor);
        edit->setTextCursor(cursor);
        edit->setFocus();
        QTest::keyClicks(edit, to);
    }

    std::unique_ptr<DialogWorld> m_world;
    QPointer<JobDialog> m_dialog;
};

} // namespace watchfire::tests
