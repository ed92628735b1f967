// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Edits made in the program that meet edits of the files by somebody else.
#include "core/config/files.h"
#include "core/discovery/null_ports.h"
#include "core/runtime/local_engine.h"
#include "tests/support/fake_watcher.h"
#include "tests/support/qt_test.h"

#include <fstream>
#include <functional>
#include <future>
#include <map>
#include <mutex>

#include <QTemporaryDir>

using namespace watchfire;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace fs = std::filesystem;

namespace {

struct NoFetcher final : HttpFetcher {
    Ticket fetch(HttpRequest, Reply<HttpResponse> reply) override
    {
        reply(fail(ErrorKind::unavailable, "there is no network here"));
        return {};
    }
};

struct NoNotifier final : Notifier {
    void show(const Notification&) override { }
    void withdraw(std::string_view) override { }
};

/// Answers at once.
struct Drawer final : SecretStore {
    std::map<std::string, std::string> kept;

    Ticket read(std::string key, Reply<Secret> reply) override
    {
        const auto found = kept.find(key);
        reply(found == kept.end() ? Result<Secret>(fail(ErrorKind::notFound, "not there"))
                                  : Result<Secret>(Secret(found->second)));
        return {};
    }
    Ticket write(std::string key, Secret secret, Reply<void> reply) override
    {
        if (secret.empty()) {
            kept.erase(key);
        } else {
            kept.insert_or_assign(key, secret.reveal());
        }
        reply(Result<void>());
        return {};
    }
    std::string place() const override { return "the test's drawer"; }
    bool isProtected() const override { return true; }
};

} // namespace

