// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/route_dialog.h"

#include "core/text/duration.h"
#include "ui/models/format.h"
#include "ui/pages/form_layout.h"
#include "ui/pages/routing.h"
#include "ui/pages/routing_edits.h"
#include "ui/pages/widgets.h"

#include <algorithm>

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

RouteDialog::RouteDialog(PageContext& context, const RoutePathTo& path, bool isNew, QWidget* parent)
    : SavingDialog(parent)
    , m_context(context)
    , m_path(path)
    , m_isNew(isNew)
    , m_isRoot(!isNew && path.empty())
{
    setObjectName(u"route.dialog"_s);
    const config::RouteConfig& root = context.bridge.config()->config.alertmanager.route;
    if (const config::RouteConfig* const route = routeAt(root, path)) {
        m_opened = *route;
        m_base = isNew ? config::RouteConfig() : *route;
    }
    setWindowTitle(isNew ? tr("New route") : tr("Route: %1").arg(routeText(m_base, path)));
    build();
    fill(RouteForm::of(m_base));
    m_start = form();
    validate(false);
    tabInLayoutOrder(this);
    if (m_isRoot) {
        m_receiver->setFocus();
    } else {
        m_matchers->setFocus();
    }
}

QLineEdit* RouteDialog::edit(const char* name, const QString& accessibleName,
                             const QString& placeholder)
{
    QLineEdit* const made
        = lineEdit(u"route.dialog."_s + QString::fromLatin1(name), accessibleName, this);
    made->setPlaceholderText(placeholder);
    connect(made, &QLineEdit::textEdited, this, [this, made] { change(made); });
    return made;
}

FieldNote* RouteDialog::note(const char* name, QLineEdit* field)
{
    return m_notes.add(QString::fromLatin1(name), field, field->objectName(), this);
}

void RouteDialog::build()
{
    const config::AlertmanagerConfig& alerting = m_context.bridge.config()->config.alertmanager;
    const std::vector<RouteNode> nodes = routeNodes(alerting.route);
    const std::vector<RoutePathTo> paths = allPaths(alerting.route);
    // What an empty field has: the settings of the route above; of the root's, the usual ones.
    RoutePathTo above = m_path;
    if (!m_isNew && !above.empty()) {
        above.pop_back();
    }
    const auto place = std::size_t(std::ranges::find(paths, above) - paths.begin());
    const RouteNode inherited
        = m_isRoot ? routeNodes({}).front() : nodes[std::min(place, nodes.size() - 1)];
    const auto span
        = [](config::Duration duration) { return fromUtf8(text::formatDuration(duration)); };
    m_matchers = edit("matchers", tr("Alerts with"), u"severity=\"critical\", team=~\"db|web\""_s);
    m_receiver = choiceBox(u"route.dialog.receiver"_s, tr("Receiver"), {}, {}, this);
    if (!m_isRoot) {
        m_receiver->addItem(tr("%1, as the route above").arg(fromUtf8(inherited.receiver)),
                            QString());
    }
    for (const config::ReceiverConfig& receiver : alerting.receivers) {
        m_receiver->addItem(fromUtf8(receiver.name), fromUtf8(receiver.name));
    }
    m_continues = checkBox(u"route.dialog.continues"_s,
                           tr("Go on: routes after it may take the alert, too"), this);
    m_groups = checkBox(u"route.dialog.groups"_s, tr("Own grouping"), this);
    m_groupBy = edit("groupBy", tr("Labels to group by"),
                     tr("labels such as alertname, job; “...” for each alert by itself"));
    m_groupWait = edit("groupWait", tr("First after"), span(inherited.groupWait));
    m_groupInterval = edit("groupInterval", tr("More after"), span(inherited.groupInterval));
    m_repeatInterval = edit("repeatInterval", tr("Again after"), span(inherited.repeatInterval));
    m_muteIn = edit("muteIn", tr("Mute in these quiet hours"), tr("names of quiet hours"));
    m_activeIn = edit("activeIn", tr("Tells only in these hours"), tr("always"));
    m_refused = new FieldNote("route.dialog.refused", this);
    m_save
        = button(m_isNew ? tr("Add route") : tr("Save route"), nullptr, "route.dialog.save", this);
    m_save->setDefault(true);
    QPushButton* const cancel = button(tr("Cancel"), nullptr, "route.dialog.cancel", this);

    auto* const content = new QWidget(this);
    TwoColumns form(content);
    if (m_isRoot) {
        m_matchers->hide();
        m_continues->hide();
    } else {
        form.addWide(tr("&Alerts with"), m_matchers, note("matchers", m_matchers));
    }
    form.addWide(tr("Go &to"), m_receiver);
    if (!m_isRoot) {
        form.addWide({}, m_continues);
    }
    form.addWide(tr("Grouping"), m_groups);
    form.addWide({}, m_groupBy, note("groupBy", m_groupBy));
    form.add(tr("&First after"), m_groupWait, note("groupWait", m_groupWait));
    form.add(tr("&More after"), m_groupInterval, note("groupInterval", m_groupInterval));
    form.add(tr("A&gain after"), m_repeatInterval, note("repeatInterval", m_repeatInterval));
    if (m_isRoot) {
        m_muteIn->hide();
        m_activeIn->hide();
    } else {
        form.addWide(tr("M&ute in"), m_muteIn, note("muteIn", m_muteIn));
        form.addWide(tr("&Only in"), m_activeIn, note("activeIn", m_activeIn));
    }
    auto* const buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_save);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addWidget(content);
    column->addStretch(1);
    column->addWidget(m_refused);
    column->addLayout(buttons);
    resize(640, m_isRoot ? 300 : 420);
    connect(m_receiver, &QComboBox::currentIndexChanged, this, [this] { change(m_receiver); });
    connect(m_continues, &QCheckBox::toggled, this, [this] { change(m_continues); });
    connect(m_groups, &QCheckBox::toggled, this, [this](bool on) {
        m_groupBy->setEnabled(on);
        change(m_groups);
    });
    connect(m_save, &QPushButton::clicked, this, &RouteDialog::save);
    connect(cancel, &QPushButton::clicked, this, &RouteDialog::reject);
}

