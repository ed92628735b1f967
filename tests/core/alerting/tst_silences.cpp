// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/notification_log.h"
#include "core/alerting/silences.h"

#include <map>

#include <QTest>

using namespace watchfire;
using namespace std::chrono_literals;

namespace {

class FakeState final : public storage::StateStore {
public:
    std::map<std::pair<std::string, std::string>, Bytes> values;

    Result<void> put(std::string_view domain, std::string_view key, ByteView value) override
    {
        values[{std::string(domain), std::string(key)}] = Bytes(value.begin(), value.end());
        return {};
    }
    Result<void> remove(std::string_view domain, std::string_view key) override
    {
        values.erase({std::string(domain), std::string(key)});
        return {};
    }
    Result<std::optional<Bytes>> get(std::string_view domain, std::string_view key) override
    {
        const auto found = values.find({std::string(domain), std::string(key)});
        return found == values.end() ? std::nullopt : std::optional(found->second);
    }
    Result<std::vector<std::pair<std::string, Bytes>>> list(std::string_view domain) override
    {
        std::vector<std::pair<std::string, Bytes>> out;
        for (const auto& [key, value] : values) {
            if (key.first == domain) {
                out.emplace_back(key.second, value);
            }
        }
        return out;
    }
};

Timestamp at(std::chrono::milliseconds sinceStart)
{
    return Timestamp(1'700'000'000s + sinceStart);
}

alerting::Silence silence()
{
    alerting::Silence out;
    out.matchers = {Matcher::equal("alertname", "A")};
    out.startsAt = at(0s);
    out.endsAt = at(1h);
    out.createdBy = "me";
    out.comment = "why";
    return out;
}

} // namespace

class TestSilences : public QObject {
    Q_OBJECT

    FakeState m_state;
    std::unique_ptr<alerting::Silences> m_silences;

private slots:
    void init()
    {
        m_state.values.clear();
        m_silences = std::make_unique<alerting::Silences>(&m_state, alerting::makeUuid);
    }

    void survivesTheProcess()
    {
        const auto id = m_silences->set(silence(), at(0s));
        QVERIFY(id.has_value());
        alerting::Silences again(&m_state, alerting::makeUuid);
        QVERIFY(again.load().has_value());
        QCOMPARE(again.mutedBy(Labels{{"alertname", "A"}}, at(1min)), std::vector{*id});
        QVERIFY(again.mutedBy(Labels{{"alertname", "B"}}, at(1min)).empty());
        QVERIFY(again.mutedBy(Labels{{"alertname", "A"}}, at(1h)).empty());
        QCOMPARE(again.all().at(*id).comment, std::string("why"));
    }

    void onlyTheEndChangesUnderTheSameId()
    {
        alerting::Silence changed = silence();
        changed.id = *m_silences->set(silence(), at(0s));
        changed.endsAt = at(2h);
        QCOMPARE(*m_silences->set(changed, at(1min)), changed.id);
        alerting::Silence other = changed;
        other.matchers = {Matcher::equal("alertname", "B")};
        const auto id = m_silences->set(other, at(2min));
        QVERIFY(id && *id != changed.id);
        QVERIFY(m_silences->all().at(changed.id).isExpiredAt(at(2min)));
    }

    void refuses_data()
    {
        QTest::addColumn<int>("fault");
        QTest::newRow("no matchers") << 0;
        QTest::newRow("matches everything") << 1;
        QTest::newRow("ends before it starts") << 2;
        QTest::newRow("ended already") << 3;
        QTest::newRow("unknown id") << 4;
    }

    void refuses()
    {
        QFETCH(int, fault);
        alerting::Silence bad = silence();
        if (fault == 0) {
            bad.matchers.clear();
        } else if (fault == 1) {
            bad.matchers = {*Matcher::make(MatchType::regex, "a", ".*")};
        } else if (fault == 2) {
            bad.startsAt = at(2h);
        } else if (fault == 3) {
            bad.startsAt = at(-2h);
            bad.endsAt = at(-1h);
        } else {
            bad.id = "nobody";
        }
        QVERIFY(!m_silences->set(bad, at(0s)));
        QVERIFY(m_silences->all().empty());
    }

    void expiresOnce()
    {
        const auto id = m_silences->set(silence(), at(0s));
        QVERIFY(m_silences->expire(*id, at(1min)).has_value());
        QVERIFY(m_silences->mutedBy(Labels{{"alertname", "A"}}, at(1min)).empty());
        QVERIFY(m_silences->expire(*id, at(2min)).has_value()); // over is over
        QCOMPARE(m_silences->all().at(*id).endsAt, at(1min));
        QVERIFY(!m_silences->expire("nobody", at(2min)));
        m_silences->collect(at(121h));
        QVERIFY(m_silences->all().empty() && m_state.values.empty());
    }

    void aBrokenRecordIsNamedAndTheOthersLive()
    {
        const auto id = m_silences->set(silence(), at(0s));
        const Bytes garbage{1, 2, 3};
        QVERIFY(m_state.put("silences", "broken", garbage).has_value());
        alerting::Silences again(&m_state, alerting::makeUuid);
        const auto loaded = again.load();
        QVERIFY(!loaded && loaded.error().message.contains("broken"));
        QVERIFY(again.all().contains(*id));
    }

    void theNotificationLogSurvives()
    {
        alerting::NotificationLog log(&m_state);
        log.record("k", {at(0s), {1, 2}, {3}});
        QVERIFY(log.save().has_value());
        alerting::NotificationLog again(&m_state);
        QVERIFY(again.load().has_value());
        const auto entry = again.find("k");
        QVERIFY(entry && entry->at == at(0s));
        QVERIFY((entry->firing == std::set<std::uint64_t>{1, 2}));
        QVERIFY((entry->resolved == std::set<std::uint64_t>{3}));
    }
};

QTEST_GUILESS_MAIN(TestSilences)
#include "tst_silences.moc"
