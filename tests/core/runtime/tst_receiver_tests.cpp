// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Test notifications through the engine's door, and what a rule that fires sends.
#include "core/config/files.h"
#include "core/discovery/null_ports.h"
#include "core/runtime/local_engine.h"
#include "tests/support/fake_watcher.h"
#include "tests/support/qt_test.h"

#include <condition_variable>
#include <fstream>
#include <future>
#include <mutex>

#include <QTemporaryDir>

using namespace watchfire;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// Answers at once with what stands at the end of the path; keeps what was asked.
struct Servers final : HttpFetcher {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<HttpRequest> asked;

    Ticket fetch(HttpRequest request, Reply<HttpResponse> reply) override
    {
        HttpResponse response;
        response.status = request.url.ends_with("/no") ? 403 : 200;
        response.body = request.url.ends_with("/no") ? "go away" : "thanks";
        {
            const std::lock_guard lock(mutex);
            asked.push_back(std::move(request));
        }
        changed.notify_all();
        reply(std::move(response));
        return {};
    }
    /// The first to that address; nothing: none came in time.
    std::optional<HttpRequest> waitFor(const std::string& url)
    {
        std::unique_lock lock(mutex);
        std::optional<HttpRequest> found;
        changed.wait_for(lock, 20s, [&] {
            for (const HttpRequest& request : asked) {
                if (request.url == url) {
                    found = request;
                }
            }
            return found.has_value();
        });
        return found;
    }
};

struct NoPopups final : Notifier {
    void show(const Notification&) override { }
    void withdraw(std::string_view) override { }
};

} // namespace

class TestReceiverTests : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    SystemClock m_clock;
    Servers m_servers;
    NoPopups m_popups;
    discovery::NullDns m_dns;
    test::FakeWatcher m_watcher;
    std::unique_ptr<client::Registry> m_registry;
    std::unique_ptr<runtime::LocalEngine> m_engine;

    void write(const char* name, const std::string& text) const
    {
        std::ofstream(m_dir->filePath(QString::fromLatin1(name)).toStdString()) << text;
    }

    QString start()
    {
        config::Paths paths = config::Paths::ofProfile(m_dir->path().toStdString());
        paths.history.clear();
        runtime::EngineOptions options;
        options.store.directory = m_dir->path().toStdString() + "/store";
        options.store.ringBytes = std::uint64_t{1} << 20;
        options.registry = m_registry.get();
        options.scrapeItself = false;
        options.files.shown = paths.prometheus.string();
        options.files.load = [paths] {
            return config::load(paths).transform([](config::Loaded&& loaded) {
                return runtime::LoadedConfig{std::move(loaded.config), std::move(loaded.warnings)};
            });
        };
        options.files.loadLastGood = options.files.load;
        auto started = runtime::LocalEngine::start(
            std::move(options),
            {m_servers, m_dns, m_watcher, m_popups, m_clock, nullptr, {}, nullptr});
        if (!started) {
            return QString::fromStdString(started.error().message);
        }
        m_engine = std::move(*started);
        return {};
    }

    Result<engine::ReceiverTest> tested(engine::ReceiverTestRequest request)
    {
        std::promise<Result<engine::ReceiverTest>> done;
        const Ticket ticket = m_engine->testReceiver(
            std::move(request),
            [&done](Result<engine::ReceiverTest> answer) { done.set_value(std::move(answer)); });
        return done.get_future().get();
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_registry = std::make_unique<client::Registry>();
        {
            const std::lock_guard lock(m_servers.mutex);
            m_servers.asked.clear();
        }
        write("prometheus.yml",
              "rule_files: [rules.yml]\n"
              "alerting: {alertmanagers: [{static_configs: [{targets: ['other:9093']}]}]}\n");
        write("alertmanager.yml",
              "templates: [own.tmpl]\n"
              "route: {receiver: team, group_wait: 10ms}\n"
              "receivers:\n"
              "- name: team\n"
              "  webhook_configs: [{url: 'http://w/yes'}, {url: 'http://w/no'}]\n"
              "  discord_configs: [{webhook_url: 'http://d/hook', title: '{{ template \"own\" . "
              "}}'}]\n");
        write("own.tmpl", "{{ define \"own\" }}own of {{ .Receiver }}{{ end }}");
    }
    void cleanup() { m_engine.reset(); }

    void aReceiverInForce()
    {
        QCOMPARE(start(), QString());
        const auto test = tested({.name = "team"});
        QVERIFY(test.has_value());
        QCOMPARE(test->answers.size(), std::size_t(3));
        QCOMPARE(test->answers[0].integration, std::string("webhook/0"));
        QVERIFY(test->answers[0].ok);
        QCOMPARE(test->answers[0].answer, std::string("thanks"));
        QVERIFY(!test->answers[1].ok);
        QCOMPARE(test->answers[1].status, 403);
        QCOMPARE(test->answers[1].answer, std::string("go away"));
        QCOMPARE(test->answers[1].error, std::string("the webhook answered 403: go away"));
        const auto asked = m_servers.waitFor("http://d/hook");
        QVERIFY(asked.has_value());
        QVERIFY2(asked->body.contains("own of team"), asked->body.c_str());
    }

    void oneThatIsBeingEdited()
    {
        QCOMPARE(start(), QString());
        engine::ReceiverTestRequest request;
        request.receiver.emplace().name = "new";
        request.receiver->webhooks.emplace_back().url.text = Secret("http://w/new");
        const auto test = tested(std::move(request));
        QVERIFY(test.has_value());
        QCOMPARE(test->answers.size(), std::size_t(1));
        QVERIFY(test->answers[0].ok);
        QVERIFY(m_servers.waitFor("http://w/new").has_value());
    }

    void oneThatIsNotThere()
    {
        QCOMPARE(start(), QString());
        const auto test = tested({.name = "gone"});
        QVERIFY(!test);
        QCOMPARE(test.error().kind, ErrorKind::notFound);
        QCOMPARE(test.error().message, std::string("there is no receiver \"gone\""));
    }

    /// Both ways: along the routes here, and to the other Alertmanager.
    void aRuleThatFiresIsToldOf()
    {
        write("rules.yml",
              "groups: [{name: g, interval: 100ms, rules: [{alert: A, expr: vector(1)}]}]\n");
        QCOMPARE(start(), QString());
        const auto hook = m_servers.waitFor("http://w/yes");
        QVERIFY(hook.has_value());
        QVERIFY2(hook->body.contains("\"alertname\":\"A\""), hook->body.c_str());
        const auto other = m_servers.waitFor("http://other:9093/api/v2/alerts");
        QVERIFY(other.has_value());
        QVERIFY2(other->body.contains("\"alertname\":\"A\""), other->body.c_str());
    }

    void aBadTemplateLeavesTheOldConfiguration()
    {
        QCOMPARE(start(), QString());
        write("own.tmpl", "{{ define \"own\" }}");
        std::promise<Result<engine::ConfigReport>> done;
        const Ticket ticket = m_engine->reload(
            [&done](Result<engine::ConfigReport> report) { done.set_value(std::move(report)); });
        const auto report = done.get_future().get();
        QVERIFY(!report);
        QVERIFY2(report.error().message.contains("own.tmpl:1:"), report.error().message.c_str());
        const auto test = tested({.name = "team"});
        QVERIFY(test && test->answers.at(2).ok);
    }
};

QTEST_GUILESS_MAIN(TestReceiverTests)
#include "tst_receiver_tests.moc"
