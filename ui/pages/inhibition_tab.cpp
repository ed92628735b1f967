// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/inhibition_tab.h"

#include "ui/models/format.h"
#include "ui/pages/form_text.h"
#include "ui/pages/inhibition_dialog.h"
#include "ui/pages/inhibition_edits.h"
#include "ui/pages/plain_list.h"
#include "ui/pages/routing.h"
#include "ui/pages/widgets.h"
#include "ui/theme/state.h"

#include <utility>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace watchfire::ui {

InhibitionTab::InhibitionTab(PageContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_stack(new QStackedWidget(this))
    , m_rules(plainList("alerts.inhibition", tr("Inhibition rules"),
                        {tr("While this fires"), tr("these are muted"), tr("where equal"),
                         tr("Sources now"), tr("Muted now")},
                        this))
    , m_note(new FieldNote("alerts.inhibition.note", this))
{
    m_stack->addWidget(buildList());
    auto* const empty = new EmptyState(tr("No alert mutes another."), tr("New inhibition rule"),
                                       tr("When a host is down, what runs on it need not be told "
                                          "as well: a rule mutes some alerts "
                                          "while others fire."),
                                       "alerts.inhibition.empty", this);
    connect(empty, &EmptyState::actionClicked, this, &InhibitionTab::add);
    m_stack->addWidget(empty);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 8);
    column->addWidget(m_stack);
    connect(&context.bridge, &EngineBridge::configChanged, this, &InhibitionTab::tell);
    connect(&context.bridge, &EngineBridge::alertsChanged, this, &InhibitionTab::tell);
    tellSelection();
}

void InhibitionTab::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    tell();
}

QWidget* InhibitionTab::buildList()
{
    m_rules->setRootIsDecorated(false);
    m_rules->header()->setStretchLastSection(false);
    for (const int section : {0, 1}) {
        m_rules->header()->setSectionResizeMode(section, QHeaderView::Stretch);
    }
    for (const auto& [section, width] : {std::pair(2, 150), std::pair(3, 100), std::pair(4, 100)}) {
        m_rules->header()->resizeSection(section, width);
    }
    m_edit = button(tr("Edit…"), "edit", "alerts.inhibition.edit", this);
    m_delete = button(tr("Delete"), "delete", "alerts.inhibition.delete", this);
    QPushButton* const create
        = button(tr("New inhibition rule"), "add", "alerts.inhibition.add", this);
    auto* const top = new QHBoxLayout;
    top->setSpacing(8);
    top->addStretch(1);
    top->addWidget(m_edit);
    top->addWidget(m_delete);
    top->addWidget(create);
    auto* const box = new QWidget(this);
    auto* const column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addLayout(top);
    column->addWidget(m_note);
    column->addWidget(m_rules, 1);
    connect(m_rules, &QTreeWidget::currentItemChanged, this, &InhibitionTab::tellSelection);
    connect(m_rules, &QTreeWidget::itemActivated, this, &InhibitionTab::edit);
    connect(create, &QPushButton::clicked, this, &InhibitionTab::add);
    connect(m_edit, &QPushButton::clicked, this, &InhibitionTab::edit);
    connect(m_delete, &QPushButton::clicked, this, &InhibitionTab::remove);
    auto* const pressed = new QShortcut(QKeySequence(QKeySequence::Delete), m_rules);
    pressed->setContext(Qt::WidgetWithChildrenShortcut);
    connect(pressed, &QShortcut::activated, this, &InhibitionTab::remove);
    return box;
}

void InhibitionTab::tell()
{
    if (!isVisible()) {
        return;
    }
    m_shown = m_context.bridge.config()->config.alertmanager.inhibitRules;
    const auto& alerts = m_context.bridge.alerts()->alerts;
    m_stack->setCurrentIndex(m_shown.empty() ? 1 : 0);
    while (m_rules->topLevelItemCount() > int(m_shown.size())) {
        delete m_rules->takeTopLevelItem(m_rules->topLevelItemCount() - 1);
    }
    for (std::size_t i = 0; i < m_shown.size(); ++i) {
        const config::InhibitRuleConfig& rule = m_shown[i];
        const InhibitionNow now = inhibitionNow(rule, alerts);
        QTreeWidgetItem* item = m_rules->topLevelItem(int(i));
        if (item == nullptr) {
            item = new QTreeWidgetItem(m_rules);
        }
        const auto alertsText = [](const Matchers& matchers) {
            return matchers.empty() ? tr("every alert") : matchersText(matchers);
        };
        const QStringList texts{alertsText(rule.source), alertsText(rule.target),
                                rule.equal.empty() ? tr("whatever their labels")
                                                   : wordsText(rule.equal),
                                countText(now.sources), countText(now.targets.size())};
        for (int column = 0; column < int(texts.size()); ++column) {
            item->setText(column, texts[column]);
            item->setToolTip(column, texts[column]);
        }
        item->setIcon(4, now.targets.empty() ? QIcon() : theme::stateIcon(theme::State::silenced));
    }
}

std::optional<std::size_t> InhibitionTab::current() const
{
    const int row = m_rules->indexOfTopLevelItem(m_rules->currentItem());
    return row < 0 || std::size_t(row) >= m_shown.size() ? std::nullopt
                                                         : std::optional(std::size_t(row));
}

void InhibitionTab::tellSelection()
{
    m_edit->setEnabled(current().has_value());
    m_delete->setEnabled(current().has_value());
    m_note->setError({});
}

void InhibitionTab::add()
{
    (new InhibitionDialog(m_context, std::nullopt, window()))->open();
}

void InhibitionTab::edit()
{
    if (const auto row = current()) {
        (new InhibitionDialog(m_context, m_shown[*row], window()))->open();
    }
}

void InhibitionTab::remove()
{
    if (const auto row = current()) {
        removeInhibition(
            m_context.edits, *row, m_shown[*row], this, [this](const Result<void>& result) {
                m_note->setError(result ? QString() : fromUtf8(result.error().message));
            });
    }
}

} // namespace watchfire::ui
