// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/text/template.h"

#include <memory>
#include <string>
#include <variant>
#include <vector>

/// The parsed form of templates; not a header for others.
namespace watchfire::text {

struct TemplatePipeline;

/// What stands where a value is wanted, and the fields asked of it: $x.A.B, .A, (…).A
struct TemplateOperand {
    enum class Kind { dot, variable, literal, function, pipeline };
    Kind kind = Kind::dot;
    std::string name; ///< of a variable ("$" for the data) or function
    TemplateValue literal;
    std::shared_ptr<TemplatePipeline> pipeline;
    std::vector<std::string> fields;
};

/// An operand and its arguments.
struct TemplateCommand {
    std::vector<TemplateOperand> operands;
};

/// $a, $b := command | command
struct TemplatePipeline {
    std::vector<std::string> variables;
    bool declares = false; ///< := and not =
    std::vector<TemplateCommand> commands;
    Span span;
};

struct TemplateNode;
using TemplateNodes = std::vector<TemplateNode>;

struct TemplateNode {
    enum class Kind { text, print, branch, loop, with, call, breaks, continues };
    Kind kind = Kind::text;
    std::string text; ///< literal text, or the name of the template called
    TemplatePipeline pipeline;
    bool hasPipeline = false;
    TemplateNodes body;
    TemplateNodes otherwise;
};

struct Template::Body {
    TemplateNodes nodes;
};

struct ParsedTemplate {
    TemplateNodes main;
    std::map<std::string, TemplateNodes, std::less<>> definitions;
};

Result<ParsedTemplate> parseTemplate(std::string_view text);

} // namespace watchfire::text
