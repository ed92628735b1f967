// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/promql_highlighter.h"

#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Repository>

using namespace Qt::StringLiterals;

namespace watchfire::ui::editor {

std::shared_ptr<KSyntaxHighlighting::Repository> syntaxRepository()
{
    static std::weak_ptr<KSyntaxHighlighting::Repository> shared;
    auto repository = shared.lock();
    if (!repository) {
        repository = std::make_shared<KSyntaxHighlighting::Repository>();
        shared = repository;
    }
    return repository;
}

PromqlHighlighter::PromqlHighlighter(QTextDocument* document, const QPalette& palette)
    : SyntaxHighlighter(document)
    , m_repository(syntaxRepository())
    , m_text(palette.color(QPalette::Text))
{
    setTheme(m_repository->themeForPalette(palette));
    setDefinition(m_repository->definitionForName(u"PromQL"_s));
}

PromqlHighlighter::~PromqlHighlighter() = default;

void PromqlHighlighter::setPalette(const QPalette& palette)
{
    m_text = palette.color(QPalette::Text);
    const KSyntaxHighlighting::Theme fitting = m_repository->themeForPalette(palette);
    if (fitting.name() != theme().name()) {
        setTheme(fitting);
        rehighlight();
    }
}

QColor PromqlHighlighter::color(KSyntaxHighlighting::Theme::TextStyle style) const
{
    const QRgb rgb = theme().textColor(style);
    return rgb == 0 ? m_text : QColor(rgb);
}

} // namespace watchfire::ui::editor
