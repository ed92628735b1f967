// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/scrape_phases.h"

#include "ui/models/format.h"
#include "ui/pages/widgets.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

using State = ScrapePhase::State;

theme::State shapeOf(State state)
{
    switch (state) {
    case State::running:
        return theme::State::pending;
    case State::done:
        return theme::State::up;
    case State::unneeded:
        return theme::State::silenced;
    case State::failed:
        return theme::State::critical;
    case State::waiting:
    case State::notReached:
        break;
    }
    return theme::State::unknown;
}

QString wordsOf(const ScrapePhase& phase)
{
    switch (phase.state) {
    case State::waiting:
        return {};
    case State::running:
        return u"…"_s;
    case State::done:
        return durationText(phase.took);
    case State::unneeded:
        return PhaseStrip::tr("not needed");
    case State::failed:
        return PhaseStrip::tr("failed");
    case State::notReached:
        break;
    }
    return PhaseStrip::tr("not reached");
}

/// An address of digits, or of IPv6 in brackets, needs no resolving.
bool isAddress(const QString& host)
{
    static const auto isDigits = [](const QString& part) {
        bool ok = false;
        part.toUShort(&ok);
        return ok;
    };
    const QStringList parts = host.split(u'.');
    return host.contains(u':') || (parts.size() == 4 && std::ranges::all_of(parts, isDigits));
}

std::vector<ScrapePhase> allPhases(const engine::ScrapeTest& test)
{
    return {{PhaseStrip::tr("resolve"), State::waiting, test.timings.resolve},
            {PhaseStrip::tr("connect"), State::waiting, test.timings.connect},
            {PhaseStrip::tr("TLS"), State::waiting, test.timings.tls},
            {PhaseStrip::tr("first byte"), State::waiting, test.timings.firstByte},
            {PhaseStrip::tr("parse"), State::waiting, test.parse}};
}

} // namespace

std::vector<ScrapePhase> phasesUnderWay(const engine::ScrapeTest& soFar)
{
    auto phases = allPhases(soFar);
    if (!soFar.phase) {
        return phases;
    }
    const auto current = std::size_t(*soFar.phase); // the body is read while it is parsed
    for (std::size_t i = 0; i < current; ++i) {
        phases[i].state = phases[i].took.count() > 0 ? State::done : State::unneeded;
    }
    phases[current].state = State::running;
    return phases;
}

std::vector<ScrapePhase> phasesOf(const engine::ScrapeTest& test)
{
    auto phases = allPhases(test);
    const QUrl url(fromUtf8(test.url));
    const bool isAnswered = test.ok || test.status != 0;
    bool isOver = test.url.empty() && !isAnswered; // it has not even begun
    // Without an answer it failed after the last phase that took time.
    std::size_t reached = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        reached = phases[i].took.count() > 0 ? i + 1 : reached;
    }
    for (std::size_t i = 0; i < phases.size(); ++i) {
        const bool isUnneeded
            = (i == 0 && isAddress(url.host())) || (i == 2 && url.scheme() != "https"_L1);
        const bool isParse = i == 4;
        if (isOver) {
            phases[i].state = State::notReached;
        } else if (phases[i].took.count() > 0 && (!isParse || test.ok)) {
            phases[i].state = State::done;
        } else if (isParse ? test.ok : (isAnswered || i < reached)) {
            // A connection that was there already needs none of the first three.
            phases[i].state = i == 3 || isParse ? State::done : State::unneeded;
        } else if (isParse && (test.status < 200 || test.status > 299)) {
            phases[i].state = State::notReached;
        } else if (isUnneeded) {
            phases[i].state = State::unneeded;
        } else {
            phases[i].state = State::failed;
            isOver = true;
        }
    }
    return phases;
}

PhaseStrip::PhaseStrip(const char* objectName, QWidget* parent)
    : QWidget(parent)
{
    setObjectName(QString::fromLatin1(objectName));
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    for (std::size_t i = 0; i < allPhases({}).size(); ++i) {
        Cell cell{new StateShape(12, this), plainLabel({}, this)};
        row->addWidget(cell.shape);
        row->addWidget(cell.text);
        row->addSpacing(12);
        m_cells.push_back(cell);
    }
    row->addStretch(1);
}

void PhaseStrip::setPhases(const std::vector<ScrapePhase>& phases)
{
    for (std::size_t i = 0; i < std::min(phases.size(), m_cells.size()); ++i) {
        m_cells[i].shape->setState(shapeOf(phases[i].state));
        m_cells[i].text->setText(
            QStringList{phases[i].name, wordsOf(phases[i])}.join(u' ').trimmed());
    }
    setAccessibleName(text());
}

QString PhaseStrip::text() const
{
    QStringList parts;
    for (const Cell& cell : m_cells) {
        parts << cell.text->text();
    }
    return parts.join(u", "_s);
}

} // namespace watchfire::ui
