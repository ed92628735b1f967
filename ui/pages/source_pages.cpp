// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/source_pages.h"

#include "ui/pages/widgets.h"
#include "ui/theme/icons.h"

#include <algorithm>

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

StaticPage::StaticPage(QWidget* parent)
    : SourcePage(parent)
    , m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(4);
    m_groups.emplace_back();
    rebuild();
}

void StaticPage::rebuild()
{
    m_notes.clear();
    for (QWidget* const row : m_rows) {
        // A name must not be found twice while the old row still waits to go.
        const auto children = row->findChildren<QWidget*>();
        for (QWidget* const child : children) {
            child->setObjectName(QString());
        }
        m_column->removeWidget(row);
        row->hide();
        row->deleteLater();
    }
    m_rows.clear();
    m_edits.clear();
    for (std::size_t i = 0; i < m_groups.size(); ++i) {
        addRow(i);
    }
    emit controlsAdded();
}

void StaticPage::addRow(std::size_t group)
{
    const QString number = QString::number(group + 1);
    const QString field = group == 0 ? u"targets"_s : u"targets."_s + number;
    auto* const row = new QWidget(this);
    QLineEdit* const edit
        = lineEdit(u"job.dialog."_s + field,
                   group == 0 ? tr("Targets") : tr("Targets of group %1").arg(number), row);
    edit->setPlaceholderText(tr("localhost:9100, web1:9100"));
    edit->setText(m_groups[group].targets);
    auto* const line = new QHBoxLayout;
    line->setSpacing(4);
    line->addWidget(edit, 1);
    if (m_groups.size() > 1) {
        QToolButton* const remove
            = toolButton(tr("Remove group %1").arg(number), "remove",
                         u"job.dialog.removeGroup.%1"_s.arg(number).toLatin1().constData(), row);
        line->addWidget(remove);
        // Not at once: the row with the button goes, too.
        connect(
            remove, &QToolButton::clicked, this, [this, group] { removeGroup(group); },
            Qt::QueuedConnection);
    }
    if (group + 1 == m_groups.size()) {
        QToolButton* const add = toolButton(tr("Add a group with labels of its own"), "add",
                                            "job.dialog.addGroup", row);
        line->addWidget(add);
        connect(
            add, &QToolButton::clicked, this,
            [this] {
                m_groups.emplace_back();
                rebuild();
                m_edits.back()->setFocus();
                emit edited();
            },
            Qt::QueuedConnection);
    }
    auto* const column = new QVBoxLayout(row);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addLayout(line);
    column->addWidget(m_notes.add(field, edit, edit->objectName(), row));
    m_column->addWidget(row);
    m_rows.push_back(row);
    m_edits.push_back(edit);
    connect(edit, &QLineEdit::textEdited, this, [this, edit, group](const QString& text) {
        m_groups[group].targets = text;
        change(edit);
    });
}

void StaticPage::removeGroup(std::size_t group)
{
    if (group < m_groups.size() && m_groups.size() > 1) {
        m_groups.erase(m_groups.begin() + std::ptrdiff_t(group));
        rebuild();
        m_edits[std::min(group, m_edits.size() - 1)]->setFocus();
        emit edited();
    }
}

void StaticPage::fill(const SourceForm& source, const config::ScrapeConfig&)
{
    const bool sameRows = m_groups.size() == source.groups.size();
    m_groups = source.groups;
    if (m_groups.empty()) {
        m_groups.emplace_back();
    }
    if (!sameRows) {
        rebuild();
        return;
    }
    for (std::size_t i = 0; i < m_groups.size(); ++i) {
        if (m_edits[i]->text() != m_groups[i].targets) {
            m_edits[i]->setText(m_groups[i].targets);
        }
    }
}

void StaticPage::collect(SourceForm& source) const
{
    source.groups = m_groups;
}

