// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/relabel.h"

#include "core/text/quote.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <clocale>
#include <cwctype>
#include <format>
#include <locale.h>
#include <openssl/evp.h>
#include <utility>

namespace watchfire {

namespace {

constexpr std::array<std::pair<RelabelAction, std::string_view>, 11> actions{{
    {RelabelAction::replace, "replace"},
    {RelabelAction::keep, "keep"},
    {RelabelAction::drop, "drop"},
    {RelabelAction::keepEqual, "keepequal"},
    {RelabelAction::dropEqual, "dropequal"},
    {RelabelAction::hashMod, "hashmod"},
    {RelabelAction::labelMap, "labelmap"},
    {RelabelAction::labelDrop, "labeldrop"},
    {RelabelAction::labelKeep, "labelkeep"},
    {RelabelAction::lowercase, "lowercase"},
    {RelabelAction::uppercase, "uppercase"},
}};

std::unexpected<Error> refuse(std::string message)
{
    return fail(ErrorKind::invalid, std::move(message));
}

bool needsTarget(RelabelAction action)
{
    switch (action) {
    case RelabelAction::replace:
    case RelabelAction::hashMod:
    case RelabelAction::lowercase:
    case RelabelAction::uppercase:
    case RelabelAction::keepEqual:
    case RelabelAction::dropEqual:
        return true;
    case RelabelAction::keep:
    case RelabelAction::drop:
    case RelabelAction::labelMap:
    case RelabelAction::labelDrop:
    case RelabelAction::labelKeep:
        return false;
    }
    return false;
}

bool isTemplate(std::string_view text)
{
    return text.contains('$');
}

bool isName(const RelabelRule& rule, std::string_view text)
{
    return rule.classicNames ? isClassicLabelName(text) : isValidName(text);
}

/// A name in which $1 and its like may stand; those are names themselves beyond the classic
/// alphabet.
bool isNameTemplate(const RelabelRule& rule, std::string_view text)
{
    static const auto classic = text::Regex::compile(R"((?:(?:[a-zA-Z_]|\$(?:\{\w+\}|\w+))+\w*)+)");
    return rule.classicNames ? classic && classic->matches(text) : isValidName(text);
}

/// Maps each character by itself, as the field does; the ctype tables of the C library know all
/// of Unicode whatever the locale of the process.
std::string mapCase(std::string_view text, std::wint_t (*map)(std::wint_t, locale_t))
{
    static const locale_t unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const text::Decoded decoded = text::decodeUtf8(text);
        if (decoded.valid && unicode != nullptr) {
            text::appendUtf8(out, map(decoded.character, unicode));
        } else {
            out += text.substr(0, decoded.bytes);
        }
        text.remove_prefix(decoded.bytes);
    }
    return out;
}

/// The last eight bytes of the MD5, big endian.
std::uint64_t hashOf(std::string_view text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_md5(), nullptr);
    std::uint64_t value = 0;
    for (std::size_t i = 8; i < 16; ++i) {
        value = value << 8 | digest[i];
    }
    return value;
}

std::string joined(const LabelsBuilder& labels, const RelabelRule& rule)
{
    std::string out;
    for (std::size_t i = 0; i < rule.sourceLabels.size(); ++i) {
        if (i != 0) {
            out += rule.separator;
        }
        out += labels.get(rule.sourceLabels[i]);
    }
    return out;
}

void replace(LabelsBuilder& labels, const RelabelRule& rule, std::string_view value)
{
    const auto target = rule.regex->expand(value, rule.targetLabel);
    if (!target || !isName(rule, *target)) {
        return;
    }
    labels.set(*target, *rule.regex->expand(value, rule.replacement));
}

void mapNames(LabelsBuilder& labels, const RelabelRule& rule)
{
    // In order of name, so that which of two labels wins one name does not depend on how the
    // set was built.
    auto before = labels.pairs();
    std::ranges::sort(before);
    for (const auto& [name, value] : before) {
        if (const auto mapped = rule.regex->expand(name, rule.replacement);
            mapped && !mapped->empty()) {
            labels.set(*mapped, value);
        }
    }
}

void removeNames(LabelsBuilder& labels, const RelabelRule& rule, bool matching)
{
    std::vector<std::string> gone;
    for (const auto& [name, value] : labels.pairs()) {
        if (rule.regex->matches(name) == matching) {
            gone.push_back(name);
        }
    }
    for (const std::string& name : gone) {
        labels.remove(name);
    }
}

bool looksAtNames(RelabelAction action)
{
    return action == RelabelAction::labelMap || action == RelabelAction::labelDrop
        || action == RelabelAction::labelKeep;
}

/// Whether the rule's condition holds; rules without one (hashmod and its like) always match.
bool isMatch(const LabelsBuilder& labels, const RelabelRule& rule, std::string_view source)
{
    switch (rule.action) {
    case RelabelAction::replace:
    case RelabelAction::keep:
    case RelabelAction::drop:
        return rule.regex->matches(source);
    case RelabelAction::keepEqual:
    case RelabelAction::dropEqual:
        return labels.get(rule.targetLabel) == source;
    case RelabelAction::labelMap:
    case RelabelAction::labelDrop:
    case RelabelAction::labelKeep:
        return std::ranges::any_of(
            labels.pairs(), [&](const auto& pair) { return rule.regex->matches(pair.first); });
    case RelabelAction::hashMod:
    case RelabelAction::lowercase:
    case RelabelAction::uppercase:
        return true;
    }
    return true;
}

