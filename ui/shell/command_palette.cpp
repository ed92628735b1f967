// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/command_palette.h"

#include "ui/models/format.h"
#include "ui/pages/widgets.h"
#include "ui/theme/icons.h"
#include "ui/theme/palette.h"

#include <algorithm>
#include <utility>

#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr int kindRole = Qt::UserRole + 1;
constexpr int mostShown = 50;

class PaletteDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        QStyleOptionViewItem plain = option;
        initStyleOption(&plain, index);
        const QString title = std::exchange(plain.text, {});
        plain.icon = {};
        plain.widget->style()->drawControl(QStyle::CE_ItemViewItem, &plain, painter, plain.widget);
        const bool selected = (option.state & QStyle::State_Selected) != 0;
        const auto color = [&](QPalette::ColorRole role) {
            return option.palette.color(selected ? QPalette::HighlightedText : role);
        };
        painter->save();
        const QRect icon(option.rect.left() + 10, option.rect.center().y() - 8, 16, 16);
        index.data(Qt::DecorationRole)
            .value<QIcon>()
            .paint(painter, icon, Qt::AlignCenter, selected ? QIcon::Selected : QIcon::Normal);
        const QString kind = index.data(kindRole).toString();
        const int kindWidth = option.fontMetrics.horizontalAdvance(kind);
        painter->setPen(color(QPalette::PlaceholderText));
        painter->drawText(option.rect.adjusted(0, 0, -12, 0),
                          int(Qt::AlignRight | Qt::AlignVCenter), kind);
        painter->setPen(color(QPalette::Text));
        const QRect text = option.rect.adjusted(36, 0, -kindWidth - 28, 0);
        painter->drawText(text, int(Qt::AlignLeft | Qt::AlignVCenter) | Qt::TextSingleLine,
                          option.fontMetrics.elidedText(title, Qt::ElideMiddle, text.width()));
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override
    {
        return {100, std::max(30, option.fontMetrics.height() + 10)};
    }
};

} // namespace

int paletteRank(const QString& title, const QString& needle)
{
    if (needle.isEmpty()) {
        return 0;
    }
    const qsizetype at = title.indexOf(needle, 0, Qt::CaseInsensitive);
    if (at == 0) {
        return 1;
    }
    for (qsizetype from = at; from > 0;
         from = title.indexOf(needle, from + 1, Qt::CaseInsensitive)) {
        if (!title[from - 1].isLetterOrNumber()) {
            return 2;
        }
    }
    if (at > 0) {
        return 3;
    }
    qsizetype next = 0;
    for (const QChar c : title) {
        if (next < needle.size() && c.toLower() == needle[next]) {
            ++next;
        }
    }
    return next == needle.size() ? 4 : -1;
}

class CommandPalette::Model final : public QAbstractListModel {
public:
    using QAbstractListModel::QAbstractListModel;

    void setEntries(std::vector<PaletteEntry> entries)
    {
        m_entries = std::move(entries);
        filter(m_needle);
    }
    void add(std::vector<PaletteEntry> entries)
    {
        std::ranges::move(entries, std::back_inserter(m_entries));
        filter(m_needle);
    }
    void filter(const QString& needle)
    {
        beginResetModel();
        m_needle = needle.trimmed().toLower();
        std::vector<std::pair<int, std::size_t>> ranked;
        for (std::size_t i = 0; i < m_entries.size(); ++i) {
            if (const int rank = paletteRank(m_entries[i].title, m_needle); rank >= 0) {
                ranked.emplace_back(rank, i);
            }
        }
        const auto shown = std::min(ranked.size(), std::size_t(mostShown));
        std::ranges::partial_sort(ranked, ranked.begin() + std::ptrdiff_t(shown));
        m_shown.clear();
        for (std::size_t i = 0; i < shown; ++i) {
            m_shown.push_back(ranked[i].second);
        }
        endResetModel();
    }
    const PaletteEntry& at(int row) const { return m_entries[m_shown[std::size_t(row)]]; }

