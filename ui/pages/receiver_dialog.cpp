// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/receiver_dialog.h"

#include "core/config/export.h"
#include "ui/models/format.h"
#include "ui/pages/form_fields.h"
#include "ui/pages/form_layout.h"
#include "ui/pages/receiver_edits.h"
#include "ui/pages/receiver_report.h"
#include "ui/pages/text_changes.h"
#include "ui/pages/way_panel.h"
#include "ui/pages/widgets.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QTimer>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

/// As alertmanager.yml has it, with secrets hidden.
QStringList yamlLines(const config::ReceiverConfig& receiver)
{
    config::AlertmanagerConfig alone;
    alone.receivers = {receiver};
    const QString text = fromUtf8(config::effectiveYaml(alone));
    const QString head = u"receivers:\n"_s;
    return text.mid(text.indexOf(head) + head.size()).split(u'\n', Qt::SkipEmptyParts);
}

} // namespace

ReceiverDialog::ReceiverDialog(PageContext& context, std::optional<config::ReceiverConfig> receiver,
                               QWidget* parent)
    : SavingDialog(parent)
    , m_context(context)
    , m_old(std::move(receiver))
    , m_globals(context.bridge.config()->config.alertmanager.globals)
{
    setObjectName(u"receiver.dialog"_s);
    setWindowTitle(m_old ? tr("Receiver: %1").arg(fromUtf8(m_old->name)) : tr("New receiver"));
    build();
    if (m_old) {
        const ReceiverForm old = ReceiverForm::of(*m_old);
        m_name->setText(old.name);
        for (const WayForm& way : old.ways) {
            addWay(way);
        }
    }
    m_start = form();
    tell();
    tabInLayoutOrder(this);
    m_name->setFocus();
}

void ReceiverDialog::build()
{
    m_name = lineEdit(u"receiver.dialog.name"_s, tr("Name"), this);
    m_name->setPlaceholderText(tr("ops"));
    m_nameNote = new FieldNote("receiver.dialog.name.note", this);
    m_add = button(tr("Add a way of telling"), "add", "receiver.dialog.add", this);
    m_add->setMenu(buildMenu());
    m_empty = mutedLabel(
        tr("Tells nobody so far. Add a way of telling: e-mail, Slack, a webhook …"), this);
    m_empty->setObjectName(u"receiver.dialog.empty"_s);
    m_empty->setWordWrap(true);
    auto* const ways = new QWidget(this);
    m_waysLayout = new QVBoxLayout(ways);
    m_waysLayout->setContentsMargins(0, 0, 0, 0);
    m_waysLayout->setSpacing(8);
    m_waysLayout->addWidget(m_empty);
    m_waysLayout->addWidget(m_add, 0, Qt::AlignLeft);
    m_waysLayout->addStretch(1);
    m_report = new ReceiverReport(m_context.bridge, u"receiver.dialog."_s, this);
    m_refused = new FieldNote("receiver.dialog.refused", this);
    m_test = button(tr("Send test"), "send", "receiver.dialog.test", this);
    m_save = button(m_old ? tr("Save receiver") : tr("Add receiver"), nullptr,
                    "receiver.dialog.save", this);
    m_save->setDefault(true);
    QPushButton* const cancel = button(tr("Cancel"), nullptr, "receiver.dialog.cancel", this);

    auto* const head = formLayout();
    addField(head, tr("&Name"), m_name, m_nameNote);
    auto* const buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_test);
    if (m_old) {
        QPushButton* const changes
            = button(tr("Show changes"), "document", "receiver.dialog.changes", this);
        buttons->addWidget(changes);
        connect(changes, &QPushButton::clicked, this, &ReceiverDialog::showChanges);
    }
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_save);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addLayout(head);
    column->addWidget(scrolled(ways, this), 1);
    column->addWidget(m_report);
    column->addWidget(m_refused);
    column->addLayout(buttons);
    resize(QSize(720, 640).boundedTo(screen()->availableSize() * 0.95));

    connect(m_name, &QLineEdit::textEdited, this, [this] {
        m_nameTouched = true;
        edited();
    });
    connect(m_test, &QPushButton::clicked, this, &ReceiverDialog::test);
    connect(m_save, &QPushButton::clicked, this, &ReceiverDialog::save);
    connect(cancel, &QPushButton::clicked, this, &ReceiverDialog::reject);
    connect(m_report, &ReceiverReport::runningChanged, this, &ReceiverDialog::tell);
    connect(&m_context.bridge, &EngineBridge::configChanged, this, &ReceiverDialog::noticeConfig);
}

