// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/starter_banner.h"

#include "ui/pages/starter_dialog.h"
#include "ui/pages/starter_rules.h"

#include <QPushButton>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

const QString hiddenKey = u"starter/notNow"_s;

} // namespace

StarterBanner::StarterBanner(PageContext& context, const char* objectName, QWidget* parent)
    : OfferBanner(context, objectName, "rules", parent)
{
    setAccessibleName(tr("Starter rules"));
    QStringList titles;
    for (const StarterRule& each : starterRules()) {
        titles << each.title.toLower();
    }
    setText(tr("Nothing here tells you of trouble yet. Start with rules for: %1")
                .arg(titles.join(u", "_s)));
    connect(m_addAll, &QPushButton::clicked, this, &StarterBanner::addAll);
    connect(m_choose, &QPushButton::clicked, this,
            [this] { (new StarterDialog(m_context, window()))->open(); });
    connect(m_notNow, &QPushButton::clicked, this, [this] {
        m_context.state.setValue(hiddenKey, true);
        tell();
    });
    connect(&context.bridge, &EngineBridge::configChanged, this, &StarterBanner::tell);
    tell();
}

void StarterBanner::tell()
{
    setVisible(m_context.bridge.hasConfig() && m_context.bridge.config()->config.ruleGroups.empty()
               && !m_context.state.value(hiddenKey).toBool());
}

void StarterBanner::addAll()
{
    std::vector<config::RuleConfig> rules;
    for (const StarterRule& each : starterRules()) {
        rules.push_back(each.rule);
    }
    beginAdding();
    addStarterRules(m_context.edits, rules, this,
                    [this](const Result<void>& result) { endAdding(result); });
}

} // namespace watchfire::ui