bool apply(LabelsBuilder& labels, const RelabelRule& rule)
{
    switch (rule.action) {
    case RelabelAction::replace:
        replace(labels, rule, joined(labels, rule));
        return true;
    case RelabelAction::keep:
        return rule.regex->matches(joined(labels, rule));
    case RelabelAction::drop:
        return !rule.regex->matches(joined(labels, rule));
    case RelabelAction::keepEqual:
        return labels.get(rule.targetLabel) == joined(labels, rule);
    case RelabelAction::dropEqual:
        return labels.get(rule.targetLabel) != joined(labels, rule);
    case RelabelAction::hashMod:
        labels.set(rule.targetLabel, std::to_string(hashOf(joined(labels, rule)) % rule.modulus));
        return true;
    case RelabelAction::labelMap:
        mapNames(labels, rule);
        return true;
    case RelabelAction::labelDrop:
        removeNames(labels, rule, true);
        return true;
    case RelabelAction::labelKeep:
        removeNames(labels, rule, false);
        return true;
    case RelabelAction::lowercase:
        labels.set(rule.targetLabel, mapCase(joined(labels, rule), towlower_l));
        return true;
    case RelabelAction::uppercase:
        labels.set(rule.targetLabel, mapCase(joined(labels, rule), towupper_l));
        return true;
    }
    return true;
}

} // namespace

std::string_view toText(RelabelAction action)
{
    return std::ranges::find(actions, action, &std::pair<RelabelAction, std::string_view>::first)
        ->second;
}

std::optional<RelabelAction> relabelActionFrom(std::string_view text)
{
    for (const auto& [action, name] : actions) {
        if (std::ranges::equal(text, name, [](unsigned char a, unsigned char b) {
                return std::tolower(a) == b;
            })) {
            return action;
        }
    }
    return std::nullopt;
}

Result<void> RelabelRule::prepare()
{
    const RelabelRule usual;
    const std::string_view name = toText(action);
    if (action == RelabelAction::hashMod && modulus == 0) {
        return refuse("relabel configuration for hashmod requires non-zero modulus");
    }
    if (needsTarget(action)) {
        if (targetLabel.empty()) {
            return refuse(std::format(
                "relabel configuration for {} action requires 'target_label' value", name));
        }
        if (action == RelabelAction::replace && isTemplate(targetLabel)
                ? !isNameTemplate(*this, targetLabel)
                : !isName(*this, targetLabel)) {
            return refuse(
                std::format("\"{}\" is invalid 'target_label' for {} action", targetLabel, name));
        }
    }
    const bool equality = action == RelabelAction::keepEqual || action == RelabelAction::dropEqual;
    const bool caseMap = action == RelabelAction::lowercase || action == RelabelAction::uppercase;
    const bool byName = action == RelabelAction::labelDrop || action == RelabelAction::labelKeep;
    if (caseMap && replacement != usual.replacement) {
        return refuse(std::format("'replacement' can not be set for {} action", name));
    }
    if (action == RelabelAction::labelMap && !isNameTemplate(*this, replacement)) {
        return refuse(
            std::format("\"{}\" is invalid 'replacement' for {} action", replacement, name));
    }
    if (equality
        && (givenRegex || modulus != 0 || separator != usual.separator
            || replacement != usual.replacement)) {
        return refuse(std::format("{} action requires only 'source_labels' and 'target_label', "
                                  "and no other fields",
                                  name));
    }
    if (byName
        && (!sourceLabels.empty() || !targetLabel.empty() || modulus != 0
            || separator != usual.separator || replacement != usual.replacement)) {
        return refuse(std::format("{} action requires only 'regex', and no other fields", name));
    }
    auto compiled = text::Regex::compile(regexText);
    if (!compiled) {
        return std::unexpected(compiled.error());
    }
    regex = *std::move(compiled);
    return {};
}

bool relabel(LabelsBuilder& labels, std::span<const RelabelRule> rules)
{
    return std::ranges::all_of(rules, [&](const RelabelRule& rule) { return apply(labels, rule); });
}

std::vector<RelabelStep> relabelSteps(const Labels& labels, std::span<const RelabelRule> rules)
{
    std::vector<RelabelStep> steps;
    steps.reserve(rules.size());
    LabelsBuilder builder(labels);
    Labels before = labels;
    for (const RelabelRule& rule : rules) {
        RelabelStep& step = steps.emplace_back();
        step.source = looksAtNames(rule.action) ? std::string() : joined(builder, rule);
        step.matched = isMatch(builder, rule, step.source);
        step.dropped = !apply(builder, rule);
        step.before = before;
        step.after = step.dropped ? before : builder.build();
        if (step.dropped) {
            break;
        }
        before = step.after;
    }
    return steps;
}

} // namespace watchfire
