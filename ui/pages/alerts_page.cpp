// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/alerts_page.h"

#include "ui/models/alert_history_model.h"
#include "ui/models/alerts_model.h"
#include "ui/models/format.h"
#include "ui/models/silences_model.h"
#include "ui/pages/filter_text.h"
#include "ui/pages/item_tree.h"
#include "ui/pages/receivers_tab.h"
#include "ui/pages/routing_tab.h"
#include "ui/pages/silence_dialog.h"
#include "ui/pages/widgets.h"
#include "ui/theme/icons.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

AlertsPage::AlertsPage(PageContext& context, QWidget* parent)
    : Page(context, u"alerts"_s, parent)
    , m_active(new AlertsModel(this))
    , m_silences(new SilencesModel(this))
    , m_history(new AlertHistoryModel(this))
{
    m_tabs = new QTabWidget(this);
    m_tabs->setObjectName(u"alerts.tabs"_s);
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(buildActive(), theme::icon("alerts"), tr("Active"));
    m_tabs->addTab(buildSilences(), theme::icon("silence"), tr("Silences"));
    m_routing = new RoutingTab(context, this);
    m_tabs->addTab(m_routing, theme::icon("route"), tr("Routing"));
    m_tabs->addTab(new ReceiversTab(context, this), theme::icon("bell"), tr("Receivers"));
    m_tabs->addTab(new InhibitionTab(context, this), theme::icon("eye-off"), tr("Inhibition"));
    m_tabs->addTab(buildHistory(), theme::icon("history"), tr("History"));
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(pageMargin, pageMargin, pageMargin, 0);
    column->addWidget(m_tabs);
    m_tabs->setCurrentIndex(kept(u"tab"_s, 0).toInt());
    connect(m_tabs, &QTabWidget::currentChanged, this, [this](int tab) { keep(u"tab"_s, tab); });
    connect(&bridge(), &EngineBridge::alertsChanged, this, &AlertsPage::takeSnapshot);
    m_filter->setText(kept(u"filter"_s).toString());
    takeSnapshot(bridge().alerts());
}

QWidget* AlertsPage::buildActive()
{
    auto* const tab = new QWidget(this);
    m_filter
        = filterEdit(tr("Filter: words, severity:critical, state:firing"), "alerts.filter", this);
    m_filter->setMinimumWidth(240);
    m_filter->setMaximumWidth(420);
    m_firing = chipButton("alerts.firing", theme::State::critical, this);
    m_pending = chipButton("alerts.pending", theme::State::pending, this);
    m_silenced = chipButton("alerts.silenced", theme::State::silenced, this);
    QPushButton* const create = button(tr("New silence"), "silence", "alerts.newSilence", this);
    auto* const top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(m_filter, 1);
    top->addWidget(m_firing);
    top->addWidget(m_pending);
    top->addWidget(m_silenced);
    top->addStretch(1);
    top->addWidget(create);

    m_activeTree = new ItemTree("alerts.tree", this);
    m_activeTree->setAccessibleName(tr("Active alerts by name"));
    m_activeTree->setModel(m_active);
    m_activeTree->setColumns({120, 0, 90, 100, 90, 260}, context().state);
    m_splitter = new QSplitter(Qt::Vertical, this);
    m_splitter->addWidget(m_activeTree);
    m_splitter->addWidget(buildActiveDetail());
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setCollapsible(0, false);
    m_splitter->restoreState(kept(u"splitter"_s).toByteArray());
    m_detail->hide();
    auto* const calm
        = new EmptyState(tr("No alert is active."), tr("See the rules"),
                         tr("Alerts come from alert rules; the rules decide what is worth one."),
                         "alerts.empty", this);
    auto* const nothing = new EmptyState(tr("No alert fits the filter."), tr("Show all"), {},
                                         "alerts.nothing", this);
    m_activeStack = new QStackedWidget(this);
    m_activeStack->addWidget(m_splitter);
    m_activeStack->addWidget(calm);
    m_activeStack->addWidget(nothing);
    auto* const column = new QVBoxLayout(tab);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(8);
    column->addLayout(top);
    column->addWidget(m_activeStack, 1);

    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_active->setFilter(text);
        keep(u"filter"_s, text);
        showWhat();
    });
    toggleState(m_firing, m_filter, u"firing"_s);
    toggleState(m_pending, m_filter, u"pending"_s);
    toggleState(m_silenced, m_filter, u"silenced"_s);
    connect(create, &QPushButton::clicked, this, [this] { silence({}); });
    connect(calm, &EmptyState::actionClicked, this,
            [this] { emit navigate(u"rules"_s, QString()); });
    connect(nothing, &EmptyState::actionClicked, m_filter, &QLineEdit::clear);
    connect(m_activeTree, &ItemTree::currentIdChanged, this, &AlertsPage::showDetail);
    connect(m_activeTree, &QWidget::customContextMenuRequested, this, &AlertsPage::openActiveMenu);
    connect(m_splitter, &QSplitter::splitterMoved, this,
            [this] { keep(u"splitter"_s, m_splitter->saveState()); });
    return tab;
}

