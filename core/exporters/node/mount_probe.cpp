// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporters/node/mount_probe.h"

#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

namespace watchfire::exporters::node {

/// Outlives the probe while a call hangs.
struct MountProbe::Shared {
    Statvfs statvfs;
    std::mutex mutex;
    std::condition_variable answered;
    std::set<std::string> asked; ///< paths under way
};

namespace {

MountProbe::Answer askNow(const MountProbe::Statvfs& statvfs, const std::string& path)
{
    MountProbe::Answer answer;
    answer.error = statvfs(path.c_str(), &answer.stats) == 0 ? 0 : errno;
    return answer;
}

} // namespace

MountProbe::MountProbe(Statvfs statvfs, std::chrono::milliseconds patience)
    : m_shared(std::make_shared<Shared>())
    , m_patience(patience)
{
    m_shared->statvfs = std::move(statvfs);
}

std::vector<MountProbe::Answer> MountProbe::ask(std::span<const Question> questions)
{
    // The answers of this round; a thread that comes too late writes into a round nobody reads.
    struct Round {
        std::vector<Answer> answers;
        std::size_t open = 0;
    };
    const auto round = std::make_shared<Round>();
    round->answers.resize(questions.size());
    for (std::size_t i = 0; i < questions.size(); ++i) {
        const Question& question = questions[i];
        if (!question.mayHang) {
            Answer answer = askNow(m_shared->statvfs, question.path);
            const std::lock_guard lock(m_shared->mutex);
            round->answers[i] = answer;
            continue;
        }
        const std::lock_guard lock(m_shared->mutex);
        round->answers[i].late = true;
        if (!m_shared->asked.insert(question.path).second) {
            continue;
        }
        ++round->open;
        try {
            std::thread([shared = m_shared, round, i, path = question.path] {
                const Answer answer = askNow(shared->statvfs, path);
                const std::lock_guard done(shared->mutex);
                round->answers[i] = answer;
                --round->open;
                shared->asked.erase(path);
                shared->answered.notify_all();
            }).detach();
        } catch (const std::system_error&) { // no thread to be had: as good as no answer
            --round->open;
            m_shared->asked.erase(question.path);
        }
    }
    std::unique_lock lock(m_shared->mutex);
    m_shared->answered.wait_for(lock, m_patience, [&round] { return round->open == 0; });
    return round->answers;
}

} // namespace watchfire::exporters::node
