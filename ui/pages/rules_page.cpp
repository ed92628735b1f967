// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rules_page.h"

#include "core/text/duration.h"
#include "ui/models/format.h"
#include "ui/models/rules_model.h"
#include "ui/pages/import_dialog.h"
#include "ui/pages/item_tree.h"
#include "ui/pages/rule_delegate.h"
#include "ui/pages/rule_dialog.h"
#include "ui/pages/rule_group_dialog.h"
#include "ui/pages/starter_banner.h"
#include "ui/pages/starter_dialog.h"
#include "ui/pages/widgets.h"
#include "ui/theme/icons.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

RulesPage::RulesPage(PageContext& context, QWidget* parent)
    : Page(context, u"rules"_s, parent)
    , m_model(new RulesModel(this))
{
    m_tree = new ItemTree("rules.tree", this);
    m_tree->setAccessibleName(tr("Rules by group"));
    m_tree->setItemDelegate(new RuleDelegate(m_tree));
    m_tree->setModel(m_model);
    m_tree->setColumns({210, 100, 0, 130, 90, 80, 80, 140}, context.state);
    m_splitter = new QSplitter(Qt::Vertical, this);
    m_splitter->setObjectName(u"rules.splitter"_s);
    m_splitter->addWidget(m_tree);
    m_splitter->addWidget(buildDetail());
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setCollapsible(0, false);
    m_detail->hide();

    auto* const empty = new EmptyState(tr("No rules yet."), tr("New alert rule"),
                                       tr("Starter rules for the usual troubles are under More."),
                                       "rules.empty", this);
    auto* const nothing
        = new EmptyState(tr("No rule fits the filter."), tr("Show all"), {}, "rules.nothing", this);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(empty);
    m_stack->addWidget(nothing);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(pageMargin, pageMargin, pageMargin, 0);
    column->setSpacing(8);
    column->addWidget(buildTop());
    column->addWidget(new StarterBanner(context, "rules.starter", this));
    column->addWidget(m_stack, 1);

    connect(empty, &EmptyState::actionClicked, this, [this] { perform(u"new-rule"_s); });
    connect(nothing, &EmptyState::actionClicked, m_filter, &QLineEdit::clear);
    connect(m_tree, &ItemTree::currentIdChanged, this, &RulesPage::showDetail);
    connect(m_tree, &ItemTree::rowActivated, this, &RulesPage::edit);
    connect(m_tree, &QWidget::customContextMenuRequested, this, &RulesPage::openMenu);
    connect(m_splitter, &QSplitter::splitterMoved, this,
            [this] { keep(u"splitter"_s, m_splitter->saveState()); });
    m_splitter->restoreState(kept(u"splitter"_s).toByteArray());
    connect(&bridge(), &EngineBridge::rulesChanged, this, &RulesPage::takeSnapshot);
    m_filter->setText(kept(u"filter"_s).toString());
    takeSnapshot(bridge().rules());
}

QWidget* RulesPage::buildTop()
{
    auto* const top = new QWidget(this);
    m_filter = filterEdit(tr("Filter: words, state:firing, group:hosts"), "rules.filter", this);
    m_filter->setMinimumWidth(240);
    m_filter->setMaximumWidth(420);
    m_counts = mutedLabel({}, this);
    QPushButton* const more = button(tr("More"), "more", "rules.more", this);
    auto* const menu = new QMenu(more);
    menu->setObjectName(u"rules.more.menu"_s);
    menu->addAction(theme::icon("rules"), tr("Starter rules…"), this,
                    [this] { (new StarterDialog(context(), window()))->open(); })
        ->setObjectName(u"rules.more.starter"_s);
    menu->addAction(theme::icon("import"), tr("Import rule files…"), this,
                    [this] { (new ImportDialog(context(), window()))->show(); })
        ->setObjectName(u"rules.more.import"_s);
    more->setMenu(menu);
    QPushButton* const record = button(tr("New recording rule"), nullptr, "rules.addRecord", this);
    QPushButton* const add = button(tr("New alert rule"), "add", "rules.add", this);
    auto* const row = new QHBoxLayout(top);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_filter, 1);
    row->addWidget(m_counts);
    row->addStretch(1);
    row->addWidget(more);
    row->addWidget(record);
    row->addWidget(add);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_model->setFilter(text);
        keep(u"filter"_s, text);
        showWhat();
    });
    connect(add, &QPushButton::clicked, this, [this] { perform(u"new-rule"_s); });
    connect(record, &QPushButton::clicked, this, [this] { perform(u"new-recording"_s); });
    return top;
}

