// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/config/config.h"

#include <string>
#include <vector>

#include <QString>
#include <QStringList>

/// What the job dialog's fields mean, apart from the dialog, so that each rule has its test.
namespace watchfire::ui {

/// The fields as they stand, not checked.
struct JobForm {
    enum class Auth { none, basic, bearer };

    QString name;
    QString targets; ///< separated by commas, spaces or lines
    QString interval;
    QString timeout;
    QString path = QStringLiteral("/metrics");
    QString scheme = QStringLiteral("http");
    Auth auth = Auth::none;
    QString user;
    QString password; ///< empty: the one there is
    QString token; ///< likewise
    QString caFile;
    bool skipVerify = false;

    static JobForm of(const config::ScrapeConfig& job);
};

/// What is wrong, a sentence per field; empty: fine.
struct JobFaults {
    QString name;
    QString targets;
    QString interval;
    QString timeout;
    QString path;
    QString auth;

    bool none() const
    {
        return name.isEmpty() && targets.isEmpty() && interval.isEmpty() && timeout.isEmpty()
            && path.isEmpty() && auth.isEmpty();
    }
};

/// `taken` are the names of the other jobs; `base` is the job being changed, or a default one.
JobFaults check(const JobForm& form, const config::ScrapeConfig& base,
                const config::GlobalConfig& global, const QStringList& taken);

/// The job the fields describe: what they do not speak of is as in `base`. The form must be free
/// of faults.
config::ScrapeConfig toJob(const JobForm& form, const config::ScrapeConfig& base,
                           const config::GlobalConfig& global);

/// The addresses in a targets field, in order, each once.
std::vector<std::string> splitTargets(const QString& text);
/// What is wrong with one address; empty: fine.
QString targetFault(const QString& address);

} // namespace watchfire::ui
