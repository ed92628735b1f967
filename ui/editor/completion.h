// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/editor/candidates.h"
#include "ui/editor/completion_context.h"

#include <QObject>
#include <QPointer>

class QKeyEvent;
class QPlainTextEdit;

namespace watchfire::ui::editor {

class CompletionPopup;
class KnownNames;

/// Offers completions in an editor: decides when, keeps the list in step with the text, writes
/// what is chosen. Tab chooses; Enter only after the list was navigated; Esc closes.
class Completion final : public QObject {
    Q_OBJECT

public:
    explicit Completion(QPlainTextEdit* editor);

    /// The store's names; without them only the language is completed.
    void setNames(KnownNames* names);
    void setColors(const KindColors& colors);

    /// Shows what fits at the cursor, whatever was typed.
    void open();
    void close();
    bool isOpen() const;
    /// A character was typed or taken away: opens where that makes sense, follows when open.
    void typed();
    /// The cursor went elsewhere.
    void cursorMoved();
    /// True: the key was for the list.
    bool takeKey(const QKeyEvent& event);

protected:
    bool eventFilter(QObject* object, QEvent* event) override;

private:
    void update(bool asked);
    void accept();

    QPlainTextEdit* m_editor;
    CompletionPopup* m_popup;
    QPointer<KnownNames> m_names;
    CompletionContext m_context;
    bool m_waiting = false; ///< for names; the list opens when they come
    bool m_asked = false; ///< by the person, so that it stays open without anything typed
};

} // namespace watchfire::ui::editor
