// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/main_window.h"

#include "ui/models/format.h"
#include "ui/pages/message_banner.h"
#include "ui/pages/popup_settings.h"
#include "ui/pages/widgets.h"
#include "ui/shell/popup_banners.h"
#include "ui/shell/range_button.h"
#include "ui/shell/toast.h"
#include "ui/theme/icons.h"

#include <algorithm>

#include <QApplication>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QStackedWidget>
#include <QStatusBar>
#include <QThreadPool>
#include <QToolBar>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

/// Below this width the navigation shows icons only.
constexpr int compactBelow = 1000;
constexpr std::size_t placesKept = 100;

std::vector<NavigationModel::Entry> navigationEntries(const std::vector<PageEntry>& pages)
{
    std::vector<NavigationModel::Entry> entries;
    for (const PageEntry& page : pages) {
        entries.push_back({page.name, page.label, page.icon, 0});
    }
    return entries;
}

} // namespace

MainWindow::MainWindow(engine::Engine& engine, const Clock& clock, Options options, QWidget* parent)
    : QMainWindow(parent)
    , m_options(std::move(options))
    , m_bridge(engine, clock)
    , m_state(m_options.stateFile)
    , m_edits(m_bridge)
    , m_names(m_bridge)
    , m_context{m_bridge,       m_view,  m_edits,
                m_state,        m_names, std::make_shared<chart::ColorBook>(),
                m_options.theme}
    , m_entries(allPages())
{
    setObjectName(u"window"_s);
    setWindowTitle(u"Watchfire"_s);
    setWindowIcon(theme::appIcon());
    setMinimumSize(800, 560);

    m_navigationModel = new NavigationModel(navigationEntries(m_entries), this);
    m_navigation = new NavigationView(m_navigationModel, this);
    m_stack = new QStackedWidget(this);
    m_stack->setObjectName(u"pages"_s);
    m_bannerBox = new QWidget(this);
    m_banner = new MessageBanner(m_bannerBox);
    auto* const bannerMargin = new QVBoxLayout(m_bannerBox);
    bannerMargin->setContentsMargins(pageMargin, 8, pageMargin, 0);
    bannerMargin->addWidget(m_banner);
    m_bannerBox->hide();
    m_popups = new PopupBanners(this);
    auto* const column = new QVBoxLayout;
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bannerBox);
    column->addWidget(m_popups);
    column->addWidget(m_stack, 1);
    auto* const central = new QWidget(this);
    auto* const row = new QHBoxLayout(central);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_navigation);
    row->addLayout(column, 1);
    setCentralWidget(central);

    m_toast = new Toast(central);
    m_palette = new CommandPalette(m_bridge, this);
    if (m_options.withTray) {
        m_tray = new Tray(m_bridge, this);
    }
    buildToolBar();
    buildMenus();
    buildStatusBar();
    connectEverything();
    restore();
    updateStatus();
}

MainWindow::~MainWindow()
{
    // Pages use what the window owns, so they go first.
    qDeleteAll(m_pages);
    m_pages.clear();
}

void MainWindow::buildToolBar()
{
    auto* const bar = addToolBar(tr("Navigation and range"));
    bar->setObjectName(u"toolbar"_s);
    bar->setMovable(false);
    bar->setFloatable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    bar->setIconSize(QSize(16, 16));

    m_back = new QAction(theme::icon("back"), tr("Back"), this);
    m_back->setObjectName(u"shell.back"_s);
    m_back->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Left));
    m_forward = new QAction(theme::icon("forward"), tr("Forward"), this);
    m_forward->setObjectName(u"shell.forward"_s);
    m_forward->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Right));
    connect(m_back, &QAction::triggered, this, [this] { go(-1); });
    connect(m_forward, &QAction::triggered, this, [this] { go(1); });
    bar->addAction(m_back);
    bar->addAction(m_forward);
    m_title = headingLabel({}, this);
    m_title->setContentsMargins(8, 0, 0, 0);
    bar->addWidget(m_title);
    auto* const space = new QWidget(this);
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(space);

    bar->addWidget(new RangeButton(m_view, [this] { return m_bridge.now(); }, this));
    auto* const refresh = toolButton(tr("Refresh now (F5)"), "refresh", "shell.refreshNow", this);
    connect(refresh, &QToolButton::clicked, this, [this] {
        if (m_page != nullptr) {
            m_page->refresh();
        }
    });
    bar->addWidget(refresh);
    bar->addWidget(new RefreshButton(m_view, this));
    m_pause = new QAction(theme::icon("pause"), tr("Pause"), this);
    m_pause->setCheckable(true);
    m_pause->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Period));
    m_pause->setToolTip(tr("Stop refreshing what is shown (Ctrl+.); collecting goes on"));
    m_pauseButton = new QToolButton(this);
    m_pauseButton->setObjectName(u"shell.pause"_s);
    m_pauseButton->setDefaultAction(m_pause);
    m_pauseButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_pauseButton->setAutoRaise(true);
    m_pauseButton->setMinimumHeight(28);
    bar->addWidget(m_pauseButton);
    auto* const search
        = toolButton(tr("Go to or do anything (Ctrl+K)"), "search", "shell.palette", this);
    connect(search, &QToolButton::clicked, this, &MainWindow::openPalette);
    bar->addWidget(search);
}

