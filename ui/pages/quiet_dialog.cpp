// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/quiet_dialog.h"

#include "ui/models/format.h"
#include "ui/pages/form_layout.h"
#include "ui/pages/routing_edits.h"
#include "ui/pages/widgets.h"

#include <algorithm>

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QTimeZone>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

using What = QuietScope::What;

QuietForm freshForm(const config::AlertmanagerConfig& config)
{
    QuietForm fresh;
    fresh.zone = QString::fromUtf8(QTimeZone::systemTimeZoneId());
    if (fresh.zone.isEmpty()) {
        fresh.zone = u"Local"_s;
    }
    fresh.name = u"night"_s;
    for (int i = 2; std::ranges::contains(config.timeIntervals, fresh.name.toStdString(),
                                          &config::NamedIntervalsConfig::name);
         ++i) {
        fresh.name = u"night-%1"_s.arg(i);
    }
    return fresh;
}

} // namespace

QuietDialog::QuietDialog(PageContext& context, std::optional<config::NamedIntervalsConfig> old,
                         QWidget* parent)
    : SavingDialog(parent)
    , m_context(context)
    , m_old(std::move(old))
    , m_without(context.bridge.config()->config.alertmanager)
{
    setObjectName(u"quiet.dialog"_s);
    setWindowTitle(m_old ? tr("Quiet hours: %1").arg(fromUtf8(m_old->name))
                         : tr("New quiet hours"));
    QuietForm form = freshForm(m_without);
    std::optional<QuietScope> scope = QuietScope();
    if (m_old) {
        form = quietFormOf(*m_old).value_or(form);
        scope = scopeOf(m_without, m_old->name);
        unmuteRoutes(m_without, m_old->name);
    }
    build();
    fillScopes();
    m_name->setText(form.name);
    m_from->setText(form.from);
    m_to->setText(form.to);
    m_zone->setCurrentText(form.zone);
    for (int day = 1; day <= 7; ++day) {
        m_days[day - 1]->setChecked(form.days[std::size_t(day % 7)]);
    }
    m_critical->setChecked(!scope || scope->letsCritical);
    const auto chosen = std::ranges::find_if(m_scopes, [&](const std::optional<QuietScope>& each) {
        return each.has_value() == scope.has_value()
            && (!each || (each->what == scope->what && each->route == scope->route));
    });
    m_scope->setCurrentIndex(int(chosen - m_scopes.begin()) % m_scope->count());
    m_notes.forgetTouches();
    m_start = this->form();
    m_startScope = this->scope();
    validate(false);
    tabInLayoutOrder(this);
    (m_old ? m_from : m_name)->setFocus();
}

void QuietDialog::build()
{
    m_name = lineEdit(u"quiet.dialog.name"_s, tr("Name"), this);
    m_scope = choiceBox(u"quiet.dialog.scope"_s, tr("What is quiet"), {}, {}, this);
    m_scopeNote = new FieldNote("quiet.dialog.scope.note", this);
    m_critical = checkBox(u"quiet.dialog.critical"_s,
                          tr("Critical alerts (severity=\"critical\") come through"), this);
    m_sentence = plainLabel({}, this);
    m_sentence->setObjectName(u"quiet.dialog.sentence"_s);
    m_sentence->setWordWrap(true);
    m_sentence->setMinimumWidth(40);
    auto* const card = new Card(this);
    auto* const cardLayout = new QVBoxLayout(card);
    cardLayout->setContentsMargins(12, 8, 12, 8);
    cardLayout->addWidget(m_sentence);
    m_refused = new FieldNote("quiet.dialog.refused", this);
    m_save = button(m_old ? tr("Save quiet hours") : tr("Add quiet hours"), nullptr,
                    "quiet.dialog.save", this);
    m_save->setDefault(true);
    QPushButton* const cancel = button(tr("Cancel"), nullptr, "quiet.dialog.cancel", this);

    auto* const form = formLayout();
    addField(form, tr("&Name"), m_name,
             m_notes.add(u"name"_s, m_name, u"quiet.dialog.name"_s, this));
    m_dayBox = buildDays();
    addField(form, tr("On"), m_dayBox,
             m_notes.add(u"days"_s, m_dayBox, u"quiet.dialog.days"_s, this));
    form->addRow(tr("From"), buildTimes());
    addField(form, tr("&Quiet is"), m_scope, m_scopeNote);
    form->addRow(QString(), m_critical);
    auto* const buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_save);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addLayout(form);
    column->addWidget(card);
    column->addStretch(1);
    column->addWidget(m_refused);
    column->addLayout(buttons);
    resize(620, 400);

    connect(m_name, &QLineEdit::textEdited, this, [this] { change(m_name); });
    connect(m_scope, &QComboBox::currentIndexChanged, this, [this] { change(m_scope); });
    connect(m_critical, &QCheckBox::toggled, this, [this] { change(m_critical); });
    connect(m_save, &QPushButton::clicked, this, &QuietDialog::save);
    connect(cancel, &QPushButton::clicked, this, &QuietDialog::reject);
}

