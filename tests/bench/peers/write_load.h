// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace watchfire::bench {

/// What senders of remote write send: the mix of series of many instances, step by step.
class WriteLoad {
public:
    /// `series` of each instance, a multiple of 100.
    WriteLoad(std::size_t instances, std::size_t series, std::size_t steps);

    std::size_t instances() const { return m_instances; }
    std::size_t steps() const { return m_steps; }
    std::size_t samplesPerMessage() const { return m_names.size(); }
    /// One sample of every series of that instance: a message of version 1, not compressed.
    std::string message(std::size_t instance, std::size_t step, std::int64_t atMs) const;

private:
    struct Name {
        std::string family;
        std::string path;
    };
    std::size_t m_instances;
    std::size_t m_steps;
    std::vector<Name> m_names;
    std::vector<std::vector<double>> m_values; ///< by series, then step
};

} // namespace watchfire::bench