QToolButton* MainWindow::addCell(const char* name, const QString& page)
{
    auto* const cell = new QToolButton(this);
    cell->setObjectName(QString::fromLatin1(name));
    cell->setAutoRaise(true);
    cell->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    cell->setIconSize(QSize(14, 14));
    cell->setMinimumHeight(24);
    cell->setFocusPolicy(Qt::TabFocus);
    connect(cell, &QToolButton::clicked, this, [this, page] { openPage(page); });
    statusBar()->addWidget(cell);
    return cell;
}

void MainWindow::buildStatusBar()
{
    statusBar()->setObjectName(u"status"_s);
    statusBar()->setSizeGripEnabled(false);
    statusBar()->setContentsMargins(8, 0, 8, 0);
    m_collectingCell = addCell("status.collecting", u"status"_s);
    m_targetsCell = addCell("status.targets", u"targets"_s);
    m_firingCell = addCell("status.firing", u"alerts"_s);
    m_seriesCell = addCell("status.series", u"status"_s);
    m_sizeCell = addCell("status.size", u"status"_s);
}

void MainWindow::connectEverything()
{
    connect(m_navigation, &NavigationView::pageChosen, this, &MainWindow::showPage);
    connect(m_pause, &QAction::toggled, &m_view, &ViewState::setPaused);
    connect(&m_view, &ViewState::pausedChanged, m_pause, &QAction::setChecked);
    connect(&m_view, &ViewState::rangeChanged, this, [this] {
        m_state.setValue(u"view"_s, m_view.toText());
        rememberPlace();
    });
    connect(&m_view, &ViewState::refreshIntervalChanged, this,
            [this] { m_state.setValue(u"view"_s, m_view.toText()); });

    connect(&m_edits, &Edits::made, this, [this](const QString& text) {
        m_toastAction = [this] { m_edits.stack().undo(); };
        m_toast->show(text, tr("Undo"));
    });
    connect(&m_edits, &Edits::taken, this, [this](const QString& text) { m_toast->show(text); });
    connect(&m_edits, &Edits::refused, this, [this](const QString& text, const QString& cause) {
        m_toast->show(tr("“%1” could not be taken back: %2").arg(text, cause));
    });
    connect(m_toast, &Toast::actionClicked, this, [this] { m_toastAction(); });

    connect(&m_bridge, &EngineBridge::targetsChanged, this, &MainWindow::updateStatus);
    connect(&m_bridge, &EngineBridge::alertsChanged, this, &MainWindow::updateStatus);
    connect(&m_bridge, &EngineBridge::statusChanged, this, [this] {
        updateStatus();
        updateBanner();
    });
    connect(&m_bridge, &EngineBridge::configChanged, this, [this](const ConfigPtr& config) {
        if (m_options.theme != nullptr && m_options.followConfiguredScheme) {
            m_options.theme->setMode(theme::modeFrom(fromUtf8(config->config.own.colorScheme)));
        }
        updateBanner();
    });
    connect(m_banner, &MessageBanner::actionClicked, this, [this] { openPage(u"status"_s); });
    connect(m_banner, &MessageBanner::closed, this, [this] {
        m_dismissed.insert(m_bannerId);
        updateBanner();
    });
    connect(m_popups, &PopupBanners::acted, this, &MainWindow::popupActed);
    if (m_tray != nullptr) {
        connect(m_tray, &Tray::openRequested, this, [this] { present(); });
        connect(m_tray, &Tray::alertRequested, this, [this](const QString& filter) {
            present();
            openPage(u"alerts"_s, filter);
        });
        connect(m_tray, &Tray::mutePopupsRequested, this,
                [this] { emit mutePopupsRequested(std::chrono::hours(1)); });
        connect(m_tray, &Tray::quitRequested, this, &MainWindow::quitRequested);
    }
}

