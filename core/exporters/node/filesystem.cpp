// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporters/node/source.h"
#include "core/text/regex.h"

#include <set>
#include <sys/statvfs.h>

namespace watchfire::exporters::node {

namespace {

const text::Regex& ignoredMounts()
{
    static const text::Regex regex = *text::Regex::compile(
        R"(/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|var/lib/containers/storage/.+)($|/.*))");
    return regex;
}

/// Virtual file systems, and remote ones: asking those can hang for ever.
const text::Regex& ignoredTypes()
{
    static const text::Regex regex = *text::Regex::compile(
        "autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|efivarfs|fusectl|"
        "hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|"
        "squashfs|sysfs|tracefs|nfs.*|cifs|smb.*|9p|afs|ceph|glusterfs|fuse\\..*");
    return regex;
}

/// \040 and its like stand for the characters that separate fields.
std::string unescape(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 3 < text.size()) {
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
    bool readOnly = false;
    bool failed = false;
    struct statvfs stats{};
};

std::vector<Mount> mountsOf(const Source& source, std::string_view text)
{
    std::vector<Mount> mounts;
    std::set<std::string> seen;
    for (const std::string_view line : linesOf(text)) {
        const auto words = wordsOf(line);
        if (words.size() < 4) {
            continue;
        }
        Mount mount{
            unescape(words[0]), unescape(words[1]), std::string(words[2]), false, false, {}};
        if (ignoredMounts().matches(mount.point) || ignoredTypes().matches(mount.type)
            || !seen.insert(mount.point).second) {
            continue;
        }
        mount.readOnly = words[3] == "ro" || words[3].starts_with("ro,");
        mount.failed = statvfs(source.path(mount.point).c_str(), &mount.stats) != 0;
        mounts.push_back(std::move(mount));
    }
    return mounts;
}

} // namespace

bool collectFilesystems(const Source& source, Sink& sink)
{
    auto text = source.read("/proc/1/mounts");
    if (!text) {
        text = source.read("/proc/mounts");
    }
    if (!text) {
        return false;
    }
    const std::vector<Mount> mounts = mountsOf(source, *text);
    if (mounts.empty()) {
        return true;
    }
    const auto each = [&](std::string_view name, std::string_view help, bool always, auto value) {
        sink.family(name, "gauge", help);
        for (const Mount& mount : mounts) {
            if (always || !mount.failed) {
                sink.sample(value(mount),
                            {{"device", mount.device},
                             {"device_error", mount.failed ? "statvfs" : ""},
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
         [](const Mount& m) { return m.failed ? 1.0 : 0.0; });
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
    return true;
}

} // namespace watchfire::exporters::node
