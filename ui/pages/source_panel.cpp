// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/source_panel.h"

#include "core/config/files.h"
#include "core/config/secrets.h"
#include "ui/models/format.h"
#include "ui/pages/client_dialog.h"
#include "ui/pages/in_background.h"
#include "ui/pages/source_pages.h"
#include "ui/pages/widgets.h"

#include <algorithm>
#include <array>
#include <set>

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr std::array<SourceKind, 7> kinds{
    SourceKind::statics, SourceKind::file,   SourceKind::http,      SourceKind::dns,
    SourceKind::docker,  SourceKind::consul, SourceKind::kubernetes};
constexpr std::chrono::milliseconds filesAfter{250};

std::size_t countFiles(const std::vector<std::string>& patterns)
{
    std::set<std::filesystem::path> files;
    for (const std::string& pattern : patterns) {
        for (const auto& file : config::matchingFiles("/", pattern)) {
            files.insert(file);
        }
    }
    return files.size();
}

} // namespace

SourcePanel::SourcePanel(QWidget* parent)
    : JobTab(parent)
{
    m_pages = new QStackedWidget(this);
    m_pages->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    m_foreign = plainLabel({}, this);
    m_foreign->setObjectName(u"job.dialog.source.foreign"_s);
    m_foreign->setWordWrap(true);
    m_pages->addWidget(m_foreign);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(buildKinds());
    column->addWidget(buildList());
    column->addWidget(m_pages);
    column->addWidget(buildFoot());
    m_filesPause.setSingleShot(true);
    m_filesPause.setInterval(filesAfter);
    connect(&m_filesPause, &QTimer::timeout, this, &SourcePanel::tellFiles);
    showShown();
}

SourcePanel::~SourcePanel()
{
    delete m_clientDialog; // its signals come to us
}

QWidget* SourcePanel::buildKinds()
{
    auto* const box = new QWidget(this);
    m_kinds = new QButtonGroup(this);
    auto* const row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    for (const SourceKind kind : kinds) {
        auto* const radio = new QRadioButton(kindText(kind), this);
        radio->setObjectName(u"job.dialog.source.%1"_s.arg(int(kind)));
        radio->setAccessibleName(tr("Source: %1").arg(kindText(kind)));
        radio->setMinimumHeight(24);
        m_kinds->addButton(radio, int(kind));
        row->addWidget(radio);
    }
    row->addStretch(1);
    m_add = toolButton(tr("Add another source"), "add", "job.dialog.source.add", this);
    row->addWidget(m_add);
    connect(m_kinds, &QButtonGroup::idClicked, this,
            [this](int id) { chooseKind(SourceKind(id)); });
    connect(m_add, &QToolButton::clicked, this, &SourcePanel::addSource);
    return box;
}

QWidget* SourcePanel::buildList()
{
    m_listRow = new QWidget(this);
    m_list = choiceBox(u"job.dialog.source.list"_s, tr("Source that the form shows"), {}, {}, this);
    m_list->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_remove = toolButton(tr("Remove this source"), "delete", "job.dialog.source.remove", this);
    m_others = mutedLabel({}, this);
    m_others->setObjectName(u"job.dialog.source.others"_s);
    m_others->setWordWrap(true);
    auto* const line = new QHBoxLayout;
    line->setSpacing(4);
    line->addWidget(m_list, 1);
    line->addWidget(m_remove);
    auto* const column = new QVBoxLayout(m_listRow);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addLayout(line);
    column->addWidget(m_others);
    connect(m_list, &QComboBox::activated, this, &SourcePanel::show);
    connect(m_remove, &QToolButton::clicked, this, &SourcePanel::removeSource);
    return m_listRow;
}

QWidget* SourcePanel::buildFoot()
{
    m_foot = new QWidget(this);
    m_ask = button(tr("Ask now"), "refresh", "job.dialog.source.ask", this);
    m_client = button(tr("Security of the source…"), "lock", "job.dialog.source.client", this);
    m_found = mutedLabel({}, this);
    m_found->setObjectName(u"job.dialog.source.found"_s);
    m_found->setWordWrap(true);
    m_clientNote = m_notes.add(u"client"_s, m_client, u"job.dialog.source.client"_s, this);
    auto* const line = new QHBoxLayout;
    line->setSpacing(8);
    line->addWidget(m_ask);
    line->addWidget(m_client);
    line->addWidget(m_found, 1);
    auto* const column = new QVBoxLayout(m_foot);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addLayout(line);
    column->addWidget(m_clientNote);
    connect(m_ask, &QPushButton::clicked, this, &SourcePanel::askRequested);
    connect(m_client, &QPushButton::clicked, this, &SourcePanel::editClient);
    return m_foot;
}

