// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/alert_trace_view.h"

#include "ui/models/format.h"
#include "ui/pages/link_button.h"
#include "ui/pages/routing.h"
#include "ui/pages/widgets.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr int shapeSize = 14;
enum Column { shapeColumn, stageColumn, outcomeColumn, textColumn, linksColumn };

/// Lines that differ in their words only can be shown by the same widgets.
bool isSameKind(const TraceLine& a, const TraceLine& b)
{
    return a.stage == b.stage && a.isReached == b.isReached && a.links == b.links;
}

bool isSameKind(const QList<TraceSection>& a, const QList<TraceSection>& b)
{
    return std::ranges::equal(a, b, [](const TraceSection& one, const TraceSection& other) {
        return one.title == other.title
            && std::ranges::equal(
                   one.lines, other.lines,
                   [](const TraceLine& x, const TraceLine& y) { return isSameKind(x, y); });
    });
}

} // namespace

std::vector<TraceRouteTimes> routeTimesOf(const config::AlertmanagerConfig& config,
                                          const Labels& labels)
{
    const std::vector<RouteNode> nodes = routeNodes(config.route);
    std::vector<TraceRouteTimes> times;
    for (const std::size_t end : pathOf(nodes, labels).ends) {
        times.push_back(
            {nodes[end].groupWait, nodes[end].groupInterval, nodes[end].repeatInterval});
    }
    return times;
}

AlertTraceView::AlertTraceView(PageContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_scroll(new QScrollArea(this))
    , m_message(mutedLabel({}, this))
{
    setObjectName(u"alerts.why"_s);
    setAccessibleName(tr("Why it was told, or was not"));
    m_message->setObjectName(u"alerts.why.message"_s);
    m_message->setWordWrap(true);
    m_message->hide();
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->viewport()->setAutoFillBackground(false);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_message);
    column->addWidget(m_scroll, 1);
    m_second.setInterval(std::chrono::seconds(1));
    connect(&m_second, &QTimer::timeout, this, &AlertTraceView::ask);
    connect(&context.bridge, &EngineBridge::alertsChanged, this, &AlertTraceView::ask);
    connect(&context.bridge, &EngineBridge::configChanged, this, &AlertTraceView::ask);
}

void AlertTraceView::showAlert(std::optional<Labels> labels)
{
    if (labels == m_labels) {
        return;
    }
    // What was shown is of another alert.
    m_labels = std::move(labels);
    m_pending.cancel();
    m_again = false;
    present({});
    say({});
    ask();
}

void AlertTraceView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_second.start();
    ask();
}

void AlertTraceView::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_second.stop();
}

void AlertTraceView::ask()
{
    if (!m_labels || !isVisible()) {
        return;
    }
    if (m_pending.isActive()) {
        m_again = true;
        return;
    }
    m_again = false;
    m_pending = m_context.bridge.traceAlert(
        *m_labels, this, [this](const Result<engine::AlertTrace>& result) { take(result); });
}

void AlertTraceView::take(const Result<engine::AlertTrace>& result)
{
    if (result) {
        say({});
        present(traceSections(
            *result, routeTimesOf(m_context.bridge.config()->config.alertmanager, result->labels),
            *m_context.bridge.alerts(), m_context.bridge.now()));
    } else {
        say(fromUtf8(result.error().message));
    }
    if (m_again) {
        ask();
    }
}

void AlertTraceView::say(const QString& message)
{
    m_message->setText(message);
    m_message->setVisible(!message.isEmpty());
}

void AlertTraceView::present(const QList<TraceSection>& sections)
{
    if (sections == m_sections) {
        return;
    }
    if (!isSameKind(sections, m_sections)) {
        rebuild(sections);
    }
    m_sections = sections;
    qsizetype at = 0;
    for (const TraceSection& section : sections) {
        for (const TraceLine& line : section.lines) {
            const Row& row = m_rows[at++];
            if (row.shape != nullptr) {
                row.shape->setState(shapeOf(line.state).value_or(theme::State::unknown));
            }
            row.outcome->setText(line.outcome);
            row.text->setText(line.text);
            row.text->setAccessibleName(u"%1: %2. %3"_s.arg(line.stage, line.outcome, line.text));
        }
    }
}

void AlertTraceView::rebuild(const QList<TraceSection>& sections)
{
    auto* const sheet = new QWidget(this);
    sheet->setAutoFillBackground(false);
    auto* const grid = new QGridLayout(sheet);
    grid->setContentsMargins(0, 4, 8, 4);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(textColumn, 1);
    m_rows.clear();
    int at = 0;
    for (const TraceSection& section : sections) {
        // One route needs no heading: the line of the route says it.
        if (!section.title.isEmpty() && sections.size() > 2) {
            QLabel* const title = plainLabel(section.title, sheet);
            QFont font = title->font();
            font.setBold(true);
            title->setFont(font);
            grid->addWidget(title, at++, shapeColumn, 1, linksColumn + 1);
        }
        for (const TraceLine& line : section.lines) {
            addRow(grid, at++, line);
        }
    }
    grid->setRowStretch(at, 1);
    // A click on one of its links may have led here.
    if (QWidget* const before = m_scroll->takeWidget()) {
        before->hide();
        before->deleteLater();
    }
    m_scroll->setWidget(sheet);
}

void AlertTraceView::addRow(QGridLayout* grid, int at, const TraceLine& line)
{
    QWidget* const sheet = grid->parentWidget();
    Row row{nullptr, mutedLabel({}, sheet), nullptr};
    if (line.isReached) {
        row.shape = new StateShape(shapeSize, sheet);
        grid->addWidget(row.shape, at, shapeColumn, Qt::AlignCenter);
    }
    row.text = line.isReached ? plainLabel({}, sheet) : mutedLabel({}, sheet);
    row.text->setObjectName(u"alerts.why.%1"_s.arg(m_rows.size()));
    row.text->setWordWrap(true);
    row.text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    // A long answer of a server without spaces must not widen the page.
    row.text->setMinimumWidth(40);
    row.text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    QLabel* const stage
        = line.isReached ? plainLabel(line.stage, sheet) : mutedLabel(line.stage, sheet);
    grid->addWidget(stage, at, stageColumn);
    grid->addWidget(row.outcome, at, outcomeColumn);
    grid->addWidget(row.text, at, textColumn);
    if (!line.links.isEmpty()) {
        grid->addWidget(linksOf(line, int(m_rows.size())), at, linksColumn);
    }
    grid->setRowMinimumHeight(at, 24);
    m_rows << row;
}

QWidget* AlertTraceView::linksOf(const TraceLine& line, int row)
{
    auto* const box = new QWidget(this);
    auto* const column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    for (int i = 0; i < int(line.links.size()); ++i) {
        const TraceLink& link = line.links[i];
        auto* const go = new LinkButton(link.text, u"alerts.why.%1.link.%2"_s.arg(row).arg(i), box);
        connect(go, &LinkButton::clicked, this, [this, link] { emit linkActivated(link); });
        column->addWidget(go);
    }
    return box;
}

} // namespace watchfire::ui
