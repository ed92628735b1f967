// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/english.h"
#include "tests/support/qt_test.h"
#include "tests/ui/pages/dialog_world.h"
#include "tests/ui/unnamed_controls.h"
#include "ui/pages/inhibition_dialog.h"
#include "ui/pages/inhibition_tab.h"
#include "ui/theme/theme.h"

#include <memory>
#include <optional>
#include <utility>

#include <QDir>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QTreeWidget>

using namespace watchfire;
using namespace watchfire::ui;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;

namespace {

config::InhibitRuleConfig hostDown()
{
    config::InhibitRuleConfig rule;
    rule.source = {Matcher::equal("alertname", "HostDown")};
    rule.target = {*Matcher::make(MatchType::regex, "severity", "warning|info")};
    rule.equal = {"instance"};
    return rule;
}

config::InhibitRuleConfig ofAll()
{
    config::InhibitRuleConfig rule;
    rule.source = {Matcher::equal("alertname", "Watchdog")};
    rule.equal = {"a b"};
    return rule;
}

engine::ConfigSnapshot world(std::vector<config::InhibitRuleConfig> rules)
{
    engine::ConfigSnapshot snapshot;
    snapshot.file = "/etc/watchfire/prometheus.yml";
    snapshot.config.alertmanager.inhibitRules = std::move(rules);
    return snapshot;
}

engine::AlertsSnapshot alerts()
{
    engine::AlertsSnapshot snapshot;
    const auto add = [&](const char* rule, const char* severity, const char* instance) {
        engine::AlertStatus& alert = snapshot.alerts.emplace_back();
        alert.id = snapshot.alerts.size();
        alert.rule = rule;
        alert.labels = Labels{{"alertname", rule}, {"instance", instance}, {"severity", severity}};
        alert.state = AlertState::firing;
    };
    add("HostDown", "critical", "db1");
    for (int disk = 0; disk < 8; ++disk) {
        add("DiskFull", "warning", "db1");
        snapshot.alerts.back().labels
            = snapshot.alerts.back().labels.with("disk", std::to_string(disk));
    }
    add("DiskFull", "warning", "web1");
    return snapshot;
}

} // namespace

/// Inhibition rules as fields, and their dialog and list as a person uses them. With
/// WATCHFIRE_SHOTS=DIR they are saved there as PNG, light and dark.
class TestInhibitionTab : public QObject {
    Q_OBJECT

    std::unique_ptr<DialogWorld> m_world;
    std::unique_ptr<InhibitionTab> m_tab;

    const std::vector<config::InhibitRuleConfig>& inForce() const
    {
        return m_world->bridge->config()->config.alertmanager.inhibitRules;
    }
    void show(std::vector<config::InhibitRuleConfig> rules)
    {
        m_world = std::make_unique<DialogWorld>(world(std::move(rules)));
        QTRY_VERIFY(m_world->bridge->hasConfig());
        m_tab = std::make_unique<InhibitionTab>(*m_world->context);
        m_tab->resize(1000, 500);
        m_tab->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_tab.get()));
    }
    QTreeWidget* list() const { return find<QTreeWidget>(m_tab.get(), "alerts.inhibition"); }
    QString cell(int row, int column) const { return list()->topLevelItem(row)->text(column); }
    QPointer<InhibitionDialog> dialog() const { return m_tab->findChild<InhibitionDialog*>(); }
    static QString note(const QWidget* in, const char* name)
    {
        const auto* const widget = find<QWidget>(in, name);
        return widget != nullptr && widget->isVisible() ? widget->accessibleName() : QString();
    }
    static QString preview(const QWidget* in)
    {
        return find<QLabel>(in, "inhibition.dialog.preview")->text();
    }
    void undo()
    {
        QTRY_VERIFY(m_world->edits->stack().canUndo());
        m_world->edits->stack().undo();
    }

