// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace watchfire::text {

/// A value that templates work on.
class TemplateValue {
public:
    using List = std::vector<TemplateValue>;
    /// Fields of a struct, or entries of a map. Looking up a name that is not there yields
    /// nothing, which prints as "" in a map of texts and as <no value> elsewhere.
    struct Map {
        std::map<std::string, TemplateValue, std::less<>> entries;
        bool ofTexts = false;
        /// Set for a struct: asking for a name that is not there is a fault that names it.
        std::string structName;
        /// Methods: called with arguments by .Name; may be empty.
        std::function<Result<TemplateValue>(std::string_view name,
                                            std::span<const TemplateValue> arguments)>
            method;
        std::vector<std::string> methods;
    };

    /// A value of a type that has methods, or a text of its own; all else it is, its base is.
    struct Typed;

    TemplateValue() = default;
    TemplateValue(bool value)
        : m_data(value)
    {
    } // NOLINT: converts, as the language does
    TemplateValue(std::int64_t value)
        : m_data(value)
    {
    } // NOLINT
    TemplateValue(int value)
        : m_data(std::int64_t{value})
    {
    } // NOLINT
    TemplateValue(double value)
        : m_data(value)
    {
    } // NOLINT
    TemplateValue(std::string value)
        : m_data(std::move(value))
    {
    } // NOLINT
    TemplateValue(const char* value)
        : m_data(std::string(value))
    {
    } // NOLINT
    TemplateValue(List value)
        : m_data(std::make_shared<const List>(std::move(value)))
    {
    } // NOLINT
    TemplateValue(Map value)
        : m_data(std::make_shared<const Map>(std::move(value)))
    {
    } // NOLINT

    TemplateValue(Typed value); // NOLINT

    bool isNothing() const { return std::holds_alternative<std::monostate>(m_data); }
    const bool* asBool() const { return std::get_if<bool>(&plain().m_data); }
    const std::int64_t* asInteger() const { return std::get_if<std::int64_t>(&plain().m_data); }
    const double* asFloat() const { return std::get_if<double>(&plain().m_data); }
    const std::string* asText() const { return std::get_if<std::string>(&plain().m_data); }
    /// Null for what has no type of its own.
    const Typed* asTyped() const;
    const List* asList() const;
    const Map* asMap() const;
    /// A number of either kind.
    std::optional<double> asNumber() const;

    /// What `if` asks: false, 0, "", nothing and what is empty are not true.
    bool isTrue() const;
    /// As {{ . }} prints it: Go's %v.
    std::string toString() const;

private:
    const TemplateValue& plain() const;

    std::variant<std::monostate, bool, std::int64_t, double, std::string,
                 std::shared_ptr<const List>, std::shared_ptr<const Map>,
                 std::shared_ptr<const Typed>>
        m_data;
};

struct TemplateValue::Typed {
    TemplateValue base;
    std::string type; ///< as faults name it: "time.Time"
    std::optional<std::string> text; ///< how it prints; nothing: as its base does
    std::vector<std::string> methods;
    std::function<Result<TemplateValue>(std::string_view name,
                                        std::span<const TemplateValue> arguments)>
        method;
    std::shared_ptr<const void> payload; ///< what functions know by `type`
};

/// A function a template may call, besides the language's own (and, or, not, len, index, slice,
/// print, printf, println, eq, ne, lt, le, gt, ge, html, js, urlquery).
using TemplateFunction
    = std::function<Result<TemplateValue>(std::span<const TemplateValue> arguments)>;
using TemplateFunctions = std::map<std::string, TemplateFunction, std::less<>>;

enum class TemplateEscape { none, html };

/// A text with {{ actions }} in the language of Go's text/template: pipelines, variables, if,
/// range, with, break, continue, define, template, block, comments and trim markers.
///
/// Source: Go, package text/template.
class Template {
public:
    /// Fails with ErrorKind::invalid and the span at fault. Names are checked by
    /// checkNames, or when they are met.
    static Result<Template> parse(std::string_view text);
    /// Adds the definitions of another text ({{define}}); the newer wins.
    Result<void> addDefinitions(std::string_view text);
    /// Adds those definitions of another template that this one has none of the name of.
    void addMissingDefinitions(const Template& other)
    {
        m_definitions.insert(other.m_definitions.begin(), other.m_definitions.end());
    }

    /// Whether every function and variable that it names is there, and break and continue stand
    /// in a range: what Go finds out while parsing. Fails with ErrorKind::invalid and the span.
    Result<void> checkNames(const TemplateFunctions& functions) const;

    /// Runs it over `data`. Output is bounded at 1 MiB and depth at 100 templates; over that:
    /// ErrorKind::limit. Any other fault: ErrorKind::invalid.
    /// With `escape`, values that are printed are escaped for HTML, but for those of the types
    /// "html" and "url".
    Result<std::string> execute(const TemplateValue& data, const TemplateFunctions& functions,
                                TemplateEscape escape = TemplateEscape::none) const;

    struct Body; ///< of the implementation

private:
    std::shared_ptr<const Body> m_main;
    std::map<std::string, std::shared_ptr<const Body>, std::less<>> m_definitions;
};

/// Go's fmt.Sprintf for the verbs v s d f e g x X q t c % with width, precision and flags.
std::string formatGoVerbs(std::string_view format, std::span<const TemplateValue> arguments);

} // namespace watchfire::text
