// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "ui/chart/picture.h"

#include <memory>
#include <optional>
#include <stop_token>

#include <QObject>

namespace watchfire::ui::chart {

/// Has pictures made on a worker, one at a time; a new request replaces the one that waits, so at
/// most one waits. GUI thread only.
class PictureMaker final : public QObject {
    Q_OBJECT
public:
    explicit PictureMaker(QObject* parent = nullptr);
    ~PictureMaker() override;

    /// Where jobs run; null, the default, is a pool that all makers share. It must outlive this
    /// object.
    void setExecutor(Executor* executor) { m_executor = executor; }

    /// `supersedes`: what is being made is of no use any more (another range, another size) and
    /// stops; else it is shown first, so that a stream of refreshes cannot starve the screen.
    void request(PictureRequest request, bool supersedes);
    /// Forgets what waits and stops what runs; nothing is delivered.
    void cancel();
    bool isBusy() const { return m_running; }
    /// Jobs begun so far.
    std::size_t started() const { return m_started; }

signals:
    /// A picture, newer than the ones before.
    void made(const std::shared_ptr<const watchfire::ui::chart::Picture>& picture);
    /// Nothing is being made and nothing waits.
    void idle();

private:
    /// The way back from a worker to an object that may be gone by then.
    struct Way;

    void start(PictureRequest request);
    void finished(std::shared_ptr<const Picture> picture, std::stop_token stop);

    Executor* m_executor = nullptr;
    std::shared_ptr<Way> m_way;
    std::stop_source m_stop;
    std::optional<PictureRequest> m_waiting;
    bool m_running = false;
    std::size_t m_started = 0;
};

} // namespace watchfire::ui::chart
