// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition.h"
#include "app/end_program.h"
#include "app/instance.h"
#include "app/options.h"
#include "app/start_failure.h"
#include "app/timed_application.h"
#include "app/unix_signals.h"
#include "app/window_session.h"
#include "core/base/log.h"
#include "core/desktop/notifier.h"
#include "core/tsdb/bus_fault.h"

#include <cstdio>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include <QDBusConnection>
#include <QLibraryInfo>
#include <QLocale>
#include <QPointer>
#include <QTimer>
#include <QTranslator>

namespace {

using namespace watchfire;
using namespace Qt::StringLiterals;

/// Without a desktop, what would pop up goes to the log.
class LogNotifier final : public Notifier {
public:
    void show(const Notification& notification) override
    {
        log(LogLevel::warning, "alerts", "{}: {} firing, {} resolved",
            notification.groupLabels.toString(), notification.firing, notification.resolved);
    }
    void withdraw(std::string_view) override { }
};

void printUrl(const app::Composition& composition)
{
    if (const std::string url = composition.url(); !url.empty()) {
        std::printf("listening on %s\n", url.c_str());
        std::fflush(stdout);
    }
}

/// What the engine found wrong with the configuration it was started with; empty: nothing.
std::string firstFault(engine::Engine& engine)
{
    std::promise<std::string> judged;
    bool isKnown = false;
    const Subscription watching
        = engine.watchConfig([&](const std::shared_ptr<const engine::ConfigSnapshot>& config) {
              if (!std::exchange(isKnown, true)) {
                  judged.set_value(config->faults.empty() ? std::string()
                                                          : config->faults.front().toString());
              }
          });
    return judged.get_future().get();
}

int runHeadless(QCoreApplication& application, const app::Options& options, const app::Paths& paths,
                app::UnixSignals& unixSignals, app::Instance& instance)
{
    LogNotifier notifier;
    auto composition = app::Composition::build(options, paths, notifier, [&application] {
        QMetaObject::invokeMethod(&application, &app::endProgram, Qt::QueuedConnection);
    });
    if (!composition) {
        std::fprintf(stderr, "watchfire: %s\n", composition.error().message.c_str());
        return 1;
    }
    app::Composition& made = **composition;
    if (!options.configFile.empty()) {
        // Nobody looks at a banner here, and whoever names a file means that file: the one that
        // was good before is no substitute.
        if (const std::string fault = firstFault(made.engine()); !fault.empty()) {
            std::fprintf(stderr, "watchfire: %s\n", fault.c_str());
            return 1;
        }
    }
    if (auto claimed = instance.claim(QString::fromStdString(made.url())); !claimed) {
        log(LogLevel::warning, "app", "{}", claimed.error().message);
    }
    QObject::connect(&unixSignals, &app::UnixSignals::reloadAsked, &application, [&made] {
        made.engine().reload([](const Result<engine::ConfigReport>&) { }).detach();
    });
    printUrl(made);
    if (options.runFor) {
        QTimer::singleShot(*options.runFor, &application, &app::endProgram);
    }
    const int code = QCoreApplication::exec();
    instance.release();
    return code;
}

void translate(QCoreApplication& application)
{
    auto* const own = new QTranslator(&application);
    if (own->load(QLocale(), u"watchfire"_s, u"_"_s, u":/i18n"_s)
        || own->load(u":/i18n/watchfire_en"_s)) {
        QCoreApplication::installTranslator(own);
    }
    auto* const qt = new QTranslator(&application);
    if (qt->load(QLocale(), u"qtbase"_s, u"_"_s,
                 QLibraryInfo::path(QLibraryInfo::TranslationsPath))) {
        QCoreApplication::installTranslator(qt);
    }
}

int runWindow(app::TimedApplication& application, const app::Options& options,
              const app::Paths& paths, app::UnixSignals& unixSignals, app::Instance& instance)
{
    QGuiApplication::setQuitOnLastWindowClosed(false);
    translate(application);

    std::unique_ptr<app::Composition> composition;
    QPointer<app::WindowSession> session;
    desktop::DesktopNotifier notifier(
        QDBusConnection::sessionBus(),
        [&](const Notification& notification, NotificationAction action, const std::string& token) {
            if (action == NotificationAction::show && session) {
                session->showAlerts(notification, QString::fromStdString(token));
            } else if (composition) {
                composition->engine().act(notification, action);
            }
        });
    auto built = app::Composition::build(options, paths, notifier, [&application] {
        QMetaObject::invokeMethod(&application, &app::endProgram, Qt::QueuedConnection);
    });
    if (!built) {
        std::fprintf(stderr, "watchfire: %s\n", built.error().message.c_str());
        if (!options.runFor && options.shots.empty() && !options.quit) {
            app::showStartFailure(built.error());
        }
        return 1;
    }
    composition = std::move(*built);
    if (auto claimed = instance.claim(QString::fromStdString(composition->url())); !claimed) {
        log(LogLevel::warning, "app", "{}", claimed.error().message);
    }
    printUrl(*composition);
    // Most events take microseconds; the promise is 16 ms.
    application.onEvent
        = [frames = composition->registry().histogram(
               "watchfire_ui_frame_seconds", "Work of the window's thread per event.",
               {0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.1, 0.5})](
              double seconds) mutable { frames.observe(seconds); };
    int code = 0;
    {
        app::WindowSession made(*composition, notifier, options, paths);
        session = &made;
        QObject::connect(&instance, &app::Instance::raiseAsked, &made,
                         [&made] { made.window().present(); });
        QObject::connect(&unixSignals, &app::UnixSignals::reloadAsked, &made, [&composition] {
            composition->engine().reload([](const Result<engine::ConfigReport>&) { }).detach();
        });
        code = QCoreApplication::exec();
    }
    instance.release();
    application.onEvent = nullptr;
    composition.reset();
    return code;
}

} // namespace

int main(int argc, char** argv)
{
    tsdb::endOnBusFault("watchfire", tsdb::busFaultExit);
    const auto options = app::parseOptions(argc, argv);
    if (!options) {
        const bool asked = options.error().kind == ErrorKind::cancelled;
        std::fputs(options.error().message.c_str(), asked ? stdout : stderr);
        return asked ? 0 : 2;
    }
    QCoreApplication::setApplicationName(u"watchfire"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(WATCHFIRE_VERSION));
    QGuiApplication::setApplicationDisplayName(u"Watchfire"_s);
    QGuiApplication::setDesktopFileName(u"watchfire"_s);

    // Signals are blocked before anything starts a thread.
    app::UnixSignals::block();
    std::unique_ptr<QCoreApplication> application;
    if (options->headless) {
        application = std::make_unique<QCoreApplication>(argc, argv);
    } else {
        application = std::make_unique<app::TimedApplication>(argc, argv);
    }
    app::UnixSignals watched;
    QObject::connect(&watched, &app::UnixSignals::quitAsked, application.get(), &app::endProgram);

    const app::Paths paths = app::Paths::of(options->profile);
    app::Instance instance(paths.state);
    if (instance.raiseOther()) {
        std::puts("watchfire: already running; its window was asked to come to the front");
        return 0;
    }
    return options->headless ? runHeadless(*application, *options, paths, watched, instance)
                             : runWindow(static_cast<app::TimedApplication&>(*application),
                                         *options, paths, watched, instance);
}
