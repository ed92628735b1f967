// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/commit_plan.h"

#include "core/base/check.h"
#include "core/tsdb/strip_encoder.h"

#include <algorithm>
#include <latch>
#include <set>

namespace watchfire::tsdb {

namespace {

constexpr std::size_t journalRecordBytes = std::size_t{4} << 20;

} // namespace

bool CommitPlan::isEmpty() const
{
    return series.empty() && journal.empty() && metadata.empty() && exemplars.empty()
        && std::ranges::none_of(commits, &GroupCommit::writesRecord);
}

CommitPlan CommitPlan::make(Head& head, const MetadataTable& metadataTable,
                            const ExemplarTable& exemplarTable)
{
    // The order matters: what is gathered later holds at least what the earlier refers to.
    HeadContext& context = head.context();
    CommitPlan plan;
    plan.mark = context.ring->mark();
    plan.oldestNeeded = plan.mark.nextSeq;
    const Timestamp now = context.clock.now();
    for (auto& group : head.all()) {
        if (group->isIdle()) {
            plan.oldestNeeded = std::min(plan.oldestNeeded, group->oldestNeeded());
            continue;
        }
        GroupCommit commit;
        {
            const std::lock_guard lock(group->mutex);
            commit = group->collect(now, plan.mark.nextSeq);
        }
        plan.oldestNeeded = std::min(plan.oldestNeeded, commit.oldestNeeded);
        if (commit.writesRecord) {
            plan.groups.push_back(std::move(group));
            plan.commits.push_back(std::move(commit));
        }
    }
    plan.metadata = metadataTable.pending();
    plan.exemplars = exemplarTable.pending();
    plan.overlay = context.index.overlay().seal();
    plan.series.reserve(plan.overlay.size());
    plan.overlay.forEach([&](const PendingSeries& one) { plan.series.push_back(&one); });
    plan.byHash = plan.series;
    std::ranges::sort(plan.byHash, {}, &PendingSeries::hash);
    std::set<Gid> seen;
    for (const PendingSeries* const one : plan.series) {
        const auto group = seen.insert(one->gid).second ? head.loaded(one->gid) : nullptr;
        if (group == nullptr) {
            continue;
        }
        const std::lock_guard lock(group->mutex);
        if (auto record = group->firstRecord()) {
            plan.newGroups.emplace_back(one->gid, std::move(*record));
        }
    }
    return plan;
}

void CommitPlan::encode(Executor* workers)
{
    const auto encodeGroup = [this](std::size_t index) {
        Group& group = *groups[index];
        const GroupCommit& commit = commits[index];
        for (const GroupCommit::Strip& strip : commit.strips) {
            if (strip.rows->encoded.empty()) {
                strip.rows->encoded
                    = encodeStrip(group.gid(), *strip.rows, *strip.layout, group.hints());
            }
        }
        for (const auto& late : commit.late) {
            if (late->encoded.empty()) {
                late->encoded = encodeLateStrips(group.gid(), *late);
            }
        }
    };
    std::vector<std::size_t> indexes;
    for (std::size_t i = 0; i < commits.size(); ++i) {
        if (!commits[i].strips.empty() || !commits[i].late.empty()) {
            indexes.push_back(i);
        }
    }
    if (workers == nullptr || indexes.size() < 2) {
        std::ranges::for_each(indexes, encodeGroup);
        return;
    }
    // A few long tasks, so that the pool's other work comes between.
    const std::size_t tasks = std::min<std::size_t>(indexes.size(), 8);
    std::latch finished(static_cast<std::ptrdiff_t>(tasks));
    for (std::size_t task = 0; task < tasks; ++task) {
        workers->run([&, task] {
            for (std::size_t i = task; i < indexes.size(); i += tasks) {
                encodeGroup(indexes[i]);
            }
            finished.count_down();
        });
    }
    finished.wait();
}

void CommitPlan::buildJournal(Ring& ring)
{
    Bytes frames;
    std::uint64_t firstSeq = 0;
    std::uint32_t count = 0;
    const auto finish = [&] {
        if (count > 0) {
            journal.push_back(
                {firstSeq, firstSeq + count, encodeJournalRecord(firstSeq, count, frames)});
        }
        frames.clear();
        count = 0;
    };
    ring.visit(mark, [&](const Ring::Batch& batch) {
        if (frames.size() + batch.payload.size() > journalRecordBytes) {
            finish();
        }
        if (count == 0) {
            firstSeq = batch.seq;
        }
        FrameReader reader(batch.payload);
        while (!reader.atEnd()) {
            const auto frame = reader.next();
            WF_CHECK(frame.has_value()); // we wrote it, and its CRC was right
            if (isNumbered(frame->type)) {
                ByteWriter writer(frames);
                writer.le(static_cast<std::uint8_t>(frame->type));
                writer.varint(frame->body.size());
                writer.bytes(frame->body);
                ++count;
            }
        }
    });
    finish();
}

} // namespace watchfire::tsdb
