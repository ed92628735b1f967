// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/way_panel.h"

#include "ui/pages/secret_edit.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

WayPanel::WayPanel(const QString& prefix, const WayForm& way,
                   const config::ReceiverGlobals& globals, QWidget* parent)
    : Card(parent)
    , m_way(way)
    , m_globals(globals)
    , m_destination(mutedLabel({}, this))
{
    setObjectName(prefix + u"way"_s);
    setAccessibleName(wayText(way.kind));
    m_destination->setObjectName(prefix + u"destination"_s);
    QPushButton* const remove
        = button(tr("Remove"), "remove", (prefix + u"remove"_s).toLatin1().constData(), this);
    remove->setAccessibleName(tr("Remove %1").arg(wayText(way.kind)));
    auto* const head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(headingLabel(wayText(way.kind), this));
    head->addWidget(m_destination, 1);
    head->addWidget(remove);
    auto* const fields = new QWidget(this);
    TwoColumns form(fields);
    const std::vector<WayField> all = wayFields(way.kind, globals);
    for (const bool isRequired : {true, false}) {
        for (const WayField& field : all) {
            if (field.isRequired == isRequired) {
                QWidget* const widget = build(field, prefix);
                m_fields[field.name] = widget;
                m_first = m_first == nullptr ? widget : m_first;
                addTo(form, field, widget,
                      m_notes.add(field.name, widget, prefix + field.name, fields));
            }
        }
    }
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 12);
    column->setSpacing(8);
    column->addLayout(head);
    column->addWidget(fields);
    fields->setVisible(!all.empty());
    connect(remove, &QPushButton::clicked, this, &WayPanel::removeWanted);
    tell();
}

QWidget* WayPanel::build(const WayField& field, const QString& prefix)
{
    const QString name = prefix + field.name;
    const QString accessibleName = u"%1: %2"_s.arg(wayText(m_way.kind), field.label);
    if (field.type == FieldType::secret) {
        auto* const secret = new SecretEdit(name, accessibleName, this);
        secret->fill(
            m_way.secrets[field.name],
            {keptSecret(m_way, field.name), SecretStore::alertmanager, SecretStore::alertmanager});
        secret->setExample(field.otherwise.isEmpty() ? field.example : field.otherwise);
        connect(secret, &SecretEdit::edited, this, [this, secret] { change(secret); });
        return secret;
    }
    const QString value = m_way.values[field.name];
    if (field.type == FieldType::flag) {
        QCheckBox* const flag = checkBox(name, field.label, this);
        flag->setAccessibleName(accessibleName);
        flag->setChecked(value == "true"_L1);
        connect(flag, &QCheckBox::toggled, this, [this, flag] { change(flag); });
        return flag;
    }
    if (field.type == FieldType::choice) {
        QStringList words = field.choices;
        words[0] = field.otherwise;
        if (field.name == "requireTls"_L1) {
            words = {field.otherwise, tr("required (STARTTLS)"), tr("not required")};
        }
        QComboBox* const choice = choiceBox(name, accessibleName, words, field.choices, this);
        setChoice(choice, value);
        connect(choice, &QComboBox::currentIndexChanged, this, [this, choice] { change(choice); });
        return choice;
    }
    QLineEdit* const line = lineEdit(name, accessibleName, this);
    line->setText(value);
    line->setPlaceholderText(field.otherwise.isEmpty() ? field.example : field.otherwise);
    connect(line, &QLineEdit::textEdited, this, [this, line] { change(line); });
    return line;
}

void WayPanel::addTo(TwoColumns& form, const WayField& field, QWidget* widget,
                     FieldNote* note) const
{
    if (field.type == FieldType::flag) {
        form.addBare(widget);
        note->hide();
        return;
    }
    const bool isWide = field.isRequired || field.type == FieldType::secret
        || (m_way.values.contains(field.name) && m_way.values.at(field.name).contains(u"{{"_s));
    if (isWide) {
        form.addWide(field.label, widget, note);
    } else {
        form.add(field.label, widget, note);
    }
}

WayForm WayPanel::form() const
{
    WayForm form = m_way;
    for (const auto& [name, widget] : m_fields) {
        if (const auto* const secret = qobject_cast<SecretEdit*>(widget)) {
            form.secrets[name] = secret->form();
        } else if (const auto* const flag = qobject_cast<QCheckBox*>(widget)) {
            form.values[name] = flag->isChecked() ? u"true"_s : u"false"_s;
        } else if (const auto* const choice = qobject_cast<QComboBox*>(widget)) {
            form.values[name] = choiceOf(choice);
        } else if (const auto* const line = qobject_cast<QLineEdit*>(widget)) {
            form.values[name] = line->text();
        }
    }
    return form;
}

void WayPanel::change(const QWidget* field)
{
    m_notes.touch(field);
    validate(false);
    tell();
    emit edited();
}

bool WayPanel::validate(bool all)
{
    m_faults = checkWay(form(), m_globals);
    m_notes.show(m_faults, all);
    return m_faults.empty();
}

QWidget* WayPanel::firstField() const
{
    QWidget* const faulty = m_notes.firstOf(m_faults);
    return faulty != nullptr ? faulty : m_first;
}

void WayPanel::tell()
{
    const WayForm now = form();
    const bool isReady = checkWay(now, m_globals).empty();
    m_destination->setText(
        isReady ? tr("sends to %1").arg(destinationText(toSection(now), m_globals)) : QString());
    if (m_way.kind == WayKind::desktop) {
        m_destination->setText(destinationText(m_way.base, m_globals));
    }
}

} // namespace watchfire::ui
