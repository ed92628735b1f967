// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <utility>

#include <QFuture>
#include <QPromise>
#include <QThreadPool>

namespace watchfire::ui {

/// Runs `work` on a thread of the pool and gives what it returns to `done` on the GUI thread,
/// unless `context` is gone by then. `work` must own all it looks at.
template <class Work, class Done> void inBackground(QObject* context, Work work, Done done)
{
    using Outcome = decltype(work());
    auto promise = std::make_shared<QPromise<Outcome>>();
    promise->future().then(context, std::move(done));
    QThreadPool::globalInstance()->start([promise, work = std::move(work)]() mutable {
        promise->start();
        promise->addResult(work());
        promise->finish();
    });
}

} // namespace watchfire::ui
