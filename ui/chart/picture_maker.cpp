// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/picture_maker.h"

#include <mutex>
#include <utility>

#include <QMetaObject>

namespace watchfire::ui::chart {

namespace {

/// Two threads for the pictures of all charts: one may be busy with a big one.
ThreadPool& pool()
{
    static ThreadPool pool(2, "chart");
    return pool;
}

} // namespace

struct PictureMaker::Way {
    std::mutex mutex;
    PictureMaker* maker = nullptr; ///< null once it is gone

    void deliver(std::shared_ptr<const Picture> picture, std::stop_token stop)
    {
        const std::lock_guard lock(mutex);
        if (maker == nullptr) {
            return;
        }
        QMetaObject::invokeMethod(
            maker,
            [to = maker, picture = std::move(picture), stop = std::move(stop)]() mutable {
                to->finished(std::move(picture), std::move(stop));
            },
            Qt::QueuedConnection);
    }
};

PictureMaker::PictureMaker(QObject* parent)
    : QObject(parent)
    , m_way(std::make_shared<Way>())
{
    m_way->maker = this;
}

PictureMaker::~PictureMaker()
{
    m_stop.request_stop();
    const std::lock_guard lock(m_way->mutex);
    m_way->maker = nullptr;
}

void PictureMaker::request(PictureRequest request, bool supersedes)
{
    if (m_running) {
        if (supersedes) {
            m_stop.request_stop();
        }
        m_waiting = std::move(request);
        return;
    }
    start(std::move(request));
}

void PictureMaker::cancel()
{
    m_waiting.reset();
    m_stop.request_stop();
}

void PictureMaker::start(PictureRequest request)
{
    m_stop = std::stop_source();
    m_running = true;
    ++m_started;
    auto job = [way = m_way, stop = m_stop.get_token(),
                shared = std::make_shared<const PictureRequest>(std::move(request))] {
        way->deliver(stop.stop_requested() ? nullptr : makePicture(*shared, stop), stop);
    };
    if (m_executor != nullptr) {
        m_executor->run(std::move(job));
    } else {
        pool().run(std::move(job));
    }
}

void PictureMaker::finished(std::shared_ptr<const Picture> picture, std::stop_token stop)
{
    m_running = false;
    if (m_waiting) {
        start(*std::exchange(m_waiting, std::nullopt));
    }
    if (picture != nullptr && !stop.stop_requested()) {
        emit made(picture);
    }
    if (!m_running) {
        emit idle();
    }
}

} // namespace watchfire::ui::chart
