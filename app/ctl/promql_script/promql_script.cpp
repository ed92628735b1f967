// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/promql_script/promql_script.h"

#include "app/ctl/promql_script/comparison.h"
#include "app/ctl/promql_script/eval_command.h"
#include "app/ctl/promql_script/loader.h"
#include "app/ctl/promql_script/pinned_query.h"
#include "core/promql/query.h"
#include "core/storage/memory_store.h"

#include <algorithm>
#include <array>
#include <format>
#include <fstream>
#include <iterator>

namespace watchfire::ctl {

namespace {

using namespace script;

promql::QueryOptions scriptOptions(const ScriptSettings& settings)
{
    promql::QueryOptions options;
    options.maxSamples = 10'000;
    options.timeout = std::chrono::seconds(100);
    options.delayedNameRemoval = settings.delayedNameRemoval;
    options.useStartTimestamps = true;
    options.features = promql::Features::all();
    return options;
}

class Runner {
public:
    Runner(std::string_view name, const ScriptSettings& settings, ScriptOutcome& outcome)
        : m_name(name)
        , m_outcome(outcome)
        , m_loader(m_store)
        , m_options(scriptOptions(settings))
    {
    }

    void run(const Command& command)
    {
        std::string_view rest = command.head.text;
        std::string word(takeWord(rest));
        for (char& c : word) {
            c = static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
        }
        if (word == "clear") {
            m_loader.clear();
        } else if (word == "load" || word == "load_with_nhcb") {
            if (const auto loaded = m_loader.load(command); !loaded) {
                count(command, loaded.error().message);
            }
        } else if (word.starts_with("eval")) {
            count(command, eval(command));
        } else {
            count(command, "no command: " + word);
        }
    }

private:
    using Fault = std::optional<std::string>;

    void count(const Command& command, const Fault& fault)
    {
        if (!fault) {
            ++m_outcome.passed;
            return;
        }
        ++m_outcome.failed;
        m_outcome.failures.push_back(
            std::format("{}:{}: {}: {}", m_name, command.head.number, command.head.text, *fault));
    }

    Fault eval(const Command& command)
    {
        const auto read = EvalCommand::read(command);
        if (!read) {
            return "the script is wrong: " + read.error().message;
        }
        if (Fault fault
            = once(*read, promql::parse(read->query, m_options.features), read->times)) {
            return fault;
        }
        if (read->isRange || read->expects(Expectation::Kind::fail)) {
            return std::nullopt;
        }
        if (Fault fault = asRange(*read)) {
            return "as a range query: " + *fault;
        }
        return pinned(*read);
    }

    Fault once(const EvalCommand& command, const Result<promql::Ast>& ast,
               const promql::QueryTimes& times)
    {
        const auto result = ast
            ? promql::evaluate(*ast, m_store, times, m_options)
            : std::unexpected(
                  Error{ErrorKind::invalid, promql::describe(ast.error(), command.query)});
        if (!result) {
            return failure(command, result.error().message);
        }
        if (command.expects(Expectation::Kind::fail)) {
            return "it should fail";
        }
        if (Fault fault = remarkDifference(command, result->annotations)) {
            return fault;
        }
        return difference(command, result->value);
    }

    static Fault failure(const EvalCommand& command, const std::string& message)
    {
        if (!command.expects(Expectation::Kind::fail)) {
            return "it fails: " + message;
        }
        for (const Expectation& expectation : command.expectations) {
            if (expectation.kind == Expectation::Kind::fail && !expectation.accepts(message)) {
                return std::format("it fails with \"{}\", expected \"{}\"", message,
                                   expectation.text);
            }
        }
        return std::nullopt;
    }

    /// The values a minute before and after do not count, but they must not change this one.
    Fault asRange(const EvalCommand& command)
    {
        constexpr std::array<std::string_view, 4> dependent{"start()", "end()", "range()",
                                                            "step()"};
        const bool dependsOnRange
            = std::ranges::any_of(dependent, [&command](std::string_view call) {
                  return command.query.find(call) != std::string::npos;
              });
        if (command.expects(Expectation::Kind::ordered) || command.rangeVector || command.string
            || dependsOnRange) {
            return std::nullopt;
        }
        constexpr std::chrono::minutes minute(1);
        const auto result = promql::evaluate(
            command.query, m_store,
            {command.times.end - minute, command.times.end + minute, minute}, m_options);
        if (!result) {
            return "it fails: " + result.error().message;
        }
        return differenceAtTime(command, result->value);
    }

    /// With its selectors pinned to the time, the query is the same whenever it is asked.
    Fault pinned(const EvalCommand& command)
    {
        const std::int64_t at = unixMs(command.times.end);
        if (!canBePinned(command.query, m_options.features)) {
            return std::nullopt;
        }
        std::vector<std::int64_t> moments{-10 * at, 0, at / 5, at, 10 * at};
        if (at == 0) {
            moments = {-1000, 0, 1000};
        }
        for (const std::int64_t moment : moments) {
            if (Fault fault = once(command, pinnedQuery(command.query, at, m_options.features),
                                   promql::QueryTimes::instant(fromUnixMs(moment)))) {
                return std::format("with @ at {} ms: {}", moment, *fault);
            }
        }
        return std::nullopt;
    }

    std::string m_name;
    ScriptOutcome& m_outcome;
    storage::MemoryStore m_store;
    Loader m_loader;
    promql::QueryOptions m_options;
};

} // namespace

ScriptOutcome runPromqlScript(std::string_view text, std::string_view name,
                              const ScriptSettings& settings)
{
    ScriptOutcome outcome;
    Runner runner(name, settings, outcome);
    for (const Command& command : readCommands(text)) {
        runner.run(command);
    }
    return outcome;
}

ScriptOutcome runPromqlScript(const std::filesystem::path& file, const ScriptSettings& settings)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return {0, 1, {file.string() + ": cannot be read"}};
    }
    const std::string text((std::istreambuf_iterator<char>(stream)),
                           std::istreambuf_iterator<char>());
    return runPromqlScript(text, file.filename().string(), settings);
}

} // namespace watchfire::ctl
