// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/job_form.h"
#include "ui/pages/page.h"

#include <optional>
#include <vector>

#include <QDialog>
#include <QSet>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QTabWidget;

namespace watchfire::ui {

class FieldNote;
class ScrapeReport;

/// Adds a job, or changes one. Not modal; checked while typing, each fault under its field;
/// *Test scrape* runs the real pipeline without storing.
class JobDialog final : public QDialog {
    Q_OBJECT

public:
    /// `job`: the one to change; none: a new one.
    JobDialog(PageContext& context, std::optional<config::ScrapeConfig> job, QWidget* parent);

signals:
    /// The job is in force.
    void saved(const QString& name);

protected:
    void reject() override;

private:
    struct Field {
        QWidget* widget;
        FieldNote* note;
        QString JobFaults::* fault;
        int tab; ///< −1: always seen
    };

    QWidget* buildBasics();
    QWidget* buildSecurity();
    QLineEdit* edit(const char* name, const QString& accessibleName);
    FieldNote* watch(QWidget* widget, const char* noteName, QString JobFaults::* fault, int tab);
    void fill(const JobForm& form);
    JobForm form() const;
    QStringList otherJobs() const;
    /// Shows faults of fields that were touched, or of all.
    bool validate(bool all);
    void test();
    void save();

    PageContext& m_context;
    std::optional<config::ScrapeConfig> m_old;
    config::ScrapeConfig m_base;
    std::vector<Field> m_fields;
    QSet<const QWidget*> m_touched;
    QTabWidget* m_tabs;
    QLineEdit* m_name;
    QLineEdit* m_targets;
    QLineEdit* m_interval;
    QLineEdit* m_timeout;
    QLineEdit* m_path;
    QComboBox* m_scheme;
    QComboBox* m_auth;
    QStackedWidget* m_authFields;
    QLineEdit* m_user;
    QLineEdit* m_password;
    QLineEdit* m_token;
    QLineEdit* m_caFile;
    QCheckBox* m_skipVerify;
    ScrapeReport* m_report;
    FieldNote* m_refused;
    QPushButton* m_test;
    QPushButton* m_save;
    bool m_saving = false;
};

} // namespace watchfire::ui