QWidget* AlertsPage::buildActiveDetail()
{
    m_detail = new QWidget(this);
    m_detail->setObjectName(u"alerts.detail"_s);
    m_detail->setAccessibleName(tr("Details of the alert"));
    m_detailShape = new StateShape(18, this);
    m_detailTitle = headingLabel({}, this);
    m_facts = new FactSheet("alerts.facts", this);
    m_labels = new FactSheet("alerts.labels", this);
    m_exploreButton = button(tr("Open in Explore"), "explore", "alerts.explore", this);
    m_ruleButton = button(tr("Show rule"), "rules", "alerts.rule", this);
    m_silenceButton = button(tr("Silence…"), "silence", "alerts.silence", this);
    auto* const header = new QHBoxLayout;
    header->setSpacing(8);
    header->addWidget(m_detailShape);
    header->addWidget(m_detailTitle, 1);
    header->addWidget(m_exploreButton);
    header->addWidget(m_ruleButton);
    header->addWidget(m_silenceButton);
    auto* const sheets = new QWidget(this);
    auto* const columns = new QHBoxLayout(sheets);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(24);
    columns->addWidget(m_facts, 3);
    columns->addWidget(m_labels, 2);
    auto* const scroll = new QScrollArea(this);
    scroll->setWidget(sheets);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->viewport()->setAutoFillBackground(false);
    sheets->setAutoFillBackground(false);
    auto* const column = new QVBoxLayout(m_detail);
    column->setContentsMargins(0, 8, 0, 8);
    column->setSpacing(8);
    column->addLayout(header);
    column->addWidget(scroll, 1);
    m_detail->setMinimumHeight(180);
    connect(m_exploreButton, &QPushButton::clicked, this, [this] {
        if (const auto* const alert
            = m_active->itemAt(m_active->indexOf(m_activeTree->currentId()))) {
            emit navigate(u"explore"_s, fromUtf8(alert->expr));
        }
    });
    connect(m_ruleButton, &QPushButton::clicked, this, [this] {
        if (const auto* const alert
            = m_active->itemAt(m_active->indexOf(m_activeTree->currentId()))) {
            emit navigate(u"rules"_s, fromUtf8(alert->rule));
        }
    });
    connect(m_silenceButton, &QPushButton::clicked, this, &AlertsPage::silenceCurrent);
    return m_detail;
}