class TestConfigEdits : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    config::Paths m_paths;
    SystemClock m_clock;
    NoFetcher m_fetcher;
    NoNotifier m_notifier;
    discovery::NullDns m_dns;
    test::FakeWatcher m_watcher;
    Drawer m_drawer;
    std::unique_ptr<client::Registry> m_registry;
    std::function<void()> m_beforeSave; ///< on the thread that saves
    std::unique_ptr<runtime::LocalEngine> m_engine;
    Subscription m_watching;
    std::mutex m_mutex;
    std::vector<config::Config> m_published;

    fs::path file(const char* name) const { return m_paths.prometheus.parent_path() / name; }
    void put(const char* name, const QByteArray& text) const
    {
        fs::create_directories(file(name).parent_path());
        std::ofstream(file(name), std::ios::binary) << text.toStdString();
    }
    QByteArray get(const char* name) const
    {
        return QByteArray::fromStdString(config::readFile(file(name)).value_or("-"));
    }

    runtime::ConfigFiles files()
    {
        runtime::ConfigFiles out;
        out.shown = m_paths.prometheus.string();
        out.load = [this] {
            return config::load(m_paths).transform([](config::Loaded&& loaded) {
                return runtime::LoadedConfig{std::move(loaded.config), std::move(loaded.warnings)};
            });
        };
        out.loadLastGood = out.load;
        out.watched
            = [this](const config::Config&) { return std::vector{m_paths.prometheus.string()}; };
        out.compare
            = [this](const config::Edit& edit) { return config::externalEdit(m_paths, edit); };
        out.save = [this](const config::Config& before, const config::Config& after) {
            if (m_beforeSave) {
                std::exchange(m_beforeSave, {})();
            }
            return config::save(m_paths, before, after, m_clock.now())
                .transform([](config::Saved&& saved) { return std::move(saved.config); });
        };
        return out;
    }

    QString start()
    {
        runtime::EngineOptions options;
        options.store.directory = m_dir->path().toStdString() + "/store";
        options.store.ringBytes = std::uint64_t{1} << 20;
        options.registry = m_registry.get();
        options.scrapeItself = false;
        options.files = files();
        auto started = runtime::LocalEngine::start(
            std::move(options), {m_fetcher, m_dns, m_watcher, m_notifier, m_clock, &m_drawer, {}});
        if (!started) {
            return QString::fromStdString(started.error().message);
        }
        m_engine = std::move(*started);
        m_watching = m_engine->watchConfig([this](const auto& snapshot) {
            const std::lock_guard lock(m_mutex);
            m_published.push_back(snapshot->config);
        });
        return QTest::qWaitFor([this] { return published() > 0; }) ? QString()
                                                                   : u"no configuration came"_s;
    }

    std::size_t published()
    {
        const std::lock_guard lock(m_mutex);
        return m_published.size();
    }
    config::Config newest()
    {
        const std::lock_guard lock(m_mutex);
        return m_published.back();
    }
    std::string pathOf(std::size_t job) { return newest().scrapeConfigs.at(job).metricsPath; }

    Result<engine::ConfigReport> apply(const config::Config& wanted)
    {
        return apply({newest(), wanted});
    }
    Result<engine::ConfigReport> apply(config::Edit edit)
    {
        std::promise<Result<engine::ConfigReport>> promise;
        auto answer = promise.get_future();
        const Ticket ticket = m_engine->applyConfig(
            std::move(edit), [&promise](Result<engine::ConfigReport> report) {
                promise.set_value(std::move(report));
            });
        return answer.get();
    }
    /// What the form of a job does.
    static config::Config withPath(config::Config config, std::size_t job, const std::string& path)
    {
        config.scrapeConfigs.at(job).metricsPath = path;
        return config;
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_paths = config::Paths::ofProfile(m_dir->path().toStdString() + "/config");
        m_registry = std::make_unique<client::Registry>();
        m_drawer.kept.clear();
        put("prometheus.yml", "scrape_configs:\n- job_name: a\n- job_name: b # second\n"_ba);
    }
    void cleanup()
    {
        m_watching = {};
        m_engine.reset();
        m_published.clear();
        m_beforeSave = {};
    }

    void bothEditsAreKept()
    {
        QCOMPARE(start(), QString());
        // Nobody has told of it yet.
        put("prometheus.yml",
            "# theirs\nscrape_configs:\n- job_name: a\n"
            "- job_name: b # second\n  metrics_path: /theirs\n"_ba);
        const auto report = apply(withPath(newest(), 0, "/ours"));
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        QCOMPARE(get("prometheus.yml"),
                 "# theirs\nscrape_configs:\n- job_name: a\n  metrics_path: /ours\n"
                 "- job_name: b # second\n  metrics_path: /theirs\n"_ba);
        QTRY_COMPARE(published(), 2U);
        QCOMPARE(pathOf(0), "/ours");
        QCOMPARE(pathOf(1), "/theirs");
        // The watcher tells now; that brings nothing new.
        m_watcher.touch();
        QVERIFY(apply(withPath(newest(), 0, "/again")));
        QTRY_COMPARE(published(), 3U);
        QCOMPARE(pathOf(0), "/again");
    }

    /// Who is told of an edit by the watcher takes it over; ours comes on top.
    void oneAfterTheOther()
    {
        QCOMPARE(start(), QString());
        put("prometheus.yml",
            "scrape_configs:\n- job_name: a\n- job_name: b\n  metrics_path: /theirs\n"_ba);
        m_watcher.touch();
        QTRY_COMPARE(published(), 2U);
        QCOMPARE(pathOf(1), "/theirs");
        QVERIFY(apply(withPath(newest(), 0, "/ours")));
        QTRY_COMPARE(published(), 3U);
        QCOMPARE(pathOf(0), "/ours");
        QCOMPARE(pathOf(1), "/theirs");
        QVERIFY(get("prometheus.yml").contains("/theirs"));
    }

    /// Theirs is in force, and whoever edits has not seen it yet.
    void anEditOfWhatWasInForceBefore()
    {
        QCOMPARE(start(), QString());
        const config::Config seen = newest();
        put("prometheus.yml",
            "scrape_configs:\n- job_name: a\n- job_name: b\n  metrics_path: /theirs\n"_ba);
        m_watcher.touch();
        QTRY_COMPARE(published(), 2U);
        QVERIFY(apply({seen, withPath(seen, 0, "/ours")}));
        QTRY_COMPARE(published(), 3U);
        QCOMPARE(pathOf(0), "/ours");
        QCOMPARE(pathOf(1), "/theirs");
        const auto refused = apply({seen, withPath(seen, 1, "/ours")});
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::conflict);
    }

    void onePlaceIsRefusedWithBothVersions()
    {
        QCOMPARE(start(), QString());
        const QByteArray theirs
            = "scrape_configs:\n- job_name: a\n  metrics_path: /theirs\n- job_name: b\n"_ba;
        put("prometheus.yml", theirs);
        const auto report = apply(withPath(newest(), 0, "/ours"));
        QVERIFY(!report);
        QCOMPARE(report.error().kind, ErrorKind::conflict);
        QCOMPARE(report.error().message,
                 "saving the configuration: the same was changed in the files meanwhile, and "
                 "nothing was saved\njob \"a\"\n  in the file:\n    metrics_path: /theirs\n"
                 "  here:\n    metrics_path: /ours\nSave again to have yours in the file.");
        QCOMPARE(get("prometheus.yml"), theirs);
        // Theirs is in force then, and who saves again means it.
        QTRY_COMPARE(published(), 2U);
        QCOMPARE(pathOf(0), "/theirs");
        QVERIFY(apply(withPath(newest(), 0, "/ours")));
        QCOMPARE(get("prometheus.yml"),
                 "scrape_configs:\n- job_name: a\n  metrics_path: /ours\n- job_name: b\n"_ba);
    }

    void filesThatCannotBeReadAreLeftAlone()
    {
        QCOMPARE(start(), QString());
        const QByteArray broken = "scrape_configs:\n- job_name: a\n- job_name: a\n"_ba;
        put("prometheus.yml", broken);
        const auto report = apply(withPath(newest(), 0, "/ours"));
        QVERIFY(!report);
        QCOMPARE(report.error().kind, ErrorKind::invalid);
        QVERIFY2(report.error().message.contains("prometheus.yml:3:")
                     && report.error().message.contains("nothing was saved"),
                 report.error().message.c_str());
        QCOMPARE(get("prometheus.yml"), broken);
        QCOMPARE(pathOf(0), "/metrics");
    }

    /// Somebody writes between our look and our writing.
    void theVeryMomentBetween()
    {
        QCOMPARE(start(), QString());
        m_beforeSave = [this] {
            put("prometheus.yml",
                "scrape_configs:\n- job_name: a\n- job_name: b\n  metrics_path: /theirs\n"_ba);
        };
        QVERIFY(apply(withPath(newest(), 0, "/ours")));
        QCOMPARE(get("prometheus.yml"),
                 "scrape_configs:\n- job_name: a\n  metrics_path: /ours\n"
                 "- job_name: b\n  metrics_path: /theirs\n"_ba);
    }

    /// A secret that somebody else moved into the store is fetched with the merge.
    void theirKeptSecretIsFetched()
    {
        QCOMPARE(start(), QString());
        m_drawer.kept["watchfire/b/basic_auth.password"] = "hush";
        put("prometheus.yml",
            "scrape_configs:\n- job_name: a\n- job_name: b\n  basic_auth: {username: kim}\n"_ba);
        put("watchfire.yml", "secrets: [{job: b, field: basic_auth.password}]\n"_ba);
        QVERIFY(apply(withPath(newest(), 0, "/ours")));
        QTRY_COMPARE(published(), 2U);
        const auto& auth = std::get<BasicAuth>(newest().scrapeConfigs.at(1).client.auth);
        QCOMPARE(auth.password.reveal(), "hush");
        QVERIFY(!get("prometheus.yml").contains("hush"));
    }

    /// An edit that could not be written leaves the secrets as they were, too.
    void refusedEditsLeaveTheStoreAlone()
    {
        put("prometheus.yml",
            "scrape_configs:\n- job_name: a\n  basic_auth: {username: kim}\n"
            "- job_name: b\n  authorization: {}\n"_ba);
        put("watchfire.yml",
            "secrets:\n- {job: a, field: basic_auth.password}\n"
            "- {job: b, field: authorization.credentials}\n"_ba);
        const std::map<std::string, std::string> before{
            {"watchfire/a/basic_auth.password", "hush"},
            {"watchfire/b/authorization.credentials", "token"}};
        m_drawer.kept = before;
        QCOMPARE(start(), QString());
        config::Config wanted = newest();
        std::get<BasicAuth>(wanted.scrapeConfigs[0].client.auth).password = Secret("loud");
        wanted.scrapeConfigs.pop_back();
        wanted.scrapeConfigs.push_back(wanted.scrapeConfigs[0]);
        wanted.scrapeConfigs[1].jobName = "c";
        // A folder in the place of a file cannot be written by anybody, root neither.
        m_beforeSave = [this] {
            fs::remove(m_paths.own);
            fs::create_directories(m_paths.own / "in the way");
        };
        QVERIFY(!apply(wanted));
        QVERIFY(m_drawer.kept == before);
        fs::remove_all(m_paths.own);
        put("watchfire.yml",
            "secrets:\n- {job: a, field: basic_auth.password}\n"
            "- {job: b, field: authorization.credentials}\n"_ba);
        const auto report = apply(wanted);
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        QVERIFY(
            (m_drawer.kept
             == std::map<std::string, std::string>{{"watchfire/a/basic_auth.password", "loud"},
                                                   {"watchfire/c/basic_auth.password", "loud"}}));
    }
};

QTEST_GUILESS_MAIN(TestConfigEdits)
#include "tst_config_edits.moc"
