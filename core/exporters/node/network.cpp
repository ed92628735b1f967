// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporters/node/source.h"

#include <array>
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
    const auto devices = source.list("/sys/class/net");
    if (devices.empty()) {
        return false;
    }
    const auto file = [](const std::string& device, std::string_view name) {
        return std::format("/sys/class/net/{}/{}", device, name);
    };
    sink.family("node_network_up", "gauge", "Value is 1 if operstate is 'up', 0 otherwise.");
    for (const std::string& device : devices) {
        sink.sample(source.word(file(device, "operstate")) == "up" ? 1 : 0, {{"device", device}});
    }
    struct Field {
        std::string_view file;
        std::string_view name;
        std::string_view help;
        double factor;
    };
    constexpr std::array fields{
        Field{"carrier", "node_network_carrier", "Network device property: carrier", 1},
        Field{"mtu", "node_network_mtu_bytes", "Network device property: mtu_bytes", 1},
        // Megabits a second to bytes.
        Field{"speed", "node_network_speed_bytes", "Network device property: speed_bytes", 125'000},
    };
    for (const Field& field : fields) {
        bool begun = false;
        for (const std::string& device : devices) {
            const auto value = source.number(file(device, field.file));
            if (!value || *value < 0) {
                continue; // no link, or a device without one
            }
            if (!begun) {
                sink.family(field.name, "gauge", field.help);
                begun = true;
            }
            sink.sample(*value * field.factor, {{"device", device}});
        }
    }
    return true;
}

} // namespace watchfire::exporters::node