QWidget* RulesPage::buildDetail()
{
    m_detail = new QWidget(this);
    m_detail->setObjectName(u"rules.detail"_s);
    m_detail->setAccessibleName(tr("Details of the rule"));
    m_detailShape = new StateShape(18, this);
    m_detailTitle = headingLabel({}, this);
    m_detailError = plainLabel({}, this);
    m_detailError->setWordWrap(true);
    m_detailError->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_facts = new FactSheet("rules.facts", this);
    QPushButton* const open = button(tr("Open in Explore"), "explore", "rules.explore", this);
    m_edit = button(tr("Edit"), "edit", "rules.edit", this);
    m_delete = button(tr("Delete"), "delete", "rules.delete", this);
    auto* const header = new QHBoxLayout;
    header->setSpacing(8);
    header->addWidget(m_detailShape);
    header->addWidget(m_detailTitle, 1);
    header->addWidget(open);
    header->addWidget(m_edit);
    header->addWidget(m_delete);
    auto* const scroll = new QScrollArea(this);
    scroll->setWidget(m_facts);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->viewport()->setAutoFillBackground(false);
    m_facts->setAutoFillBackground(false);
    auto* const column = new QVBoxLayout(m_detail);
    column->setContentsMargins(0, 8, 0, 8);
    column->setSpacing(8);
    column->addLayout(header);
    column->addWidget(m_detailError);
    column->addWidget(scroll, 1);
    m_detail->setMinimumHeight(180);
    connect(open, &QPushButton::clicked, this, &RulesPage::explore);
    connect(m_edit, &QPushButton::clicked, this, &RulesPage::edit);
    connect(m_delete, &QPushButton::clicked, this, &RulesPage::remove);
    return m_detail;
}

/// Where there is no room for all of a row, what only the detail tells in full goes first.
void RulesPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    constexpr int roomForAll = 1000;
    for (const int column : {RulesModel::duration, RulesModel::nextDue, RulesModel::error}) {
        m_tree->setColumnHidden(column, width() < roomForAll);
    }
}

void RulesPage::visit(const QString& item)
{
    m_filter->setText(item);
}

bool RulesPage::perform(const QString& command)
{
    if (command != "new-rule"_L1 && command != "new-recording"_L1) {
        return false;
    }
    (new RuleDialog(context(), std::nullopt, command == "new-rule"_L1, window()))->open();
    return true;
}

void RulesPage::takeSnapshot(const RulesPtr& rules)
{
    m_model->setFilter(m_filter->text());
    m_model->setSnapshot(rules, bridge().now());
    showWhat();
    showDetail(m_tree->currentId());
}

void RulesPage::showWhat()
{
    const int groups = int(bridge().rules()->groups.size());
    m_counts->setText(
        m_model->isFiltered()
            ? tr("%1 of %2 shown").arg(m_model->shownCount()).arg(m_model->totalCount())
            : tr("Rules %1 · Groups %2").arg(m_model->totalCount()).arg(groups));
    m_stack->setCurrentIndex(m_model->totalCount() == 0 ? 1 : m_model->shownCount() == 0 ? 2 : 0);
}

const RuleRow* RulesPage::current() const
{
    return m_model->itemAt(m_model->indexOf(m_tree->currentId()));
}

std::optional<PlacedRule> RulesPage::placed(const RuleRow& row) const
{
    // The configuration is what gets changed; the snapshot of the rules may lag behind it.
    for (const config::RuleGroupConfig& group : bridge().config()->config.ruleGroups) {
        if (group.name != row.group->name || group.file != row.group->file) {
            continue;
        }
        if (row.position < group.rules.size()
            && group.rules[row.position].name() == row.status->rule.name()) {
            return PlacedRule{{group.name, group.file}, group.rules[row.position], row.position};
        }
    }
    return std::nullopt;
}