SourcePage* SourcePanel::pageOf(SourceKind kind)
{
    SourcePage*& page = m_byKind[kind];
    if (page == nullptr) {
        page = kind == SourceKind::statics ? static_cast<SourcePage*>(new StaticPage(this))
                                           : new DiscoveryPage(kind, this);
        m_pages->addWidget(page);
        connect(page, &SourcePage::controlsAdded, this, &SourcePanel::controlsAdded);
        connect(page, &SourcePage::edited, this, [this] {
            take();
            tellList();
            m_filesPause.start();
            emit edited();
        });
    }
    return page;
}

void SourcePanel::take()
{
    if (shown().kind != SourceKind::foreign) {
        pageOf(shown().kind)->collect(shown());
    }
}

void SourcePanel::show(int source)
{
    take();
    m_current = std::clamp(source, 0, int(m_sources.size()) - 1);
    showShown();
}

void SourcePanel::showShown()
{
    const SourceKind kind = shown().kind;
    const bool isForeign = kind == SourceKind::foreign;
    if (m_clientDialog) {
        m_clientDialog->close();
    }
    m_kinds->setExclusive(!isForeign);
    const bool hasStatics
        = std::ranges::contains(m_sources, SourceKind::statics, &SourceForm::kind);
    for (QAbstractButton* const button : m_kinds->buttons()) {
        const auto of = SourceKind(m_kinds->id(button));
        button->setChecked(of == kind);
        // The list of static targets is one source; a second would be the same section again.
        button->setEnabled(!isForeign && (of != SourceKind::statics || kind == of || !hasStatics));
    }
    m_found->clear();
    m_foot->setVisible(!isForeign && kind != SourceKind::statics);
    m_client->setVisible(hasClient(kind));
    if (isForeign) {
        m_foreign->setText(
            tr("%1 is not done by Watchfire. The section stays in the file as it is; its targets "
               "are not scraped. A program that writes them to a file, or answers over HTTP, can "
               "stand in.")
                .arg(sourceText(shown(), m_base)));
        m_pages->setCurrentWidget(m_foreign);
    } else {
        SourcePage* const page = pageOf(kind);
        page->fill(shown(), m_base);
        m_pages->setCurrentWidget(page);
    }
    // A stack is as high as its highest page, unless told otherwise.
    for (int i = 0; i < m_pages->count(); ++i) {
        const bool isCurrent = i == m_pages->currentIndex();
        m_pages->widget(i)->setSizePolicy(
            QSizePolicy::Preferred, isCurrent ? QSizePolicy::Preferred : QSizePolicy::Ignored);
    }
    m_pages->adjustSize();
    emit controlsAdded();
    tellList();
    m_filesPause.start();
}

void SourcePanel::tellList()
{
    m_list->clear();
    for (std::size_t i = 0; i < m_sources.size(); ++i) {
        const SourceForm& source = m_sources[i];
        const QString text = sourceText(source, m_base);
        m_list->addItem(u"%1 · %2: %3"_s.arg(QString::number(i + 1), kindText(source.kind),
                                             text.isEmpty() ? tr("to be filled in") : text));
    }
    m_list->setCurrentIndex(m_current);
    const int others = int(m_sources.size()) - 1;
    m_listRow->setVisible(others > 0);
    m_others->setText(
        tr("The job has %n more source(s); those the form does not show stay as they are.", nullptr,
           others));
    m_remove->setEnabled(others > 0 && shown().kind != SourceKind::foreign);
}

