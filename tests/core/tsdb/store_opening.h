// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/store.h"

#include <QTemporaryDir>

namespace watchfire::tsdb {

/// A store in that folder that commits when it is told to.
inline OpenOptions byHand(const QTemporaryDir& folder, const Clock& clock)
{
    OpenOptions options;
    options.directory = folder.path().toStdString();
    options.commitsByTime = false;
    options.clock = &clock;
    options.ringBytes = std::uint64_t{1} << 20;
    return options;
}

/// Null: it said why not.
inline std::unique_ptr<Store> openStore(const OpenOptions& options)
{
    auto store = Store::open(options);
    if (!store) {
        qWarning("%s", store.error().message.c_str());
        return nullptr;
    }
    return std::move(*store);
}

} // namespace watchfire::tsdb
