// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QTranslator>

namespace watchfire::tests {

/// From now on texts have their plural forms, as in the program: "1 target", "2 targets". Needs
/// watchfire::translations.
inline void speakEnglish()
{
    auto* const english = new QTranslator(QCoreApplication::instance());
    if (!english->load(QStringLiteral(":/i18n/watchfire_en"))) {
        qFatal("the English plural forms are not compiled in");
    }
    QCoreApplication::installTranslator(english);
}

} // namespace watchfire::tests
