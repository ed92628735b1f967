// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the window tells of alerts, from a whole engine: why each of ten was told or was not, and
// when they fired, before a restart, too.
#include "core/config/files.h"
#include "core/discovery/null_ports.h"
#include "core/runtime/local_engine.h"
#include "tests/support/fake_watcher.h"
#include "tests/support/qt_test.h"
#include "ui/models/alert_trace_lines.h"

#include <fstream>
#include <future>
#include <memory>

#include <QRegularExpression>
#include <QTemporaryDir>

using namespace watchfire;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr int patienceMs = 40'000;

/// Answers at once: addresses that end in /no are refused, with words.
struct Servers final : HttpFetcher {
    Ticket fetch(HttpRequest request, Reply<HttpResponse> reply) override
    {
        const bool refuses = request.url.ends_with("/no");
        HttpResponse response;
        response.status = refuses ? 403 : 200;
        response.body = refuses ? "this channel is archived" : "thanks";
        reply(std::move(response));
        return {};
    }
};

struct NoPopups final : Notifier {
    void show(const Notification&) override { }
    void withdraw(std::string_view) override { }
};

constexpr std::string_view rules = R"(groups:
- name: g
  interval: 1s
  rules:
  - {alert: Disk, expr: vector(1), for: 1h, labels: {way: pending}}
  - {alert: Disk, expr: vector(1), labels: {way: group_wait}}
  - {alert: NodeDown, expr: vector(1), labels: {way: source, severity: page, host: db1}}
  - {alert: Disk, expr: vector(1), labels: {way: inhibited, severity: warn, host: db1}}
  - {alert: Disk, expr: vector(1), labels: {way: silenced}}
  - {alert: Disk, expr: vector(1), labels: {way: muted}}
  - {alert: Disk, expr: vector(1), labels: {way: inactive}}
  - {alert: Disk, expr: vector(1), labels: {way: nobody}}
  - {alert: Disk, expr: vector(1), labels: {way: repeat}}
  - {alert: Disk, expr: vector(1), labels: {way: refused}}
  - {alert: Disk, expr: vector(1), labels: {way: sent}}
)";

constexpr std::string_view routing = R"(route:
  receiver: ops
  group_by: [way]
  group_wait: 10ms
  group_interval: 1h
  repeat_interval: 4h
  routes:
  - {matchers: [way="group_wait"], group_wait: 1h}
  - {matchers: [way="muted"], mute_time_intervals: [nights]}
  - {matchers: [way="inactive"], active_time_intervals: [office]}
  - {matchers: [way="nobody"], receiver: nobody}
  - {matchers: [way="repeat"], group_interval: 100ms}
  - {matchers: [way="refused"], receiver: chat}
time_intervals:
- {name: nights, time_intervals: [{}]}
- {name: office, time_intervals: [{years: ['1999']}]}
receivers:
- {name: ops, webhook_configs: [{url: 'http://w/yes'}]}
- {name: chat, webhook_configs: [{url: 'http://w/no'}]}
- {name: nobody}
inhibit_rules:
- {source_matchers: [severity="page"], target_matchers: [severity="warn"], equal: [host]}
)";

} // namespace

