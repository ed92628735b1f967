// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporters/node/source.h"

#include <array>
#include <charconv>
#include <format>

namespace watchfire::exporters::node {

namespace {

/// In the order of the columns of /proc/net/dev.
constexpr std::array<std::string_view, 16> columns{
    "receive_bytes",  "receive_packets",  "receive_errs",       "receive_drop",
    "receive_fifo",   "receive_frame",    "receive_compressed", "receive_multicast",
    "transmit_bytes", "transmit_packets", "transmit_errs",      "transmit_drop",
    "transmit_fifo",  "transmit_colls",   "transmit_carrier",   "transmit_compressed",
};

/// A whole number, decimal or, with 0x before it, hexadecimal.
std::optional<std::int64_t> integerOf(std::string_view word)
{
    const bool isHex = word.starts_with("0x");
    if (isHex) {
        word.remove_prefix(2);
    }
    std::int64_t value = 0;
    const auto [end, error]
        = std::from_chars(word.data(), word.data() + word.size(), value, isHex ? 16 : 10);
    return error == std::errc() && end == word.data() + word.size() ? std::optional(value)
                                                                    : std::nullopt;
}

} // namespace

bool collectNetworkTraffic(const Source& source, Sink& sink)
{
    const auto text = source.read("/proc/net/dev");
    if (!text) {
        return false;
    }
    struct Device {
        std::string_view name;
        std::vector<std::string_view> values;
    };
    std::vector<Device> devices;
    for (const std::string_view line : linesOf(*text)) {
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) {
            continue; // the two heading lines
        }
        const auto name = wordsOf(line.substr(0, colon));
        auto values = wordsOf(line.substr(colon + 1));
        if (name.size() == 1 && values.size() >= columns.size()) {
            devices.push_back({name[0], std::move(values)});
        }
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
        sink.family(std::format("node_network_{}_total", columns[i]), "counter",
                    std::format("Network device statistic {}.", columns[i]));
        for (const Device& device : devices) {
            sink.sample(numberOf(device.values[i]).value_or(0), {{"device", device.name}});
        }
    }
    return true;
}

bool collectNetworkDevices(const Source& source, Sink& sink)
{
    struct Field {
        std::string_view file;
        std::string_view name;
        std::string_view type = "gauge";
        double factor = 1;
    };
    constexpr std::array fields{
        Field{"addr_assign_type", "address_assign_type"},
        Field{"carrier", "carrier"},
        Field{"carrier_changes", "carrier_changes_total", "counter"},
        Field{"carrier_down_count", "carrier_down_changes_total", "counter"},
        Field{"carrier_up_count", "carrier_up_changes_total", "counter"},
        Field{"dev_id", "device_id"},
        Field{"dormant", "dormant"},
        Field{"flags", "flags"},
        Field{"ifindex", "iface_id"},
        Field{"iflink", "iface_link"},
        Field{"link_mode", "iface_link_mode"},
        Field{"mtu", "mtu_bytes"},
        Field{"name_assign_type", "name_assign_type"},
        Field{"netdev_group", "net_dev_group"},
        Field{"speed", "speed_bytes", "gauge", 125'000}, // megabits a second to bytes
        Field{"tx_queue_len", "transmit_queue_length"},
        Field{"type", "protocol_type"},
    };
    Families families;
    for (const std::string& device : source.list("/sys/class/net")) {
        const std::string folder = "/sys/class/net/" + device + '/';
        const std::string state = source.word(folder + "operstate");
        if (state.empty()) {
            continue; // bonding_masters and its like are files
        }
        families.add("node_network_up", "gauge", "Value is 1 if operstate is 'up', 0 otherwise.",
                     state == "up" ? 1 : 0, {{"device", device}});
        for (const Field& field : fields) {
            const auto value = integerOf(source.word(folder + std::string(field.file)));
            if (value && *value >= 0) { // a link that is down has a speed of −1
                families.add("node_network_" + std::string(field.name), field.type,
                             "Network device property: " + std::string(field.name),
                             static_cast<double>(*value) * field.factor, {{"device", device}});
            }
        }
        const auto flags = integerOf(source.word(folder + "flags")).value_or(0);
        families.add("node_network_info", "gauge", "What a network device says of itself.", 1,
                     {{"address", source.word(folder + "address")},
                      {"adminstate", (flags & 1) != 0 ? "up" : "down"},
                      {"broadcast", source.word(folder + "broadcast")},
                      {"device", device},
                      {"duplex", source.word(folder + "duplex")},
                      {"ifalias", source.word(folder + "ifalias")},
                      {"operstate", state}});
    }
    families.writeTo(sink);
    return !families.empty();
}

} // namespace watchfire::exporters::node
