// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

#include <QObject>
#include <QThread>

namespace watchfire::net {

/// A thread with an event loop, for what Qt does only in one. Ends with this object: what was
/// posted and has not run then never does.
class EventThread {
public:
    explicit EventThread(const char* name)
        : m_context(std::make_unique<QObject>())
    {
        m_thread.setObjectName(QString::fromLatin1(name));
        m_context->moveToThread(&m_thread);
        m_thread.start();
    }
    ~EventThread()
    {
        // What lives there dies there.
        QObject* const context = m_context.release();
        QMetaObject::invokeMethod(context, [context] {
            delete context;
            QThread::currentThread()->quit();
        });
        m_thread.wait();
    }
    EventThread(const EventThread&) = delete;
    EventThread& operator=(const EventThread&) = delete;

    /// Runs the task there, soon. From any thread.
    void post(std::function<void()> task)
    {
        QMetaObject::invokeMethod(m_context.get(), std::move(task), Qt::QueuedConnection);
    }
    /// The parent of objects that live there; they go when the thread ends.
    QObject* context() const { return m_context.get(); }

private:
    QThread m_thread;
    std::unique_ptr<QObject> m_context;
};

} // namespace watchfire::net
