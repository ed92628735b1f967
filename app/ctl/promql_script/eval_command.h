// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/promql_script/script_text.h"
#include "core/model/labels.h"
#include "core/model/result.h"
#include "core/promql/query.h"
#include "core/promql/series_notation.h"

#include <optional>
#include <string>
#include <vector>

namespace watchfire::ctl::script {

/// One "expect fail|warn|info|no_warn|no_info|ordered [msg:|regex: …]".
struct Expectation {
    enum class Kind { fail, warn, info, noWarn, noInfo, ordered };
    enum class Form { any, text, regex };
    Kind kind = Kind::fail;
    Form form = Form::any;
    std::string text;

    bool accepts(std::string_view message) const;
};

/// A series of the expected result and its values.
struct ExpectedRow {
    Labels labels;
    std::vector<promql::SequenceValue> values;
};

/// An eval command with all that is expected of it.
struct EvalCommand {
    bool isRange = false;
    promql::QueryTimes times;
    std::string query;
    std::vector<Expectation> expectations;
    std::optional<promql::QueryTimes> rangeVector; ///< an instant query that yields a matrix
    std::optional<std::string> string;
    std::optional<double> scalar;
    std::vector<ExpectedRow> rows;

    bool expects(Expectation::Kind kind) const;

    static Result<EvalCommand> read(const Command& command);
};

} // namespace watchfire::ctl::script
