// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/exemplar_table.h"
#include "core/tsdb/head/head.h"
#include "core/tsdb/metadata_table.h"

#include <string>

namespace watchfire::tsdb {

/// Puts back into the head what a former process accepted: the journal's records, then the
/// batches of the hand-off ring. Used by one thread, before anybody else uses the head.
class Replay {
public:
    Replay(Head& head, MetadataTable& metadata, ExemplarTable& exemplars)
        : m_head(head)
        , m_metadata(metadata)
        , m_exemplars(exemplars)
    {
    }

    /// Reads the journal; `nextSeq` is then the number after its last frame. A broken record
    /// is passed over and told by `damage`; rows that need it are left out.
    Result<void> journal(Environment& environment);
    std::uint64_t nextSeq() const { return m_nextSeq; }
    /// Frames in a row, the first numbered one having `seq`.
    void apply(ByteView frames, std::uint64_t seq);
    /// Empty: all was sound.
    const std::string& damage() const { return m_damage; }

private:
    struct Held; // a row whose histograms and start times may follow
    void flush(Held& held);
    void applyPlain(const Frame& frame, std::uint64_t nextSeq);
    void gap(std::string what);

    Head& m_head;
    MetadataTable& m_metadata;
    ExemplarTable& m_exemplars;
    std::uint64_t m_nextSeq = 1;
    std::string m_damage;
};

/// meta "seq": u64, the number of the frame after the last one in the journal.
inline constexpr std::string_view nextSeqKey = "seq";

} // namespace watchfire::tsdb
