// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/body_view.h"

#include "ui/theme/palette.h"
#include "ui/theme/state.h"

#include <algorithm>

#include <QFontDatabase>
#include <QPaintEvent>
#include <QPainter>
#include <QTextBlock>

namespace watchfire::ui {

/// The column of line numbers.
class BodyView::Numbers final : public QWidget {
public:
    explicit Numbers(BodyView* view)
        : QWidget(view)
        , m_view(view)
    {
    }

protected:
    void paintEvent(QPaintEvent* event) override { m_view->paintNumbers(event); }

private:
    BodyView* m_view;
};

BodyView::BodyView(const char* objectName, QWidget* parent)
    : QPlainTextEdit(parent)
    , m_numbers(new Numbers(this))
{
    setObjectName(QString::fromLatin1(objectName));
    setAccessibleName(tr("Text of the answer"));
    setReadOnly(true);
    setUndoRedoEnabled(false);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setTabChangesFocus(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    fixed.setPointSizeF(font().pointSizeF());
    setFont(fixed);
    setFrameShape(QFrame::NoFrame);
    m_next.setSingleShot(true);
    m_next.setInterval(0);
    connect(&m_next, &QTimer::timeout, this, &BodyView::loadPiece);
    connect(this, &QPlainTextEdit::blockCountChanged, this, &BodyView::placeNumbers);
    connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect& rect, int dy) {
        if (dy != 0) {
            m_numbers->scroll(0, dy);
        } else {
            m_numbers->update(0, rect.top(), m_numbers->width(), rect.height());
        }
    });
    placeNumbers();
}

void BodyView::setBody(const QString& body, int markedLine)
{
    m_body = body;
    m_loaded = 0;
    m_marked = markedLine;
    clear();
    setExtraSelections({});
    loadPiece();
}

void BodyView::loadPiece()
{
    // A cursor of its own: what a person has selected meanwhile stays.
    const qsizetype length = std::min(piece, m_body.size() - m_loaded);
    QTextCursor end(document());
    end.movePosition(QTextCursor::End);
    end.insertText(m_body.mid(m_loaded, length));
    m_loaded += length;
    if (m_marked > 0 && extraSelections().isEmpty() && blockCount() > m_marked) {
        showMarkedLine();
    }
    if (isLoading()) {
        m_next.start();
        return;
    }
    if (m_marked > 0 && extraSelections().isEmpty()) {
        showMarkedLine();
    }
    emit loaded();
}

void BodyView::markLine()
{
    const QTextBlock block = document()->findBlockByNumber(m_marked - 1);
    if (m_marked <= 0 || !block.isValid()) {
        return;
    }
    QTextEdit::ExtraSelection line;
    line.cursor = QTextCursor(block);
    line.format.setProperty(QTextFormat::FullWidthSelection, true);
    line.format.setBackground(
        theme::mix(palette().color(QPalette::Base),
                   theme::stateColor(theme::State::critical, theme::schemeOf(palette())), 0.22));
    setExtraSelections({line});
}

void BodyView::showMarkedLine()
{
    markLine();
    const QTextBlock block = document()->findBlockByNumber(m_marked - 1);
    if (m_marked > 0 && block.isValid()) {
        setTextCursor(QTextCursor(block));
        centerCursor();
    }
}

bool BodyView::findNext(const QString& text, bool backwards)
{
    if (text.isEmpty()) {
        return true;
    }
    const auto flags = backwards ? QTextDocument::FindBackward : QTextDocument::FindFlags();
    if (find(text, flags)) {
        return true;
    }
    QTextCursor other(document());
    other.movePosition(backwards ? QTextCursor::End : QTextCursor::Start);
    const QTextCursor found = document()->find(text, other, flags);
    if (found.isNull()) {
        return false;
    }
    setTextCursor(found);
    return true;
}

void BodyView::placeNumbers()
{
    const auto digits = QString::number(std::max(1, blockCount())).size();
    const int width = fontMetrics().horizontalAdvance(u'9') * int(digits) + 28;
    const bool isMirrored = layoutDirection() == Qt::RightToLeft;
    setViewportMargins(isMirrored ? 0 : width, 0, isMirrored ? width : 0, 0);
    const QRect inner = contentsRect();
    m_numbers->setGeometry(isMirrored ? inner.right() + 1 - width : inner.left(), inner.top(),
                           width, inner.height());
}

void BodyView::paintNumbers(QPaintEvent* event)
{
    QPainter painter(m_numbers);
    painter.fillRect(event->rect(), palette().color(QPalette::Window));
    painter.setFont(font());
    const QRectF column(0, 0, m_numbers->width() - 8, 0);
    for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
        const QRectF place = blockBoundingGeometry(block).translated(contentOffset());
        if (place.top() > event->rect().bottom()) {
            break;
        }
        const int number = block.blockNumber() + 1;
        const QRectF line(column.left(), place.top(), column.width(), place.height());
        painter.setPen(
            palette().color(number == m_marked ? QPalette::Text : QPalette::PlaceholderText));
        painter.drawText(line, Qt::AlignRight | Qt::AlignTop, QString::number(number));
        if (number == m_marked) {
            const double side = std::min(14.0, line.height());
            theme::paintState(painter, QRectF(3, line.top(), side, line.height()),
                              theme::State::critical, theme::schemeOf(palette()));
        }
    }
}

void BodyView::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    placeNumbers();
}

void BodyView::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        markLine();
        m_numbers->update();
    }
}

} // namespace watchfire::ui