DiscoveryPage::DiscoveryPage(SourceKind kind, QWidget* parent)
    : SourcePage(parent)
    , m_kind(kind)
{
    TwoColumns form(this);
    for (const SourceField& field : sourceFields(kind)) {
        QWidget* const widget = make(field);
        m_fields[field.name] = widget;
        if (!field.isMain && m_more == nullptr) {
            m_more = new QToolButton(this);
            m_more->setText(tr("More fields"));
            m_more->setObjectName(u"job.dialog.%1.more"_s.arg(field.name.section(u'.', 0, 0)));
            m_more->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
            m_more->setAutoRaise(true);
            m_more->setCheckable(true);
            m_more->setMinimumHeight(24);
            form.addBelow(m_more);
        }
        const QList<QWidget*> added = field.type == FieldType::flag
            ? form.addBare(widget)
            : form.add(field.label, widget,
                       m_notes.add(field.name, widget, widget->objectName(), this));
        if (!field.isMain) {
            m_seldom << added;
        }
    }
    if (m_more != nullptr) {
        connect(m_more, &QToolButton::toggled, this, &DiscoveryPage::showMore);
        showMore(false);
    }
}

QWidget* DiscoveryPage::make(const SourceField& field)
{
    const QString name = u"job.dialog."_s + field.name;
    if (field.type == FieldType::flag) {
        QCheckBox* const box = checkBox(name, field.label, this);
        connect(box, &QCheckBox::toggled, this, [this, box] { change(box); });
        return box;
    }
    if (field.type == FieldType::choice) {
        QComboBox* const box = choiceBox(name, field.label, field.choices, {}, this);
        connect(box, &QComboBox::currentIndexChanged, this, [this, box] { change(box); });
        return box;
    }
    QLineEdit* const edit = lineEdit(name, field.label, this);
    edit->setPlaceholderText(field.otherwise.isEmpty() ? field.example : field.otherwise);
    if (field.type == FieldType::secret) {
        edit->setEchoMode(QLineEdit::Password);
    }
    connect(edit, &QLineEdit::textEdited, this, [this, edit] { change(edit); });
    return edit;
}

void DiscoveryPage::showMore(bool on)
{
    m_more->setIcon(theme::icon(on ? "down" : "forward"));
    for (QWidget* const each : m_seldom) {
        each->setVisible(on);
    }
}

void DiscoveryPage::fill(const SourceForm& source, const config::ScrapeConfig& base)
{
    const QSignalBlocker blocker(this);
    bool usesSeldom = false;
    for (const SourceField& field : sourceFields(m_kind)) {
        const auto given = source.values.find(field.name);
        const QString value = given != source.values.end() ? given->second : QString();
        QWidget* const widget = m_fields[field.name];
        if (auto* const box = qobject_cast<QCheckBox*>(widget)) {
            box->setChecked((value.isEmpty() ? field.otherwise : value) == "true"_L1);
        } else if (auto* const choice = qobject_cast<QComboBox*>(widget)) {
            setChoice(choice, value.isEmpty() ? field.otherwise : value);
        } else if (auto* const edit = qobject_cast<QLineEdit*>(widget)) {
            edit->setText(value);
            if (field.type == FieldType::secret) {
                const config::DiscoveryConfig before = startOf(source, base);
                const auto* const consul = std::get_if<config::ConsulDiscovery>(&before);
                const bool isKept = consul != nullptr && !consul->token.empty();
                edit->setPlaceholderText(isKept ? tr("•••••••• unchanged") : field.example);
            }
        }
        usesSeldom = usesSeldom || (!field.isMain && !value.isEmpty() && value != field.otherwise);
    }
    if (m_more != nullptr && usesSeldom) {
        m_more->setChecked(true);
    }
}

void DiscoveryPage::collect(SourceForm& source) const
{
    for (const auto& [name, widget] : m_fields) {
        if (const auto* const box = qobject_cast<const QCheckBox*>(widget)) {
            source.values[name] = box->isChecked() ? u"true"_s : u"false"_s;
        } else if (const auto* const choice = qobject_cast<const QComboBox*>(widget)) {
            source.values[name] = choiceOf(choice);
        } else if (const auto* const edit = qobject_cast<const QLineEdit*>(widget)) {
            source.values[name] = edit->text();
        }
    }
}

} // namespace watchfire::ui
