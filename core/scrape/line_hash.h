// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The hash runs once a sample: inlined, it is a third of the cost.
#define XXH_INLINE_ALL
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string_view>
#include <xxhash.h>

namespace watchfire::scrape {

struct HashKey {
    std::uint64_t seed = 0;
    std::array<unsigned char, XXH3_SECRET_DEFAULT_SIZE> secret{};
};

inline const HashKey& hashKey()
{
    static const HashKey key = [] {
        std::random_device source;
        HashKey made;
        made.seed = std::uint64_t{source()} << 32 | source();
        XXH3_generateSecret_fromSeed(made.secret.data(), made.seed);
        return made;
    }();
    return key;
}

inline std::uint64_t hashWith(const HashKey& key, const char* bytes, std::size_t count)
{
    return XXH3_64bits_withSecretandSeed(bytes, count, key.secret.data(), key.secret.size(),
                                         key.seed);
}

} // namespace watchfire::scrape
