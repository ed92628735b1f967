// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QString>
#include <QStringList>

namespace watchfire::ui {

struct DiffLine {
    enum class Kind { same, removed, added };

    Kind kind = Kind::same;
    QString text;
    friend bool operator==(const DiffLine&, const DiffLine&) = default;
};

/// The lines of both texts in one order, with as many the same as can be. Takes time and memory
/// of the product of both counts; past a few million pairs all old lines go and all new ones come.
std::vector<DiffLine> diffLines(const QStringList& before, const QStringList& after);

} // namespace watchfire::ui
