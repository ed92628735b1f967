// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporters/node/source.h"
#include "core/text/regex.h"

#include <array>
#include <charconv>
#include <unistd.h>

namespace watchfire::exporters::node {

bool collectSockets(const Source& source, Sink& sink)
{
    Families families;
    const double pageBytes = static_cast<double>(sysconf(_SC_PAGESIZE));
    bool any = false;
    for (const std::string_view file : {"/proc/net/sockstat", "/proc/net/sockstat6"}) {
        const auto text = source.read(file);
        if (!text) {
            continue; // no IPv6
        }
        any = true;
        // "TCP: inuse 35 orphan 0": protocol, then names and numbers by turns.
        for (const std::string_view line : linesOf(*text)) {
            const auto words = wordsOf(line);
            if (words.size() < 3 || !words[0].ends_with(':')) {
                continue;
            }
            const std::string protocol(words[0].substr(0, words[0].size() - 1));
            const auto add = [&](std::string_view state, double value) {
                families.add("node_sockstat_" + protocol + '_' + std::string(state), "gauge",
                             protocol + " sockets: " + std::string(state) + '.', value, {});
            };
            for (std::size_t i = 1; i + 1 < words.size(); i += 2) {
                const double value = numberOf(words[i + 1]).value_or(0);
                add(words[i], value);
                if (words[i] == "mem") {
                    add("mem_bytes", value * pageBytes);
                }
            }
        }
    }
    families.writeTo(sink);
    return any;
}

namespace {

/// The fields node exporter shows of several hundred.
const text::Regex& shownStatistics()
{
    static const text::Regex regex = *text::Regex::compile(
        ".*_(InErrors|InErrs)|Ip_Forwarding|Ip(6|Ext)_(InOctets|OutOctets)|"
        "Icmp6?_(InMsgs|OutMsgs)|TcpExt_(Listen.*|Syncookies.*|TCPSynRetrans|TCPTimeouts|"
        "TCPOFOQueue|TCPRcvQDrop)|Tcp_(ActiveOpens|InSegs|OutSegs|OutRsts|PassiveOpens|"
        "RetransSegs|CurrEstab)|Udp6?_(InDatagrams|OutDatagrams|NoPorts|RcvbufErrors|"
        "SndbufErrors)");
    return regex;
}

void addStatistic(std::string_view protocol, std::string_view field, std::string_view value,
                  Families& families)
{
    const std::string key = std::string(protocol) + '_' + std::string(field);
    if (shownStatistics().matches(key)) {
        families.add("node_netstat_" + key, "untyped",
                     "Network statistic " + std::string(field) + " of " + std::string(protocol)
                         + '.',
                     numberOf(value).value_or(0), {});
    }
}

/// "Tcp: InSegs OutSegs" and then "Tcp: 7 8".
void addPaired(std::string_view text, Families& families)
{
    const auto lines = linesOf(text);
    for (std::size_t i = 0; i + 1 < lines.size(); i += 2) {
        const auto names = wordsOf(lines[i]);
        const auto values = wordsOf(lines[i + 1]);
        if (names.empty() || values.size() != names.size() || names[0] != values[0]) {
            continue;
        }
        const std::string_view protocol = names[0].substr(0, names[0].size() - 1);
        for (std::size_t k = 1; k < names.size(); ++k) {
            addStatistic(protocol, names[k], values[k], families);
        }
    }
}

} // namespace

bool collectNetworkStatistics(const Source& source, Sink& sink)
{
    Families families;
    const auto netstat = source.read("/proc/net/netstat");
    const auto snmp = source.read("/proc/net/snmp");
    if (!netstat || !snmp) {
        return false;
    }
    addPaired(*netstat, families);
    addPaired(*snmp, families);
    if (const auto snmp6 = source.read("/proc/net/snmp6")) {
        // "Udp6InErrors 0": the protocol ends with its 6.
        for (const std::string_view line : linesOf(*snmp6)) {
            const auto words = wordsOf(line);
            const std::size_t six = words.empty() ? std::string_view::npos : words[0].find('6');
            if (words.size() == 2 && six != std::string_view::npos) {
                addStatistic(words[0].substr(0, six + 1), words[0].substr(six + 1), words[1],
                             families);
            }
        }
    }
    families.writeTo(sink);
    return true;
}

bool collectArp(const Source& source, Sink& sink)
{
    const auto text = source.read("/proc/net/arp");
    if (!text) {
        return false;
    }
    std::map<std::string, double, std::less<>> entries;
    const auto lines = linesOf(*text);
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const auto words = wordsOf(lines[i]);
        if (words.size() >= 6) {
            ++entries[std::string(words[5])];
        }
    }
    if (entries.empty()) {
        return true;
    }
    sink.family("node_arp_entries", "gauge", "Neighbours in the ARP table, by device.");
    for (const auto& [device, count] : entries) {
        sink.sample(count, {{"device", device}});
    }
    return true;
}

bool collectConnectionTracking(const Source& source, Sink& sink)
{
    const auto entries = source.number("/proc/sys/net/netfilter/nf_conntrack_count");
    const auto limit = source.number("/proc/sys/net/netfilter/nf_conntrack_max");
    if (!entries || !limit) {
        return false; // not loaded
    }
    sink.single("node_nf_conntrack_entries", "gauge", "Connections being tracked.", *entries);
    sink.single("node_nf_conntrack_entries_limit", "gauge",
                "Connections that can be tracked at most.", *limit);
    return true;
}

bool collectSoftnet(const Source& source, Sink& sink)
{
    const auto text = source.read("/proc/net/softnet_stat");
    if (!text) {
        return false;
    }
    struct Field {
        std::size_t column;
        std::string_view name;
        std::string_view type;
        std::string_view help;
    };
    // Source: Linux, net/core/net-procfs.c, softnet_seq_show.
    constexpr std::array fields{
        Field{11, "node_softnet_backlog_len", "gauge", "Packets waiting in the backlog."},
        Field{8, "node_softnet_cpu_collision_total", "counter",
              "Times the lock of a device was held while sending."},
        Field{1, "node_softnet_dropped_total", "counter", "Packets dropped."},
        Field{10, "node_softnet_flow_limit_count_total", "counter",
              "Times the flow limit was reached."},
        Field{0, "node_softnet_processed_total", "counter", "Packets processed."},
        Field{9, "node_softnet_received_rps_total", "counter",
              "Times another processor woke this one for packets."},
        Field{2, "node_softnet_times_squeezed_total", "counter",
              "Times processing ran out of its quota."},
    };
    std::vector<std::vector<std::string_view>> cpus;
    for (const std::string_view line : linesOf(*text)) {
        cpus.push_back(wordsOf(line));
    }
    for (const Field& field : fields) {
        bool begun = false;
        for (std::size_t row = 0; row < cpus.size(); ++row) {
            if (cpus[row].size() <= field.column) {
                continue; // an older kernel
            }
            const auto hex = [&](std::size_t column) {
                const std::string_view word = cpus[row][column];
                std::uint64_t value = 0;
                std::from_chars(word.data(), word.data() + word.size(), value, 16);
                return value;
            };
            // Newer kernels say which processor the row is of; one may be missing.
            const std::string cpu = std::to_string(cpus[row].size() > 12 ? hex(12) : row);
            if (!begun) {
                sink.family(field.name, field.type, field.help);
                begun = true;
            }
            sink.sample(static_cast<double>(hex(field.column)), {{"cpu", cpu}});
        }
    }
    return true;
}

} // namespace watchfire::exporters::node
