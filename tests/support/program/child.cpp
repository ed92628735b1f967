// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/program/child.h"

#include "test_places.h"

#include <csignal>
#include <grp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <QDeadlineTimer>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace watchfire::tests {

QString peerProgram(const QString& name)
{
    const QString folder = qEnvironmentVariable(
        "WATCHFIRE_PEERS", QStringLiteral(WATCHFIRE_SOURCE_DIR "/build/peers"));
    for (const QString& place : {u"/root/usr/bin/"_s, u"/root/usr/sbin/"_s}) {
        if (QFileInfo(folder + place + name).isExecutable()) {
            return folder + place + name;
        }
    }
    return {};
}

QString withoutPeer(const QString& name)
{
    return u"SKIPPED-LOUDLY: no %1 in build/peers (packaging/dev.sh peers)"_s.arg(name);
}

Child::Child()
{
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
}

void Child::dropRights()
{
    m_process.setChildProcessModifier([] {
        constexpr ::uid_t nobody = 65534;
        if (::geteuid() == 0
            && (::setgroups(0, nullptr) != 0 || ::setgid(nobody) != 0 || ::setuid(nobody) != 0)) {
            ::_exit(126);
        }
        ::prctl(PR_SET_PDEATHSIG, SIGKILL); // a change of user forgets it
    });
}

Child::~Child()
{
    kill();
}

bool Child::start(const QString& program, const QStringList& arguments)
{
    m_output.clear();
    m_process.start(program, arguments);
    return m_process.waitForStarted();
}

const QByteArray& Child::output()
{
    m_output += m_process.readAll();
    return m_output;
}

QString Child::waitFor(const QString& pattern, int forMs)
{
    const QRegularExpression expression(pattern);
    const QDeadlineTimer deadline(forMs);
    for (;;) {
        const auto match = expression.match(QString::fromUtf8(output()));
        if (match.hasMatch()) {
            return match.captured(1);
        }
        if (deadline.hasExpired()
            || (!m_process.waitForReadyRead(int(deadline.remainingTime())) && !isRunning())) {
            return {};
        }
    }
}

std::optional<int> Child::exitCode(int forMs)
{
    if (isRunning() && !m_process.waitForFinished(forMs)) {
        return std::nullopt;
    }
    output();
    return m_process.exitStatus() == QProcess::NormalExit ? std::optional(m_process.exitCode())
                                                          : std::nullopt;
}

void Child::signal(int number)
{
    if (m_process.processId() > 0) {
        ::kill(::pid_t(m_process.processId()), number);
    }
}

qint64 Child::cpuMs() const
{
    QFile file(u"/proc/%1/stat"_s.arg(m_process.processId()));
    if (!file.open(QIODevice::ReadOnly)) {
        return 0;
    }
    const QByteArray text = file.readAll();
    // After the name, which may hold blanks, come state and ten more before utime and stime.
    const QList<QByteArray> fields = text.mid(text.lastIndexOf(')') + 2).split(' ');
    return (fields.value(11).toLongLong() + fields.value(12).toLongLong()) * 1'000
        / ::sysconf(_SC_CLK_TCK);
}

qint64 Child::peakKiB() const
{
    QFile file(u"/proc/%1/status"_s.arg(m_process.processId()));
    if (!file.open(QIODevice::ReadOnly)) {
        return 0;
    }
    static const QRegularExpression pattern(u"VmHWM:\\s*(\\d+) kB"_s);
    return pattern.match(QString::fromUtf8(file.readAll())).captured(1).toLongLong();
}

void Child::forgetPeak()
{
    QFile file(u"/proc/%1/clear_refs"_s.arg(m_process.processId()));
    if (file.open(QIODevice::WriteOnly)) {
        file.write("5");
    }
}

void Child::kill()
{
    if (m_process.state() != QProcess::NotRunning) {
        m_process.kill();
        m_process.waitForFinished();
    }
}

} // namespace watchfire::tests