QWidget* AlertsPage::buildSilences()
{
    auto* const tab = new QWidget(this);
    auto* const filter
        = filterEdit(tr("Filter: words, state:active"), "alerts.silences.filter", this);
    filter->setMaximumWidth(420);
    m_recreate = button(tr("Silence again"), "redo", "alerts.silences.recreate", this);
    m_editSilence = button(tr("Edit…"), "edit", "alerts.silences.edit", this);
    m_extend = button(tr("Extend by 1 h"), "clock", "alerts.silences.extend", this);
    m_expire = button(tr("Expire"), "stop", "alerts.silences.expire", this);
    QPushButton* const create = button(tr("New silence"), "silence", "alerts.silences.add", this);
    auto* const top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(filter, 1);
    top->addStretch(1);
    top->addWidget(m_recreate);
    top->addWidget(m_editSilence);
    top->addWidget(m_extend);
    top->addWidget(m_expire);
    top->addWidget(create);
    m_silencesTree = new ItemTree("alerts.silences", this);
    m_silencesTree->setAccessibleName(tr("Silences"));
    m_silencesTree->setModel(m_silences);
    m_silencesTree->setColumns({0, 90, 140, 120, 220}, context().state);
    auto* const empty
        = new EmptyState(tr("Nothing is silenced."), tr("New silence"),
                         tr("A silence mutes alerts for a while, for example during maintenance."),
                         "alerts.silences.empty", this);
    m_silencesStack = new QStackedWidget(this);
    m_silencesStack->addWidget(m_silencesTree);
    m_silencesStack->addWidget(empty);
    auto* const column = new QVBoxLayout(tab);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(8);
    column->addLayout(top);
    column->addWidget(m_silencesStack, 1);

    connect(filter, &QLineEdit::textChanged, m_silences, &SilencesModel::setFilter);
    connect(create, &QPushButton::clicked, this, [this] { silence({}); });
    connect(empty, &EmptyState::actionClicked, this, [this] { silence({}); });
    connect(m_editSilence, &QPushButton::clicked, this, &AlertsPage::editCurrent);
    connect(m_extend, &QPushButton::clicked, this, &AlertsPage::extendCurrent);
    connect(m_silencesTree, &ItemTree::rowActivated, this, &AlertsPage::editCurrent);
    connect(m_expire, &QPushButton::clicked, this, &AlertsPage::expireCurrent);
    connect(m_recreate, &QPushButton::clicked, this, &AlertsPage::recreateCurrent);
    connect(m_silencesTree, &ItemTree::currentIdChanged, this, &AlertsPage::showWhat);
    return tab;
}

QWidget* AlertsPage::buildHistory()
{
    auto* const tab = new QWidget(this);
    auto* const filter
        = filterEdit(tr("Filter: words, event:firing"), "alerts.history.filter", this);
    filter->setMaximumWidth(420);
    m_historyTree = new ItemTree("alerts.history", this);
    m_historyTree->setAccessibleName(tr("What happened to alerts"));
    m_historyTree->setModel(m_history);
    m_historyTree->setColumns({150, 160, 200, 0}, context().state);
    auto* const empty
        = new EmptyState(tr("Nothing has happened yet."), {}, {}, "alerts.history.empty", this);
    m_historyStack = new QStackedWidget(this);
    m_historyStack->addWidget(m_historyTree);
    m_historyStack->addWidget(empty);
    auto* const column = new QVBoxLayout(tab);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(8);
    auto* const top = new QHBoxLayout;
    top->addWidget(filter, 1);
    top->addStretch(1);
    column->addLayout(top);
    column->addWidget(m_historyStack, 1);
    connect(filter, &QLineEdit::textChanged, m_history, &AlertHistoryModel::setFilter);
    return tab;
}

void AlertsPage::visit(const QString& item)
{
    m_tabs->setCurrentIndex(0);
    m_filter->setText(item);
    if (m_active->shownCount() == 1) {
        const QModelIndex group = m_active->index(0, 0);
        m_activeTree->select(m_active->index(0, 0, group).data(idRole).toULongLong());
    }
}

bool AlertsPage::perform(const QString& command)
{
    if (command != "new-silence"_L1) {
        return false;
    }
    silence({});
    return true;
}