void RouteDialog::fill(const RouteForm& form)
{
    m_matchers->setText(form.matchers);
    setChoice(m_receiver, form.receiver);
    m_continues->setChecked(form.continues);
    m_groups->setChecked(form.groups);
    m_groupBy->setEnabled(form.groups);
    m_groupBy->setText(form.groupBy);
    m_groupWait->setText(form.groupWait);
    m_groupInterval->setText(form.groupInterval);
    m_repeatInterval->setText(form.repeatInterval);
    m_muteIn->setText(form.muteIn);
    m_activeIn->setText(form.activeIn);
    m_notes.forgetTouches();
}

RouteForm RouteDialog::form() const
{
    RouteForm form;
    form.matchers = m_matchers->text();
    form.receiver = choiceOf(m_receiver);
    form.continues = m_continues->isChecked();
    form.groups = m_groups->isChecked();
    form.groupBy = m_groupBy->text();
    form.groupWait = m_groupWait->text();
    form.groupInterval = m_groupInterval->text();
    form.repeatInterval = m_repeatInterval->text();
    form.muteIn = m_muteIn->text();
    form.activeIn = m_activeIn->text();
    return form;
}

bool RouteDialog::validate(bool all)
{
    QStringList intervals;
    for (const auto& named : m_context.bridge.config()->config.alertmanager.timeIntervals) {
        intervals << fromUtf8(named.name);
    }
    // A catch-all that is there already may stay one.
    const bool mayBeBare = m_isRoot || (!m_isNew && m_base.matchers.empty());
    const FieldFaults faults = checkRoute(form(), mayBeBare, intervals);
    m_notes.show(faults, all);
    if (QWidget* const first = m_notes.firstOf(faults); all && first != nullptr) {
        focusWithin(first);
    }
    return faults.empty();
}

void RouteDialog::change(const QWidget* field)
{
    m_notes.touch(field);
    m_refused->setError({});
    validate(false);
}

std::optional<RoutePathTo> RouteDialog::place() const
{
    const config::RouteConfig& root = m_context.bridge.config()->config.alertmanager.route;
    const auto isIt = [&](const RoutePathTo& path) {
        const config::RouteConfig* const route = routeAt(root, path);
        // The root is known by its place; of others, others may have been put before them.
        return route != nullptr
            && (path.empty() ? m_path.empty() : ownOf(*route) == ownOf(m_opened));
    };
    if (isIt(m_path)) {
        return m_path;
    }
    const std::vector<RoutePathTo> paths = allPaths(root);
    const auto moved = std::ranges::find_if(paths, isIt);
    return moved == paths.end() ? std::nullopt : std::optional(*moved);
}

void RouteDialog::save()
{
    if (isSaving() || !validate(true)) {
        return;
    }
    const auto path = place();
    if (!path) {
        m_refused->setError(m_isNew ? tr("The route it is to stand under was changed or deleted "
                                         "elsewhere meanwhile.")
                                    : tr("The route was changed or deleted elsewhere meanwhile."));
        return;
    }
    const config::RouteConfig wanted = toRoute(form(), m_base);
    if (m_isNew) {
        addRoute(m_context.edits, *path, wanted, this, saving());
    } else {
        changeRoute(m_context.edits, *path, m_base, wanted, this, saving());
    }
}

bool RouteDialog::isChanged() const
{
    return form() != m_start;
}

QString RouteDialog::whatStays() const
{
    return tr("The routes stay as they were before.");
}

} // namespace watchfire::ui
