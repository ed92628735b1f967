// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/quiet_list.h"

#include "core/config/interval_times.h"
#include "ui/models/format.h"
#include "ui/pages/plain_list.h"
#include "ui/pages/quiet_dialog.h"
#include "ui/pages/routing_edits.h"
#include "ui/pages/widgets.h"

#include <algorithm>
#include <utility>

#include <QDateTime>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

enum Column { name, when, mutes, state, change };

QString mutesText(const config::RouteConfig& root, const std::string& intervals)
{
    QStringList parts;
    if (const QStringList muted = mutedIn(root, intervals); !muted.isEmpty()) {
        parts << muted.join(u"; "_s);
    }
    if (const QStringList active = activeIn(root, intervals); !active.isEmpty()) {
        parts << QuietList::tr("told only then: %1").arg(active.join(u"; "_s));
    }
    return parts.isEmpty() ? QuietList::tr("nothing: no route names it") : parts.join(u"; "_s);
}

/// "today 22:00", "Thu 07:00", a date when it is further away; local time.
QString momentText(Timestamp at, Timestamp now)
{
    const QDateTime then = QDateTime::fromMSecsSinceEpoch(unixMs(at));
    const qint64 days = QDateTime::fromMSecsSinceEpoch(unixMs(now)).date().daysTo(then.date());
    const QString clock = then.time().toString(u"HH:mm"_s);
    return days == 0 ? QuietList::tr("today %1").arg(clock)
        : days == 1  ? QuietList::tr("tomorrow %1").arg(clock)
        : days < 7
        ? u"%1 %2"_s.arg(QLocale().dayName(then.date().dayOfWeek(), QLocale::ShortFormat), clock)
        : u"%1 %2"_s.arg(QLocale().toString(then.date(), QLocale::ShortFormat), clock);
}

} // namespace

