// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/starter_dialog.h"

#include "ui/models/format.h"
#include "ui/pages/form_fields.h"
#include "ui/pages/starter_rules.h"
#include "ui/pages/widgets.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

StarterDialog::StarterDialog(PageContext& context, QWidget* parent)
    : QDialog(parent)
    , m_context(context)
    , m_list(new QListWidget(this))
    , m_sense(plainLabel({}, this))
    , m_expr(plainLabel({}, this))
    , m_now(mutedLabel({}, this))
    , m_refused(new FieldNote("starter.dialog.refused", this))
{
    setObjectName(u"starter.dialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Starter rules"));
    resize(620, 480);
    m_list->setObjectName(u"starter.dialog.list"_s);
    m_list->setAccessibleName(tr("Starter rules"));
    const auto& groups = context.bridge.config()->config.ruleGroups;
    for (const StarterRule& each : starterRules()) {
        const bool isTaken = std::ranges::any_of(groups, [&](const auto& group) {
            return std::ranges::contains(group.rules, each.rule.alert, &config::RuleConfig::alert);
        });
        auto* const item = new QListWidgetItem(
            isTaken ? tr("%1 (there is a rule of its name)").arg(each.title) : each.title, m_list);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(isTaken ? Qt::Unchecked : Qt::Checked);
        item->setSizeHint(QSize(0, 28));
    }
    m_sense->setObjectName(u"starter.dialog.sense"_s);
    m_sense->setWordWrap(true);
    m_expr->setObjectName(u"starter.dialog.expr"_s);
    m_expr->setFont(fixedFont());
    m_expr->setWordWrap(true);
    m_expr->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_now->setObjectName(u"starter.dialog.now"_s);
    m_now->setWordWrap(true);
    auto* const card = new Card(this);
    auto* const cardColumn = new QVBoxLayout(card);
    cardColumn->setContentsMargins(12, 8, 12, 8);
    cardColumn->setSpacing(6);
    cardColumn->addWidget(m_sense);
    cardColumn->addWidget(m_expr);
    cardColumn->addWidget(m_now);
    cardColumn->addStretch(1);
    card->setMinimumHeight(150);
    m_add = button({}, "add", "starter.dialog.add", this);
    m_add->setDefault(true);
    QPushButton* const cancel = button(tr("Cancel"), nullptr, "starter.dialog.cancel", this);
    auto* const buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_add);
    QLabel* const intro = plainLabel(
        tr("Rules to begin with. Each can be changed later, and all are undone as one."), this);
    intro->setWordWrap(true);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addWidget(intro);
    column->addWidget(m_list, 1);
    column->addWidget(card);
    column->addWidget(m_refused);
    column->addLayout(buttons);

    connect(m_list, &QListWidget::itemChanged, this, &StarterDialog::count);
    connect(m_list, &QListWidget::currentRowChanged, this, &StarterDialog::showCurrent);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_add, &QPushButton::clicked, this, &StarterDialog::add);
    m_list->setCurrentRow(0);
    count();
}

std::vector<config::RuleConfig> StarterDialog::chosen() const
{
    std::vector<config::RuleConfig> rules;
    for (int row = 0; row < m_list->count(); ++row) {
        if (m_list->item(row)->checkState() == Qt::Checked) {
            rules.push_back(starterRules()[std::size_t(row)].rule);
        }
    }
    return rules;
}

void StarterDialog::showCurrent()
{
    const int row = m_list->currentRow();
    m_asking.cancel();
    if (row < 0) {
        return;
    }
    const StarterRule& starter = starterRules()[std::size_t(row)];
    m_sense->setText(starter.sense);
    m_expr->setText(fromUtf8(starter.rule.expr));
    m_now->setText(tr("Looking at what is stored…"));
    engine::RulePreviewRequest request;
    config::RuleGroupConfig group;
    group.rules = {starter.rule};
    request.groups = {group};
    request.limit = 1;
    m_asking = m_context.bridge.previewRule(
        std::move(request), this, [this](const Result<engine::RulePreview>& preview) {
            if (!preview) {
                m_now->setText(fromUtf8(preview.error().message));
                return;
            }
            using Kind = engine::RuleFinding::Kind;
            const bool isDead = std::ranges::any_of(preview->findings, [](const auto& finding) {
                return finding.kind == Kind::deadSelector;
            });
            m_now->setText(preview->total > 0
                               ? tr("Would hold %1× now.").arg(countText(preview->total))
                               : isDead ? tr("Nothing stored yet is of this kind: it waits until "
                                             "there is.")
                                        : tr("Would hold for nothing now."));
        });
}

void StarterDialog::count()
{
    const auto checked = chosen().size();
    m_add->setEnabled(checked > 0);
    m_add->setText(tr("Add %1 of %2").arg(checked).arg(starterRules().size()));
}

void StarterDialog::add()
{
    m_add->setEnabled(false);
    addStarterRules(m_context.edits, chosen(), this, [this](const Result<void>& result) {
        m_add->setEnabled(true);
        if (result) {
            accept();
        } else {
            m_refused->setError(fromUtf8(result.error().message));
        }
    });
}

} // namespace watchfire::ui
