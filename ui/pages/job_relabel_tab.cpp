// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/job_relabel_tab.h"

#include "ui/models/format.h"
#include "ui/pages/in_background.h"
#include "ui/pages/relabel_diff.h"
#include "ui/pages/relabel_preview.h"
#include "ui/pages/text_table.h"
#include "ui/pages/widgets.h"

#include <algorithm>

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QRadioButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr std::chrono::milliseconds afterRules{50};
/// A source is asked over the network: not for every key.
constexpr std::chrono::milliseconds afterSource{400};

std::vector<TableRow> tableRows(const std::vector<RelabelForm>& rules)
{
    std::vector<TableRow> rows;
    for (const RelabelForm& rule : rules) {
        rows.push_back({rule.cells(), rule.kept});
    }
    return rows;
}

std::vector<RelabelForm> rulesOf(const TextTable* table)
{
    std::vector<RelabelForm> rules;
    for (const TableRow& row : table->model().rows()) {
        rules.push_back(RelabelForm::ofCells(row.cells, row.tag));
    }
    return rules;
}

std::vector<std::map<int, QString>> byColumn(const std::vector<CellFaults>& faults)
{
    std::vector<std::map<int, QString>> out;
    for (const CellFaults& row : faults) {
        auto& cells = out.emplace_back();
        for (const auto& [column, fault] : row) {
            cells[int(column)] = fault;
        }
    }
    return out;
}

bool hasFaults(const std::vector<CellFaults>& faults)
{
    return !std::ranges::all_of(faults, &CellFaults::empty);
}

} // namespace

JobRelabelTab::JobRelabelTab(EngineBridge& bridge, std::string jobInForce, QWidget* parent)
    : JobTab(parent)
    , m_bridge(bridge)
    , m_jobInForce(std::move(jobInForce))
{
    m_targets = new QRadioButton(tr("Targets, before the scrape"), this);
    m_targets->setObjectName(u"job.dialog.relabel.targets"_s);
    m_targets->setChecked(true);
    m_series = new QRadioButton(tr("Series, after it"), this);
    m_series->setObjectName(u"job.dialog.relabel.series"_s);
    auto* const choice = new QButtonGroup(this);
    for (QRadioButton* const each : {m_targets, m_series}) {
        each->setMinimumHeight(24);
        choice->addButton(each);
    }
    m_targetRules = makeTable("job.dialog.relabel", tr("Rules for targets"),
                              tr("No rules: every target is scraped as it is found."));
    m_seriesRules = makeTable("job.dialog.metricRelabel", tr("Rules for series"),
                              tr("No rules: every series is stored as it comes."));
    m_tables = new QStackedWidget(this);
    m_tables->addWidget(m_targetRules);
    m_tables->addWidget(m_seriesRules);
    m_note = new FieldNote("job.dialog.relabel.note", this);
    m_help = mutedLabel({}, this);
    m_help->setObjectName(u"job.dialog.relabel.help"_s);
    m_help->setWordWrap(true);
    m_preview = new RelabelPreview(this);

    auto* const top = new QHBoxLayout;
    top->setSpacing(12);
    top->addWidget(plainLabel(tr("Rules for"), this));
    top->addWidget(m_targets);
    top->addWidget(m_series);
    top->addStretch(1);
    auto* const rules = new QWidget(this);
    auto* const rulesColumn = new QVBoxLayout(rules);
    rulesColumn->setContentsMargins(0, 0, 0, 0);
    rulesColumn->setSpacing(4);
    rulesColumn->addWidget(m_tables, 1);
    rulesColumn->addWidget(m_note);
    rulesColumn->addWidget(m_help);
    auto* const splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setObjectName(u"job.dialog.relabel.splitter"_s);
    splitter->setHandleWidth(8);
    splitter->addWidget(rules);
    splitter->addWidget(m_preview);
    splitter->setSizes({600, 460});
    splitter->setStretchFactor(0, 5);
    splitter->setStretchFactor(1, 4);
    splitter->setChildrenCollapsible(false);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(8);
    column->addLayout(top);
    column->addWidget(splitter, 1);

    m_pause.setSingleShot(true);
    connect(&m_pause, &QTimer::timeout, this, &JobRelabelTab::ask);
    connect(m_series, &QRadioButton::toggled, this, [this](bool series) {
        m_tables->setCurrentIndex(series ? 1 : 0);
        tellFaults();
        tellHelp();
        m_preview->clear({});
        askSoon(true);
    });
    tellHelp();
}

