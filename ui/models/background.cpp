// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/background.h"

#include <mutex>
#include <utility>

#include <QMetaObject>

namespace watchfire::ui {

namespace {

ThreadPool& pool()
{
    static ThreadPool pool(1, "models");
    return pool;
}

} // namespace

/// The way back from a worker to an object that may be gone by then.
struct Background::Way {
    std::mutex mutex;
    Background* owner = nullptr; ///< null once it is gone

    void deliver(Result result)
    {
        const std::scoped_lock lock(mutex);
        if (owner != nullptr) {
            QMetaObject::invokeMethod(
                owner,
                [to = owner, result = std::move(result)]() mutable {
                    to->finished(std::move(result));
                },
                Qt::QueuedConnection);
        }
    }
};

Background::Background(QObject* parent)
    : QObject(parent)
    , m_way(std::make_shared<Way>())
{
    m_way->owner = this;
}

Background::~Background()
{
    m_stop.request_stop();
    const std::scoped_lock lock(m_way->mutex);
    m_way->owner = nullptr;
}

Executor& Background::executor()
{
    return m_executor != nullptr ? *m_executor : pool();
}

void Background::start(Job job, std::move_only_function<void(Result)> done)
{
    m_busy = true;
    m_done = std::move(done);
    m_stop = std::stop_source();
    executor().run([way = m_way, stop = m_stop.get_token(), job = std::move(job)]() mutable {
        way->deliver(stop.stop_requested() ? nullptr : job(stop));
    });
}

void Background::stop()
{
    m_stop.request_stop();
}

void Background::discard(Result thing)
{
    if (thing != nullptr) {
        executor().run([thing = std::move(thing)]() mutable { thing.reset(); });
    }
}

void Background::finished(Result result)
{
    m_busy = false;
    auto done = std::exchange(m_done, nullptr);
    done(std::move(result));
}

} // namespace watchfire::ui
