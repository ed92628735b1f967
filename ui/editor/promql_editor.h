// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "ui/editor/diagnosis.h"
#include "ui/theme/state.h"

#include <optional>
#include <string>
#include <vector>

#include <QPlainTextEdit>
#include <QPointer>
#include <QTimer>

namespace watchfire::ui::editor {

class Completion;
class KnownNames;
class PromqlHighlighter;

/// A field for one PromQL expression, one line tall and growing with its text.
///
/// Enter submits, Shift+Enter breaks the line, Ctrl+Up and Ctrl+Down walk the history,
/// Ctrl+Space completes, Ctrl+Shift+F formats, Alt+Enter mends the fault at hand. Brackets and
/// quotes close themselves. What does not parse is underlined shortly after typing; resting the
/// pointer on a word explains it.
class PromqlEditor final : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit PromqlEditor(const char* objectName, QWidget* parent = nullptr);
    ~PromqlEditor() override;

    /// What the store holds, for completion and help; not owned.
    void setNames(KnownNames* names);

    std::string expression() const; ///< trimmed
    /// Can be undone.
    void setExpression(const QString& text);
    /// Puts text in place of the selection, or at the cursor.
    void insertText(const QString& text);
    /// Underlines that instead of what the parser found; none: nothing. Positions are bytes of
    /// `expression()`.
    void markFault(const std::optional<Error>& error);
    /// Writes the canonical form, where the text parses and no comment would be lost.
    void format();
    /// Mends the first fault, or does what the first advice proposes; false: neither has a remedy.
    bool mend();
    /// About the word at that position of the text, as plain text; empty: nothing to say.
    QString helpAt(int position) const;

signals:
    void submitted();
    void historyWanted(int direction); ///< −1 older, 1 newer
    /// The text is another one; unlike textChanged not when only its colours are.
    void edited();
    /// After a pause in typing: what is wrong, empty when it parses or is empty.
    void checked(const QString& fault);
    /// After it: what is probably not meant, empty when nothing is to be said.
    void advised(const QString& advice);

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void inputMethodEvent(QInputMethodEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    void highlight();
    void dress();
    void textMayHaveChanged();
    void fitHeight();
    void check();
    void advise();
    void markAll();
    QList<QTextEdit::ExtraSelection> bracketMarks() const;
    QTextEdit::ExtraSelection markOf(Span where, theme::State state) const;
    void apply(const Fix& fix);
    bool typeCharacter(QChar typed);
    bool wrapSelection(QChar opening);
    bool removePair();
    void say();

    Completion* m_completion = nullptr;
    PromqlHighlighter* m_highlighter = nullptr; ///< from the first frame on
    QPointer<KnownNames> m_names;
    std::vector<Error> m_faults;
    std::vector<promql::Advice> m_advice;
    QString m_text; ///< as of the last edited()
    QTimer m_pause;
    QTimer m_rest; ///< of the pointer
    QPoint m_pointer;
    bool m_painted = false;
};

} // namespace watchfire::ui::editor
