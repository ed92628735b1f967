// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/discovery/groups.h"
#include "core/discovery/provider.h"
#include "test_places.h"
#include "tests/support/fake_dns.h"
#include "tests/support/fake_fetcher.h"
#include "tests/support/fake_watcher.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <QByteArray>
#include <QList>

namespace watchfire::test {

/// Fake ports for one provider, and what it says.
struct ProviderRig {
    TurnedClock clock;
    FakeFetcher fetcher;
    FakeDns dns;
    FakeWatcher watcher;
    InlineExecutor here;
    discovery::ProviderPorts ports{fetcher, dns, watcher, here, here, clock};
    const Timestamp start = clock.at;
    std::unique_ptr<discovery::Provider> provider;
    std::vector<discovery::Groups> updates;

    void run(std::unique_ptr<discovery::Provider> made)
    {
        provider = std::move(made);
        provider->start([this](discovery::Groups groups) { updates.push_back(std::move(groups)); });
    }
    /// As an engine's loop does.
    void runUntil(Timestamp end)
    {
        while (const auto due = provider->nextDue()) {
            if (*due > end) {
                break;
            }
            clock.at = std::max(clock.at, *due);
            provider->advance(clock.at);
        }
        clock.at = end;
    }
    std::string error() const { return provider->status().lastError; }
    /// Addresses of the last update, sorted, with blanks between.
    QByteArray addresses() const
    {
        std::vector<std::string> all;
        if (!updates.empty()) {
            for (const config::TargetGroup& group : updates.back()) {
                all.insert(all.end(), group.targets.begin(), group.targets.end());
            }
        }
        std::ranges::sort(all);
        QByteArray out;
        for (const std::string& address : all) {
            out += (out.isEmpty() ? "" : " ") + QByteArray::fromStdString(address);
        }
        return out;
    }
};

/// A file of the test data.
inline std::string data(const std::string& name)
{
    std::ifstream file(WATCHFIRE_SOURCE_DIR "/tests/core/discovery/data/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Every target as its address and, below, its labels; sorted.
inline QByteArray dump(const discovery::Groups& groups)
{
    std::vector<std::string> blocks;
    for (const config::TargetGroup& group : groups) {
        for (const std::string& address : group.targets) {
            std::string block = address + '\n';
            for (const Label& label : group.labels) {
                block += "  " + std::string(label.name) + '=' + std::string(label.value) + '\n';
            }
            blocks.push_back(std::move(block));
        }
    }
    std::ranges::sort(blocks);
    QByteArray out;
    for (const std::string& block : blocks) {
        out += QByteArray::fromStdString(block);
    }
    return out;
}

/// The first line in which targets differ from those in data/expected, for a message; empty:
/// none. After a wanted change, WATCHFIRE_RENEW=1 writes the file anew: read the difference.
inline QByteArray differenceFrom(const std::string& name, const discovery::Groups& groups)
{
    const QByteArray is = dump(groups);
    if (qEnvironmentVariableIsSet("WATCHFIRE_RENEW")) {
        std::ofstream file(WATCHFIRE_SOURCE_DIR "/tests/core/discovery/data/expected/" + name,
                           std::ios::binary);
        file << is.toStdString();
    }
    const auto one = is.split('\n');
    const auto other = QByteArray::fromStdString(data("expected/" + name)).split('\n');
    QByteArray address;
    for (qsizetype i = 0; i < std::max(one.size(), other.size()); ++i) {
        const QByteArray a = i < one.size() ? one[i] : "(end)";
        const QByteArray b = i < other.size() ? other[i] : "(end)";
        if (a != b) {
            return "line " + QByteArray::number(i + 1) + ", in " + address + ": \"" + a
                + "\", expected \"" + b + '"';
        }
        address = a.startsWith(' ') ? address : a;
    }
    return is.isEmpty() ? "there are no targets" : QByteArray();
}

} // namespace watchfire::test
