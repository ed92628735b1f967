// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/promql_editor.h"

#include "core/promql/syntax/lexer.h"
#include "core/promql/syntax/parser.h"
#include "core/promql/syntax/printer.h"
#include "ui/editor/brackets.h"
#include "ui/editor/completion.h"
#include "ui/editor/documentation.h"
#include "ui/editor/known_names.h"
#include "ui/editor/promql_highlighter.h"
#include "ui/editor/text_places.h"
#include "ui/theme/palette.h"
#include "ui/theme/state.h"

#include <algorithm>
#include <cstdlib>

#include <QFontDatabase>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextDocumentFragment>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace watchfire::ui::editor {

namespace {

constexpr int mostLines = 8;
constexpr int leastHeight = 32;
/// With the check itself well within the 100 ms that a fault may take to show.
constexpr std::chrono::milliseconds pauseInTyping{70};
constexpr std::chrono::milliseconds pointerRests{350};

bool isEnter(const QKeyEvent& event)
{
    return event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter;
}

/// Letters of all alphabets, and what AltGr gives; not what Ctrl and Alt mean.
bool isText(const QKeyEvent& event)
{
    const bool command = (event.modifiers() & (Qt::ControlModifier | Qt::AltModifier)) != 0
        && (event.modifiers() & (Qt::ControlModifier | Qt::AltModifier))
            != (Qt::ControlModifier | Qt::AltModifier);
    return !command && !event.text().isEmpty() && event.text().front().isPrint();
}

/// Keys of ours that menus of the window have too, or might.
bool isOurs(const QKeyEvent& event)
{
    const auto modifiers = event.modifiers() & ~Qt::KeypadModifier;
    return (modifiers == Qt::ControlModifier
            && (event.key() == Qt::Key_Space || event.key() == Qt::Key_Up
                || event.key() == Qt::Key_Down))
        || (modifiers == (Qt::ControlModifier | Qt::ShiftModifier) && event.key() == Qt::Key_F)
        || (modifiers == Qt::AltModifier && isEnter(event));
}

} // namespace

