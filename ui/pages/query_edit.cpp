// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/query_edit.h"

#include "core/promql/syntax/parser.h"
#include "ui/models/format.h"
#include "ui/theme/state.h"

#include <algorithm>

#include <QFontDatabase>
#include <QKeyEvent>
#include <QTextBlock>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr int mostLines = 8;
constexpr int leastHeight = 32;
constexpr std::chrono::milliseconds pauseInTyping{100};

} // namespace

QString faultText(const Error& error, const std::string& text)
{
    const QString message = fromUtf8(error.message);
    if (!error.where) {
        return message;
    }
    const auto [line, column] = promql::lineAndColumn(text, error.where->begin);
    return text.find('\n') == std::string::npos
        ? QueryEdit::tr("column %1: %2").arg(column).arg(message)
        : QueryEdit::tr("line %1, column %2: %3").arg(line).arg(column).arg(message);
}

QueryEdit::QueryEdit(const char* objectName, QWidget* parent)
    : QPlainTextEdit(parent)
{
    setObjectName(QString::fromLatin1(objectName));
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setTabChangesFocus(true);
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    // One line stands in the middle of the least height.
    document()->setDocumentMargin(
        std::max(4.0, (leastHeight - 2 * frameWidth() - fontMetrics().lineSpacing()) / 2.0));
    m_pause.setSingleShot(true);
    m_pause.setInterval(pauseInTyping);
    connect(&m_pause, &QTimer::timeout, this, &QueryEdit::check);
    connect(this, &QPlainTextEdit::textChanged, this, [this] {
        fitHeight();
        m_pause.start();
    });
    fitHeight();
}

std::string QueryEdit::expression() const
{
    return toPlainText().trimmed().toStdString();
}

void QueryEdit::setExpression(const QString& text)
{
    if (text != toPlainText()) {
        // Through the cursor, so that undo goes back to what was there.
        QTextCursor cursor(document());
        cursor.select(QTextCursor::Document);
        cursor.insertText(text);
    }
}

void QueryEdit::insertText(const QString& text)
{
    textCursor().insertText(text);
}

void QueryEdit::markFault(const std::optional<Error>& error)
{
    QList<QTextEdit::ExtraSelection> marks;
    if (error && error->where) {
        const QString whole = toPlainText();
        const QString trimmed = whole.trimmed();
        const QByteArray bytes = trimmed.toUtf8();
        const auto position = [&](std::uint32_t byte) {
            return int(whole.indexOf(trimmed)
                       + QString::fromUtf8(bytes.left(qsizetype(byte))).size());
        };
        const int end = int(whole.size());
        const int from = std::min(position(error->where->begin), std::max(0, end - 1));
        const int to = std::clamp(position(error->where->end), std::min(from + 1, end), end);
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(document());
        mark.cursor.setPosition(from);
        mark.cursor.setPosition(to, QTextCursor::KeepAnchor);
        mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        mark.format.setUnderlineColor(
            theme::stateColor(theme::State::critical, theme::schemeOf(palette())));
        marks << mark;
    }
    setExtraSelections(marks);
}

void QueryEdit::check()
{
    const std::string text = expression();
    if (text.empty()) {
        markFault(std::nullopt);
        emit checked({});
        return;
    }
    const auto parsed = promql::parse(text);
    markFault(parsed ? std::nullopt : std::optional(parsed.error()));
    emit checked(parsed ? QString() : faultText(parsed.error(), text));
}

void QueryEdit::keyPressEvent(QKeyEvent* event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && (event->modifiers() & Qt::ShiftModifier) == 0) {
        emit submitted();
        return;
    }
    if (enter) {
        // The plain break; QPlainTextEdit would put a line separator for Shift+Enter.
        textCursor().insertBlock();
        return;
    }
    if ((event->modifiers() & Qt::ControlModifier) != 0
        && (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down)) {
        emit historyWanted(event->key() == Qt::Key_Up ? -1 : 1);
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

void QueryEdit::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    fitHeight();
}

void QueryEdit::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        fitHeight();
    }
}

void QueryEdit::fitHeight()
{
    // The layout of a plain text edit counts in lines.
    int lines = 0;
    for (QTextBlock block = document()->begin(); block.isValid(); block = block.next()) {
        lines += std::max(1, block.layout()->lineCount());
    }
    const int line = fontMetrics().lineSpacing();
    const int height = std::clamp(lines, 1, mostLines) * line + 2 * frameWidth()
        + int(2 * document()->documentMargin());
    if (std::max(leastHeight, height) != minimumHeight()) {
        setFixedHeight(std::max(leastHeight, height));
    }
}

} // namespace watchfire::ui
