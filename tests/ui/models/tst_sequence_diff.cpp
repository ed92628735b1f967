// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/sequence_diff.h"

#include <algorithm>
#include <random>

#include <QTest>

using namespace watchfire::ui;

namespace {

using Ids = std::vector<std::uint64_t>;

/// Does to `ids` what a model would announce.
Ids applied(Ids ids, const SequenceDiff& diff, const Ids& after)
{
    for (const RowRun& run : diff.removed) {
        ids.erase(ids.begin() + run.first, ids.begin() + run.last + 1);
    }
    if (!diff.order.empty()) {
        Ids moved;
        for (const int from : diff.order) {
            moved.push_back(ids[std::size_t(from)]);
        }
        ids = std::move(moved);
    }
    for (const RowRun& run : diff.inserted) {
        ids.insert(ids.begin() + run.first, after.begin() + run.first,
                   after.begin() + run.last + 1);
    }
    return ids;
}

} // namespace

class TestSequenceDiff : public QObject {
    Q_OBJECT

private slots:
    void steps_data()
    {
        QTest::addColumn<Ids>("before");
        QTest::addColumn<Ids>("after");
        QTest::addColumn<int>("removals");
        QTest::addColumn<bool>("reordered");
        QTest::addColumn<int>("insertions");
        QTest::newRow("the same") << Ids{1, 2, 3} << Ids{1, 2, 3} << 0 << false << 0;
        QTest::newRow("from nothing: one run") << Ids{} << Ids{1, 2, 3} << 0 << false << 1;
        QTest::newRow("to nothing: one run") << Ids{1, 2, 3} << Ids{} << 1 << false << 0;
        QTest::newRow("one leaves the middle") << Ids{1, 2, 3} << Ids{1, 3} << 1 << false << 0;
        QTest::newRow("one joins the middle") << Ids{1, 3} << Ids{1, 2, 3} << 0 << false << 1;
        QTest::newRow("neighbours leave together")
            << Ids{1, 2, 3, 4} << Ids{1, 4} << 1 << false << 0;
        QTest::newRow("strangers leave apart") << Ids{1, 2, 3, 4} << Ids{2, 4} << 2 << false << 0;
        QTest::newRow("order alone") << Ids{1, 2, 3} << Ids{3, 1, 2} << 0 << true << 0;
        QTest::newRow("all at once") << Ids{1, 2, 3, 4} << Ids{9, 4, 1, 8} << 1 << true << 2;
        QTest::newRow("everything replaced") << Ids{1, 2} << Ids{3, 4} << 1 << false << 1;
    }

    void steps()
    {
        QFETCH(Ids, before);
        QFETCH(Ids, after);
        QFETCH(int, removals);
        QFETCH(bool, reordered);
        QFETCH(int, insertions);
        const SequenceDiff diff = diffSequences(before, after);
        QCOMPARE(int(diff.removed.size()), removals);
        QCOMPARE(!diff.order.empty(), reordered);
        QCOMPARE(int(diff.inserted.size()), insertions);
        QCOMPARE(applied(before, diff, after), after);
    }

    void randomSequences()
    {
        std::mt19937 random(7);
        for (int round = 0; round < 500; ++round) {
            const auto draw = [&] {
                Ids ids(20);
                std::ranges::generate(ids, [n = std::uint64_t(0)]() mutable { return n++; });
                std::ranges::shuffle(ids, random);
                ids.resize(random() % 21);
                return ids;
            };
            const Ids before = draw();
            const Ids after = draw();
            QCOMPARE(applied(before, diffSequences(before, after), after), after);
        }
    }
};

QTEST_GUILESS_MAIN(TestSequenceDiff)
#include "tst_sequence_diff.moc"
