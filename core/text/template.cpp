// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/template.h"

#include "core/text/template_builtins.h"
#include "core/text/template_nodes.h"

#include <algorithm>
#include <format>
#include <utility>

namespace watchfire::text {

namespace {

constexpr std::size_t longestOutput = 1 << 20;
constexpr int deepest = 100;

using Definitions = std::map<std::string, std::shared_ptr<const Template::Body>, std::less<>>;

std::string escapeHtml(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&#34;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

enum class Flow { goesOn, breaks, continues };

class Execution {
public:
    Execution(const Definitions& definitions, const TemplateFunctions& functions,
              TemplateEscape escape)
        : m_definitions(definitions)
        , m_functions(functions)
        , m_escape(escape)
    {
    }

    Result<Flow> run(const TemplateNodes& nodes, const TemplateValue& dot)
    {
        const std::size_t scope = m_variables.size();
        for (const TemplateNode& node : nodes) {
            auto flow = runOne(node, dot);
            if (!flow || *flow != Flow::goesOn) {
                m_variables.resize(scope);
                return flow;
            }
        }
        m_variables.resize(scope);
        return Flow::goesOn;
    }

    Result<std::string> start(const TemplateNodes& nodes, const TemplateValue& data)
    {
        m_variables.emplace_back("$", data);
        auto flow = run(nodes, data);
        if (!flow) {
            return std::unexpected(std::move(flow.error()));
        }
        return std::move(m_out);
    }

private:
    Result<void> print(std::string_view text)
    {
        if (m_out.size() + text.size() > longestOutput) {
            return fail(ErrorKind::limit, "the template's output exceeds 1 MiB");
        }
        m_out += text;
        return {};
    }

    std::string shown(const TemplateValue& value) const
    {
        const TemplateValue::Typed* const typed = value.asTyped();
        const bool safe = typed != nullptr && (typed->type == "html" || typed->type == "url");
        return m_escape == TemplateEscape::none || safe ? value.toString()
                                                        : escapeHtml(value.toString());
    }

    Result<Flow> runOne(const TemplateNode& node, const TemplateValue& dot)
    {
        using Kind = TemplateNode::Kind;
        switch (node.kind) {
        case Kind::text:
            return print(node.text).transform([] { return Flow::goesOn; });
        case Kind::print: {
            auto value = evaluate(node.pipeline, dot);
            if (!value) {
                return std::unexpected(std::move(value.error()));
            }
            if (!node.pipeline.variables.empty()) {
                return Flow::goesOn;
            }
            return print(shown(*value)).transform([] { return Flow::goesOn; });
        }
        case Kind::branch:
        case Kind::with: {
            const std::size_t scope = m_variables.size();
            auto value = evaluate(node.pipeline, dot);
            if (!value) {
                return std::unexpected(std::move(value.error()));
            }
            auto flow = value->isTrue() ? run(node.body, node.kind == Kind::with ? *value : dot)
                                        : run(node.otherwise, dot);
            m_variables.resize(scope);
            return flow;
        }
        case Kind::loop:
            return loop(node, dot);
        case Kind::call:
            return call(node, dot);
        case Kind::breaks:
            return Flow::breaks;
        case Kind::continues:
            return Flow::continues;
        }
        return Flow::goesOn;
    }

    Result<Flow> loop(const TemplateNode& node, const TemplateValue& dot)
    {
        const std::size_t scope = m_variables.size();
        TemplatePipeline bare = node.pipeline;
        bare.variables.clear();
        auto value = evaluate(bare, dot);
        if (!value) {
            return std::unexpected(std::move(value.error()));
        }
        bool any = false;
        const auto once = [&](TemplateValue key, const TemplateValue& element) -> Result<Flow> {
            any = true;
            const auto& names = node.pipeline.variables;
            if (names.size() == 1) {
                set(names[0], element, node.pipeline.declares);
            } else if (names.size() == 2) {
                set(names[0], std::move(key), node.pipeline.declares);
                set(names[1], element, node.pipeline.declares);
            }
            auto flow = run(node.body, element);
            m_variables.resize(scope);
            return flow;
        };
        if (const auto* const list = value->asList()) {
            for (std::size_t i = 0; i < list->size(); ++i) {
                auto flow = once(static_cast<std::int64_t>(i), (*list)[i]);
                if (!flow || *flow == Flow::breaks) {
                    return flow ? Result<Flow>(Flow::goesOn) : flow;
                }
            }
        } else if (const auto* const map = value->asMap()) {
            for (const auto& [name, element] : map->entries) {
                auto flow = once(name, element);
                if (!flow || *flow == Flow::breaks) {
                    return flow ? Result<Flow>(Flow::goesOn) : flow;
                }
            }
        } else if (!value->isNothing()) {
            return fail(ErrorKind::invalid,
                        std::format("range can't iterate over {}", value->toString()),
                        node.pipeline.span);
        }
        return any ? Result<Flow>(Flow::goesOn) : run(node.otherwise, dot);
    }

    Result<Flow> call(const TemplateNode& node, const TemplateValue& dot)
    {
        const auto found = m_definitions.find(node.text);
        if (found == m_definitions.end()) {
            return fail(ErrorKind::invalid, std::format("template \"{}\" not defined", node.text));
        }
        if (m_depth >= deepest) {
            return fail(ErrorKind::limit, "templates call each other too deeply");
        }
        TemplateValue data;
        if (node.hasPipeline) {
            auto value = evaluate(node.pipeline, dot);
            if (!value) {
                return std::unexpected(std::move(value.error()));
            }
            data = std::move(*value);
        }
        ++m_depth;
        auto outside = std::exchange(m_variables, {});
        m_variables.emplace_back("$", data);
        auto flow = run(found->second->nodes, data);
        m_variables = std::move(outside);
        --m_depth;
        return flow ? Result<Flow>(Flow::goesOn) : flow;
    }

    void set(const std::string& name, TemplateValue value, bool declares)
    {
        if (!declares) {
            for (auto entry = m_variables.rbegin(); entry != m_variables.rend(); ++entry) {
                if (entry->first == name) {
                    entry->second = std::move(value);
                    return;
                }
            }
        }
        m_variables.emplace_back(name, std::move(value));
    }

    Result<TemplateValue> evaluate(const TemplatePipeline& pipeline, const TemplateValue& dot)
    {
        std::optional<TemplateValue> piped;
        for (const TemplateCommand& command : pipeline.commands) {
            auto value = this->command(command, dot, piped);
            if (!value) {
                Error error = std::move(value.error());
                if (!error.where) {
                    error.where = pipeline.span;
                }
                return std::unexpected(std::move(error));
            }
            piped = std::move(*value);
        }
        for (const std::string& name : pipeline.variables) {
            set(name, *piped, pipeline.declares);
        }
        return *piped;
    }

    Result<TemplateValue> command(const TemplateCommand& command, const TemplateValue& dot,
                                  const std::optional<TemplateValue>& piped)
    {
        const TemplateOperand& first = command.operands.front();
        std::vector<TemplateValue> arguments;
        const auto evaluateArguments = [&]() -> Result<void> {
            for (std::size_t i = 1; i < command.operands.size(); ++i) {
                auto value = operand(command.operands[i], dot, {});
                if (!value) {
                    return std::unexpected(std::move(value.error()));
                }
                arguments.push_back(std::move(*value));
            }
            if (piped) {
                arguments.push_back(*piped);
            }
            return {};
        };
        if (first.kind == TemplateOperand::Kind::function) {
            if (first.name == "and" || first.name == "or") {
                return shortCircuit(command, dot, piped, first.name == "and");
            }
            if (auto done = evaluateArguments(); !done) {
                return std::unexpected(std::move(done.error()));
            }
            auto value = callFunction(first.name, arguments);
            return value ? fieldsOf(std::move(*value), first.fields, {}) : value;
        }
        if (auto done = evaluateArguments(); !done) {
            return std::unexpected(std::move(done.error()));
        }
        if (!arguments.empty() && first.fields.empty()) {
            return fail(ErrorKind::invalid, "can't give argument to non-function");
        }
        return operand(first, dot, arguments);
    }

    /// `and` and `or` evaluate only as far as they must.
    Result<TemplateValue> shortCircuit(const TemplateCommand& command, const TemplateValue& dot,
                                       const std::optional<TemplateValue>& piped, bool isAnd)
    {
        TemplateValue last;
        for (std::size_t i = 1; i < command.operands.size(); ++i) {
            auto value = operand(command.operands[i], dot, {});
            if (!value) {
                return value;
            }
            last = std::move(*value);
            if (last.isTrue() != isAnd) {
                return last;
            }
        }
        return piped ? *piped : last;
    }

    Result<TemplateValue> callFunction(const std::string& name,
                                       std::span<const TemplateValue> arguments)
    {
        if (const auto own = m_functions.find(name); own != m_functions.end()) {
            return own->second(arguments).transform_error([&name](Error&& error) {
                return error.within(std::format("error calling {}", name));
            });
        }
        if (const TemplateFunction* const builtin = findTemplateBuiltin(name)) {
            return (*builtin)(arguments).transform_error([&name](Error&& error) {
                return error.within(std::format("error calling {}", name));
            });
        }
        return fail(ErrorKind::invalid, std::format("function \"{}\" not defined", name));
    }

    Result<TemplateValue> operand(const TemplateOperand& operand, const TemplateValue& dot,
                                  std::span<const TemplateValue> arguments)
    {
        switch (operand.kind) {
        case TemplateOperand::Kind::dot:
            return fieldsOf(dot, operand.fields, arguments);
        case TemplateOperand::Kind::variable:
            for (auto entry = m_variables.rbegin(); entry != m_variables.rend(); ++entry) {
                if (entry->first == operand.name) {
                    return fieldsOf(entry->second, operand.fields, arguments);
                }
            }
            return fail(ErrorKind::invalid, std::format("undefined variable \"{}\"", operand.name));
        case TemplateOperand::Kind::literal:
            return operand.literal;
        case TemplateOperand::Kind::function: {
            auto value = callFunction(operand.name, {});
            return value ? fieldsOf(std::move(*value), operand.fields, arguments) : value;
        }
        case TemplateOperand::Kind::pipeline: {
            auto value = evaluate(*operand.pipeline, dot);
            return value ? fieldsOf(std::move(*value), operand.fields, arguments) : value;
        }
        }
        return TemplateValue();
    }

    static Result<TemplateValue> fieldsOf(TemplateValue value,
                                          const std::vector<std::string>& fields,
                                          std::span<const TemplateValue> arguments)
    {
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (const auto* const typed = value.asTyped();
                typed != nullptr && std::ranges::contains(typed->methods, fields[i])) {
                auto called = typed->method(
                    fields[i],
                    i + 1 == fields.size() ? arguments : std::span<const TemplateValue>());
                if (!called) {
                    return called;
                }
                value = std::move(*called);
                continue;
            }
            const auto* const map = value.asMap();
            if (map == nullptr) {
                return fail(ErrorKind::invalid,
                            value.isNothing()
                                ? std::format("nil data; no entry for key \"{}\"", fields[i])
                                : std::format("can't evaluate field {}", fields[i]));
            }
            if (std::ranges::find(map->methods, fields[i]) != map->methods.end()) {
                auto called = map->method(
                    fields[i],
                    i + 1 == fields.size() ? arguments : std::span<const TemplateValue>());
                if (!called) {
                    return called;
                }
                value = std::move(*called);
                continue;
            }
            const auto found = map->entries.find(fields[i]);
            TemplateValue next;
            if (found != map->entries.end()) {
                next = found->second;
            } else if (map->ofTexts) {
                next = TemplateValue("");
            } else if (!map->structName.empty()) {
                return fail(
                    ErrorKind::invalid,
                    std::format("can't evaluate field {} in type {}", fields[i], map->structName));
            }
            value = std::move(next);
        }
        return value;
    }

    const Definitions& m_definitions;
    const TemplateFunctions& m_functions;
    TemplateEscape m_escape;
    std::vector<std::pair<std::string, TemplateValue>> m_variables;
    std::string m_out;
    int m_depth = 0;
};

} // namespace

Result<Template> Template::parse(std::string_view text)
{
    auto parsed = parseTemplate(text);
    if (!parsed) {
        return std::unexpected(std::move(parsed.error()));
    }
    Template out;
    out.m_main = std::make_shared<Body>(Body{std::move(parsed->main)});
    for (auto& [name, nodes] : parsed->definitions) {
        out.m_definitions.emplace(name, std::make_shared<Body>(Body{std::move(nodes)}));
    }
    return out;
}

Result<void> Template::addDefinitions(std::string_view text)
{
    auto parsed = parseTemplate(text);
    if (!parsed) {
        return std::unexpected(std::move(parsed.error()));
    }
    for (auto& [name, nodes] : parsed->definitions) {
        m_definitions.insert_or_assign(name, std::make_shared<Body>(Body{std::move(nodes)}));
    }
    return {};
}

Result<std::string> Template::execute(const TemplateValue& data, const TemplateFunctions& functions,
                                      TemplateEscape escape) const
{
    return Execution(m_definitions, functions, escape).start(m_main->nodes, data);
}

} // namespace watchfire::text
