// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/receivers_tab.h"

#include "ui/models/format.h"
#include "ui/pages/deliveries.h"
#include "ui/pages/plain_list.h"
#include "ui/pages/receiver_dialog.h"
#include "ui/pages/receiver_edits.h"
#include "ui/pages/receiver_report.h"
#include "ui/pages/widgets.h"
#include "ui/theme/state.h"

#include <algorithm>
#include <utility>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QShortcut>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

enum Column { name, kinds, destination, told, trouble, routes };

QString kindsText(const std::vector<WaySection>& sections)
{
    QStringList words;
    for (const WaySection& section : sections) {
        words << wayText(kindOf(section));
    }
    words.removeDuplicates();
    return words.isEmpty() ? ReceiversTab::tr("none: tells nobody") : words.join(u", "_s);
}

QString destinationsText(const std::vector<WaySection>& sections,
                         const config::ReceiverGlobals& globals)
{
    QStringList words;
    for (const WaySection& section : sections) {
        words << destinationText(section, globals);
    }
    words.removeDuplicates();
    return words.join(u", "_s);
}

} // namespace

ReceiversTab::ReceiversTab(PageContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_list(plainList("alerts.receivers", tr("Receivers"),
                       {tr("Receiver"), tr("Tells by"), tr("Sends to"), tr("Last told"),
                        tr("Last trouble"), tr("Told of")},
                       this))
    , m_note(new FieldNote("alerts.receivers.note", this))
    , m_report(new ReceiverReport(context.bridge, u"alerts.receivers."_s, this))
{
    m_list->setRootIsDecorated(false);
    constexpr std::pair<int, int> widths[]{
        {name, 90}, {kinds, 110}, {destination, 160}, {told, 85}, {trouble, 150}};
    for (const auto& [column, width] : widths) {
        m_list->header()->resizeSection(column, width);
    }
    m_test = button(tr("Send test"), "send", "alerts.receivers.test", this);
    m_edit = button(tr("Edit…"), "edit", "alerts.receivers.edit", this);
    m_delete = button(tr("Delete"), "delete", "alerts.receivers.delete", this);
    QPushButton* const create = button(tr("New receiver"), "add", "alerts.receivers.add", this);
    auto* const top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(m_test);
    top->addStretch(1);
    top->addWidget(m_edit);
    top->addWidget(m_delete);
    top->addWidget(create);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 8);
    column->setSpacing(8);
    column->addLayout(top);
    column->addWidget(m_note);
    column->addWidget(m_list, 1);
    column->addWidget(m_report);
    m_report->hide();

    connect(create, &QPushButton::clicked, this, &ReceiversTab::add);
    connect(m_edit, &QPushButton::clicked, this, &ReceiversTab::edit);
    connect(m_delete, &QPushButton::clicked, this, &ReceiversTab::remove);
    connect(m_test, &QPushButton::clicked, this, &ReceiversTab::test);
    connect(m_list, &QTreeWidget::itemActivated, this, &ReceiversTab::edit);
    connect(m_list, &QTreeWidget::currentItemChanged, this, &ReceiversTab::tellSelection);
    connect(m_report, &ReceiverReport::runningChanged, this, &ReceiversTab::tellSelection);
    auto* const pressed = new QShortcut(QKeySequence(QKeySequence::Delete), m_list);
    pressed->setContext(Qt::WidgetWithChildrenShortcut);
    connect(pressed, &QShortcut::activated, this, &ReceiversTab::remove);
    connect(&context.bridge, &EngineBridge::configChanged, this, &ReceiversTab::takeConfig);
    connect(&context.bridge, &EngineBridge::alertsChanged, this, &ReceiversTab::tellDeliveries);
    m_tick.setInterval(std::chrono::seconds(10));
    connect(&m_tick, &QTimer::timeout, this, [this] {
        if (isVisible()) {
            tellDeliveries();
        }
    });
    m_tick.start();
    takeConfig();
    tellSelection();
}

