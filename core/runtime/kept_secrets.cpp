// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/kept_secrets.h"

#include <condition_variable>
#include <format>
#include <map>
#include <mutex>
#include <optional>

namespace watchfire::runtime {

/// What outlives a caller that waited long enough.
struct KeptSecrets::Shared {
    std::mutex mutex;
    std::condition_variable changed;
    std::map<std::string, Secret> known;
    bool isClosed = false; ///< nobody is told any more
};

namespace {

/// One round of questions, and who still waits for it.
struct Round {
    config::SecretValues answers;
    std::size_t open = 0;
    bool isOver = false; ///< nobody waits any more
};

} // namespace

KeptSecrets::KeptSecrets(SecretStore* store)
    : m_store(store)
    , m_shared(std::make_shared<Shared>())
{
}

KeptSecrets::~KeptSecrets()
{
    const std::lock_guard lock(m_shared->mutex);
    m_shared->isClosed = true;
}

config::WithSecrets KeptSecrets::fill(config::Config config, std::chrono::milliseconds patience,
                                      std::function<void()> late)
{
    const auto wanted = config::secretsWanted(config);
    if (wanted.empty()) {
        return {std::move(config), {}};
    }
    auto round = std::make_shared<Round>();
    std::vector<std::string> asked;
    {
        const std::lock_guard lock(m_shared->mutex);
        for (const config::WantedSecret& one : wanted) {
            const auto known = m_shared->known.find(one.key);
            if (known != m_shared->known.end()) {
                round->answers.insert_or_assign(one.key, known->second);
            } else if (m_store == nullptr) {
                round->answers.insert_or_assign(
                    one.key, fail(ErrorKind::unavailable, "no secrets are kept here"));
            } else {
                asked.push_back(one.key);
            }
        }
        round->open = asked.size();
    }
    for (const std::string& key : asked) {
        m_store
            ->read(key,
                   [shared = m_shared, round, key, late](Result<Secret> answer) {
                       const std::lock_guard lock(shared->mutex);
                       if (answer) {
                           shared->known.insert_or_assign(key, *answer);
                       }
                       const bool isLate = round->isOver && answer && !shared->isClosed;
                       round->answers.insert_or_assign(key, std::move(answer));
                       --round->open;
                       shared->changed.notify_all();
                       if (isLate) {
                           late();
                       }
                   })
            .detach();
    }
    std::unique_lock lock(m_shared->mutex);
    m_shared->changed.wait_for(lock, patience, [&] { return round->open == 0; });
    round->isOver = true;
    for (const std::string& key : asked) {
        if (!round->answers.contains(key)) {
            round->answers.insert_or_assign(
                key,
                fail(ErrorKind::timeout, std::format("{} has not answered yet", m_store->place())));
        }
    }
    return config::withSecrets(std::move(config), round->answers);
}

Result<void> KeptSecrets::store(const std::vector<std::pair<std::string, Secret>>& changes,
                                std::chrono::milliseconds patience)
{
    if (changes.empty()) {
        return {};
    }
    if (m_store == nullptr) {
        return fail(ErrorKind::unavailable, "no secrets are kept here");
    }
    struct Outcome {
        std::size_t open = 0;
        std::optional<Error> error;
    };
    auto outcome = std::make_shared<Outcome>();
    outcome->open = changes.size();
    for (const auto& [key, secret] : changes) {
        m_store
            ->write(key, secret,
                    [shared = m_shared, outcome, key, secret](Result<void> written) {
                        const std::lock_guard lock(shared->mutex);
                        if (!written) {
                            outcome->error = written.error().within(key);
                        } else if (secret.empty()) {
                            shared->known.erase(key);
                        } else {
                            shared->known.insert_or_assign(key, secret);
                        }
                        --outcome->open;
                        shared->changed.notify_all();
                    })
            .detach();
    }
    std::unique_lock lock(m_shared->mutex);
    if (!m_shared->changed.wait_for(lock, patience, [&] { return outcome->open == 0; })) {
        return fail(ErrorKind::timeout,
                    std::format("{} did not take the secret", m_store->place()));
    }
    if (outcome->error) {
        return std::unexpected(*outcome->error);
    }
    return {};
}

} // namespace watchfire::runtime
