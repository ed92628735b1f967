// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "ui/bridge/engine_bridge.h"

#include <QObject>

namespace watchfire::ui {

/// Asks one discovery, as the engine would, for what it finds now.
class SourceAsk final : public QObject {
    Q_OBJECT

public:
    explicit SourceAsk(EngineBridge& bridge, QObject* parent = nullptr);

    /// In place of what was asked before.
    void ask(const config::DiscoveryConfig& discovery, const config::GlobalConfig& global);

signals:
    /// "3 targets found: a:1, b:1, …", or why it could not be asked.
    void answered(const QString& text, bool isFault);

private:
    EngineBridge& m_bridge;
    Pending m_pending;
};

} // namespace watchfire::ui
