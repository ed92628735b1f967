// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/external_edit.h"
#include "core/config/import.h"
#include "core/config/secrets.h"
#include "tests/core/config/random_config.h"

#include <algorithm>
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

QByteArray places(const std::vector<EditConflict>& conflicts)
{
    QByteArray out;
    for (const EditConflict& conflict : conflicts) {
        out += (out.isEmpty() ? "" : ", ") + QByteArray::fromStdString(conflict.place);
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
        QTest::newRow("exemplars") << "storage: {exemplars: {max_exemplars: 5}}\n"_ba
                                   << "rule_files: [a.yml]\n"
                                      "storage: {exemplars: {max_exemplars: 5}}\n"_ba
                                   << "storage: {exemplars: {max_exemplars: 9}}\n"_ba
                                   << "rule_files: [a.yml]\n"
                                      "storage: {exemplars: {max_exemplars: 9}}\n"_ba
                                   << ""_ba;
        QTest::newRow("exemplars, differently")
            << "storage: {exemplars: {max_exemplars: 5}}\n"_ba
            << "storage: {exemplars: {max_exemplars: 6}}\n"_ba << ""_ba
            << "storage: {exemplars: {max_exemplars: 6}}\n"_ba
            << "storage.exemplars.max_exemplars"_ba;
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
        QCOMPARE(places(got.conflicts), conflicts);
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
            // A section that is not acted on keeps no place among others, and how `global` is
            // written is the file's.
            Config got = ours.config;
            got.plainGlobal = other.plainGlobal;
            std::ranges::sort(got.foreign, {}, &ForeignSection::name);
            Config wanted = other;
            std::ranges::sort(wanted.foreign, {}, &ForeignSection::name);
            QVERIFY(got == wanted);
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
        QCOMPARE(places(mergeConfigs(base, theirs, ours).conflicts), "color_scheme"_ba);
    }

    /// What somebody is told who has to choose.
    void bothVersionsAreTold_data()
    {
        QTest::addColumn<QByteArray>("base");
        QTest::addColumn<QByteArray>("theirs");
        QTest::addColumn<QByteArray>("ours");
        QTest::addColumn<QByteArray>("inTheFile");
        QTest::addColumn<QByteArray>("here");
        QTest::newRow("only what differs")
            << "scrape_configs: [{job_name: a, sample_limit: 5}]\n"_ba
            << "scrape_configs: [{job_name: a, sample_limit: 5, metrics_path: /b}]\n"_ba
            << "scrape_configs: [{job_name: a, sample_limit: 5, metrics_path: /c}]\n"_ba
            << "metrics_path: /b\n"_ba << "metrics_path: /c\n"_ba;
        QTest::newRow("gone there") << "scrape_configs: [{job_name: a}]\n"_ba << ""_ba
                                    << "scrape_configs: [{job_name: a, scheme: https}]\n"_ba
                                    << ""_ba << "*scheme: https\n*"_ba;
        QTest::newRow("gone here") << "scrape_configs: [{job_name: a}]\n"_ba
                                   << "scrape_configs: [{job_name: a, scheme: https}]\n"_ba << ""_ba
                                   << "*scheme: https\n*"_ba << ""_ba;
        QTest::newRow("no secret is told")
            << "scrape_configs: [{job_name: a}]\n"_ba
            << "scrape_configs: [{job_name: a, basic_auth: {username: u, password: there}}]\n"_ba
            << "scrape_configs: [{job_name: a, basic_auth: {username: u, password: here}}]\n"_ba
            << "# nothing more than that, or a secret\n"_ba
            << "# nothing more than that, or a secret\n"_ba;
        QTest::newRow("a setting") << "global: {scrape_interval: 1m}\n"_ba
                                   << "global: {scrape_interval: 30s}\n"_ba
                                   << "global: {scrape_interval: 20s}\n"_ba
                                   << "scrape_interval: 30s\n"_ba << "scrape_interval: 20s\n"_ba;
        QTest::newRow("one that is not set there")
            << "storage: {exemplars: {max_exemplars: 5}}\n"_ba << ""_ba
            << "storage: {exemplars: {max_exemplars: 6}}\n"_ba << ""_ba << "6\n"_ba;
    }

    void bothVersionsAreTold()
    {
        QFETCH(QByteArray, base);
        QFETCH(QByteArray, theirs);
        QFETCH(QByteArray, ours);
        QFETCH(QByteArray, inTheFile);
        QFETCH(QByteArray, here);
        const Merge got = mergeConfigs(read(base), read(theirs), read(ours));
        QCOMPARE(got.conflicts.size(), 1U);
        const auto fits = [](const std::string& text, const QByteArray& pattern) {
            const QByteArray whole = QByteArray::fromStdString(text);
            return pattern.startsWith('*') ? whole.contains(pattern.sliced(1, pattern.size() - 2))
                                           : whole == pattern;
        };
        const EditConflict& conflict = got.conflicts.front();
        QVERIFY2(fits(conflict.theirs, inTheFile), conflict.theirs.c_str());
        QVERIFY2(fits(conflict.ours, here), conflict.ours.c_str());
    }

    void aConflictInWords()
    {
        QCOMPARE(describe({{"job \"a\"", "metrics_path: /b\nscheme: https\n", ""},
                           {"rule_files", "- a.yml\n", "- b.yml\n"}}),
                 "the same was changed in the files meanwhile, and nothing was saved\n"
                 "job \"a\"\n  in the file:\n    metrics_path: /b\n    scheme: https\n"
                 "  here: it is gone\n"
                 "rule_files\n  in the file:\n    - a.yml\n  here:\n    - b.yml");
    }

    void filesOnDisk()
    {
        put("prometheus.yml", "scrape_configs: [{job_name: a}]\n"_ba);
        const Config inForce = load(m_paths).value().config;
        const auto look = [&] { return externalEdit(m_paths, {inForce, inForce}); };
        using Kind = ExternalEdit::Kind;
        QVERIFY(!look().isChanged);
        put("prometheus.yml", "scrape_configs: [{job_name: a}] # touched\n"_ba);
        QVERIFY(!look().isChanged);

        put("rules/new.yml", "groups: [{name: g}]\n"_ba); // found by no pattern
        QVERIFY(!look().isChanged);
        put("prometheus.yml", "rule_files: ['rules/*']\nscrape_configs: [{job_name: a}]\n"_ba);
        const ExternalEdit good = look();
        QVERIFY(good.isChanged);
        QCOMPARE(good.kind, Kind::good);
        QCOMPARE(good.onDisk.ruleGroups.at(0).name, "g");
        QVERIFY(good.merged == good.onDisk);

        put("rules/new.yml", "groups: [{rules: []}]\n"_ba);
        const ExternalEdit bad = look();
        QCOMPARE(bad.kind, Kind::bad);
        QVERIFY(bad.faults.at(0).toString().contains("rules/new.yml:1:10: Groupname"));
    }

    void aNewFileOfAKnownPattern()
    {
        const Config inForce = load(m_paths).value().config; // rules/*.yml
        const auto look = [&] { return externalEdit(m_paths, {inForce, inForce}); };
        put("rules/new.yml", "groups: [{name: g}]\n"_ba);
        QVERIFY(look().isChanged);
        fs::remove(m_folder / "rules/new.yml");
        QVERIFY(!look().isChanged);
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
        Config wanted = inForce;
        wanted.scrapeConfigs[0].metricsPath = "/ours";
        put("prometheus.yml",
            "# theirs\nscrape_configs:\n- job_name: a # first\n  basic_auth: {username: u}\n"
            "- job_name: b # second\n  metrics_path: /theirs\n"_ba);
        QCOMPARE(save(m_paths, inForce, wanted, m_now).error().kind, ErrorKind::conflict);
        const ExternalEdit edit = externalEdit(m_paths, {inForce, wanted});
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
        Config wanted = inForce;
        wanted.scrapeConfigs[0].metricsPath = "/ours";
        put("prometheus.yml", "scrape_configs: [{job_name: a, metrics_path: /theirs}]\n"_ba);
        const ExternalEdit edit = externalEdit(m_paths, {inForce, wanted});
        QCOMPARE(edit.kind, ExternalEdit::Kind::conflict);
        QCOMPARE(places(edit.conflicts), "job \"a\""_ba);
        QCOMPARE(edit.merged.scrapeConfigs[0].metricsPath, "/theirs");
    }
};

QTEST_GUILESS_MAIN(TestConfigExternalEdit)
#include "tst_config_external_edit.moc"
