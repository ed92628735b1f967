// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/index/index.h"
#include "core/tsdb/index/index_writer.h"
#include "core/tsdb/index/select.h"

#include <algorithm>
#include <array>
#include <random>
#include <set>

#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;
using namespace watchfire::tsdb;

namespace {

std::set<std::uint16_t> randomIds(std::mt19937& random, int shape)
{
    std::set<std::uint16_t> ids;
    switch (shape) {
    case 0: // a few
        for (int i = 0; i < 50; ++i) {
            ids.insert(std::uint16_t(random()));
        }
        break;
    case 1: // runs
        for (int i = 0; i < 40; ++i) {
            const auto first = std::uint32_t(random() % 65'000);
            const auto length = std::uint32_t(random() % 500);
            for (std::uint32_t id = first; id < std::min(first + length, 65'536U); ++id) {
                ids.insert(std::uint16_t(id));
            }
        }
        break;
    case 2: // half of all, scattered
        for (int i = 0; i < 60'000; ++i) {
            ids.insert(std::uint16_t(random()));
        }
        break;
    case 3: // none
        break;
    default: // all
        for (std::uint32_t id = 0; id < 65'536; ++id) {
            ids.insert(std::uint16_t(id));
        }
        break;
    }
    return ids;
}

Container toContainer(const std::set<std::uint16_t>& ids)
{
    const std::vector<std::uint16_t> sorted(ids.begin(), ids.end());
    return Container::fromSorted(sorted);
}

std::set<std::uint16_t> toSet(const Container& container)
{
    std::set<std::uint16_t> ids;
    container.forEach([&](std::uint16_t id) { ids.insert(id); });
    return ids;
}

/// An index over a temporary store that fills extents of one group.
struct Fixture {
    QTemporaryDir dir;
    std::unique_ptr<Environment> environment;
    std::unique_ptr<Index> index;
    std::unique_ptr<IndexWriter> writer;
    std::vector<std::pair<Sid, Labels>> series;
    Sid next = extentSize;

    Fixture() { open(); }
    void open()
    {
        writer.reset();
        index.reset();
        environment.reset();
        environment = std::move(*Environment::open({dir.path().toStdString(), false, 0, {}}));
        index = std::move(*Index::open(*environment));
        writer = std::make_unique<IndexWriter>(*index);
    }
    void add(const Labels& labels)
    {
        const auto found = index->findOrCreate(labels, 1, [this] { return next++; });
        if (found && found->isNew) {
            series.emplace_back(found->sid, labels);
        }
    }
    bool persist()
    {
        const Overlay::Snapshot pending = index->overlay().seal();
        std::vector<const PendingSeries*> list;
        pending.forEach([&](const PendingSeries& one) { list.push_back(&one); });
        auto txn = environment->write();
        if (!txn || !writer->begin(*txn) || !writer->add(*txn, list)) {
            return false;
        }
        writer->addHashes(*txn, list);
        writer->finish(*txn);
        txn->commit();
        writer->committed();
        index->persisted(pending, writer->counters().series);
        return txn->ok();
    }
};

Matcher matcher(MatchType type, const char* name, const char* value)
{
    return *Matcher::make(type, name, value);
}

} // namespace

class TestIndex : public QObject {
    Q_OBJECT

private slots:
    void containersWorkAsSets()
    {
        std::mt19937 random(11);
        for (int a = 0; a < 5; ++a) {
            for (int b = 0; b < 5; ++b) {
                const auto first = randomIds(random, a);
                const auto second = randomIds(random, b);
                std::set<std::uint16_t> wanted;
                Container container = toContainer(first);
                container.unite(toContainer(second));
                std::ranges::set_union(first, second, std::inserter(wanted, wanted.end()));
                QVERIFY(toSet(container) == wanted);
                QCOMPARE(container.cardinality(), wanted.size());

                wanted.clear();
                container = toContainer(first);
                container.intersect(toContainer(second));
                std::ranges::set_intersection(first, second, std::inserter(wanted, wanted.end()));
                QVERIFY(toSet(container) == wanted);
                QCOMPARE(toContainer(first).intersects(toContainer(second)), !wanted.empty());

                wanted.clear();
                container = toContainer(first);
                container.subtract(toContainer(second));
                std::ranges::set_difference(first, second, std::inserter(wanted, wanted.end()));
                QVERIFY(toSet(container) == wanted);
            }
        }
    }

    void containersTakeTheSmallestForm_data()
    {
        QTest::addColumn<int>("shape");
        QTest::addColumn<int>("kind");
        QTest::newRow("a few: array") << 0 << int(ContainerKind::array);
        QTest::newRow("consecutive: runs") << 1 << int(ContainerKind::runs);
        QTest::newRow("scattered: bitmap") << 2 << int(ContainerKind::bitmap);
        QTest::newRow("all: one run") << 4 << int(ContainerKind::runs);
    }
    void containersTakeTheSmallestForm()
    {
        QFETCH(int, shape);
        QFETCH(int, kind);
        std::mt19937 random(5);
        const auto ids = randomIds(random, shape);
        const Bytes value = toContainer(ids).serialize();
        const ContainerView view(value);
        QVERIFY(!view.isBroken());
        QCOMPARE(int(view.kind()), kind);
        QCOMPARE(view.cardinality(), std::uint32_t(ids.size()));
        QVERIFY(toSet(Container(view)) == ids);
    }

    /// Runs that begin and end at, before and after the border of a word, in few and in many ids.
    void runsAreReadToTheirEnds()
    {
        constexpr std::array<std::uint32_t, 9> edges{0, 1, 63, 64, 65, 127, 128, 191, 192};
        for (const std::uint32_t first : edges) {
            for (const std::uint32_t last : edges) {
                for (const std::uint32_t tail : {60'000U, 65'535U}) {
                    std::vector<std::uint16_t> ids;
                    for (std::uint32_t id = first; id <= last; ++id) {
                        ids.push_back(std::uint16_t(id));
                    }
                    for (std::uint32_t id = tail == 65'535 ? 1'000U : tail; id <= tail; ++id) {
                        ids.push_back(std::uint16_t(id));
                    }
                    const Container container = Container::fromSorted(ids);
                    const Bytes value = container.serialize();
                    QVERIFY(Container(ContainerView(value)) == container);
                }
            }
        }
    }

    void brokenContainersReadAsEmpty()
    {
        std::mt19937 random(9);
        const std::array<Bytes, 3> sound{toContainer(randomIds(random, 0)).serialize(),
                                         toContainer(randomIds(random, 1)).serialize(),
                                         toContainer(randomIds(random, 2)).serialize()};
        for (std::size_t i = 0; i < 600; ++i) {
            Bytes value = sound[i % 3];
            value.resize(random() % (value.size() + 1));
            for (int k = 0; k < 3 && !value.empty(); ++k) {
                value[random() % value.size()] = std::uint8_t(random());
            }
            const ContainerView view(value);
            if (view.isBroken()) {
                QVERIFY(Container(view).empty());
            } else { // whatever it is, it is read within its bytes
                QVERIFY(Container(view).cardinality() <= 65'536);
            }
        }
    }

    void seriesPagesRoundTrip()
    {
        std::mt19937 random(2);
        for (int round = 0; round < 50; ++round) {
            SeriesPage page(7);
            std::map<std::uint32_t, std::set<LabelPair>> model;
            for (std::uint32_t i = 0; i < 1 + random() % 64; ++i) {
                const auto slot = std::uint32_t(random() % 64);
                std::set<LabelPair> pairs{{1, 5}, {2, 6}}; // common to all
                for (std::uint32_t k = 0; k < random() % 5; ++k) {
                    pairs.insert({3 + k, std::uint32_t(random() % 1000)});
                }
                page.set(slot, std::vector<LabelPair>(pairs.begin(), pairs.end()));
                model[slot] = pairs;
            }
            const auto parsed = SeriesPage::parse(page.serialize());
            QVERIFY(parsed);
            QCOMPARE(parsed->gid(), 7U);
            QCOMPARE(SeriesPage::gidOf(page.serialize()), 7U);
            for (std::uint32_t slot = 0; slot < 64; ++slot) {
                QCOMPARE(parsed->has(slot), model.contains(slot));
                std::vector<LabelPair> pairs;
                if (parsed->has(slot)) {
                    parsed->pairs(slot, pairs);
                    QVERIFY(std::set<LabelPair>(pairs.begin(), pairs.end()) == model[slot]);
                }
            }
            // Of some of them, what each label has.
            const std::uint64_t places
                = round % 3 == 0 ? ~std::uint64_t{0} : std::uint64_t{random()} << 32 | random();
            for (Nid nid = 1; nid < 9; ++nid) {
                std::set<Vid> wanted;
                for (const auto& [slot, pairs] : model) {
                    for (const LabelPair& pair : pairs) {
                        if ((places >> slot & 1) != 0 && pair.nid == nid) {
                            wanted.insert(pair.vid);
                        }
                    }
                }
                std::vector<Vid> values;
                QVERIFY(SeriesPage::values(page.serialize(), nid, places, values));
                QVERIFY(std::set<Vid>(values.begin(), values.end()) == wanted);
            }
            const Bytes bytes = page.serialize();
            std::vector<Vid> values;
            QVERIFY(!SeriesPage::values(ByteView(bytes).first(bytes.size() - 1), 900,
                                        ~std::uint64_t{0}, values));
            QVERIFY(!SeriesPage::values({}, 1, 1, values));
        }
    }

    void matchersSelectAsTheyMatch_data()
    {
        QTest::addColumn<int>("persisted"); // of 3,000 series; the rest is pending
        QTest::newRow("all persisted") << 3000;
        QTest::newRow("all pending") << 0;
        QTest::newRow("some of each") << 2000;
    }
    void matchersSelectAsTheyMatch()
    {
        QFETCH(int, persisted);
        Fixture fixture;
        std::mt19937 random(17);
        const std::string longValue(600, 'v');
        for (int i = 0; i < 3000; ++i) {
            if (i == persisted && i > 0) {
                QVERIFY(fixture.persist());
            }
            LabelsBuilder builder;
            builder.set("__name__", "metric_" + std::to_string(random() % 20));
            builder.set("instance", "host-" + std::to_string(random() % 40));
            builder.set("n", std::to_string(i));
            if (random() % 3 == 0) {
                builder.set("code", random() % 2 == 0 ? "200" : "503");
            }
            if (random() % 10 == 0) {
                builder.set("path", longValue + std::to_string(random() % 4));
            }
            fixture.add(builder.build());
        }
        if (persisted == 3000) {
            QVERIFY(fixture.persist());
            fixture.open(); // and what is in memory is read anew
        }
        QCOMPARE(fixture.index->seriesCount(), std::uint64_t(3000));

        const std::vector<std::vector<Matcher>> cases{
            {},
            {matcher(MatchType::equal, "__name__", "metric_3")},
            {matcher(MatchType::equal, "__name__", "metric_3"),
             matcher(MatchType::equal, "code", "200")},
            {matcher(MatchType::equal, "__name__", "none such")},
            {matcher(MatchType::equal, "nobody", "x")},
            {matcher(MatchType::equal, "nobody", "")},
            {matcher(MatchType::notEqual, "nobody", "")},
            {matcher(MatchType::notEqual, "nobody", "x")},
            {matcher(MatchType::equal, "code", "")},
            {matcher(MatchType::notEqual, "code", "")},
            {matcher(MatchType::notEqual, "code", "200")},
            {matcher(MatchType::regex, "code", "200|503")},
            {matcher(MatchType::regex, "code", "200|")},
            {matcher(MatchType::regex, "code", ".*")},
            {matcher(MatchType::regex, "code", ".+")},
            {matcher(MatchType::notRegex, "code", ".+")},
            {matcher(MatchType::notRegex, "code", "5.*")},
            {matcher(MatchType::notRegex, "code", "200|503")},
            {matcher(MatchType::notRegex, "code", "|200")},
            {matcher(MatchType::regex, "instance", "host-1.*")},
            {matcher(MatchType::regex, "instance", "host-(3|4)5?")},
            {matcher(MatchType::regex, "instance", "(?i)HOST-7")},
            {matcher(MatchType::regex, "instance", ".*9")},
            {matcher(MatchType::regex, "path", "v+2")},
            {matcher(MatchType::equal, "path", (longValue + "1").c_str())},
            {matcher(MatchType::regex, "path", (longValue + ".").c_str())},
            {matcher(MatchType::notEqual, "path", (longValue + "1").c_str()),
             matcher(MatchType::notEqual, "path", "")},
            {matcher(MatchType::regex, "__name__", "metric_1.?"),
             matcher(MatchType::notEqual, "instance", "host-3"),
             matcher(MatchType::notRegex, "code", "2..")},
            {matcher(MatchType::regex, "n", "1..|2..|7")},
        };
        for (const auto& matchers : cases) {
            std::string name;
            for (const Matcher& one : matchers) {
                name += one.toString().substr(0, 60) + " ";
            }
            std::set<Sid> wanted;
            for (const auto& [sid, labels] : fixture.series) {
                if (matchesAll(matchers, labels)) {
                    wanted.insert(sid);
                }
            }
            std::set<Sid> got;
            auto txn = fixture.environment->read();
            QVERIFY(txn);
            const auto found = Selection(*txn, fixture.index->names()).series(matchers);
            QVERIFY2(found, name.c_str());
            found->forEach([&](Sid sid) { got.insert(sid); });
            fixture.index->overlay().snapshot().forEach([&](const PendingSeries& series) {
                if (matchesAll(matchers, series.labels)) {
                    got.insert(series.sid);
                }
            });
            QVERIFY2(got == wanted,
                     qPrintable(QStringLiteral("%1: %2 instead of %3")
                                    .arg(QString::fromStdString(name))
                                    .arg(got.size())
                                    .arg(wanted.size())));
        }
        // Labels come back as they were.
        for (std::size_t i = 0; i < fixture.series.size(); i += 7) {
            const auto& [sid, labels] = fixture.series[i];
            const auto there = fixture.index->labelsOf(sid);
            QVERIFY(there && *there);
            QCOMPARE((*there)->toString(), labels.toString());
            const auto found = fixture.index->find(labels);
            QVERIFY(found && *found);
            QCOMPARE((*found)->sid, sid);
        }
        QVERIFY(!fixture.index->find(Labels{{"__name__", "metric_1"}})->has_value());
    }

    void valuesOfALabel()
    {
        Fixture fixture;
        for (int i = 0; i < 10'000; ++i) {
            fixture.add(Labels{{"__name__", i % 2 == 0 ? "even" : "odd"},
                               {"n", std::to_string(i)},
                               {"tens", std::to_string(i / 1000)}});
        }
        QVERIFY(fixture.persist());
        auto txn = fixture.environment->read();
        Selection selection(*txn, fixture.index->names());
        std::set<std::string> values;
        QVERIFY(selection.values("tens", values));
        QCOMPARE(values.size(), std::size_t(10));
        // More series than are looked at one by one, then fewer.
        for (const char* regex : {"[0-7]...", "1..."}) {
            const Matcher some = matcher(MatchType::regex, "n", regex);
            const auto series = selection.series({&some, 1});
            QVERIFY(series);
            values.clear();
            std::vector<Sid> sids;
            series->forEach([&](Sid sid) { sids.push_back(sid); });
            QVERIFY(selection.valuesAmong("tens", sids, values));
            QCOMPARE(values.size(), std::size_t(regex[0] == '[' ? 7 : 1));
        }
        values.clear();
        QVERIFY(selection.values("nothing", values));
        QVERIFY(values.empty());
        QVERIFY(selection.names(nullptr, values));
        QVERIFY((values == std::set<std::string>{"__name__", "n", "tens"}));
    }

    void anAbortedAttemptIsRepeated()
    {
        Fixture fixture;
        for (int i = 0; i < 100; ++i) {
            fixture.add(Labels{{"__name__", "a"}, {"n", std::to_string(i)}});
        }
        const Overlay::Snapshot pending = fixture.index->overlay().seal();
        std::vector<const PendingSeries*> list;
        pending.forEach([&](const PendingSeries& one) { list.push_back(&one); });
        {
            auto txn = fixture.environment->write();
            QVERIFY(fixture.writer->begin(*txn));
            QVERIFY(fixture.writer->add(*txn, list));
            fixture.writer->finish(*txn);
            txn->abort();
            fixture.writer->aborted();
        }
        QVERIFY(fixture.persist());
        fixture.open();
        QCOMPARE(fixture.index->seriesCount(), std::uint64_t(100));
        for (int i = 0; i < 100; ++i) {
            const auto found
                = fixture.index->find(Labels{{"__name__", "a"}, {"n", std::to_string(i)}});
            QVERIFY(found && *found);
        }
    }
};

QTEST_GUILESS_MAIN(TestIndex)
#include "tst_index.moc"
