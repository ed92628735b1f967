// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/bench/peers/client.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace watchfire::bench {

/// A program under the same load as the others, and how it is started.
struct Peer {
    std::string name;
    std::vector<std::string> words; ///< the program and its options
    std::filesystem::path data;
    std::uint16_t port = 0;
    /// Has the running program put history into the form that it keeps; where that lies.
    std::function<std::optional<std::filesystem::path>(Client& client)> settle;
    /// What is left to do for that once it has ended.
    std::function<bool()> settleStopped;
};

/// Watchfire first, then those that are in the folder `programs`; each reads that configuration
/// and keeps its data in a folder of its own below `folder`.
std::vector<Peer> peersWith(const std::filesystem::path& config,
                            const std::filesystem::path& folder,
                            const std::filesystem::path& watchfire,
                            const std::filesystem::path& programs);

/// From now until it answers that query (encoded for an address) with something; below zero: it
/// never did.
double millisecondsToAnswer(const Peer& peer, const std::string& query);

} // namespace watchfire::bench
