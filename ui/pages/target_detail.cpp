// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/target_detail.h"

#include "core/text/duration.h"
#include "ui/models/format.h"
#include "ui/models/scrape_log_model.h"
#include "ui/models/targets_model.h"
#include "ui/pages/item_tree.h"
#include "ui/pages/relabel_view.h"
#include "ui/pages/response_view.h"
#include "ui/pages/target_actions.h"
#include "ui/pages/widgets.h"

#include <algorithm>
#include <utility>

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QTabWidget>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

QLabel* sentence(const QByteArray& name, QWidget* parent)
{
    QLabel* const label = plainLabel({}, parent);
    label->setObjectName(QString::fromLatin1(name));
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->hide();
    return label;
}

void say(QLabel* label, const QString& text)
{
    label->setText(text);
    label->setVisible(!text.isEmpty());
}

QString scrapedText(const engine::TargetStatus& target, Timestamp now)
{
    return target.lastScrape == Timestamp{}
        ? TargetDetailPane::tr("not yet")
        : TargetDetailPane::tr("%1, took %2, %Ln sample(s)", nullptr, int(target.samples))
              .arg(agoText(target.lastScrape, now), durationText(target.lastDuration));
}

QString scheduleText(const engine::TargetStatus& target)
{
    const QString interval = fromUtf8(text::formatDuration(target.interval));
    const QString timeout = fromUtf8(text::formatDuration(target.timeout));
    return target.scrapeOffset.count() == 0
        ? TargetDetailPane::tr("every %1, timeout %2").arg(interval, timeout)
        : TargetDetailPane::tr("every %1, %2 into it, timeout %3")
              .arg(interval, durationText(target.scrapeOffset), timeout);
}

QList<FactSheet::Fact> labelFacts(const Labels& labels)
{
    QList<FactSheet::Fact> facts;
    for (const Label label : labels) {
        facts << FactSheet::Fact{fromUtf8(label.name), fromUtf8(label.value), true};
    }
    return facts;
}

} // namespace

TargetDetailPane::TargetDetailPane(PageContext& context, TargetActions& actions,
                                   const QByteArray& prefix, TargetsList list, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_actions(actions)
    , m_list(list)
    , m_shape(new StateShape(18, this))
    , m_title(new ElidedLabel(this))
    , m_error(sentence(prefix + ".detail.error", this))
    , m_warning(sentence(prefix + ".detail.warning", this))
{
    setObjectName(QString::fromLatin1(prefix + ".detail"));
    setAccessibleName(tr("Details of the target"));
    auto* const header = buildHeader(prefix);
    buildTabs(prefix);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 8);
    column->setSpacing(4);
    column->addLayout(header);
    column->addWidget(m_error);
    column->addWidget(m_warning);
    column->addWidget(m_tabs, 1);
    setMinimumHeight(180);
    hide();
    connect(m_tabs, &QTabWidget::currentChanged, this, [this] {
        if (needsDetail()) {
            ask();
        } else {
            fillTab();
        }
    });
    connect(&actions, &TargetActions::scraped, this, [this](std::uint64_t id) {
        if (id == m_id) {
            askAgain();
        }
    });
}

QHBoxLayout* TargetDetailPane::buildHeader(const QByteArray& prefix)
{
    m_title->setObjectName(QString::fromLatin1(prefix + ".detail.title"));
    QFont font = m_title->font();
    font.setBold(true);
    font.setPointSizeF(font.pointSizeF() * 1.15);
    m_title->setFont(font);
    auto* const row = new QHBoxLayout;
    row->setSpacing(4);
    row->addWidget(m_shape);
    row->addSpacing(4);
    row->addWidget(m_title, 1);
    if (m_list == TargetsList::scraped) {
        addButton(row, m_actions.graph(), prefix + ".graph", true);
        addButton(row, m_actions.scrapeNow(), prefix + ".scrapeNow", true);
    }
    addButton(row, m_actions.editJob(), prefix + ".edit", false);
    addButton(row, m_actions.cloneJob(), prefix + ".clone", false);
    addButton(row, m_actions.pauseJob(), prefix + ".pause", false);
    addButton(row, m_actions.deleteJob(), prefix + ".delete", false);
    return row;
}

