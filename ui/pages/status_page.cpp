// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/status_page.h"

#include "ui/models/format.h"
#include "ui/models/log_model.h"
#include "ui/pages/item_tree.h"
#include "ui/pages/message_banner.h"
#include "ui/pages/widgets.h"
#include "ui/theme/icons.h"

#include <cmath>

#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTabWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr int metricsTab = 2;
constexpr int seriesTab = 3;
constexpr std::size_t seriesShown = 10;

std::pair<Card*, QVBoxLayout*> titledCard(const QString& title, QWidget* sheet, QWidget* parent)
{
    auto* const made = new Card(parent);
    auto* const layout = new QVBoxLayout(made);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(8);
    layout->addWidget(headingLabel(title, parent));
    layout->addWidget(sheet);
    return {made, layout};
}

} // namespace

StatusPage::StatusPage(PageContext& context, QWidget* parent)
    : Page(context, u"status"_s, parent)
    , m_log(new LogModel(this))
{
    m_tabs = new QTabWidget(this);
    m_tabs->setObjectName(u"status.tabs"_s);
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(buildSummary(), theme::icon("status"), tr("Summary"));
    m_tabs->addTab(buildLog(), theme::icon("document"), tr("Log"));
    m_tabs->addTab(buildMetrics(), theme::icon("bars"), tr("Own metrics"));
    m_tabs->addTab(buildSeries(), theme::icon("graph"), tr("Series"));
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(pageMargin, pageMargin, pageMargin, 0);
    column->addWidget(m_tabs);
    m_tabs->setCurrentIndex(kept(u"tab"_s, 0).toInt());
    connect(m_tabs, &QTabWidget::currentChanged, this, [this](int tab) {
        keep(u"tab"_s, tab);
        refresh();
    });
    connect(&bridge(), &EngineBridge::statusChanged, this, &StatusPage::showStatus);
    connect(&bridge(), &EngineBridge::configChanged, this, &StatusPage::showStatus);
    connect(&bridge(), &EngineBridge::targetsChanged, this, &StatusPage::showStatus);
    showStatus();
}

QWidget* StatusPage::buildSummary()
{
    auto* const content = new QWidget(this);
    auto* const column = new QVBoxLayout(content);
    column->setContentsMargins(0, pageMargin, 0, pageMargin);
    column->setSpacing(8);
    m_problems = new QVBoxLayout;
    m_problems->setSpacing(8);
    m_calm = new QWidget(this);
    m_calm->setObjectName(u"status.calm"_s);
    auto* const calmRow = new QHBoxLayout(m_calm);
    calmRow->setContentsMargins(0, 0, 0, 0);
    calmRow->setSpacing(6);
    auto* const shape = new StateShape(16, this);
    shape->setState(theme::State::up);
    calmRow->addWidget(shape);
    calmRow->addWidget(plainLabel(tr("Nothing is wrong."), this), 1);
    m_problems->addWidget(m_calm);
    column->addLayout(m_problems);

    m_store = new FactSheet("status.store", this);
    m_program = new FactSheet("status.program", this);
    m_config = new FactSheet("status.config", this);
    QPushButton* const reloadButton
        = button(tr("Read the files again"), "refresh", "status.reload", this);
    connect(reloadButton, &QPushButton::clicked, this, &StatusPage::reload);
    m_reloaded = mutedLabel({}, this);
    m_reloaded->setObjectName(u"status.reloaded"_s);
    m_reloaded->setWordWrap(true);
    const auto card
        = [this](const QString& title, QWidget* sheet) { return titledCard(title, sheet, this); };
    auto* const row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(card(tr("Store"), m_store).first, 1);
    row->addWidget(card(tr("Program"), m_program).first, 1);
    column->addLayout(row);
    const auto [configCard, configLayout] = card(tr("Configuration"), m_config);
    auto* const actions = new QHBoxLayout;
    actions->addWidget(reloadButton);
    actions->addWidget(m_reloaded, 1);
    configLayout->addLayout(actions);
    column->addWidget(configCard);
    column->addStretch(1);

    auto* const scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(content);
    return scroll;
}

QWidget* StatusPage::buildLog()
{
    auto* const tab = new QWidget(this);
    m_logFilter
        = filterEdit(tr("Filter: words, level:warning, from:scrape"), "status.log.filter", this);
    m_logFilter->setMaximumWidth(420);
    m_logTree = new ItemTree("status.log", this);
    m_logTree->setAccessibleName(tr("Log of the engine"));
    m_logTree->setModel(m_log);
    m_logTree->setColumns({150, 110, 110, 0}, context().state);
    auto* const top = new QHBoxLayout;
    top->addWidget(m_logFilter, 1);
    top->addStretch(1);
    auto* const column = new QVBoxLayout(tab);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(8);
    column->addLayout(top);
    column->addWidget(m_logTree, 1);
    connect(m_logFilter, &QLineEdit::textChanged, m_log, &LogModel::setFilter);
    return tab;
}

