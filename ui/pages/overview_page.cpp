// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview_page.h"

#include "ui/chart/time_chart.h"
#include "ui/models/alerts_model.h"
#include "ui/models/format.h"
#include "ui/pages/chart_tile.h"
#include "ui/pages/found_banner.h"
#include "ui/pages/message_banner.h"
#include "ui/pages/query_step.h"
#include "ui/pages/starter_banner.h"
#include "ui/pages/widgets.h"
#include "ui/theme/state.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QResizeEvent>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr std::size_t alertsShown = 5;
constexpr auto youngFor = std::chrono::minutes(2);

/// A query that asks the same whatever the step.
auto always(std::string expr)
{
    return [expr = std::move(expr)](std::chrono::milliseconds) { return expr; };
}

/// Two flows over the machine in one chart, each summed up and named by its direction.
struct Flow {
    std::string counter;
    std::string direction;
};
auto flows(Flow first, Flow second)
{
    return [=](std::chrono::milliseconds step) {
        const auto summed = [step](const Flow& flow) {
            return "label_replace(sum(" + counterRate(flow.counter, step) + "), \"direction\", \""
                + flow.direction + "\", \"\", \"\")";
        };
        return summed(first) + " or " + summed(second);
    };
}

/// A share of the time counted, so that ticks which are late or lost do not show as load.
std::string busyPercent(std::chrono::milliseconds step)
{
    return "100 * (1 - sum("
        + counterRate("node_cpu_seconds_total{job=\"host\",mode=\"idle\"}", step) + ") / sum("
        + counterRate("node_cpu_seconds_total{job=\"host\"}", step) + "))";
}

/// What the collectors of this program measure of this machine.
std::vector<TileQuery> tileQueries()
{
    return {
        {u"cpu"_s, OverviewPage::tr("CPU"), busyPercent, chart::Unit::percent(), 0, true},
        {u"memory"_s, OverviewPage::tr("Memory"),
         always("node_memory_MemTotal_bytes{job=\"host\"} - "
                "node_memory_MemAvailable_bytes{job=\"host\"}"),
         chart::Unit::bytes(), 0, true},
        {u"disk"_s, OverviewPage::tr("Disk"),
         flows({"node_disk_read_bytes_total{job=\"host\"}", "read"},
               {"node_disk_written_bytes_total{job=\"host\"}", "write"}),
         chart::Unit::bytesPerSecond(), 0, false},
        {u"network"_s, OverviewPage::tr("Network"),
         flows({"node_network_receive_bytes_total{job=\"host\",device!=\"lo\"}", "in"},
               {"node_network_transmit_bytes_total{job=\"host\",device!=\"lo\"}", "out"}),
         chart::Unit::bytesPerSecond(), 0, false},
        {u"scrapes"_s, OverviewPage::tr("Scrape duration"),
         always("max by (job) (scrape_duration_seconds)"), chart::Unit::seconds(), 0, false},
        {u"ingestion"_s, OverviewPage::tr("Samples stored"),
         [](std::chrono::milliseconds step) {
             return counterRate("watchfire_storage_samples_appended_total", step);
         },
         chart::Unit::perSecond(), 0, true},
    };
}

QToolButton* cell(const char* name, QWidget* parent)
{
    auto* const made = new QToolButton(parent);
    made->setObjectName(QString::fromLatin1(name));
    made->setAutoRaise(true);
    made->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    made->setIconSize(QSize(16, 16));
    made->setMinimumHeight(32);
    made->setFocusPolicy(Qt::TabFocus);
    return made;
}

void say(QToolButton* button, theme::State state, const QString& text)
{
    button->setIcon(theme::stateIcon(state));
    if (button->text() != text) {
        button->setText(text);
        button->setAccessibleName(text);
    }
}

} // namespace