void AlertsPage::takeSnapshot(const AlertsPtr& alerts)
{
    m_active->setFilter(m_filter->text());
    m_active->setSnapshot(alerts, bridge().now());
    m_silences->setSnapshot(alerts, bridge().now());
    m_history->setSnapshot(alerts);
    askOrigins();
    showWhat();
    showDetail(m_activeTree->currentId());
}

void AlertsPage::askOrigins()
{
    if (m_origins.isActive() || m_active->knowsOrigins(*bridge().alerts())) {
        return;
    }
    engine::AlertingRequest request;
    request.alerts = true;
    m_origins = bridge().inspectAlerting(
        std::move(request), this, [this](const Result<engine::AlertingState>& state) {
            if (!state) {
                return; // the next picture asks again
            }
            AlertsModel::Origins origins;
            for (const engine::RoutedAlert& each : state->alerts) {
                origins.emplace(each.alert.labels, fromUtf8(each.alert.generatorUrl));
            }
            m_active->setOrigins(std::move(origins));
            showDetail(m_activeTree->currentId());
        });
}

void AlertsPage::showWhat()
{
    const auto& alerts = *bridge().alerts();
    const QString filter = m_filter->text();
    m_firing->setText(tr("Firing %1").arg(alerts.firing));
    m_pending->setText(tr("Pending %1").arg(alerts.pending));
    m_silenced->setText(tr("Silenced %1").arg(alerts.silenced));
    m_firing->setChecked(hasState(filter, u"firing"_s));
    m_pending->setChecked(hasState(filter, u"pending"_s));
    m_silenced->setChecked(hasState(filter, u"silenced"_s));
    m_activeStack->setCurrentIndex(m_active->totalCount() == 0       ? 1
                                       : m_active->shownCount() == 0 ? 2
                                                                     : 0);
    m_silencesStack->setCurrentIndex(m_silences->totalCount() == 0 ? 1 : 0);
    m_historyStack->setCurrentIndex(m_history->totalCount() == 0 ? 1 : 0);
    const auto* const silence = currentSilence();
    const bool over = silence != nullptr
        && SilencesModel::phaseOf(*silence, bridge().now()) == SilencesModel::Phase::expired;
    m_editSilence->setEnabled(silence != nullptr && !over);
    m_extend->setEnabled(silence != nullptr && !over);
    m_expire->setEnabled(silence != nullptr && !over);
    m_recreate->setEnabled(silence != nullptr && over);
}

void AlertsPage::showDetail(std::uint64_t id)
{
    const engine::AlertStatus* const alert = m_active->itemAt(m_active->indexOf(id));
    m_detail->setVisible(alert != nullptr);
    if (alert == nullptr) {
        return;
    }
    m_detailShape->setState(shapeOf(AlertsModel::stateOf(*alert)).value_or(theme::State::unknown));
    m_detailTitle->setText(u"%1 · %2"_s.arg(AlertsModel::stateWord(*alert), fromUtf8(alert->rule)));
    QList<FactSheet::Fact> facts;
    for (const Label annotation : alert->annotations) {
        facts << FactSheet::Fact{fromUtf8(annotation.name), fromUtf8(annotation.value)};
    }
    const bool posted = isPosted(*alert);
    if (posted) {
        const QString origin = m_active->originOf(*alert);
        facts << FactSheet::Fact{tr("Posted by"), origin.isEmpty() ? tr("another program") : origin,
                                 true};
    } else {
        facts << FactSheet::Fact{tr("Expression"), fromUtf8(alert->expr), true}
              << FactSheet::Fact{tr("Value"), valueText(alert->value)};
    }
    m_exploreButton->setVisible(!posted);
    m_ruleButton->setVisible(!posted);
    facts << FactSheet::Fact{
        tr("Active"),
        tr("%1, since %2")
            .arg(spanText(bridge().now() - alert->activeAt), dateTimeText(alert->activeAt))};
    if (alert->silenced) {
        QStringList by;
        for (const std::string& silence : alert->silencedBy) {
            const auto& silences = bridge().alerts()->silences;
            const auto found = std::ranges::find(silences, silence, &engine::SilenceStatus::id);
            by << (found == silences.end() ? fromUtf8(silence)
                                           : tr("%1 (%2)").arg(matchersText(found->matchers),
                                                               fromUtf8(found->comment)));
        }
        facts << FactSheet::Fact{tr("Silenced by"), by.join(u'\n')};
    } else if (!alert->receiver.empty()) {
        facts << FactSheet::Fact{tr("Notifies"), fromUtf8(alert->receiver)};
    }
    m_facts->setFacts(facts);
    QList<FactSheet::Fact> labels;
    for (const Label label : alert->labels) {
        labels << FactSheet::Fact{fromUtf8(label.name), fromUtf8(label.value), true};
    }
    m_labels->setFacts(labels);
    m_silenceButton->setEnabled(!alert->silenced);
}

