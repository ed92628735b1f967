// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/relabel_preview.h"

#include "ui/chart/progress_line.h"
#include "ui/models/format.h"
#include "ui/pages/diff_tree.h"
#include "ui/pages/widgets.h"

#include <QLabel>
#include <QSplitter>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

/// So many are opened by themselves; beyond that a list of names is clearer.
constexpr std::size_t mostOpen = 20;

} // namespace

RelabelPreview::RelabelPreview(QWidget* parent)
    : QWidget(parent)
    , m_counts(plainLabel({}, this))
    , m_note(new FieldNote("job.dialog.preview.note", this))
    , m_progress(new chart::ProgressLine(this))
    , m_tree(new DiffTree("job.dialog.preview", tr("What the rules make of each target"),
                          tr("Target, label"), this))
    , m_stepsTitle(mutedLabel({}, this))
    , m_steps(new DiffTree("job.dialog.preview.steps", tr("What each rule does to the target"),
                           tr("Rule, label"), this))
{
    m_counts->setObjectName(u"job.dialog.preview.counts"_s);
    m_counts->setWordWrap(true);
    m_stepsTitle->setObjectName(u"job.dialog.preview.title"_s);
    m_stepsTitle->setWordWrap(true);
    auto* const upper = new QWidget(this);
    auto* const upperColumn = new QVBoxLayout(upper);
    upperColumn->setContentsMargins(0, 0, 0, 0);
    upperColumn->setSpacing(2);
    upperColumn->addWidget(m_counts);
    upperColumn->addWidget(m_note);
    upperColumn->addWidget(m_progress);
    upperColumn->addWidget(m_tree, 1);
    auto* const lower = new QWidget(this);
    auto* const lowerColumn = new QVBoxLayout(lower);
    lowerColumn->setContentsMargins(0, 4, 0, 0);
    lowerColumn->setSpacing(2);
    lowerColumn->addWidget(m_stepsTitle);
    lowerColumn->addWidget(m_steps, 1);
    auto* const splitter = new QSplitter(Qt::Vertical, this);
    splitter->addWidget(upper);
    splitter->addWidget(lower);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setChildrenCollapsible(false);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(splitter);
    connect(m_tree, &DiffTree::currentTopChanged, this, &RelabelPreview::showSteps);
    showSteps(-1);
}

void RelabelPreview::show(Content content)
{
    m_content = std::move(content);
    std::vector<DiffRow> rows;
    rows.reserve(m_content.outcomes.size());
    for (const engine::RelabelOutcome& outcome : m_content.outcomes) {
        rows.push_back(outcomeRow(outcome));
    }
    const DiffCounts counts = countOutcomes(rows);
    const int all = int(m_content.total);
    QStringList parts{m_content.areSeries ? tr("%n series", nullptr, all)
                                          : tr("%n target(s)", nullptr, all)};
    const auto add = [&](std::size_t count, const QString& word) {
        if (count > 0) {
            parts << u"%1 %2"_s.arg(countText(count), word);
        }
    };
    add(counts.changed, tr("changed"));
    add(counts.unchanged, tr("unchanged"));
    add(counts.dropped, tr("dropped"));
    add(counts.faults, tr("with a fault"));
    QString text = parts.join(u" · "_s);
    if (m_content.total > m_content.outcomes.size()) {
        text += u'\n' + tr("The first %1 are shown.").arg(countText(m_content.outcomes.size()));
    }
    m_counts->setText(text);
    QStringList warnings;
    for (const std::string& warning : m_content.warnings) {
        warnings << fromUtf8(warning);
    }
    m_note->setError({});
    m_note->setHint(warnings.join(u'\n'));
    const bool opensAll = rows.size() <= mostOpen;
    m_tree->setRows(std::move(rows), opensAll);
}

void RelabelPreview::clear(const QString& why)
{
    m_content = {};
    m_counts->setText(why);
    m_note->setError({});
    m_note->setHint({});
    m_tree->setRows({}, true);
}

void RelabelPreview::setOutdated(const QString& why)
{
    m_note->setError(why);
}

void RelabelPreview::setBusy(bool busy)
{
    m_progress->setBusy(busy);
}

void RelabelPreview::showSteps(int outcome)
{
    const bool isAny = outcome >= 0 && std::size_t(outcome) < m_content.outcomes.size();
    m_stepsTitle->setText(
        isAny ? tr("Step by step: %1").arg(m_tree->rows()[std::size_t(outcome)].name)
              : tr("Choose a row above to see what each rule does to it."));
    m_steps->setRows(isAny ? stepRows(m_content.outcomes[std::size_t(outcome)], m_content.rules)
                           : std::vector<DiffRow>(),
                     true);
}

} // namespace watchfire::ui
