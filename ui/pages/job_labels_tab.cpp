// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/job_labels_tab.h"

#include "ui/pages/form_layout.h"
#include "ui/pages/text_table.h"
#include "ui/pages/widgets.h"

#include <algorithm>

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

const SourceForm* staticsOf(const std::vector<SourceForm>& sources)
{
    const auto found = std::ranges::find(sources, SourceKind::statics, &SourceForm::kind);
    return found == sources.end() ? nullptr : &*found;
}

} // namespace

JobLabelsTab::JobLabelsTab(QWidget* parent)
    : JobTab(parent)
{
    m_groupBox = choiceBox(u"job.dialog.labelGroup"_s, tr("Group of targets"), {}, {}, this);
    m_groupLabel = plainLabel(tr("&Group"), this);
    m_groupLabel->setBuddy(m_groupBox);
    m_table = new TextTable("job.dialog.labels",
                            {tr("Labels of the group's targets"), tr("label"),
                             tr("No labels yet. Each series of these targets carries those that "
                                "are added here.")},
                            {{tr("Name"), tr("Such as env, rack or team"), {}, 220},
                             {tr("Value"), tr("The same for all targets of the group"), {}, 0}},
                            {QString(), QString()}, false, this);
    m_note = m_notes.add(u"labels"_s, m_table, u"job.dialog.labels"_s, this);

    auto* const statics = new QWidget(this);
    auto* const groupRow = new QHBoxLayout;
    groupRow->setSpacing(12);
    groupRow->addWidget(m_groupLabel);
    groupRow->addWidget(m_groupBox, 1);
    auto* const staticsColumn = new QVBoxLayout(statics);
    staticsColumn->setContentsMargins(0, 0, 0, 0);
    staticsColumn->setSpacing(8);
    staticsColumn->addLayout(groupRow);
    staticsColumn->addWidget(m_table, 1);
    staticsColumn->addWidget(m_note);
    QLabel* const found = mutedLabel(
        tr("Discovered targets bring their labels from where they are found, as __meta_… labels. "
           "Rules on the Relabel tab make labels of their series from those."),
        this);
    found->setWordWrap(true);
    found->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(statics);
    m_stack->addWidget(found);

    auto* const content = new QWidget(this);
    auto* const column = new QVBoxLayout(content);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(4);
    column->addWidget(m_stack, 1);
    column->addSpacing(8);
    const auto addFlag
        = [&](QCheckBox*& box, const char* name, const QString& text, const QString& help) {
              box = flag(name, text, help);
              QLabel* const sense = mutedLabel(help, this);
              sense->setWordWrap(true);
              sense->setIndent(24);
              column->addWidget(box);
              column->addWidget(sense);
          };
    addFlag(m_honorLabels, "honorLabels", tr("Labels of the answer win over those of the target"),
            tr("Otherwise a label that both have gets exported_ before its name. Wanted for a "
               "Pushgateway and for federation."));
    addFlag(m_honorTimestamps, "honorTimestamps", tr("Times in the answer count"),
            tr("Otherwise all samples get the time of the scrape."));
    addFlag(m_trackStaleness, "trackStaleness",
            tr("Series with times of their own end when they are gone from the answer"),
            tr("Otherwise they are shown for five minutes more."));
    auto* const outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scrolled(content, this));

    connect(m_groupBox, &QComboBox::activated, this, &JobLabelsTab::showGroup);
    connect(m_table, &TextTable::edited, this, [this] {
        takeRows();
        change(m_table);
    });
}

QCheckBox* JobLabelsTab::flag(const char* name, const QString& text, const QString& help)
{
    QCheckBox* const made = checkBox(u"job.dialog."_s + QString::fromLatin1(name), text, this);
    made->setAccessibleDescription(help);
    connect(made, &QCheckBox::toggled, this, &JobTab::edited);
    return made;
}

void JobLabelsTab::fill(const JobForm& form, const config::ScrapeConfig&)
{
    const QSignalBlocker blocker(this);
    setSources(form.sources);
    m_honorLabels->setChecked(form.honorLabels);
    m_honorTimestamps->setChecked(form.honorTimestamps);
    m_trackStaleness->setChecked(form.trackStaleness);
}

void JobLabelsTab::setSources(const std::vector<SourceForm>& sources)
{
    const SourceForm* const statics = staticsOf(sources);
    m_stack->setCurrentIndex(statics != nullptr ? 0 : 1);
    m_groups = statics != nullptr ? statics->groups : std::vector<GroupForm>();
    m_groupBox->clear();
    for (std::size_t i = 0; i < m_groups.size(); ++i) {
        const QString targets = m_groups[i].targets.trimmed();
        m_groupBox->addItem(u"%1 · %2"_s.arg(QString::number(i + 1),
                                             targets.isEmpty() ? tr("no target yet") : targets));
    }
    m_groupBox->setVisible(m_groups.size() > 1);
    m_groupLabel->setVisible(m_groups.size() > 1);
    showGroup(std::clamp(m_group, 0, std::max(0, int(m_groups.size()) - 1)));
}

void JobLabelsTab::showGroup(int group)
{
    m_group = group;
    if (std::size_t(group) >= m_groups.size()) {
        return;
    }
    m_groupBox->setCurrentIndex(group);
    std::vector<TableRow> rows;
    for (const auto& [name, value] : m_groups[std::size_t(group)].labels) {
        rows.push_back({{name, value}, -1});
    }
    m_table->model().setRows(std::move(rows));
}

void JobLabelsTab::takeRows()
{
    if (m_group < 0 || std::size_t(m_group) >= m_groups.size()) {
        return;
    }
    auto& labels = m_groups[std::size_t(m_group)].labels;
    labels.clear();
    for (const TableRow& row : m_table->model().rows()) {
        labels.emplace_back(row.cells[0], row.cells[1]);
    }
}

void JobLabelsTab::collect(JobForm& form) const
{
    for (SourceForm& source : form.sources) {
        if (source.kind == SourceKind::statics && source.groups.size() == m_groups.size()) {
            for (std::size_t i = 0; i < m_groups.size(); ++i) {
                source.groups[i].labels = m_groups[i].labels;
            }
        }
    }
    form.honorLabels = m_honorLabels->isChecked();
    form.honorTimestamps = m_honorTimestamps->isChecked();
    form.trackStaleness = m_trackStaleness->isChecked();
}

void JobLabelsTab::showFaults(const JobFaults& faults, bool all)
{
    for (const FieldFaults& source : faults.sources) {
        if (source.contains(u"labels"_s)) {
            m_notes.show(source, all);
            return;
        }
    }
    m_notes.show({}, all);
}

QWidget* JobLabelsTab::firstFault(const JobFaults& faults)
{
    for (const FieldFaults& source : faults.sources) {
        if (QWidget* const widget = m_notes.firstOf(source)) {
            return widget;
        }
    }
    return nullptr;
}

} // namespace watchfire::ui
