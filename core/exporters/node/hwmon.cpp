// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporters/node/source.h"

#include <algorithm>
#include <array>
#include <cctype>
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

/// The parts of a sensor file's name: "temp1_crit_alarm" is temp, 1, crit_alarm.
struct SensorFile {
    std::string kind;
    std::string number;
    std::string element; ///< empty: the file is the value
};

std::optional<SensorFile> parseName(std::string_view file)
{
    constexpr std::array<std::string_view, 11> kinds{"cpu",       "curr", "energy", "fan",
                                                     "humidity",  "in",   "power",  "pwm",
                                                     "intrusion", "temp", "freq"};
    const std::size_t digits = file.find_first_of("0123456789");
    if (digits == std::string_view::npos) {
        return std::nullopt;
    }
    const std::size_t end = std::min(file.find_first_not_of("0123456789", digits), file.size());
    const std::string_view kind = file.substr(0, digits);
    if (!std::ranges::contains(kinds, kind) || (end < file.size() && file[end] != '_')) {
        return std::nullopt;
    }
    return SensorFile{std::string(kind), std::string(file.substr(digits, end - digits)),
                      std::string(file.substr(std::min(end + 1, file.size())))};
}

/// The unit a kind of sensor is measured in, and what its files count.
struct Unit {
    std::string_view kind;
    std::string_view suffix;
    double factor;
    std::string_view type;
};

constexpr std::array units{
    Unit{"cpu", "_volts", 1e-3, "gauge"},
    Unit{"curr", "_amps", 1e-3, "gauge"},
    Unit{"energy", "_joule_total", 1e-6, "counter"},
    Unit{"humidity", "", 1e-6, "gauge"},
    Unit{"in", "_volts", 1e-3, "gauge"},
    Unit{"power", "_watt", 1e-6, "gauge"},
    Unit{"temp", "_celsius", 1e-3, "gauge"},
};

Unit unitOf(const SensorFile& sensor)
{
    const std::string_view element = sensor.element;
    const bool isFlag = element == "alarm" || element == "fault" || element == "beep";
    if (isFlag || (sensor.kind == "temp" && element == "type")) {
        return {sensor.kind, element == "beep" ? "_enabled" : "", 1, "gauge"};
    }
    if (sensor.kind == "fan"
        && (element == "input" || element == "min" || element == "max" || element == "target")) {
        return {sensor.kind, "_rpm", 1, "gauge"};
    }
    if (sensor.kind == "power" && element == "accuracy") {
        return {sensor.kind, "", 1e-6, "gauge"};
    }
    if (sensor.kind == "power" && element.starts_with("average_interval")) {
        return {sensor.kind, "_seconds", 1e-3, "gauge"};
    }
    const auto unit = std::ranges::find(units, sensor.kind, &Unit::kind);
    return unit != units.end() ? *unit : Unit{sensor.kind, "", 1, "gauge"};
}

void addSensor(const SensorFile& sensor, const std::string& text, const std::string& chip,
               Families& families)
{
    const std::string name = sensor.kind + sensor.number;
    if (sensor.element == "label") {
        families.add("node_hwmon_sensor_label", "gauge", "Label for given chip and sensor", 1,
                     {{"chip", chip}, {"label", text}, {"sensor", name}});
        return;
    }
    const auto value = numberOf(text);
    if (!value) {
        return; // a sensor that cannot be read now, or one of words
    }
    const Unit unit = unitOf(sensor);
    std::string metric = "node_hwmon_" + sensor.kind;
    if (!sensor.element.empty() && sensor.element != "input") {
        metric += '_' + clean(sensor.element);
    }
    metric += unit.suffix;
    families.add(metric, unit.type,
                 "Hardware sensor of kind " + sensor.kind
                     + (sensor.element.empty() ? "." : ", " + sensor.element + '.'),
                 *value * unit.factor, {{"chip", chip}, {"sensor", name}});
}

} // namespace

bool collectHwmon(const Source& source, Sink& sink)
{
    const auto folders = source.list("/sys/class/hwmon");
    if (folders.empty()) {
        return false;
    }
    Families families;
    for (const std::string& folder : folders) {
        const std::string path = "/sys/class/hwmon/" + folder + '/';
        const std::string chip = chipOf(source, folder);
        const std::string name = clean(source.word(path + "name"));
        if (!name.empty()) {
            families.add("node_hwmon_chip_names", "gauge",
                         "Annotation metric for human-readable chip names", 1,
                         {{"chip", chip}, {"chip_name", name}});
        }
        for (const std::string& file : source.list(path)) {
            if (const auto sensor = parseName(file)) {
                addSensor(*sensor, source.word(path + file), chip, families);
            }
        }
    }
    families.writeTo(sink);
    return true;
}

} // namespace watchfire::exporters::node
