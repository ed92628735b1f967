// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include <QByteArray>
#include <QProcess>
#include <QString>
#include <QStringList>

namespace watchfire::tests {

/// The file of a real program in build/peers (WATCHFIRE_PEERS, where that is set); empty: it is
/// not there.
QString peerProgram(const QString& name);
/// What a test that needs it says when it is not there.
QString withoutPeer(const QString& name);

/// Another program, its output gathered. It ends with this object, and with the test.
class Child {
public:
    Child();
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    bool start(const QString& program, const QStringList& arguments);
    /// The next start is a user's without rights, if ours is root's.
    void dropRights();
    /// Waits for a match of the pattern in what the program has said and returns its first
    /// capture; empty, when that does not come in time or the program ends.
    QString waitFor(const QString& pattern, int forMs = 20'000);
    /// Waits for its end; nothing: it runs on or was killed.
    std::optional<int> exitCode(int forMs = 20'000);
    void signal(int number);
    /// SIGKILL; returns when it is gone.
    void kill();
    /// Processor time it has used so far, in ms: what a busy machine does not lengthen.
    qint64 cpuMs() const;
    /// Most memory it had resident since `forgetPeak`, or its start, in KiB; 0: not known.
    qint64 peakKiB() const;
    void forgetPeak();
    bool isRunning() const { return m_process.state() == QProcess::Running; }
    /// Both streams, so far.
    const QByteArray& output();

private:
    QProcess m_process;
    QByteArray m_output;
};

} // namespace watchfire::tests
