// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/kept_secrets.h"
#include "tests/support/qt_test.h"

#include <map>
#include <utility>
#include <vector>

using namespace watchfire;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// A store that answers when the test says so.
struct HandStore final : SecretStore {
    std::map<std::string, Secret> kept;
    bool isLocked = false; ///< answers wait for `unlock`
    std::vector<std::move_only_function<void()>> waiting;
    int reads = 0;
    int writes = 0;

    Ticket read(std::string key, Reply<Secret> reply) override
    {
        ++reads;
        return answer([this, key = std::move(key), reply = std::move(reply)]() mutable {
            const auto found = kept.find(key);
            reply(found == kept.end() ? Result<Secret>(fail(ErrorKind::notFound, "not there"))
                                      : Result<Secret>(found->second));
        });
    }
    Ticket write(std::string key, Secret secret, Reply<void> reply) override
    {
        ++writes;
        return answer([this, key = std::move(key), secret = std::move(secret),
                       reply = std::move(reply)]() mutable {
            if (secret.empty()) {
                kept.erase(key);
            } else {
                kept.insert_or_assign(key, secret);
            }
            reply(Result<void>());
        });
    }
    std::string place() const override { return "the test's drawer"; }
    bool isProtected() const override { return true; }

    void unlock()
    {
        isLocked = false;
        for (auto& one : std::exchange(waiting, {})) {
            one();
        }
    }

private:
    Ticket answer(std::move_only_function<void()> give)
    {
        if (isLocked) {
            waiting.push_back(std::move(give));
        } else {
            give();
        }
        return {};
    }
};

config::Config withJob()
{
    config::ScrapeConfig job;
    job.jobName = "shop";
    job.client.auth = BasicAuth{"kim", {}, {}, {}};
    job.keptSecrets = {std::string(config::keptPassword)};
    config::Config out;
    out.scrapeConfigs = {job};
    return out;
}

std::string passwordOf(const config::Config& config)
{
    return std::get<BasicAuth>(config.scrapeConfigs.at(0).client.auth).password.reveal();
}

const std::string key = config::secretKey("shop", config::keptPassword);

} // namespace

class TestKeptSecrets : public QObject {
    Q_OBJECT

private slots:
    void valuesArePutInAndRemembered()
    {
        HandStore store;
        store.kept.insert_or_assign(key, Secret("hush"));
        runtime::KeptSecrets secrets(&store);
        const auto filled = secrets.fill(withJob(), 1s, [] { });
        QCOMPARE(passwordOf(filled.config), "hush");
        QVERIFY(filled.warnings.empty());
        QCOMPARE(passwordOf(secrets.fill(withJob(), 1s, [] { }).config), "hush");
        QCOMPARE(store.reads, 1);
    }

    void whatIsMissingIsAWarning_data()
    {
        QTest::addColumn<bool>("hasStore");
        QTest::addColumn<bool>("isLocked");
        QTest::addColumn<QString>("says");
        QTest::newRow("not there") << true << false << "not there";
        QTest::newRow("no store") << false << false << "no secrets are kept here";
        QTest::newRow("locked") << true << true << "the test's drawer has not answered yet";
    }
    void whatIsMissingIsAWarning()
    {
        QFETCH(bool, hasStore);
        QFETCH(bool, isLocked);
        QFETCH(QString, says);
        HandStore store;
        store.isLocked = isLocked;
        runtime::KeptSecrets secrets(hasStore ? &store : nullptr);
        const auto filled = secrets.fill(withJob(), 1ms, [] { });
        QCOMPARE(passwordOf(filled.config), "");
        QCOMPARE(filled.warnings.size(), 1U);
        const QString said = QString::fromStdString(filled.warnings[0].message);
        QVERIFY2(said.contains(says) && said.contains(u"shop"_s), qPrintable(said));
    }

    void whatComesLateIsTold()
    {
        HandStore store;
        store.kept.insert_or_assign(key, Secret("hush"));
        store.isLocked = true;
        int told = 0;
        runtime::KeptSecrets secrets(&store);
        QCOMPARE(passwordOf(secrets.fill(withJob(), 1ms, [&] { ++told; }).config), "");
        store.unlock();
        QCOMPARE(told, 1);
        QCOMPARE(passwordOf(secrets.fill(withJob(), 1ms, [&] { ++told; }).config), "hush");
        QCOMPARE(store.reads, 1);
        QCOMPARE(told, 1);
    }

    void nobodyIsToldAfterTheEnd()
    {
        HandStore store;
        store.kept.insert_or_assign(key, Secret("hush"));
        store.isLocked = true;
        int told = 0;
        {
            runtime::KeptSecrets secrets(&store);
            secrets.fill(withJob(), 1ms, [&] { ++told; });
        }
        store.unlock();
        QCOMPARE(told, 0);
    }

    void changesAreStored()
    {
        HandStore store;
        runtime::KeptSecrets secrets(&store);
        QVERIFY(secrets.store({{key, Secret("new")}}, 1s));
        QCOMPARE(store.kept.at(key).reveal(), "new");
        QCOMPARE(passwordOf(secrets.fill(withJob(), 1s, [] { }).config), "new");
        QCOMPARE(store.reads, 0); // it knew
        QVERIFY(secrets.store({{key, Secret()}}, 1s));
        QVERIFY(store.kept.empty());
        QVERIFY(secrets.store({}, 1s));
        QCOMPARE(store.writes, 2);
    }

    void aStoreThatTakesNothingIsNamed()
    {
        HandStore store;
        store.isLocked = true;
        runtime::KeptSecrets locked(&store);
        const auto late = locked.store({{key, Secret("new")}}, 1ms);
        QVERIFY(!late && late.error().message.contains("the test's drawer"));
        runtime::KeptSecrets none(nullptr);
        QVERIFY(!none.store({{key, Secret("new")}}, 1ms));
        store.unlock();
    }
};

QTEST_GUILESS_MAIN(TestKeptSecrets)
#include "tst_kept_secrets.moc"