/// What the series are made of: where too many come from.
QWidget* StatusPage::buildSeries()
{
    auto* const content = new QWidget(this);
    m_topMetrics = new FactSheet("status.topMetrics", this);
    m_topLabels = new FactSheet("status.topLabels", this);
    m_topPairs = new FactSheet("status.topPairs", this);
    m_churn = new FactSheet("status.churn", this);
    m_seriesFailed = plainLabel({}, this);
    m_seriesFailed->setObjectName(u"status.series.failed"_s);
    m_seriesFailed->setWordWrap(true);
    m_seriesFailed->hide();
    auto* const upper = new QHBoxLayout;
    upper->setSpacing(8);
    upper->addWidget(titledCard(tr("Metrics with the most series"), m_topMetrics, this).first, 1);
    upper->addWidget(titledCard(tr("Labels with the most values"), m_topLabels, this).first, 1);
    auto* const lower = new QHBoxLayout;
    lower->setSpacing(8);
    lower->addWidget(titledCard(tr("Pairs with the most series"), m_topPairs, this).first, 1);
    lower->addWidget(titledCard(tr("Series that came and went"), m_churn, this).first, 1);
    auto* const column = new QVBoxLayout(content);
    column->setContentsMargins(0, pageMargin, 0, pageMargin);
    column->setSpacing(8);
    column->addWidget(m_seriesFailed);
    column->addLayout(upper);
    column->addLayout(lower);
    column->addStretch(1);
    auto* const scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(content);
    return scroll;
}

void StatusPage::askSeries()
{
    // It walks the whole index, and counting does not change with every tick.
    if (m_counting.isActive()
        || (m_countedAt && bridge().now() - *m_countedAt < std::chrono::seconds(30))) {
        return;
    }
    m_countedAt = bridge().now();
    m_counting
        = bridge().cardinality(seriesShown, this, [this](const Result<CardinalityReport>& report) {
              m_seriesFailed->setVisible(!report);
              if (report) {
                  showSeries(*report);
              } else {
                  m_seriesFailed->setText(fromUtf8(report.error().message));
              }
          });
}

void StatusPage::showSeries(const CardinalityReport& report)
{
    QList<FactSheet::Fact> metrics;
    for (const CardinalityReport::Metric& metric : report.metrics) {
        metrics << FactSheet::Fact{
            fromUtf8(metric.name),
            tr("%1, %2 of them active").arg(countText(metric.series), countText(metric.active))};
    }
    m_topMetrics->setFacts(metrics);
    const auto counts = [](const std::vector<CardinalityReport::Count>& list) {
        QList<FactSheet::Fact> facts;
        for (const CardinalityReport::Count& count : list) {
            facts << FactSheet::Fact{fromUtf8(count.name), countText(count.value)};
        }
        return facts;
    };
    m_topLabels->setFacts(counts(report.valuesByLabel));
    m_topPairs->setFacts(counts(report.seriesByPair));
    QList<FactSheet::Fact> churn;
    for (const CardinalityReport::Churn& window : report.churn) {
        churn << FactSheet::Fact{
            tr("until %1").arg(dateTimeText(window.range.to)),
            tr("%1 series: %2 came, %3 went")
                .arg(countText(window.series), countText(window.came), countText(window.went))};
    }
    if (churn.isEmpty()) {
        churn << FactSheet::Fact{tr("Nothing yet"),
                                 tr("known once two stretches of eight hours are closed")};
    }
    m_churn->setFacts(churn);
}

QWidget* StatusPage::buildMetrics()
{
    auto* const tab = new QWidget(this);
    m_metricsFilter = filterEdit(tr("Find in the metrics"), "status.metrics.filter", this);
    m_metricsFilter->setMaximumWidth(420);
    m_metrics = new QPlainTextEdit(this);
    m_metrics->setObjectName(u"status.metrics"_s);
    m_metrics->setAccessibleName(tr("Own metrics in the text format"));
    m_metrics->setReadOnly(true);
    m_metrics->setFrameShape(QFrame::NoFrame);
    m_metrics->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_metrics->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    auto* const top = new QHBoxLayout;
    top->addWidget(m_metricsFilter, 1);
    top->addStretch(1);
    auto* const column = new QVBoxLayout(tab);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(8);
    column->addLayout(top);
    column->addWidget(m_metrics, 1);
    connect(m_metricsFilter, &QLineEdit::textChanged, this, &StatusPage::showMetrics);
    return tab;
}

QLineEdit* StatusPage::filterBox() const
{
    switch (m_tabs->currentIndex()) {
    case 1:
        return m_logFilter;
    case metricsTab:
        return m_metricsFilter;
    default:
        return nullptr;
    }
}