OverviewPage::OverviewPage(PageContext& context, QWidget* parent)
    : Page(context, u"overview"_s, parent)
    , m_crosshair(new chart::CrosshairGroup(this))
    , m_grid(new QGridLayout)
{
    m_grid->setSpacing(8);
    for (TileQuery& query : tileQueries()) {
        auto* const tile = new ChartTile(context, std::move(query), this);
        connect(tile, &ChartTile::exploreWanted, this,
                [this](const QString& expr) { emit navigate(u"explore"_s, expr); });
        connect(tile, &ChartTile::rangeWanted, this, &OverviewPage::chooseRange);
        connect(tile, &ChartTile::homeWanted, &context.view, &ViewState::goLive);
        connect(tile, &ChartTile::faultChanged, this, &OverviewPage::showFailure);
        m_crosshair->add(tile->chart());
        m_tiles.push_back(tile);
    }

    auto* const content = new QWidget(this);
    auto* const column = new QVBoxLayout(content);
    column->setContentsMargins(pageMargin, pageMargin, pageMargin, pageMargin);
    column->setSpacing(8);
    column->addWidget(buildStrip());
    m_failure = new MessageBanner(this, "overview.failure");
    column->addWidget(m_failure);
    connect(m_failure, &MessageBanner::actionClicked, this, &OverviewPage::refresh);
    column->addWidget(new FoundBanner(context, "overview.found", this));
    column->addWidget(new StarterBanner(context, "overview.starter", this));
    column->addLayout(m_grid, 1);
    column->addWidget(buildAlerts());
    auto* const scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(content);
    auto* const whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scroll);
    placeTiles();

    connect(&context.view, &ViewState::rangeChanged, this, [this] {
        for (ChartTile* tile : m_tiles) {
            tile->rangeChanged();
        }
    });
    connect(&bridge(), &EngineBridge::targetsChanged, this, &OverviewPage::showStrip);
    connect(&bridge(), &EngineBridge::statusChanged, this, &OverviewPage::showStrip);
    connect(&bridge(), &EngineBridge::alertsChanged, this, [this] {
        showStrip();
        showAlerts();
    });
    m_young.setInterval(std::chrono::seconds(1));
    connect(&m_young, &QTimer::timeout, this, [this] {
        if (!isYoung()) {
            m_young.stop();
        } else if (isVisible() && !this->context().view.isPaused()) {
            refresh();
        }
    });
    m_young.start();
    showStrip();
    showAlerts();
}

QWidget* OverviewPage::buildStrip()
{
    auto* const strip = new Card(this);
    auto* const row = new QHBoxLayout(strip);
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(12);
    m_targets = cell("overview.targets", this);
    m_alertsCell = cell("overview.alerts", this);
    m_store = cell("overview.store", this);
    m_ingestion = cell("overview.ingestion", this);
    const auto opens = [this](QToolButton* button, const QString& page) {
        connect(button, &QToolButton::clicked, this,
                [this, page] { emit navigate(page, QString()); });
    };
    opens(m_targets, u"targets"_s);
    opens(m_alertsCell, u"alerts"_s);
    opens(m_store, u"status"_s);
    opens(m_ingestion, u"status"_s);
    for (QToolButton* button : {m_targets, m_alertsCell, m_store, m_ingestion}) {
        row->addWidget(button);
    }
    row->addStretch(1);
    return strip;
}

QWidget* OverviewPage::buildAlerts()
{
    m_alerts = new Card(this);
    auto* const column = new QVBoxLayout(m_alerts);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(0);
    m_alertsTitle = plainLabel({}, this);
    QFont bold = m_alertsTitle->font();
    bold.setBold(true);
    m_alertsTitle->setFont(bold);
    column->addWidget(m_alertsTitle);
    for (std::size_t i = 0; i < alertsShown; ++i) {
        QToolButton* const row = cell("overview.alert", this);
        row->setObjectName(u"overview.alert.%1"_s.arg(i));
        row->setMinimumHeight(28);
        row->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
        connect(row, &QToolButton::clicked, this,
                [this, row] { emit navigate(u"alerts"_s, row->property("filter").toString()); });
        column->addWidget(row);
        m_alertRows.push_back(row);
    }
    return m_alerts;
}

void OverviewPage::placeTiles()
{
    const int columns = width() >= 860 ? 3 : 2;
    if (columns == m_columns) {
        return;
    }
    m_columns = columns;
    for (std::size_t i = 0; i < m_tiles.size(); ++i) {
        m_grid->addWidget(m_tiles[i], int(i) / columns, int(i) % columns);
    }
    for (int i = 0; i < 3; ++i) {
        m_grid->setColumnStretch(i, i < columns ? 1 : 0);
        m_grid->setRowStretch(i, i < int(m_tiles.size()) / columns ? 1 : 0);
    }
}

void OverviewPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    placeTiles();
}

bool OverviewPage::isYoung() const
{
    const Timestamp started = bridge().status()->startedAt;
    return started == Timestamp{} || bridge().now() - started < youngFor;
}

void OverviewPage::refresh()
{
    for (ChartTile* tile : m_tiles) {
        tile->ask();
    }
}

void OverviewPage::showFailure()
{
    const auto failing = std::ranges::find_if_not(
        m_tiles, [](const ChartTile* tile) { return tile->fault().isEmpty(); });
    if (failing == m_tiles.end()) {
        m_failure->clear();
        return;
    }
    m_failure->show(theme::State::warning,
                    tr("Graphs are not renewed: %1").arg((*failing)->fault()),
                    tr("What is drawn is what was known before. They are asked again at every "
                       "refresh; Status tells how the store is."),
                    tr("Ask again"));
}

void OverviewPage::chooseRange(qint64 fromMs, qint64 toMs)
{
    context().view.setRange(ViewRange::between(fromUnixMs(fromMs), fromUnixMs(toMs)));
}

void OverviewPage::showStrip()
{
    const auto& targets = *bridge().targets();
    const auto& alerts = *bridge().alerts();
    const auto& status = *bridge().status();
    say(m_targets,
        targets.down > 0     ? theme::State::critical
            : targets.up > 0 ? theme::State::up
                             : theme::State::unknown,
        targets.down > 0 ? tr("%1 of %Ln target(s) up", nullptr, int(targets.targets.size()))
                               .arg(countText(targets.up))
                         : tr("All targets up (%1)").arg(countText(targets.targets.size())));
    say(m_alertsCell,
        alerts.firing > 0        ? theme::State::critical
            : alerts.pending > 0 ? theme::State::pending
                                 : theme::State::up,
        alerts.firing > 0        ? tr("%1 firing").arg(alerts.firing)
            : alerts.pending > 0 ? tr("%1 pending").arg(alerts.pending)
                                 : tr("No alerts"));
    say(m_store, status.problems.empty() ? theme::State::up : theme::State::warning,
        tr("Store %1, %2 series")
            .arg(bytesText(double(status.storeBytes)), countText(status.series)));
    say(m_ingestion,
        status.paused                     ? theme::State::silenced
            : status.samplesPerSecond > 0 ? theme::State::up
                                          : theme::State::unknown,
        status.paused ? tr("Scraping is paused")
                      : tr("%1 samples/s")
                            .arg(countText(std::uint64_t(std::llround(status.samplesPerSecond)))));
}

void OverviewPage::showAlerts()
{
    std::vector<const engine::AlertStatus*> firing;
    const AlertsPtr alerts = bridge().alerts();
    for (const engine::AlertStatus& alert : alerts->alerts) {
        if (alert.state == AlertState::firing && !alert.silenced && !alert.inhibited) {
            firing.push_back(&alert);
        }
    }
    std::ranges::sort(firing, [](const auto* a, const auto* b) {
        const auto left = severityOf(a->labels);
        const auto right = severityOf(b->labels);
        return left != right ? left < right : a->firedAt > b->firedAt;
    });
    m_alerts->setVisible(!firing.empty());
    m_alertsTitle->setText(firing.size() > alertsShown
                               ? tr("Firing alerts, %1 of %2").arg(alertsShown).arg(firing.size())
                               : tr("Firing alerts"));
    for (std::size_t i = 0; i < m_alertRows.size(); ++i) {
        QToolButton* const row = m_alertRows[i];
        row->setVisible(i < firing.size());
        if (i >= firing.size()) {
            continue;
        }
        const engine::AlertStatus& alert = *firing[i];
        const QString summary = AlertsModel::summaryOf(alert);
        say(row, shapeOf(AlertsModel::stateOf(alert)).value_or(theme::State::critical),
            u"%1 · %2 · %3"_s.arg(fromUtf8(alert.rule),
                                  summary.isEmpty() ? AlertsModel::labelsOf(alert) : summary,
                                  spanText(bridge().now() - alert.activeAt)));
        row->setProperty("filter", u"alertname:"_s + fromUtf8(alert.rule));
    }
}

} // namespace watchfire::ui
