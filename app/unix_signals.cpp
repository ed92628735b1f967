// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/unix_signals.h"

#include <csignal>
#include <sys/signalfd.h>
#include <unistd.h>

namespace watchfire::app {

namespace {

sigset_t watched()
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    return set;
}

} // namespace

void UnixSignals::block()
{
    const sigset_t set = watched();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

UnixSignals::UnixSignals()
{
    const sigset_t set = watched();
    m_descriptor = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    m_notifier = new QSocketNotifier(m_descriptor, QSocketNotifier::Read, this);
    connect(m_notifier, &QSocketNotifier::activated, this, [this] {
        signalfd_siginfo info{};
        while (read(m_descriptor, &info, sizeof info) == sizeof info) {
            if (info.ssi_signo == SIGHUP) {
                emit reloadAsked();
            } else {
                emit quitAsked();
            }
        }
    });
}

UnixSignals::~UnixSignals()
{
    close(m_descriptor);
}

} // namespace watchfire::app