PromqlEditor::PromqlEditor(const char* objectName, QWidget* parent)
    : QPlainTextEdit(parent)
{
    setObjectName(QString::fromLatin1(objectName));
    m_completion = new Completion(this);
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setTabChangesFocus(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    viewport()->setMouseTracking(true);
    // One line stands in the middle of the least height.
    document()->setDocumentMargin(
        std::max(4.0, (leastHeight - 2 * frameWidth() - fontMetrics().lineSpacing()) / 2.0));
    m_pause.setSingleShot(true);
    m_pause.setInterval(pauseInTyping);
    connect(&m_pause, &QTimer::timeout, this, &PromqlEditor::check);
    m_rest.setSingleShot(true);
    m_rest.setInterval(pointerRests);
    connect(&m_rest, &QTimer::timeout, this, &PromqlEditor::say);
    connect(this, &QPlainTextEdit::textChanged, this, &PromqlEditor::textMayHaveChanged);
    connect(this, &QPlainTextEdit::cursorPositionChanged, this, [this] {
        markAll();
        m_completion->cursorMoved();
    });
    fitHeight();
}

PromqlEditor::~PromqlEditor() = default;

void PromqlEditor::setNames(KnownNames* names)
{
    m_names = names;
    m_completion->setNames(names);
    if (names != nullptr) {
        connect(names, &KnownNames::metricsChanged, this, &PromqlEditor::advise);
    }
}

std::string PromqlEditor::expression() const
{
    return toPlainText().trimmed().toStdString();
}

void PromqlEditor::setExpression(const QString& text)
{
    m_completion->close();
    if (text != toPlainText()) {
        // Through the cursor, so that undo goes back to what was there.
        QTextCursor cursor(document());
        cursor.select(QTextCursor::Document);
        cursor.insertText(text);
        setTextCursor(cursor);
    }
}

void PromqlEditor::insertText(const QString& text)
{
    textCursor().insertText(text);
}

void PromqlEditor::textMayHaveChanged()
{
    fitHeight();
    QString text = toPlainText();
    if (text == m_text) {
        return;
    }
    m_text = std::move(text);
    // What was underlined may stand elsewhere now.
    m_faults.clear();
    m_advice.clear();
    markAll();
    m_pause.start();
    emit edited();
}

void PromqlEditor::check()
{
    const std::string text = expression();
    m_faults = text.empty() ? std::vector<Error>() : promql::diagnose(text);
    emit checked(m_faults.empty() ? QString() : faultText(m_faults.front(), text));
    advise();
}

void PromqlEditor::advise()
{
    if (m_names != nullptr) {
        m_names->refresh();
    }
    const std::string text = expression();
    m_advice.clear();
    if (const auto parsed = promql::parse(text); parsed && m_faults.empty()) {
        m_advice = promql::advise(*parsed, m_names ? m_names->facts() : promql::MetricFacts());
    }
    markAll();
    emit advised(m_advice.empty() ? QString() : adviceText(m_advice.front(), text));
}

void PromqlEditor::markFault(const std::optional<Error>& error)
{
    m_pause.stop();
    m_faults.clear();
    if (error) {
        m_faults.push_back(*error);
    }
    advise();
}

void PromqlEditor::markAll()
{
    QList<QTextEdit::ExtraSelection> marks = bracketMarks();
    for (const Error& fault : m_faults) {
        if (fault.where) {
            marks << markOf(*fault.where, theme::State::critical);
        }
    }
    for (const promql::Advice& advice : m_advice) {
        marks << markOf(advice.where, theme::State::warning);
    }
    if (!marks.isEmpty() || !extraSelections().isEmpty()) {
        setExtraSelections(marks);
    }
}

QTextEdit::ExtraSelection PromqlEditor::markOf(Span where, theme::State state) const
{
    const QString whole = toPlainText();
    const QString trimmed = whole.trimmed();
    const int offset = int(whole.indexOf(trimmed));
    const TextPlaces places(trimmed);
    const int end = int(whole.size());
    // A fault at the end, such as a parenthesis that lacks, is shown under the last character.
    const int from = std::min(offset + places.position(where.begin), std::max(0, end - 1));
    const int to = std::clamp(offset + places.position(where.end), std::min(from + 1, end), end);
    QTextEdit::ExtraSelection mark;
    mark.cursor = QTextCursor(document());
    mark.cursor.setPosition(from);
    mark.cursor.setPosition(to, QTextCursor::KeepAnchor);
    mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
    mark.format.setUnderlineColor(theme::stateColor(state, theme::schemeOf(palette())));
    return mark;
}

QList<QTextEdit::ExtraSelection> PromqlEditor::bracketMarks() const
{
    QList<QTextEdit::ExtraSelection> marks;
    const auto pair = textCursor().hasSelection()
        ? std::nullopt
        : bracketsAt(TextPlaces(toPlainText()), textCursor().position());
    if (!pair || pair->second < 0) {
        return marks;
    }
    const QPalette colors = palette();
    for (const int at : {pair->first, pair->second}) {
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(document());
        mark.cursor.setPosition(at);
        mark.cursor.setPosition(at + 1, QTextCursor::KeepAnchor);
        mark.format.setBackground(
            theme::mix(colors.color(QPalette::Base), colors.color(QPalette::Highlight), 0.28));
        mark.format.setForeground(colors.color(QPalette::Text));
        marks << mark;
    }
    return marks;
}

void PromqlEditor::format()
{
    const std::string text = expression();
    const auto tokens = promql::tokenize(text);
    if (std::ranges::contains(tokens, promql::TokenKind::comment, &promql::Token::kind)) {
        emit checked(tr("Not formatted: the comments would be lost."));
        return;
    }
    if (const auto parsed = promql::parse(text)) {
        setExpression(QString::fromStdString(promql::format(*parsed->root)));
    } else {
        check();
    }
}

bool PromqlEditor::mend()
{
    check();
    const std::string text = expression();
    for (const Error& fault : m_faults) {
        if (const auto fix = fixFor(fault, text)) {
            apply(*fix);
            return true;
        }
    }
    for (const promql::Advice& advice : m_advice) {
        if (const auto fix = advice.fix) {
            apply(*fix);
            return true;
        }
    }
    return false;
}

void PromqlEditor::apply(const Fix& fix)
{
    const QString whole = toPlainText();
    const QString trimmed = whole.trimmed();
    const int offset = int(whole.indexOf(trimmed));
    const TextPlaces places(trimmed);
    QTextCursor cursor(document());
    cursor.setPosition(offset + places.position(fix.span.begin));
    cursor.setPosition(offset + places.position(fix.span.end), QTextCursor::KeepAnchor);
    cursor.insertText(QString::fromStdString(fix.text));
    setTextCursor(cursor);
    check();
}

bool PromqlEditor::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        const auto& key = static_cast<const QKeyEvent&>(*event);
        const bool forList = m_completion->isOpen() && key.key() == Qt::Key_Escape;
        if (forList || isOurs(key)) {
            event->accept();
            return true;
        }
    }
    if (event->type() == QEvent::KeyPress) {
        // Before the widget makes it a step to the next field.
        const auto& key = static_cast<const QKeyEvent&>(*event);
        if (key.key() == Qt::Key_Tab && m_completion->takeKey(key)) {
            event->accept();
            return true;
        }
    }
    const bool done = QPlainTextEdit::event(event);
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut) {
        update(); // the frame; the text is the viewport's
    } else if (event->type() == QEvent::Paint && hasFocus()) {
        // Styles frame a text area the same with and without focus; fields show it.
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(palette().color(QPalette::Highlight));
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
    }
    return done;
}

