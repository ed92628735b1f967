// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/alerts_page.h"

#include "ui/models/alerts_model.h"
#include "ui/models/format.h"
#include "ui/models/silences_model.h"
#include "ui/pages/alert_detail.h"
#include "ui/pages/alert_history_tab.h"
#include "ui/pages/filter_text.h"
#include "ui/pages/inhibition_tab.h"
#include "ui/pages/item_tree.h"
#include "ui/pages/receivers_tab.h"
#include "ui/pages/routing_tab.h"
#include "ui/pages/silence_dialog.h"
#include "ui/pages/silence_warning.h"
#include "ui/pages/widgets.h"
#include "ui/theme/icons.h"

#include <algorithm>

#include <QDesktopServices>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
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
    auto* const history = new AlertHistoryTab(context, this);
    m_tabs->addTab(history, theme::icon("history"), tr("History"));
    connect(history, &AlertHistoryTab::exploreWanted, this,
            [this](const QString& expr) { emit navigate(u"explore"_s, expr); });
    connect(history, &AlertHistoryTab::ruleWanted, this,
            [this](const QString& rule) { emit navigate(u"rules"_s, rule); });
    auto* const ending = new SilenceWarning(context, this);
    connect(ending, &SilenceWarning::showWanted, this,
            [this](const QString& id) { showSilence(id.toStdString()); });
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(pageMargin, pageMargin, pageMargin, 0);
    column->addWidget(ending);
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
    m_activeTree->setColumns({120, 0, 90, 90, 80, 0}, context().state);
    m_splitter = new QSplitter(Qt::Vertical, this);
    m_splitter->addWidget(m_activeTree);
    m_detail = new AlertDetail(context(), this);
    connectDetail();
    m_splitter->addWidget(m_detail);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setCollapsible(0, false);
    m_splitter->restoreState(kept(u"splitter"_s).toByteArray());
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

void AlertsPage::connectDetail()
{
    connect(m_detail, &AlertDetail::exploreWanted, this,
            [this](const QString& expr) { emit navigate(u"explore"_s, expr); });
    connect(m_detail, &AlertDetail::ruleWanted, this,
            [this](const QString& rule) { emit navigate(u"rules"_s, rule); });
    connect(m_detail, &AlertDetail::silenceWanted, this, &AlertsPage::silenceCurrent);
    connect(m_detail, &AlertDetail::repeatSilenceWanted, this, [this](const QString& id) {
        const auto& silences = bridge().alerts()->silences;
        const auto found
            = std::ranges::find(silences, id.toStdString(), &engine::SilenceStatus::id);
        if (found != silences.end()) {
            recreate(*found);
        }
    });
    connect(m_detail, &AlertDetail::addressWanted, this,
            [](const QUrl& address) { QDesktopServices::openUrl(address); });
    connect(m_detail, &AlertDetail::linkActivated, this, &AlertsPage::follow);
}

void AlertsPage::follow(const TraceLink& link)
{
    switch (link.to) {
    case TraceLink::To::rule:
        emit navigate(u"rules"_s, link.target);
        break;
    case TraceLink::To::route:
        m_routing->tryLabels(link.target);
        m_tabs->setCurrentWidget(m_routing);
        break;
    case TraceLink::To::silence:
        showSilence(link.target.toStdString());
        break;
    case TraceLink::To::alert:
        m_filter->clear(); // it may not fit
        m_activeTree->select(link.target.toULongLong());
        break;
    }
}

void AlertsPage::showSilence(const std::string& id)
{
    m_tabs->setCurrentIndex(silencesTab);
    m_silencesFilter->clear();
    m_silencesTree->select(SilencesModel::idOf(id));
}

QWidget* AlertsPage::buildSilences()
{
    auto* const tab = new QWidget(this);
    m_silencesFilter
        = filterEdit(tr("Filter: words, state:active"), "alerts.silences.filter", this);
    m_silencesFilter->setMaximumWidth(420);
    m_recreate = button(tr("Silence again"), "redo", "alerts.silences.recreate", this);
    m_editSilence = button(tr("Edit…"), "edit", "alerts.silences.edit", this);
    m_extend = button(tr("Extend by 1 h"), "clock", "alerts.silences.extend", this);
    m_expire = button(tr("Expire"), "stop", "alerts.silences.expire", this);
    QPushButton* const create = button(tr("New silence"), "silence", "alerts.silences.add", this);
    auto* const top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(m_silencesFilter, 1);
    top->addStretch(1);
    top->addWidget(m_recreate);
    top->addWidget(m_editSilence);
    top->addWidget(m_extend);
    top->addWidget(m_expire);
    top->addWidget(create);
    m_silencesTree = new ItemTree("alerts.silences", this);
    m_silencesTree->setAccessibleName(tr("Silences"));
    m_silencesTree->setModel(m_silences);
    m_silencesTree->setColumns({0, 90, 130, 90, 0}, context().state);
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

    connect(m_silencesFilter, &QLineEdit::textChanged, m_silences, &SilencesModel::setFilter);
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
    m_detail->showAlert(alert, alert != nullptr ? m_active->originOf(*alert) : QString());
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
        extendSilence(context().edits, *silence, this);
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
        recreate(*old);
    }
}

void AlertsPage::recreate(const engine::SilenceStatus& old)
{
    auto* const dialog = new SilenceDialog(context(), fieldsOf(old.matchers), window());
    dialog->setReason(fromUtf8(old.createdBy), fromUtf8(old.comment));
    dialog->open();
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
