// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/yaml_editor.h"

#include "ui/editor/promql_highlighter.h"
#include "ui/theme/palette.h"
#include "ui/theme/state.h"

#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/SyntaxHighlighter>
#include <KSyntaxHighlighting/Theme>
#include <algorithm>

#include <QApplication>
#include <QFontDatabase>
#include <QHelpEvent>
#include <QPainter>
#include <QTextBlock>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr int gap = 6;
constexpr int indentWidth = 2;

} // namespace

class YamlEditor::Gutter final : public QWidget {
public:
    explicit Gutter(YamlEditor* editor)
        : QWidget(editor)
        , m_editor(editor)
    {
        setObjectName(editor->objectName() + u".gutter"_s);
    }

protected:
    void paintEvent(QPaintEvent* event) override { m_editor->paintGutter(event); }

private:
    YamlEditor* m_editor;
};

YamlEditor::YamlEditor(const char* objectName, Language language, QWidget* parent)
    : QPlainTextEdit(parent)
{
    setObjectName(QString::fromLatin1(objectName));
    m_gutter = new Gutter(this);
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    fixed.setPointSizeF(QApplication::font().pointSizeF());
    setFont(fixed);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    // Tab leaves the editor, as it does any field; Ctrl+] and Ctrl+[ set in and out.
    setTabChangesFocus(true);
    document()->setDocumentMargin(6);
    if (language == Language::yaml) {
        m_repository = editor::syntaxRepository();
        m_highlighter = new KSyntaxHighlighting::SyntaxHighlighter(document());
        m_highlighter->setTheme(m_repository->themeForPalette(palette()));
        m_highlighter->setDefinition(m_repository->definitionForName(u"YAML"_s));
    }
    connect(this, &QPlainTextEdit::blockCountChanged, this, &YamlEditor::placeGutter);
    connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect& rect, int dy) {
        if (dy != 0) {
            m_gutter->scroll(0, dy);
        } else {
            m_gutter->update(0, rect.y(), m_gutter->width(), rect.height());
        }
    });
    placeGutter();
}

YamlEditor::~YamlEditor() = default;

void YamlEditor::changeText(const QString& text)
{
    if (text == toPlainText()) {
        return;
    }
    const int line = textCursor().blockNumber();
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    cursor.select(QTextCursor::Document);
    cursor.insertText(text);
    cursor.endEditBlock();
    const QTextBlock block = document()->findBlockByNumber(std::min(line, blockCount() - 1));
    setTextCursor(QTextCursor(block));
}

void YamlEditor::setMarks(std::map<int, QString> marks)
{
    m_marks = std::move(marks);
    underlay();
    m_gutter->update();
}

void YamlEditor::underlay()
{
    QColor color = theme::stateColor(theme::State::critical, theme::schemeOf(palette()));
    color.setAlphaF(0.16F);
    QList<QTextEdit::ExtraSelection> selections;
    for (const auto& [line, text] : m_marks) {
        const QTextBlock block = document()->findBlockByNumber(line - m_firstLine);
        if (!block.isValid()) {
            continue;
        }
        QTextEdit::ExtraSelection selection;
        selection.cursor = QTextCursor(block);
        selection.format.setBackground(color);
        selection.format.setProperty(QTextFormat::FullWidthSelection, true);
        selections << selection;
    }
    setExtraSelections(selections);
}

void YamlEditor::goToLine(int line)
{
    const QTextBlock block = document()->findBlockByNumber(line - m_firstLine);
    if (block.isValid()) {
        setTextCursor(QTextCursor(block));
        centerCursor();
    }
}

void YamlEditor::setFirstLine(int number)
{
    m_firstLine = number;
    placeGutter();
    underlay();
}

int YamlEditor::gutterWidth() const
{
    const int digits = std::max(2, int(QString::number(m_firstLine + blockCount() - 1).size()));
    return gap + fontMetrics().height() + gap / 2 + digits * fontMetrics().horizontalAdvance(u'9')
        + gap;
}

