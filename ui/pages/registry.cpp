// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/registry.h"

#include "ui/pages/alerts_page.h"
#include "ui/pages/explore_page.h"
#include "ui/pages/overview_page.h"
#include "ui/pages/rules_page.h"
#include "ui/pages/settings_page.h"
#include "ui/pages/status_page.h"
#include "ui/pages/targets_page.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

template <class P> PageEntry entry(const QString& name, const char* label, const char* icon)
{
    return {name, QCoreApplication::translate("Pages", label), QString::fromLatin1(icon),
            [](PageContext& context, QWidget* parent) { return new P(context, parent); }};
}

} // namespace

std::vector<PageEntry> allPages()
{
    std::vector<PageEntry> pages;
    pages.push_back(
        entry<OverviewPage>(u"overview"_s, QT_TRANSLATE_NOOP("Pages", "Overview"), "overview"));
    pages.push_back(
        entry<TargetsPage>(u"targets"_s, QT_TRANSLATE_NOOP("Pages", "Targets"), "targets"));
    pages.push_back(
        entry<ExplorePage>(u"explore"_s, QT_TRANSLATE_NOOP("Pages", "Explore"), "explore"));
    pages.push_back(entry<RulesPage>(u"rules"_s, QT_TRANSLATE_NOOP("Pages", "Rules"), "rules"));
    pages.push_back(entry<AlertsPage>(u"alerts"_s, QT_TRANSLATE_NOOP("Pages", "Alerts"), "alerts"));
    pages.push_back(entry<StatusPage>(u"status"_s, QT_TRANSLATE_NOOP("Pages", "Status"), "status"));
    pages.push_back(
        entry<SettingsPage>(u"settings"_s, QT_TRANSLATE_NOOP("Pages", "Settings"), "settings"));
    return pages;
}

} // namespace watchfire::ui
