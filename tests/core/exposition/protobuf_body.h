// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exposition/proto/metrics.pb.h"

#include <google/protobuf/text_format.h>
#include <initializer_list>
#include <string>
#include <string_view>

/// Bodies of the protobuf format, from the library's text form of messages.
namespace watchfire::test {

inline std::string varint(std::uint64_t value)
{
    std::string out;
    for (; value >= 0x80; value >>= 7) {
        out += static_cast<char>(value | 0x80);
    }
    out += static_cast<char>(value);
    return out;
}

/// A field of bytes, with its number.
inline std::string bytesField(int number, std::string_view bytes)
{
    return varint(static_cast<std::uint64_t>(number) << 3 | 2) + varint(bytes.size())
        + std::string(bytes);
}

/// A metric's message, from its text form.
inline std::string metricBytes(const std::string& text)
{
    exposition::pb::Metric metric;
    const bool read = google::protobuf::TextFormat::ParseFromString(text, &metric);
    return read ? metric.SerializeAsString() : "bad text form: " + text;
}

/// The message behind its length, as a body has it. `type`: 0 counter, 1 gauge, 2 summary,
/// 3 untyped, 4 histogram, 5 gauge histogram.
inline std::string delimited(const std::string& message)
{
    return varint(message.size()) + message;
}
inline std::string family(std::string_view name, int type,
                          std::initializer_list<std::string> metrics, std::string_view help = "",
                          std::string_view unit = "")
{
    std::string message = bytesField(1, name);
    if (!help.empty()) {
        message += bytesField(2, help);
    }
    message += varint(3 << 3) + varint(static_cast<std::uint64_t>(type));
    for (const std::string& metric : metrics) {
        message += bytesField(4, metricBytes(metric));
    }
    if (!unit.empty()) {
        message += bytesField(5, unit);
    }
    return delimited(message);
}

} // namespace watchfire::test
