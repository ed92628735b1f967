// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/completion.h"

#include "ui/editor/brackets.h"
#include "ui/editor/completion_popup.h"
#include "ui/editor/known_names.h"
#include "ui/editor/text_places.h"

#include <QEvent>
#include <QKeyEvent>
#include <QPlainTextEdit>
#include <QTextBlock>

namespace watchfire::ui::editor {

namespace {

using Wants = CompletionContext::Wants;

/// Places where the choice is narrow enough to be shown before anything is typed.
bool opensEmpty(const CompletionContext& context, QChar before)
{
    switch (context.wants) {
    case Wants::matcherLabel:
        return before == u'{' || before == u',';
    case Wants::groupingLabel:
        return before == u'(' || before == u',';
    case Wants::labelValue:
        return context.quote != '\0';
    case Wants::duration:
        return before == u'[';
    case Wants::nothing:
    case Wants::operand:
    case Wants::word:
        return false;
    }
    return false;
}

} // namespace

Completion::Completion(QPlainTextEdit* editor)
    : QObject(editor)
    , m_editor(editor)
    , m_popup(new CompletionPopup(editor))
{
    connect(m_popup, &CompletionPopup::chosen, this, &Completion::accept);
    editor->installEventFilter(this);
}

void Completion::setNames(KnownNames* names)
{
    m_names = names;
    if (names == nullptr) {
        return;
    }
    const auto cameIn = [this] {
        // What is navigated in stays as it is under the person's eyes.
        if (m_waiting || (isOpen() && !m_popup->isNavigated())) {
            update(m_asked);
        }
    };
    connect(names, &KnownNames::labelsChanged, this, cameIn);
    connect(names, &KnownNames::metricsChanged, this, cameIn);
}

void Completion::setColors(const KindColors& colors)
{
    m_popup->setColors(colors);
}

bool Completion::isOpen() const
{
    return m_popup->isVisible();
}

void Completion::open()
{
    update(true);
}

void Completion::close()
{
    m_waiting = false;
    m_asked = false;
    m_popup->hide();
}

void Completion::typed()
{
    update(m_asked && isOpen());
}

void Completion::cursorMoved()
{
    if (!isOpen() && !m_waiting) {
        return;
    }
    const TextPlaces places(m_editor->toPlainText());
    const std::uint32_t cursor = places.byte(m_editor->textCursor().position());
    if (m_editor->textCursor().hasSelection() || cursor < m_context.replace.begin
        || cursor > m_context.replace.end) {
        close();
    }
}

void Completion::update(bool asked)
{
    const TextPlaces places(m_editor->toPlainText());
    const int position = m_editor->textCursor().position();
    m_context = completionAt(places.bytes(), places.byte(position));
    const QChar before = position > 0 ? places.text()[position - 1] : QChar();
    if (m_context.wants == Wants::nothing || m_editor->textCursor().hasSelection()
        || (!asked && m_context.prefix.empty() && !opensEmpty(m_context, before))) {
        close();
        return;
    }
    if (m_names) {
        m_names->refresh();
    }
    CandidateList list = candidatesFor(m_context, m_names);
    m_waiting = list.waiting;
    m_asked = asked;
    // What is written out already needs no list, unless a parenthesis follows it.
    const bool writtenOut = list.best.size() == 1 && list.best.front().name == m_context.prefix
        && list.best.front().kind != CandidateKind::function
        && list.best.front().kind != CandidateKind::aggregation;
    if (list.best.empty() || (writtenOut && !asked)) {
        m_popup->hide();
        return;
    }
    QTextCursor start = m_editor->textCursor();
    start.setPosition(places.position(m_context.replace.begin));
    QRect place = m_editor->cursorRect(start);
    place.moveTopLeft(m_editor->viewport()->mapToGlobal(place.topLeft()));
    place.translate(-30, 0); // so that the names stand under what was typed
    m_editor->window()->installEventFilter(this); // the list must not stay behind
    m_popup->offer(std::move(list), m_names, place);
}

bool Completion::takeKey(const QKeyEvent& event)
{
    if (!isOpen()) {
        return false;
    }
    const auto modifiers = event.modifiers() & ~Qt::KeypadModifier;
    if (modifiers != Qt::NoModifier) {
        return false;
    }
    switch (event.key()) {
    case Qt::Key_Down:
        m_popup->moveBy(1);
        return true;
    case Qt::Key_Up:
        m_popup->moveBy(-1);
        return true;
    case Qt::Key_PageDown:
        m_popup->moveBy(m_popup->rowsSeen());
        return true;
    case Qt::Key_PageUp:
        m_popup->moveBy(-m_popup->rowsSeen());
        return true;
    case Qt::Key_Escape:
        close();
        return true;
    case Qt::Key_Tab:
        accept();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_popup->isNavigated()) {
            accept();
            return true;
        }
        close();
        return false;
    default:
        return false;
    }
}

void Completion::accept()
{
    const Candidate* const current = m_popup->current();
    if (current == nullptr) {
        close();
        return;
    }
    const Candidate candidate = *current;
    const TextPlaces places(m_editor->toPlainText());
    const Insertion insertion = insertionOf(candidate, m_context, places.bytes());
    const int from = places.position(m_context.replace.begin);
    const int to = places.position(m_context.replace.end + std::uint32_t(insertion.takes));
    close();
    if (m_names) {
        m_names->remember(candidate.name);
    }
    QTextCursor cursor = m_editor->textCursor();
    cursor.beginEditBlock();
    cursor.setPosition(from);
    cursor.setPosition(to, QTextCursor::KeepAnchor);
    cursor.insertText(QString::fromStdString(insertion.text));
    cursor.setPosition(
        from + int(QString::fromStdString(insertion.text.substr(0, insertion.cursor)).size()));
    cursor.endEditBlock();
    m_editor->setTextCursor(cursor);
    if (insertion.goesOn) {
        typed();
    }
}

bool Completion::eventFilter(QObject* object, QEvent* event)
{
    const QEvent::Type type = event->type();
    if (object == m_editor && type == QEvent::FocusIn && m_names) {
        m_names->refresh();
    }
    const bool left = object == m_editor
        ? type == QEvent::FocusOut || type == QEvent::Hide || type == QEvent::WindowDeactivate
        : type == QEvent::Move || type == QEvent::Resize;
    if (left) {
        close();
    }
    return QObject::eventFilter(object, event);
}

} // namespace watchfire::ui::editor