QuietList::QuietList(PageContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_stack(new QStackedWidget(this))
    , m_list(plainList(
          "alerts.quiet", tr("Quiet hours"),
          {tr("Quiet hours"), tr("When"), tr("Mute then"), tr("Now"), tr("Next change")}, this))
    , m_note(new FieldNote("alerts.quiet.note", this))
{
    m_list->setRootIsDecorated(false);
    constexpr std::pair<int, int> widths[]{{name, 80}, {when, 210}, {mutes, 140}, {state, 90}};
    for (const auto& [column, width] : widths) {
        m_list->header()->resizeSection(column, width);
    }
    m_edit = button(tr("Edit…"), "edit", "alerts.quiet.edit", this);
    m_delete = button(tr("Delete"), "delete", "alerts.quiet.delete", this);
    QPushButton* const create = button(tr("New quiet hours"), "clock", "alerts.quiet.add", this);
    auto* const top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(headingLabel(tr("Quiet hours"), this));
    top->addStretch(1);
    top->addWidget(m_edit);
    top->addWidget(m_delete);
    top->addWidget(create);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(8);
    column->addLayout(top);
    column->addWidget(m_note);
    column->addWidget(m_stack, 1);
    auto* const empty = new EmptyState(
        tr("There are no quiet hours."), tr("New quiet hours"),
        tr("For example every night from 22:00 to 07:00, with critical alerts coming through."),
        "alerts.quiet.empty", this);
    m_stack->addWidget(empty);
    m_stack->addWidget(m_list);
    connect(empty, &EmptyState::actionClicked, this, &QuietList::add);
    connect(create, &QPushButton::clicked, this, &QuietList::add);
    connect(m_edit, &QPushButton::clicked, this, &QuietList::edit);
    connect(m_delete, &QPushButton::clicked, this, &QuietList::remove);
    connect(m_list, &QTreeWidget::itemActivated, this, &QuietList::edit);
    connect(m_list, &QTreeWidget::currentItemChanged, this, &QuietList::tellSelection);
    auto* const pressed = new QShortcut(QKeySequence(QKeySequence::Delete), m_list);
    pressed->setContext(Qt::WidgetWithChildrenShortcut);
    connect(pressed, &QShortcut::activated, this, &QuietList::remove);
    connect(&context.bridge, &EngineBridge::configChanged, this, &QuietList::takeConfig);
    m_tick.setInterval(std::chrono::seconds(5));
    connect(&m_tick, &QTimer::timeout, this, [this] {
        if (isVisible()) {
            tellNow();
        }
    });
    m_tick.start();
    takeConfig();
    tellSelection();
}

void QuietList::takeConfig()
{
    const config::AlertmanagerConfig& now = m_context.bridge.config()->config.alertmanager;
    if (now == m_shown) {
        return;
    }
    const QTreeWidgetItem* const selected = m_list->currentItem();
    const QString kept = selected != nullptr ? selected->text(name) : QString();
    m_shown = now;
    m_list->clear();
    m_stack->setCurrentIndex(m_shown.timeIntervals.empty() ? 0 : 1);
    m_changes.assign(m_shown.timeIntervals.size(), std::nullopt);
    m_toldAt = {};
    for (const config::NamedIntervalsConfig& named : m_shown.timeIntervals) {
        auto* const item = new QTreeWidgetItem(m_list);
        item->setText(name, fromUtf8(named.name));
        item->setText(when, whenText(named));
        item->setText(mutes, mutesText(m_shown.route, named.name));
        for (const int column : {int(when), int(mutes)}) {
            item->setToolTip(column, item->text(column));
        }
        if (item->text(name) == kept) {
            m_list->setCurrentItem(item);
        }
    }
    m_note->setError({});
    tellNow();
    tellSelection();
}

void QuietList::tellNow()
{
    const Timestamp now = m_context.bridge.now();
    for (int row = 0; row < m_list->topLevelItemCount(); ++row) {
        const config::NamedIntervalsConfig& named = m_shown.timeIntervals[std::size_t(row)];
        std::optional<Timestamp>& next = m_changes[std::size_t(row)];
        // A clock that was put back makes what was found before wrong, too.
        if (m_toldAt == Timestamp{} || now < m_toldAt || (next && *next <= now)) {
            next = config::nextChange(named, now);
        }
        const bool holds = config::holdsAt(named, now);
        QTreeWidgetItem* const item = m_list->topLevelItem(row);
        item->setText(state, holds ? tr("Quiet now") : tr("Not now"));
        item->setIcon(state, theme::stateIcon(holds ? theme::State::silenced : theme::State::up));
        item->setText(change,
                      next ? tr("%1 %2 (in %3)")
                                 .arg(holds ? tr("ends") : tr("begins"), momentText(*next, now),
                                      spanText(*next - now))
                           : tr("none within a year"));
        item->setToolTip(change, next ? dateTimeText(*next) : QString());
    }
    m_toldAt = now;
}

const config::NamedIntervalsConfig* QuietList::current() const
{
    const int row = m_list->indexOfTopLevelItem(m_list->currentItem());
    return row < 0 ? nullptr : &m_shown.timeIntervals[std::size_t(row)];
}

void QuietList::tellSelection()
{
    const config::NamedIntervalsConfig* const named = current();
    const bool canEdit = named != nullptr && quietFormOf(*named).has_value();
    m_edit->setEnabled(canEdit);
    m_edit->setToolTip(named == nullptr || canEdit
                           ? QString()
                           : tr("These hours say more than the dialog can; they stand in "
                                "alertmanager.yml."));
    m_delete->setEnabled(named != nullptr);
    m_note->setError({});
}

void QuietList::add()
{
    (new QuietDialog(m_context, std::nullopt, window()))->open();
}

void QuietList::edit()
{
    const config::NamedIntervalsConfig* const named = current();
    if (named != nullptr && quietFormOf(*named)) {
        (new QuietDialog(m_context, *named, window()))->open();
    }
}

void QuietList::remove()
{
    const config::NamedIntervalsConfig* const named = current();
    if (named == nullptr) {
        return;
    }
    if (const QStringList active = activeIn(m_shown.route, named->name); !active.isEmpty()) {
        m_note->setError(tr("“%1” is when these routes tell anything: %2. Change them first.")
                             .arg(fromUtf8(named->name), active.join(u"; "_s)));
        return;
    }
    removeQuietHours(m_context.edits, m_context.bridge.config()->config, named->name, this,
                     [this](const Result<void>& result) {
                         m_note->setError(result ? QString() : fromUtf8(result.error().message));
                     });
}

} // namespace watchfire::ui