QMenu* ReceiverDialog::buildMenu()
{
    auto* const menu = new QMenu(this);
    menu->setObjectName(u"receiver.dialog.kinds"_s);
    for (int i = 0; i < wayKinds; ++i) {
        const auto kind = WayKind(i);
        QAction* const action = menu->addAction(wayText(kind), this, [this, kind] {
            addWay(newWay(kind));
            if (kind == WayKind::desktop && m_name->text().trimmed().isEmpty()) {
                m_name->setText(u"desktop"_s);
            }
            edited();
            tabInLayoutOrder(this);
            if (QWidget* const first = m_ways.back()->firstField()) {
                focusWithin(first);
            }
        });
        action->setObjectName(u"receiver.dialog.kind.%1"_s.arg(i));
    }
    // The desktop is a receiver by itself.
    connect(menu, &QMenu::aboutToShow, this,
            [this, menu] { menu->actions().constFirst()->setEnabled(m_ways.empty()); });
    return menu;
}

void ReceiverDialog::addWay(const WayForm& way)
{
    auto* const panel = new WayPanel(u"receiver.dialog.%1."_s.arg(m_made++), way, m_globals, this);
    m_waysLayout->insertWidget(int(m_ways.size()) + 1, panel);
    m_ways.push_back(panel);
    panel->show(); // the layout would do so later, and it is to have the focus now
    connect(panel, &WayPanel::edited, this, &ReceiverDialog::edited);
    connect(panel, &WayPanel::removeWanted, this, [this, panel] { removeWay(panel); });
    m_empty->hide();
}

void ReceiverDialog::removeWay(WayPanel* panel)
{
    std::erase(m_ways, panel);
    panel->hide();
    panel->deleteLater();
    m_empty->setVisible(m_ways.empty());
    edited();
    m_add->setFocus();
}

ReceiverForm ReceiverDialog::form() const
{
    ReceiverForm form;
    form.name = m_name->text();
    for (const WayPanel* const way : m_ways) {
        form.ways.push_back(way->form());
    }
    return form;
}

QStringList ReceiverDialog::taken() const
{
    QStringList names;
    for (const auto& receiver : m_context.bridge.config()->config.alertmanager.receivers) {
        if (!m_old || receiver.name != m_old->name) {
            names << fromUtf8(receiver.name);
        }
    }
    return names;
}

bool ReceiverDialog::validate(bool all)
{
    m_nameTouched = m_nameTouched || all;
    const QString fault = nameFault(form(), taken());
    m_nameNote->setError(m_nameTouched ? fault : QString());
    bool isGood = fault.isEmpty();
    for (WayPanel* const way : m_ways) {
        isGood = way->validate(all) && isGood;
    }
    return isGood;
}

void ReceiverDialog::edited()
{
    m_refused->setError({});
    validate(false);
    tell();
}

void ReceiverDialog::tell()
{
    m_test->setEnabled(!m_ways.empty() && !m_report->isRunning());
}

bool ReceiverDialog::isReady()
{
    if (validate(true)) {
        return true;
    }
    if (!nameFault(form(), taken()).isEmpty()) {
        m_name->setFocus();
        return false;
    }
    for (WayPanel* const way : m_ways) {
        if (!way->validate(true)) {
            focusWithin(way->firstField());
            return false;
        }
    }
    return false;
}

void ReceiverDialog::test()
{
    // A receiver that has no name yet can be tried all the same.
    ReceiverForm now = form();
    if (now.name.trimmed().isEmpty() && !now.ways.empty()) {
        now.name = now.ways.front().kind == WayKind::desktop ? u"desktop"_s : tr("test");
    }
    for (WayPanel* const way : m_ways) {
        if (!way->validate(true)) {
            focusWithin(way->firstField());
            return;
        }
    }
    engine::ReceiverTestRequest request;
    request.receiver = toReceiver(now);
    request.name = request.receiver->name;
    m_report->run(std::move(request));
}

void ReceiverDialog::save()
{
    if (isSaving() || !isReady()) {
        return;
    }
    const config::ReceiverConfig wanted = toReceiver(form());
    if (m_old) {
        changeReceiver(m_context.edits, *m_old, wanted, this, saving());
    } else {
        addReceiver(m_context.edits, wanted, this, saving());
    }
}

void ReceiverDialog::showChanges()
{
    if (!isReady()) {
        return;
    }
    (new TextChanges("receiver.changes", tr("Changes of receiver %1").arg(fromUtf8(m_old->name)),
                     yamlLines(*m_old), yamlLines(toReceiver(form())), this,
                     tr("No line differs but those of secrets, which are not shown.")))
        ->show();
}

void ReceiverDialog::noticeConfig()
{
    if (!m_old || isSaving()) {
        return;
    }
    const auto& receivers = m_context.bridge.config()->config.alertmanager.receivers;
    const auto now = std::ranges::find(receivers, m_old->name, &config::ReceiverConfig::name);
    m_refused->setHint(
        now == receivers.end() ? tr("The receiver was deleted or renamed elsewhere meanwhile; "
                                    "saving finds it no more.")
            : *now != *m_old
            ? tr("The receiver was changed elsewhere meanwhile; saving replaces that.")
            : QString());
    validate(false);
}

bool ReceiverDialog::isChanged() const
{
    return form() != m_start;
}

QString ReceiverDialog::whatStays() const
{
    return tr("The receiver stays as it was before.");
}

} // namespace watchfire::ui
