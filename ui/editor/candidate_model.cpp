// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/candidate_model.h"

#include "ui/editor/name_index.h"
#include "ui/theme/palette.h"

#include <algorithm>

#include <QApplication>
#include <QFontDatabase>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace watchfire::ui::editor {

namespace {

constexpr int letterSize = 18;
constexpr int margin = 6;

/// Draws what fits of the name, matched runs bold.
void paintName(QPainter& painter, const QRect& room, const Candidate& candidate,
               const std::string& typed)
{
    QFont plain = painter.font();
    QFont bold = plain;
    bold.setBold(true);
    const QFontMetrics plainMetrics(plain);
    const QFontMetrics boldMetrics(bold);
    const int baseline
        = room.top() + (room.height() + plainMetrics.ascent() - plainMetrics.descent()) / 2;
    int x = room.left();
    const auto draw = [&](std::string_view part, bool matched) {
        if (part.empty() || x >= room.right()) {
            return;
        }
        const QFontMetrics& metrics = matched ? boldMetrics : plainMetrics;
        const QString text
            = metrics.elidedText(QString::fromUtf8(part), Qt::ElideRight, room.right() - x + 1);
        painter.setFont(matched ? bold : plain);
        painter.drawText(x, baseline, text);
        x += metrics.horizontalAdvance(text);
    };
    const std::string_view name = candidate.name;
    std::size_t at = 0;
    for (const auto& [begin, length] : matchedRuns(name, typed)) {
        draw(name.substr(at, begin - at), false);
        draw(name.substr(begin, length), true);
        at = begin + length;
    }
    draw(name.substr(at), false);
    painter.setFont(plain);
}

} // namespace

void CandidateModel::setCandidates(CandidateList list, const KnownNames* names)
{
    beginResetModel();
    m_list = std::move(list);
    m_names = names;
    endResetModel();
}

const Candidate* CandidateModel::at(int row) const
{
    return row >= 0 && row < rowCount() ? &m_list.best[std::size_t(row)] : nullptr;
}

QString CandidateModel::detail(int row) const
{
    const Candidate* const candidate = at(row);
    return candidate != nullptr ? detailOf(*candidate, m_names) : QString();
}

QString CandidateModel::about(int row) const
{
    const Candidate* const candidate = at(row);
    return candidate != nullptr ? aboutOf(*candidate, m_names) : QString();
}

int CandidateModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_list.best.size());
}

QVariant CandidateModel::data(const QModelIndex& index, int role) const
{
    const Candidate* const candidate = at(index.row());
    if (candidate == nullptr) {
        return {};
    }
    switch (role) {
    case Qt::DisplayRole:
        return QString::fromUtf8(candidate->name);
    case Qt::AccessibleTextRole:
        return u"%1, %2"_s.arg(QString::fromUtf8(candidate->name), detail(index.row()));
    default:
        return {};
    }
}

CandidateDelegate::CandidateDelegate(const CandidateModel* model, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_model(model)
{
}

QSize CandidateDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const
{
    return {0, std::max(24, option.fontMetrics.height() + 8)};
}

void CandidateDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                              const QModelIndex& index) const
{
    const Candidate* const candidate = m_model->at(index.row());
    if (candidate == nullptr) {
        return;
    }
    const QPalette& palette = option.palette;
    const bool current = (option.state & QStyle::State_Selected) != 0;
    const bool chosen = current && m_navigated;
    const QColor base = palette.color(QPalette::Base);
    const QColor accent = palette.color(QPalette::Highlight);
    const QColor under = chosen ? accent : current ? theme::mix(base, accent, 0.16) : base;
    const QColor text = palette.color(chosen ? QPalette::HighlightedText : QPalette::Text);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->fillRect(option.rect, base);
    if (current) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(under);
        painter->drawRoundedRect(option.rect.adjusted(2, 0, -2, 0), 4, 4);
    }

    const QRect letterBox(option.rect.left() + margin,
                          option.rect.top() + (option.rect.height() - letterSize) / 2, letterSize,
                          letterSize);
    const QColor ink = m_colors[std::size_t(candidate->kind)].isValid()
        ? m_colors[std::size_t(candidate->kind)]
        : palette.color(QPalette::Text);
    painter->setPen(Qt::NoPen);
    painter->setBrush(chosen ? theme::mix(accent, text, 0.2) : theme::mix(under, ink, 0.14));
    painter->drawRoundedRect(letterBox, 4, 4);
    QFont letterFont = QApplication::font();
    letterFont.setPixelSize(11);
    letterFont.setBold(true);
    painter->setFont(letterFont);
    painter->setPen(chosen ? text : ink);
    painter->drawText(letterBox, Qt::AlignCenter, letterOf(candidate->kind));

    const QString detail = m_model->detail(index.row());
    const QFont small = QApplication::font();
    const int detailWidth = QFontMetrics(small).horizontalAdvance(detail);
    QRect room = option.rect.adjusted(2 * margin + letterSize + 2, 0, -2 * margin, 0);
    const QRect detailRoom(room.right() - detailWidth, room.top(), detailWidth + 1, room.height());
    room.setRight(detailRoom.left() - 2 * margin);
    painter->setPen(text);
    painter->setFont(option.font);
    paintName(*painter, room, *candidate, m_model->list().typed);
    painter->setFont(small);
    painter->setPen(chosen ? text : theme::mutedText(palette));
    painter->drawText(detailRoom, Qt::AlignVCenter | Qt::AlignRight, detail);
    painter->restore();
}

} // namespace watchfire::ui::editor
