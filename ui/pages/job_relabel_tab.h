// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/engine_bridge.h"
#include "ui/pages/job_tab.h"

#include <optional>

#include <QTimer>

class QButtonGroup;
class QLabel;
class QRadioButton;
class QStackedWidget;

namespace watchfire::ui {

class RelabelPreview;
class TextTable;

/// The relabelling rules of targets and of series, beside what they make of those there are.
class JobRelabelTab final : public JobTab {
    Q_OBJECT

public:
    /// `jobInForce`: whose targets bring the series; empty: a job that is not there yet.
    JobRelabelTab(EngineBridge& bridge, std::string jobInForce, QWidget* parent = nullptr);

    void fill(const JobForm& form, const config::ScrapeConfig& base) override;
    void collect(JobForm& form) const override;
    void showFaults(const JobFaults& faults, bool all) override;
    QWidget* firstFault(const JobFaults& faults) override;

    /// The job as it stands, to be previewed: soon where its rules were changed, after a pause in
    /// typing where the source was. None: `why` it cannot be.
    void setJob(std::optional<config::ScrapeConfig> job, const QString& why);

protected:
    void showEvent(QShowEvent* event) override;

private:
    TextTable* makeTable(const char* name, const QString& label, const QString& none);
    TextTable* shownTable() const;
    bool showsSeries() const;
    void tellFaults();
    void tellHelp();
    void askSoon(bool rulesChanged);
    void ask();
    void askTargets();
    void askSeries();
    void previewSeries();

    EngineBridge& m_bridge;
    std::string m_jobInForce;
    QRadioButton* m_targets;
    QRadioButton* m_series;
    QStackedWidget* m_tables;
    TextTable* m_targetRules;
    TextTable* m_seriesRules;
    FieldNote* m_note;
    QLabel* m_help;
    RelabelPreview* m_preview;
    JobFaults m_faults;
    std::optional<config::ScrapeConfig> m_job;
    QString m_why;
    bool m_rulesChanged = false;
    bool m_isStale = true; ///< something has changed since the preview was asked for
    QTimer m_pause;
    Pending m_pending;
    std::optional<std::vector<Labels>> m_seriesSets; ///< of one target of the job in force
    std::uint64_t m_turn = 0; ///< of the worker; older answers are dropped
};

} // namespace watchfire::ui