QWidget* QuietDialog::buildDays()
{
    auto* const box = new QWidget(this);
    box->setMinimumHeight(28);
    auto* const row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    for (int day = 1; day <= 7; ++day) {
        QCheckBox* const each = checkBox(u"quiet.dialog.day.%1"_s.arg(day),
                                         QLocale().dayName(day, QLocale::ShortFormat), box);
        each->setAccessibleName(QLocale().dayName(day, QLocale::LongFormat));
        row->addWidget(each);
        m_days << each;
        connect(each, &QCheckBox::toggled, this, [this] { change(m_dayBox); });
    }
    row->addStretch(1);
    return box;
}

QWidget* QuietDialog::buildTimes()
{
    auto* const box = new QWidget(this);
    m_from = lineEdit(u"quiet.dialog.from"_s, tr("From"), box);
    m_to = lineEdit(u"quiet.dialog.to"_s, tr("To"), box);
    m_zone = choiceBox(u"quiet.dialog.zone"_s, tr("Time zone"), {}, {}, box);
    m_zone->setEditable(true);
    m_zone->setInsertPolicy(QComboBox::NoInsert);
    QStringList zones{u"Local"_s, u"UTC"_s};
    for (const QByteArray& zone : QTimeZone::availableTimeZoneIds()) {
        // Only these have a place's rules; what else there is are offsets and old names.
        if (zone.contains('/') && !zone.startsWith("Etc/")) {
            zones << QString::fromLatin1(zone);
        }
    }
    m_zone->addItems(zones);
    m_zone->lineEdit()->setObjectName(u"quiet.dialog.zone.text"_s);
    m_zone->lineEdit()->setAccessibleName(tr("Time zone"));
    m_zone->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_zone->setMinimumContentsLength(18);
    for (QLineEdit* const time : {m_from, m_to}) {
        time->setMaximumWidth(80);
        time->setPlaceholderText(u"22:00"_s);
    }
    auto* const row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_from);
    row->addWidget(plainLabel(tr("to"), box));
    row->addWidget(m_to);
    row->addWidget(plainLabel(tr("in"), box));
    row->addWidget(m_zone, 1);
    auto* const column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addLayout(row);
    column->addWidget(m_notes.add(u"from"_s, m_from, u"quiet.dialog.from"_s, box));
    column->addWidget(m_notes.add(u"to"_s, m_to, u"quiet.dialog.to"_s, box));
    column->addWidget(m_notes.add(u"zone"_s, m_zone, u"quiet.dialog.zone"_s, box));
    connect(m_from, &QLineEdit::textEdited, this, [this] { change(m_from); });
    connect(m_to, &QLineEdit::textEdited, this, [this] { change(m_to); });
    connect(m_zone, &QComboBox::currentTextChanged, this, [this] { change(m_zone); });
    return box;
}

void QuietDialog::fillScopes()
{
    const auto add = [this](const QString& words, const std::optional<QuietScope>& scope) {
        m_scopes.push_back(scope);
        m_scope->addItem(words);
    };
    const QSignalBlocker blocker(m_scope);
    add(tr("everything"), QuietScope{What::everything, {}, true});
    const bool hasDesktop
        = std::ranges::any_of(m_without.receivers, &config::ReceiverConfig::desktop);
    if (hasDesktop) {
        add(tr("this desktop: no popups"), QuietScope{What::desktop, {}, true});
    }
    for (const RoutePathTo& path : allPaths(m_without.route)) {
        if (!path.empty()) {
            add(tr("the route %1").arg(routeText(*routeAt(m_without.route, path), path)),
                QuietScope{What::route, path, true});
        }
    }
    if (m_old && !scopeOf(m_context.bridge.config()->config.alertmanager, m_old->name)) {
        add(tr("as the routes say now"), std::nullopt);
    }
}

