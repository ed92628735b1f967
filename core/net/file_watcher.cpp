// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/file_watcher.h"

#include "core/base/log.h"
#include "core/net/watched_paths.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>
#include <poll.h>
#include <pthread.h>
#include <set>
#include <string_view>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace watchfire::net {

namespace {

using namespace std::chrono_literals;
using Moment = std::chrono::steady_clock::time_point;

constexpr auto gatheredFor = 100ms;
constexpr std::uint32_t changes = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO
    | IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

/// One subscription.
struct Watch {
    std::vector<std::string> paths;
    std::function<void()> changed;
    /// Held while `changed` runs, so that none runs any more when the subscription has ended; it
    /// may end from within.
    std::recursive_mutex calling;
    std::atomic<bool> isOver = false;
    // Under the watcher's mutex:
    WatchedFolders folders;
    std::optional<Moment> due;
};
using WatchPtr = std::shared_ptr<Watch>;

} // namespace

class InotifyWatcher::Lookout {
public:
    Lookout()
        : m_inotify(inotify_init1(IN_NONBLOCK | IN_CLOEXEC))
        , m_wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
    {
        if (m_inotify < 0) {
            complain("files are not watched", errno);
        }
        m_thread = std::thread([this] { run(); });
    }
    ~Lookout()
    {
        close(m_inotify);
        close(m_wake);
    }
    Lookout(const Lookout&) = delete;
    Lookout& operator=(const Lookout&) = delete;

    /// Follows what the watch needs before it returns, so that no change after that is missed.
    void add(WatchPtr watch)
    {
        const std::lock_guard lock(m_mutex);
        refresh(*watch);
        m_watches.push_back(std::move(watch));
    }
    void wake() const { [[maybe_unused]] const int written = eventfd_write(m_wake, 1); }
    void stop()
    {
        m_stopping = true;
        wake();
        m_thread.join();
    }

private:
    static void complain(std::string_view what, int number)
    {
        log(LogLevel::warning, "watch", "{}: {}", what,
            std::strerror(number)); // NOLINT(concurrency-mt-unsafe): glibc's is safe enough here
    }

    void run()
    {
        pthread_setname_np(pthread_self(), "net-watch");
        while (!m_stopping) {
            std::array<pollfd, 2> sources{pollfd{m_wake, POLLIN, 0}, pollfd{m_inotify, POLLIN, 0}};
            poll(sources.data(), sources.size(), timeout());
            eventfd_t count = 0;
            [[maybe_unused]] const int read = eventfd_read(m_wake, &count);
            dropOver();
            readEvents();
            callDue();
        }
    }

    int timeout()
    {
        const std::lock_guard lock(m_mutex);
        std::optional<Moment> first;
        for (const WatchPtr& watch : m_watches) {
            if (watch->due && (!first || *watch->due < *first)) {
                first = watch->due;
            }
        }
        if (!first) {
            return -1;
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            *first - std::chrono::steady_clock::now());
        return static_cast<int>(std::max(left, 0ms).count());
    }

    void dropOver()
    {
        const std::lock_guard lock(m_mutex);
        if (std::erase_if(m_watches, [](const WatchPtr& watch) { return watch->isOver.load(); })
            != 0) {
            unfollow();
        }
    }

    /// Follows the ways of a watch as they are now; again when a way went on meanwhile.
    void refresh(Watch& watch)
    {
        constexpr int enough = 10;
        for (int i = 0; i < enough; ++i) {
            WatchedFolders folders;
            for (const std::string& path : watch.paths) {
                addWay(path, folders);
            }
            if (i > 0 && folders == watch.folders) {
                return;
            }
            watch.folders = std::move(folders);
            for (const auto& [folder, entries] : watch.folders) {
                m_followed.insert_or_assign(folder, descriptorOf(folder));
            }
        }
    }

