// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/check.h"
#include "core/encoding/yaml.h"

#include <cstddef>
#include <cstdint>
#include <string>

using namespace watchfire;
using namespace watchfire::encoding;

// Any bytes are YAML or are refused with a place in the text; the values of a document, written
// in either style, read as the same values.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string input(data, data + size);
    const auto document = YamlDocument::parse(input);
    if (input.contains("\u2028") || input.contains("\u2029") || input.contains("\u0085")) {
        return 0; // libfyaml 0.8 folds lines that these break in a way of its own
    }
    if (!document || document->root() == nullptr || !document->duplicates().empty()) {
        return 0;
    }
    const YamlValue value = toValue(*document->root());
    for (const std::string& text : {emitYaml(value), emitYamlFlow(value)}) {
        const auto again = YamlDocument::parse(text);
        WF_CHECK(again.has_value());
        WF_CHECK(again->root() != nullptr && toValue(*again->root()) == value);
    }
    return 0;
}
