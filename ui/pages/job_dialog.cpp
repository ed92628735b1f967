// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/job_dialog.h"

#include "ui/models/format.h"
#include "ui/pages/form_layout.h"
#include "ui/pages/job_basics_tab.h"
#include "ui/pages/job_changes.h"
#include "ui/pages/job_edits.h"
#include "ui/pages/job_labels_tab.h"
#include "ui/pages/job_limits_tab.h"
#include "ui/pages/job_relabel_tab.h"
#include "ui/pages/job_security_tab.h"
#include "ui/pages/job_yaml_tab.h"
#include "ui/pages/scrape_report.h"
#include "ui/pages/source_ask.h"
#include "ui/pages/source_panel.h"
#include "ui/pages/widgets.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScreen>
#include <QTabWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

QStringList namesOf(const config::Config& config)
{
    QStringList names;
    for (const config::ScrapeConfig& job : config.scrapeConfigs) {
        names << fromUtf8(job.jobName);
    }
    return names;
}

config::ScrapeConfig renamedCopy(const config::ScrapeConfig& job, const config::Config& config)
{
    config::ScrapeConfig copy = job;
    copy.jobName = freeName(fromUtf8(job.jobName), namesOf(config)).toStdString();
    copy.file.clear();
    return copy;
}

} // namespace

JobDialog::JobDialog(PageContext& context, std::optional<config::ScrapeConfig> job, QWidget* parent)
    : JobDialog(context, job, job.value_or(config::ScrapeConfig()),
                job ? JobForm::of(*job) : JobForm(), parent)
{
}

JobDialog* JobDialog::copyOf(PageContext& context, const config::ScrapeConfig& job, QWidget* parent)
{
    const config::ScrapeConfig copy = renamedCopy(job, context.bridge.config()->config);
    return new JobDialog(context, std::nullopt, copy, JobForm::of(copy), parent);
}

JobDialog::JobDialog(PageContext& context, std::optional<config::ScrapeConfig> old,
                     const config::ScrapeConfig& base, const JobForm& form, QWidget* parent)
    : SavingDialog(parent)
    , m_context(context)
    , m_old(std::move(old))
    , m_base(base)
{
    setObjectName(u"job.dialog"_s);
    setWindowTitle(m_old ? tr("Job: %1").arg(fromUtf8(m_old->jobName)) : tr("Add a job"));
    build();
    fill(form);
    m_notes.forgetTouches();
    for (JobTab* const part : m_parts) {
        part->forgetTouches();
    }
    m_start = job();
    validate(false);
    m_name->setFocus();
}

void JobDialog::build()
{
    m_name = lineEdit(u"job.dialog.name"_s, tr("Name of the job"), this);
    m_name->setPlaceholderText(tr("node"));
    connect(m_name, &QLineEdit::textEdited, this, [this] {
        m_notes.touch(m_name);
        edited(nullptr);
    });
    m_source = new SourcePanel(this);
    m_parts.push_back(m_source);
    auto* const top = formLayout();
    addField(top, tr("&Name"), m_name, m_notes.add(u"name"_s, m_name, m_name->objectName(), this));
    QLabel* const sourceLabel = plainLabel(tr("Source"), this);
    sourceLabel->setMinimumHeight(28);
    top->addRow(sourceLabel, scrolledTight(m_source, this));
    top->setAlignment(sourceLabel, Qt::AlignTop | Qt::AlignRight);
    buildTabs();
    m_report = new ScrapeReport(m_context.bridge, this);
    connect(this, &QDialog::rejected, m_report, &ScrapeReport::cancel);
    m_refused = new FieldNote("job.dialog.refused", this);

    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    column->addLayout(top);
    column->addWidget(m_tabs, 1);
    column->addWidget(m_report);
    column->addWidget(m_refused);
    column->addLayout(buildButtons());
    // Rules and what they do stand side by side.
    resize(QSize(1100, 740).boundedTo(screen()->availableSize() * 0.95));

    for (JobTab* const part : m_parts) {
        connect(part, &JobTab::edited, this, [this, part] { edited(part); });
    }
    connect(m_source, &SourcePanel::controlsAdded, this, [this] { tabInLayoutOrder(this); });
    m_sourceAsk = new SourceAsk(m_context.bridge, this);
    connect(m_source, &SourcePanel::askRequested, this, &JobDialog::askSource);
    connect(m_sourceAsk, &SourceAsk::answered, m_source, &SourcePanel::showFound);
    connect(m_yaml, &JobYamlTab::jobTyped, this, &JobDialog::takeYaml);
    connect(m_yaml, &JobYamlTab::brokenChanged, this, &JobDialog::setYamlBroken);
    connect(m_tabs, &QTabWidget::currentChanged, this, [this] {
        if (m_tabs->currentWidget() == m_yaml) {
            m_yaml->setJob(job(), config().global);
        }
    });
    connect(&m_context.bridge, &EngineBridge::configChanged, this, &JobDialog::noticeConfig);
}