void ReceiversTab::takeConfig()
{
    const config::AlertmanagerConfig& now = m_context.bridge.config()->config.alertmanager;
    if (m_list->topLevelItemCount() > 0 && now == m_shown) {
        return;
    }
    const QTreeWidgetItem* const selected = m_list->currentItem();
    const QString kept = selected != nullptr ? selected->text(name) : QString();
    m_shown = now;
    m_list->clear();
    for (const config::ReceiverConfig& receiver : m_shown.receivers) {
        const std::vector<WaySection> sections = sectionsOf(receiver);
        const QStringList users = routesTo(m_shown.route, receiver.name);
        auto* const item = new QTreeWidgetItem(m_list);
        item->setText(name, fromUtf8(receiver.name));
        item->setText(kinds, kindsText(sections));
        item->setText(destination, destinationsText(sections, m_shown.globals));
        item->setText(routes,
                      users.isEmpty() ? tr("nothing: no route names it") : users.join(u"; "_s));
        for (const int column : {int(destination), int(routes)}) {
            item->setToolTip(column, item->text(column));
        }
        if (item->text(name) == kept) {
            m_list->setCurrentItem(item);
        }
    }
    m_note->setError({});
    tellDeliveries();
    tellSelection();
}

void ReceiversTab::tellDeliveries()
{
    std::vector<std::string> names;
    for (const config::ReceiverConfig& receiver : m_shown.receivers) {
        names.push_back(receiver.name);
    }
    const auto deliveries = lastDeliveries(m_context.bridge.alerts()->history, names);
    const Timestamp now = m_context.bridge.now();
    for (int row = 0; row < m_list->topLevelItemCount(); ++row) {
        QTreeWidgetItem* const item = m_list->topLevelItem(row);
        const auto found = deliveries.find(names[std::size_t(row)]);
        const LastDelivery last = found == deliveries.end() ? LastDelivery() : found->second;
        item->setText(told, last.toldAt == Timestamp{} ? tr("not yet") : agoText(last.toldAt, now));
        item->setToolTip(told,
                         last.toldAt == Timestamp{} ? tr("Not since Watchfire was started.")
                                                    : dateTimeText(last.toldAt));
        const QString failure = last.failedAt == Timestamp{}
            ? QString()
            : tr("%1: %2").arg(agoText(last.failedAt, now), fromUtf8(last.failure));
        item->setText(trouble, failure.isEmpty() ? tr("none") : failure);
        item->setToolTip(trouble,
                         failure.isEmpty()
                             ? tr("None since Watchfire was started.")
                             : u"%1\n%2\n%3"_s.arg(fromUtf8(last.way), dateTimeText(last.failedAt),
                                                   fromUtf8(last.failure)));
        item->setIcon(name,
                      theme::stateIcon(last.isFailing()                 ? theme::State::critical
                                           : last.toldAt != Timestamp{} ? theme::State::up
                                                                        : theme::State::unknown));
        item->setData(name, Qt::AccessibleTextRole,
                      last.isFailing()
                          ? tr("%1: the last notification failed").arg(item->text(name))
                          : item->text(name));
    }
}

const config::ReceiverConfig* ReceiversTab::current() const
{
    const int row = m_list->indexOfTopLevelItem(m_list->currentItem());
    return row < 0 ? nullptr : &m_shown.receivers[std::size_t(row)];
}

void ReceiversTab::tellSelection()
{
    const bool isAny = current() != nullptr;
    m_test->setEnabled(isAny && !m_report->isRunning());
    m_edit->setEnabled(isAny);
    m_delete->setEnabled(isAny);
    m_note->setError({});
}

void ReceiversTab::add()
{
    (new ReceiverDialog(m_context, std::nullopt, window()))->open();
}

void ReceiversTab::edit()
{
    if (const config::ReceiverConfig* const receiver = current()) {
        (new ReceiverDialog(m_context, *receiver, window()))->open();
    }
}

void ReceiversTab::remove()
{
    const config::ReceiverConfig* const receiver = current();
    if (receiver == nullptr) {
        return;
    }
    const QStringList users = routesTo(m_shown.route, receiver->name);
    if (!users.isEmpty()) {
        m_note->setError(tr("“%1” is told of %2. Give these routes another receiver first.")
                             .arg(fromUtf8(receiver->name), users.join(u"; "_s)));
        return;
    }
    removeReceiver(m_context.edits, m_context.bridge.config()->config, receiver->name, this,
                   [this](const Result<void>& result) {
                       m_note->setError(result ? QString() : fromUtf8(result.error().message));
                   });
}

void ReceiversTab::test()
{
    if (const config::ReceiverConfig* const receiver = current()) {
        engine::ReceiverTestRequest request;
        request.name = receiver->name;
        m_report->show();
        m_report->run(std::move(request));
    }
}

} // namespace watchfire::ui
