// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/form_fields.h"
#include "ui/pages/job_form.h"
#include "ui/pages/page.h"
#include "ui/pages/saving_dialog.h"

#include <optional>
#include <vector>

class QLineEdit;
class QPushButton;
class QTabWidget;

namespace watchfire::ui {

class JobLabelsTab;
class JobRelabelTab;
class JobTab;
class JobYamlTab;
class ScrapeReport;
class SourceAsk;
class SourcePanel;

/// Adds a job, or changes one: by forms or as YAML, each kept in step with the other. Not modal;
/// checked while typing, each fault under its field; *Test scrape* runs the real pipeline without
/// storing. It stays open until the engine has accepted the job.
class JobDialog final : public SavingDialog {
    Q_OBJECT

public:
    /// `job`: the one to change; none: a new one.
    JobDialog(PageContext& context, std::optional<config::ScrapeConfig> job, QWidget* parent);
    /// For a new job that begins as a copy of that one, under a name of its own.
    static JobDialog* copyOf(PageContext& context, const config::ScrapeConfig& job,
                             QWidget* parent);

signals:
    /// The job is in force.
    void saved(const QString& name);

protected:
    bool isChanged() const override;
    QString whatStays() const override;

private:
    JobDialog(PageContext& context, std::optional<config::ScrapeConfig> old,
              const config::ScrapeConfig& base, const JobForm& form, QWidget* parent);
    void build();
    void buildTabs();
    QLayout* buildButtons();
    void fill(const JobForm& form);
    JobForm form() const;
    config::ScrapeConfig job() const;
    const config::Config& config() const { return m_context.bridge.config()->config; }
    QStringList otherJobs() const;
    /// Someone has edited that part; null: the name.
    void edited(JobTab* part);
    /// Checks all fields; shows faults of those that were touched, or of all.
    bool validate(bool all);
    void previewRelabelling();
    void showFirstFault();
    void takeYaml(const config::ScrapeConfig& job);
    void setYamlBroken(bool broken);
    /// Faults are shown and gone to; false: there are some.
    bool isReady();
    void askSource();
    void test();
    void save();
    void showChanges();
    void duplicate();
    void noticeConfig();

    PageContext& m_context;
    std::optional<config::ScrapeConfig> m_old;
    config::ScrapeConfig m_base; ///< what the form's fields are put into
    config::ScrapeConfig m_start; ///< as the dialog opened
    JobFaults m_faults;
    FieldNotes m_notes;
    QLineEdit* m_name;
    SourcePanel* m_source;
    QTabWidget* m_tabs;
    std::vector<JobTab*> m_parts; ///< the source and the tabs with forms
    JobLabelsTab* m_labels = nullptr;
    JobRelabelTab* m_relabel = nullptr;
    JobYamlTab* m_yaml = nullptr;
    ScrapeReport* m_report;
    QPushButton* m_test;
    SourceAsk* m_sourceAsk = nullptr;
    bool m_edited = false;
};

} // namespace watchfire::ui