class TestAlertStory : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    SystemClock m_clock;
    Servers m_servers;
    NoPopups m_popups;
    discovery::NullDns m_dns;
    test::FakeWatcher m_watcher;
    std::unique_ptr<client::Registry> m_registry;
    std::unique_ptr<runtime::LocalEngine> m_engine;

    void write(const char* name, std::string_view text) const
    {
        std::ofstream(m_dir->filePath(QString::fromLatin1(name)).toStdString()) << text;
    }

    /// On what is in the folder; its problem, or nothing.
    QString start()
    {
        m_registry = std::make_unique<client::Registry>();
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

    template <class T, class Ask> static Result<T> answer(Ask ask)
    {
        const auto promise = std::make_shared<std::promise<Result<T>>>();
        auto future = promise->get_future();
        const Ticket ticket
            = ask([promise](Result<T> result) { promise->set_value(std::move(result)); });
        return future.wait_for(20s) == std::future_status::ready
            ? future.get()
            : fail(ErrorKind::timeout, "no reply came");
    }

    std::shared_ptr<const engine::AlertsSnapshot> alerts() const
    {
        const auto promise
            = std::make_shared<std::promise<std::shared_ptr<const engine::AlertsSnapshot>>>();
        auto future = promise->get_future();
        const Subscription watching
            = m_engine->watchAlerts([promise, told = false](const auto& snapshot) mutable {
                  if (!std::exchange(told, true)) {
                      promise->set_value(snapshot);
                  }
              });
        return future.get();
    }

    QString verdict(const Labels& labels) const
    {
        const auto trace = answer<engine::AlertTrace>([&](Reply<engine::AlertTrace> reply) {
            return m_engine->traceAlert(labels, std::move(reply));
        });
        return trace ? ui::traceVerdict(ui::traceSections(*trace, {}, *alerts(), m_clock.now()))
                           .replace(QChar(0x00a0), u' ')
                     : QString::fromStdString(trace.error().message);
    }

    std::vector<engine::AlertSpan> timeline(const std::string& name) const
    {
        engine::AlertTimelineRequest request;
        request.range = {m_clock.now() - 1h, m_clock.now()};
        request.filter = {Matcher::equal("alertname", name)};
        auto spans
            = answer<std::vector<engine::AlertSpan>>([&](Reply<std::vector<engine::AlertSpan>> r) {
                  return m_engine->alertTimeline(request, std::move(r));
              });
        return spans ? std::move(*spans) : std::vector<engine::AlertSpan>();
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        write("prometheus.yml", "global: {evaluation_interval: 1s}\nrule_files: [rules.yml]\n");
        write("rules.yml", rules);
        write("alertmanager.yml", routing);
        QCOMPARE(start(), QString());
    }
    void cleanup() { m_engine.reset(); }

    void saysWhyOfEachOfTen()
    {
        engine::SilenceChange silence;
        silence.matchers = {Matcher::equal("way", "silenced")};
        silence.startsAt = m_clock.now();
        silence.endsAt = m_clock.now() + 1h;
        silence.createdBy = "ops";
        silence.comment = "deploy";
        QVERIFY(answer<engine::SilenceId>([&](Reply<engine::SilenceId> reply) {
                    return m_engine->changeSilence(silence, std::move(reply));
                }).has_value());

        const QString time = u"[-0-9: ]+"_s;
        const QList<std::tuple<const char*, Labels, QString>> expected{
            {"pending",
             {{"way", "pending"}},
             u"Pending: its condition must hold until %1, .+ left\\."_s},
            {"group_wait",
             {{"way", "group_wait"}},
             u"Its group waits for more alerts: group_wait, .+ left\\."_s},
            {"inhibited",
             {{"way", "inhibited"}, {"severity", "warn"}, {"host", "db1"}},
             u"Inhibited by NodeDown \\{host=\"db1\", severity=\"page\", way=\"source\"\\}\\."_s},
            {"silenced", {{"way", "silenced"}}, u"Silenced by ops until %1: deploy"_s},
            {"muted", {{"way", "muted"}}, u"Muted by the time interval nights\\."_s},
            {"inactive", {{"way", "inactive"}}, u"Outside the active time interval office\\."_s},
            {"nobody",
             {{"way", "nobody"}},
             u"The receiver nobody has no integration: nothing tells it\\."_s},
            {"repeat",
             {{"way", "repeat"}},
             u"Sent to ops \\(webhook/0\\) at %1\\. Not repeated yet: repeat_interval is not over\\."_s},
            {"refused",
             {{"way", "refused"}},
             u"Could not be sent to chat \\(webhook/0\\): .*this channel is archived.*"_s},
            {"sent", {{"way", "sent"}}, u"Sent to ops \\(webhook/0\\) at %1\\."_s}};
        for (const auto& [name, labels, text] : expected) {
            const QString pattern = text.contains(u"%1"_s) ? text.arg(time) : text;
            const QRegularExpression wanted(QRegularExpression::anchoredPattern(pattern));
            const Labels alert = labels.with("alertname", "Disk");
            QString said;
            const bool fits = QTest::qWaitFor(
                [&] {
                    said = verdict(alert);
                    return wanted.match(said).hasMatch();
                },
                patienceMs);
            QVERIFY2(fits, qPrintable(u"%1: %2"_s.arg(QString::fromLatin1(name), said)));
        }
    }

    void knowsWhatFiredBeforeARestart()
    {
        QVERIFY(QTest::qWaitFor([&] { return !timeline("NodeDown").empty(); }, patienceMs));
        const Timestamp first = timeline("NodeDown").front().from;
        m_engine.reset();
        const Timestamp stopped = m_clock.now();
        write("rules.yml", "groups: []\n");
        QCOMPARE(start(), QString());
        const auto spans = timeline("NodeDown");
        QCOMPARE(spans.size(), std::size_t(1));
        QVERIFY(spans[0].from == first && spans[0].to <= stopped);
        QVERIFY(spans[0].state == AlertState::firing);
        QCOMPARE(spans[0].labels.get("host"), std::string_view("db1"));
    }

    void whatGoesOnFiringIsOneStretch()
    {
        QVERIFY(QTest::qWaitFor([&] { return !timeline("NodeDown").empty(); }, patienceMs));
        const Timestamp first = timeline("NodeDown").front().from;
        m_engine.reset();
        const Timestamp stopped = m_clock.now();
        QCOMPARE(start(), QString());
        QVERIFY(
            QTest::qWaitFor([&] { return timeline("NodeDown").front().to > stopped; }, patienceMs));
        const auto spans = timeline("NodeDown");
        QCOMPARE(spans.size(), std::size_t(1));
        QVERIFY(spans[0].from == first && spans[0].isOpen);
    }
};

QTEST_GUILESS_MAIN(TestAlertStory)
#include "tst_alert_story.moc"
