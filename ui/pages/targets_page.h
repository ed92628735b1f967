// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

class QTabWidget;

namespace watchfire::ui {

class CollectorsTab;
class FoundBanner;
class MessageBanner;
class TargetsTab;

/// Every target by job: is it up, since when, and if not, why not; what relabelling dropped; the
/// exporters that are built in. Jobs are added, changed and removed here.
class TargetsPage final : public Page {
    Q_OBJECT

public:
    explicit TargetsPage(PageContext& context, QWidget* parent = nullptr);

    void visit(const QString& item) override;
    void refresh() override;
    bool perform(const QString& command) override;
    QLineEdit* filterBox() const override;

private:
    void showPaused();
    void nameTabs();
    TargetsTab* shownList() const;

    FoundBanner* m_found;
    MessageBanner* m_paused;
    MessageBanner* m_failure;
    QTabWidget* m_tabs;
    TargetsTab* m_targets;
    TargetsTab* m_dropped;
    CollectorsTab* m_collectors;
    bool m_pausedIsKnown = false; ///< somebody has closed the message
};

} // namespace watchfire::ui
