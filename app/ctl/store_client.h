// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/encoding/json.h"
#include "core/storage/querier.h"

#include <filesystem>
#include <string>
#include <vector>

namespace watchfire::ctl {

/// What the query verbs are asked; texts as the HTTP API takes them, empty where not given.
struct Question {
    std::string expr;
    std::string time;
    std::string start;
    std::string end;
    std::string step;
    std::string label;
    std::vector<std::string> matches;
    bool explain = false;
};

/// Writes the `data` of the HTTP API's answer to the question.
using StoreAnswer = Result<std::string> (*)(const Question& question, storage::Queryable& store);

Result<std::string> instantAnswer(const Question& question, storage::Queryable& store);
Result<std::string> rangeAnswer(const Question& question, storage::Queryable& store);
Result<std::string> seriesAnswer(const Question& question, storage::Queryable& store);
Result<std::string> labelsAnswer(const Question& question, storage::Queryable& store);

/// Asks a store on disk, beside the engine that may be writing to it: {"data":…}.
/// ErrorKind::unavailable when it cannot be opened, else what is wrong with the question.
Result<encoding::JsonValue> askStore(const std::filesystem::path& directory,
                                     const Question& question, StoreAnswer answer);

} // namespace watchfire::ctl
