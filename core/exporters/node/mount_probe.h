// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <sys/statvfs.h>
#include <vector>

namespace watchfire::exporters::node {

/// Asks file systems how full they are without waiting for those that do not answer: a dead
/// server behind a mount can hold a call for ever. What may hang is asked on a thread of its
/// own; one that has not answered is not asked again until it has, so a dead mount costs one
/// thread and, the first time, the patience.
class MountProbe {
public:
    using Statvfs = std::function<int(const char*, struct statvfs*)>;
    struct Question {
        std::string path;
        bool mayHang = false;
    };
    struct Answer {
        bool late = false; ///< no answer yet
        int error = 0; ///< errno
        struct statvfs stats{};
    };

    /// `patience` is for all questions together.
    explicit MountProbe(Statvfs statvfs = ::statvfs,
                        std::chrono::milliseconds patience = std::chrono::seconds(1));
    /// One answer for each question. By one thread at a time.
    std::vector<Answer> ask(std::span<const Question> questions);

private:
    struct Shared;
    std::shared_ptr<Shared> m_shared;
    std::chrono::milliseconds m_patience;
};

} // namespace watchfire::exporters::node