void JobDialog::buildTabs()
{
    m_tabs = new QTabWidget(this);
    m_tabs->setObjectName(u"job.dialog.tabs"_s);
    m_tabs->setAccessibleName(tr("Parts of the job"));
    m_labels = new JobLabelsTab(this);
    m_relabel = new JobRelabelTab(m_context.bridge, m_old ? m_old->jobName : std::string(), this);
    m_yaml = new JobYamlTab(m_context.bridge.config()->file, this);
    const auto add = [this](JobTab* tab, const QString& title) {
        m_tabs->addTab(tab, title);
        m_parts.push_back(tab);
    };
    add(new JobBasicsTab(config().global, this), tr("&Basics"));
    add(new JobSecurityTab(this), tr("&Security"));
    add(m_labels, tr("&Labels"));
    add(m_relabel, tr("&Relabel"));
    add(new JobLimitsTab(config(), this), tr("L&imits"));
    m_tabs->addTab(m_yaml, tr("&YAML"));
}

QLayout* JobDialog::buildButtons()
{
    m_test = button(tr("Test &scrape"), "test", "job.dialog.test", this);
    m_save = button(m_old ? tr("Save job") : tr("Add job"), nullptr, "job.dialog.save", this);
    m_save->setDefault(true);
    QPushButton* const cancel = button(tr("Cancel"), nullptr, "job.dialog.cancel", this);
    auto* const row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_test);
    if (m_old) {
        QPushButton* const changes
            = button(tr("Show changes"), "document", "job.dialog.changes", this);
        QPushButton* const copy = button(tr("Duplicate…"), "copy", "job.dialog.duplicate", this);
        row->addWidget(changes);
        row->addWidget(copy);
        connect(changes, &QPushButton::clicked, this, &JobDialog::showChanges);
        connect(copy, &QPushButton::clicked, this, &JobDialog::duplicate);
    }
    row->addStretch(1);
    row->addWidget(cancel);
    row->addWidget(m_save);
    connect(m_test, &QPushButton::clicked, this, &JobDialog::test);
    connect(m_save, &QPushButton::clicked, this, &JobDialog::save);
    connect(cancel, &QPushButton::clicked, this, &JobDialog::reject);
    connect(m_report, &ScrapeReport::runningChanged, m_test,
            [this](bool running) { m_test->setEnabled(!running); });
    return row;
}

void JobDialog::fill(const JobForm& form)
{
    m_name->setText(form.name);
    for (JobTab* const part : m_parts) {
        part->fill(form, m_base);
    }
    tabInLayoutOrder(this);
}

JobForm JobDialog::form() const
{
    JobForm form;
    form.name = m_name->text();
    for (const JobTab* const part : m_parts) {
        part->collect(form);
    }
    return form;
}

config::ScrapeConfig JobDialog::job() const
{
    return toJob(form(), m_base, config().global);
}

QStringList JobDialog::otherJobs() const
{
    QStringList names = namesOf(config());
    if (m_old) {
        names.removeAll(fromUtf8(m_old->jobName));
    }
    return names;
}

bool JobDialog::isChanged() const
{
    return m_edited && (m_yaml->isBroken() || !m_faults.none() || job() != m_start);
}

void JobDialog::edited(JobTab* part)
{
    m_edited = true;
    if (part == m_source) {
        m_labels->setSources(m_source->sources());
    } else if (part == m_labels) {
        m_source->takeLabels(form().sources);
    }
    validate(false);
    if (m_tabs->currentWidget() == m_yaml) {
        m_yaml->setJob(job(), config().global);
    }
}

