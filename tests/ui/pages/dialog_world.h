// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/fake_engine.h"
#include "ui/pages/page.h"
#include "ui/pages/relabel_diff.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QLineEdit>
#include <QTemporaryDir>
#include <QTest>
#include <QWidget>

/// What a dialog stands on, over an engine of canned answers, and ways to use it as a person does.
namespace watchfire::tests {

struct StillClock final : Clock {
    Timestamp now() const override { return fromUnixMs(1'795'000'000'000); }
};

struct DialogWorld {
    explicit DialogWorld(engine::ConfigSnapshot config)
    {
        engine.publish(std::move(config));
        bridge = std::make_unique<ui::EngineBridge>(engine, clock);
        edits = std::make_unique<ui::Edits>(*bridge);
        names = std::make_unique<ui::editor::KnownNames>(*bridge);
        context = std::make_unique<ui::PageContext>(ui::PageContext{
            *bridge, view, *edits, state, *names, std::make_shared<ui::chart::ColorBook>()});
    }

    QTemporaryDir directory;
    StillClock clock;
    FakeEngine engine;
    std::unique_ptr<ui::EngineBridge> bridge;
    ui::ViewState view;
    ui::UiState state{directory.filePath(QStringLiteral("state.ini"))};
    std::unique_ptr<ui::Edits> edits;
    std::unique_ptr<ui::editor::KnownNames> names;
    std::unique_ptr<ui::PageContext> context;
};

/// What the engine does: static targets with their labels, through the job's rules.
inline engine::JobPreview previewOf(const config::ScrapeConfig& job)
{
    std::vector<Labels> found;
    for (const config::TargetGroup& group : job.staticConfigs) {
        for (const std::string& target : group.targets) {
            found.push_back(group.labels.with("__address__", target)
                                .with("__scheme__", job.scheme)
                                .with("__metrics_path__", job.metricsPath)
                                .with("job", job.jobName));
        }
    }
    engine::JobPreview preview;
    preview.total = found.size();
    preview.outcomes = ui::applyRules(found, job.relabel);
    for (engine::RelabelOutcome& outcome : preview.outcomes) {
        if (outcome.steps.empty() || outcome.steps.back().kept) {
            outcome.url = job.scheme + "://" + std::string(outcome.labels.get("__address__"))
                + job.metricsPath;
        }
    }
    return preview;
}

template <class W> W* find(const QWidget* in, const char* name)
{
    return in->findChild<W*>(QString::fromLatin1(name));
}

inline void type(const QWidget* in, const char* name, const QString& text)
{
    auto* const edit = find<QLineEdit>(in, name);
    QVERIFY2(edit != nullptr, name);
    edit->setFocus();
    edit->selectAll();
    if (text.isEmpty()) {
        QTest::keyClick(edit, Qt::Key_Delete);
    } else {
        QTest::keyClicks(edit, text);
    }
}

inline void click(const QWidget* in, const char* name)
{
    auto* const button = find<QAbstractButton>(in, name);
    if (button == nullptr || !button->isEnabled()) {
        QFAIL(name);
    }
    button->click();
}

/// Types into a cell of a table, as a person would who double-clicks it.
inline void typeCell(QAbstractItemView* view, int row, int column, const QString& text)
{
    const QModelIndex index = view->model()->index(row, column);
    view->setFocus();
    view->setCurrentIndex(index);
    view->edit(index);
    auto* const edit = qobject_cast<QLineEdit*>(view->indexWidget(index));
    QVERIFY(edit != nullptr);
    edit->selectAll();
    if (text.isEmpty()) {
        QTest::keyClick(edit, Qt::Key_Delete);
    } else {
        QTest::keyClicks(edit, text);
    }
}
inline void finishCell(QAbstractItemView* view)
{
    if (auto* const edit = qobject_cast<QLineEdit*>(view->indexWidget(view->currentIndex()))) {
        QTest::keyClick(edit, Qt::Key_Return);
    }
}

} // namespace watchfire::tests
