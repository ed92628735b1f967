// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// What a person can do about a key that is not done here.

#include "ui/models/format.h"
#include "ui/pages/import_plan.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <QCoreApplication>

namespace watchfire::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::ImportPlan)
};

} // namespace

LossText lossText(const std::string& message)
{
    static const std::array remedies{
        std::pair("remote_write",
                  QT_TRANSLATE_NOOP("watchfire::ui::ImportPlan",
                                    "Let the program that sends samples on go on with it.")),
        std::pair("remote_read",
                  QT_TRANSLATE_NOOP("watchfire::ui::ImportPlan",
                                    "Ask the other store itself; its series are not joined in.")),
        std::pair("Alertmanagers",
                  QT_TRANSLATE_NOOP("watchfire::ui::ImportPlan",
                                    "Set up receivers and routes on the page Alerts, or import "
                                    "the alertmanager.yml.")),
        std::pair("otlp",
                  QT_TRANSLATE_NOOP("watchfire::ui::ImportPlan",
                                    "Have the programs serve their metrics, and scrape them.")),
        std::pair("scrape_failure_log",
                  QT_TRANSLATE_NOOP("watchfire::ui::ImportPlan",
                                    "Failed scrapes are shown with their targets.")),
        std::pair("query_log",
                  QT_TRANSLATE_NOOP("watchfire::ui::ImportPlan",
                                    "Running queries are shown on the page Status.")),
        std::pair("environment variable",
                  QT_TRANSLATE_NOOP("watchfire::ui::ImportPlan",
                                    "Set the variable, or write its value out.")),
    };
    for (const auto& [part, remedy] : remedies) {
        if (message.find(part) != std::string::npos) {
            return {fromUtf8(message),
                    QCoreApplication::translate("watchfire::ui::ImportPlan", remedy)};
        }
    }
    // Many say what follows, or helps, behind a colon or a semicolon.
    const std::size_t cut = std::min(message.find(": "), message.find("; "));
    if (cut == std::string::npos || cut + 2 >= message.size()) {
        return {fromUtf8(message),
                Words::tr("Nothing needs to be done; the files go on as before.")};
    }
    QString rest = fromUtf8(std::string_view(message).substr(cut + 2));
    rest[0] = rest[0].toUpper();
    return {fromUtf8(std::string_view(message).substr(0, cut)), rest};
}

} // namespace watchfire::ui
