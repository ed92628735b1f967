// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// The menus, the palette and the two small dialogs of the Help menu: what the window offers,
// apart from how it is put together.

#include "ui/models/alerts_model.h"
#include "ui/models/format.h"
#include "ui/models/targets_model.h"
#include "ui/pages/import_dialog.h"
#include "ui/pages/widgets.h"
#include "ui/shell/main_window.h"
#include "ui/theme/icons.h"

#include <array>

#include <QApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QMessageBox>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

/// Cut, copy and paste belong to whatever has the focus; all text widgets have these slots.
void tellFocus(const char* slot)
{
    if (QWidget* const focus = QApplication::focusWidget()) {
        if (focus->metaObject()->indexOfMethod((QByteArray(slot) + "()").constData()) >= 0) {
            QMetaObject::invokeMethod(focus, slot);
        }
    }
}

QAction* add(QMenu* menu, const QString& text, const char* icon, const QKeySequence& keys,
             const char* name)
{
    QAction* const action = menu->addAction(text);
    if (icon != nullptr) {
        action->setIcon(theme::icon(icon));
    }
    action->setShortcut(keys);
    action->setObjectName(QString::fromLatin1(name));
    return action;
}

} // namespace

void MainWindow::buildMenus()
{
    const auto perform = [this](QAction* action, const char* page, const char* command) {
        connect(action, &QAction::triggered, this,
                [this, page = QString::fromLatin1(page), command = QString::fromLatin1(command)] {
                    performOn(page, command);
                });
    };
    QMenu* const file = menuBar()->addMenu(tr("&File"));
    perform(add(file, tr("New &query"), "explore", Qt::CTRL | Qt::Key_T, "menu.newQuery"),
            "explore", "new-query");
    perform(add(file, tr("Add &job…"), "add", Qt::CTRL | Qt::Key_N, "menu.newJob"), "targets",
            "new-job");
    file->addSeparator();
    connect(add(file, tr("&Import configuration…"), "import", {}, "menu.import"),
            &QAction::triggered, this, [this] { (new ImportDialog(m_context, this))->show(); });
    file->addSeparator();
    connect(add(file, tr("&Close window"), nullptr, QKeySequence::Close, "menu.close"),
            &QAction::triggered, this, &QWidget::close);
    connect(add(file, tr("&Quit"), "quit", QKeySequence::Quit, "menu.quit"), &QAction::triggered,
            this, &MainWindow::quitRequested);

    QMenu* const edit = menuBar()->addMenu(tr("&Edit"));
    QAction* const undo = m_edits.stack().createUndoAction(this, tr("Undo"));
    undo->setShortcut(QKeySequence::Undo);
    undo->setIcon(theme::icon("undo"));
    undo->setObjectName(u"menu.undo"_s);
    QAction* const redo = m_edits.stack().createRedoAction(this, tr("Redo"));
    redo->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z));
    redo->setIcon(theme::icon("redo"));
    redo->setObjectName(u"menu.redo"_s);
    edit->addActions({undo, redo});
    edit->addSeparator();
    connect(edit->addAction(tr("Cu&t")), &QAction::triggered, this, [] { tellFocus("cut"); });
    connect(edit->addAction(theme::icon("copy"), tr("&Copy")), &QAction::triggered, this,
            [] { tellFocus("copy"); });
    connect(edit->addAction(tr("&Paste")), &QAction::triggered, this, [] { tellFocus("paste"); });
    edit->addSeparator();
    connect(add(edit, tr("&Find on this page"), "search", QKeySequence::Find, "menu.find"),
            &QAction::triggered, this, [this] {
                if (QLineEdit* const box = m_page != nullptr ? m_page->filterBox() : nullptr) {
                    box->setFocus(Qt::ShortcutFocusReason);
                    box->selectAll();
                }
            });

    QMenu* const view = menuBar()->addMenu(tr("&View"));
    int number = 1;
    for (const PageEntry& entry : m_entries) {
        const QKeySequence keys = entry.name == "settings"_L1
            ? QKeySequence(Qt::CTRL | Qt::Key_Comma)
            : QKeySequence(u"Ctrl+%1"_s.arg(number++));
        QAction* const open = view->addAction(theme::icon(entry.icon), entry.label);
        open->setShortcut(keys);
        open->setObjectName(u"menu.page."_s + entry.name);
        connect(open, &QAction::triggered, this, [this, name = entry.name] { openPage(name); });
    }
    view->addSeparator();
    view->addActions({m_back, m_forward});
    view->addSeparator();
    connect(add(view, tr("&Refresh"), "refresh", Qt::Key_F5, "menu.refresh"), &QAction::triggered,
            this, [this] {
                if (m_page != nullptr) {
                    m_page->refresh();
                }
            });
    view->addAction(m_pause);
    m_sidebar = add(view, tr("&Sidebar with names"), "sidebar", Qt::Key_F9, "menu.sidebar");
    m_sidebar->setCheckable(true);
    m_sidebar->setChecked(true);
    connect(m_sidebar, &QAction::toggled, this, [this](bool on) {
        m_state.setValue(u"window/sidebar"_s, on);
        updateSidebar();
    });
    QAction* const fullScreen
        = add(view, tr("&Full screen"), "fullscreen", Qt::Key_F11, "menu.fullScreen");
    fullScreen->setCheckable(true);
    connect(fullScreen, &QAction::toggled, this, [this](bool on) {
        setWindowState(on ? windowState() | Qt::WindowFullScreen
                          : windowState() & ~Qt::WindowFullScreen);
    });

    QMenu* const query = menuBar()->addMenu(tr("&Query"));
    perform(add(query, tr("&Run"), "run", Qt::CTRL | Qt::Key_Return, "menu.run"), "explore", "run");
    perform(add(query, tr("&Format"), "format", Qt::CTRL | Qt::SHIFT | Qt::Key_F, "menu.format"),
            "explore", "format");
    perform(add(query, tr("&History"), "history", {}, "menu.history"), "explore", "history");

    QMenu* const alerts = menuBar()->addMenu(tr("&Alerts"));
    perform(add(alerts, tr("New alert &rule…"), "rules", {}, "menu.newRule"), "rules", "new-rule");
    perform(add(alerts, tr("New &silence…"), "silence", {}, "menu.newSilence"), "alerts",
            "new-silence");
    alerts->addSeparator();
    connect(add(alerts, tr("&Mute popups for 1 hour"), "snooze", {}, "menu.mute"),
            &QAction::triggered, this, [this] { emit mutePopupsRequested(std::chrono::hours(1)); });

    QMenu* const tools = menuBar()->addMenu(tr("&Tools"));
    connect(
        add(tools, tr("&Go to or do anything…"), "search", Qt::CTRL | Qt::Key_K, "menu.palette"),
        &QAction::triggered, this, &MainWindow::openPalette);
    perform(add(tools, tr("&Find exporters"), "targets", {}, "menu.findExporters"), "targets",
            "find-exporters");
    m_pauseScraping = add(tools, tr("&Pause scraping"), "stop", {}, "menu.pauseScraping");
    m_pauseScraping->setCheckable(true);
    connect(m_pauseScraping, &QAction::triggered, this,
            [this](bool paused) { m_bridge.setScrapingPaused(paused); });

    QMenu* const help = menuBar()->addMenu(tr("&Help"));
    connect(add(help, tr("&Keyboard shortcuts"), "keyboard", QKeySequence::HelpContents,
                "menu.shortcuts"),
            &QAction::triggered, this, &MainWindow::showShortcuts);
    connect(add(help, tr("&About Watchfire"), "info", {}, "menu.about"), &QAction::triggered, this,
            &MainWindow::showAbout);
}

