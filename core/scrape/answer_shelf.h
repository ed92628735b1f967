// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/exposition/parser.h"
#include "core/ports/http.h"

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace watchfire::scrape {

/// An answer of a target, as much of it as people look at.
struct KeptAnswer {
    Timestamp at{};
    int status = 0; ///< 0: there was none
    std::string contentType;
    HttpTimings timings;
    std::string body; ///< the first MiB
    bool isCut = false; ///< there was more
    std::optional<exposition::Format> format; ///< nothing: it cannot be read
    std::uint32_t errorLine = 0; ///< of the body, from 1; 0: none
    std::string error;

    static constexpr std::size_t mostBody = std::size_t{1} << 20;
    std::size_t bytes() const { return body.size() + contentType.size() + error.size(); }
};

/// The last answers of the targets that people looked at and of those that fail: the newest
/// ones, within a bound of bytes and of targets.
class AnswerShelf {
public:
    static constexpr std::size_t mostBytes = std::size_t{16} << 20;
    static constexpr std::size_t mostTargets = 1'000;
    /// So many targets that were looked at last keep their answers though they are well.
    static constexpr std::size_t mostInspected = 16;

    /// People look at it: its answers are kept from now on.
    void inspect(std::uint64_t target);
    /// Whether a good answer is to be kept; one of a scrape that failed always is.
    bool wants(std::uint64_t target) const;
    void put(std::uint64_t target, std::shared_ptr<const KeptAnswer> answer);
    /// Null: none is kept.
    std::shared_ptr<const KeptAnswer> find(std::uint64_t target) const;
    void remove(std::uint64_t target);
    std::size_t bytes() const { return m_bytes; }

private:
    struct Entry {
        std::uint64_t target = 0;
        std::shared_ptr<const KeptAnswer> answer;
    };
    std::list<Entry> m_entries; ///< the newest first
    std::unordered_map<std::uint64_t, std::list<Entry>::iterator> m_places;
    std::list<std::uint64_t> m_inspected; ///< likewise
    std::size_t m_bytes = 0;
};

} // namespace watchfire::scrape
