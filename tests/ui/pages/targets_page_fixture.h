// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/english.h"
#include "tests/support/qt_test.h"
#include "tests/ui/pages/targets_world.h"
#include "ui/models/targets_model.h"
#include "ui/pages/target_tree.h"
#include "ui/pages/targets_page.h"

#include <algorithm>
#include <chrono>
#include <memory>

#include <QCoreApplication>
#include <QLabel>
#include <QTabWidget>
#include <QVBoxLayout>

namespace watchfire::tests {

using namespace ui;

/// The Targets page in a window, over an engine of canned answers, and a hand on it.
class TargetsPageFixture {
protected:
    void start()
    {
        m_clock.at = targetsNow;
        m_engine = std::make_unique<FakeEngine>();
        fillWithTargets(*m_engine);
        m_bridge = std::make_unique<EngineBridge>(*m_engine, m_clock);
        QTRY_VERIFY(m_bridge->hasConfig() && m_bridge->hasTargets());
        m_view = std::make_unique<ViewState>();
        m_edits = std::make_unique<Edits>(*m_bridge);
        m_state = std::make_unique<UiState>(QString());
        m_names = std::make_unique<editor::KnownNames>(*m_bridge);
        m_context = std::make_unique<PageContext>(
            PageContext{*m_bridge, *m_view, *m_edits, *m_state, *m_names,
                        std::make_shared<chart::ColorBook>(), nullptr});
        makePage();
    }
    void stop()
    {
        m_page.reset();
        m_window.reset();
        m_context.reset();
        m_names.reset();
        m_edits.reset();
        m_bridge.reset();
        m_engine.reset();
    }
    void makePage()
    {
        m_page.reset();
        m_window = std::make_unique<QWidget>();
        auto page = std::make_unique<TargetsPage>(*m_context, m_window.get());
        auto* const column = new QVBoxLayout(m_window.get());
        column->setContentsMargins(0, 0, 0, 0);
        column->addWidget(page.get());
        m_page = std::move(page);
        m_window->resize(1100, 700);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        QTRY_VERIFY(!model().isSettling() && model().rowCount() > 0);
    }
    TargetTree* tree() const { return find<TargetTree>("targets.tree"); }
    TargetsModel& model() const { return *qobject_cast<TargetsModel*>(tree()->model()); }
    int rows() const { return model().shownCount(); }
    void select(std::uint64_t id) const
    {
        tree()->setCurrentIndex(model().indexOf(id));
        QTRY_VERIFY(find<QWidget>("targets.detail")->isVisible());
    }
    void openTab(int tab) const { find<QTabWidget>("targets.detail.tabs")->setCurrentIndex(tab); }
    QStringList texts(const char* sheet) const
    {
        QStringList all;
        const auto labels = find<QWidget>(sheet)->findChildren<QLabel*>();
        for (const QLabel* label : labels) {
            all << label->text();
        }
        return all;
    }
    /// The target is scraped once more.
    void moveOn(std::uint64_t id)
    {
        auto snapshot = *m_bridge->targets();
        auto& target = *std::ranges::find(snapshot.targets, id, &engine::TargetStatus::id);
        target.lastScrape += std::chrono::seconds(15);
        m_engine->publish(snapshot);
        QTRY_COMPARE(model().itemAt(model().indexOf(id))->lastScrape, target.lastScrape);
        QCoreApplication::processEvents();
    }
    void publishFound(const std::vector<engine::FoundExporter>& found)
    {
        auto snapshot = fewTargets();
        snapshot.found = found;
        m_engine->publish(snapshot);
        QCoreApplication::processEvents();
    }
    template <class W> W* find(const char* name) const
    {
        return m_page->findChild<W*>(QString::fromLatin1(name));
    }

    TurnedClock m_clock;
    std::unique_ptr<FakeEngine> m_engine;
    std::unique_ptr<EngineBridge> m_bridge;
    std::unique_ptr<ViewState> m_view;
    std::unique_ptr<UiState> m_state;
    std::unique_ptr<Edits> m_edits;
    std::unique_ptr<editor::KnownNames> m_names;
    std::unique_ptr<PageContext> m_context;
    std::unique_ptr<QWidget> m_window;
    std::unique_ptr<TargetsPage> m_page;
};

} // namespace watchfire::tests