    /// Ends what nobody needs any more.
    void unfollow()
    {
        std::map<std::string, int> needed;
        std::set<int> descriptors;
        for (const WatchPtr& watch : m_watches) {
            for (const auto& [folder, entries] : watch->folders) {
                needed.emplace(folder, m_followed.at(folder));
                descriptors.insert(m_followed.at(folder));
            }
        }
        for (const auto& [folder, descriptor] : m_followed) {
            if (descriptor >= 0 && !descriptors.contains(descriptor)) {
                inotify_rm_watch(m_inotify, descriptor);
            }
        }
        m_followed = std::move(needed);
    }

    /// Asked each time: the path may be another folder's by now. The same folder keeps its number.
    int descriptorOf(const std::string& folder)
    {
        const int descriptor = inotify_add_watch(m_inotify, folder.c_str(), changes);
        if (descriptor < 0 && errno == ENOSPC && !std::exchange(m_hasComplained, true)) {
            complain("not all files are watched, raise fs.inotify.max_user_watches", ENOSPC);
        }
        return descriptor;
    }

    void readEvents()
    {
        alignas(inotify_event) std::array<char, 64 << 10> buffer; // NOLINT(*-member-init)
        ssize_t size = 0;
        while ((size = ::read(m_inotify, buffer.data(), buffer.size())) > 0) {
            std::size_t at = 0;
            while (at < static_cast<std::size_t>(size)) {
                inotify_event event{};
                std::memcpy(&event, buffer.data() + at, sizeof event);
                const char* const name = buffer.data() + at + sizeof event;
                note(event, event.len != 0 ? std::string(name) : std::string());
                at += sizeof event + event.len;
            }
        }
    }

    /// Marks the watches that an event concerns.
    void note(const inotify_event& event, const std::string& name)
    {
        const std::lock_guard lock(m_mutex);
        for (const WatchPtr& watch : m_watches) {
            if (watch->due) {
                continue;
            }
            const bool concerned = (event.mask & IN_Q_OVERFLOW) != 0
                || std::ranges::any_of(watch->folders, [&](const auto& folder) {
                                       const auto followed = m_followed.find(folder.first);
                                       return followed != m_followed.end()
                                           && followed->second == event.wd
                                           && (name.empty() || folder.second.contain(name));
                                   });
            if (concerned && (event.mask & IN_IGNORED) == 0) {
                watch->due = std::chrono::steady_clock::now() + gatheredFor;
            }
        }
    }

    void callDue()
    {
        const auto now = std::chrono::steady_clock::now();
        std::vector<WatchPtr> due;
        {
            const std::lock_guard lock(m_mutex);
            for (const WatchPtr& watch : m_watches) {
                if (watch->due && *watch->due <= now) {
                    watch->due.reset();
                    // Before the call, so that what changes after its reading is seen again.
                    refresh(*watch);
                    due.push_back(watch);
                }
            }
            if (!due.empty()) {
                unfollow();
            }
        }
        for (const WatchPtr& watch : due) {
            const std::lock_guard lock(watch->calling);
            if (!watch->isOver) {
                watch->changed();
            }
        }
    }

    int m_inotify;
    int m_wake;
    std::atomic<bool> m_stopping = false;
    std::mutex m_mutex;
    // Under the mutex:
    std::vector<WatchPtr> m_watches;
    std::map<std::string, int> m_followed; ///< folders and their numbers; −1: it cannot be watched
    bool m_hasComplained = false;
    std::thread m_thread; ///< last: it uses all of the above
};

InotifyWatcher::InotifyWatcher()
    : m_lookout(std::make_shared<Lookout>())
{
}

InotifyWatcher::~InotifyWatcher()
{
    m_lookout->stop();
}

Subscription InotifyWatcher::watch(std::vector<std::string> paths, std::function<void()> changed)
{
    const auto watch = std::make_shared<Watch>();
    watch->paths = std::move(paths);
    watch->changed = std::move(changed);
    m_lookout->add(watch);
    return Subscription([watch, lookout = std::weak_ptr(m_lookout)] {
        {
            const std::lock_guard lock(watch->calling);
            watch->isOver = true;
        }
        if (const auto known = lookout.lock()) {
            known->wake();
        }
    });
}

} // namespace watchfire::net
