// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporters/node/source.h"

#include <array>

namespace watchfire::exporters::node {

bool collectThermalZones(const Source& source, Sink& sink)
{
    Families families;
    for (const std::string& entry : source.list("/sys/class/thermal")) {
        const std::string folder = "/sys/class/thermal/" + entry;
        const std::string type = source.word(folder + "/type");
        constexpr std::string_view zone = "thermal_zone";
        constexpr std::string_view cooler = "cooling_device";
        if (entry.starts_with(zone)) {
            if (const auto value = source.number(folder + "/temp")) {
                families.add("node_thermal_zone_temp", "gauge", "Zone temperature in Celsius",
                             *value / 1'000, {{"type", type}, {"zone", entry.substr(zone.size())}});
            }
        } else if (entry.starts_with(cooler)) {
            const auto now = source.number(folder + "/cur_state");
            const auto most = source.number(folder + "/max_state");
            if (now && most) {
                const std::vector<std::pair<std::string, std::string>> labels{
                    {"name", entry.substr(cooler.size())}, {"type", type}};
                families.add("node_cooling_device_cur_state", "gauge",
                             "How much a cooling device throttles now.", *now, labels);
                families.add("node_cooling_device_max_state", "gauge",
                             "How much a cooling device throttles at most.", *most, labels);
            }
        }
    }
    families.writeTo(sink);
    return true; // a machine without sensors is no failure
}

bool collectPowerSupplies(const Source& source, Sink& sink)
{
    struct Field {
        std::string_view file;
        std::string_view name;
        double divisor; ///< microvolts and the like to units
    };
    constexpr std::array fields{
        Field{"capacity", "capacity", 1},
        Field{"charge_full", "charge_full", 1e6},
        Field{"charge_full_design", "charge_full_design", 1e6},
        Field{"charge_now", "charge_ampere", 1e6},
        Field{"current_max", "current_max", 1e6},
        Field{"current_now", "current_ampere", 1e6},
        Field{"cycle_count", "cyclecount", 1},
        Field{"energy_full", "energy_full", 1e6},
        Field{"energy_full_design", "energy_full_design", 1e6},
        Field{"energy_now", "energy_watthour", 1e6},
        Field{"online", "online", 1},
        Field{"power_now", "power_watt", 1e6},
        Field{"present", "present", 1},
        Field{"temp", "temp_celsius", 10},
        Field{"time_to_empty_now", "time_to_empty_seconds", 1},
        Field{"time_to_full_now", "time_to_full_seconds", 1},
        Field{"voltage_max", "voltage_max", 1e6},
        Field{"voltage_max_design", "voltage_max_design", 1e6},
        Field{"voltage_min", "voltage_min", 1e6},
        Field{"voltage_min_design", "voltage_min_design", 1e6},
        Field{"voltage_now", "voltage_volt", 1e6},
    };
    constexpr std::array<std::string_view, 10> facts{
        "capacity_level", "charge_type", "health",     "manufacturer", "model_name",
        "serial_number",  "status",      "technology", "type",         "usb_type"};
    Families families;
    for (const std::string& supply : source.list("/sys/class/power_supply")) {
        const std::string folder = "/sys/class/power_supply/" + supply + '/';
        for (const Field& field : fields) {
            if (const auto value = source.number(folder + std::string(field.file))) {
                const std::string name = "node_power_supply_" + std::string(field.name);
                families.add(name, "gauge",
                             std::string(field.name) + " of a battery or other power supply.",
                             *value / field.divisor, {{"power_supply", supply}});
            }
        }
        std::vector<std::pair<std::string, std::string>> labels{{"power_supply", supply}};
        for (const std::string_view fact : facts) {
            std::string value = source.word(folder + std::string(fact));
            if (!value.empty()) {
                labels.emplace_back(fact, std::move(value));
            }
        }
        families.add("node_power_supply_info", "gauge", "What a power supply says of itself.", 1,
                     std::move(labels));
    }
    families.writeTo(sink);
    return true;
}

} // namespace watchfire::exporters::node