TextTable* JobRelabelTab::makeTable(const char* name, const QString& label, const QString& none)
{
    auto* const table = new TextTable(
        name, {label, tr("rule"), none},
        {{tr("Action"), tr("What the rule does"), relabelActions(), 88},
         {tr("Sources"), tr("Labels whose values are joined and looked at"), {}, 104},
         {tr("Sep."), tr("What stands between the joined values"), {}, 38},
         {tr("Regex"),
          tr("What the joined values, or the label's name, must match as a whole"),
          {},
          0},
         {tr("Replacement"), tr("What is written; $1 is what the first brackets matched"), {}, 88},
         {tr("Target"), tr("The label that is written to"), {}, 84},
         {tr("Modulus"), tr("How many shards there are"), {}, 60}},
        RelabelForm().cells(), true, this);
    table->model().setUsed([](const TableRow& row, int column) {
        const auto action = relabelActionFrom(row.cells[0].toStdString());
        return !action || usesColumn(*action, RelabelColumn(column));
    });
    connect(table, &TextTable::edited, this, [this, table] {
        m_rulesChanged = true;
        tellHelp();
        change(table);
    });
    connect(table, &TextTable::currentChanged, this, [this] {
        tellFaults();
        tellHelp();
    });
    return table;
}

TextTable* JobRelabelTab::shownTable() const
{
    return showsSeries() ? m_seriesRules : m_targetRules;
}

bool JobRelabelTab::showsSeries() const
{
    return m_series->isChecked();
}

void JobRelabelTab::fill(const JobForm& form, const config::ScrapeConfig&)
{
    const QSignalBlocker blocker(this);
    m_targetRules->model().setRows(tableRows(form.relabel));
    m_seriesRules->model().setRows(tableRows(form.metricRelabel));
    tellHelp();
}

void JobRelabelTab::collect(JobForm& form) const
{
    form.relabel = rulesOf(m_targetRules);
    form.metricRelabel = rulesOf(m_seriesRules);
}

void JobRelabelTab::showFaults(const JobFaults& faults, bool)
{
    m_faults = faults;
    m_targetRules->model().setFaults(byColumn(faults.relabel));
    m_seriesRules->model().setFaults(byColumn(faults.metricRelabel));
    tellFaults();
}

/// The chosen rule's fault, else the first.
void JobRelabelTab::tellFaults()
{
    const auto& rows = showsSeries() ? m_faults.metricRelabel : m_faults.relabel;
    const auto isFaulty = [](const CellFaults& row) { return !row.empty(); };
    auto at = std::ranges::find_if(rows, isFaulty);
    const int chosen = shownTable()->currentRow();
    if (chosen >= 0 && std::size_t(chosen) < rows.size() && isFaulty(rows[std::size_t(chosen)])) {
        at = rows.begin() + chosen;
    }
    if (at == rows.end()) {
        m_note->setError({});
        return;
    }
    const auto& [column, fault] = *at->begin();
    m_note->setError(tr("Rule %1, %2: %3")
                         .arg(QString::number(at - rows.begin() + 1),
                              shownTable()->model().columns()[std::size_t(column)].title, fault));
}

void JobRelabelTab::tellHelp()
{
    const auto& rows = shownTable()->model().rows();
    const int chosen = shownTable()->currentRow();
    if (chosen < 0 || std::size_t(chosen) >= rows.size()) {
        m_help->setText(tr("Rules are applied from the top; drag them, or press Alt and an arrow, "
                           "to change their order."));
        return;
    }
    const auto action = relabelActionFrom(rows[std::size_t(chosen)].cells[0].toStdString());
    m_help->setText(action ? actionHelp(*action) : QString());
}

