// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/receiver_report.h"

#include "ui/models/format.h"
#include "ui/pages/form_fields.h"

#include <algorithm>

#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr int mostLines = 5; ///< of an answer, before it scrolls

QString statusText(const engine::ReceiverTest::Answer& answer)
{
    return answer.status == 0 ? QString() : QString::number(answer.status);
}

/// Sentences of the engine begin in lower case, since they follow a name.
QString sentence(const std::string& text)
{
    QString out = fromUtf8(text);
    if (!out.isEmpty()) {
        out[0] = out[0].toUpper();
    }
    return out;
}

} // namespace

ReceiverReport::ReceiverReport(EngineBridge& bridge, const QString& prefix, QWidget* parent)
    : Card(parent)
    , m_bridge(bridge)
    , m_prefix(prefix)
    , m_shape(new StateShape(16, this))
    , m_outcome(plainLabel({}, this))
    , m_cancel(button(tr("Cancel test"), "stop", (prefix + u"cancelTest"_s).toLatin1().constData(),
                      this))
    , m_column(new QVBoxLayout)
{
    setObjectName(prefix + u"report"_s);
    setAccessibleName(tr("Report of the test notification"));
    m_outcome->setObjectName(prefix + u"outcome"_s);
    m_outcome->setWordWrap(true);
    m_outcome->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_column->setContentsMargins(0, 0, 0, 0);
    auto* const grid = new QGridLayout(this);
    grid->setContentsMargins(12, 8, 12, 8);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(1, 1);
    grid->addWidget(m_shape, 0, 0, Qt::AlignTop);
    grid->addWidget(m_outcome, 0, 1);
    grid->addWidget(m_cancel, 0, 2, Qt::AlignTop);
    grid->addLayout(m_column, 1, 1, 1, 2);
    m_tick.setInterval(100);
    connect(&m_tick, &QTimer::timeout, this, &ReceiverReport::sayRunning);
    connect(m_cancel, &QPushButton::clicked, this, &ReceiverReport::cancel);
    m_cancel->hide();
    say(theme::State::unknown,
        tr("Not tested yet. A test tells one made-up alert, past routes and silences."));
}

QString ReceiverReport::outcome() const
{
    return m_outcome->text();
}

void ReceiverReport::say(theme::State state, const QString& outcome)
{
    m_shape->setState(state);
    m_outcome->setText(outcome);
    setAccessibleDescription(outcome);
}

void ReceiverReport::run(engine::ReceiverTestRequest request)
{
    clearAnswers();
    m_name = fromUtf8(request.receiver ? request.receiver->name : request.name);
    m_since.start();
    m_tick.start();
    m_cancel->show();
    m_pending = m_bridge.testReceiver(
        std::move(request), this,
        [this](const Result<engine::ReceiverTest>& result) { showResult(result); });
    if (m_tick.isActive()) {
        sayRunning();
        emit runningChanged(true);
    }
}

void ReceiverReport::cancel()
{
    if (!m_tick.isActive()) {
        return;
    }
    m_pending = {};
    m_tick.stop();
    m_cancel->hide();
    say(theme::State::unknown,
        tr("Cancelled. What was under way may have been told all the same."));
    emit runningChanged(false);
}

void ReceiverReport::sayRunning()
{
    say(theme::State::pending,
        tr("Telling %1 … %2 s")
            .arg(m_name, QLocale().toString(double(m_since.elapsed()) / 1000, 'f', 1)));
}

void ReceiverReport::showResult(const Result<engine::ReceiverTest>& result)
{
    m_tick.stop();
    m_cancel->hide();
    if (!result) {
        say(theme::State::critical, sentence(result.error().message));
    } else if (result->answers.empty()) {
        say(theme::State::warning, tr("%1 has no way of telling yet.").arg(m_name));
    } else {
        const auto told = std::ranges::count_if(result->answers, &engine::ReceiverTest::Answer::ok);
        const auto all = std::ptrdiff_t(result->answers.size());
        say(told == all ? theme::State::up : theme::State::critical,
            told == all
                ? tr("%1 was told in %2.")
                      .arg(m_name, durationText(std::chrono::milliseconds(m_since.elapsed())))
                : told == 0 ? tr("%1 could not be told.").arg(m_name)
                            : tr("%1 was told in %2 of %3 ways.")
                                  .arg(m_name, QString::number(told), QString::number(all)));
        for (int i = 0; i < int(all); ++i) {
            showAnswer(result->answers[std::size_t(i)], i);
        }
    }
    emit runningChanged(false);
}

void ReceiverReport::showAnswer(const engine::ReceiverTest::Answer& answer, int number)
{
    if (m_answers == nullptr) {
        m_answers = new QWidget(this);
        auto* const grid = new QGridLayout(m_answers);
        grid->setContentsMargins(0, 0, 0, 0);
        grid->setHorizontalSpacing(8);
        grid->setVerticalSpacing(4);
        grid->setColumnStretch(1, 1);
        m_column->addWidget(m_answers);
    }
    auto* const grid = static_cast<QGridLayout*>(m_answers->layout());
    const QString name = m_prefix + u"answer%1"_s.arg(number);
    auto* const shape = new StateShape(14, m_answers);
    shape->setState(answer.ok ? theme::State::up : theme::State::critical);
    QStringList parts{fromUtf8(answer.integration), statusText(answer),
                      answer.ok ? tr("told") : sentence(answer.error)};
    parts.removeAll(QString());
    QLabel* const line = plainLabel(parts.join(u" · "_s), m_answers);
    line->setObjectName(name + u".line"_s);
    line->setWordWrap(true);
    line->setTextInteractionFlags(Qt::TextSelectableByMouse);
    const int row = grid->rowCount();
    grid->addWidget(shape, row, 0, Qt::AlignTop);
    grid->addWidget(line, row, 1);
    if (answer.answer.empty()) {
        return;
    }
    auto* const words = new QPlainTextEdit(m_answers);
    words->setObjectName(name);
    words->setAccessibleName(tr("What the server of %1 said").arg(fromUtf8(answer.integration)));
    words->setReadOnly(true);
    words->setTabChangesFocus(true);
    words->setFont(fixedFont());
    words->setPlainText(fromUtf8(answer.answer));
    const int lines = std::clamp(words->document()->blockCount(), 1, mostLines);
    words->setFixedHeight(words->fontMetrics().lineSpacing() * lines + 14);
    grid->addWidget(words, row + 1, 1);
}

void ReceiverReport::clearAnswers()
{
    delete m_answers;
    m_answers = nullptr;
}

} // namespace watchfire::ui
