// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/program/program.h"

#include <algorithm>
#include <utility>

#include <QApplication>
#include <QDBusConnection>
#include <QDir>
#include <QFile>
#include <QPointer>

using namespace Qt::StringLiterals;

namespace watchfire::tests {

namespace {

constexpr int patienceMs = 20'000;

} // namespace

Program::Program(const QString& profile)
    : m_profile(profile)
{
    options.profile = profile.toStdString();
    options.noFirstRun = true;
}

Program::~Program()
{
    stop();
}

bool Program::writeConfig(const QString& name, const QByteArray& text) const
{
    const QString path = m_profile + u"/config/"_s + name;
    QFile file(path);
    return QDir().mkpath(QFileInfo(path).path()) && file.open(QIODevice::WriteOnly)
        && file.write(text) == text.size();
}

QByteArray Program::readConfig(const QString& name) const
{
    QFile file(m_profile + u"/config/"_s + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString Program::start()
{
    QGuiApplication::setQuitOnLastWindowClosed(false);
    m_notifier = std::make_unique<desktop::DesktopNotifier>(
        QDBusConnection::sessionBus(),
        [this](const Notification& notification, NotificationAction action,
               const std::string& token) {
            if (action == NotificationAction::show && m_session) {
                m_session->showAlerts(notification, QString::fromStdString(token));
            } else if (m_composition) {
                m_composition->engine().act(notification, action);
            }
        });
    auto built = app::Composition::build(options, paths(), *m_notifier, [] { });
    if (!built) {
        return QString::fromStdString(built.error().message);
    }
    m_composition = std::move(*built);
    m_session = std::make_unique<app::WindowSession>(*m_composition, *m_notifier, options, paths());
    if (!QTest::qWaitForWindowExposed(&window())
        || !QTest::qWaitFor([this] { return bridge().hasConfig(); }, patienceMs)) {
        return u"the window did not come up"_s;
    }
    return {};
}

void Program::stop()
{
    m_session.reset();
    m_composition.reset();
    m_notifier.reset();
}

Result<QueryValue> Program::ask(const std::string& expr, std::optional<Timestamp> at)
{
    engine::QueryRequest request;
    request.expr = expr;
    request.end = at.value_or(bridge().now());
    request.start = request.end;
    std::optional<Result<QueryResult>> answer;
    const ui::Pending pending
        = bridge().query(std::move(request), &window(),
                         [&answer](Result<QueryResult> result) { answer = std::move(result); });
    if (!QTest::qWaitFor([&answer] { return answer.has_value(); }, patienceMs)) {
        return fail(ErrorKind::timeout, "no answer to " + expr);
    }
    return std::move(*answer).transform(
        [](QueryResult&& result) { return std::move(result.value); });
}

std::optional<double> Program::valueOf(const std::string& expr, std::optional<Timestamp> at)
{
    const auto answer = ask(expr, at);
    const auto* const vector = answer ? std::get_if<Vector>(&*answer) : nullptr;
    return vector != nullptr && vector->size() == 1 ? std::optional(vector->front().value)
                                                    : std::nullopt;
}

MatrixSeries Program::samplesOf(const std::string& selector)
{
    auto answer = ask(selector);
    auto* const matrix = answer ? std::get_if<Matrix>(&*answer) : nullptr;
    return matrix != nullptr && matrix->size() == 1 ? std::move(matrix->front()) : MatrixSeries{};
}

const engine::TargetStatus* Program::target(const std::string& job)
{
    const auto& targets = bridge().targets()->targets;
    const auto found = std::ranges::find(targets, job, &engine::TargetStatus::job);
    return found == targets.end() ? nullptr : &*found;
}

bool Program::type(const char* name, const QString& text)
{
    auto* const edit = find<QLineEdit>(name);
    if (edit == nullptr || !edit->isVisible()) {
        return false;
    }
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, text);
    return edit->text() == text;
}

bool Program::click(const char* name)
{
    auto* const widget = find<QWidget>(name);
    if (widget == nullptr || !widget->isVisible() || !widget->isEnabled()) {
        return false;
    }
    QTest::mouseClick(widget, Qt::LeftButton);
    return true;
}

} // namespace watchfire::tests
