// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promblocks/block.h"
#include "core/tsdb/codec/crc32c.h"

#include <bit>
#include <functional>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;
using namespace watchfire::promblocks;
using namespace Qt::StringLiterals;

namespace {

/// Bytes as the description of the format has them.
class Text {
public:
    Text& be(std::uint64_t value, int bytes)
    {
        for (int i = bytes; i-- > 0;) {
            m_data += static_cast<char>(value >> (8 * i) & 0xFF);
        }
        return *this;
    }
    Text& uvarint(std::uint64_t value)
    {
        while (value >= 0x80) {
            be((value & 0x7F) | 0x80, 1);
            value >>= 7;
        }
        return be(value, 1);
    }
    Text& varint(std::int64_t value) { return uvarint(zigzag(value)); }
    Text& raw(const std::string& text)
    {
        m_data += text;
        return *this;
    }
    Text& word(const std::string& text) { return uvarint(text.size()).raw(text); }
    Text& crcOf(const std::string& text) { return be(tsdb::crc32c(asBytes(text)), 4); }
    Text& section(const std::string& contents)
    {
        return be(contents.size(), 4).raw(contents).crcOf(contents);
    }
    void align(std::size_t to) { m_data.resize((m_data.size() + to - 1) / to * to, '\0'); }
    const std::string& str() const { return m_data; }
    std::size_t size() const { return m_data.size(); }

private:
    std::string m_data;
};

/// Two samples of the same value, 15 s apart.
std::string chunk(std::int64_t atMs, double value, std::uint8_t encoding = 1)
{
    std::string body(1, static_cast<char>(encoding));
    body += Text()
                .be(2, 2)
                .varint(atMs)
                .be(std::bit_cast<std::uint64_t>(value), 8)
                .uvarint(15'000)
                .be(0, 1)
                .str();
    return Text().uvarint(body.size() - 1).raw(body).crcOf(body).str();
}

struct Files {
    std::string meta = R"({"version":1,"ulid":"01X","minTime":1000,"maxTime":100000,)"
                       R"("stats":{"numSamples":6,"numSeries":2,"numChunks":3}})";
    std::string index;
    std::string segment;
    std::string tombstones;
};

/// up{job="a"} with chunks at 1 s and 40 s, up{job="b"} with one; b's first sample is deleted.
Files goodBlock()
{
    Files files;
    Text segment;
    segment.be(0x85BD40DD, 4).be(1, 1).be(0, 3);
    const std::size_t a1 = segment.size();
    segment.raw(chunk(1000, 1.5));
    const std::size_t a2 = segment.size();
    segment.raw(chunk(40'000, 2.5));
    const std::size_t b1 = segment.size();
    segment.raw(chunk(2000, 7));
    files.segment = segment.str();

    Text index;
    index.be(0xBAAAD700, 4).be(2, 1);
    const std::size_t symbolsAt = index.size();
    Text symbols;
    symbols.be(6, 4);
    for (const char* symbol : {"", "__name__", "a", "b", "job", "up"}) {
        symbols.word(symbol);
    }
    index.section(symbols.str());
    const auto series = [&](int job, const std::string& chunks) {
        index.align(16);
        const std::size_t at = index.size();
        const std::string contents
            = Text().uvarint(2).uvarint(1).uvarint(5).uvarint(4).uvarint(job).raw(chunks).str();
        index.uvarint(contents.size()).raw(contents).crcOf(contents);
        return at / 16;
    };
    index.align(16);
    const std::size_t seriesAt = index.size();
    const std::size_t a = series(2,
                                 Text()
                                     .uvarint(2)
                                     .varint(1000)
                                     .uvarint(15'000)
                                     .uvarint(a1)
                                     .uvarint(24'000)
                                     .uvarint(15'000)
                                     .varint(static_cast<std::int64_t>(a2 - a1))
                                     .str());
    const std::size_t b
        = series(3, Text().uvarint(1).varint(2000).uvarint(15'000).uvarint(b1).str());
    const std::size_t postingsAt = index.size();
    index.section(Text().be(2, 4).be(a, 4).be(b, 4).str());
    const std::size_t tableAt = index.size();
    index.section(Text().be(1, 4).be(2, 1).word("").word("").uvarint(postingsAt).str());
    const std::string toc = Text()
                                .be(symbolsAt, 8)
                                .be(seriesAt, 8)
                                .be(postingsAt, 8)
                                .be(postingsAt, 8)
                                .be(postingsAt, 8)
                                .be(tableAt, 8)
                                .str();
    files.index = index.raw(toc).crcOf(toc).str();

    const std::string stones = Text().uvarint(b).varint(0).varint(2000).str();
    files.tombstones = Text().be(0x0130BA30, 4).be(1, 1).raw(stones).crcOf(stones).str();
    return files;
}

void write(const QString& path, const std::string& text)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text.data(), qint64(text.size()));
}

void lay(const QTemporaryDir& folder, const Files& files)
{
    QDir(folder.path()).mkpath(u"chunks"_s);
    write(folder.filePath(u"meta.json"_s), files.meta);
    write(folder.filePath(u"index"_s), files.index);
    write(folder.filePath(u"chunks/000001"_s), files.segment);
    write(folder.filePath(u"tombstones"_s), files.tombstones);
}

/// All of the block in words, up to the first error.
std::string readOut(const QTemporaryDir& folder)
{
    const auto block = Block::open(folder.path().toStdString());
    if (!block) {
        return "error: " + block.error().message;
    }
    std::string out;
    for (std::size_t i = 0; i < (*block)->seriesCount(); ++i) {
        const auto series = (*block)->series(i);
        if (!series) {
            return "error: " + series.error().message;
        }
        out += series->labels.toString();
        for (const ChunkPlace& place : series->chunks) {
            std::vector<ChunkSample> samples;
            if (const auto read = (*block)->read(*series, place, samples); !read) {
                return "error: " + read.error().message;
            }
            for (const ChunkSample& sample : samples) {
                out += ' ' + std::to_string(sample.value).substr(0, 3) + '@'
                    + std::to_string(sample.atMs);
            }
        }
        out += '\n';
    }
    return out;
}

const char* const good = "up{job=\"a\"} 1.5@1000 1.5@16000 2.5@40000 2.5@55000\n"
                         "up{job=\"b\"} 7.0@17000\n";

} // namespace

class TestBlock : public QObject {
    Q_OBJECT
private slots:
    void reads()
    {
        QTemporaryDir folder;
        lay(folder, goodBlock());
        QCOMPARE(readOut(folder), std::string(good));
        const auto found = findBlocks(folder.path().toStdString());
        QVERIFY(found);
        QCOMPARE(found->size(), 1U);
    }

    void refused_data()
    {
        QTest::addColumn<int>("which");
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("index of version 1") << 0 << "index: index format 1, only 2 is known"_ba;
        QTest::newRow("an encoding of the future") << 1 << "chunk encoding 9 is not known"_ba;
        QTest::newRow("block of another version") << 2 << "block version 3"_ba;
        QTest::newRow("meta is no JSON") << 3 << "meta.json"_ba;
        QTest::newRow("chunks of version 2") << 4 << "chunk format 2"_ba;
        QTest::newRow("no index at all") << 5 << "offset 0: too short for an index"_ba;
    }
    void refused()
    {
        QFETCH(int, which);
        QFETCH(QByteArray, message);
        Files files = goodBlock();
        switch (which) {
        case 0:
            files.index[4] = 1;
            break;
        case 1:
            files.segment.replace(8, chunk(1000, 1.5).size(), chunk(1000, 1.5, 9));
            break;
        case 2:
            files.meta.replace(files.meta.find("1,"), 1, "3");
            break;
        case 3:
            files.meta = "{";
            break;
        case 4:
            files.segment[4] = 2;
            break;
        default:
            files.index.clear();
        }
        QTemporaryDir folder;
        lay(folder, files);
        const std::string said = readOut(folder);
        QVERIFY2(said.starts_with("error: ") && said.contains(message.toStdString()), said.c_str());
    }

    /// Every byte turned over, every length cut to: an error, or it did not matter.
    void damage_data()
    {
        QTest::addColumn<int>("file");
        QTest::addColumn<bool>("cut");
        QTest::newRow("index, bytes turned over") << 0 << false;
        QTest::newRow("index, cut") << 0 << true;
        QTest::newRow("chunks, bytes turned over") << 1 << false;
        QTest::newRow("chunks, cut") << 1 << true;
        QTest::newRow("tombstones, bytes turned over") << 2 << false;
        QTest::newRow("tombstones, cut") << 2 << true;
    }
    void damage()
    {
        QFETCH(int, file);
        QFETCH(bool, cut);
        const Files whole = goodBlock();
        const auto of = [file](Files& files) -> std::string& {
            return file == 0 ? files.index : file == 1 ? files.segment : files.tombstones;
        };
        int harmless = 0;
        Files copy = whole;
        const std::size_t size = of(copy).size();
        for (std::size_t at = 0; at < size; ++at) {
            Files files = whole;
            if (cut) {
                of(files).resize(at);
            } else {
                of(files)[at] = static_cast<char>(of(files)[at] ^ 0xFF);
            }
            QTemporaryDir folder;
            lay(folder, files);
            const std::string said = readOut(folder);
            harmless += said == good ? 1 : 0;
            QVERIFY2(said == good || said.starts_with("error: "), said.c_str());
        }
        // Padding alone, and in the table of contents nothing.
        QVERIFY2(harmless <= (file == 0       ? 40
                                  : file == 1 ? 3
                                              : 0)
                     && (!cut || harmless == 0),
                 qPrintable(QString::number(harmless)));
    }

    void nothingThere()
    {
        QTemporaryDir folder;
        const auto none = findBlocks(folder.path().toStdString());
        QVERIFY(!none);
        QCOMPARE(none.error().kind, ErrorKind::notFound);
        QVERIFY(none.error().message.contains("snapshot")); // what to do about it
    }
};

QTEST_GUILESS_MAIN(TestBlock)
#include "tst_block.moc"
