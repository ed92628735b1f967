// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/dns.h"

#include <deque>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace watchfire::test {

/// Answers at once from a table; a name that is not in it has no records. Or, held back, keeps
/// the replies until `release`.
struct FakeDns final : DnsResolver {
    using Records = std::vector<DnsRecord>;
    using Question = std::pair<DnsType, std::string>;
    std::map<Question, Result<Records>> answers;
    std::vector<Question> questions;
    bool holds = false;
    std::deque<std::pair<Question, Reply<Records>>> held;

    Ticket lookup(DnsType type, std::string name, Reply<Records> reply) override
    {
        questions.emplace_back(type, name);
        if (holds) {
            held.emplace_back(Question(type, std::move(name)), std::move(reply));
        } else {
            send({type, std::move(name)}, reply);
        }
        return {};
    }

    void release()
    {
        while (!held.empty()) {
            auto [question, reply] = std::move(held.front());
            held.pop_front();
            send(question, reply);
        }
    }

private:
    void send(const Question& question, Reply<Records>& reply)
    {
        const auto found = answers.find(question);
        reply(found == answers.end() ? Result<Records>(Records()) : found->second);
    }
};

} // namespace watchfire::test
