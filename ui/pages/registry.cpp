// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/registry.h"

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
        entry<TargetsPage>(u"targets"_s, QT_TRANSLATE_NOOP("Pages", "Targets"), "targets"));
    return pages;
}

} // namespace watchfire::ui
