// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watchfire::exporters::node {

/// The machine's /proc and /sys, or a copy of them under another root.
class Source {
public:
    explicit Source(std::filesystem::path root)
        : m_root(std::move(root))
    {
    }

    /// "/proc/stat" under the root.
    std::filesystem::path path(std::string_view absolute) const;
    /// Nothing when it cannot be read.
    std::optional<std::string> read(std::string_view absolute) const;
    /// The first word of a file as a number.
    std::optional<double> number(std::string_view absolute) const;
    /// A file's text without white space at its ends; empty when it cannot be read.
    std::string word(std::string_view absolute) const;
    /// Names in a folder, sorted; none when it is not there.
    std::vector<std::string> list(std::string_view absolute) const;

private:
    std::filesystem::path m_root;
};

using LabelView = std::pair<std::string_view, std::string_view>;
using LabelList = std::initializer_list<LabelView>;

/// Writes families in the text format. A family's samples must follow its `family`. What is not
/// UTF-8 in a label's value (names of programs and mount points may hold anything) becomes
/// U+FFFD: one bad line would cost the whole scrape.
class Sink {
public:
    explicit Sink(std::string& out)
        : m_out(out)
    {
    }

    void family(std::string_view name, std::string_view type, std::string_view help);
    void sample(double value, LabelList labels = {})
    {
        sample(value, std::span(labels.begin(), labels.size()));
    }
    void sample(double value, std::span<const LabelView> labels);
    /// A family of one sample.
    void single(std::string_view name, std::string_view type, std::string_view help, double value,
                LabelList labels = {});

private:
    std::string& m_out;
    std::string m_name;
};

/// Families whose samples are found file by file, and so in no order: gathered, then written
/// by name.
class Families {
public:
    void add(const std::string& name, std::string_view type, const std::string& help, double value,
             std::vector<std::pair<std::string, std::string>> labels);
    bool empty() const { return m_families.empty(); }
    void writeTo(Sink& sink) const;

private:
    struct Entry {
        double value = 0;
        std::vector<std::pair<std::string, std::string>> labels;
    };
    struct Family {
        std::string_view type;
        std::string help;
        std::vector<Entry> entries;
    };
    std::map<std::string, Family> m_families;
};

/// Words between white space; views into `text`.
std::vector<std::string_view> wordsOf(std::string_view text);
/// Lines without their ends, the last one also without a newline; views into `text`.
std::vector<std::string_view> linesOf(std::string_view text);
std::optional<double> numberOf(std::string_view word);

/// Ticks a second of the times in /proc (USER_HZ).
inline constexpr double ticksPerSecond = 100;

// The collectors. Each writes its families and says whether it could read what it needs.
bool collectCpu(const Source& source, Sink& sink);
bool collectStat(const Source& source, Sink& sink);
bool collectLoad(const Source& source, Sink& sink);
bool collectMemory(const Source& source, Sink& sink);
bool collectVmstat(const Source& source, Sink& sink);
bool collectPressure(const Source& source, Sink& sink);
bool collectCpuFrequency(const Source& source, Sink& sink);
bool collectSchedulerStatistics(const Source& source, Sink& sink);
bool collectDisks(const Source& source, Sink& sink);
bool collectNetworkTraffic(const Source& source, Sink& sink);
bool collectNetworkDevices(const Source& source, Sink& sink);
bool collectSockets(const Source& source, Sink& sink);
bool collectNetworkStatistics(const Source& source, Sink& sink);
bool collectArp(const Source& source, Sink& sink);
bool collectConnectionTracking(const Source& source, Sink& sink);
bool collectSoftnet(const Source& source, Sink& sink);
bool collectHwmon(const Source& source, Sink& sink);
bool collectThermalZones(const Source& source, Sink& sink);
bool collectPowerSupplies(const Source& source, Sink& sink);
bool collectUname(const Source& source, Sink& sink);
bool collectOs(const Source& source, Sink& sink);
bool collectFileDescriptors(const Source& source, Sink& sink);
bool collectEntropy(const Source& source, Sink& sink);
bool collectTime(const Source& source, Sink& sink);
bool collectClockSynchronisation(const Source& source, Sink& sink);

} // namespace watchfire::exporters::node
