// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "test_places.h"
#include "tests/support/english.h"

#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QTest>
#include <QXmlStreamReader>

using namespace Qt::StringLiterals;

/// Texts that count something say it in good English.
class TestTranslations : public QObject {
    Q_OBJECT

private slots:
    void oneIsNotMany()
    {
        watchfire::tests::speakEnglish();
        const auto targets = [](int count) {
            return QCoreApplication::translate("watchfire::ui::SourceAsk", "%Ln target(s) found",
                                               nullptr, count);
        };
        QCOMPARE(targets(1), u"1 target found"_s);
        QCOMPARE(targets(2), u"2 targets found"_s);
        QCOMPARE(targets(0), u"0 targets found"_s);
    }

    /// `update_translations` adds what is new; its English forms are then written by hand.
    void everyCountHasItsPluralForms()
    {
        const QSet<QString> translated = completePlurals();
        QVERIFY(!translated.isEmpty());
        const QStringList counting = countingTexts();
        QVERIFY(counting.size() > 30);
        QStringList faults;
        for (const QString& text : counting) {
            if (!translated.contains(text)) {
                faults << text;
            }
        }
        QVERIFY2(faults.isEmpty(),
                 qPrintable(u"without plural forms in translations/watchfire_en.ts: "_s
                            + faults.join(u", "_s)));
    }

private:
    static QString sourceFolder() { return QStringLiteral(WATCHFIRE_SOURCE_DIR) + u'/'; }

    /// Sources that have both forms, and these written for people: without "(s)".
    static QSet<QString> completePlurals()
    {
        QSet<QString> complete;
        QFile file(sourceFolder() + u"translations/watchfire_en.ts"_s);
        if (!file.open(QIODevice::ReadOnly)) {
            return complete;
        }
        QXmlStreamReader xml(&file);
        QString source;
        int forms = 0;
        while (!xml.atEnd()) {
            xml.readNext();
            if (xml.isStartElement() && xml.name() == "source"_L1) {
                source = xml.readElementText();
                forms = 0;
            } else if (xml.isStartElement() && xml.name() == "numerusform"_L1) {
                const QString form = xml.readElementText();
                forms += form.isEmpty() || form.contains(u"(s)"_s) ? 0 : 1;
            } else if (xml.isEndElement() && xml.name() == "message"_L1 && forms == 2) {
                complete.insert(source);
            }
        }
        return complete;
    }

    /// What the code gives to tr() together with a count.
    static QStringList countingTexts()
    {
        // tr("…" "…", nullptr or a remark, count
        static const QString quoted = u"\"(?:[^\"\\\\]|\\\\.)*\""_s;
        static const QRegularExpression call(
            u"\\b(?:tr\\(|translate\\(\\s*%1,)\\s*((?:%1\\s*)+),\\s*(?:nullptr|%1),"_s.arg(quoted));
        static const QRegularExpression seam(u"\"\\s*\""_s);
        QStringList texts;
        for (const QString& top : {u"app"_s, u"core/desktop"_s, u"ui"_s}) {
            QDirIterator files(sourceFolder() + top, {u"*.h"_s, u"*.cpp"_s}, QDir::Files,
                               QDirIterator::Subdirectories);
            while (files.hasNext()) {
                QFile file(files.next());
                if (!file.open(QIODevice::ReadOnly)) {
                    continue;
                }
                const QString code = QString::fromUtf8(file.readAll());
                auto calls = call.globalMatch(code);
                while (calls.hasNext()) {
                    QString text = calls.next().captured(1).trimmed();
                    text.replace(seam, QString());
                    texts << text.mid(1, text.size() - 2);
                }
            }
        }
        return texts;
    }
};

QTEST_GUILESS_MAIN(TestTranslations)
#include "tst_translations.moc"