void SourcePanel::tellFiles()
{
    ++m_filesAsked;
    if (shown().kind != SourceKind::file
        || checkSource(shown(), m_base, false).contains(u"file.files"_s)) {
        if (shown().kind == SourceKind::file) {
            m_found->clear();
        }
        return;
    }
    inBackground(
        this,
        [patterns = readWords(shown().value(u"file.files"_s))] { return countFiles(patterns); },
        [this, asked = m_filesAsked](std::size_t count) {
            if (asked == m_filesAsked && shown().kind == SourceKind::file) {
                m_found->setText(tr("%n file(s) found", nullptr, int(count)));
            }
        });
}

void SourcePanel::chooseKind(SourceKind kind)
{
    take();
    if (kind == shown().kind) {
        return;
    }
    shown().kind = kind;
    showShown();
    emit edited();
}

void SourcePanel::addSource()
{
    take();
    SourceForm source;
    source.kind = std::ranges::contains(m_sources, SourceKind::statics, &SourceForm::kind)
        ? SourceKind::file
        : SourceKind::statics;
    m_sources.push_back(std::move(source));
    m_current = int(m_sources.size()) - 1;
    showShown();
    emit edited();
}

void SourcePanel::removeSource()
{
    if (m_sources.size() < 2) {
        return;
    }
    m_sources.erase(m_sources.begin() + m_current);
    m_current = std::min(m_current, int(m_sources.size()) - 1);
    showShown();
    emit edited();
}

void SourcePanel::editClient()
{
    if (m_clientDialog) {
        m_clientDialog->raise();
        m_clientDialog->activateWindow();
        return;
    }
    const config::DiscoveryConfig before = startOf(shown(), m_base);
    const bool isNew = shown().kept < 0 || kindOf(before) != shown().kind;
    m_clientDialog = new ClientDialog(kindText(shown().kind), shown().client, *clientOf(before),
                                      isNew ? std::vector<std::string>()
                                            : config::keptOf(m_base, std::size_t(shown().kept)),
                                      this);
    connect(m_clientDialog, &ClientDialog::changed, this, [this](const ClientForm& form) {
        shown().client = form;
        change(m_client);
    });
    m_clientDialog->QDialog::show();
}

void SourcePanel::takeLabels(const std::vector<SourceForm>& sources)
{
    for (std::size_t i = 0; i < std::min(sources.size(), m_sources.size()); ++i) {
        m_sources[i].groups = sources[i].groups;
    }
    if (shown().kind == SourceKind::statics) {
        pageOf(SourceKind::statics)->fill(shown(), m_base);
    }
}

void SourcePanel::showFound(const QString& text, bool isFault)
{
    m_found->setText(isFault ? tr("Could not be asked: %1").arg(text) : text);
    setAsking(false);
}

void SourcePanel::setAsking(bool on)
{
    m_ask->setEnabled(!on);
    if (on) {
        m_found->setText(tr("Asking…"));
    }
}

void SourcePanel::fill(const JobForm& form, const config::ScrapeConfig& base)
{
    const QSignalBlocker blocker(this);
    m_base = base;
    m_sources = form.sources;
    m_current = std::clamp(m_current, 0, int(m_sources.size()) - 1);
    showShown();
}

void SourcePanel::collect(JobForm& form) const
{
    form.sources = m_sources;
}

void SourcePanel::showFaults(const JobFaults& faults, bool all)
{
    if (std::size_t(m_current) >= faults.sources.size()) {
        return;
    }
    const FieldFaults& shownFaults = faults.sources[std::size_t(m_current)];
    if (shown().kind != SourceKind::foreign) {
        pageOf(shown().kind)->showFaults(shownFaults, all);
    }
    m_notes.show(shownFaults, all);
}

QWidget* SourcePanel::firstFault(const JobFaults& faults)
{
    for (std::size_t i = 0; i < std::min(faults.sources.size(), m_sources.size()); ++i) {
        const FieldFaults& at = faults.sources[i];
        const bool isElsewhere = at.size() == 1 && at.contains(u"labels"_s);
        if (at.empty() || isElsewhere) {
            continue;
        }
        if (int(i) != m_current) {
            show(int(i));
        }
        QWidget* const field = pageOf(shown().kind)->firstFault(at);
        return field != nullptr ? field : m_notes.firstOf(at);
    }
    return nullptr;
}

void SourcePanel::forgetTouches()
{
    for (const auto& [kind, page] : m_byKind) {
        page->forgetTouches();
    }
    m_notes.forgetTouches();
}

} // namespace watchfire::ui