void PromqlEditor::keyPressEvent(QKeyEvent* event)
{
    const bool control = (event->modifiers() & Qt::ControlModifier) != 0;
    const bool shift = (event->modifiers() & Qt::ShiftModifier) != 0;
    if (m_completion->takeKey(*event)) {
        return;
    }
    if (isEnter(*event)) {
        if ((event->modifiers() & Qt::AltModifier) != 0) {
            mend();
        } else if (shift) {
            // The plain break; QPlainTextEdit would put a line separator for Shift+Enter.
            m_completion->close();
            textCursor().insertBlock();
            ensureCursorVisible();
        } else {
            m_completion->close();
            emit submitted();
        }
        return;
    }
    if (control && (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down)) {
        m_completion->close();
        emit historyWanted(event->key() == Qt::Key_Up ? -1 : 1);
        return;
    }
    if (control && event->key() == Qt::Key_Space) {
        m_completion->open();
        return;
    }
    if (control && shift && event->key() == Qt::Key_F) {
        format();
        return;
    }
    if (isText(*event) && event->text().size() == 1 && typeCharacter(event->text().front())) {
        m_completion->typed();
        return;
    }
    if (event->key() == Qt::Key_Backspace && event->modifiers() == Qt::NoModifier && removePair()) {
        m_completion->typed();
        return;
    }
    const QString before = toPlainText();
    QPlainTextEdit::keyPressEvent(event);
    if (isText(*event)
        || (m_completion->isOpen() && event->key() == Qt::Key_Backspace
            && before != toPlainText())) {
        m_completion->typed();
    }
}

void PromqlEditor::inputMethodEvent(QInputMethodEvent* event)
{
    QPlainTextEdit::inputMethodEvent(event);
    if (!event->commitString().isEmpty()) {
        m_completion->typed();
    }
}

/// Does what brackets and quotes do beside being typed; false: nothing special.
bool PromqlEditor::typeCharacter(QChar typed)
{
    QTextCursor cursor = textCursor();
    if (cursor.hasSelection()) {
        return wrapSelection(typed);
    }
    switch (stepFor(TextPlaces(toPlainText()), cursor.position(), typed)) {
    case PairStep::plain:
        return false;
    case PairStep::stepOver:
        cursor.movePosition(QTextCursor::Right);
        break;
    case PairStep::close:
        cursor.insertText(QString(typed) + partnerOf(typed));
        cursor.movePosition(QTextCursor::Left);
        break;
    }
    setTextCursor(cursor);
    return true;
}