void MainWindow::openPalette()
{
    std::vector<PaletteEntry> entries;
    for (const PageEntry& page : m_entries) {
        entries.push_back(
            {page.label, tr("Page"), page.icon, {}, [this, name = page.name] { openPage(name); }});
    }
    for (const QAction* menu : menuBar()->actions()) {
        for (QAction* action : menu->menu()->actions()) {
            if (action->isSeparator() || !action->isEnabled()
                || action->objectName().startsWith("menu.page."_L1)
                || action->objectName() == "menu.palette"_L1) {
                continue;
            }
            QString title = action->text();
            title.remove(u'&');
            const auto iconName = action->icon().name();
            entries.push_back({title, tr("Action"), iconName.isEmpty() ? u"run"_s : iconName,
                               action->shortcut().toString(QKeySequence::NativeText),
                               [action] { action->trigger(); }});
        }
    }
    for (const engine::TargetStatus& target : m_bridge.targets()->targets) {
        const QString job = fromUtf8(target.job);
        entries.push_back(
            {u"%1 %2"_s.arg(job, TargetsModel::endpointOf(target)),
             tr("Target"),
             u"targets"_s,
             {},
             [this, instance = fromUtf8(target.instance)] { openPage(u"targets"_s, instance); }});
    }
    for (const engine::AlertStatus& alert : m_bridge.alerts()->alerts) {
        const QString rule = fromUtf8(alert.rule);
        entries.push_back({u"%1 %2"_s.arg(rule, AlertsModel::labelsOf(alert)),
                           tr("Alert"),
                           u"alerts"_s,
                           {},
                           [this, rule] { openPage(u"alerts"_s, u"alertname:"_s + rule); }});
    }
    m_palette->open(std::move(entries),
                    [this](const QString& metric) { openPage(u"explore"_s, metric); });
}

void MainWindow::showShortcuts()
{
    auto* const dialog = new QDialog(this);
    dialog->setObjectName(u"shortcuts"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Keyboard shortcuts"));
    auto* const form = new QFormLayout;
    form->setHorizontalSpacing(24);
    for (const QAction* menu : menuBar()->actions()) {
        for (const QAction* action : menu->menu()->actions()) {
            if (!action->shortcut().isEmpty()) {
                QString title = action->text();
                title.remove(u'&');
                form->addRow(
                    plainLabel(action->shortcut().toString(QKeySequence::NativeText), dialog),
                    plainLabel(title, dialog));
            }
        }
    }
    const std::array<std::pair<QString, QString>, 3> charts{
        std::pair(tr("←, →"), tr("Charts: move the crosshair")),
        std::pair(tr("Ctrl+←, Ctrl+→"), tr("Charts: pan")),
        std::pair(tr("+, −, Home"), tr("Charts: zoom in, out, and back"))};
    for (const auto& [keys, what] : charts) {
        form->addRow(plainLabel(keys, dialog), plainLabel(what, dialog));
    }
    auto* const close = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    connect(close, &QDialogButtonBox::rejected, dialog, &QDialog::close);
    auto* const column = new QVBoxLayout(dialog);
    column->addLayout(form);
    column->addWidget(close);
    dialog->open();
}

void MainWindow::showAbout()
{
    auto* const box = new QMessageBox(this);
    box->setObjectName(u"about"_s);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(tr("About Watchfire"));
    box->setTextFormat(Qt::PlainText);
    box->setIconPixmap(theme::appIcon().pixmap(64, 64));
    box->setText(tr("Watchfire %1").arg(QStringLiteral(WATCHFIRE_VERSION)));
    box->setInformativeText(
        tr("Watches machines and programs from one desktop. Free software under the GNU General "
           "Public License, version 3 or later."));
    box->addButton(QMessageBox::Close);
    box->open();
}

} // namespace watchfire::ui
