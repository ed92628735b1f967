// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/alert_history_tab.h"

#include "ui/models/alert_history_model.h"
#include "ui/models/format.h"
#include "ui/pages/alert_timeline_view.h"
#include "ui/pages/item_tree.h"
#include "ui/pages/widgets.h"
#include "ui/theme/icons.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

const QString filterKey = u"alerts/historyFilter"_s;
const QString splitterKey = u"alerts/historySplitter"_s;
const QString tableKey = u"alerts/historyTable"_s;

} // namespace

AlertHistoryTab::AlertHistoryTab(PageContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_spans(new AlertSpansModel(this))
    , m_events(new AlertHistoryModel(this))
    , m_rows(std::make_shared<const AlertSpanRows>())
    , m_timeline(new AlertTimelineView(this))
    , m_splitter(new QSplitter(Qt::Vertical, this))
{
    m_timeline->setObjectName(u"alerts.timeline"_s);
    m_timeline->setAccessibleName(
        tr("When alerts were pending and firing; the table below says the same"));
    m_timeline->setEmptyText(tr("Reading what is stored…"));
    m_splitter->addWidget(m_timeline);
    m_splitter->addWidget(buildTables());
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->restoreState(context.state.value(splitterKey).toByteArray());
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(8);
    column->addWidget(buildTop());
    column->addWidget(m_splitter, 1);
    connectParts();
    m_filter->setText(context.state.value(filterKey).toString());
    say();
}

QWidget* AlertHistoryTab::buildTop()
{
    auto* const top = new QWidget(this);
    m_filter = filterEdit(tr("Filter: words, alertname:DiskFull, state:firing"),
                          "alerts.history.filter", this);
    m_filter->setMaximumWidth(420);
    m_note = new ElidedLabel(this);
    m_note->setObjectName(u"alerts.history.note"_s);
    m_note->setForegroundRole(QPalette::PlaceholderText);
    m_explore = button(tr("Open in Explore"), "explore", "alerts.history.explore", this);
    m_rule = button(tr("Show rule"), "rules", "alerts.history.rule", this);
    auto* const row = new QHBoxLayout(top);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_filter, 2);
    row->addWidget(m_note, 3);
    row->addWidget(m_explore);
    row->addWidget(m_rule);
    return top;
}

QWidget* AlertHistoryTab::buildTables()
{
    m_table = new ItemTree("alerts.spans", this);
    m_table->setAccessibleName(tr("When alerts were pending and firing"));
    m_table->setModel(m_spans);
    m_table->setColumns({118, 120, 0, 70, 70, 65, 85, 0}, m_context.state);
    m_eventTree = new ItemTree("alerts.history", this);
    m_eventTree->setAccessibleName(tr("What happened to alerts since the start"));
    m_eventTree->setModel(m_events);
    m_eventTree->setColumns({150, 160, 200, 0}, m_context.state);
    m_tables = new QTabWidget(this);
    m_tables->setObjectName(u"alerts.history.tables"_s);
    m_tables->setAccessibleName(tr("Stretches and events"));
    m_tables->setDocumentMode(true);
    m_tables->addTab(m_table, theme::icon("table"), tr("Table"));
    m_tables->addTab(m_eventTree, theme::icon("bell"), tr("Events since the start"));
    m_tables->setCurrentIndex(m_context.state.value(tableKey, 0).toInt());
    return m_tables;
}

void AlertHistoryTab::connectParts()
{
    ViewState& view = m_context.view;
    connect(m_filter, &QLineEdit::textChanged, this, &AlertHistoryTab::filterChanged);
    connect(m_timeline, &AlertTimelineView::chosen, this, &AlertHistoryTab::choose);
    connect(m_timeline, &AlertTimelineView::rangeWanted, this, [this](qint64 from, qint64 to) {
        m_context.view.setRange(ViewRange::between(fromUnixMs(from), fromUnixMs(to)));
    });
    connect(m_timeline, &AlertTimelineView::homeWanted, &view, &ViewState::goLive);
    connect(m_table, &ItemTree::currentIdChanged, this, &AlertHistoryTab::choose);
    connect(m_table, &ItemTree::rowActivated, this, &AlertHistoryTab::showRule);
    connect(m_table, &QWidget::customContextMenuRequested, this, &AlertHistoryTab::openMenu);
    connect(m_explore, &QPushButton::clicked, this, &AlertHistoryTab::explore);
    connect(m_rule, &QPushButton::clicked, this, &AlertHistoryTab::showRule);
    connect(m_splitter, &QSplitter::splitterMoved, this,
            [this] { m_context.state.setValue(splitterKey, m_splitter->saveState()); });
    connect(m_tables, &QTabWidget::currentChanged, this,
            [this](int tab) { m_context.state.setValue(tableKey, tab); });
    connect(&view, &ViewState::rangeChanged, this, [this] {
        m_pending.cancel();
        ask();
    });
    connect(&view, &ViewState::tick, this, &AlertHistoryTab::ask);
    connect(&m_context.bridge, &EngineBridge::alertsChanged, this, &AlertHistoryTab::takeEvents);
}

