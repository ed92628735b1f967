// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/external_edit.h"
#include "core/config/import.h"
#include "core/config/secrets.h"
#include "tests/core/config/random_config.h"

#include <fstream>

#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;
using namespace watchfire::config;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace fs = std::filesystem;

namespace {

Config read(const QByteArray& yaml)
{
    Config config;
    Findings findings;
    readPrometheus(yaml.toStdString(), "f", config, findings);
    for (const Fault& fault : findings.faults) {
        qWarning("%s", fault.toString().c_str());
    }
    return config;
}

QByteArray joined(const std::vector<std::string>& texts)
{
    QByteArray out;
    for (const std::string& text : texts) {
        out += (out.isEmpty() ? "" : ", ") + QByteArray::fromStdString(text);
    }
    return out;
}

} // namespace

/// Two edits of one configuration: ours in a dialog, theirs in an editor.
class TestConfigExternalEdit : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    fs::path m_folder;
    Paths m_paths;
    const Timestamp m_now = fromUnixMs(1'700'000'000'123);

    void put(const char* name, const QByteArray& text) const
    {
        fs::create_directories((m_folder / name).parent_path());
        std::ofstream(m_folder / name, std::ios::binary) << text.toStdString();
    }
    QByteArray get(const char* name) const
    {
        return QByteArray::fromStdString(readFile(m_folder / name).value_or("-"));
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_folder = m_dir->path().toStdString();
        m_paths = Paths::ofProfile(m_folder);
    }

    void merges_data()
    {
        QTest::addColumn<QByteArray>("base");
        QTest::addColumn<QByteArray>("theirs");
        QTest::addColumn<QByteArray>("ours");
        QTest::addColumn<QByteArray>("merged");
        QTest::addColumn<QByteArray>("conflicts");
        const auto jobs = [](const QByteArray& list, const QByteArray& global = "{}"_ba) {
            return "global: " + global + "\nscrape_configs: [" + list + "]\n";
        };
        const QByteArray a = "{job_name: a}"_ba;
        const QByteArray aOther = "{job_name: a, metrics_path: /a}"_ba;
        const QByteArray aThird = "{job_name: a, scheme: https}"_ba;
        const QByteArray b = "{job_name: b}"_ba;
        const QByteArray bOther = "{job_name: b, metrics_path: /b}"_ba;
        const QByteArray c = "{job_name: c}"_ba;
        const QByteArray d = "{job_name: d}"_ba;
        QTest::newRow("different jobs")
            << jobs(a + "," + b) << jobs(aOther + "," + b) << jobs(a + "," + bOther)
            << jobs(aOther + "," + bOther) << ""_ba;
        QTest::newRow("one job, differently")
            << jobs(a) << jobs(aOther) << jobs(aThird) << jobs(aOther) << "job \"a\""_ba;
        QTest::newRow("one job, alike")
            << jobs(a) << jobs(aOther) << jobs(aOther) << jobs(aOther) << ""_ba;
        QTest::newRow("both add") << jobs(a) << jobs(a + "," + c) << jobs(d + "," + a)
                                  << jobs(d + "," + a + "," + c) << ""_ba;
        QTest::newRow("both add one of a name")
            << jobs(a) << jobs(a + "," + b) << jobs(a + "," + bOther) << jobs(a + "," + b)
            << "job \"b\""_ba;
        QTest::newRow("theirs goes, ours changes another")
            << jobs(a + "," + b) << jobs(b) << jobs(a + "," + bOther) << jobs(bOther) << ""_ba;
        QTest::newRow("theirs goes, ours changes it")
            << jobs(a + "," + b) << jobs(b) << jobs(aOther + "," + b) << jobs(b) << "job \"a\""_ba;
        QTest::newRow("ours goes, theirs changes it")
            << jobs(a + "," + b) << jobs(aOther + "," + b) << jobs(b) << jobs(aOther + "," + b)
            << "job \"a\""_ba;
        QTest::newRow("ours is renamed") << jobs(a + "," + b) << jobs(a + "," + bOther)
                                         << jobs(c + "," + b) << jobs(c + "," + bOther) << ""_ba;
        QTest::newRow("ours gets another order")
            << jobs(a + "," + b) << jobs(aOther + "," + b) << jobs(b + "," + a)
            << jobs(b + "," + aOther) << ""_ba;
        QTest::newRow("jobs follow their global")
            << jobs(a + "," + b, "{scrape_interval: 1m}")
            << jobs(a + "," + b, "{scrape_interval: 30s}")
            << jobs(aOther + "," + b, "{scrape_interval: 1m}")
            << jobs(aOther + "," + b, "{scrape_interval: 30s}") << ""_ba;
        QTest::newRow("jobs follow our global")
            << jobs(a + "," + b, "{sample_limit: 5}") << jobs(aOther + "," + b, "{sample_limit: 5}")
            << jobs(a + "," + b, "{sample_limit: 9}") << jobs(aOther + "," + b, "{sample_limit: 9}")
            << ""_ba;
        QTest::newRow("global, differently")
            << jobs(a, "{sample_limit: 5}") << jobs(a, "{sample_limit: 6}")
            << jobs(a, "{label_limit: 7}") << jobs(a, "{sample_limit: 6}") << "global"_ba;
        QTest::newRow("sections that are not acted on")
            << "remote_write: [{url: 'http://a'}]\n"_ba << "remote_write: [{url: 'http://b'}]\n"_ba
            << "remote_write: [{url: 'http://a'}]\nruntime: {gogc: 5}\n"_ba
            << "remote_write: [{url: 'http://b'}]\nruntime: {gogc: 5}\n"_ba << ""_ba;
        QTest::newRow("patterns") << "rule_files: [a.yml]\n"_ba << "rule_files: [a.yml, b.yml]\n"_ba
                                  << "rule_files: [c.yml]\n"_ba << "rule_files: [a.yml, b.yml]\n"_ba
                                  << "rule_files"_ba;
    }

    void merges()
    {
        QFETCH(QByteArray, base);
        QFETCH(QByteArray, theirs);
        QFETCH(QByteArray, ours);
        QFETCH(QByteArray, merged);
        QFETCH(QByteArray, conflicts);
        const Merge got = mergeConfigs(read(base), read(theirs), read(ours));
        QCOMPARE(joined(got.conflicts), conflicts);
        Config wanted = read(merged);
        wanted.plainGlobal = got.config.plainGlobal;
        QVERIFY(got.config.scrapeConfigs == wanted.scrapeConfigs);
        QVERIFY(got.config == wanted);
    }

    /// Whoever changes nothing has no say; whoever changes alone has all.
    void oneSidedMerges()
    {
        for (std::uint32_t seed = 0; seed < 50; ++seed) {
            const Config base = test::RandomConfig(seed).make();
            const Config other = test::RandomConfig(seed + 500).make();
            const Merge theirs = mergeConfigs(base, other, base);
            QVERIFY(theirs.config == other && theirs.conflicts.empty());
            const Merge ours = mergeConfigs(base, base, other);
            QVERIFY(ours.conflicts.empty());
            QVERIFY(ours.config.global == other.global);
            QVERIFY(ours.config.scrapeConfigs == other.scrapeConfigs);
        }
    }

    void settingsOfOurOwnFile()
    {
        Config base;
        Config theirs;
        theirs.own.colorScheme = "dark";
        Config ours;
        ours.own.hostCollector = false;
        ours.own.pausedJobs = {"a"};
        const Merge got = mergeConfigs(base, theirs, ours);
        QVERIFY(got.conflicts.empty());
        QVERIFY(got.config.own.colorScheme == "dark" && !got.config.own.hostCollector);
        ours.own.colorScheme = "light";
        QCOMPARE(joined(mergeConfigs(base, theirs, ours).conflicts), "color_scheme"_ba);
    }

    void filesOnDisk()
    {
        put("prometheus.yml", "scrape_configs: [{job_name: a}]\n"_ba);
        const Config inForce = load(m_paths).value().config;
        const FileTexts seen = textsOf(m_paths, inForce);
        using Kind = ExternalEdit::Kind;
        QCOMPARE(externalEdit(m_paths, inForce, seen, {}).kind, Kind::unchanged);
        put("prometheus.yml", "scrape_configs: [{job_name: a}]\n"_ba); // touched, not changed
        QCOMPARE(externalEdit(m_paths, inForce, seen, {}).kind, Kind::unchanged);

        put("rules/new.yml", "groups: [{name: g}]\n"_ba); // found by no pattern
        QCOMPARE(externalEdit(m_paths, inForce, seen, {}).kind, Kind::unchanged);
        put("prometheus.yml", "rule_files: ['rules/*']\nscrape_configs: [{job_name: a}]\n"_ba);
        const ExternalEdit good = externalEdit(m_paths, inForce, seen, {});
        QCOMPARE(good.kind, Kind::good);
        QCOMPARE(good.onDisk.ruleGroups.at(0).name, "g");
        QVERIFY(good.merged == good.onDisk);

        put("rules/new.yml", "groups: [{rules: []}]\n"_ba);
        const ExternalEdit bad = externalEdit(m_paths, inForce, seen, {});
        QCOMPARE(bad.kind, Kind::bad);
        QVERIFY(bad.faults.at(0).toString().contains("rules/new.yml:1:10: Groupname"));
    }

    void aNewFileOfAKnownPattern()
    {
        const Config inForce = load(m_paths).value().config; // rules/*.yml
        const FileTexts seen = textsOf(m_paths, inForce);
        put("rules/new.yml", "groups: [{name: g}]\n"_ba);
        QCOMPARE(externalEdit(m_paths, inForce, seen, {}).kind, ExternalEdit::Kind::good);
        fs::remove(m_folder / "rules/new.yml");
        QCOMPARE(externalEdit(m_paths, inForce, seen, {}).kind, ExternalEdit::Kind::unchanged);
    }

    /// Ours is saved into the file that somebody else changed, and both are there.
    void bothAreSaved()
    {
        put("prometheus.yml",
            "scrape_configs:\n- job_name: a # first\n  basic_auth: {username: u}\n- job_name: b\n"_ba);
        put("watchfire.yml", "secrets: [{job: a, field: basic_auth.password}]\n"_ba);
        const Config inForce = withSecrets(load(m_paths).value().config, [](const std::string&) {
                                   return Result<Secret>(Secret("s"));
                               }).config;
        const FileTexts seen = textsOf(m_paths, inForce);
        Config pending = inForce;
        pending.scrapeConfigs[0].metricsPath = "/ours";
        put("prometheus.yml",
            "# theirs\nscrape_configs:\n- job_name: a # first\n  basic_auth: {username: u}\n"
            "- job_name: b # second\n  metrics_path: /theirs\n"_ba);
        QCOMPARE(save(m_paths, inForce, pending, m_now).error().kind, ErrorKind::conflict);
        const ExternalEdit edit = externalEdit(m_paths, inForce, seen, pending);
        QCOMPARE(edit.kind, ExternalEdit::Kind::good);
        QCOMPARE(secretOf(edit.onDisk.scrapeConfigs[0], keptPassword)->reveal(), "s");
        const auto saved = save(m_paths, edit.onDisk, edit.merged, m_now);
        QVERIFY2(saved.has_value(), saved ? "" : saved.error().message.c_str());
        QCOMPARE(get("prometheus.yml"),
                 "# theirs\nscrape_configs:\n- job_name: a # first\n  basic_auth: {username: u}\n"
                 "  metrics_path: /ours\n- job_name: b # second\n  metrics_path: /theirs\n");
        QVERIFY(saved->config == edit.merged);
    }

    void onePlaceTwice()
    {
        put("prometheus.yml", "scrape_configs: [{job_name: a}]\n"_ba);
        const Config inForce = load(m_paths).value().config;
        const FileTexts seen = textsOf(m_paths, inForce);
        Config pending = inForce;
        pending.scrapeConfigs[0].metricsPath = "/ours";
        put("prometheus.yml", "scrape_configs: [{job_name: a, metrics_path: /theirs}]\n"_ba);
        const ExternalEdit edit = externalEdit(m_paths, inForce, seen, pending);
        QCOMPARE(edit.kind, ExternalEdit::Kind::conflict);
        QCOMPARE(joined(edit.conflicts), "job \"a\""_ba);
        QCOMPARE(edit.merged.scrapeConfigs[0].metricsPath, "/theirs");
    }
};

QTEST_GUILESS_MAIN(TestConfigExternalEdit)
#include "tst_config_external_edit.moc"