void YamlEditor::placeGutter()
{
    setViewportMargins(gutterWidth(), 0, 0, 0);
    const QRect inner = contentsRect();
    m_gutter->setGeometry(inner.left(), inner.top(), gutterWidth(), inner.height());
}

void YamlEditor::paintGutter(QPaintEvent* event)
{
    QPainter painter(m_gutter);
    painter.fillRect(event->rect(), palette().color(QPalette::Window));
    painter.setFont(font());
    const int height = fontMetrics().height();
    QTextBlock block = firstVisibleBlock();
    while (block.isValid()) {
        const QRectF place = blockBoundingGeometry(block).translated(contentOffset());
        if (place.top() > event->rect().bottom()) {
            break;
        }
        const int line = block.blockNumber() + m_firstLine;
        const QRectF row(0, place.top(), m_gutter->width() - gap, height);
        painter.setPen(palette().color(QPalette::PlaceholderText));
        painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, QString::number(line));
        if (m_marks.contains(line)) {
            theme::paintState(painter, QRectF(gap, row.top() + 2, height - 4, height - 4),
                              theme::State::critical, theme::schemeOf(palette()));
        }
        block = block.next();
    }
}

bool YamlEditor::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* const help = static_cast<QHelpEvent*>(event);
        const auto mark = m_marks.find(cursorForPosition(help->pos()).blockNumber() + m_firstLine);
        if (mark != m_marks.end()) {
            // Texts of a tooltip may be read as HTML.
            QToolTip::showText(help->globalPos(), mark->second.toHtmlEscaped(), this);
        } else {
            QToolTip::hideText();
        }
        return true;
    }
    return QPlainTextEdit::viewportEvent(event);
}

void YamlEditor::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    placeGutter();
}

void YamlEditor::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_highlighter != nullptr) {
        const KSyntaxHighlighting::Theme fitting = m_repository->themeForPalette(palette());
        if (fitting.name() != m_highlighter->theme().name()) {
            m_highlighter->setTheme(fitting);
            m_highlighter->rehighlight();
        }
        underlay();
    } else if (event->type() == QEvent::FontChange && m_gutter != nullptr) {
        placeGutter();
    }
}

void YamlEditor::keyPressEvent(QKeyEvent* event)
{
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isReadOnly()) {
        QPlainTextEdit::keyPressEvent(event);
    } else if (isEnter && event->modifiers() == Qt::NoModifier) {
        // The next line is set in as far as this one.
        const QString line = textCursor().block().text();
        const auto first = std::ranges::find_if(line, [](QChar c) { return c != u' '; });
        const qsizetype spaces
            = std::min<qsizetype>(first - line.begin(), textCursor().positionInBlock());
        textCursor().insertText(u'\n' + QString(spaces, u' '));
        ensureCursorVisible();
    } else if (event->modifiers() == Qt::ControlModifier
               && (event->key() == Qt::Key_BracketRight || event->key() == Qt::Key_BracketLeft)) {
        indent(event->key() == Qt::Key_BracketLeft);
    } else {
        QPlainTextEdit::keyPressEvent(event);
    }
}

void YamlEditor::indent(bool less)
{
    QTextCursor cursor = textCursor();
    const QTextBlock last = document()->findBlock(cursor.selectionEnd());
    QTextBlock block = document()->findBlock(cursor.selectionStart());
    cursor.beginEditBlock();
    while (block.isValid()) {
        QTextCursor start(block);
        if (!less) {
            start.insertText(QString(indentWidth, u' '));
        } else {
            for (int i = 0; i < indentWidth && block.text().startsWith(u' '); ++i) {
                start.deleteChar();
            }
        }
        if (block == last) {
            break;
        }
        block = block.next();
    }
    cursor.endEditBlock();
}

} // namespace watchfire::ui