void AlertHistoryTab::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    takeEvents();
    ask();
}

void AlertHistoryTab::takeEvents()
{
    if (isVisible() && m_eventsOf != m_context.bridge.alerts()) {
        m_eventsOf = m_context.bridge.alerts();
        m_events->setSnapshot(m_eventsOf);
    }
}

void AlertHistoryTab::ask()
{
    if (!isVisible()) {
        return;
    }
    const TimeRange range = m_context.view.range().resolve(m_context.bridge.now());
    m_timeline->setRange(range);
    if (m_pending.isActive()) {
        return;
    }
    engine::AlertTimelineRequest request;
    request.range = range;
    request.limit = mostSpans;
    m_pending = m_context.bridge.alertTimeline(
        std::move(request), this, [this, range](Result<std::vector<engine::AlertSpan>> result) {
            take(std::move(result), range);
        });
}

void AlertHistoryTab::take(Result<std::vector<engine::AlertSpan>> result, TimeRange range)
{
    if (!result) {
        m_fault = fromUtf8(result.error().message);
        say();
        return; // what was shown stays
    }
    m_fault.clear();
    m_isFull = result->size() >= mostSpans;
    m_timeline->setRange(range);
    m_rows = std::make_shared<const AlertSpanRows>(spanRows(std::move(*result),
                                                            m_context.bridge.alerts()->history,
                                                            m_context.bridge.status()->startedAt));
    m_spans->setRows(m_rows);
    m_timeline->setRows(m_rows, m_filterNow);
    say();
}

void AlertHistoryTab::filterChanged(const QString& text)
{
    m_context.state.setValue(filterKey, text);
    m_filterNow = parseFilter(text);
    m_spans->setFilter(text);
    m_events->setFilter(text);
    m_timeline->setRows(m_rows, m_filterNow);
    say();
}

void AlertHistoryTab::say()
{
    const bool isChosen = current() != nullptr;
    m_explore->setEnabled(isChosen);
    m_rule->setEnabled(isChosen);
    m_timeline->setEmptyText(!m_fault.isEmpty() ? m_fault
                                 : m_rows->empty()
                                 ? tr("No alert was pending or firing in this range.")
                                 : tr("Nothing in this range fits the filter."));
    QString note;
    if (!m_fault.isEmpty()) {
        note = tr("Not renewed: %1").arg(m_fault);
    } else if (m_isFull) {
        note = tr("The newest %1 stretches of this range; a shorter range shows all of its own")
                   .arg(countText(mostSpans));
    } else if (m_spans->isFiltered()) {
        note = tr("%1 of %2 stretches")
                   .arg(countText(std::uint64_t(m_spans->shownCount())), countText(m_rows->size()));
    }
    m_note->setText(note);
}

void AlertHistoryTab::choose(std::uint64_t id)
{
    m_timeline->setCurrent(id);
    if (id != 0 && m_table->currentId() != id) {
        m_table->select(id);
    }
    say();
}

const AlertSpanRow* AlertHistoryTab::current() const
{
    return m_spans->itemAt(m_spans->indexOf(m_table->currentId()));
}

std::string AlertHistoryTab::expressionOf(const engine::AlertSpan& span) const
{
    const std::string_view name = span.labels.get("alertname");
    for (const engine::RuleGroupStatus& group : m_context.bridge.rules()->groups) {
        const auto found = std::ranges::find_if(
            group.rules, [&](const auto& rule) { return rule.rule.alert == name; });
        if (found != group.rules.end()) {
            return found->rule.expr;
        }
    }
    // The rule is gone: what it left.
    std::string expr = "ALERTS{";
    for (const Label label : span.labels) {
        expr += Matcher::equal(std::string(label.name), std::string(label.value)).toString() + ",";
    }
    expr.back() = '}';
    return expr;
}

void AlertHistoryTab::explore()
{
    if (const AlertSpanRow* const row = current()) {
        emit exploreWanted(fromUtf8(expressionOf(row->span)));
    }
}

void AlertHistoryTab::showRule()
{
    if (const AlertSpanRow* const row = current()) {
        emit ruleWanted(fromUtf8(row->span.labels.get("alertname")));
    }
}

void AlertHistoryTab::openMenu(const QPoint& at)
{
    const AlertSpanRow* const row = m_spans->itemAt(m_table->indexAt(at));
    if (row == nullptr) {
        return;
    }
    auto* const menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(theme::icon("explore"), tr("Open in Explore"), this, &AlertHistoryTab::explore);
    menu->addAction(theme::icon("rules"), tr("Show rule"), this, &AlertHistoryTab::showRule);
    menu->addAction(theme::icon("filter"), tr("Only this alert"), this,
                    [this, name = fromUtf8(row->span.labels.get("alertname"))] {
                        m_filter->setText(u"alertname:%1"_s.arg(name));
                    });
    menu->popup(m_table->viewport()->mapToGlobal(at));
}

} // namespace watchfire::ui
