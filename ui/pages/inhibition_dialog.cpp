// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/inhibition_dialog.h"

#include "ui/models/alerts_model.h"
#include "ui/models/format.h"
#include "ui/pages/form_layout.h"
#include "ui/pages/inhibition_edits.h"
#include "ui/pages/routing.h"
#include "ui/pages/widgets.h"

#include <algorithm>
#include <utility>

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr std::size_t listed = 6;

} // namespace

InhibitionDialog::InhibitionDialog(PageContext& context,
                                   std::optional<config::InhibitRuleConfig> rule, QWidget* parent)
    : SavingDialog(parent)
    , m_context(context)
    , m_old(std::move(rule))
{
    setObjectName(u"inhibition.dialog"_s);
    setWindowTitle(m_old ? tr("Inhibition rule") : tr("New inhibition rule"));
    build();
    const InhibitionForm filled = m_old ? InhibitionForm::of(*m_old) : InhibitionForm();
    m_source->setText(filled.source);
    m_target->setText(filled.target);
    m_equal->setText(filled.equal);
    m_start = form();
    validate(false);
    preview();
    tabInLayoutOrder(this);
    m_source->setFocus();
    connect(&context.bridge, &EngineBridge::alertsChanged, this, &InhibitionDialog::preview);
}

QLineEdit* InhibitionDialog::edit(const char* name, const QString& accessibleName,
                                  const QString& placeholder)
{
    const QString field = QString::fromLatin1(name);
    QLineEdit* const made = lineEdit(u"inhibition.dialog."_s + field, accessibleName, this);
    made->setPlaceholderText(placeholder);
    connect(made, &QLineEdit::textEdited, this, [this, made] {
        m_notes.touch(made);
        m_refused->setError({});
        validate(false);
        preview();
    });
    return made;
}

void InhibitionDialog::build()
{
    m_source = edit("source", tr("While this fires"), u"alertname=\"HostDown\""_s);
    m_target = edit("target", tr("Mute these"), u"severity=~\"warning|info\""_s);
    m_equal = edit("equal", tr("Where equal"),
                   tr("labels such as instance; none: whatever their labels"));
    auto* const content = new QWidget(this);
    TwoColumns fields(content);
    const auto row = [&](const QString& label, QLineEdit* field, const char* name) {
        fields.addWide(label, field,
                       m_notes.add(QString::fromLatin1(name), field, field->objectName(), this));
    };
    row(tr("&While this fires"), m_source, "source");
    row(tr("&mute these"), m_target, "target");
    row(tr("where &equal"), m_equal, "equal");

    m_preview = plainLabel({}, this);
    m_preview->setObjectName(u"inhibition.dialog.preview"_s);
    m_preview->setWordWrap(true);
    QFont bold = m_preview->font();
    bold.setBold(true);
    m_preview->setFont(bold);
    m_list = mutedLabel({}, this);
    m_list->setObjectName(u"inhibition.dialog.list"_s);
    m_list->setWordWrap(true);
    m_list->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto* const card = new Card(this);
    auto* const cardLayout = new QVBoxLayout(card);
    cardLayout->setContentsMargins(12, 8, 12, 8);
    cardLayout->setSpacing(4);
    cardLayout->addWidget(m_preview);
    cardLayout->addWidget(m_list, 1);
    card->setMinimumHeight(110);

    m_refused = new FieldNote("inhibition.dialog.refused", this);
    m_save
        = button(m_old ? tr("Save rule") : tr("Add rule"), nullptr, "inhibition.dialog.save", this);
    m_save->setDefault(true);
    QPushButton* const cancel = button(tr("Cancel"), nullptr, "inhibition.dialog.cancel", this);
    auto* const buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_save);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addWidget(content);
    column->addWidget(card, 1);
    column->addWidget(m_refused);
    column->addLayout(buttons);
    resize(620, 380);
    connect(m_save, &QPushButton::clicked, this, &InhibitionDialog::save);
    connect(cancel, &QPushButton::clicked, this, &InhibitionDialog::reject);
}

InhibitionForm InhibitionDialog::form() const
{
    return {m_source->text(), m_target->text(), m_equal->text()};
}

config::InhibitRuleConfig InhibitionDialog::rule() const
{
    return toInhibition(form(), m_old.value_or(config::InhibitRuleConfig()));
}

bool InhibitionDialog::validate(bool all)
{
    const FieldFaults faults = checkInhibition(form(), m_old);
    m_notes.show(faults, all);
    if (QWidget* const first = m_notes.firstOf(faults); all && first != nullptr) {
        focusWithin(first);
    }
    return faults.empty();
}

void InhibitionDialog::preview()
{
    if (!checkInhibition(form(), m_old).empty()) {
        m_preview->setText(tr("Would mute nothing"));
        m_list->clear();
        return;
    }
    const auto& alerts = m_context.bridge.alerts()->alerts;
    const InhibitionNow now = inhibitionNow(rule(), alerts);
    m_preview->setText(tr("Would mute %1 of %Ln alert(s) now", nullptr, int(alerts.size()))
                           .arg(countText(now.targets.size())));
    QStringList lines;
    for (std::size_t i = 0; i < std::min(now.targets.size(), listed); ++i) {
        lines << u"%1  %2"_s.arg(fromUtf8(now.targets[i]->rule),
                                 AlertsModel::labelsOf(*now.targets[i]));
    }
    if (now.targets.size() > listed) {
        lines << tr("and %1 more").arg(countText(now.targets.size() - listed));
    }
    if (now.sources == 0) {
        lines << tr("No alert that would mute others fires now.");
    } else if (now.targets.empty()) {
        lines << tr("%Ln alert(s) that would mute others fire, and none that would be muted.",
                    nullptr, int(now.sources));
    }
    m_list->setText(lines.join(u'\n'));
}

void InhibitionDialog::save()
{
    if (isSaving() || !validate(true)) {
        return;
    }
    const auto& rules = m_context.bridge.config()->config.alertmanager.inhibitRules;
    if (m_old && !std::ranges::contains(rules, *m_old)) {
        m_refused->setError(tr("The rule was changed or deleted elsewhere meanwhile."));
        return;
    }
    if (m_old) {
        changeInhibition(m_context.edits, *m_old, rule(), this, saving());
    } else {
        addInhibition(m_context.edits, rule(), this, saving());
    }
}

bool InhibitionDialog::isChanged() const
{
    return form() != m_start;
}

QString InhibitionDialog::whatStays() const
{
    return tr("The inhibition rules stay as they were before.");
}

} // namespace watchfire::ui
