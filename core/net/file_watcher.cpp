// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/file_watcher.h"

#include <format>
#include <list>
#include <mutex>
#include <set>
#include <sys/stat.h>
#include <utility>

#include <QDir>
#include <QFileInfo>
#include <QFileSystemWatcher>
#include <QTimer>

namespace watchfire::net {

namespace {

/// What tells a file from the one that was there before.
std::string stampOf(const QString& path)
{
    struct ::stat status{};
    if (::stat(path.toLocal8Bit().constData(), &status) != 0) {
        return "none";
    }
    return std::format("{}:{}:{}.{:09}:{}", status.st_dev, status.st_ino, status.st_mtim.tv_sec,
                       status.st_mtim.tv_nsec, status.st_size);
}

std::string stampsOf(const std::vector<std::string>& paths)
{
    std::string out;
    for (const std::string& path : paths) {
        const QFileInfo info(QString::fromStdString(path));
        out += path + "=" + stampOf(info.filePath()) + "\n";
        if (info.isDir()) {
            for (const QFileInfo& entry :
                 QDir(info.filePath()).entryInfoList(QDir::Files | QDir::Hidden, QDir::Name)) {
                out += entry.fileName().toStdString() + "=" + stampOf(entry.filePath()) + "\n";
            }
        }
    }
    return out;
}

/// What the system must watch for a path: itself, its folder, and where that is not there yet
/// the nearest one above it.
void addPlaces(const std::string& path, std::set<QString>& out)
{
    const QFileInfo info(QString::fromStdString(path));
    if (info.exists()) {
        out.insert(info.absoluteFilePath());
    }
    QString folder = info.absolutePath();
    while (!QFileInfo(folder).isDir() && folder != QFileInfo(folder).absolutePath()) {
        folder = QFileInfo(folder).absolutePath();
    }
    out.insert(folder);
    if (info.isDir()) {
        for (const QFileInfo& entry :
             QDir(info.filePath()).entryInfoList(QDir::Files | QDir::Hidden, QDir::Name)) {
            out.insert(entry.absoluteFilePath());
        }
    }
}

struct Watch {
    std::vector<std::string> paths;
    std::function<void()> changed;
    std::string stamps;
    std::recursive_mutex mutex; ///< held during `changed`, which may end the watch itself
    bool isOver = false; ///< guarded by mutex
};

} // namespace

/// Lives on the watcher's thread.
class QtFileWatcher::Hub final : public QObject {
public:
    Hub(std::chrono::milliseconds settle, QObject* parent)
        : QObject(parent)
        , m_watcher(this)
        , m_settle(this)
    {
        m_settle.setSingleShot(true);
        m_settle.setInterval(settle);
        const auto wake = [this] { m_settle.start(); };
        connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, wake);
        connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, wake);
        connect(&m_settle, &QTimer::timeout, this, [this] { look(); });
    }

    void add(std::shared_ptr<Watch> watch)
    {
        m_watches.push_back(std::move(watch));
        follow();
        // What changed between the call and now.
        look();
    }
    void remove(const std::shared_ptr<Watch>& watch)
    {
        m_watches.remove(watch);
        follow();
    }

private:
    void look()
    {
        follow();
        const auto watches = m_watches;
        for (const std::shared_ptr<Watch>& watch : watches) {
            std::string stamps = stampsOf(watch->paths);
            if (stamps == watch->stamps) {
                continue;
            }
            watch->stamps = std::move(stamps);
            const std::lock_guard lock(watch->mutex);
            if (!watch->isOver) {
                watch->changed();
            }
        }
    }

    /// Watches what there is now: the system forgets a file that is replaced.
    void follow()
    {
        std::set<QString> wanted;
        for (const std::shared_ptr<Watch>& watch : m_watches) {
            for (const std::string& path : watch->paths) {
                addPlaces(path, wanted);
            }
        }
        const QStringList known = m_watcher.files() + m_watcher.directories();
        QStringList gone;
        for (const QString& path : known) {
            if (wanted.erase(path) == 0) {
                gone.append(path);
            }
        }
        if (!gone.isEmpty()) {
            m_watcher.removePaths(gone);
        }
        if (!wanted.empty()) {
            m_watcher.addPaths(QStringList(wanted.begin(), wanted.end()));
        }
    }

    QFileSystemWatcher m_watcher;
    QTimer m_settle;
    std::list<std::shared_ptr<Watch>> m_watches;
};

QtFileWatcher::QtFileWatcher(std::chrono::milliseconds settle)
    : m_hub(nullptr)
{
    m_thread.post([this, settle] { m_hub = new Hub(settle, m_thread.context()); });
}

QtFileWatcher::~QtFileWatcher() = default;

Subscription QtFileWatcher::watch(std::vector<std::string> paths, std::function<void()> changed)
{
    auto watch = std::make_shared<Watch>();
    watch->stamps = stampsOf(paths);
    watch->paths = std::move(paths);
    watch->changed = std::move(changed);
    m_thread.post([this, watch] { m_hub->add(watch); });
    return Subscription([this, watch] {
        {
            const std::lock_guard lock(watch->mutex);
            watch->isOver = true;
        }
        m_thread.post([this, watch] { m_hub->remove(watch); });
    });
}

} // namespace watchfire::net
