// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/edits.h"

#include <utility>

#include <QUndoCommand>

namespace watchfire::ui {

/// An edit that is in force already when it comes onto the stack.
class EditCommand final : public QUndoCommand {
public:
    EditCommand(Edits& edits, const QString& text, std::function<Edits::Step()> undoStep,
                std::function<Edits::Step()> redoStep)
        : QUndoCommand(text)
        , m_edits(edits)
        , m_undo(std::move(undoStep))
        , m_redo(std::move(redoStep))
    {
    }

    void undo() override { run(m_undo(), Edits::tr("Undone: %1").arg(text())); }

    void redo() override
    {
        if (std::exchange(m_first, false)) {
            return;
        }
        run(m_redo(), Edits::tr("Done again: %1").arg(text()));
    }

private:
    void run(Edits::Step step, const QString& words)
    {
        step.done = [&edits = m_edits, words, what = text()](const Result<void>& result) {
            if (result) {
                emit edits.taken(words);
            } else {
                emit edits.refused(what, QString::fromStdString(result.error().message));
            }
        };
        m_edits.enqueue(std::move(step));
    }

    Edits& m_edits;
    std::function<Edits::Step()> m_undo;
    std::function<Edits::Step()> m_redo;
    bool m_first = true;
};

Edits::Edits(EngineBridge& bridge, QObject* parent)
    : QObject(parent)
    , m_bridge(bridge)
    , m_config(bridge.config()->config)
{
    connect(&bridge, &EngineBridge::configChanged, this, &Edits::takeSnapshot);
}

void Edits::takeSnapshot(const ConfigPtr& snapshot)
{
    // A picture taken just before our edit may come just after its answer.
    if (m_running.isActive() || (m_before && snapshot->config == *m_before)) {
        return;
    }
    m_before.reset();
    m_config = snapshot->config;
}

Edits::Done Edits::announcing(const QString& text, QObject* context, Done done,
                              std::function<Step()> undo, std::function<Step()> redo)
{
    return [this, text, guard = QPointer<QObject>(context), done = std::move(done),
            undo = std::move(undo), redo = std::move(redo)](Result<void> result) mutable {
        if (result && !m_changesNothing) {
            m_stack.push(new EditCommand(*this, text, std::move(undo), std::move(redo)));
            emit made(text);
        }
        if (done && guard) {
            done(std::move(result));
        }
    };
}

void Edits::changeConfig(const QString& text, ConfigChange apply, ConfigChange revert,
                         QObject* context, Done done)
{
    Step step;
    step.change = apply;
    const auto stepOf = [](const ConfigChange& change) {
        return [change] {
            Step again;
            again.change = change;
            return again;
        };
    };
    step.done = announcing(text, context, std::move(done), stepOf(revert), stepOf(apply));
    enqueue(std::move(step));
}

void Edits::createSilence(const QString& text, engine::SilenceChange silence, QObject* context,
                          Done done)
{
    const auto id = std::make_shared<engine::SilenceId>();
    const auto create = [silence, id] {
        Step step;
        step.silence = silence;
        step.createdId = id;
        return step;
    };
    const auto expire = [id] {
        Step step;
        step.silence.emplace();
        step.silence->id = *id;
        step.silence->expire = true;
        return step;
    };
    Step step = create();
    step.done = announcing(text, context, std::move(done), expire, create);
    enqueue(std::move(step));
}

void Edits::changeSilence(const QString& text, const engine::SilenceStatus& silence,
                          engine::SilenceChange to, QObject* context, Done done)
{
    const auto id = std::make_shared<engine::SilenceId>(silence.id);
    engine::SilenceChange from;
    from.matchers = silence.matchers;
    from.startsAt = silence.startsAt;
    from.endsAt = silence.endsAt;
    from.createdBy = silence.createdBy;
    from.comment = silence.comment;
    // The engine may give it another id, under which it is changed back.
    const auto changeTo = [id](const engine::SilenceChange& wanted) {
        return [id, wanted] {
            Step step;
            step.silence = wanted;
            step.silence->id = *id;
            step.silence->expire = false;
            step.createdId = id;
            return step;
        };
    };
    Step step = changeTo(to)();
    step.done = announcing(text, context, std::move(done), changeTo(from), changeTo(to));
    enqueue(std::move(step));
}

void Edits::expireSilence(const QString& text, const engine::SilenceStatus& silence,
                          QObject* context, Done done)
{
    const auto id = std::make_shared<engine::SilenceId>(silence.id);
    const auto expire = [id] {
        Step step;
        step.silence.emplace();
        step.silence->id = *id;
        step.silence->expire = true;
        return step;
    };
    // An expired silence stays expired; its successor has an id of its own.
    const auto recreate = [id, silence, this] {
        Step step;
        step.silence.emplace();
        step.silence->matchers = silence.matchers;
        step.silence->startsAt = m_bridge.now();
        step.silence->endsAt = silence.endsAt;
        step.silence->createdBy = silence.createdBy;
        step.silence->comment = silence.comment;
        step.createdId = id;
        return step;
    };
    Step step = expire();
    step.done = announcing(text, context, std::move(done), recreate, expire);
    enqueue(std::move(step));
}

void Edits::enqueue(Step step)
{
    m_waiting.push_back(std::move(step));
    next();
}

void Edits::next()
{
    if (m_current || m_waiting.empty()) {
        return;
    }
    m_current = std::move(m_waiting.front());
    m_waiting.pop_front();
    m_changesNothing = false;
    if (m_current->silence) {
        m_running = m_bridge.changeSilence(
            *m_current->silence, this, [this](Result<engine::SilenceId> id) {
                if (id && m_current->createdId) {
                    *m_current->createdId = *id;
                }
                finish(id ? Result<void>() : std::unexpected(id.error()));
            });
        return;
    }
    config::Config changed = m_config;
    m_current->change(changed);
    m_changesNothing = changed == m_config && m_bridge.config()->faults.empty();
    if (m_changesNothing) {
        finish({});
        return;
    }
    m_running = m_bridge.applyConfig(
        {m_config, changed}, this, [this, changed](Result<engine::ConfigReport> report) {
            if (report) {
                m_before = std::exchange(m_config, changed);
                // The picture with this edit in it may have come before the answer; it says
                // how the engine took it (paths made whole, say).
                if (const auto& newest = m_bridge.config()->config; newest != *m_before) {
                    m_config = newest;
                }
                finish({});
            } else {
                finish(std::unexpected(report.error()));
            }
        });
}

void Edits::finish(Result<void> result)
{
    auto done = std::move(m_current->done);
    m_current.reset();
    if (done) {
        done(std::move(result));
    }
    next();
}

} // namespace watchfire::ui