void MainWindow::restore()
{
    m_view.restore(m_state.value(u"view"_s).toString());
    const QByteArray geometry = m_state.value(u"window/geometry"_s).toByteArray();
    if (geometry.isEmpty() || !restoreGeometry(geometry)) {
        resize(1280, 800);
    }
    m_sidebar->setChecked(m_state.value(u"window/sidebar"_s, true).toBool());
    const QString page = m_state.value(u"window/page"_s).toString();
    if (!openPage(page)) {
        openPage(m_entries.front().name);
    }
    updateSidebar();
}

Page* MainWindow::pageOf(const QString& name)
{
    if (Page* const made = m_pages.value(name)) {
        return made;
    }
    const auto entry = std::ranges::find(m_entries, name, &PageEntry::name);
    if (entry == m_entries.end()) {
        return nullptr;
    }
    Page* const made = entry->make(m_context, m_stack);
    m_pages.insert(name, made);
    m_stack->addWidget(made);
    connect(made, &Page::navigate, this, &MainWindow::openPage);
    connect(made, &Page::requested, this, [this](const QString& action) {
        if (action == "test-popup"_L1) {
            emit testPopupRequested();
        } else if (action == "mute-popups"_L1) {
            emit mutePopupsRequested(std::chrono::hours(1));
        } else if (action == "popup-settings"_L1) {
            emit popupSettingsChanged(popupSettings());
        }
    });
    return made;
}

QString MainWindow::currentPage() const
{
    return m_page != nullptr ? m_page->name() : QString();
}

void MainWindow::showPage(const QString& name)
{
    Page* const made = pageOf(name);
    if (made == nullptr || made == m_page) {
        return;
    }
    m_page = made;
    m_stack->setCurrentWidget(made);
    m_title->setText(std::ranges::find(m_entries, name, &PageEntry::name)->label);
    setWindowTitle(tr("%1 — Watchfire").arg(m_title->text()));
    m_state.setValue(u"window/page"_s, name);
    rememberPlace();
}

bool MainWindow::openPage(const QString& name, const QString& item)
{
    Page* const made = pageOf(name);
    if (made == nullptr) {
        return false;
    }
    showPage(name);
    m_navigation->setCurrentPage(name);
    if (!item.isEmpty()) {
        made->visit(item);
    }
    return true;
}

void MainWindow::performOn(const QString& pageName, const QString& command)
{
    if (openPage(pageName)) {
        m_page->perform(command);
    }
}

void MainWindow::showAlerts(const Labels& groupLabels)
{
    QStringList chips;
    for (const Label label : groupLabels) {
        const QString value = fromUtf8(label.value);
        chips << (value.contains(u' ') ? u'"' + value + u'"' : fromUtf8(label.name) + u':' + value);
    }
    present();
    openPage(u"alerts"_s, chips.isEmpty() ? u"state:firing"_s : chips.join(u' '));
}

void MainWindow::rememberPlace()
{
    const Place place{currentPage(), m_view.range()};
    if (m_travelling || place.page.isEmpty() || (!m_places.empty() && m_places[m_place] == place)) {
        return;
    }
    if (!m_places.empty()) {
        m_places.resize(m_place + 1);
    }
    m_places.push_back(place);
    if (m_places.size() > placesKept) {
        m_places.erase(m_places.begin());
    }
    m_place = m_places.size() - 1;
    m_back->setEnabled(m_place > 0);
    m_forward->setEnabled(false);
}

