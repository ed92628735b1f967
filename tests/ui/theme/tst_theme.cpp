// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/appearance.h"
#include "ui/theme/palette.h"
#include "ui/theme/theme.h"

#include <algorithm>
#include <memory>

#include <QAbstractButton>
#include <QApplication>
#include <QCheckBox>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVariant>
#include <QProcess>
#include <QRadioButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QStyle>
#include <QStyleOption>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire::ui::theme;

namespace {

/// Stands for the settings portal of a desktop.
class FakePortal : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.Settings")
public:
    uint scheme = 1;

public slots:
    Q_SCRIPTABLE QDBusVariant Read(const QString&, const QString& key)
    {
        // Wrapped twice, as the first versions of the portal answer.
        return QDBusVariant(
            QVariant::fromValue(QDBusVariant(key == u"color-scheme"_s ? scheme : 0U)));
    }

signals:
    Q_SCRIPTABLE void SettingChanged(const QString& space, const QString& key,
                                     const QDBusVariant& value);
};

} // namespace

class TestTheme : public QObject {
    Q_OBJECT
private slots:
    void modes_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<Mode>("mode");
        QTest::newRow("light") << u"light"_s << Mode::light;
        QTest::newRow("dark") << u"dark"_s << Mode::dark;
        QTest::newRow("system") << u"system"_s << Mode::system;
        QTest::newRow("anything else") << u"sepia"_s << Mode::system;
    }

    void modes()
    {
        QFETCH(QString, text);
        QFETCH(Mode, mode);
        QCOMPARE(modeFrom(text), mode);
    }

    void appliesAtOnce()
    {
        Theme theme;
        QSignalSpy changed(&theme, &Theme::changed);
        theme.setMode(Mode::dark);
        QCOMPARE(theme.scheme(), Scheme::dark);
        QCOMPARE(QApplication::palette().color(QPalette::Base), QColor(0x23, 0x26, 0x29));
        QVERIFY(QApplication::style()->inherits("watchfire::ui::theme::FusionStyle"));
        QVERIFY(!changed.isEmpty());
        theme.setMode(Mode::light);
        QCOMPARE(theme.scheme(), Scheme::light);
        theme.setHighContrast(true);
        QCOMPARE(theme.contrast(), Contrast::high);
        QCOMPARE(theme.scheme(), Scheme::light);
        theme.setHighContrast(false);
        QCOMPARE(theme.contrast(), Contrast::normal);
    }

    void uncheckedBoxesAreSeen_data()
    {
        QTest::addColumn<Mode>("mode");
        QTest::addColumn<bool>("isHigh");
        QTest::addColumn<bool>("isRadio");
        QTest::newRow("light") << Mode::light << false << false;
        QTest::newRow("dark") << Mode::dark << false << false;
        QTest::newRow("dark, high contrast") << Mode::dark << true << false;
        QTest::newRow("a radio button, light") << Mode::light << false << true;
        QTest::newRow("a radio button, dark") << Mode::dark << false << true;
    }

    /// Source: WCAG 2.2, 1.4.11: parts of controls at 3:1.
    void uncheckedBoxesAreSeen()
    {
        QFETCH(Mode, mode);
        QFETCH(bool, isHigh);
        QFETCH(bool, isRadio);
        Theme theme;
        theme.setMode(mode);
        theme.setHighContrast(isHigh);
        const std::unique_ptr<QAbstractButton> box(
            isRadio ? static_cast<QAbstractButton*>(new QRadioButton) : new QCheckBox);
        box->resize(40, 24);
        QStyleOptionButton option;
        option.initFrom(box.get());
        const QRect indicator = box->style()->subElementRect(
            isRadio ? QStyle::SE_RadioButtonIndicator : QStyle::SE_CheckBoxIndicator, &option,
            box.get());
        const QImage image = box->grab().toImage();
        double edge = 1;
        for (int x = indicator.left(); x < indicator.center().x() - 2; ++x) {
            edge = std::max(edge,
                            contrastRatio(image.pixelColor(x, indicator.center().y()),
                                          image.pixelColor(indicator.center())));
        }
        QVERIFY2(edge >= 3, qPrintable(QString::number(edge)));
        theme.setHighContrast(false);
        theme.setMode(Mode::light);
    }

    void withoutADesktopItIsLight()
    {
        Theme theme;
        theme.setMode(Mode::system);
        QCOMPARE(theme.scheme(), Scheme::light);
    }

    void followsThePortal()
    {
        if (QStandardPaths::findExecutable(u"dbus-daemon"_s).isEmpty()) {
            QSKIP("SKIPPED-LOUDLY: dbus-daemon is not installed");
        }
        QProcess daemon;
        daemon.start(u"dbus-daemon"_s, {u"--session"_s, u"--nofork"_s, u"--print-address"_s});
        QVERIFY(daemon.waitForStarted());
        QTRY_VERIFY(daemon.canReadLine());
        const QString address = QString::fromUtf8(daemon.readLine()).trimmed();

        FakePortal portal;
        QDBusConnection there = QDBusConnection::connectToBus(address, u"portal"_s);
        QVERIFY(there.isConnected());
        QVERIFY(there.registerObject(u"/org/freedesktop/portal/desktop"_s, &portal,
                                     QDBusConnection::ExportScriptableContents));
        QVERIFY(there.registerService(u"org.freedesktop.portal.Desktop"_s));

        {
            Theme theme;
            theme.setMode(Mode::system);
            QCOMPARE(theme.scheme(), Scheme::light);
            theme.portal().startOn(QDBusConnection::connectToBus(address, u"watchfire"_s));
            QTRY_COMPARE(theme.scheme(), Scheme::dark);

            emit portal.SettingChanged(u"org.freedesktop.appearance"_s, u"color-scheme"_s,
                                       QDBusVariant(2U));
            QTRY_COMPARE(theme.scheme(), Scheme::light);
            emit portal.SettingChanged(u"org.freedesktop.appearance"_s, u"contrast"_s,
                                       QDBusVariant(1U));
            QTRY_COMPARE(theme.contrast(), Contrast::high);
            emit portal.SettingChanged(u"org.example"_s, u"color-scheme"_s, QDBusVariant(1U));
            emit portal.SettingChanged(u"org.freedesktop.appearance"_s, u"contrast"_s,
                                       QDBusVariant(0U));
            QTRY_COMPARE(theme.contrast(), Contrast::normal);
            QCOMPARE(theme.scheme(), Scheme::light); // the stranger's signal changed nothing

            // What a person chose stands above what the desktop wants.
            theme.setMode(Mode::light);
            emit portal.SettingChanged(u"org.freedesktop.appearance"_s, u"color-scheme"_s,
                                       QDBusVariant(1U));
            QTRY_COMPARE(theme.portal().scheme(), std::optional(Scheme::dark));
            QCOMPARE(theme.scheme(), Scheme::light);
        }
        QDBusConnection::disconnectFromBus(u"watchfire"_s);
        QDBusConnection::disconnectFromBus(u"portal"_s);
        daemon.terminate();
        QVERIFY(daemon.waitForFinished());
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
