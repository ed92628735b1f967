// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/job_dialog.h"

#include "core/text/duration.h"
#include "ui/models/format.h"
#include "ui/pages/form_layout.h"
#include "ui/pages/job_edits.h"
#include "ui/pages/scrape_report.h"
#include "ui/pages/widgets.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

JobDialog::JobDialog(PageContext& context, std::optional<config::ScrapeConfig> job, QWidget* parent)
    : QDialog(parent)
    , m_context(context)
    , m_old(std::move(job))
    , m_base(m_old.value_or(config::ScrapeConfig()))
{
    setObjectName(u"job.dialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(m_old ? tr("Job: %1").arg(fromUtf8(m_old->jobName)) : tr("Add a job"));
    resize(620, 560);

    m_name = edit("job.dialog.name", tr("Name of the job"));
    m_name->setPlaceholderText(tr("node"));
    m_targets = edit("job.dialog.targets", tr("Targets"));
    m_targets->setPlaceholderText(tr("localhost:9100, web1:9100"));
    auto* const top = formLayout();
    addField(top, tr("&Name"), m_name, watch(m_name, "job.dialog.name.note", &JobFaults::name, -1));
    addField(top, tr("&Targets"), m_targets,
             watch(m_targets, "job.dialog.targets.note", &JobFaults::targets, -1));

    m_tabs = new QTabWidget(this);
    m_tabs->setObjectName(u"job.dialog.tabs"_s);
    m_tabs->addTab(buildBasics(), tr("&Basics"));
    m_tabs->addTab(buildSecurity(), tr("&Security"));

    m_report = new ScrapeReport(context.bridge, this);
    m_refused = new FieldNote("job.dialog.refused", this);
    m_test = button(tr("Test &scrape"), "test", "job.dialog.test", this);
    m_save = button(m_old ? tr("Save job") : tr("Add job"), nullptr, "job.dialog.save", this);
    m_save->setDefault(true);
    QPushButton* const cancel = button(tr("Cancel"), nullptr, "job.dialog.cancel", this);
    auto* const buttons = new QHBoxLayout;
    buttons->addWidget(m_test);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_save);

    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    column->addLayout(top);
    column->addWidget(m_tabs, 1);
    column->addWidget(m_report);
    column->addWidget(m_refused);
    column->addLayout(buttons);

    connect(m_test, &QPushButton::clicked, this, &JobDialog::test);
    connect(m_save, &QPushButton::clicked, this, &JobDialog::save);
    connect(cancel, &QPushButton::clicked, this, &JobDialog::reject);
    connect(m_report, &ScrapeReport::runningChanged, m_test,
            [this](bool running) { m_test->setEnabled(!running); });
    fill(m_old ? JobForm::of(*m_old) : JobForm());
    m_touched.clear();
    validate(false);
    m_name->setFocus();
}

QLineEdit* JobDialog::edit(const char* name, const QString& accessibleName)
{
    auto* const made = new QLineEdit(this);
    made->setObjectName(QString::fromLatin1(name));
    made->setAccessibleName(accessibleName);
    made->setMinimumHeight(28);
    connect(made, &QLineEdit::textEdited, this, [this, made] {
        m_touched.insert(made);
        validate(false);
    });
    return made;
}

FieldNote* JobDialog::watch(QWidget* widget, const char* noteName, QString JobFaults::* fault,
                            int tab)
{
    auto* const note = new FieldNote(noteName, this);
    m_fields.push_back({widget, note, fault, tab});
    return note;
}

QWidget* JobDialog::buildBasics()
{
    auto* const tab = new QWidget(this);
    m_interval = edit("job.dialog.interval", tr("Scrape interval"));
    m_timeout = edit("job.dialog.timeout", tr("Scrape timeout"));
    m_path = edit("job.dialog.path", tr("Path of the metrics"));
    m_scheme = new QComboBox(this);
    m_scheme->setObjectName(u"job.dialog.scheme"_s);
    m_scheme->setAccessibleName(tr("Scheme"));
    m_scheme->addItems({u"http"_s, u"https"_s});
    m_scheme->setMinimumHeight(28);
    const auto& global = m_context.bridge.config()->config.global;
    m_interval->setPlaceholderText(fromUtf8(text::formatDuration(global.scrapeInterval)));
    m_timeout->setPlaceholderText(fromUtf8(text::formatDuration(global.scrapeTimeout)));

    auto* const layout = formLayout(tab);
    layout->setContentsMargins(12, 12, 12, 12);
    addField(layout, tr("&Every"), m_interval,
             watch(m_interval, "job.dialog.interval.note", &JobFaults::interval, 0));
    addField(layout, tr("Time&out"), m_timeout,
             watch(m_timeout, "job.dialog.timeout.note", &JobFaults::timeout, 0));
    layout->addRow(tr("S&cheme"), m_scheme);
    addField(layout, tr("&Path"), m_path,
             watch(m_path, "job.dialog.path.note", &JobFaults::path, 0));
    return tab;
}

