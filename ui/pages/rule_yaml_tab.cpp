// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rule_yaml_tab.h"

#include "ui/editor/yaml_editor.h"
#include "ui/models/format.h"
#include "ui/pages/rule_yaml.h"
#include "ui/pages/widgets.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr std::chrono::milliseconds pauseInTyping{120};

} // namespace

RuleYamlTab::RuleYamlTab(bool alerting, QWidget* parent)
    : QWidget(parent)
    , m_alerting(alerting)
    , m_editor(new YamlEditor("rule.dialog.yaml", YamlEditor::Language::yaml, this))
    , m_note(new FieldNote("rule.dialog.yaml.note", this))
    , m_restore(button(tr("Back to the form’s rule"), "undo", "rule.dialog.yaml.restore", this))
{
    m_editor->setAccessibleName(tr("The rule as YAML"));
    QLabel* const help = mutedLabel(
        tr("Comments are for you: they go when the dialog closes; those of the file stay."), this);
    help->setWordWrap(true);
    auto* const texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(m_note);
    texts->addWidget(help);
    auto* const foot = new QHBoxLayout;
    foot->setSpacing(8);
    foot->addLayout(texts, 1);
    foot->addWidget(m_restore, 0, Qt::AlignTop);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(8);
    column->addWidget(m_editor, 1);
    column->addLayout(foot);
    m_restore->hide();
    m_pause.setSingleShot(true);
    m_pause.setInterval(pauseInTyping);
    connect(&m_pause, &QTimer::timeout, this, &RuleYamlTab::read);
    connect(m_editor, &QPlainTextEdit::textChanged, this, &RuleYamlTab::typed);
    connect(m_restore, &QPushButton::clicked, this, &RuleYamlTab::restore);
}

QWidget* RuleYamlTab::editor() const
{
    return m_editor;
}

void RuleYamlTab::setRule(const config::RuleConfig& rule)
{
    const std::string text = m_editor->toPlainText().toStdString();
    if (!text.empty() && rule == m_rule) {
        return;
    }
    const std::string wanted = text.empty() ? ruleYaml(rule) : changedRuleYaml(text, m_rule, rule);
    m_rule = rule;
    put(wanted);
    m_editor->setMarks({});
    m_note->setError({});
    setBroken(false);
}

void RuleYamlTab::put(const std::string& text)
{
    m_text = fromUtf8(text);
    m_editor->changeText(m_text);
    m_pause.stop();
}

void RuleYamlTab::typed()
{
    // Highlighting makes the document say that it has changed, too.
    if (m_editor->toPlainText() != m_text) {
        m_pause.start();
    }
}

void RuleYamlTab::readNow()
{
    if (m_pause.isActive()) {
        m_pause.stop();
        read();
    }
}

void RuleYamlTab::read()
{
    m_text = m_editor->toPlainText();
    const RuleYamlReading reading = readRuleYaml(m_text.toStdString(), m_alerting);
    std::map<int, QString> marks;
    for (const YamlFault& fault : reading.faults) {
        marks.try_emplace(std::max(1, fault.line), fault.message);
    }
    m_editor->setMarks(std::move(marks));
    QString sentence;
    if (!reading.faults.empty()) {
        const YamlFault& first = reading.faults.front();
        sentence
            = first.line > 0 ? tr("Line %1: %2").arg(first.line).arg(first.message) : first.message;
        if (const auto more = reading.faults.size() - 1; more > 0) {
            sentence += u' ' + tr("(and %1 more)").arg(more);
        }
    }
    m_note->setError(sentence);
    setBroken(!reading.rule);
    if (reading.rule && *reading.rule != m_rule) {
        m_rule = *reading.rule;
        emit ruleTyped(m_rule);
    }
}

void RuleYamlTab::setBroken(bool broken)
{
    m_restore->setVisible(broken);
    if (broken != m_isBroken) {
        m_isBroken = broken;
        emit brokenChanged(broken);
    }
}

void RuleYamlTab::restore()
{
    put(ruleYaml(m_rule));
    m_editor->setMarks({});
    m_note->setError({});
    setBroken(false);
    m_editor->setFocus();
}

} // namespace watchfire::ui