void MainWindow::go(int step)
{
    const auto to = std::ptrdiff_t(m_place) + step;
    if (to < 0 || to >= std::ptrdiff_t(m_places.size())) {
        return;
    }
    m_place = std::size_t(to);
    m_travelling = true;
    m_view.setRange(m_places[m_place].range);
    openPage(m_places[m_place].page);
    m_travelling = false;
    m_back->setEnabled(m_place > 0);
    m_forward->setEnabled(m_place + 1 < m_places.size());
}

void MainWindow::updateSidebar()
{
    m_navigation->setCompact(width() < compactBelow || !m_sidebar->isChecked());
}

void MainWindow::updateStatus()
{
    const auto& status = *m_bridge.status();
    const auto& targets = *m_bridge.targets();
    const auto& alerts = *m_bridge.alerts();
    const auto say
        = [](QToolButton* cell, const QIcon& icon, const QString& text, const QString& tip) {
              if (cell->text() != text) {
                  cell->setText(text);
                  cell->setAccessibleName(text);
              }
              cell->setIcon(icon);
              cell->setToolTip(tip);
          };
    const bool hasProblem = !status.problems.empty();
    say(m_collectingCell,
        theme::stateIcon(status.paused           ? theme::State::silenced
                             : hasProblem        ? theme::State::warning
                             : status.series > 0 ? theme::State::up
                                                 : theme::State::unknown),
        status.paused ? tr("Paused") : tr("Collecting"),
        status.paused ? tr("Scraping is paused; Tools, Pause scraping resumes it")
                      : tr("%1 samples per second")
                            .arg(valueText(std::round(status.samplesPerSecond * 10) / 10)));
    say(m_targetsCell,
        theme::stateIcon(targets.down > 0     ? theme::State::critical
                             : targets.up > 0 ? theme::State::up
                                              : theme::State::unknown),
        tr("%1/%2 up").arg(targets.up).arg(targets.targets.size()),
        targets.down > 0 ? tr("%1 down").arg(targets.down) : tr("All targets answer"));
    say(m_firingCell,
        theme::stateIcon(alerts.firing > 0        ? theme::State::critical
                             : alerts.pending > 0 ? theme::State::pending
                                                  : theme::State::up),
        tr("%1 firing").arg(alerts.firing),
        tr("%1 pending, %2 silenced").arg(alerts.pending).arg(alerts.silenced));
    say(m_seriesCell, theme::icon("graph"), tr("%1 series").arg(countText(status.series)),
        tr("Series in the store"));
    say(m_sizeCell, theme::icon("store"), bytesText(double(status.storeBytes)),
        tr("What the store takes on disk"));
    m_pauseScraping->setChecked(status.paused);
    m_navigationModel->setBadge(u"targets"_s, int(targets.down));
    m_navigationModel->setBadge(u"alerts"_s, int(alerts.firing));
}

void MainWindow::updateBanner()
{
    const auto& config = *m_bridge.config();
    struct Shown {
        QString id;
        QString cause;
        QString rest;
    };
    std::vector<Shown> problems;
    for (const engine::Problem& problem : m_bridge.status()->problems) {
        if (problem.id == "config" && !config.faults.empty()) {
            continue; // told below, from what is newer
        }
        QStringList rest;
        for (const std::string* part : {&problem.consequence, &problem.remedy}) {
            if (!part->empty()) {
                rest << fromUtf8(*part);
            }
        }
        problems.push_back({fromUtf8(problem.id), fromUtf8(problem.cause), rest.join(u' ')});
    }
    if (!config.faults.empty()) {
        problems.push_back({u"config-faults/"_s + fromUtf8(config.faults.front().toString()),
                            tr("The configuration was not taken over: %1")
                                .arg(fromUtf8(config.faults.front().toString())),
                            tr("The one before stays in force. Mend the file and reload it.")});
    }
    // Something that is over and comes back is news again.
    QSet<QString> present;
    for (const Shown& problem : problems) {
        present.insert(problem.id);
    }
    m_dismissed.intersect(present);
    std::erase_if(problems, [&](const Shown& each) { return m_dismissed.contains(each.id); });
    m_bannerBox->setVisible(!problems.empty());
    if (problems.empty()) {
        m_banner->clear();
        return;
    }
    const Shown& first = problems.front();
    m_bannerId = first.id;
    const auto others = problems.size() - 1;
    m_banner->show(theme::State::warning, first.cause,
                   others == 0 ? first.rest
                               : first.rest + u' ' + tr("(and %n more)", nullptr, int(others)),
                   tr("Open Status"));
}

