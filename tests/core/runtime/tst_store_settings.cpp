// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What configuration and command line say of the store, while the engine runs.
#include "core/discovery/null_ports.h"
#include "core/runtime/local_engine.h"
#include "tests/core/tsdb/store_opening.h"
#include "tests/core/tsdb/store_reading.h"

#include <future>
#include <mutex>

#include <QTest>

using namespace watchfire;
using namespace watchfire::tsdb;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t windowStartMs = 1'699'977'600'000; // a multiple of eight hours
constexpr std::int64_t windowMs = 28'800'000;
constexpr int windows = 9;

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

/// Waits for the answer.
template <class T> Result<T> ask(const std::function<Ticket(Reply<T>)>& question)
{
    std::promise<Result<T>> promise;
    auto answer = promise.get_future();
    const Ticket ticket
        = question([&promise](Result<T> result) { promise.set_value(std::move(result)); });
    return answer.get();
}

} // namespace

class TestStoreSettings : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    HandClock m_clock;
    NoFetcher m_fetcher;
    NoNotifier m_notifier;
    discovery::NullDns m_dns;
    discovery::NullWatcher m_watcher;
    client::Registry m_registry;
    config::Config m_onDisk;
    std::unique_ptr<runtime::LocalEngine> m_engine;
    Subscription m_watching;
    std::mutex m_mutex;
    engine::StatusSnapshot m_status;

    /// A sample every ten minutes, in strips.
    bool fillStore() const
    {
        const auto store = openStore(byHand(*m_dir, m_clock));
        if (!store) {
            return false;
        }
        const auto history = store->importer();
        storage::SeriesRef ref = 0;
        for (std::int64_t at = windowStartMs; at < windowStartMs + windows * windowMs;
             at += 600'000) {
            const auto added
                = history->append(ref, Labels{{"__name__", "old"}}, {fromUnixMs(at), {}, 1, {}});
            if (!added) {
                return false;
            }
            ref = *added;
        }
        return history->commit() && store->commitNow();
    }

    QString start(runtime::EngineOptions options)
    {
        options.store.directory = m_dir->path().toStdString();
        options.store.ringBytes = std::uint64_t{1} << 20;
        options.store.commitInterval = 200ms;
        options.registry = &m_registry;
        options.scrapeItself = false;
        options.files.load = [this] { return runtime::LoadedConfig{m_onDisk, {}}; };
        options.files.loadLastGood = options.files.load;
        options.files.save = [](const config::Config&, const config::Config& after) {
            return Result<config::Config>(after);
        };
        auto started = runtime::LocalEngine::start(
            std::move(options), {m_fetcher, m_dns, m_watcher, m_notifier, m_clock, nullptr, {}});
        if (!started) {
            return QString::fromStdString(started.error().message);
        }
        m_engine = std::move(*started);
        m_watching = m_engine->watchStatus([this](const auto& snapshot) {
            const std::lock_guard lock(m_mutex);
            m_status = *snapshot;
        });
        return {};
    }
    engine::StatusSnapshot status()
    {
        const std::lock_guard lock(m_mutex);
        return m_status;
    }
    std::int64_t oldestWindow()
    {
        return (unixMs(status().oldestSample) - windowStartMs) / windowMs;
    }
    bool apply(const config::Config& config)
    {
        return ask<engine::ConfigReport>([&](Reply<engine::ConfigReport> reply) {
                   return m_engine->applyConfig({{}, config}, std::move(reply));
               })
            .has_value();
    }
    Result<storage::CommitReport> push(const Labels& labels, std::vector<Sample> samples)
    {
        engine::WriteRequest request;
        request.series.resize(1);
        request.series[0].labels = labels;
        request.series[0].samples = std::move(samples);
        return ask<storage::CommitReport>([&](Reply<storage::CommitReport> reply) {
            return m_engine->write(request, std::move(reply));
        });
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_onDisk = {};
        m_status = {};
        m_clock.time = fromUnixMs(windowStartMs + windows * windowMs - 300'000);
    }
    void cleanup()
    {
        m_watching = {};
        m_engine.reset();
    }

    void retentionByTimeFollowsTheConfiguration()
    {
        QVERIFY(fillStore());
        m_onDisk.retention.time = 24h * 365; // storage.tsdb.retention
        runtime::EngineOptions options;
        options.store.retention.time = 24h; // without a configuration most would be gone
        QCOMPARE(start(std::move(options)), QString());
        QTRY_VERIFY(status().retention == 24h * 365 && status().oldestSample != Timestamp{});
        QCOMPARE(oldestWindow(), 0);
        config::Config edited = m_onDisk;
        edited.own.retention.time = 40h; // as the settings page sets it
        QVERIFY(apply(edited));
        // Six windows end less than 40 h before the newest sample, ten minutes before the last
        // ends.
        QTRY_COMPARE(oldestWindow(), windows - 6);
        QVERIFY(status().retention == 40h && !status().isRetentionTimeFixed);
        // Longer again: nothing comes back, nothing more goes.
        QVERIFY(apply(m_onDisk));
        QTRY_VERIFY(status().retention == 24h * 365);
        QCOMPARE(oldestWindow(), windows - 6);
    }

    void retentionByShareFollowsTheDisk()
    {
        QVERIFY(fillStore());
        std::atomic<std::uint64_t> capacity{std::uint64_t{1} << 40};
        runtime::EngineOptions options;
        options.store.retention = {0ms, std::uint64_t{20} << 30, 0.1};
        // Enough is free all the while, so that nothing goes for want of room.
        options.store.space = [&capacity] {
            constexpr std::uintmax_t free = std::uintmax_t{1} << 40;
            return std::filesystem::space_info{capacity, free, free};
        };
        QCOMPARE(start(std::move(options)), QString());
        QTRY_COMPARE(status().retentionBytes, std::uint64_t{20} << 30); // the smaller of both
        QCOMPARE(oldestWindow(), 0);
        capacity = std::uint64_t{100} << 30;
        QTRY_COMPARE(status().retentionBytes, std::uint64_t{10} << 30);
        config::Config edited;
        edited.own.retention.percentage = 1;
        QVERIFY(apply(edited));
        QTRY_COMPARE(status().retentionBytes, std::uint64_t{1} << 30); // the size went with it
        QCOMPARE(status().retentionPercentage, 1.0);
        QCOMPARE(oldestWindow(), 0);
        capacity = 100; // a share of that is less than any store has
        m_clock.time += 2min;
        QTRY_COMPARE(oldestWindow(), windows - 1); // the newest window stays
        cleanup(); // it asks for `capacity` until it ends
    }

    void theCommandLineGoesFirst()
    {
        QVERIFY(fillStore());
        m_onDisk.retention = {24h, std::nullopt, std::nullopt};
        m_onDisk.own.retention = {24h, std::uint64_t{1} << 20, std::nullopt};
        runtime::EngineOptions options;
        options.retention = {0ms, std::uint64_t{5} << 30, std::nullopt};
        QCOMPARE(start(std::move(options)), QString());
        QTRY_COMPARE(status().retentionBytes, std::uint64_t{5} << 30);
        QVERIFY(status().retention == 0ms);
        QVERIFY(status().isRetentionTimeFixed && status().isRetentionSizeFixed);
        QTRY_VERIFY(status().oldestSample != Timestamp{});
        QCOMPARE(oldestWindow(), 0);
    }

    void aBrokenConfigurationDropsNothing()
    {
        QVERIFY(fillStore());
        runtime::EngineOptions options;
        options.store.retention.time = 24h;
        options.files.shown = "prometheus.yml";
        options.store.directory = m_dir->path().toStdString();
        options.store.ringBytes = std::uint64_t{1} << 20;
        options.store.commitInterval = 200ms;
        options.registry = &m_registry;
        options.scrapeItself = false;
        options.files.load
            = []() -> std::expected<runtime::LoadedConfig, std::vector<config::Fault>> {
            return std::unexpected(std::vector{config::Fault{"prometheus.yml", 1, 1, "broken"}});
        };
        options.files.loadLastGood = options.files.load;
        auto started = runtime::LocalEngine::start(
            std::move(options), {m_fetcher, m_dns, m_watcher, m_notifier, m_clock, nullptr, {}});
        QVERIFY(started);
        m_engine = std::move(*started);
        m_watching = m_engine->watchStatus([this](const auto& snapshot) {
            const std::lock_guard lock(m_mutex);
            m_status = *snapshot;
        });
        QTRY_VERIFY(!status().problems.empty() && status().oldestSample != Timestamp{});
        QVERIFY(status().retention == 0ms);
        QCOMPARE(oldestWindow(), 0);
    }

    void ownMetricsTellWhatWasNotStored()
    {
        m_onDisk.scrapeConfigs.resize(1);
        m_onDisk.scrapeConfigs[0].jobName = "small";
        m_onDisk.scrapeConfigs[0].seriesBudget = 1;
        m_onDisk.scrapeConfigs[0].scrapeInterval = 1h;
        QCOMPARE(start({}), QString());
        QVERIFY(apply(m_onDisk));
        const std::int64_t now = unixMs(m_clock.now());
        const Labels labels{{"__name__", "pushed"}};
        QVERIFY(push(labels, {{now, 1}}));
        QVERIFY(push(labels, {{now, 1}, {now, 1}})); // two that are there
        QVERIFY(push(labels, {{now, 2}})); // and one with another value
        QVERIFY(push(labels, {{now - 3'600'000, 3}, {now + 3'600'000, 4}}));
        QVERIFY(push(Labels{{"__name__", "b"}, {"job", "small"}}, {{now, 1}}));
        QVERIFY(!push(Labels{{"__name__", "c"}, {"job", "small"}}, {{now, 1}}));
        const auto metrics = [this] {
            return QByteArray::fromStdString(ask<std::string>([this](Reply<std::string> reply) {
                                                 return m_engine->ownMetrics(std::move(reply));
                                             }).value_or(""));
        };
        QTRY_VERIFY(metrics().contains("watchfire_storage_samples_refused_total 1\n"));
        const QByteArray all = metrics();
        for (const char* const line :
             {"duplicate_total 2", "conflicting_total 1", "too_old_total 1", "too_new_total 1"}) {
            QVERIFY2(all.contains(QByteArray("\nwatchfire_storage_samples_") + line + "\n"),
                     all.constData());
        }
    }

    void startTimesThatAreWrittenAreStored()
    {
        QCOMPARE(start({}), QString());
        const std::int64_t now = unixMs(m_clock.now());
        engine::WriteRequest request;
        request.series.resize(3);
        request.series[0].labels = Labels{{"__name__", "told"}};
        request.series[0].samples = {{now, 1}, {now + 1'000, 2}};
        request.series[0].sampleStartsMs = {now - 5'000, now + 500};
        request.series[1].labels = Labels{{"__name__", "untold"}};
        request.series[1].samples = {{now, 1}};
        request.series[2].labels = Labels{{"__name__", "histogram"}};
        request.series[2].histograms = {{now, Histogram()}};
        request.series[2].histogramStartsMs = {now - 7'000};
        QVERIFY(ask<storage::CommitReport>([&](Reply<storage::CommitReport> reply) {
            return m_engine->write(request, std::move(reply));
        }));
        m_engine.reset();
        const auto store = openStore(byHand(*m_dir, m_clock));
        QVERIFY(store);
        const auto startsOf = [&](const char* metric) {
            QList<qint64> starts;
            const Matcher named = Matcher::equal("__name__", metric);
            const auto querier = store->querier();
            const auto readers = (*querier)->select({&named, 1}, always());
            storage::Column column;
            for (const auto& reader : *readers) {
                if (reader->size() != 1 || !reader->read(0, column)) {
                    return QList<qint64>{-1};
                }
                for (std::size_t entry = 0; entry < column.values.size(); ++entry) {
                    if (column.isPresent(entry)) {
                        starts.push_back(column.startedAtMs.empty() ? 0
                                                                    : column.startedAtMs.at(entry));
                    }
                }
            }
            return starts;
        };
        QCOMPARE(startsOf("told"), (QList<qint64>{now - 5'000, now + 500}));
        QCOMPARE(startsOf("untold"), QList<qint64>{0});
        QCOMPARE(startsOf("histogram"), QList<qint64>{now - 7'000});
    }

    void exemplarsAreAnsweredAndLimited()
    {
        QCOMPARE(start({}), QString());
        const std::int64_t now = unixMs(m_clock.now());
        const auto bring = [&](int trace) {
            engine::WriteRequest request;
            request.series.resize(1);
            request.series[0].labels = Labels{{"__name__", "a"}, {"job", "pushed"}};
            request.series[0].samples = {{now + trace, 1}};
            request.series[0].exemplars
                = {{Labels{{"trace_id", std::to_string(trace)}}, 1, fromUnixMs(now + trace)}};
            return ask<storage::CommitReport>([&](Reply<storage::CommitReport> reply) {
                       return m_engine->write(request, std::move(reply));
                   })
                .has_value();
        };
        const auto traces = [&](const char* metric) {
            const engine::SeriesRequest request{
                {{Matcher::equal("__name__", metric)}}, always(), 0};
            const auto found
                = ask<std::vector<SeriesExemplars>>([&](Reply<std::vector<SeriesExemplars>> reply) {
                      return m_engine->exemplars(request, std::move(reply));
                  });
            std::string text = found ? "" : found.error().message;
            for (const SeriesExemplars& series : *found) {
                for (const Exemplar& exemplar : series.exemplars) {
                    text += std::string(exemplar.labels.get("trace_id")) + " ";
                }
            }
            return text;
        };
        for (int trace = 1; trace <= 5; ++trace) {
            QVERIFY(bring(trace));
        }
        QCOMPARE(traces("a"), std::string("1 2 3 4 5 "));
        QCOMPARE(traces("b"), std::string());
        config::Config edited;
        edited.maxExemplars = 2;
        QVERIFY(apply(edited));
        QTRY_COMPARE(traces("a"), std::string("4 5 "));
        edited.maxExemplars = 0;
        QVERIFY(apply(edited));
        QVERIFY(bring(6));
        QTRY_COMPARE(traces("a"), std::string());
    }

    void lateSamplesFollowTheConfiguration_data()
    {
        QTest::addColumn<int>("file"); // minutes of out_of_order_time_window; -1: not set
        QTest::addColumn<int>("flag"); // of --late-window; -1: not given
        QTest::addColumn<int>("behind"); // minutes
        QTest::addColumn<bool>("stored");
        QTest::newRow("half an hour where nothing is said") << -1 << -1 << 20 << true;
        QTest::newRow("not more") << -1 << -1 << 40 << false;
        QTest::newRow("the file's") << 60 << -1 << 40 << true;
        QTest::newRow("the file says none") << 0 << -1 << 1 << false;
        QTest::newRow("the flag goes first") << 0 << 60 << 40 << true;
        QTest::newRow("so it does when it says none") << 60 << 0 << 20 << false;
    }
    void lateSamplesFollowTheConfiguration()
    {
        QFETCH(int, file);
        QFETCH(int, flag);
        QFETCH(int, behind);
        QFETCH(bool, stored);
        runtime::EngineOptions options;
        if (flag >= 0) {
            options.lateWindow = std::chrono::minutes(flag);
        }
        QCOMPARE(start(std::move(options)), QString());
        config::Config edited;
        if (file >= 0) {
            edited.outOfOrderWindow = std::chrono::minutes(file);
        }
        QVERIFY(apply(edited));
        const Labels labels{{"__name__", "pushed"}};
        const std::int64_t now = unixMs(m_clock.now());
        QVERIFY(push(labels, {{now, 1}}));
        const auto report = push(labels, {{now - std::int64_t(behind) * 60'000, 2}});
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        QCOMPARE(report->stored, std::uint64_t(stored ? 1 : 0));
        QCOMPARE(report->tooOld, std::uint64_t(stored ? 0 : 1));
    }
};

QTEST_GUILESS_MAIN(TestStoreSettings)
#include "tst_store_settings.moc"