void StatusPage::refresh()
{
    if (m_tabs->currentIndex() == metricsTab) {
        askMetrics();
    } else if (m_tabs->currentIndex() == seriesTab) {
        askSeries();
    }
}

void StatusPage::showStatus()
{
    const auto& status = *bridge().status();
    const auto& config = *bridge().config();
    const Timestamp now = bridge().now();
    m_log->setSnapshot(bridge().status());
    showProblems();
    const bool empty = status.oldestSample == Timestamp{};
    m_store->setFacts({
        {tr("Series"), countText(status.series)},
        {tr("Samples stored since start"), countText(status.samplesTotal)},
        {tr("Samples per second"), valueText(std::round(status.samplesPerSecond * 10) / 10)},
        {tr("Size on disk"),
         tr("%1, of it %2 in use")
             .arg(bytesText(double(status.storeBytes)), bytesText(double(status.storeUsedBytes)))},
        {tr("Oldest sample"),
         empty ? tr("none yet")
               : tr("%1, %2 ago")
                     .arg(dateTimeText(status.oldestSample), spanText(now - status.oldestSample))},
        {tr("Directory"), fromUtf8(status.dataDirectory), true},
    });
    m_program->setFacts({
        {tr("Version"), QStringLiteral(WATCHFIRE_VERSION)},
        {tr("Running for"),
         status.startedAt == Timestamp{} ? QString() : spanText(now - status.startedAt)},
        {tr("Scraping"),
         status.paused
             ? tr("paused")
             : tr("%Ln target(s), %1 down", nullptr, int(bridge().targets()->targets.size()))
                   .arg(countText(bridge().targets()->down))},
        {tr("HTTP"), status.listening.empty() ? tr("not listening") : fromUtf8(status.listening),
         !status.listening.empty()},
    });
    m_config->setFacts({
        {tr("File"), fromUtf8(config.file), true},
        {tr("Jobs"), countText(config.config.scrapeConfigs.size())},
        {tr("Rule groups"), countText(config.config.ruleGroups.size())},
    });
}

void StatusPage::showProblems()
{
    struct Shown {
        QString cause;
        QString rest;
    };
    QList<Shown> problems;
    for (const engine::Problem& problem : bridge().status()->problems) {
        problems << Shown{fromUtf8(problem.cause),
                          fromUtf8(problem.consequence) + u'\n' + fromUtf8(problem.remedy)};
    }
    for (const config::Fault& fault : bridge().config()->faults) {
        problems << Shown{fromUtf8(fault.toString()),
                          tr("The configuration before stays in force. Mend the file, then read "
                             "the files again.")};
    }
    QString key;
    for (const Shown& problem : problems) {
        key += problem.cause + u'\n' + problem.rest + u'\n';
    }
    if (key == m_problemsShown) {
        return;
    }
    m_problemsShown = key;
    const auto old = m_problems->parentWidget()->findChildren<MessageBanner*>();
    qDeleteAll(old);
    m_calm->setVisible(problems.isEmpty());
    for (const Shown& problem : std::as_const(problems)) {
        auto* const banner = new MessageBanner(m_problems->parentWidget());
        banner->show(theme::State::warning, problem.cause, problem.rest.trimmed());
        m_problems->addWidget(banner);
    }
}

void StatusPage::reload()
{
    m_reloaded->setText(tr("Reading…"));
    m_reloading = bridge().reload(this, [this](const Result<engine::ConfigReport>& report) {
        if (!report) {
            m_reloaded->setText(tr("Refused: %1").arg(fromUtf8(report.error().message)));
        } else if (report->warnings.empty()) {
            m_reloaded->setText(tr("The files were read at %1.").arg(clockText(bridge().now())));
        } else {
            m_reloaded->setText(
                tr("Read, with a warning: %1").arg(fromUtf8(report->warnings.front().toString())));
        }
    });
}

void StatusPage::askMetrics()
{
    if (m_pending.isActive()) {
        return;
    }
    m_pending = bridge().ownMetrics(this, [this](const Result<std::string>& text) {
        m_metricsText = text ? fromUtf8(*text) : fromUtf8(text.error().message);
        showMetrics();
    });
}

void StatusPage::showMetrics()
{
    const QString needle = m_metricsFilter->text().trimmed();
    QString shown = m_metricsText;
    if (!needle.isEmpty()) {
        QStringList lines = m_metricsText.split(u'\n');
        lines.removeIf(
            [&](const QString& line) { return !line.contains(needle, Qt::CaseInsensitive); });
        shown = lines.join(u'\n');
    }
    if (shown != m_metrics->toPlainText()) {
        const int at = m_metrics->verticalScrollBar()->value();
        m_metrics->setPlainText(shown);
        m_metrics->verticalScrollBar()->setValue(at);
    }
}

} // namespace watchfire::ui
