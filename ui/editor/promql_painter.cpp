// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/promql_painter.h"

#include "core/promql/syntax/lexer.h"
#include "ui/editor/promql_highlighter.h"
#include "ui/editor/text_places.h"

#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/Theme>

#include <QPainter>
#include <QTextLayout>

namespace watchfire::ui::editor {

namespace {

using Style = KSyntaxHighlighting::Theme::TextStyle;
using Role = promql::TokenRole;

Style styleOf(Role role)
{
    switch (role) {
    case Role::error: // what is cut off ends in the middle of a word
    case Role::punctuation:
        return Style::Normal;
    case Role::comment:
        return Style::Comment;
    case Role::number:
        return Style::DecVal;
    case Role::string:
        return Style::String;
    case Role::operation:
        return Style::Operator;
    case Role::keyword:
        return Style::Keyword;
    case Role::aggregation:
        return Style::BuiltIn;
    case Role::function:
        return Style::Function;
    case Role::metric:
        return Style::Variable;
    case Role::label:
        return Style::Attribute;
    }
    return Style::Normal;
}

QList<QTextLayout::FormatRange> coloursOf(const QString& text, const QPalette& palette,
                                          const KSyntaxHighlighting::Theme& theme)
{
    const TextPlaces places(text);
    const auto tokens = promql::tokenize(places.bytes());
    const auto roles = promql::rolesOf(tokens);
    QList<QTextLayout::FormatRange> ranges;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        QTextLayout::FormatRange range;
        range.start = places.position(tokens[i].span.begin);
        range.length = places.position(tokens[i].span.end) - range.start;
        const QRgb color = theme.textColor(styleOf(roles[i]));
        range.format.setForeground(color == 0 ? palette.color(QPalette::Text) : QColor(color));
        ranges << range;
    }
    return ranges;
}

} // namespace

PromqlPainter::PromqlPainter() = default;
PromqlPainter::~PromqlPainter() = default;

void PromqlPainter::paint(QPainter& painter, const QRect& rect, const QString& text,
                          const QFont& font, const QPalette& palette)
{
    if (!m_repository) {
        m_repository = syntaxRepository();
    }
    const QString shown = QFontMetrics(font).elidedText(text, Qt::ElideRight, rect.width());
    QTextLayout layout(shown, font);
    layout.setFormats(coloursOf(shown, palette, m_repository->themeForPalette(palette)));
    layout.beginLayout();
    QTextLine line = layout.createLine();
    line.setLineWidth(1e6);
    layout.endLayout();
    painter.setPen(palette.color(QPalette::Text));
    layout.draw(&painter, QPointF(rect.left(), rect.top() + (rect.height() - line.height()) / 2));
}

} // namespace watchfire::ui::editor
