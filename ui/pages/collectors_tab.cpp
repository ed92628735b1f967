// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/collectors_tab.h"

#include "ui/models/format.h"
#include "ui/models/targets_model.h"
#include "ui/pages/widgets.h"

#include <algorithm>
#include <utility>

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

CollectorsTab::CollectorsTab(PageContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
{
    setObjectName(u"collectors.tab"_s);
    auto* const content = new QWidget(this);
    auto* const column = new QVBoxLayout(content);
    column->setContentsMargins(0, 8, 0, pageMargin);
    column->setSpacing(8);
    QLabel* const about = mutedLabel(
        tr("Built-in exporters: they need no program beside this one and appear among the targets "
           "like any other."),
        content);
    about->setWordWrap(true);
    column->addWidget(about);
    m_refused = new FieldNote("collectors.refused", content);
    column->addWidget(m_refused);
    addCollector(column, {"host", &config::OwnConfig::hostCollector, tr("This machine")},
                 tr("Processors, memory, disks, file systems, network and more of this machine, "
                    "under the names of the node exporter."));
    addCollector(column, {"watchfire", &config::OwnConfig::selfCollector, tr("Watchfire itself")},
                 tr("What this program does: scrapes, samples, queries, store, memory."));
    auto* const row = new QHBoxLayout;
    QPushButton* const settings
        = button(tr("How often they collect…"), "settings", "collectors.settings", content);
    row->addWidget(settings);
    row->addStretch(1);
    column->addLayout(row);
    column->addStretch(1);
    auto* const scroll = new QScrollArea(this);
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* const whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scroll);

    connect(settings, &QPushButton::clicked, this,
            [this] { emit navigate(u"settings"_s, u"collectors"_s); });
    connect(&context.bridge, &EngineBridge::configChanged, this, &CollectorsTab::showConfig);
    connect(&context.bridge, &EngineBridge::targetsChanged, this, &CollectorsTab::showTargets);
    showConfig();
}

void CollectorsTab::addCollector(QVBoxLayout* column, Collector collector, const QString& what)
{
    const QString name = u"collectors."_s + fromUtf8(collector.job);
    auto* const card = new Card(this);
    collector.box = new QCheckBox(collector.name, card);
    collector.box->setObjectName(name);
    collector.box->setMinimumHeight(24);
    QFont bold = collector.box->font();
    bold.setBold(true);
    collector.box->setFont(bold);
    collector.shape = new StateShape(14, card);
    collector.state = plainLabel({}, card);
    collector.state->setObjectName(name + u".state"_s);
    collector.show = toolButton(tr("Show its target"), "targets",
                                (name + u".show"_s).toLatin1().constData(), card);
    collector.show->setAccessibleName(tr("Show the target of %1").arg(collector.name));
    QLabel* const description = mutedLabel(what, card);
    description->setWordWrap(true);

    auto* const top = new QHBoxLayout;
    top->setSpacing(6);
    top->addWidget(collector.box);
    top->addStretch(1);
    top->addWidget(collector.shape);
    top->addWidget(collector.state);
    top->addWidget(collector.show);
    auto* const rows = new QVBoxLayout(card);
    rows->setContentsMargins(16, 8, 8, 12);
    rows->setSpacing(4);
    rows->addLayout(top);
    rows->addWidget(description);
    column->addWidget(card);

    connect(collector.box, &QCheckBox::clicked, this,
            [this, i = m_collectors.size()](bool on) { change(m_collectors[i], on); });
    connect(collector.show, &QToolButton::clicked, this,
            [this, job = fromUtf8(collector.job)] { emit targetWanted(u"job="_s + job); });
    m_collectors.push_back(std::move(collector));
}

void CollectorsTab::change(const Collector& collector, bool on)
{
    m_refused->setError({});
    const auto set = [which = collector.on](bool to) {
        return [which, to](config::Config& config) { config.own.*which = to; };
    };
    m_context.edits.changeConfig(on ? tr("Collector on: %1").arg(collector.name)
                                    : tr("Collector off: %1").arg(collector.name),
                                 set(on), set(!on), this, [this](const Result<void>& result) {
                                     if (!result) {
                                         m_refused->setError(fromUtf8(result.error().message));
                                         showConfig();
                                     }
                                 });
}

void CollectorsTab::showConfig()
{
    for (const Collector& collector : m_collectors) {
        collector.box->setChecked(m_context.bridge.config()->config.own.*collector.on);
    }
    showTargets();
}

void CollectorsTab::showTargets()
{
    const auto& targets = m_context.bridge.targets()->targets;
    for (const Collector& collector : m_collectors) {
        const auto found = std::ranges::find_if(targets, [&](const engine::TargetStatus& target) {
            return target.collector && target.job == collector.job;
        });
        const bool isThere = found != targets.end();
        collector.show->setEnabled(isThere);
        collector.shape->setVisible(isThere);
        if (!isThere) {
            collector.state->setText(collector.box->isChecked() ? tr("Starting") : tr("Off"));
            continue;
        }
        collector.shape->setState(
            shapeOf(TargetsModel::stateOf(*found)).value_or(theme::State::unknown));
        collector.state->setText(
            found->lastScrape == Timestamp{}
                ? TargetsModel::stateWord(*found)
                : tr("%1, %Ln sample(s), %2", nullptr, int(found->samples))
                      .arg(TargetsModel::stateWord(*found),
                           agoText(found->lastScrape, m_context.bridge.now())));
    }
}

} // namespace watchfire::ui
