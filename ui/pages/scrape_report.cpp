// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/scrape_report.h"

#include "ui/models/format.h"

#include <array>

#include <QFontDatabase>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

QString phasesText(const engine::ScrapeTest& test)
{
    const std::array<std::pair<QString, std::chrono::microseconds>, 5> phases{
        std::pair(ScrapeReport::tr("resolve"), test.timings.resolve),
        std::pair(ScrapeReport::tr("connect"), test.timings.connect),
        std::pair(ScrapeReport::tr("TLS"), test.timings.tls),
        std::pair(ScrapeReport::tr("first byte"), test.timings.firstByte),
        std::pair(ScrapeReport::tr("parse"), test.parse)};
    QStringList parts;
    for (const auto& [name, time] : phases) {
        if (time.count() > 0) {
            parts << name + u' ' + durationText(time);
        }
    }
    return parts.join(u" · "_s);
}

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
    , m_shape(new QLabel(this))
    , m_outcome(plainLabel({}, this))
    , m_phases(mutedLabel({}, this))
    , m_detail(plainLabel({}, this))
    , m_cancel(button(tr("Cancel test"), "stop", "job.dialog.cancelTest", this))
{
    setObjectName(u"job.dialog.report"_s);
    setAccessibleName(tr("Test scrape report"));
    m_outcome->setObjectName(u"job.dialog.outcome"_s);
    m_phases->setObjectName(u"job.dialog.phases"_s);
    m_detail->setObjectName(u"job.dialog.detail"_s);
    for (QLabel* label : {m_outcome, m_phases, m_detail}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    fixed.setPointSizeF(font().pointSizeF() * 0.95);
    m_detail->setFont(fixed);
    auto* const grid = new QGridLayout(this);
    grid->setContentsMargins(12, 8, 12, 8);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(2);
    grid->setColumnStretch(1, 1);
    grid->addWidget(m_shape, 0, 0, Qt::AlignTop);
    grid->addWidget(m_outcome, 0, 1);
    grid->addWidget(m_cancel, 0, 2, 2, 1, Qt::AlignTop);
    grid->addWidget(m_phases, 1, 1);
    grid->addWidget(m_detail, 2, 1, 1, 2);
    connect(m_cancel, &QPushButton::clicked, this, &ScrapeReport::cancel);
    m_tick.setInterval(200);
    connect(&m_tick, &QTimer::timeout, this, &ScrapeReport::sayRunning);
    say(theme::State::unknown,
        tr("Not tested yet. A test scrapes the first target and stores "
           "nothing."),
        {}, {});
    m_cancel->hide();
}

QString ScrapeReport::outcome() const
{
    return m_outcome->text();
}

void ScrapeReport::say(theme::State state, const QString& outcome, const QString& phases,
                       const QString& detail)
{
    m_shape->setPixmap(theme::stateIcon(state).pixmap(QSize(16, 16), devicePixelRatioF()));
    m_outcome->setText(outcome);
    m_phases->setText(phases);
    m_phases->setVisible(!phases.isEmpty());
    m_detail->setText(detail);
    m_detail->setVisible(!detail.isEmpty());
    setAccessibleDescription(outcome);
}

void ScrapeReport::run(const config::ScrapeConfig& job)
{
    m_since.start();
    m_pending = m_bridge.testScrape(
        job, this, [this](const Result<engine::ScrapeTest>& result) { showResult(result); });
    m_cancel->show();
    m_tick.start();
    sayRunning();
    emit runningChanged(true);
}

void ScrapeReport::sayRunning()
{
    say(theme::State::pending,
        tr("Scraping… %1").arg(durationText(std::chrono::milliseconds(m_since.elapsed()))), {}, {});
}

void ScrapeReport::cancel()
{
    if (!isRunning()) {
        return;
    }
    m_pending.cancel();
    m_tick.stop();
    m_cancel->hide();
    say(theme::State::unknown, tr("The test was cancelled."), {}, {});
    emit runningChanged(false);
}

void ScrapeReport::showResult(const Result<engine::ScrapeTest>& result)
{
    m_tick.stop();
    m_cancel->hide();
    if (!result) {
        say(theme::State::critical, fromUtf8(result.error().message), {}, {});
        emit runningChanged(false);
        return;
    }
    const engine::ScrapeTest& test = *result;
    QStringList detail;
    if (test.errorLine > 0) {
        detail << tr("line %1: %2").arg(test.errorLine).arg(fromUtf8(test.badLine));
    }
    for (const std::string& warning : test.warnings) {
        detail << fromUtf8(warning);
    }
    if (test.ok) {
        say(test.warnings.empty() ? theme::State::up : theme::State::warning,
            tr("%1 in %2 · %3 samples · %4 metrics · %5")
                .arg(statusText(test.status), durationText(test.timings.total),
                     countText(test.samples), countText(test.metrics), fromUtf8(test.format)),
            phasesText(test), detail.join(u'\n'));
    } else {
        const QString error = fromUtf8(test.error);
        const bool namesStatus = test.status == 0 || error.contains(QString::number(test.status))
            || test.status == 200;
        say(theme::State::critical,
            namesStatus ? error : u"%1 · %2"_s.arg(statusText(test.status), error),
            QStringList{fromUtf8(test.url), phasesText(test)}.join(
                phasesText(test).isEmpty() ? QString() : u" · "_s),
            detail.join(u'\n'));
    }
    emit runningChanged(false);
}

} // namespace watchfire::ui
