// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/files.h"

#include "core/config/reader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <format>
#include <fstream>
#include <glob.h>
#include <iterator>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

namespace watchfire::config {

namespace fs = std::filesystem;

namespace {

std::string reason()
{
    return std::strerror(errno); // NOLINT(concurrency-mt-unsafe): glibc's is safe enough here
}

/// A file descriptor that closes itself.
class Descriptor {
public:
    explicit Descriptor(int fd)
        : m_fd(fd)
    {
    }
    ~Descriptor()
    {
        if (m_fd >= 0) {
            close(m_fd);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return m_fd; }

private:
    int m_fd;
};

Result<void> writeAll(int fd, std::string_view text, const fs::path& file)
{
    while (!text.empty()) {
        const ssize_t count = write(fd, text.data(), text.size());
        if (count < 0) {
            if (errno == EINTR) {
                continue;
            }
            return fail(ErrorKind::io, std::format("cannot write {}: {}", file.string(), reason()));
        }
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

} // namespace

Paths Paths::ofProfile(const fs::path& folder)
{
    Paths paths;
    paths.prometheus = folder / "prometheus.yml";
    paths.alertmanager = folder / "alertmanager.yml";
    paths.own = folder / "watchfire.yml";
    paths.history = folder / "history";
    return paths;
}

Result<std::string> readFile(const fs::path& file)
{
    std::error_code ignored;
    if (!fs::exists(file, ignored)) {
        return fail(ErrorKind::notFound, std::format("{} does not exist", file.string()));
    }
    if (fs::is_directory(file, ignored)) {
        return fail(ErrorKind::io, std::format("{} is a folder", file.string()));
    }
    std::ifstream in(file, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (!in.is_open() || in.bad()) {
        return fail(ErrorKind::io, std::format("cannot read {}: {}", file.string(), reason()));
    }
    return text;
}

Result<void> writeFileAtomically(const fs::path& file, std::string_view text)
{
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    // A link stays a link: what it points at is replaced.
    const fs::path target = fs::is_symlink(file, error) ? fs::weakly_canonical(file, error) : file;
    const fs::path beside
        = target.parent_path() / std::format(".{}.{}.tmp", target.filename().string(), getpid());
    struct stat before{};
    const bool exists = stat(target.c_str(), &before) == 0;
    {
        const Descriptor out(open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
        if (out.get() < 0) {
            return fail(ErrorKind::io,
                        std::format("cannot create {}: {}", beside.string(), reason()));
        }
        if (exists) {
            fchmod(out.get(), before.st_mode & 07777U);
        }
        auto written = writeAll(out.get(), text, beside);
        if (written && fsync(out.get()) != 0) {
            written
                = fail(ErrorKind::io, std::format("cannot sync {}: {}", beside.string(), reason()));
        }
        if (!written) {
            fs::remove(beside, error);
            return written;
        }
    }
    if (rename(beside.c_str(), target.c_str()) != 0) {
        const std::string why = reason();
        fs::remove(beside, error);
        return fail(ErrorKind::io, std::format("cannot replace {}: {}", target.string(), why));
    }
    // The rename itself is durable only once the folder is.
    const Descriptor folder(open(target.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() >= 0) {
        fsync(folder.get());
    }
    return {};
}

std::vector<fs::path> matchingFiles(const fs::path& folder, const std::string& pattern)
{
    const fs::path full = fs::path(pattern).is_absolute() ? fs::path(pattern) : folder / pattern;
    std::vector<fs::path> files;
    glob_t found{};
    if (glob(full.lexically_normal().c_str(), 0, nullptr, &found) == 0) {
        for (std::size_t i = 0; i < found.gl_pathc; ++i) {
            files.emplace_back(found.gl_pathv[i]);
        }
    }
    globfree(&found);
    std::ranges::sort(files);
    return files;
}

FileTexts textsOf(const Paths& paths, const Config& config)
{
    std::set<fs::path> files{paths.prometheus, paths.alertmanager, paths.own};
    for (const RuleGroupConfig& group : config.ruleGroups) {
        files.emplace(group.file);
    }
    for (const ScrapeConfig& job : config.scrapeConfigs) {
        if (!job.file.empty()) {
            files.emplace(job.file);
        }
    }
    // Also those without a rule or a job.
    for (const auto* const patterns : {&config.ruleFiles, &config.scrapeConfigFiles}) {
        for (const std::string& pattern : *patterns) {
            const auto found = matchingFiles(paths.prometheus.parent_path(), pattern);
            files.insert(found.begin(), found.end());
        }
    }
    for (const std::string& pattern : config.alertmanager.templates) {
        const auto found = matchingFiles(paths.alertmanager.parent_path(), pattern);
        files.insert(found.begin(), found.end());
    }
    FileTexts texts;
    for (const fs::path& file : files) {
        if (auto text = readFile(file)) {
            texts.emplace(file, std::move(*text));
        }
    }
    return texts;
}

std::expected<std::vector<RuleGroupConfig>, std::vector<Fault>>
loadRuleFile(const fs::path& file, const Checkers& check, bool ignoresUnknownFields)
{
    Findings findings;
    findings.ignoresUnknownFields = ignoresUnknownFields;
    std::vector<RuleGroupConfig> groups;
    auto text = readFile(file);
    if (text) {
        groups = readRules(std::move(*text), file.string(), check, findings);
    } else {
        findings.faults.push_back({file.string(), 0, 0, text.error().message});
    }
    if (!findings.faults.empty()) {
        return std::unexpected(std::move(findings.faults));
    }
    return groups;
}

} // namespace watchfire::config
