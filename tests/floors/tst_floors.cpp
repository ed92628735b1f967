// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "test_places.h"

#include <QDirIterator>
#include <QFile>
#include <QHash>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

/// Folders that everything above them may include without saying so.
const QSet<QString> openToAll{u"core/base"_s, u"core/encoding"_s, u"core/text"_s, u"core/ports"_s,
                              u"core/model"_s};

/// Headers of the system and the only folders that may include them.
struct Fence {
    QRegularExpression header;
    QStringList folders;
};
const QList<Fence> fences{
    {QRegularExpression(u"^lmdb\\.h$"_s), {u"core/tsdb"_s}},
    {QRegularExpression(u"^re2/"_s), {u"core/text"_s}},
    {QRegularExpression(u"^curl/"_s), {u"core/net"_s}},
    {QRegularExpression(u"^microhttpd\\.h$"_s), {u"core/net"_s}},
    {QRegularExpression(u"^libfyaml\\.h$"_s), {u"core/encoding"_s}},
    {QRegularExpression(u"^simdjson\\.h$"_s), {u"core/encoding"_s}},
    {QRegularExpression(u"^(QtCharts/|QChart|QAbstractSeries|QCategoryAxis)"_s), {u"ui/chart"_s}},
    {QRegularExpression(u"^KSyntaxHighlighting/"_s), {u"ui/editor"_s}},
    {QRegularExpression(u"^Q[A-Z]"_s), {u"core/net"_s, u"core/desktop"_s, u"ui"_s, u"app"_s}},
};

QString read(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

bool isWithin(const QString& path, const QString& folder)
{
    return path.startsWith(folder + u'/');
}

} // namespace

/// Reads every include of the tree and holds it against what CMake declares.
class TestFloors : public QObject {
    Q_OBJECT

    QHash<QString, QString> m_folderOf; // target → folder
    QHash<QString, QStringList> m_uses; // folder → folders it may include
    QString m_source = QStringLiteral(WATCHFIRE_SOURCE_DIR);

    /// The declared folder a file belongs to: the deepest one that holds it.
    QString ownerOf(const QString& path) const
    {
        QString owner;
        for (auto entry = m_uses.begin(); entry != m_uses.end(); ++entry) {
            if (isWithin(path, entry.key()) && entry.key().size() > owner.size()) {
                owner = entry.key();
            }
        }
        return owner;
    }

    static QStringList includesOf(const QString& text, bool system)
    {
        static const QRegularExpression quoted(u"^\\s*#\\s*include\\s*\"([^\"]+)\""_s,
                                               QRegularExpression::MultilineOption);
        static const QRegularExpression angled(u"^\\s*#\\s*include\\s*<([^>]+)>"_s,
                                               QRegularExpression::MultilineOption);
        QStringList out;
        for (const auto& match : (system ? angled : quoted).globalMatch(text)) {
            out << match.captured(1);
        }
        return out;
    }

    QStringList sources() const
    {
        QStringList out;
        for (const QString& top : {u"core"_s, u"ui"_s, u"app"_s}) {
            QDirIterator files(m_source + u'/' + top, {u"*.h"_s, u"*.cpp"_s}, QDir::Files,
                               QDirIterator::Subdirectories);
            while (files.hasNext()) {
                out << files.next().mid(m_source.size() + 1);
            }
        }
        return out;
    }

private slots:
    void initTestCase()
    {
        const QString text = read(QStringLiteral(WATCHFIRE_BINARY_DIR) + u"/floors.txt"_s);
        QVERIFY2(!text.isEmpty(), "the record of floors is missing");
        const QStringList rows = text.split(u'\n', Qt::SkipEmptyParts);
        for (const QString& row : rows) {
            const QStringList parts = row.split(u'|');
            QCOMPARE(parts.size(), 3);
            m_folderOf.insert(u"watchfire::"_s + parts[0], parts[1]);
        }
        for (const QString& row : rows) {
            const QStringList parts = row.split(u'|');
            // Several targets may share a folder: what one may use, its sources may.
            for (const QString& used : parts[2].split(u',', Qt::SkipEmptyParts)) {
                if (m_folderOf.contains(used)) {
                    m_uses[parts[1]] << m_folderOf.value(used);
                }
            }
            m_uses[parts[1]];
        }
    }

    void includesStayOnTheirFloor()
    {
        QStringList faults;
        for (const QString& path : sources()) {
            if (isWithin(path, u"app"_s)) {
                continue; // the composition may use everything
            }
            const QString owner = ownerOf(path);
            if (owner.isEmpty()) {
                faults << path + u": belongs to no declared folder"_s;
                continue;
            }
            for (const QString& include : includesOf(read(m_source + u'/' + path), false)) {
                if (!include.startsWith(u"core/"_s) && !include.startsWith(u"ui/"_s)
                    && !include.startsWith(u"app/"_s) && !include.startsWith(u"tests/"_s)) {
                    continue; // generated
                }
                const QString target = ownerOf(include);
                if (target == owner || openToAll.contains(target)
                    || m_uses.value(owner).contains(target)) {
                    continue;
                }
                faults << path + u" includes "_s + include + u", but "_s + owner
                        + u" does not use "_s + (target.isEmpty() ? u"it"_s : target);
            }
        }
        QVERIFY2(faults.isEmpty(), qPrintable(u'\n' + faults.join(u'\n')));
    }

    void theClientLibraryStandsAlone()
    {
        QDirIterator files(m_source + u"/core/client"_s, {u"*.h"_s, u"*.cpp"_s}, QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString path = files.next();
            for (const QString& include : includesOf(read(path), false)) {
                QVERIFY2(!include.startsWith(u"core/"_s), qPrintable(path + u": "_s + include));
            }
        }
    }

    void librariesStayBehindTheirDoors()
    {
        QStringList faults;
        for (const QString& path : sources()) {
            for (const QString& include : includesOf(read(m_source + u'/' + path), true)) {
                for (const Fence& fence : fences) {
                    if (!fence.header.match(include).hasMatch()) {
                        continue;
                    }
                    const bool inside = std::ranges::any_of(
                        fence.folders, [&](const QString& f) { return isWithin(path, f); });
                    if (!inside) {
                        faults << path + u" includes <"_s + include + u'>';
                    }
                    break;
                }
            }
        }
        QVERIFY2(faults.isEmpty(), qPrintable(u'\n' + faults.join(u'\n')));
    }

    void usesGoDown()
    {
        // A folder that is used never uses its user, directly or through others.
        QStringList faults;
        for (auto entry = m_uses.begin(); entry != m_uses.end(); ++entry) {
            QSet<QString> reached;
            QStringList open = entry.value();
            while (!open.isEmpty()) {
                const QString next = open.takeLast();
                if (!reached.contains(next)) {
                    reached.insert(next);
                    open << m_uses.value(next);
                }
            }
            if (reached.contains(entry.key()) && !entry.value().contains(entry.key())) {
                faults << entry.key();
            }
        }
        QVERIFY2(faults.isEmpty(), qPrintable(u"in a circle: "_s + faults.join(u", "_s)));
    }
};

QTEST_GUILESS_MAIN(TestFloors)
#include "tst_floors.moc"