/// A button that is the action: enabled and worded as it is.
void TargetDetailPane::addButton(QHBoxLayout* row, QAction* action, const QByteArray& name,
                                 bool isWide)
{
    auto* const made = new QToolButton(this);
    made->setObjectName(QString::fromLatin1(name));
    made->setToolButtonStyle(isWide ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
    made->setIconSize(QSize(16, 16));
    made->setMinimumSize(28, 28);
    made->setAutoRaise(!isWide);
    made->setFocusPolicy(Qt::StrongFocus);
    row->addWidget(made);
    const auto follow = [made, action] {
        QString text = action->text();
        made->setAccessibleName(text.remove(u'…'));
        made->setIcon(action->icon());
        made->setText(text);
        made->setEnabled(action->isEnabled());
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        made->setToolTip(keys.isEmpty() ? text : u"%1 (%2)"_s.arg(text, keys));
    };
    connect(action, &QAction::changed, made, follow);
    connect(made, &QToolButton::clicked, action, &QAction::trigger);
    follow();
}

QWidget* TargetDetailPane::sheetPage(const QList<std::pair<QString, FactSheet*>>& sheets)
{
    auto* const page = new QWidget(this);
    auto* const columns = new QHBoxLayout(page);
    columns->setContentsMargins(4, 8, 4, 4);
    columns->setSpacing(24);
    for (const auto& [title, sheet] : sheets) {
        auto* const column = new QVBoxLayout;
        column->setSpacing(4);
        if (!title.isEmpty()) {
            QLabel* const label = plainLabel(title, page);
            QFont bold = label->font();
            bold.setBold(true);
            label->setFont(bold);
            column->addWidget(label);
        }
        column->addWidget(sheet, 1);
        columns->addLayout(column, 1);
    }
    auto* const scroll = new QScrollArea(this);
    scroll->setWidget(page);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->viewport()->setAutoFillBackground(false);
    page->setAutoFillBackground(false);
    return scroll;
}

void TargetDetailPane::buildTabs(const QByteArray& prefix)
{
    m_tabs = new QTabWidget(this);
    m_tabs->setObjectName(QString::fromLatin1(prefix + ".detail.tabs"));
    m_tabs->setDocumentMode(true);
    m_facts = new FactSheet((prefix + ".facts").constData(), this);
    m_labels = new FactSheet((prefix + ".labels").constData(), this);
    m_discovered = new FactSheet((prefix + ".discovered").constData(), this);
    m_relabel = new RelabelView(prefix, this);
    m_response = new ResponseView(prefix, this);
    m_log = new ScrapeLogModel(this);
    auto* const log = new QTreeView(this);
    log->setObjectName(QString::fromLatin1(prefix + ".log"));
    log->setAccessibleName(tr("Scrapes of the target, newest first"));
    log->setItemDelegate(new ItemDelegate(log));
    log->setRootIsDecorated(false);
    log->setUniformRowHeights(true);
    log->setAllColumnsShowFocus(true);
    log->setFrameShape(QFrame::NoFrame);
    log->setModel(m_log);
    log->header()->setHighlightSections(false);
    log->header()->resizeSection(ScrapeLogModel::time, 150);
    log->header()->resizeSection(ScrapeLogModel::result, 96);
    log->header()->resizeSection(ScrapeLogModel::took, 84);
    log->header()->resizeSection(ScrapeLogModel::samples, 84);
    m_logNote = mutedLabel({}, this);
    auto* const logPage = new QWidget(this);
    auto* const logColumn = new QVBoxLayout(logPage);
    logColumn->setContentsMargins(0, 4, 0, 0);
    logColumn->addWidget(m_logNote);
    logColumn->addWidget(log, 1);
    m_tabs->addTab(sheetPage({{QString(), m_facts}}), tr("Overview"));
    m_tabs->addTab(sheetPage({{tr("Labels"), m_labels}, {tr("Discovered"), m_discovered}}),
                   tr("Labels"));
    m_tabs->addTab(m_relabel, tr("Relabel steps"));
    m_tabs->addTab(m_response, tr("Last response"));
    m_tabs->addTab(logPage, tr("Log"));
    connect(m_response, &ResponseView::refreshWanted, this, &TargetDetailPane::askAgain);
}

void TargetDetailPane::showOnly(std::initializer_list<Tab> tabs)
{
    for (int tab = overviewTab; tab <= logTab; ++tab) {
        m_tabs->setTabVisible(tab, std::ranges::contains(tabs, Tab(tab)));
    }
}

void TargetDetailPane::clear()
{
    m_pending.cancel();
    m_target.reset();
    m_detail.reset();
    m_id = 0;
    hide();
}

void TargetDetailPane::showTarget(const engine::TargetStatus& target)
{
    const std::uint64_t id = rowId(target);
    const bool isOther = id != m_id || !m_target;
    const bool isFirst = m_target && m_target->lastScrape == Timestamp{};
    m_target = target;
    m_id = id;
    if (isOther) {
        m_pending.cancel();
        m_detail.reset();
        m_filled.fill(false);
        sayInTabs(QString());
        if (m_list == TargetsList::dropped) {
            showOnly({labelsTab, relabelTab});
        } else {
            showOnly({overviewTab, labelsTab, relabelTab, responseTab, logTab});
        }
    }
    const bool isDropped = m_list == TargetsList::dropped;
    const QString endpoint = TargetsModel::endpointOf(target);
    m_title->setText(isDropped ? tr("Dropped · %1").arg(endpoint)
                               : u"%1 · %2"_s.arg(TargetsModel::stateWord(target), endpoint));
    m_shape->setVisible(!isDropped);
    m_shape->setState(shapeOf(TargetsModel::stateOf(target)).value_or(theme::State::unknown));
    say(m_error, fromUtf8(target.lastError));
    say(m_warning,
        target.lastWarning.empty() ? QString()
                                   : tr("Not taken: %1").arg(fromUtf8(target.lastWarning)));
    showFacts();
    showLabels();
    show();
    // The log follows; an answer that somebody reads stays until they ask for a newer one.
    const bool follows
        = m_tabs->currentIndex() == logTab || (m_tabs->currentIndex() == responseTab && isFirst);
    if (isOther ? needsDetail() : follows && target.lastScrape != m_detailOf) {
        ask();
    }
}

void TargetDetailPane::showFacts()
{
    const engine::TargetStatus& target = *m_target;
    QList<FactSheet::Fact> facts{
        {tr("Job"), fromUtf8(target.job)},
        {tr("URL"), fromUtf8(target.url), true},
        {tr("Last scrape"), scrapedText(target, m_context.bridge.now())},
        {tr("Schedule"), scheduleText(target)},
    };
    if (target.missedTurns > 0) {
        facts << FactSheet::Fact{tr("Missed turns"), countText(target.missedTurns)};
    }
    m_facts->setFacts(facts);
}

void TargetDetailPane::showLabels()
{
    m_labels->setFacts(labelFacts(m_target->labels));
    m_discovered->setFacts(labelFacts(m_target->discoveredLabels));
}

void TargetDetailPane::showJob(const TargetGroup& group)
{
    m_pending.cancel();
    m_target.reset();
    m_detail.reset();
    m_id = 0;
    showOnly({overviewTab});
    m_title->setText(tr("Job %1").arg(fromUtf8(group.job)));
    m_shape->hide();
    say(m_error, {});
    say(m_warning, {});
    QList<FactSheet::Fact> facts{{tr("Targets"), countText(group.counts.all())}};
    const auto add = [&](TargetState state, const QString& name) {
        if (const auto count = group.counts.of(state); count > 0) {
            facts << FactSheet::Fact{name, countText(count)};
        }
    };
    add(TargetState::up, tr("Up"));
    add(TargetState::down, tr("Down"));
    add(TargetState::unknown, tr("Not scraped yet"));
    add(TargetState::paused, tr("Paused"));
    for (const engine::DiscoveryStatus* discovery : group.discoveries) {
        const QString name = tr("%1 discovery").arg(fromUtf8(discovery->kind));
        const QString found = discovery->lastUpdate == Timestamp{}
            ? tr("no answer yet")
            : tr("%1 found, %2")
                  .arg(countText(discovery->targets),
                       agoText(discovery->lastUpdate, m_context.bridge.now()));
        facts << FactSheet::Fact{name, u"%1 — %2"_s.arg(fromUtf8(discovery->source), found)};
        if (!discovery->lastError.empty()) {
            facts << FactSheet::Fact{tr("Its last error"), fromUtf8(discovery->lastError)};
        }
    }
    m_facts->setFacts(facts);
    show();
}

void TargetDetailPane::setNow(Timestamp now)
{
    if (m_target) {
        showFacts();
    }
    m_response->setNow(now);
}

} // namespace watchfire::ui
