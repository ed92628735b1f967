// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <memory>

#include <QLocalServer>
#include <QObject>

namespace watchfire::app {

/// One running program per state directory. A second start asks the first to show its window.
class Instance final : public QObject {
    Q_OBJECT
public:
    explicit Instance(const std::filesystem::path& stateDirectory);

    /// Whether another one runs; it is asked to raise its window. Waits at most half a second
    /// for it, before there is any window of ours.
    bool raiseOther();
    /// From here on this is the one. Writes the state file that watchfirectl looks for.
    Result<void> claim(const QString& url);
    void release();

signals:
    void raiseAsked();

private:
    QString m_name;
    std::filesystem::path m_stateFile;
    QLocalServer m_server;
};

} // namespace watchfire::app