void AlertsPage::silence(const std::vector<MatcherField>& fields)
{
    (new SilenceDialog(context(), fields, window()))->open();
}

void AlertsPage::silenceCurrent()
{
    if (const auto* const alert = m_active->itemAt(m_active->indexOf(m_activeTree->currentId()))) {
        silence(fieldsFor(alert->labels));
    }
}

const engine::SilenceStatus* AlertsPage::currentSilence() const
{
    return m_silences->itemAt(m_silences->indexOf(m_silencesTree->currentId()));
}

void AlertsPage::editCurrent()
{
    const engine::SilenceStatus* const silence = currentSilence();
    if (silence != nullptr
        && SilencesModel::phaseOf(*silence, bridge().now()) != SilencesModel::Phase::expired) {
        (new SilenceDialog(context(), *silence, window()))->open();
    }
}

void AlertsPage::extendCurrent()
{
    if (const engine::SilenceStatus* const silence = currentSilence()) {
        engine::SilenceChange to;
        to.matchers = silence->matchers;
        to.startsAt = silence->startsAt;
        to.endsAt = silence->endsAt + std::chrono::hours(1);
        to.createdBy = silence->createdBy;
        to.comment = silence->comment;
        context().edits.changeSilence(tr("Silence extended by 1 h"), *silence, std::move(to), this,
                                      {});
    }
}

void AlertsPage::expireCurrent()
{
    if (const engine::SilenceStatus* const silence = currentSilence()) {
        context().edits.expireSilence(tr("Silence expired"), *silence, this, {});
    }
}

void AlertsPage::recreateCurrent()
{
    if (const engine::SilenceStatus* const old = currentSilence()) {
        silence(fieldsOf(old->matchers));
    }
}

void AlertsPage::openActiveMenu(const QPoint& at)
{
    const AlertsModel::Group* const group = m_active->groupAt(m_activeTree->indexAt(at));
    if (group == nullptr) {
        return;
    }
    auto* const menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (m_active->itemAt(m_activeTree->indexAt(at)) != nullptr) {
        menu->addAction(theme::icon("silence"), tr("Silence this alert…"), this,
                        &AlertsPage::silenceCurrent);
    }
    if (const auto* const alert = m_active->itemAt(m_activeTree->indexAt(at))) {
        menu->addAction(theme::icon("route"), tr("Show its route"), this,
                        [this, labels = labelsText(alert->labels).remove(u'"')] {
                            m_routing->tryLabels(labels);
                            m_tabs->setCurrentWidget(m_routing);
                        });
    }
    const QString rule = fromUtf8(group->all.front()->rule);
    menu->addAction(theme::icon("silence"), tr("Silence all of %1…").arg(rule), this,
                    [this, rule] { silence({{u"alertname"_s, MatchType::equal, rule}}); });
    if (!isPosted(*group->all.front())) {
        menu->addAction(theme::icon("rules"), tr("Show rule"), this,
                        [this, rule] { emit navigate(u"rules"_s, rule); });
    }
    menu->popup(m_activeTree->viewport()->mapToGlobal(at));
}

} // namespace watchfire::ui
