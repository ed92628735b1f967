// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/routing_tab.h"

#include "core/text/duration.h"
#include "ui/models/format.h"
#include "ui/pages/form_fields.h"
#include "ui/pages/form_text.h"
#include "ui/pages/plain_list.h"
#include "ui/pages/quiet_list.h"
#include "ui/pages/route_dialog.h"
#include "ui/pages/routing_edits.h"
#include "ui/pages/widgets.h"
#include "ui/theme/state.h"

#include <algorithm>
#include <utility>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QToolButton>
#include <QTreeWidget>
#include <QTreeWidgetItemIterator>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

QString spanned(config::Duration duration)
{
    return fromUtf8(text::formatDuration(duration));
}

QString joined(const std::vector<std::string>& words)
{
    QStringList out;
    for (const std::string& word : words) {
        out << fromUtf8(word);
    }
    return out.join(u", "_s);
}

QString groupText(const std::vector<std::string>& groupBy)
{
    if (groupBy == std::vector<std::string>{"..."}) {
        return RoutingTab::tr("each alert alone");
    }
    return groupBy.empty() ? RoutingTab::tr("all together") : joined(groupBy);
}

QString timesText(const RouteNode& node)
{
    QStringList parts;
    if (!node.muteTimeIntervals.empty()) {
        parts << RoutingTab::tr("muted in %1").arg(joined(node.muteTimeIntervals));
    }
    if (!node.activeTimeIntervals.empty()) {
        parts << RoutingTab::tr("only in %1").arg(joined(node.activeTimeIntervals));
    }
    return parts.join(u", "_s);
}

} // namespace

RoutingTab::RoutingTab(PageContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_labels(lineEdit(u"alerts.routing.labels"_s, tr("Labels of an alert"), this))
    , m_outcome(plainLabel({}, this))
    , m_tree(plainList("alerts.routing.tree", tr("Routes"),
                       {tr("Route"), tr("Receiver"), tr("Grouped by"), tr("First after"),
                        tr("More after"), tr("Again after"), tr("Times")},
                       this))
    , m_note(new FieldNote("alerts.routing.note", this))
{
    auto* const parts = new QSplitter(Qt::Vertical, this);
    parts->setObjectName(u"alerts.routing.parts"_s);
    parts->addWidget(buildRoutes());
    parts->addWidget(new QuietList(context, this));
    parts->setStretchFactor(0, 3);
    parts->setStretchFactor(1, 2);
    parts->setChildrenCollapsible(false);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 8);
    column->addWidget(parts);
    connect(&context.bridge, &EngineBridge::configChanged, this, &RoutingTab::takeConfig);
    takeConfig();
    tellSelection();
}

QWidget* RoutingTab::buildRoutes()
{
    m_labels->setPlaceholderText(tr("Which way would it go? severity=critical, job=node"));
    m_labels->setClearButtonEnabled(true);
    m_labels->setMinimumWidth(200);
    m_labels->setMaximumWidth(560);
    m_outcome->setObjectName(u"alerts.routing.outcome"_s);
    m_outcome->setWordWrap(true);
    constexpr std::pair<int, int> widths[]{{0, 220}, {1, 110}, {2, 130}, {3, 75}, {4, 80}, {5, 80}};
    for (const auto& [column, width] : widths) {
        m_tree->header()->resizeSection(column, width);
    }
    m_up = toolButton(tr("Move the route up"), "up", "alerts.routing.up", this);
    m_down = toolButton(tr("Move the route down"), "down", "alerts.routing.down", this);
    m_edit = button(tr("Edit…"), "edit", "alerts.routing.edit", this);
    m_delete = button(tr("Delete"), "delete", "alerts.routing.delete", this);
    QPushButton* const create = button(tr("New route"), "add", "alerts.routing.add", this);
    create->setToolTip(tr("Under the route that is selected"));
    auto* const top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(m_labels, 1);
    top->addStretch(1);
    for (QWidget* const each :
         {static_cast<QWidget*>(m_up), static_cast<QWidget*>(m_down), static_cast<QWidget*>(m_edit),
          static_cast<QWidget*>(m_delete), static_cast<QWidget*>(create)}) {
        top->addWidget(each);
    }
    auto* const box = new QWidget(this);
    auto* const column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 8);
    column->setSpacing(8);
    column->addLayout(top);
    column->addWidget(m_outcome);
    column->addWidget(m_note);
    column->addWidget(m_tree, 1);
    connect(m_labels, &QLineEdit::textChanged, this, &RoutingTab::light);
    connect(m_tree, &QTreeWidget::currentItemChanged, this, &RoutingTab::tellSelection);
    connect(m_tree, &QTreeWidget::itemActivated, this, &RoutingTab::edit);
    connect(create, &QPushButton::clicked, this, &RoutingTab::add);
    connect(m_edit, &QPushButton::clicked, this, &RoutingTab::edit);
    connect(m_delete, &QPushButton::clicked, this, &RoutingTab::remove);
    connect(m_up, &QToolButton::clicked, this, [this] { move(-1); });
    connect(m_down, &QToolButton::clicked, this, [this] { move(1); });
    auto* const pressed = new QShortcut(QKeySequence(QKeySequence::Delete), m_tree);
    pressed->setContext(Qt::WidgetWithChildrenShortcut);
    connect(pressed, &QShortcut::activated, this, &RoutingTab::remove);
    return box;
}

