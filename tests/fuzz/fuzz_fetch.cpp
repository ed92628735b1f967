// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/encoding/decompressor.h"
#include "core/net/oauth2_token.h"
#include "core/net/proxy.h"
#include "core/net/redirect.h"
#include "core/net/search_names.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

using namespace watchfire;

// What servers send beside bodies of metrics: addresses to go on to, tokens, compressed bytes.
// None leads out of memory, and no redirect elsewhere takes a secret along.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto origin = net::parseUrl("http://origin.example:9100/metrics");
    const net::Hop hop{.url = *origin, .method = "GET"};
    if (const auto next = net::redirected(hop, 302, net::resolved(*origin, text)); next && *next) {
        const auto sent = net::headersFor(**next, {{"Cookie", "c"}}, {{"X-Key", "k"}}, Secret("s"));
        const bool isElsewhere
            = (*next)->url.host != origin->host || (*next)->url.port != origin->port;
        if (isElsewhere && !sent.empty()) {
            std::abort();
        }
        (void)net::isExcepted(text, (*next)->url);
    }
    (void)net::isExcepted(text, *origin);
    ProxyOptions proxy;
    proxy.url = text;
    (void)net::proxyFor(proxy, {}, *origin);
    (void)net::candidateNames(text, {{"a.example"}, 1});
    (void)net::isAskable(text);
    (void)net::readToken({200, {}, text, {}}, {}, "secret", fromUnixMs(0));
    (void)net::readToken({400, {}, text, {}}, {}, "secret", fromUnixMs(0));
    for (const char* encoding : {"gzip", "zstd"}) {
        constexpr std::size_t limit = std::size_t{1} << 16;
        auto stream = encoding::makeDecompressor(encoding, {.maxSize = limit});
        std::string out;
        for (std::size_t at = 0; at < size; at += 7) {
            if (!(*stream)->feed(std::string_view(text).substr(at, 7), out)) {
                break;
            }
        }
        (void)(*stream)->finish();
        if (out.size() > limit + (std::size_t{64} << 10)) {
            std::abort();
        }
    }
    return 0;
}