QWidget* JobRelabelTab::firstFault(const JobFaults& faults)
{
    for (const bool series : {false, true}) {
        const auto& rows = series ? faults.metricRelabel : faults.relabel;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (!rows[i].empty()) {
                (series ? m_series : m_targets)->setChecked(true);
                shownTable()->select(int(i), int(rows[i].begin()->first));
                return shownTable()->view();
            }
        }
    }
    return nullptr;
}

void JobRelabelTab::setJob(std::optional<config::ScrapeConfig> job, const QString& why)
{
    const bool isSame = job && m_job && *job == *m_job;
    m_job = std::move(job);
    m_why = why;
    if (!isSame || m_rulesChanged) {
        askSoon(m_rulesChanged);
    }
    m_rulesChanged = false;
}

void JobRelabelTab::askSoon(bool rulesChanged)
{
    m_isStale = true;
    if (isVisible()) {
        m_pause.start(rulesChanged ? afterRules : afterSource);
    }
}

void JobRelabelTab::showEvent(QShowEvent* event)
{
    JobTab::showEvent(event);
    if (m_isStale) {
        m_pause.start(afterRules);
    }
}

void JobRelabelTab::ask()
{
    const auto& faults = showsSeries() ? m_faults.metricRelabel : m_faults.relabel;
    if (hasFaults(faults)) {
        m_preview->setOutdated(tr("Not renewed while a rule has a fault."));
        return;
    }
    m_isStale = false;
    if (showsSeries()) {
        askSeries();
    } else if (m_job) {
        askTargets();
    } else {
        m_preview->setOutdated(m_why);
    }
}

void JobRelabelTab::askTargets()
{
    ++m_turn;
    m_preview->setBusy(true);
    m_pending = m_bridge.previewJob(
        *m_job, this, [this, rules = m_job->relabel](Result<engine::JobPreview> preview) {
            m_preview->setBusy(false);
            if (!preview) {
                m_preview->setOutdated(fromUtf8(preview.error().message));
                return;
            }
            m_preview->show({.outcomes = std::move(preview->outcomes),
                             .total = preview->total,
                             .warnings = std::move(preview->warnings),
                             .rules = rules});
        });
}

void JobRelabelTab::askSeries()
{
    if (m_seriesSets) {
        previewSeries();
        return;
    }
    const auto& targets = m_bridge.targets()->targets;
    auto found = std::ranges::find_if(targets, [&](const engine::TargetStatus& target) {
        return target.job == m_jobInForce && target.health == engine::Health::up;
    });
    if (m_jobInForce.empty() || found == targets.end()) {
        m_preview->clear(tr("Series are shown once a target of the job answers: the rules are "
                            "tried on what it answered last."));
        return;
    }
    m_preview->setBusy(true);
    m_pending = m_bridge.inspectTarget(
        found->id, this, [this](const Result<engine::TargetDetail>& detail) {
            m_preview->setBusy(false);
            if (!detail) {
                m_preview->setOutdated(fromUtf8(detail.error().message));
                return;
            }
            std::vector<Labels> sets;
            for (const engine::RelabelOutcome& outcome : detail->metricRelabelling) {
                sets.push_back(outcome.discovered);
            }
            m_seriesSets = std::move(sets);
            if (showsSeries()) {
                previewSeries();
            }
        });
}

void JobRelabelTab::previewSeries()
{
    m_preview->setBusy(true);
    const auto rules = toRules(rulesOf(m_seriesRules), {});
    inBackground(
        this, [sets = *m_seriesSets, rules] { return applyRules(sets, rules); },
        [this, rules, turn = ++m_turn](std::vector<engine::RelabelOutcome> outcomes) {
            if (turn != m_turn || !showsSeries()) {
                return;
            }
            m_preview->setBusy(false);
            const std::uint64_t total = outcomes.size();
            m_preview->show({.outcomes = std::move(outcomes),
                             .total = total,
                             .warnings = {},
                             .rules = rules,
                             .areSeries = true});
        });
}

} // namespace watchfire::ui
