// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporters/node/source.h"
#include "core/text/regex.h"

#include <array>

namespace watchfire::exporters::node {

namespace {

/// Partitions and memory devices: their disks, or nothing, are what matters.
const text::Regex& ignoredDevices()
{
    static const text::Regex regex
        = *text::Regex::compile(R"((z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+)");
    return regex;
}

struct Field {
    std::string_view name;
    std::string_view type;
    double factor; ///< to the unit of the name
    std::string_view help;
};

constexpr double sector = 512;
constexpr double ms = 1e-3;

/// In the order of the columns of /proc/diskstats.
/// Source: Linux, Documentation/admin-guide/iostats.rst.
constexpr std::array fields{
    Field{"node_disk_reads_completed_total", "counter", 1,
          "The total number of reads completed successfully."},
    Field{"node_disk_reads_merged_total", "counter", 1, "The total number of reads merged."},
    Field{"node_disk_read_bytes_total", "counter", sector,
          "The total number of bytes read successfully."},
    Field{"node_disk_read_time_seconds_total", "counter", ms,
          "The total number of seconds spent by all reads."},
    Field{"node_disk_writes_completed_total", "counter", 1,
          "The total number of writes completed successfully."},
    Field{"node_disk_writes_merged_total", "counter", 1, "The number of writes merged."},
    Field{"node_disk_written_bytes_total", "counter", sector,
          "The total number of bytes written successfully."},
    Field{"node_disk_write_time_seconds_total", "counter", ms,
          "This is the total number of seconds spent by all writes."},
    Field{"node_disk_io_now", "gauge", 1, "The number of I/Os currently in progress."},
    Field{"node_disk_io_time_seconds_total", "counter", ms, "Total seconds spent doing I/Os."},
    Field{"node_disk_io_time_weighted_seconds_total", "counter", ms,
          "The weighted # of seconds spent doing I/Os."},
    Field{"node_disk_discards_completed_total", "counter", 1,
          "The total number of discards completed successfully."},
    Field{"node_disk_discards_merged_total", "counter", 1, "The total number of discards merged."},
    Field{"node_disk_discarded_sectors_total", "counter", 1,
          "The total number of sectors discarded successfully."},
    Field{"node_disk_discard_time_seconds_total", "counter", ms,
          "This is the total number of seconds spent by all discards."},
    Field{"node_disk_flush_requests_total", "counter", 1,
          "The total number of flush requests completed successfully"},
    Field{"node_disk_flush_requests_time_seconds_total", "counter", ms,
          "This is the total number of seconds spent by all flush requests."},
};

} // namespace

bool collectDisks(const Source& source, Sink& sink)
{
    const auto text = source.read("/proc/diskstats");
    if (!text) {
        return false;
    }
    std::vector<std::vector<std::string_view>> disks;
    for (const std::string_view line : linesOf(*text)) {
        auto words = wordsOf(line);
        if (words.size() > 3 && !ignoredDevices().matches(words[2])) {
            disks.push_back(std::move(words));
        }
    }
    for (std::size_t i = 0; i < fields.size(); ++i) {
        bool begun = false;
        for (const auto& words : disks) {
            if (words.size() <= i + 3) {
                continue; // an older kernel
            }
            if (!begun) {
                sink.family(fields[i].name, fields[i].type, fields[i].help);
                begun = true;
            }
            sink.sample(numberOf(words[i + 3]).value_or(0) * fields[i].factor,
                        {{"device", words[2]}});
        }
    }
    return true;
}

} // namespace watchfire::exporters::node
