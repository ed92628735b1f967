// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/model/matcher.h"
#include "core/storage/state_store.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace watchfire::alerting {

struct Silence {
    std::string id;
    Matchers matchers;
    Timestamp startsAt{};
    Timestamp endsAt{};
    Timestamp updatedAt{};
    std::string createdBy;
    std::string comment;
    Labels annotations{};

    bool isActiveAt(Timestamp now) const { return startsAt <= now && now < endsAt; }
    bool isExpiredAt(Timestamp now) const { return endsAt <= now; }
};

/// The silences, kept in the state store so that they survive the process. One thread.
///
/// Source: Alertmanager documentation, "Silences"; behaviour of its API v2.
class Silences {
public:
    /// `store` may be null: then nothing is kept. `makeId` yields a new unique id.
    Silences(storage::StateStore* store, std::function<std::string()> makeId);
    /// Reads what was kept. A record that does not parse is skipped and named in the error of
    /// kind corrupt, after all others were read.
    Result<void> load();

    /// Creates one (id empty) or changes one. Only the end may change under the same id; any
    /// other change of an existing one expires it and yields a new id. Fails with
    /// ErrorKind::invalid when its matchers are all positive and match the empty value, or it ends
    /// before it starts or in the past; notFound for an unknown id.
    Result<std::string> set(Silence silence, Timestamp now);
    /// Ends it now; one that is over already stays as it is. notFound for an unknown id.
    Result<void> expire(const std::string& id, Timestamp now);

    /// Ids of those that mute these labels now.
    std::vector<std::string> mutedBy(const Labels& labels, Timestamp now) const;
    const std::map<std::string, Silence>& all() const { return m_silences; }
    /// Forgets those that ended more than five days ago.
    void collect(Timestamp now);

private:
    Result<void> keep(const Silence& silence);

    storage::StateStore* m_store;
    std::function<std::string()> m_makeId;
    std::map<std::string, Silence> m_silences;
};

/// A random UUID, as Alertmanager names silences.
std::string makeUuid();

} // namespace watchfire::alerting
