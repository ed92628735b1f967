// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QFont>
#include <QPalette>
#include <QRect>
#include <QString>

class QPainter;

namespace KSyntaxHighlighting {
class Repository;
}

namespace watchfire::ui::editor {

/// Paints expressions in lists as the editor colours them. GUI thread only; the first expression
/// that is painted makes the colours, as `syntaxRepository` says.
class PromqlPainter {
public:
    PromqlPainter();
    ~PromqlPainter();

    /// One line, in the middle of the rectangle's height; ends in … where there is no room.
    void paint(QPainter& painter, const QRect& rect, const QString& text, const QFont& font,
               const QPalette& palette);

private:
    std::shared_ptr<KSyntaxHighlighting::Repository> m_repository;
};

} // namespace watchfire::ui::editor
