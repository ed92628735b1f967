// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "ui/pages/client_form.h"
#include "ui/pages/form_text.h"
#include "ui/pages/relabel_form.h"
#include "ui/pages/source_form.h"

#include <map>
#include <vector>

#include <QString>
#include <QStringList>

/// What the job dialog's fields mean, apart from the dialog, so that each rule has its test.
namespace watchfire::ui {

/// The fields as they stand, not checked. Made of a job and put back into that job they change
/// nothing: what a field does not say, or nobody changed, stays as it was.
struct JobForm {
    QString name;
    std::vector<SourceForm> sources{SourceForm{}}; ///< never empty
    // Basics
    QString interval; ///< empty: of the global settings
    QString timeout; ///< likewise
    QString path = QStringLiteral("/metrics");
    QString scheme = QStringLiteral("http");
    QString parameters; ///< as in a URL
    QString fallback; ///< the format of answers that do not say; empty: none
    bool compression = true;
    bool nativeHistograms = false;
    bool classicHistograms = false; ///< beside native ones
    bool customBuckets = false; ///< classic histograms become native ones
    bool extraMetrics = false; ///< about the scrape itself
    ClientForm client;
    // Labels
    bool honorLabels = false;
    bool honorTimestamps = true;
    bool trackStaleness = false;
    std::vector<RelabelForm> relabel;
    std::vector<RelabelForm> metricRelabel;
    /// By the names of limitFields(); empty: of the global settings.
    std::map<QString, QString> limits;
    std::map<QString, QString> units; ///< of limits in bytes; none: MB

    static JobForm of(const config::ScrapeConfig& job);
    QString limit(const QString& field) const;
    QString unit(const QString& field) const;
};

/// A limit of the job, and what holds without it.
struct LimitField {
    QString name; ///< "sampleLimit"
    QString label;
    QString help;
    std::uint64_t config::ScrapeConfig::* job;
    std::uint64_t config::GlobalConfig::* global = nullptr; ///< null: there is none
    bool isBytes = false; ///< with a unit
    /// Of watchfire.yml: holds where the job has no limit of that kind.
    bool isCeiling = false;
};
const std::vector<LimitField>& limitFields();

/// What is wrong.
struct JobFaults {
    FieldFaults fields; ///< by the ends of the controls' object names
    std::vector<FieldFaults> sources; ///< one for each source
    std::vector<CellFaults> relabel; ///< one for each row
    std::vector<CellFaults> metricRelabel;

    bool none() const;
    QString field(const QString& name) const; ///< empty: fine
};

/// `taken` are the names of the other jobs; `base` is the job being changed, or a default one.
JobFaults check(const JobForm& form, const config::ScrapeConfig& base,
                const config::GlobalConfig& global, const QStringList& taken);

/// The job the fields describe: what they do not speak of is as in `base`. The form must be free
/// of faults.
config::ScrapeConfig toJob(const JobForm& form, const config::ScrapeConfig& base,
                           const config::GlobalConfig& global);

/// A name like that one which is not taken: "node-2".
QString freeName(const QString& name, const QStringList& taken);

} // namespace watchfire::ui