QuietForm QuietDialog::form() const
{
    QuietForm form;
    form.name = m_name->text();
    form.from = m_from->text();
    form.to = m_to->text();
    form.zone = m_zone->currentText();
    for (int day = 1; day <= 7; ++day) {
        form.days[std::size_t(day % 7)] = m_days[day - 1]->isChecked();
    }
    return form;
}

std::optional<QuietScope> QuietDialog::scope() const
{
    const int index = m_scope->currentIndex();
    std::optional<QuietScope> scope
        = index < 0 ? std::optional(QuietScope()) : m_scopes[std::size_t(index)];
    if (scope) {
        scope->letsCritical = m_critical->isChecked();
    }
    return scope;
}

bool QuietDialog::mutesAnything() const
{
    const auto wanted = scope();
    if (!wanted) {
        return true;
    }
    config::AlertmanagerConfig with = m_without;
    const std::string name = form().name.trimmed().toStdString();
    muteRoutes(with, name, *wanted);
    return !mutedIn(with.route, name).isEmpty();
}

QString QuietDialog::sentence() const
{
    const QString when = whenText(form());
    const auto wanted = scope();
    if (!wanted) {
        return tr("%1: the routes that name these hours stay as they are.").arg(when);
    }
    QString what;
    switch (wanted->what) {
    case What::everything:
        what = tr("%1: nobody is told of alerts.").arg(when);
        break;
    case What::desktop:
        what = tr("%1: no popups on this desktop; other receivers are told.").arg(when);
        break;
    case What::route:
        if (const auto* const route = routeAt(m_without.route, wanted->route)) {
            what = tr("%1: alerts with %2 are not told.")
                       .arg(when, routeText(*route, wanted->route));
        }
        break;
    }
    return QStringList{what,
                       wanted->letsCritical ? tr("Critical ones still come through.")
                                            : tr("Critical ones neither."),
                       tr("What still fires when the hours are over is told then.")}
        .join(u' ');
}

bool QuietDialog::validate(bool all)
{
    QStringList taken;
    for (const config::NamedIntervalsConfig& each :
         m_context.bridge.config()->config.alertmanager.timeIntervals) {
        if (!m_old || each.name != m_old->name) {
            taken << fromUtf8(each.name);
        }
    }
    const FieldFaults faults = checkQuiet(form(), taken);
    m_notes.show(faults, all);
    const bool mutes = mutesAnything();
    m_scopeNote->setError(mutes ? QString()
                                : tr("Nothing would be quiet: only critical alerts come there."));
    m_critical->setEnabled(scope().has_value());
    m_sentence->setText(faults.empty() ? sentence() : tr("What is marked must be mended first."));
    if (QWidget* const first = m_notes.firstOf(faults); all && first != nullptr) {
        focusWithin(first);
    }
    return faults.empty() && mutes;
}

void QuietDialog::change(const QWidget* field)
{
    m_notes.touch(field);
    m_refused->setError({});
    validate(false);
}

void QuietDialog::save()
{
    if (isSaving() || !validate(true)) {
        return;
    }
    const auto& there = m_context.bridge.config()->config.alertmanager.timeIntervals;
    if (m_old && !std::ranges::contains(there, m_old->name, &config::NamedIntervalsConfig::name)) {
        m_refused->setError(tr("The hours were deleted or renamed elsewhere meanwhile."));
        return;
    }
    putQuietHours(m_context.edits, m_old ? m_old->name : std::string(), toIntervals(form()),
                  scope(), this, saving());
}

bool QuietDialog::isChanged() const
{
    return form() != m_start || scope() != m_startScope;
}

QString QuietDialog::whatStays() const
{
    return tr("The hours stay as they were before.");
}

} // namespace watchfire::ui
