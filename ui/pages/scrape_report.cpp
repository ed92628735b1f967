// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/scrape_report.h"

#include "ui/editor/yaml_editor.h"
#include "ui/models/format.h"
#include "ui/pages/form_fields.h"
#include "ui/pages/scrape_phases.h"

#include <QDialog>
#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

/// Of a body or an error, as much as can be taken in; the rest is in the answer.
constexpr qsizetype mostDetail = 600;

QString statusText(int status)
{
    switch (status) {
    case 200:
        return u"200 OK"_s;
    case 401:
        return ScrapeReport::tr("401 Unauthorized");
    case 403:
        return ScrapeReport::tr("403 Forbidden");
    case 404:
        return ScrapeReport::tr("404 Not Found");
    case 500:
        return ScrapeReport::tr("500 Internal Server Error");
    case 503:
        return ScrapeReport::tr("503 Service Unavailable");
    default:
        return QString::number(status);
    }
}

} // namespace

ScrapeReport::ScrapeReport(EngineBridge& bridge, QWidget* parent)
    : Card(parent)
    , m_bridge(bridge)
    , m_shape(new StateShape(16, this))
    , m_outcome(plainLabel({}, this))
    , m_url(mutedLabel({}, this))
    , m_phases(new PhaseStrip("job.dialog.phases", this))
    , m_detail(plainLabel({}, this))
    , m_answer(button(tr("Show the answer"), "document", "job.dialog.answer", this))
    , m_cancel(button(tr("Cancel test"), "stop", "job.dialog.cancelTest", this))
{
    setObjectName(u"job.dialog.report"_s);
    setAccessibleName(tr("Test scrape report"));
    m_outcome->setObjectName(u"job.dialog.outcome"_s);
    m_url->setObjectName(u"job.dialog.url"_s);
    m_detail->setObjectName(u"job.dialog.detail"_s);
    for (QLabel* label : {m_outcome, m_url, m_detail}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        // A long address without spaces must not widen the dialog.
        label->setMinimumWidth(40);
        label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    }
    m_detail->setFont(fixedFont());
    auto* const grid = new QGridLayout(this);
    grid->setContentsMargins(12, 8, 12, 8);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(1, 1);
    grid->addWidget(m_shape, 0, 0, Qt::AlignTop);
    grid->addWidget(m_outcome, 0, 1);
    grid->addWidget(m_answer, 0, 2, 2, 1, Qt::AlignTop);
    grid->addWidget(m_cancel, 0, 3, 2, 1, Qt::AlignTop);
    grid->addWidget(m_phases, 1, 1);
    grid->addWidget(m_url, 2, 1, 1, 3);
    grid->addWidget(m_detail, 3, 1, 1, 3);
    connect(m_cancel, &QPushButton::clicked, this, &ScrapeReport::cancel);
    connect(m_answer, &QPushButton::clicked, this, &ScrapeReport::showAnswer);
    m_tick.setInterval(100);
    connect(&m_tick, &QTimer::timeout, this, &ScrapeReport::sayRunning);
    say(theme::State::unknown,
        tr("Not tested yet. A test scrapes the first target and stores nothing."));
    m_phases->hide();
    m_answer->hide();
    m_cancel->hide();
}

QString ScrapeReport::outcome() const
{
    return m_outcome->text();
}

void ScrapeReport::say(theme::State state, const QString& outcome, const QString& detail)
{
    m_shape->setState(state);
    m_outcome->setText(outcome);
    m_url->setText(fromUtf8(m_test.url));
    m_url->setVisible(!m_test.url.empty());
    m_detail->setText(detail.size() > mostDetail ? detail.left(mostDetail) + u'…' : detail);
    m_detail->setVisible(!detail.isEmpty());
    m_answer->setVisible(!m_test.bodyStart.empty());
    setAccessibleDescription(outcome);
}

void ScrapeReport::run(const config::ScrapeConfig& job)
{
    m_since.start();
    m_test = {};
    m_phases->setPhases(phasesUnderWay({}));
    m_phases->show();
    m_cancel->show();
    m_tick.start();
    sayRunning();
    m_pending = m_bridge.testScrape(
        job, this, [this](const engine::ScrapeTest& soFar) { showProgress(soFar); },
        [this](const Result<engine::ScrapeTest>& result) { showResult(result); });
    emit runningChanged(true);
}

void ScrapeReport::sayRunning()
{
    const QString seconds = QLocale().toString(double(m_since.elapsed()) / 1000, 'f', 1);
    say(theme::State::pending, tr("Running, %1").arg(seconds + QChar(0x00a0) + u's'));
}

void ScrapeReport::showProgress(const engine::ScrapeTest& soFar)
{
    m_test = soFar;
    m_phases->setPhases(phasesUnderWay(soFar));
    sayRunning();
}

void ScrapeReport::cancel()
{
    if (!isRunning()) {
        return;
    }
    m_pending.cancel();
    m_tick.stop();
    m_cancel->hide();
    m_phases->hide();
    say(theme::State::unknown, tr("The test was cancelled."));
    emit runningChanged(false);
}

void ScrapeReport::showResult(const Result<engine::ScrapeTest>& result)
{
    m_tick.stop();
    m_cancel->hide();
    if (result) {
        m_test = *result;
        m_phases->setPhases(phasesOf(m_test));
        showTest(m_test);
    } else {
        m_phases->hide();
        say(theme::State::critical, fromUtf8(result.error().message));
    }
    emit runningChanged(false);
}

void ScrapeReport::showTest(const engine::ScrapeTest& test)
{
    QStringList detail;
    if (test.errorLine > 0) {
        detail << tr("line %1: %2").arg(test.errorLine).arg(fromUtf8(test.badLine));
    }
    for (const std::string& warning : test.warnings) {
        detail << fromUtf8(warning);
    }
    if (test.ok) {
        say(test.warnings.empty() ? theme::State::up : theme::State::warning,
            QStringList{
                tr("%1 in %2").arg(statusText(test.status), durationText(test.timings.total)),
                tr("%Ln sample(s)", nullptr, int(test.samples)),
                tr("%Ln metric(s)", nullptr, int(test.metrics)), fromUtf8(test.format)}
                .join(u" · "_s),
            detail.join(u'\n'));
        return;
    }
    const QString error = fromUtf8(test.error);
    const bool namesStatus
        = test.status == 0 || error.contains(QString::number(test.status)) || test.status == 200;
    say(theme::State::critical,
        namesStatus ? error : u"%1 · %2"_s.arg(statusText(test.status), error), detail.join(u'\n'));
}

void ScrapeReport::showAnswer()
{
    auto* const dialog = new QDialog(this);
    dialog->setObjectName(u"job.answer"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Answer of %1").arg(fromUtf8(m_test.url)));
    dialog->resize(760, 480);
    auto* const text = new YamlEditor("job.answer.text", YamlEditor::Language::plain, dialog);
    text->setAccessibleName(tr("The answer, its first 64 KiB"));
    text->setReadOnly(true);
    text->setPlainText(fromUtf8(m_test.bodyStart));
    auto* const column = new QVBoxLayout(dialog);
    column->setContentsMargins(12, 12, 12, 12);
    column->addWidget(text);
    if (m_test.errorLine > 0) {
        text->setMarks({{int(m_test.errorLine), fromUtf8(m_test.error)}});
        text->goToLine(int(m_test.errorLine));
    }
    dialog->show();
}

} // namespace watchfire::ui
