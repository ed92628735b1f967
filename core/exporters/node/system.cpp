// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporters/node/source.h"

#include <chrono>
#include <ctime>
#include <map>
#include <sys/timex.h>
#include <sys/utsname.h>

namespace watchfire::exporters::node {

bool collectUname(const Source& source, Sink& sink)
{
    static_cast<void>(source);
    utsname name{};
    if (uname(&name) != 0) {
        return false;
    }
    sink.single("node_uname_info", "gauge",
                "Labeled system information as provided by the uname system call.", 1,
                {{"domainname", name.domainname},
                 {"machine", name.machine},
                 {"nodename", name.nodename},
                 {"release", name.release},
                 {"sysname", name.sysname},
                 {"version", name.version}});
    return true;
}

bool collectOs(const Source& source, Sink& sink)
{
    auto text = source.read("/etc/os-release");
    if (!text) {
        text = source.read("/usr/lib/os-release");
    }
    if (!text) {
        return false;
    }
    std::map<std::string, std::string, std::less<>> values;
    for (const std::string_view line : linesOf(*text)) {
        const std::size_t equals = line.find('=');
        if (equals == std::string_view::npos || line.starts_with('#')) {
            continue;
        }
        std::string_view value = line.substr(equals + 1);
        if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'')
            && value.back() == value.front()) {
            value = value.substr(1, value.size() - 2);
        }
        values.emplace(line.substr(0, equals), value);
    }
    const auto of = [&values](std::string_view key) -> std::string_view {
        const auto found = values.find(key);
        return found == values.end() ? std::string_view() : std::string_view(found->second);
    };
    sink.single("node_os_info", "gauge",
                "A metric with a constant '1' value labeled by build_id, id, id_like, image_id, "
                "image_version, name, pretty_name, variant, variant_id, version, "
                "version_codename, version_id.",
                1,
                {{"build_id", of("BUILD_ID")},
                 {"id", of("ID")},
                 {"id_like", of("ID_LIKE")},
                 {"image_id", of("IMAGE_ID")},
                 {"image_version", of("IMAGE_VERSION")},
                 {"name", of("NAME")},
                 {"pretty_name", of("PRETTY_NAME")},
                 {"variant", of("VARIANT")},
                 {"variant_id", of("VARIANT_ID")},
                 {"version", of("VERSION")},
                 {"version_codename", of("VERSION_CODENAME")},
                 {"version_id", of("VERSION_ID")}});
    if (const auto version = numberOf(of("VERSION_ID"))) {
        sink.single("node_os_version", "gauge",
                    "Metric containing the major.minor part of the OS version.", *version,
                    {{"id", of("ID")}, {"id_like", of("ID_LIKE")}, {"name", of("NAME")}});
    }
    return true;
}

bool collectFileDescriptors(const Source& source, Sink& sink)
{
    const auto text = source.read("/proc/sys/fs/file-nr");
    const auto words = wordsOf(text ? std::string_view(*text) : std::string_view());
    if (words.size() < 3) {
        return false;
    }
    sink.single("node_filefd_allocated", "gauge", "File descriptor statistics: allocated.",
                numberOf(words[0]).value_or(0));
    sink.single("node_filefd_maximum", "gauge", "File descriptor statistics: maximum.",
                numberOf(words[2]).value_or(0));
    return true;
}

bool collectEntropy(const Source& source, Sink& sink)
{
    const auto available = source.number("/proc/sys/kernel/random/entropy_avail");
    const auto size = source.number("/proc/sys/kernel/random/poolsize");
    if (!available || !size) {
        return false;
    }
    sink.single("node_entropy_available_bits", "gauge", "Bits of available entropy.", *available);
    sink.single("node_entropy_pool_size_bits", "gauge", "Bits of entropy pool.", *size);
    return true;
}

bool collectTime(const Source& source, Sink& sink)
{
    static_cast<void>(source);
    const auto now = std::chrono::system_clock::now();
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    std::tm local{};
    localtime_r(&seconds, &local);
    sink.single("node_time_seconds", "gauge", "System time in seconds since epoch (1970).",
                std::chrono::duration<double>(now.time_since_epoch()).count());
    sink.single("node_time_zone_offset_seconds", "gauge", "System time zone offset in seconds.",
                static_cast<double>(local.tm_gmtoff), {{"time_zone", local.tm_zone}});
    return true;
}

bool collectClockSynchronisation(const Source& source, Sink& sink)
{
    static_cast<void>(source);
    timex clock{};
    const int state = adjtimex(&clock); // modes 0: nothing is set
    if (state < 0) {
        return false;
    }
    const double fraction = (clock.status & STA_NANO) != 0 ? 1e9 : 1e6;
    sink.single("node_timex_estimated_error_seconds", "gauge", "Estimated error of the clock.",
                static_cast<double>(clock.esterror) / 1e6);
    sink.single("node_timex_frequency_adjustment_ratio", "gauge",
                "Correction of the clock's speed.",
                1 + static_cast<double>(clock.freq) / 65'536 / 1e6);
    sink.single("node_timex_loop_time_constant", "gauge", "Time constant of the clock's control.",
                static_cast<double>(clock.constant));
    sink.single("node_timex_maxerror_seconds", "gauge", "Largest possible error of the clock.",
                static_cast<double>(clock.maxerror) / 1e6);
    sink.single("node_timex_offset_seconds", "gauge", "Difference of the clock to its reference.",
                static_cast<double>(clock.offset) / fraction);
    sink.single("node_timex_status", "gauge", "Status bits of the clock.", clock.status);
    sink.single("node_timex_sync_status", "gauge", "Whether the clock is synchronised to a server.",
                state == TIME_ERROR ? 0 : 1);
    sink.single("node_timex_tai_offset_seconds", "gauge",
                "International Atomic Time less the clock's.", clock.tai);
    sink.single("node_timex_tick_seconds", "gauge", "Time between two ticks of the clock.",
                static_cast<double>(clock.tick) / 1e6);
    return true;
}

} // namespace watchfire::exporters::node
