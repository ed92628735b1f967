// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/check.h"
#include "core/model/relabel.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace watchfire;

namespace {

/// Takes values off the bytes; from the end on all are empty.
class Bytes {
public:
    Bytes(const std::uint8_t* data, std::size_t size)
        : m_rest(reinterpret_cast<const char*>(data), size)
    {
    }

    std::uint8_t number()
    {
        const auto out = m_rest.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(m_rest[0]);
        m_rest.remove_prefix(m_rest.empty() ? 0 : 1);
        return out;
    }
    /// Up to the next newline.
    std::string text()
    {
        const std::size_t end = std::min(m_rest.find('\n'), m_rest.size());
        std::string out(m_rest.substr(0, end));
        m_rest.remove_prefix(std::min(end + 1, m_rest.size()));
        return out;
    }

private:
    std::string_view m_rest;
};

RelabelRule ruleFrom(Bytes& bytes)
{
    RelabelRule rule;
    rule.action = static_cast<RelabelAction>(bytes.number() % 11);
    const std::uint8_t given = bytes.number();
    rule.classicNames = (given & 1) != 0;
    for (int i = (given >> 1) % 3; i > 0; --i) {
        rule.sourceLabels.push_back(bytes.text());
    }
    if ((given & 8) != 0) {
        rule.separator = bytes.text();
    }
    if ((given & 16) != 0) {
        rule.regexText = bytes.text();
        rule.givenRegex = true;
    }
    if ((given & 32) != 0) {
        rule.replacement = bytes.text();
    }
    rule.targetLabel = bytes.text();
    rule.modulus = bytes.number();
    return rule;
}

} // namespace

// Any rules over any labels: what is refused is told, and the steps that people see come to what
// relabelling does.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    Bytes bytes(data, size);
    std::vector<RelabelRule> rules;
    for (int i = bytes.number() % 4; i > 0; --i) {
        RelabelRule rule = ruleFrom(bytes);
        const auto ready = rule.prepare();
        WF_CHECK(ready || !ready.error().message.empty());
        if (ready) {
            rules.push_back(std::move(rule));
        }
    }
    LabelsBuilder builder;
    for (int i = bytes.number() % 5; i > 0; --i) {
        const std::string name = bytes.text();
        builder.set(name, bytes.text());
    }
    const Labels before = builder.build();
    builder = LabelsBuilder(before);
    const bool kept = relabel(builder, rules);
    const auto steps = relabelSteps(before, rules);
    WF_CHECK(kept ? steps.size() == rules.size() : steps.back().dropped);
    Labels reached = before;
    for (const RelabelStep& step : steps) {
        WF_CHECK(step.before == reached && !(step.dropped && step.changed()));
        reached = step.after;
    }
    WF_CHECK(!kept || reached == builder.build());
    return 0;
}
