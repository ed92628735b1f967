// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/yaml_pane.h"

#include "ui/editor/yaml_editor.h"
#include "ui/models/format.h"
#include "ui/pages/widgets.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace watchfire::ui {

namespace {

constexpr std::chrono::milliseconds pauseInTyping{120};

QString sentence(const std::vector<YamlFault>& faults)
{
    if (faults.empty()) {
        return {};
    }
    const YamlFault& first = faults.front();
    const QString text = first.line > 0
        ? YamlPane::tr("Line %1: %2").arg(first.line).arg(first.message)
        : first.message;
    const int more = int(faults.size()) - 1;
    return more > 0 ? text + u' ' + YamlPane::tr("(and %n more)", nullptr, more) : text;
}

} // namespace

YamlPane::YamlPane(const QByteArray& objectName, const QString& accessibleName,
                   const QString& restoreText, QWidget* parent)
    : QWidget(parent)
    , m_editor(new YamlEditor(objectName.constData(), YamlEditor::Language::yaml, this))
    , m_note(new FieldNote((objectName + ".note").constData(), this))
    , m_help(mutedLabel({}, this))
    , m_restore(button(restoreText, "undo", (objectName + ".restore").constData(), this))
{
    m_editor->setAccessibleName(accessibleName);
    m_help->setWordWrap(true);
    auto* const texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(m_note);
    texts->addWidget(m_help);
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
    connect(&m_pause, &QTimer::timeout, this, &YamlPane::read);
    connect(m_editor, &QPlainTextEdit::textChanged, this, &YamlPane::typed);
    connect(m_restore, &QPushButton::clicked, this, [this] {
        put(goodText());
        m_editor->setFocus();
    });
}

QWidget* YamlPane::editor() const
{
    return m_editor;
}

std::string YamlPane::text() const
{
    return m_editor->toPlainText().toStdString();
}

void YamlPane::put(const std::string& text)
{
    m_text = fromUtf8(text);
    m_editor->changeText(m_text);
    m_pause.stop();
    m_editor->setMarks({});
    m_note->setError({});
    m_note->setHint({});
    setBroken(false);
}

void YamlPane::setHelp(const QString& text)
{
    m_help->setText(text);
}

void YamlPane::typed()
{
    // Highlighting makes the document say that it has changed, too.
    if (m_editor->toPlainText() != m_text) {
        m_pause.start();
    }
}

void YamlPane::readNow()
{
    if (m_pause.isActive()) {
        m_pause.stop();
        read();
    }
}

void YamlPane::read()
{
    m_text = m_editor->toPlainText();
    const Verdict verdict = judge(m_text.toStdString());
    std::map<int, QString> marks;
    for (const YamlFault& fault : verdict.faults) {
        marks.try_emplace(std::max(1, fault.line), fault.message);
    }
    m_editor->setMarks(std::move(marks));
    m_note->setError(sentence(verdict.faults));
    m_note->setHint(sentence(verdict.warnings));
    setBroken(!verdict.isGood);
    if (verdict.isGood) {
        adopt();
    }
}

void YamlPane::setBroken(bool broken)
{
    m_restore->setVisible(broken);
    if (broken != m_isBroken) {
        m_isBroken = broken;
        emit brokenChanged(broken);
    }
}

} // namespace watchfire::ui
