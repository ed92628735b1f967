// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/remote/write.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace watchfire;

// Any bytes are a write request of either version, or are refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    (void)remote::decodeWrite(body, remote::WriteVersion::v1);
    (void)remote::decodeWrite(body, remote::WriteVersion::v2);
    return 0;
}
