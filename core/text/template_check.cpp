// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/template_builtins.h"
#include "core/text/template_nodes.h"

#include <algorithm>
#include <format>

namespace watchfire::text {

namespace {

/// Walks over a template as it is written and knows which variables are in scope at each place.
class NameCheck {
public:
    explicit NameCheck(const TemplateFunctions& functions)
        : m_functions(functions)
    {
    }

    Result<void> run(const TemplateNodes& nodes)
    {
        m_variables = {"$"};
        return block(nodes);
    }

private:
    Result<void> block(const TemplateNodes& nodes)
    {
        const std::size_t scope = m_variables.size();
        for (const TemplateNode& node : nodes) {
            if (auto checked = this->node(node); !checked) {
                return checked;
            }
        }
        m_variables.resize(scope);
        return {};
    }

    Result<void> node(const TemplateNode& node)
    {
        using Kind = TemplateNode::Kind;
        switch (node.kind) {
        case Kind::text:
            return {};
        case Kind::print:
            return pipeline(node.pipeline);
        case Kind::call:
            return node.hasPipeline ? pipeline(node.pipeline) : Result<void>();
        case Kind::branch:
        case Kind::with:
        case Kind::loop:
            return withBlocks(node);
        case Kind::breaks:
        case Kind::continues:
            if (m_loops == 0) {
                return fail(ErrorKind::invalid,
                            std::format("{{{{{}}}}} outside {{{{range}}}}",
                                        node.kind == Kind::breaks ? "break" : "continue"));
            }
            return {};
        }
        return {};
    }

    /// What the pipeline of a block declares ends with the block.
    Result<void> withBlocks(const TemplateNode& node)
    {
        const std::size_t scope = m_variables.size();
        if (auto checked = pipeline(node.pipeline); !checked) {
            return checked;
        }
        const int loops = node.kind == TemplateNode::Kind::loop ? 1 : 0;
        m_loops += loops;
        if (auto checked = block(node.body); !checked) {
            return checked;
        }
        m_loops -= loops;
        if (auto checked = block(node.otherwise); !checked) {
            return checked;
        }
        m_variables.resize(scope);
        return {};
    }

    Result<void> pipeline(const TemplatePipeline& pipeline)
    {
        for (const TemplateCommand& command : pipeline.commands) {
            for (const TemplateOperand& operand : command.operands) {
                if (auto checked = this->operand(operand, pipeline.span); !checked) {
                    return checked;
                }
            }
        }
        for (const std::string& name : pipeline.variables) {
            if (pipeline.declares) {
                m_variables.push_back(name);
            } else if (!isKnown(name)) {
                return undefined(name, pipeline.span);
            }
        }
        return {};
    }

    Result<void> operand(const TemplateOperand& operand, const Span& where)
    {
        switch (operand.kind) {
        case TemplateOperand::Kind::dot:
        case TemplateOperand::Kind::literal:
            return {};
        case TemplateOperand::Kind::variable:
            return isKnown(operand.name) ? Result<void>() : undefined(operand.name, where);
        case TemplateOperand::Kind::function:
            if (m_functions.contains(operand.name) || operand.name == "and" || operand.name == "or"
                || findTemplateBuiltin(operand.name) != nullptr) {
                return {};
            }
            return fail(ErrorKind::invalid,
                        std::format("function \"{}\" not defined", operand.name), where);
        case TemplateOperand::Kind::pipeline:
            return pipeline(*operand.pipeline);
        }
        return {};
    }

    bool isKnown(const std::string& name) const { return std::ranges::contains(m_variables, name); }

    static Result<void> undefined(const std::string& name, const Span& where)
    {
        return fail(ErrorKind::invalid, std::format("undefined variable \"{}\"", name), where);
    }

    const TemplateFunctions& m_functions;
    std::vector<std::string> m_variables;
    int m_loops = 0;
};

} // namespace

Result<void> Template::checkNames(const TemplateFunctions& functions) const
{
    NameCheck check(functions);
    if (auto checked = check.run(m_main->nodes); !checked) {
        return checked;
    }
    for (const auto& [name, body] : m_definitions) {
        if (auto checked = check.run(body->nodes); !checked) {
            return checked;
        }
    }
    return {};
}

} // namespace watchfire::text
