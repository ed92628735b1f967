// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/icons.h"
#include "ui/theme/palette.h"
#include "ui/theme/tray_icon.h"

#include <QDir>
#include <QGuiApplication>
#include <QImage>
#include <QPainter>
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

    /// The corners of the number's ground: there for a square one, cut off by the others.
    void trayTellsTheWorst()
    {
        const auto at = [](State worst) {
            return trayIcon(TrayState::firing, 2, worst).pixmap(64).toImage();
        };
        const QImage critical = at(State::critical);
        const QImage warning = at(State::warning);
        const QImage other = at(State::unknown);
        QVERIFY(critical != warning && warning != other && other != critical);
        const QPoint corner(61, 61);
        QVERIFY(qAlpha(other.pixel(corner)) > 200);
        QVERIFY(qAlpha(warning.pixel(corner)) < 100);
        QVERIFY(qAlpha(critical.pixel(corner)) < 100);
        const QPoint middleRight(62, 46);
        QVERIFY2(painted(critical) < painted(other), "pointed ends take less than a square");
        QVERIFY(qAlpha(warning.pixel(middleRight)) > 200);
    }

    void savePictures()
    {
        const QString into = qEnvironmentVariable("WATCHFIRE_SHOTS");
        if (into.isEmpty()) {
            QSKIP("set WATCHFIRE_SHOTS to a folder to save the tray's icons as PNG");
        }
        const QList<std::pair<State, int>> worst{
            {State::critical, 3}, {State::warning, 12}, {State::unknown, 120}};
        QImage sheet(320, 160, QImage::Format_ARGB32_Premultiplied);
        QPainter painter(&sheet);
        painter.fillRect(0, 0, 320, 80, QColor(0xf5, 0xf6, 0xf7));
        painter.fillRect(0, 80, 320, 80, QColor(0x1b, 0x1e, 0x20));
        for (int row = 0; row < 2; ++row) {
            for (int i = 0; i < 3; ++i) {
                const QIcon icon = trayIcon(TrayState::firing, worst[i].second, worst[i].first);
                painter.drawPixmap(8 + i * 104, 8 + row * 80, icon.pixmap(64));
                painter.drawPixmap(76 + i * 104, 40 + row * 80, icon.pixmap(22));
            }
        }
        painter.end();
        QVERIFY(QDir().mkpath(into) && sheet.save(into + u"/tray.png"_s));
    }

    void appIconHasItsSizes()
    {
        QCOMPARE(appIcon().availableSizes().size(), 8);
        QVERIFY(painted(appIcon().pixmap(64).toImage()) > 64 * 64 * 0.6);
    }
};

QTEST_MAIN(TestIcons)
#include "tst_icons.moc"
