// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporters/node/filesystem.h"

#include "core/text/regex.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <set>
#include <tuple>

namespace watchfire::exporters::node {

namespace {

// Which mounts are no disks of anybody: the defaults of node exporter.

const text::Regex& ignoredMounts()
{
    static const text::Regex regex = *text::Regex::compile(
        R"(/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|var/lib/containers/storage/.+)($|/.*))");
    return regex;
}

const text::Regex& ignoredTypes()
{
    static const text::Regex regex = *text::Regex::compile(
        "autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|"
        "iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|"
        "erofs|sysfs|tracefs");
    return regex;
}

/// File systems of the kernel's own, on a disk or in memory. Any other may be a server's, or a
/// program's, and not answer.
bool mayHang(std::string_view type)
{
    constexpr std::array<std::string_view, 17> local{
        "bcachefs", "btrfs", "efivarfs", "exfat", "ext2",  "ext3", "ext4", "f2fs", "hfsplus",
        "jfs",      "msdos", "ntfs3",    "ramfs", "tmpfs", "vfat", "xfs",  "zfs"};
    return !std::ranges::contains(local, type);
}

/// \040 and its like stand for the characters that separate fields.
std::string unescape(std::string_view text)
{
    const auto isOctal = [](char c) { return c >= '0' && c <= '7'; };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 3 < text.size() && isOctal(text[i + 1]) && isOctal(text[i + 2])
            && isOctal(text[i + 3])) {
            out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8
                                     + (text[i + 3] - '0'));
            i += 3;
        } else {
            out += text[i];
        }
    }
    return out;
}

struct Mount {
    std::string device;
    std::string point;
    std::string type;
    std::string major;
    std::string minor;
    bool readOnly = false;
    std::string error; ///< empty: none
    struct statvfs stats{};
};

bool hasOption(std::string_view options, std::string_view wanted)
{
    while (!options.empty()) {
        const std::size_t end = std::min(options.find(','), options.size());
        if (options.substr(0, end) == wanted) {
            return true;
        }
        options.remove_prefix(std::min(end + 1, options.size()));
    }
    return false;
}

/// Source: proc(5), /proc/pid/mountinfo.
std::vector<Mount> mountsOf(std::string_view text)
{
    std::vector<Mount> mounts;
    std::set<std::tuple<std::string, std::string>> seen;
    for (const std::string_view line : linesOf(text)) {
        const auto words = wordsOf(line);
        const auto dash = std::ranges::find(words, "-");
        const auto after = words.end() - dash;
        if (words.size() < 6 || after < 4) {
            continue;
        }
        Mount mount;
        mount.point = unescape(words[4]);
        mount.type = dash[1];
        mount.device = unescape(dash[2]);
        if (ignoredMounts().matches(mount.point) || ignoredTypes().matches(mount.type)
            || !seen.emplace(mount.device, mount.point).second) {
            continue;
        }
        const std::size_t colon = std::min(words[2].find(':'), words[2].size());
        mount.major = words[2].substr(0, colon);
        mount.minor = words[2].substr(std::min(colon + 1, words[2].size()));
        mount.readOnly = hasOption(words[5], "ro") || hasOption(dash[3], "ro");
        mounts.push_back(std::move(mount));
    }
    return mounts;
}

std::string describe(const MountProbe::Answer& answer)
{
    if (answer.late) {
        return "mountpoint timeout";
    }
    if (answer.error == 0) {
        return {};
    }
    std::string text = std::strerror(answer.error);
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    return text;
}

} // namespace

bool collectFilesystems(const Source& source, Sink& sink, MountProbe& probe)
{
    auto text = source.read("/proc/1/mountinfo");
    if (!text) {
        text = source.read("/proc/self/mountinfo");
    }
    if (!text) {
        return false;
    }
    std::vector<Mount> mounts = mountsOf(*text);
    if (mounts.empty()) {
        return true;
    }
    std::vector<MountProbe::Question> questions;
    for (const Mount& mount : mounts) {
        questions.push_back({source.path(mount.point).string(), mayHang(mount.type)});
    }
    const auto answers = probe.ask(questions);
    for (std::size_t i = 0; i < mounts.size(); ++i) {
        mounts[i].error = describe(answers[i]);
        mounts[i].stats = answers[i].stats;
    }
    const auto each = [&](std::string_view name, std::string_view help, bool always, auto value) {
        sink.family(name, "gauge", help);
        for (const Mount& mount : mounts) {
            if (always || mount.error.empty()) {
                sink.sample(value(mount),
                            {{"device", mount.device},
                             {"device_error", mount.error},
                             {"fstype", mount.type},
                             {"mountpoint", mount.point}});
            }
        }
    };
    const auto blocks = [](const Mount& mount, fsblkcnt_t count) {
        return static_cast<double>(count) * static_cast<double>(mount.stats.f_frsize);
    };
    each("node_filesystem_avail_bytes", "Filesystem space available to non-root users in bytes.",
         false, [&](const Mount& m) { return blocks(m, m.stats.f_bavail); });
    each("node_filesystem_device_error",
         "Whether an error occurred while getting statistics for the given device.", true,
         [](const Mount& m) { return m.error.empty() ? 0.0 : 1.0; });
    each("node_filesystem_files", "Filesystem total file nodes.", false,
         [](const Mount& m) { return static_cast<double>(m.stats.f_files); });
    each("node_filesystem_files_free", "Filesystem total free file nodes.", false,
         [](const Mount& m) { return static_cast<double>(m.stats.f_ffree); });
    each("node_filesystem_free_bytes", "Filesystem free space in bytes.", false,
         [&](const Mount& m) { return blocks(m, m.stats.f_bfree); });
    each("node_filesystem_readonly", "Filesystem read-only status.", true,
         [](const Mount& m) { return m.readOnly ? 1.0 : 0.0; });
    each("node_filesystem_size_bytes", "Filesystem size in bytes.", false,
         [&](const Mount& m) { return blocks(m, m.stats.f_blocks); });
    sink.family("node_filesystem_mount_info", "gauge", "Device numbers of a mount.");
    for (const Mount& mount : mounts) {
        if (mount.error.empty()) {
            sink.sample(1,
                        {{"device", mount.device},
                         {"major", mount.major},
                         {"minor", mount.minor},
                         {"mountpoint", mount.point}});
        }
    }
    return true;
}

} // namespace watchfire::exporters::node