bool JobDialog::validate(bool all)
{
    m_faults = check(form(), m_base, config().global, otherJobs());
    m_notes.show(m_faults.fields, all);
    for (JobTab* const part : m_parts) {
        part->showFaults(m_faults, all);
    }
    previewRelabelling();
    return m_faults.none();
}

void JobDialog::previewRelabelling()
{
    const bool isKnown = std::ranges::all_of(m_faults.sources, &FieldFaults::empty)
        && std::ranges::all_of(m_faults.relabel, &CellFaults::empty);
    if (!isKnown) {
        m_relabel->setJob(std::nullopt, tr("Not renewed until the source's fields are right."));
        return;
    }
    config::ScrapeConfig now = job();
    if (now.jobName.empty()) {
        now.jobName = "job"; // what is still to be named can be previewed all the same
    }
    m_relabel->setJob(std::move(now), {});
}

void JobDialog::showFirstFault()
{
    QWidget* field = m_notes.firstOf(m_faults.fields);
    for (JobTab* const part : m_parts) {
        if (field != nullptr) {
            break;
        }
        field = part->firstFault(m_faults);
        if (field != nullptr && part != m_source) {
            m_tabs->setCurrentWidget(part);
        }
    }
    if (field != nullptr) {
        validate(true); // the source at fault may only now be the one that is shown
        focusWithin(field);
    }
}

void JobDialog::takeYaml(const config::ScrapeConfig& job)
{
    m_edited = true;
    m_base = job;
    fill(JobForm::of(job));
    validate(true);
}

void JobDialog::setYamlBroken(bool broken)
{
    m_edited = true;
    // Two versions at odds would leave it to chance which one wins.
    m_name->setEnabled(!broken);
    m_source->setEnabled(!broken);
    for (int i = 0; i < m_tabs->count(); ++i) {
        m_tabs->setTabEnabled(i, !broken || m_tabs->widget(i) == m_yaml);
    }
    if (!broken) {
        m_refused->setError({});
    }
}

bool JobDialog::isReady()
{
    if (m_tabs->currentWidget() == m_yaml) {
        m_yaml->readNow();
    }
    if (m_yaml->isBroken()) {
        m_refused->setError(tr("The YAML has a fault."));
        m_yaml->editor()->setFocus();
        return false;
    }
    if (!validate(true)) {
        showFirstFault();
        return false;
    }
    return true;
}

void JobDialog::askSource()
{
    const auto at = std::size_t(m_source->current());
    const SourceForm& source = m_source->sources()[at];
    if (!m_faults.sources[at].empty()) {
        validate(true);
        return;
    }
    m_source->setAsking(true);
    m_sourceAsk->ask(discoveryOf(source, m_base), config().global);
}

void JobDialog::test()
{
    if (isReady()) {
        m_report->run(job());
    }
}

void JobDialog::save()
{
    if (isSaving() || !isReady()) {
        return;
    }
    const config::ScrapeConfig wanted = job();
    auto done = saving([this, name = fromUtf8(wanted.jobName)] { emit saved(name); });
    if (m_old) {
        changeJob(m_context.edits, *m_old, wanted, this, std::move(done));
    } else {
        addJob(m_context.edits, wanted, this, std::move(done));
    }
}

void JobDialog::showChanges()
{
    if (isReady()) {
        showJobChanges(*m_old, job(), config().global, this);
    }
}

void JobDialog::duplicate()
{
    if (isReady()) {
        copyOf(m_context, job(), parentWidget())->show();
    }
}

void JobDialog::noticeConfig()
{
    if (!m_old || isSaving()) {
        return;
    }
    const auto& jobs = config().scrapeConfigs;
    const auto found = std::ranges::find(jobs, m_old->jobName, &config::ScrapeConfig::jobName);
    m_refused->setHint(
        found == jobs.end() ? tr("The job was deleted meanwhile; saving brings it back.")
            : *found != *m_old
            ? tr("The job was changed elsewhere meanwhile; saving replaces that change.")
            : QString());
    validate(false);
}

QString JobDialog::whatStays() const
{
    return tr("The job stays as it was before.");
}

} // namespace watchfire::ui