    int rowCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : int(m_shown.size());
    }
    QVariant data(const QModelIndex& index, int role) const override
    {
        if (!index.isValid()) {
            return {};
        }
        const PaletteEntry& entry = at(index.row());
        switch (role) {
        case Qt::DisplayRole:
            return entry.title;
        case Qt::AccessibleTextRole:
            return entry.title + u", "_s + entry.kind;
        case Qt::DecorationRole:
            return theme::icon(entry.icon);
        case kindRole:
            return entry.shortcut.isEmpty() ? entry.kind : entry.shortcut;
        default:
            return {};
        }
    }

private:
    std::vector<PaletteEntry> m_entries;
    std::vector<std::size_t> m_shown;
    QString m_needle;
};

CommandPalette::CommandPalette(EngineBridge& bridge, QWidget* parent)
    : QDialog(parent, Qt::Popup | Qt::FramelessWindowHint)
    , m_bridge(bridge)
    , m_model(new Model(this))
    , m_edit(filterEdit(tr("Go to a page, metric, target or alert, or do something"),
                        "palette.filter", this))
    , m_list(new QListView(this))
{
    setObjectName(u"palette"_s);
    setAccessibleName(tr("Command palette"));
    m_list->setObjectName(u"palette.list"_s);
    m_list->setAccessibleName(tr("What fits"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new PaletteDelegate(m_list));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->addWidget(m_edit);
    column->addWidget(m_list, 1);
    m_edit->installEventFilter(this);
    connect(m_edit, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_edit, &QLineEdit::returnPressed, this, &CommandPalette::runCurrent);
    connect(m_list, &QListView::clicked, this, &CommandPalette::runCurrent);
}

void CommandPalette::open(std::vector<PaletteEntry> entries,
                          std::function<void(const QString&)> openMetric)
{
    m_model->setEntries(std::move(entries));
    m_edit->clear();
    filter();
    const QWidget* const window = parentWidget();
    resize(std::min(620, window->width() - 48), std::min(420, window->height() - 120));
    move(window->mapToGlobal(QPoint((window->width() - width()) / 2, 64)));
    show();
    m_edit->setFocus();

    engine::LabelsRequest request;
    request.label = std::string(metricNameLabel);
    m_metrics = m_bridge.labels(
        std::move(request), this,
        [this, openMetric = std::move(openMetric)](const Result<std::vector<std::string>>& names) {
            if (!names) {
                return;
            }
            std::vector<PaletteEntry> metrics;
            metrics.reserve(names->size());
            for (const std::string& name : *names) {
                const QString title = fromUtf8(name);
                metrics.push_back({title, tr("Metric"), u"graph"_s, {}, [openMetric, title] {
                                       openMetric(title);
                                   }});
            }
            m_model->add(std::move(metrics));
            m_list->setCurrentIndex(m_model->index(0));
        });
}

void CommandPalette::filter()
{
    m_model->filter(m_edit->text());
    m_list->setCurrentIndex(m_model->index(0));
}

void CommandPalette::runCurrent()
{
    const QModelIndex current = m_list->currentIndex();
    if (!current.isValid()) {
        return;
    }
    const auto run = m_model->at(current.row()).run;
    hide();
    m_metrics.cancel();
    run();
}

bool CommandPalette::eventFilter(QObject* object, QEvent* event)
{
    if (object == m_edit && event->type() == QEvent::KeyPress) {
        const auto* const key = static_cast<QKeyEvent*>(event);
        const int rows = m_model->rowCount();
        const int step = key->key() == Qt::Key_Down ? 1 : key->key() == Qt::Key_Up ? -1 : 0;
        if (step != 0 && rows > 0) {
            const int row = (m_list->currentIndex().row() + step + rows) % rows;
            m_list->setCurrentIndex(m_model->index(row));
            return true;
        }
    }
    return QDialog::eventFilter(object, event);
}

} // namespace watchfire::ui