QWidget* JobDialog::buildSecurity()
{
    auto* const tab = new QWidget(this);
    m_auth = new QComboBox(this);
    m_auth->setObjectName(u"job.dialog.auth"_s);
    m_auth->setAccessibleName(tr("Authentication"));
    m_auth->addItems({tr("None"), tr("Basic: user and password"), tr("Bearer token")});
    m_auth->setMinimumHeight(28);
    m_user = edit("job.dialog.user", tr("User"));
    m_password = edit("job.dialog.password", tr("Password"));
    m_password->setEchoMode(QLineEdit::Password);
    m_token = edit("job.dialog.token", tr("Token"));
    m_token->setEchoMode(QLineEdit::Password);
    m_caFile = edit("job.dialog.caFile", tr("File with the certificate authority"));
    m_skipVerify = new QCheckBox(tr("Accept any certificate (unsafe)"), this);
    m_skipVerify->setObjectName(u"job.dialog.skipVerify"_s);
    if (m_old && !std::holds_alternative<std::monostate>(m_old->client.auth)) {
        m_password->setPlaceholderText(tr("unchanged"));
        m_token->setPlaceholderText(tr("unchanged"));
    }

    m_authFields = new QStackedWidget(this);
    m_authFields->addWidget(new QWidget(this));
    auto* const basic = new QWidget(this);
    auto* const basicLayout = formLayout(basic);
    basicLayout->setContentsMargins(0, 0, 0, 0);
    basicLayout->addRow(tr("User"), m_user);
    basicLayout->addRow(tr("Password"), m_password);
    m_authFields->addWidget(basic);
    auto* const bearer = new QWidget(this);
    auto* const bearerLayout = formLayout(bearer);
    bearerLayout->setContentsMargins(0, 0, 0, 0);
    bearerLayout->addRow(tr("Token"), m_token);
    m_authFields->addWidget(bearer);
    m_authFields->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    connect(m_auth, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_authFields->setCurrentIndex(index);
        m_authFields->setVisible(index != 0);
        m_touched.remove(m_auth);
        validate(false);
    });
    m_authFields->hide();

    auto* const layout = formLayout(tab);
    layout->setContentsMargins(12, 12, 12, 12);
    addField(layout, tr("&Authentication"), m_auth,
             watch(m_auth, "job.dialog.auth.note", &JobFaults::auth, 1));
    layout->addRow(m_authFields);
    layout->addRow(tr("CA file"), m_caFile);
    layout->addRow(QString(), m_skipVerify);
    return tab;
}

void JobDialog::fill(const JobForm& form)
{
    m_name->setText(form.name);
    m_targets->setText(form.targets);
    m_interval->setText(form.interval);
    m_timeout->setText(form.timeout);
    m_path->setText(form.path);
    m_scheme->setCurrentText(form.scheme);
    m_auth->setCurrentIndex(int(form.auth));
    m_user->setText(form.user);
    m_caFile->setText(form.caFile);
    m_skipVerify->setChecked(form.skipVerify);
}

JobForm JobDialog::form() const
{
    JobForm form;
    form.name = m_name->text();
    form.targets = m_targets->text();
    form.interval = m_interval->text();
    form.timeout = m_timeout->text();
    form.path = m_path->text();
    form.scheme = m_scheme->currentText();
    form.auth = JobForm::Auth(m_auth->currentIndex());
    form.user = m_user->text();
    form.password = m_password->text();
    form.token = m_token->text();
    form.caFile = m_caFile->text();
    form.skipVerify = m_skipVerify->isChecked();
    return form;
}

QStringList JobDialog::otherJobs() const
{
    QStringList names;
    for (const config::ScrapeConfig& job : m_context.bridge.config()->config.scrapeConfigs) {
        if (!m_old || job.jobName != m_old->jobName) {
            names << fromUtf8(job.jobName);
        }
    }
    return names;
}

bool JobDialog::validate(bool all)
{
    const JobFaults faults
        = check(form(), m_base, m_context.bridge.config()->config.global, otherJobs());
    for (const Field& field : m_fields) {
        const bool shown = all || m_touched.contains(field.widget);
        field.note->setError(shown ? faults.*(field.fault) : QString());
    }
    if (all && !faults.none()) {
        for (const Field& field : m_fields) {
            if (!(faults.*(field.fault)).isEmpty()) {
                if (field.tab >= 0) {
                    m_tabs->setCurrentIndex(field.tab);
                }
                field.widget->setFocus();
                break;
            }
        }
        for (const Field& field : m_fields) {
            m_touched.insert(field.widget);
        }
    }
    return faults.none();
}

void JobDialog::test()
{
    if (validate(true)) {
        m_report->run(toJob(form(), m_base, m_context.bridge.config()->config.global));
    }
}

void JobDialog::save()
{
    if (m_saving || !validate(true)) {
        return;
    }
    const auto job = toJob(form(), m_base, m_context.bridge.config()->config.global);
    m_saving = true;
    m_save->setEnabled(false);
    m_refused->setError({});
    const auto done = [this, name = fromUtf8(job.jobName)](const Result<void>& result) {
        m_saving = false;
        m_save->setEnabled(true);
        if (!result) {
            m_refused->setError(fromUtf8(result.error().message));
            return;
        }
        emit saved(name);
        accept();
    };
    if (m_old) {
        changeJob(m_context.edits, *m_old, job, this, done);
    } else {
        addJob(m_context.edits, job, this, done);
    }
}

void JobDialog::reject()
{
    m_report->cancel();
    QDialog::reject();
}

} // namespace watchfire::ui
