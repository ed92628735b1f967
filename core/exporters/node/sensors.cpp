// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporters/node/source.h"

#include <array>
#include <cctype>
#include <format>
#include <system_error>

namespace watchfire::exporters::node {

namespace {

/// Lower case, anything else than letters, digits, ':' and '_' becomes '_'.
std::string clean(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool kept = std::isalnum(byte) != 0 || c == ':' || c == '_';
        out += kept ? static_cast<char>(std::tolower(byte)) : '_';
    }
    while (!out.empty() && out.back() == '_') {
        out.pop_back();
    }
    while (!out.empty() && out.front() == '_') {
        out.erase(0, 1);
    }
    return out;
}

/// A name for a chip that stays the same over restarts: where its device hangs, else its name.
std::string chipOf(const Source& source, const std::string& folder)
{
    std::error_code error;
    const auto device
        = std::filesystem::canonical(source.path("/sys/class/hwmon/" + folder + "/device"), error);
    if (!error) {
        const std::string name = clean(device.filename().string());
        const std::string kind = clean(device.parent_path().filename().string());
        if (!name.empty() && !kind.empty()) {
            return kind + "_" + name;
        }
        if (!name.empty()) {
            return name;
        }
    }
    const std::string name = clean(source.word("/sys/class/hwmon/" + folder + "/name"));
    return name.empty() ? folder : name;
}

} // namespace

bool collectHwmon(const Source& source, Sink& sink)
{
    struct Chip {
        std::string folder;
        std::string chip;
        std::vector<std::string> temperatures; ///< "temp1"
    };
    std::vector<Chip> chips;
    for (const std::string& folder : source.list("/sys/class/hwmon")) {
        Chip chip{folder, chipOf(source, folder), {}};
        for (const std::string& file : source.list("/sys/class/hwmon/" + folder)) {
            if (file.starts_with("temp") && file.ends_with("_input")) {
                chip.temperatures.push_back(file.substr(0, file.size() - 6));
            }
        }
        chips.push_back(std::move(chip));
    }
    if (chips.empty()) {
        return false;
    }
    sink.family("node_hwmon_chip_names", "gauge",
                "Annotation metric for human-readable chip names");
    for (const Chip& chip : chips) {
        sink.sample(
            1,
            {{"chip", chip.chip},
             {"chip_name", clean(source.word("/sys/class/hwmon/" + chip.folder + "/name"))}});
    }
    struct Field {
        std::string_view suffix;
        std::string_view name;
        std::string_view help;
    };
    constexpr std::array fields{
        Field{"input", "node_hwmon_temp_celsius", "Hardware monitor for temperature (input)"},
        Field{"max", "node_hwmon_temp_max_celsius", "Hardware monitor for temperature (max)"},
        Field{"crit", "node_hwmon_temp_crit_celsius", "Hardware monitor for temperature (crit)"},
    };
    for (const Field& field : fields) {
        bool begun = false;
        for (const Chip& chip : chips) {
            for (const std::string& sensor : chip.temperatures) {
                const auto value = source.number(
                    std::format("/sys/class/hwmon/{}/{}_{}", chip.folder, sensor, field.suffix));
                if (!value) {
                    continue;
                }
                if (!begun) {
                    sink.family(field.name, "gauge", field.help);
                    begun = true;
                }
                sink.sample(*value / 1'000, {{"chip", chip.chip}, {"sensor", sensor}});
            }
        }
    }
    bool begun = false;
    for (const Chip& chip : chips) {
        for (const std::string& sensor : chip.temperatures) {
            const std::string label
                = source.word(std::format("/sys/class/hwmon/{}/{}_label", chip.folder, sensor));
            if (label.empty()) {
                continue;
            }
            if (!begun) {
                sink.family("node_hwmon_sensor_label", "gauge", "Label for given chip and sensor");
                begun = true;
            }
            sink.sample(1, {{"chip", chip.chip}, {"label", label}, {"sensor", sensor}});
        }
    }
    return true;
}

bool collectThermalZones(const Source& source, Sink& sink)
{
    bool begun = false;
    for (const std::string& zone : source.list("/sys/class/thermal")) {
        if (!zone.starts_with("thermal_zone")) {
            continue;
        }
        const auto value = source.number("/sys/class/thermal/" + zone + "/temp");
        if (!value) {
            continue;
        }
        if (!begun) {
            sink.family("node_thermal_zone_temp", "gauge", "Zone temperature in Celsius");
            begun = true;
        }
        sink.sample(*value / 1'000,
                    {{"type", source.word("/sys/class/thermal/" + zone + "/type")},
                     {"zone", std::string_view(zone).substr(12)}});
    }
    return begun;
}

} // namespace watchfire::exporters::node
