// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QProcess>

namespace watchfire::tests {

/// What a run of watchfirectl came to.
struct Ran {
    int exit = -1; ///< -1: it did not end by itself
    QByteArray out;
    QByteArray err;
};

inline Ran ctl(const QStringList& arguments, const QByteArray& input = {})
{
    QProcess process;
    process.start(QCoreApplication::applicationDirPath() + QStringLiteral("/watchfirectl"),
                  arguments);
    process.write(input);
    process.closeWriteChannel();
    Ran ran;
    if (process.waitForFinished(60'000) && process.exitStatus() == QProcess::NormalExit) {
        ran.exit = process.exitCode();
    }
    ran.out = process.readAllStandardOutput();
    ran.err = process.readAllStandardError();
    return ran;
}

} // namespace watchfire::tests
