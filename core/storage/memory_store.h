// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/storage/store.h"

#include <memory>

namespace watchfire::storage {

/// A store that forgets everything when it goes: for tests, PromQL scripts and rule unit tests.
/// Samples may arrive in any order; of two at one moment the first stays. From any thread. What
/// it hands out keeps the data alive and may outlive it.
class MemoryStore final : public Store {
public:
    MemoryStore();
    ~MemoryStore() override;

    Result<std::unique_ptr<Querier>> querier() override;
    Result<std::unique_ptr<GroupWriter>> openGroup(const Labels& identity) override;
    std::unique_ptr<Appender> appender() override;
    Result<std::vector<FamilyMetadata>> metadata() override;

    /// Forgets every series, sample and metadata; what was handed out before keeps to the old
    /// contents. Not beside other calls on this object.
    void clear();

    struct Contents;

private:
    std::shared_ptr<Contents> m_contents;
};

} // namespace watchfire::storage
