// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/job_tab.h"

#include <map>

#include <QPointer>
#include <QTimer>

class QButtonGroup;
class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace watchfire::ui {

class ClientDialog;
class SourcePage;

/// Where the job's targets come from. One source is shown as a form; where there are several,
/// the others stay as they are, and a line says so.
class SourcePanel final : public JobTab {
    Q_OBJECT

public:
    explicit SourcePanel(QWidget* parent = nullptr);
    ~SourcePanel() override;

    void fill(const JobForm& form, const config::ScrapeConfig& base) override;
    void collect(JobForm& form) const override;
    void showFaults(const JobFaults& faults, bool all) override;
    QWidget* firstFault(const JobFaults& faults) override;
    void forgetTouches() override;

    const std::vector<SourceForm>& sources() const { return m_sources; }
    /// Labels of static groups were changed elsewhere.
    void takeLabels(const std::vector<SourceForm>& sources);
    /// Which of the sources is shown.
    int current() const { return m_current; }
    /// What asking the shown source found; `isFault`: why it could not be asked.
    void showFound(const QString& text, bool isFault);
    void setAsking(bool on);

signals:
    /// New controls stand at the end of the tab order.
    void controlsAdded();
    /// *Ask now* was clicked for the shown source.
    void askRequested();

private:
    QWidget* buildKinds();
    QWidget* buildList();
    QWidget* buildFoot();
    SourceForm& shown() { return m_sources[std::size_t(m_current)]; }
    SourcePage* pageOf(SourceKind kind);
    /// Puts the page's fields into the source it shows.
    void take();
    void show(int source);
    void showShown();
    void tellList();
    void tellFiles();
    void chooseKind(SourceKind kind);
    void addSource();
    void removeSource();
    void editClient();

    config::ScrapeConfig m_base;
    std::vector<SourceForm> m_sources{SourceForm{}};
    int m_current = 0;
    QButtonGroup* m_kinds;
    QWidget* m_listRow;
    QComboBox* m_list;
    QToolButton* m_add;
    QToolButton* m_remove;
    QLabel* m_others;
    QStackedWidget* m_pages;
    QLabel* m_foreign;
    std::map<SourceKind, SourcePage*> m_byKind;
    QWidget* m_foot;
    QPushButton* m_ask;
    QPushButton* m_client;
    QLabel* m_found;
    FieldNote* m_clientNote;
    QPointer<ClientDialog> m_clientDialog;
    QTimer m_filesPause;
    std::uint64_t m_filesAsked = 0; ///< the newest question for files; older answers are dropped
};

} // namespace watchfire::ui
