// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/job_yaml_tab.h"

#include "ui/editor/yaml_editor.h"
#include "ui/models/format.h"
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

JobYamlTab::JobYamlTab(std::string file, QWidget* parent)
    : QWidget(parent)
    , m_file(std::move(file))
    , m_editor(new YamlEditor("job.dialog.yaml", YamlEditor::Language::yaml, this))
    , m_note(new FieldNote("job.dialog.yaml.note", this))
    , m_restore(button(tr("Back to the forms’ job"), "undo", "job.dialog.yaml.restore", this))
    , m_help(mutedLabel({}, this))
{
    m_editor->setAccessibleName(tr("The job as YAML"));
    m_help->setWordWrap(true);
    auto* const foot = new QHBoxLayout;
    foot->setSpacing(8);
    auto* const texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(m_note);
    texts->addWidget(m_help);
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
    connect(&m_pause, &QTimer::timeout, this, &JobYamlTab::read);
    connect(m_editor, &QPlainTextEdit::textChanged, this, &JobYamlTab::typed);
    connect(m_restore, &QPushButton::clicked, this, &JobYamlTab::restore);
}

QWidget* JobYamlTab::editor() const
{
    return m_editor;
}

void JobYamlTab::setJob(const config::ScrapeConfig& job, const config::GlobalConfig& global)
{
    const std::string text = m_editor->toPlainText().toStdString();
    std::string wanted;
    if (text.empty()) {
        wanted = jobYaml(job, global);
    } else if (job == m_job && global == m_global) {
        return;
    } else {
        wanted = changedYaml(text, m_job, job, global);
    }
    m_job = job;
    m_global = global;
    tellHelp();
    put(wanted);
    m_editor->setMarks({});
    m_note->setError({});
    m_note->setHint({});
    setBroken(false);
}

void JobYamlTab::tellHelp()
{
    QStringList foreign;
    for (const config::DiscoveryConfig& discovery : m_job.discoveries) {
        if (const auto* const other = std::get_if<config::ForeignDiscovery>(&discovery)) {
            foreign << fromUtf8(other->section);
        }
    }
    QString text = tr("Secrets show as <secret>. One that is typed here stands in the file; typed "
                      "in a form it is kept by the desktop. Comments are for you: they go when the "
                      "dialog closes.");
    if (!foreign.isEmpty()) {
        foreign.removeDuplicates();
        text += u' ' + tr("Not shown, and kept as it is: %1.").arg(foreign.join(u", "_s));
    }
    m_help->setText(text);
}

void JobYamlTab::put(const std::string& text)
{
    m_text = fromUtf8(text);
    m_editor->changeText(m_text);
    m_pause.stop();
}

void JobYamlTab::typed()
{
    // Highlighting makes the document say that it has changed, too.
    if (m_editor->toPlainText() != m_text) {
        m_pause.start();
    }
}

void JobYamlTab::readNow()
{
    if (m_pause.isActive()) {
        m_pause.stop();
        read();
    }
}

void JobYamlTab::read()
{
    m_text = m_editor->toPlainText();
    const YamlReading reading = readJobYaml(m_text.toStdString(), m_job, m_global, m_file);
    const auto sentence = [](const std::vector<YamlFault>& faults) {
        const YamlFault& first = faults.front();
        const QString text
            = first.line > 0 ? tr("Line %1: %2").arg(first.line).arg(first.message) : first.message;
        const int more = int(faults.size()) - 1;
        return more > 0 ? text + u' ' + tr("(and %n more)", nullptr, more) : text;
    };
    std::map<int, QString> marks;
    for (const YamlFault& fault : reading.faults) {
        marks.try_emplace(std::max(1, fault.line), fault.message);
    }
    m_editor->setMarks(std::move(marks));
    m_note->setError(reading.faults.empty() ? QString() : sentence(reading.faults));
    m_note->setHint(reading.warnings.empty() ? QString() : sentence(reading.warnings));
    setBroken(!reading.job);
    if (reading.job && *reading.job != m_job) {
        m_job = *reading.job;
        emit jobTyped(m_job);
    }
}

void JobYamlTab::setBroken(bool broken)
{
    m_restore->setVisible(broken);
    if (broken != m_isBroken) {
        m_isBroken = broken;
        emit brokenChanged(broken);
    }
}

void JobYamlTab::restore()
{
    put(jobYaml(m_job, m_global));
    m_editor->setMarks({});
    m_note->setError({});
    setBroken(false);
    m_editor->setFocus();
}

} // namespace watchfire::ui