bool PromqlEditor::wrapSelection(QChar opening)
{
    const QChar closing = partnerOf(opening);
    if (closing.isNull()) {
        return false;
    }
    QTextCursor cursor = textCursor();
    const int begin = cursor.selectionStart();
    const int end = cursor.selectionEnd();
    const QString inside = cursor.selection().toPlainText();
    cursor.insertText(opening + inside + closing);
    cursor.setPosition(begin + 1);
    cursor.setPosition(end + 1, QTextCursor::KeepAnchor);
    setTextCursor(cursor);
    return true;
}

bool PromqlEditor::removePair()
{
    QTextCursor cursor = textCursor();
    if (cursor.hasSelection()
        || !isBetweenEmptyPair(TextPlaces(toPlainText()), cursor.position())) {
        return false;
    }
    cursor.movePosition(QTextCursor::Left);
    cursor.movePosition(QTextCursor::Right, QTextCursor::KeepAnchor, 2);
    cursor.removeSelectedText();
    setTextCursor(cursor);
    return true;
}

QString PromqlEditor::helpAt(int position) const
{
    const TextPlaces places(toPlainText());
    return editor::helpAt(places.bytes(), places.byte(position), m_names);
}

void PromqlEditor::mouseMoveEvent(QMouseEvent* event)
{
    QPlainTextEdit::mouseMoveEvent(event);
    if (event->buttons() == Qt::NoButton) {
        m_pointer = event->position().toPoint();
        m_rest.start();
    }
}

/// Tells about what the pointer rests on.
void PromqlEditor::say()
{
    if (!viewport()->underMouse() || m_completion->isOpen()) {
        return;
    }
    const QTextCursor cursor = cursorForPosition(m_pointer);
    const QRect letter = cursorRect(cursor);
    // Beyond the text the nearest position is given.
    if (std::abs(letter.center().x() - m_pointer.x()) > fontMetrics().averageCharWidth()
        || m_pointer.y() < letter.top() || m_pointer.y() > letter.bottom()) {
        return;
    }
    const int position = m_pointer.x() < letter.left() ? cursor.position() - 1 : cursor.position();
    if (m_names) {
        m_names->refresh();
    }
    const QString help = helpAt(position);
    if (!help.isEmpty()) {
        // Help comes from targets; it must not be taken for HTML.
        QToolTip::showText(viewport()->mapToGlobal(m_pointer),
                           Qt::convertFromPlainText(help, Qt::WhiteSpaceNormal), viewport());
    }
}

bool PromqlEditor::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::Leave) {
        m_rest.stop();
    }
    return QPlainTextEdit::viewportEvent(event);
}

void PromqlEditor::paintEvent(QPaintEvent* event)
{
    QPlainTextEdit::paintEvent(event);
    if (!m_painted) {
        m_painted = true;
        QTimer::singleShot(0, this, &PromqlEditor::highlight);
    }
}

void PromqlEditor::highlight()
{
    m_highlighter = new PromqlHighlighter(document(), palette());
    dress();
}

/// Colours of highlighter, list and marks from the palette.
void PromqlEditor::dress()
{
    if (m_highlighter != nullptr) {
        m_highlighter->setPalette(palette());
        using Theme = KSyntaxHighlighting::Theme;
        KindColors colors;
        const auto set = [&](CandidateKind kind, Theme::TextStyle style) {
            colors[std::size_t(kind)] = m_highlighter->color(style);
        };
        set(CandidateKind::metric, Theme::Variable);
        set(CandidateKind::function, Theme::Function);
        set(CandidateKind::aggregation, Theme::BuiltIn);
        set(CandidateKind::keyword, Theme::Keyword);
        set(CandidateKind::label, Theme::Attribute);
        set(CandidateKind::value, Theme::String);
        set(CandidateKind::duration, Theme::Constant);
        m_completion->setColors(colors);
    }
    markAll();
}

void PromqlEditor::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    fitHeight();
}

void PromqlEditor::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        fitHeight();
    } else if (event->type() == QEvent::PaletteChange && m_completion != nullptr) {
        dress();
    }
}

void PromqlEditor::fitHeight()
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
    // The widget counts the margins as text to scroll through: what is shown whole stays put.
    const bool whole = lines <= mostLines;
    setVerticalScrollBarPolicy(whole ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAsNeeded);
    if (whole) {
        verticalScrollBar()->setValue(0);
    }
}

} // namespace watchfire::ui::editor
