// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/completion_popup.h"

#include "ui/editor/candidate_model.h"
#include "ui/theme/palette.h"

#include <algorithm>

#include <QAccessible>
#include <QAccessibleAnnouncementEvent>
#include <QEvent>
#include <QFontDatabase>
#include <QLabel>
#include <QListView>
#include <QLocale>
#include <QScreen>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui::editor {

namespace {

constexpr int rowsShown = 9;
constexpr int widest = 560;
constexpr int narrowest = 320;

} // namespace

CompletionPopup::CompletionPopup(QWidget* editor)
    : QFrame(editor, Qt::ToolTip | Qt::FramelessWindowHint)
    , m_model(new CandidateModel(this))
    , m_delegate(new CandidateDelegate(m_model, this))
    , m_list(new QListView(this))
    , m_about(new QLabel(this))
    , m_count(new QLabel(this))
{
    setObjectName(editor->objectName() + u".completion"_s);
    setAttribute(Qt::WA_ShowWithoutActivating);
    setFocusPolicy(Qt::NoFocus);
    setFrameShape(QFrame::Box);
    setFrameShadow(QFrame::Plain);
    setAccessibleName(tr("Completions"));
    m_list->setObjectName(objectName() + u".list"_s);
    m_list->setAccessibleName(tr("Completions"));
    m_list->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_list->setModel(m_model);
    m_list->setItemDelegate(m_delegate);
    m_list->setUniformItemSizes(true);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_about->setTextFormat(Qt::PlainText);
    m_about->setWordWrap(true);
    m_about->setContentsMargins(8, 4, 8, 4);
    m_about->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_count->setTextFormat(Qt::PlainText);
    m_count->setContentsMargins(8, 2, 8, 4);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(1, 3, 1, 1);
    column->setSpacing(0);
    column->addWidget(m_list, 1);
    column->addWidget(m_about);
    column->addWidget(m_count);
    dress();

    connect(m_list, &QListView::clicked, this, &CompletionPopup::chosen);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &CompletionPopup::describe);
    hide();
}

void CompletionPopup::offer(CandidateList candidates, const KnownNames* names, const QRect& place)
{
    m_navigated = false;
    m_delegate->setNavigated(false);
    const std::size_t shown = candidates.best.size();
    const std::size_t matching = candidates.matching;
    m_model->setCandidates(std::move(candidates), names);
    m_count->setVisible(shown < matching);
    m_count->setText(
        tr("Best %1 of %2")
            .arg(QLocale().toString(qulonglong(shown)), QLocale().toString(qulonglong(matching))));
    m_list->setCurrentIndex(m_model->index(0));
    m_list->scrollToTop();
    describe();
    fit(place);
    if (!isVisible()) {
        show();
    }
}

const Candidate* CompletionPopup::current() const
{
    return m_model->at(m_list->currentIndex().row());
}

std::size_t CompletionPopup::count() const
{
    return std::size_t(m_model->rowCount());
}

int CompletionPopup::rowsSeen() const
{
    return std::min(rowsShown, m_model->rowCount());
}

void CompletionPopup::moveBy(int rows)
{
    if (m_model->rowCount() == 0) {
        return;
    }
    const int from = m_list->currentIndex().row();
    const int to = std::clamp(from + rows, 0, m_model->rowCount() - 1);
    m_navigated = true;
    m_delegate->setNavigated(true);
    m_list->setCurrentIndex(m_model->index(to));
    m_list->viewport()->update();
    QAccessibleAnnouncementEvent said(parentWidget(),
                                      m_model->index(to).data(Qt::AccessibleTextRole).toString());
    QAccessible::updateAccessibility(&said);
}

void CompletionPopup::setColors(const KindColors& colors)
{
    m_delegate->setColors(colors);
    m_list->viewport()->update();
}

void CompletionPopup::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_about != nullptr) {
        dress();
    }
}

/// The frame in the colour of lines, what stands below the list on the ground of windows.
void CompletionPopup::dress()
{
    const QPalette from = parentWidget()->palette();
    QPalette own = from;
    own.setColor(QPalette::WindowText,
                 theme::mix(from.color(QPalette::Base), from.color(QPalette::Text), 0.28));
    own.setColor(QPalette::Window, from.color(QPalette::Base));
    if (own != palette()) {
        setPalette(own);
        setAutoFillBackground(true);
    }
    QPalette below = from;
    below.setColor(QPalette::WindowText, theme::mutedText(from));
    for (QLabel* const label : {m_about, m_count}) {
        label->setPalette(below);
        label->setBackgroundRole(QPalette::Window);
        label->setAutoFillBackground(true);
    }
}

void CompletionPopup::describe()
{
    m_about->setText(m_model->about(m_list->currentIndex().row()));
}

void CompletionPopup::fit(const QRect& place)
{
    const QFontMetrics names(m_list->font());
    int width = narrowest;
    int lines = 0;
    for (int row = 0; row < std::min(m_model->rowCount(), 40); ++row) {
        const Candidate& candidate = *m_model->at(row);
        width = std::max(width,
                         names.horizontalAdvance(QString::fromUtf8(candidate.name))
                             + fontMetrics().horizontalAdvance(m_model->detail(row)) + 80);
        if (!m_model->about(row).isEmpty()) {
            lines = std::max(lines, candidate.kind == CandidateKind::metric ? 3 : 2);
        }
    }
    width = std::min(width, widest);
    const int rows = rowsSeen() * std::max(24, names.height() + 8);
    m_about->setVisible(lines > 0);
    // Room for signature, sentence or help, whichever row is at hand, so that nothing jumps.
    const int about = lines > 0 ? lines * fontMetrics().lineSpacing() + 10 : 0;
    m_about->setFixedHeight(about);
    const int count = m_count->isHidden() ? 0 : m_count->sizeHint().height();
    const QSize size(width, rows + about + count + 4);
    const QScreen* const screen = parentWidget()->screen();
    const QRect room = screen != nullptr ? screen->availableGeometry() : QRect(QPoint(), size);
    QPoint at(place.left(), place.bottom() + 4);
    if (at.y() + size.height() > room.bottom() && place.top() - 4 - size.height() >= room.top()) {
        at.setY(place.top() - 4 - size.height());
    }
    at.setX(std::max(room.left(), std::min(at.x(), room.right() - size.width())));
    setGeometry(QRect(at, size));
}

} // namespace watchfire::ui::editor
