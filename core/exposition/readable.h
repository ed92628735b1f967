// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exposition/parser.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace watchfire::exposition {

/// The beginning of a body for people to read, at most `most` bytes: a text as it is, protobuf as
/// the lines of a text would say it, a native histogram by its schema, count and sum.
std::string readableStart(Format format, std::string_view body, std::size_t most);

} // namespace watchfire::exposition
