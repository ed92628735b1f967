// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"

#include <functional>
#include <memory>
#include <stop_token>

#include <QObject>

namespace watchfire::ui {

/// Works something out on a worker and hands the result, whole and immutable, to the GUI thread.
/// One job at a time. When this object goes the job is stopped and nothing is handed over. GUI
/// thread only.
class Background final : public QObject {
public:
    /// Null: it was stopped.
    using Result = std::shared_ptr<const void>;
    using Job = std::move_only_function<Result(const std::stop_token&)>;

    explicit Background(QObject* parent = nullptr);
    ~Background() override;

    /// Where jobs run; null, the default, is a worker that all share. It must outlive this object.
    void setExecutor(Executor* executor) { m_executor = executor; }

    /// Must not be busy. `done` is called on the GUI thread, later.
    void start(Job job, std::move_only_function<void(Result)> done);
    bool isBusy() const { return m_busy; }
    /// Asks the running job to stop; its result, null where it did, comes all the same.
    void stop();

    /// Lets go of something big on a worker: freeing a hundred thousand of anything takes longer
    /// than a frame.
    void discard(Result thing);

private:
    struct Way;

    Executor& executor();
    void finished(Result result);

    Executor* m_executor = nullptr;
    std::shared_ptr<Way> m_way;
    std::stop_source m_stop;
    std::move_only_function<void(Result)> m_done;
    bool m_busy = false;
};

} // namespace watchfire::ui
