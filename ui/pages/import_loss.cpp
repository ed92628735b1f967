// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// What a person can do about a key that is not done here.

#include "ui/pages/import_plan.h"

#include <array>
#include <utility>

#include <QCoreApplication>

namespace watchfire::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::ImportPlan)
};

} // namespace

QString remedyOf(const std::string& message)
{
    static const std::array remedies{
        std::pair("remote_write",
                  QT_TRANSLATE_NOOP("watchfire::ui::ImportPlan",
                                    "Let the program that sent samples on go on with it.")),
        std::pair("remote_read",
                  QT_TRANSLATE_NOOP("watchfire::ui::ImportPlan",
                                    "Ask the other store itself; its series are not joined in.")),
        std::pair("alertmanager",
                  QT_TRANSLATE_NOOP("watchfire::ui::ImportPlan",
                                    "Alerts are routed here: set up receivers and routes on the "
                                    "page Alerts.")),
        std::pair("_sd_config",
                  QT_TRANSLATE_NOOP("watchfire::ui::ImportPlan",
                                    "Write its targets to a file and use the source File, or have "
                                    "a program answer the source HTTP.")),
        std::pair("native_histogram",
                  QT_TRANSLATE_NOOP("watchfire::ui::ImportPlan",
                                    "Limit the samples of a scrape instead.")),
        std::pair("native histogram",
                  QT_TRANSLATE_NOOP("watchfire::ui::ImportPlan",
                                    "Limit the samples of a scrape instead.")),
        std::pair("failure_log",
                  QT_TRANSLATE_NOOP("watchfire::ui::ImportPlan",
                                    "Failed scrapes are shown with their targets.")),
        std::pair("query_log",
                  QT_TRANSLATE_NOOP("watchfire::ui::ImportPlan",
                                    "Running queries are shown on the page Status.")),
        std::pair("tracing",
                  QT_TRANSLATE_NOOP("watchfire::ui::ImportPlan",
                                    "The program's own metrics tell how long things take.")),
        std::pair("_ref",
                  QT_TRANSLATE_NOOP("watchfire::ui::ImportPlan",
                                    "Type the secret into the job, or name the file it is in.")),
        std::pair("environment variable",
                  QT_TRANSLATE_NOOP("watchfire::ui::ImportPlan",
                                    "Set the variable, or write its value out.")),
    };
    for (const auto& [part, remedy] : remedies) {
        if (message.find(part) != std::string::npos) {
            return QCoreApplication::translate("watchfire::ui::ImportPlan", remedy);
        }
    }
    return Words::tr("It stays in the file it stands in; nothing is done with it here.");
}

} // namespace watchfire::ui
