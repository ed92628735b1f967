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

/// The hits that are shown.
class CommandPalette::Model final : public QAbstractListModel {
public:
    using QAbstractListModel::QAbstractListModel;

    std::vector<PaletteEntry> entries;
    std::vector<PaletteKind> kinds;

    void setHits(std::vector<PaletteHit> hits)
    {
        beginResetModel();
        m_hits = std::move(hits);
        endResetModel();
    }
    std::function<void()> actionAt(int row) const
    {
        const PaletteHit& hit = m_hits[std::size_t(row)];
        if (hit.kind == 0) {
            return entries[hit.item].run;
        }
        return [run = kinds[hit.kind - 1].run, item = hit.item] { run(item); };
    }

    int rowCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : int(m_hits.size());
    }
    QVariant data(const QModelIndex& index, int role) const override
    {
        if (!index.isValid()) {
            return {};
        }
        const PaletteHit& hit = m_hits[std::size_t(index.row())];
        const PaletteEntry* const entry = hit.kind == 0 ? &entries[hit.item] : nullptr;
        const QString& word = entry != nullptr ? entry->kind : kinds[hit.kind - 1].word;
        switch (role) {
        case Qt::DisplayRole:
            return hit.title;
        case Qt::AccessibleTextRole:
            return hit.title + u", "_s + word;
        case Qt::DecorationRole:
            return theme::icon(entry != nullptr ? entry->icon : kinds[hit.kind - 1].icon);
        case kindRole:
            return entry != nullptr && !entry->shortcut.isEmpty() ? entry->shortcut : word;
        default:
            return {};
        }
    }

private:
    std::vector<PaletteHit> m_hits;
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
    connect(m_edit, &QLineEdit::textChanged, this, [this] {
        m_runsNext = false; // Enter was for what stood there before
        search();
    });
    connect(m_edit, &QLineEdit::returnPressed, this, &CommandPalette::runCurrent);
    connect(m_list, &QListView::clicked, this, &CommandPalette::runCurrent);
}

CommandPalette::~CommandPalette()
{
    clear();
}

void CommandPalette::open(std::vector<PaletteEntry> entries, std::vector<PaletteKind> kinds,
                          std::function<void(const QString&)> openMetric)
{
    clear();
    std::vector<QString> titles;
    titles.reserve(entries.size());
    for (const PaletteEntry& entry : entries) {
        titles.push_back(entry.title);
    }
    const std::size_t count = titles.size();
    m_names.push_back(std::make_shared<PaletteNames>(
        count, [titles = std::move(titles)](std::size_t item) { return titles[item]; }));
    m_model->entries = std::move(entries);
    m_edit->clear();
    showHits(searchPalette(m_names, {}, mostShown)); // tens of pages and actions, at once
    for (PaletteKind& kind : kinds) {
        add(std::move(kind));
    }
    const QWidget* const window = parentWidget();
    resize(std::min(620, window->width() - 48), std::min(420, window->height() - 120));
    move(window->mapToGlobal(QPoint((window->width() - width()) / 2, 64)));
    show();
    m_edit->setFocus();

    engine::LabelsRequest request;
    request.label = std::string(metricNameLabel);
    m_metrics = m_bridge.labels(
        std::move(request), this,
        [this, openMetric = std::move(openMetric)](Result<std::vector<std::string>> answer) {
            if (!answer) {
                return;
            }
            const auto names = std::make_shared<const std::vector<std::string>>(std::move(*answer));
            add({tr("Metric"), u"graph"_s, names->size(),
                 [names](std::size_t item) { return fromUtf8((*names)[item]); },
                 [names, openMetric](std::size_t item) { openMetric(fromUtf8((*names)[item])); }});
        });
}

void CommandPalette::add(PaletteKind kind)
{
    m_names.push_back(std::make_shared<PaletteNames>(kind.count, kind.title));
    m_model->kinds.push_back(std::move(kind));
    search();
}

void CommandPalette::search()
{
    if (m_names.empty()) {
        return; // not open
    }
    if (m_background.isBusy()) {
        m_isStale = true;
        m_background.stop();
        return;
    }
    m_isStale = false;
    m_background.start(
        [names = m_names, typed = m_edit->text()](const std::stop_token& stop) {
            return std::make_shared<const std::vector<PaletteHit>>(
                searchPalette(names, typed, mostShown, stop));
        },
        [this](const Background::Result& result) {
            if (m_isStale) {
                search();
            } else if (result != nullptr && !m_names.empty()) {
                showHits(*std::static_pointer_cast<const std::vector<PaletteHit>>(result));
                if (m_runsNext) {
                    runCurrent();
                }
            }
        });
}

void CommandPalette::showHits(std::vector<PaletteHit> hits)
{
    m_model->setHits(std::move(hits));
    m_list->setCurrentIndex(m_model->index(0));
}

void CommandPalette::runCurrent()
{
    if (isSettling()) {
        m_runsNext = true;
        return;
    }
    const QModelIndex current = m_list->currentIndex();
    if (!current.isValid()) {
        return;
    }
    const auto run
        = std::make_shared<const std::function<void()>>(m_model->actionAt(current.row()));
    hide();
    (*run)();
    m_background.discard(run);
}

void CommandPalette::clear()
{
    m_metrics.cancel();
    m_background.stop();
    m_runsNext = false;
    m_model->setHits({});
    m_model->entries.clear();
    // The pictures of the engine that they hold, too, take long to free.
    m_background.discard(
        std::make_shared<const std::vector<PaletteKind>>(std::exchange(m_model->kinds, {})));
    m_background.discard(
        std::make_shared<const std::vector<PaletteNamesPtr>>(std::exchange(m_names, {})));
}

void CommandPalette::hideEvent(QHideEvent* event)
{
    QDialog::hideEvent(event);
    clear();
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