void RoutingTab::tryLabels(const QString& labels)
{
    m_labels->setText(labels);
}

void RoutingTab::takeConfig()
{
    const config::RouteConfig& root = m_context.bridge.config()->config.alertmanager.route;
    if (!m_nodes.empty() && root == m_root) {
        return;
    }
    const auto wanted = std::exchange(m_wanted, std::nullopt);
    const std::optional<RoutePathTo> selected = wanted ? wanted : current();
    m_root = root;
    m_nodes = routeNodes(root);
    m_items.clear();
    m_tree->clear();
    std::vector<QTreeWidgetItem*>& items = m_items;
    for (const RouteNode& node : m_nodes) {
        const QString name = items.empty() ? tr("Every alert")
            : node.matchers.empty()        ? tr("whatever comes here")
                                           : matchersText(node.matchers);
        const QStringList texts{node.continues ? tr("%1, and goes on").arg(name) : name,
                                fromUtf8(node.receiver),
                                groupText(node.groupBy),
                                spanned(node.groupWait),
                                spanned(node.groupInterval),
                                spanned(node.repeatInterval),
                                timesText(node)};
        auto* const item = items.empty() ? new QTreeWidgetItem(m_tree, texts)
                                         : new QTreeWidgetItem(items[node.parent], texts);
        item->setToolTip(0, name);
        items.push_back(item);
    }
    m_tree->expandAll();
    const std::vector<RoutePathTo> paths = allPaths(m_root);
    if (const auto kept = selected ? std::ranges::find(paths, *selected) : paths.end();
        kept != paths.end()) {
        m_tree->setCurrentItem(m_items[std::size_t(kept - paths.begin())]);
    }
    light();
    tellSelection();
}

std::optional<RoutePathTo> RoutingTab::current() const
{
    const auto found = std::ranges::find(m_items, m_tree->currentItem());
    return found == m_items.end()
        ? std::nullopt
        : std::optional(allPaths(m_root)[std::size_t(found - m_items.begin())]);
}

void RoutingTab::tellSelection()
{
    const auto path = current();
    const bool isChild = path && !path->empty();
    std::size_t siblings = 0;
    if (isChild) {
        siblings = routeAt(m_root, RoutePathTo(path->begin(), path->end() - 1))->routes.size();
    }
    m_edit->setEnabled(path.has_value());
    m_delete->setEnabled(isChild);
    m_up->setEnabled(isChild && path->back() > 0);
    m_down->setEnabled(isChild && path->back() + 1 < siblings);
    m_note->setError({});
}

Edits::Done RoutingTab::telling()
{
    return [this](const Result<void>& result) {
        m_note->setError(result ? QString() : fromUtf8(result.error().message));
    };
}

void RoutingTab::add()
{
    (new RouteDialog(m_context, current().value_or(RoutePathTo()), true, window()))->open();
}

void RoutingTab::edit()
{
    if (const auto path = current()) {
        (new RouteDialog(m_context, *path, false, window()))->open();
    }
}

void RoutingTab::remove()
{
    if (const auto path = current(); path && !path->empty()) {
        removeRoute(m_context.edits, *path, *routeAt(m_root, *path), this, telling());
    }
}

void RoutingTab::move(int by)
{
    const auto path = current();
    if (!path || path->empty()) {
        return;
    }
    m_wanted = path;
    m_wanted->back() = std::size_t(std::ptrdiff_t(path->back()) + by);
    moveRoute(m_context.edits, *path, *routeAt(m_root, *path), by, this,
              [this, tell = telling()](Result<void> result) mutable {
                  if (!result) {
                      m_wanted.reset();
                  }
                  tell(std::move(result));
              });
}

void RoutingTab::light()
{
    LabelsBuilder labels;
    for (const auto& [name, value] : readPairs(m_labels->text())) {
        labels.set(name, value);
    }
    const bool isAsked = !m_labels->text().trimmed().isEmpty();
    const RoutePath path = pathOf(m_nodes, labels.build());
    QTreeWidgetItemIterator item(m_tree);
    for (std::size_t i = 0; i < m_nodes.size() && *item != nullptr; ++i, ++item) {
        const bool isEnd = isAsked && std::ranges::contains(path.ends, i);
        const bool isPassed = isAsked && path.passed[i];
        QFont font = m_tree->font();
        font.setBold(isPassed);
        for (int column = 0; column < m_tree->columnCount(); ++column) {
            (*item)->setFont(column, font);
        }
        (*item)->setIcon(0, isEnd ? theme::stateIcon(theme::State::up) : QIcon());
        (*item)->setData(0, Qt::AccessibleTextRole,
                         isEnd          ? tr("%1: it goes here").arg((*item)->text(0))
                             : isPassed ? tr("%1: on its way").arg((*item)->text(0))
                                        : (*item)->text(0));
    }
    QStringList receivers;
    for (const std::size_t end : path.ends) {
        receivers << fromUtf8(m_nodes[end].receiver);
    }
    receivers.removeDuplicates();
    m_outcome->setText(!isAsked ? tr("Type the labels of an alert to see the way it goes.")
                                : tr("Goes to: %1").arg(receivers.join(u", "_s)));
}

} // namespace watchfire::ui