void RulesPage::showDetail(std::uint64_t id)
{
    const RuleRow* const row = m_model->itemAt(m_model->indexOf(id));
    m_detail->setVisible(row != nullptr);
    if (row == nullptr) {
        return;
    }
    const engine::RuleStatus& status = *row->status;
    const config::RuleConfig& rule = status.rule;
    m_detailShape->setState(shapeOf(RulesModel::stateOf(status)).value_or(theme::State::unknown));
    m_detailTitle->setText(u"%1 · %2"_s.arg(RulesModel::stateWord(status), fromUtf8(rule.name())));
    m_detailError->setText(fromUtf8(status.lastError));
    m_detailError->setVisible(!status.lastError.empty());
    QList<FactSheet::Fact> facts{{tr("Expression"), fromUtf8(rule.expr), true}};
    if (rule.isAlerting()) {
        facts << FactSheet::Fact{
            tr("Fires"),
            rule.forDuration.count() == 0
                ? tr("as soon as it holds")
                : tr("after holding for %1").arg(fromUtf8(text::formatDuration(rule.forDuration)))};
    }
    for (const auto& [name, value] : rule.labels) {
        facts << FactSheet::Fact{fromUtf8(name), fromUtf8(value)};
    }
    for (const auto& [name, value] : rule.annotations) {
        facts << FactSheet::Fact{fromUtf8(name), fromUtf8(value)};
    }
    facts << FactSheet::Fact{tr("Group"),
                             tr("%1, every %2, %3")
                                 .arg(fromUtf8(row->group->name),
                                      fromUtf8(text::formatDuration(row->group->interval)),
                                      fromUtf8(row->group->file))};
    m_facts->setFacts(facts);
    const bool known = placed(*row).has_value();
    m_edit->setEnabled(known);
    m_delete->setEnabled(known);
}

void RulesPage::explore()
{
    if (const RuleRow* const row = current()) {
        emit navigate(u"explore"_s, fromUtf8(row->status->rule.expr));
    }
}

void RulesPage::edit()
{
    if (const RuleRow* const row = current()) {
        if (auto rule = placed(*row)) {
            (new RuleDialog(context(), std::move(rule), true, window()))->open();
        }
    }
}

void RulesPage::remove()
{
    if (const RuleRow* const row = current()) {
        if (const auto rule = placed(*row)) {
            removeRule(context().edits, *rule, this, {});
        }
    }
}

void RulesPage::openMenu(const QPoint& at)
{
    const QModelIndex index = m_tree->indexAt(at);
    if (m_model->itemAt(index) == nullptr) {
        if (const engine::RuleGroupStatus* const group = m_model->groupStatusAt(index)) {
            openGroupMenu(*group, at);
        }
        return;
    }
    auto* const menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(theme::icon("explore"), tr("Open in Explore"), this, &RulesPage::explore);
    if (current() != nullptr && current()->status->rule.isAlerting()) {
        menu->addAction(theme::icon("alerts"), tr("Show its alerts"), this, [this] {
            emit navigate(u"alerts"_s, u"alertname:"_s + fromUtf8(current()->status->rule.name()));
        });
    }
    menu->addSeparator();
    menu->addAction(theme::icon("edit"), tr("Edit…"), this, &RulesPage::edit);
    menu->addAction(theme::icon("copy"), tr("Duplicate…"), this, &RulesPage::duplicate);
    menu->addAction(theme::icon("delete"), tr("Delete"), this, &RulesPage::remove);
    menu->popup(m_tree->viewport()->mapToGlobal(at));
}

void RulesPage::openGroupMenu(const engine::RuleGroupStatus& group, const QPoint& at)
{
    // Found again when something is chosen: the configuration may be another one by then.
    const auto withGroup = [this, key = RuleGroupKey{group.name, group.file}](auto use) {
        return [this, key, use] {
            if (const auto* const found = ruleGroupOf(bridge().config()->config, key)) {
                use(*found);
            }
        };
    };
    const QString name = fromUtf8(group.name);
    auto* const menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(theme::icon("add"), tr("New alert rule here…"), this, [this, name] {
        config::RuleConfig start;
        start.alert = "NewRule";
        start.forDuration = std::chrono::minutes(5);
        start.labels = {{"severity", "warning"}};
        (new RuleDialog(context(), start, name, window()))->open();
    });
    menu->addAction(theme::icon("settings"), tr("Group settings…"), this,
                    withGroup([this](const config::RuleGroupConfig& found) {
                        (new RuleGroupDialog(context(), found, window()))->open();
                    }))
        ->setObjectName(u"rules.group.settings"_s);
    menu->addSeparator();
    menu->addAction(theme::icon("delete"), tr("Delete group with its rules"), this,
                    withGroup([this](const config::RuleGroupConfig& found) {
                        removeGroup(context().edits, found, this, {});
                    }))
        ->setObjectName(u"rules.group.delete"_s);
    menu->popup(m_tree->viewport()->mapToGlobal(at));
}

void RulesPage::duplicate()
{
    const RuleRow* const row = current();
    const auto rule = row != nullptr ? placed(*row) : std::nullopt;
    if (!rule) {
        return;
    }
    config::RuleConfig copy = rule->rule;
    (copy.isAlerting() ? copy.alert : copy.record) += copy.isAlerting() ? "Copy" : "_copy";
    (new RuleDialog(context(), copy, fromUtf8(rule->group.name), window()))->open();
}

} // namespace watchfire::ui
