// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <KSyntaxHighlighting/SyntaxHighlighter>
#include <KSyntaxHighlighting/Theme>
#include <memory>

#include <QColor>
#include <QPalette>

namespace KSyntaxHighlighting {
class Repository;
}

namespace watchfire::ui::editor {

/// Definitions and themes, one set for all editors: made by whoever asks first, gone with the
/// last. Making it takes 5 to 16 ms, so nobody asks before the first frame. GUI thread only.
std::shared_ptr<KSyntaxHighlighting::Repository> syntaxRepository();

/// Colours a document that holds PromQL, by resources/syntax/promql.xml, in the theme that fits
/// the palette (resources/syntax-themes).
class PromqlHighlighter final : public KSyntaxHighlighting::SyntaxHighlighter {
    Q_OBJECT

public:
    PromqlHighlighter(QTextDocument* document, const QPalette& palette);
    ~PromqlHighlighter() override;

    /// Takes the theme of that palette and colours again, unless it is the one shown.
    void setPalette(const QPalette& palette);
    /// What the theme gives that style; the palette's text where it says nothing.
    QColor color(KSyntaxHighlighting::Theme::TextStyle style) const;

private:
    std::shared_ptr<KSyntaxHighlighting::Repository> m_repository;
    QColor m_text;
};

} // namespace watchfire::ui::editor
