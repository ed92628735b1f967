// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/silence_warning.h"

#include "ui/models/format.h"
#include "ui/models/silences_model.h"
#include "ui/pages/widgets.h"

#include <algorithm>
#include <utility>

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

std::vector<const engine::SilenceStatus*> endingSoon(const engine::AlertsSnapshot& alerts,
                                                     Timestamp now)
{
    std::vector<const engine::SilenceStatus*> out;
    for (const engine::SilenceStatus& silence : alerts.silences) {
        if (SilencesModel::phaseOf(silence, now) == SilencesModel::Phase::active
            && silence.endsAt - now < SilencesModel::warnBefore) {
            out.push_back(&silence);
        }
    }
    std::ranges::stable_sort(out,
                             [](const auto* a, const auto* b) { return a->endsAt < b->endsAt; });
    return out;
}

void extendSilence(Edits& edits, const engine::SilenceStatus& silence, QObject* context)
{
    engine::SilenceChange to;
    to.matchers = silence.matchers;
    to.startsAt = silence.startsAt;
    to.endsAt = silence.endsAt + std::chrono::hours(1);
    to.createdBy = silence.createdBy;
    to.comment = silence.comment;
    to.annotations = silence.annotations;
    edits.changeSilence(SilenceWarning::tr("Silence extended by 1 h"), silence, std::move(to),
                        context, {});
}

SilenceWarning::SilenceWarning(PageContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_shape(new StateShape(16, this))
    , m_text(plainLabel({}, this))
{
    setObjectName(u"alerts.ending"_s);
    m_shape->setState(theme::State::warning);
    m_text->setObjectName(u"alerts.ending.text"_s);
    m_text->setWordWrap(true);
    QPushButton* const extend = button(tr("Extend by 1 h"), "clock", "alerts.ending.extend", this);
    QPushButton* const show = button(tr("Show"), "silence", "alerts.ending.show", this);
    QToolButton* const close
        = toolButton(tr("Do not warn of this one"), "close", "alerts.ending.close", this);
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 8);
    row->setSpacing(8);
    row->addWidget(m_shape);
    row->addWidget(m_text, 1);
    row->addWidget(extend);
    row->addWidget(show);
    row->addWidget(close);
    m_second.setInterval(std::chrono::seconds(1));
    connect(&m_second, &QTimer::timeout, this, &SilenceWarning::tell);
    connect(&context.bridge, &EngineBridge::alertsChanged, this, &SilenceWarning::tell);
    connect(extend, &QPushButton::clicked, this, [this] {
        if (const engine::SilenceStatus* const silence = first()) {
            extendSilence(m_context.edits, *silence, this);
        }
    });
    connect(show, &QPushButton::clicked, this, [this] {
        if (const engine::SilenceStatus* const silence = first()) {
            emit showWanted(fromUtf8(silence->id));
        }
    });
    connect(close, &QToolButton::clicked, this, [this] {
        if (const engine::SilenceStatus* const silence = first()) {
            m_dismissed.insert(silence->id);
        }
        tell();
    });
    tell();
    m_second.start();
}

const engine::SilenceStatus* SilenceWarning::first() const
{
    const auto soon = endingSoon(*m_context.bridge.alerts(), m_context.bridge.now());
    const auto found = std::ranges::find_if(
        soon, [this](const auto* silence) { return !m_dismissed.contains(silence->id); });
    return found == soon.end() ? nullptr : *found;
}

void SilenceWarning::tell()
{
    const Timestamp now = m_context.bridge.now();
    const engine::SilenceStatus* const silence = first();
    setVisible(silence != nullptr);
    if (silence == nullptr) {
        return;
    }
    const QString comment = fromUtf8(silence->comment).simplified();
    QString text = tr("The silence of %1 ends in %2")
                       .arg(matchersText(silence->matchers), spanText(silence->endsAt - now));
    if (silence->matched > 0) {
        text += tr("; alerts it mutes now: %1").arg(countText(silence->matched));
    }
    if (!comment.isEmpty()) {
        text += u" — %1"_s.arg(comment);
    }
    m_text->setText(text);
    setAccessibleName(text);
}

} // namespace watchfire::ui
