// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/icons.h"
#include "ui/theme/palette.h"

#include <QGuiApplication>
#include <QImage>
#include <QPixmap>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire::ui::theme;

namespace {

/// The colour of the most opaque pixels.
QColor inkOf(const QImage& image)
{
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (qAlpha(image.pixel(x, y)) == 255) {
                return QColor(image.pixel(x, y));
            }
        }
    }
    return {};
}

int painted(const QImage& image)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            count += qAlpha(image.pixel(x, y)) > 0 ? 1 : 0;
        }
    }
    return count;
}

} // namespace

class TestIcons : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { QGuiApplication::setPalette(makePalette(Scheme::light)); }

    void everyIconIsDrawn_data()
    {
        QTest::addColumn<QString>("name");
        const QStringList names = iconNames();
        QVERIFY(names.size() > 60);
        for (const QString& name : names) {
            QTest::newRow(qPrintable(name)) << name;
        }
    }

    void everyIconIsDrawn()
    {
        QFETCH(QString, name);
        const QImage image = icon(name).pixmap(48).toImage();
        QCOMPARE(image.size(), QSize(48, 48));
        // A drawing covers some of its square but never most of it.
        QVERIFY(painted(image) > 30);
        QVERIFY(painted(image) < 48 * 48 * 0.75);
    }

    void pagesHaveIcons()
    {
        const QStringList names = iconNames();
        for (const QString& page : {u"overview"_s, u"targets"_s, u"explore"_s, u"dashboards"_s,
                                    u"rules"_s, u"alerts"_s, u"status"_s, u"settings"_s}) {
            QVERIFY2(names.contains(page), qPrintable(page));
        }
    }

    /// A button keeps the icon it was given; a change of theme must reach it all the same.
    void followsThePalette()
    {
        const QIcon kept = icon("menu");
        const QPalette light = makePalette(Scheme::light);
        const QPalette dark = makePalette(Scheme::dark);
        QCOMPARE(inkOf(kept.pixmap(48).toImage()).rgb(), light.color(QPalette::WindowText).rgb());
        QGuiApplication::setPalette(dark);
        QCOMPARE(inkOf(kept.pixmap(48).toImage()).rgb(), dark.color(QPalette::WindowText).rgb());
        QCOMPARE(inkOf(kept.pixmap(48, 48, QIcon::Selected).toImage()).rgb(),
                 dark.color(QPalette::HighlightedText).rgb());
        QCOMPARE(inkOf(kept.pixmap(48, 48, QIcon::Disabled).toImage()).rgb(),
                 dark.color(QPalette::Disabled, QPalette::WindowText).rgb());
        QGuiApplication::setPalette(light);
    }

    void missingIconIsVisible()
    {
        const QImage image = icon("no-such-icon").pixmap(24).toImage();
        QVERIFY(painted(image) > 20);
    }

    void trayTellsItsStateByShape()
    {
        const auto at = [](TrayState state, int firing) {
            return trayIcon(state, firing).pixmap(22).toImage();
        };
        QVERIFY(painted(at(TrayState::calm, 0)) < painted(at(TrayState::firing, 0)));
        QVERIFY(at(TrayState::calm, 0) != at(TrayState::paused, 0));
        QVERIFY(at(TrayState::firing, 1) != at(TrayState::firing, 2));
        QCOMPARE(at(TrayState::firing, 100), at(TrayState::firing, 5000)); // both "99+"
    }

    void appIconHasItsSizes()
    {
        QCOMPARE(appIcon().availableSizes().size(), 8);
        QVERIFY(painted(appIcon().pixmap(64).toImage()) > 64 * 64 * 0.6);
    }
};

QTEST_MAIN(TestIcons)
#include "tst_icons.moc"
