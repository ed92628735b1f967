// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/config/config.h"
#include "core/engine/engine.h"
#include "ui/bridge/engine_bridge.h"

#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include <QObject>
#include <QPointer>
#include <QString>
#include <QUndoStack>

namespace watchfire::ui {

/// Changes part of a configuration in place. It may run again later on another configuration
/// (redo), so it names what it changes instead of holding the whole.
using ConfigChange = std::function<void(config::Config&)>;

/// Everything a person changes goes through here: one edit at a time is put in force, each built
/// on what the one before left, and can be undone. One that finds nothing to change (a second
/// press of Delete) is none, and there is nothing to undo. GUI thread only.
class Edits final : public QObject {
    Q_OBJECT

public:
    using Done = std::move_only_function<void(Result<void>)>;

    explicit Edits(EngineBridge& bridge, QObject* parent = nullptr);

    /// `text` says what was done ("Job node added"). `done` comes once the engine has accepted or
    /// refused, unless `context` is gone by then. A refused edit leaves nothing behind.
    void changeConfig(const QString& text, ConfigChange apply, ConfigChange revert,
                      QObject* context, Done done);
    void createSilence(const QString& text, engine::SilenceChange silence, QObject* context,
                       Done done);
    /// `to` is what the silence shall be; its id is not looked at.
    void changeSilence(const QString& text, const engine::SilenceStatus& silence,
                       engine::SilenceChange to, QObject* context, Done done);
    void expireSilence(const QString& text, const engine::SilenceStatus& silence, QObject* context,
                       Done done);

    QUndoStack& stack() { return m_stack; }
    bool isBusy() const { return m_running.isActive() || !m_waiting.empty(); }

signals:
    /// An edit is in force; undo takes it back.
    void made(const QString& text);
    /// An undo or redo is done.
    void taken(const QString& text);
    /// An undo or redo was refused.
    void refused(const QString& text, const QString& cause);

private:
    friend class EditCommand;
    struct Step {
        ConfigChange change; ///< or
        std::optional<engine::SilenceChange> silence;
        std::shared_ptr<engine::SilenceId> createdId; ///< where a new silence's id goes
        std::move_only_function<void(Result<void>)> done;
    };

    void enqueue(Step step);
    void next();
    void finish(Result<void> result);
    Done announcing(const QString& text, QObject* context, Done done, std::function<Step()> undo,
                    std::function<Step()> redo);
    void takeSnapshot(const ConfigPtr& snapshot);

    EngineBridge& m_bridge;
    QUndoStack m_stack;
    std::deque<Step> m_waiting;
    std::optional<Step> m_current;
    bool m_changesNothing = false; ///< the current step
    Pending m_running;
    config::Config m_config; ///< in force, as far as we know
    std::optional<config::Config> m_before; ///< what our last edit replaced
};

} // namespace watchfire::ui