void MainWindow::showPopups(const std::vector<PopupCard>& cards)
{
    m_popups->show(cards);
    if (!cards.empty() && !isActiveWindow()) {
        QApplication::alert(this);
    }
}

PopupSettings MainWindow::popupSettings() const
{
    return popupSettingsIn(m_state);
}

void MainWindow::present(const QString& activationToken)
{
    if (!activationToken.isEmpty()) {
        qputenv("XDG_ACTIVATION_TOKEN", activationToken.toUtf8());
    }
    if (isMinimized()) {
        showNormal();
    } else {
        show();
    }
    raise();
    activateWindow();
}

void MainWindow::grabTo(const QString& file, std::function<void(bool)> done)
{
    // Encoding and writing a picture take longer than a frame.
    QThreadPool::globalInstance()->start(
        [image = grab().toImage(), file, done = std::move(done), guard = QPointer(this)] {
            const bool saved = image.save(file, "PNG");
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [saved, done, guard] {
                    if (done && guard) {
                        done(saved);
                    }
                },
                Qt::QueuedConnection);
        });
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (qGuiApp->isSavingSession()) {
        event->accept(); // or the desktop could not log out
        return;
    }
    event->ignore();
    if (m_tray != nullptr && m_tray->isShown()) {
        hide();
        return;
    }
    const QString answer = m_state.value(u"window/closing"_s).toString();
    if (answer == "keep"_L1) {
        hide();
    } else if (answer == "quit"_L1) {
        emit quitRequested();
    } else {
        askAboutClosing();
    }
}

void MainWindow::askAboutClosing()
{
    auto* const box = new QMessageBox(this);
    box->setObjectName(u"closing"_s);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setIcon(QMessageBox::Question);
    box->setWindowTitle(tr("Close Watchfire"));
    box->setTextFormat(Qt::PlainText);
    box->setText(tr("Keep collecting while the window is closed?"));
    box->setInformativeText(
        m_isWindowOnly
            ? tr("This desktop has no tray to hide in and shows no notifications: while the window "
                 "is closed nothing tells of alerts here. When collecting goes on, start Watchfire "
                 "again to get the window back. You are asked only once.")
            : tr("This desktop has no tray to hide in. When collecting goes on, start Watchfire "
                 "again to get the window back. You are asked only once."));
    QPushButton* const keep = box->addButton(tr("Keep collecting"), QMessageBox::AcceptRole);
    keep->setObjectName(u"closing.keep"_s);
    QPushButton* const quit = box->addButton(tr("Quit"), QMessageBox::DestructiveRole);
    quit->setObjectName(u"closing.quit"_s);
    box->addButton(QMessageBox::Cancel)->setObjectName(u"closing.cancel"_s);
    box->setDefaultButton(keep);
    connect(keep, &QPushButton::clicked, this, [this] {
        m_state.setValue(u"window/closing"_s, u"keep"_s);
        hide();
    });
    connect(quit, &QPushButton::clicked, this, [this] {
        m_state.setValue(u"window/closing"_s, u"quit"_s);
        emit quitRequested();
    });
    box->open();
}

void MainWindow::resizeEvent(QResizeEvent* event)
{
    QMainWindow::resizeEvent(event);
    updateSidebar();
    m_state.setValue(u"window/geometry"_s, saveGeometry());
}

void MainWindow::moveEvent(QMoveEvent* event)
{
    QMainWindow::moveEvent(event);
    m_state.setValue(u"window/geometry"_s, saveGeometry());
}

void MainWindow::showEvent(QShowEvent* event)
{
    QMainWindow::showEvent(event);
    m_view.setActive(true);
}

void MainWindow::hideEvent(QHideEvent* event)
{
    QMainWindow::hideEvent(event);
    m_view.setActive(false);
}

} // namespace watchfire::ui
