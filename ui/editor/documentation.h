// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <QString>

/// What the editor says about words of the language and of the store. All plain text.
namespace watchfire::ui::editor {

class KnownNames;

/// "rate(range vector) → instant vector"; empty: no such function or aggregation.
QString signatureOf(std::string_view function);
/// One sentence about a function, an aggregation or a keyword; empty: unknown.
QString summaryOf(std::string_view word);
/// "counter · seconds", "gauge"; empty: unknown. `names` may be null.
QString typeOf(std::string_view metric, const KnownNames* names);
QString helpOf(std::string_view metric, const KnownNames* names);

/// About the word at that byte: signature and summary, or type, unit and help; empty: nothing.
QString helpAt(std::string_view text, std::uint32_t byte, const KnownNames* names);

} // namespace watchfire::ui::editor
