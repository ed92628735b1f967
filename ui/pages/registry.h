// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

#include <functional>
#include <vector>

#include <QString>

namespace watchfire::ui {

/// A page as the shell knows it before it is made.
struct PageEntry {
    QString name; ///< "targets", on the command line and in object names
    QString label; ///< translated
    QString icon;
    std::function<Page*(PageContext&, QWidget*)> make;
};

/// All pages in the order of the navigation; a new page is one line there.
std::vector<PageEntry> allPages();

} // namespace watchfire::ui
