// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: Apache-2.0
//
// A program that counts what it does and prints what a scrape of it would see.
#include <cstdio>
#include <watchfire/client/exposition.h>
#include <watchfire/client/process.h>
#include <watchfire/client/registry.h>

namespace client = watchfire::client;

int main()
{
    client::Registry registry;
    registry.info("example", "What this is.", {{"version", "1.2.3"}});
    const auto process = registry.addCollector(client::processCollector());

    const auto requests
        = registry.counters("example_requests_total", "Requests served.", {"method", "code"});
    client::Counter served = requests.with({"GET", "200"}); // keep it: increments take no lock
    const client::Histogram latency
        = registry.histogram("example_request_seconds", "Time to serve a request.");
    client::Gauge inFlight = registry.gauge("example_in_flight", "Requests being served.");

    for (int i = 0; i < 100; ++i) {
        const client::Timer timer(latency);
        inFlight.increment();
        served.increment();
        inFlight.decrement();
    }

    const std::string body = client::toText(registry);
    std::fwrite(body.data(), 1, body.size(), stdout);
    return registry.faults().empty() && served.value() == 100 ? 0 : 1;
}
