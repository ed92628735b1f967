// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/storage/appender.h"
#include "core/storage/group_writer.h"
#include "core/storage/querier.h"

#include <memory>

namespace watchfire::storage {

/// A store as the engines see it. From any thread.
class Store : public Queryable {
public:
    /// The group with that identity (for a scrape: the target's labels), made when new. One
    /// writer of a group at a time; asking again while one exists fails with
    /// ErrorKind::conflict.
    virtual Result<std::unique_ptr<GroupWriter>> openGroup(const Labels& identity) = 0;
    virtual std::unique_ptr<Appender> appender() = 0;
    /// Metadata of every family, sorted by family.
    virtual Result<std::vector<FamilyMetadata>> metadata() = 0;
};

} // namespace watchfire::storage