private slots:
    void initTestCase() { speakEnglish(); }
    void cleanup()
    {
        m_tab.reset();
        m_world.reset();
    }

    void fieldsSayTheRule_data()
    {
        QTest::addColumn<config::InhibitRuleConfig>("rule");
        QTest::addColumn<InhibitionForm>("form");
        QTest::newRow("usual") << hostDown()
                               << InhibitionForm{u"alertname=\"HostDown\""_s,
                                                 u"severity=~\"warning|info\""_s, u"instance"_s};
        config::InhibitRuleConfig two = hostDown();
        two.source.push_back(*Matcher::make(MatchType::notEqual, "team", "a \"b\", c"));
        two.equal = {"instance", "job"};
        QTest::newRow("several, with what must be escaped")
            << two
            << InhibitionForm{u"alertname=\"HostDown\", team!=\"a \\\"b\\\", c\""_s,
                              u"severity=~\"warning|info\""_s, u"instance, job"_s};
        QTest::newRow("none") << config::InhibitRuleConfig() << InhibitionForm();
    }
    void fieldsSayTheRule()
    {
        QFETCH(config::InhibitRuleConfig, rule);
        QFETCH(InhibitionForm, form);
        QCOMPARE(InhibitionForm::of(rule), form);
        QCOMPARE(toInhibition(form, {}), rule);
        QCOMPARE(toInhibition(form, rule), rule);
    }

    void whatFieldsCannotSayStays()
    {
        InhibitionForm form = InhibitionForm::of(ofAll());
        form.source = u"alertname=Other"_s;
        const config::InhibitRuleConfig changed = toInhibition(form, ofAll());
        QCOMPARE(changed.source, Matchers{Matcher::equal("alertname", "Other")});
        QCOMPARE(changed.equal, std::vector<std::string>{"a b"});
    }

    void faultsAreNamed_data()
    {
        QTest::addColumn<InhibitionForm>("form");
        QTest::addColumn<std::optional<config::InhibitRuleConfig>>("old");
        QTest::addColumn<QStringList>("faults");
        const InhibitionForm good = InhibitionForm::of(hostDown());
        const std::optional<config::InhibitRuleConfig> none;
        const auto of
            = [](config::InhibitRuleConfig rule) { return std::optional(std::move(rule)); };
        QTest::newRow("good") << good << none << QStringList();
        QTest::newRow("nothing") << InhibitionForm() << none
                                 << QStringList{u"source"_s, u"target"_s};
        QTest::newRow("no source")
            << InhibitionForm{{}, good.target, {}} << none << QStringList{u"source"_s};
        QTest::newRow("not a matcher")
            << InhibitionForm{u"severity"_s, good.target, {}} << none << QStringList{u"source"_s};
        QTest::newRow("not a regular expression")
            << InhibitionForm{good.source, u"a=~\"(\""_s, {}} << none << QStringList{u"target"_s};
        QTest::newRow("the same alerts")
            << InhibitionForm{good.source, good.source, {}} << none << QStringList{u"target"_s};
        QTest::newRow("of all, as it was")
            << InhibitionForm::of(ofAll()) << of(ofAll()) << QStringList();
        QTest::newRow("of all, as it was not")
            << InhibitionForm{good.source, {}, {}} << of(hostDown()) << QStringList{u"target"_s};
    }
    void faultsAreNamed()
    {
        QFETCH(InhibitionForm, form);
        QFETCH(std::optional<config::InhibitRuleConfig>, old);
        QFETCH(QStringList, faults);
        QStringList found;
        for (const auto& [field, sentence] : checkInhibition(form, old)) {
            QVERIFY(!sentence.isEmpty());
            found << field;
        }
        QCOMPARE(found, faults);
    }

    void oneIsAdded()
    {
        show({});
        m_world->engine.publish(alerts());
        QVERIFY(!list()->isVisible());
        click(m_tab.get(), "alerts.inhibition.empty.action");
        const auto made = dialog();
        QVERIFY(made && !made->isModal());
        QCOMPARE(unnamedControls(made), QStringList());
        QCOMPARE(preview(made), u"Would mute nothing"_s);
        click(made, "inhibition.dialog.save"); // says what is missing
        QVERIFY(!note(made, "inhibition.dialog.source.note").isEmpty());
        QVERIFY(!note(made, "inhibition.dialog.target.note").isEmpty());
        type(made, "inhibition.dialog.source", u"alertname=HostDown"_s);
        type(made, "inhibition.dialog.target", u"severity=~\"warning|info\""_s);
        QCOMPARE(note(made, "inhibition.dialog.source.note"), QString());
        QTRY_COMPARE(preview(made), u"Would mute 9 of 10 alerts now"_s);
        QVERIFY(find<QLabel>(made, "inhibition.dialog.list")->text().endsWith(u"and 3 more"_s));
        type(made, "inhibition.dialog.equal", u"instance"_s);
        QCOMPARE(preview(made), u"Would mute 8 of 10 alerts now"_s);
        click(made, "inhibition.dialog.save");
        QTRY_COMPARE(inForce(), std::vector{hostDown()});
        QTRY_VERIFY(!made);
        QTRY_COMPARE(list()->topLevelItemCount(), 1);
        QVERIFY(list()->isVisible());
        QCOMPARE(cell(0, 2), u"instance"_s);
        QTRY_COMPARE(cell(0, 4), u"8"_s);
        QCOMPARE(unnamedControls(m_tab.get()), QStringList());
        undo();
        QTRY_VERIFY(inForce().empty());
    }

    void oneIsChanged()
    {
        show({ofAll(), hostDown()});
        QCOMPARE(cell(0, 1), u"every alert"_s);
        list()->setCurrentItem(list()->topLevelItem(1));
        click(m_tab.get(), "alerts.inhibition.edit");
        const auto shown = dialog();
        QVERIFY(shown);
        QCOMPARE(find<QLineEdit>(shown, "inhibition.dialog.target")->text(),
                 u"severity=~\"warning|info\""_s);
        type(shown, "inhibition.dialog.equal", u"instance, job"_s);
        click(shown, "inhibition.dialog.cancel");
        QVERIFY2(shown && shown->isVisible(), "what was typed is not thrown away unasked");
        click(shown, "inhibition.dialog.save");
        config::InhibitRuleConfig changed = hostDown();
        changed.equal = {"instance", "job"};
        QTRY_COMPARE(inForce(), (std::vector{ofAll(), changed}));
        undo();
        QTRY_COMPARE(inForce(), (std::vector{ofAll(), hostDown()}));
    }

    void oneThatWentMeanwhileIsNotSaved()
    {
        show({hostDown()});
        list()->setCurrentItem(list()->topLevelItem(0));
        click(m_tab.get(), "alerts.inhibition.edit");
        const auto shown = dialog();
        type(shown, "inhibition.dialog.equal", u"job"_s);
        m_world->engine.publish(world({}));
        QTRY_VERIFY(inForce().empty());
        click(shown, "inhibition.dialog.save");
        QCOMPARE(note(shown, "inhibition.dialog.refused"),
                 u"The rule was changed or deleted elsewhere meanwhile."_s);
    }

    void oneIsDeletedAndComesBackToItsPlace()
    {
        show({hostDown(), ofAll(), hostDown()});
        list()->setCurrentItem(list()->topLevelItem(1));
        m_tab->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_tab.get()));
        list()->setFocus();
        QTest::keyClick(list(), Qt::Key_Delete);
        QTRY_COMPARE(inForce(), (std::vector{hostDown(), hostDown()}));
        undo();
        QTRY_COMPARE(inForce(), (std::vector{hostDown(), ofAll(), hostDown()}));
    }

    void whatIsRefusedIsTold()
    {
        show({hostDown()});
        m_world->engine.onApplyConfig = [](const config::Config&) -> Result<engine::ConfigReport> {
            return fail(ErrorKind::io, "the disk is full");
        };
        list()->setCurrentItem(list()->topLevelItem(0));
        click(m_tab.get(), "alerts.inhibition.delete");
        QTRY_COMPARE(note(m_tab.get(), "alerts.inhibition.note"), u"the disk is full"_s);
        QCOMPARE(list()->topLevelItemCount(), 1);
    }

    void savePictures()
    {
        const QString into = qEnvironmentVariable("WATCHFIRE_SHOTS");
        if (into.isEmpty()) {
            QSKIP("set WATCHFIRE_SHOTS to a folder to save the dialogs as PNG");
        }
        QDir().mkpath(into);
        theme::Theme theme;
        for (const auto mode : {theme::Mode::light, theme::Mode::dark}) {
            theme.setMode(mode);
            const auto shoot = [&](const QString& name, QWidget* what) {
                QTest::qWait(150);
                QVERIFY(what->grab().save(
                    into + u'/' + name
                    + (mode == theme::Mode::dark ? u"-dark.png"_s : u"-light.png"_s)));
            };
            show({});
            shoot(u"inhibition-empty"_s, m_tab.get());
            click(m_tab.get(), "alerts.inhibition.empty.action");
            click(dialog(), "inhibition.dialog.save");
            shoot(u"inhibition-faults"_s, dialog());
            show({hostDown(), ofAll()});
            m_world->engine.publish(alerts());
            QTRY_COMPARE(cell(0, 4), u"8"_s);
            list()->setCurrentItem(list()->topLevelItem(0));
            shoot(u"inhibition"_s, m_tab.get());
            m_tab->resize(728, 400);
            shoot(u"inhibition-narrow"_s, m_tab.get());
            click(m_tab.get(), "alerts.inhibition.edit");
            shoot(u"inhibition-dialog"_s, dialog());
        }
    }
};

QTEST_MAIN(TestInhibitionTab)
#include "tst_inhibition_tab.moc"
