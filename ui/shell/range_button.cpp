// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/range_button.h"

#include "core/text/duration.h"
#include "ui/models/format.h"
#include "ui/pages/time_text.h"
#include "ui/pages/widgets.h"
#include "ui/theme/icons.h"

#include <array>

#include <QDateTime>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace watchfire::ui {

namespace {

constexpr std::array<std::chrono::milliseconds, 11> presets{
    5min, 15min, 30min, 1h, 3h, 6h, 12h, 24h, 48h, 7 * 24h, 30 * 24h};
constexpr std::array<std::chrono::milliseconds, 8> intervals{0s,  1s,   2s,   5s,
                                                             15s, 1min, 5min, 15min};

/// Says that there is more below, where the style's own arrow would stand too far off.
const QString downArrow = u" ▾"_s;

/// Presets beside the fields for both ends. Deletes itself when closed.
class RangePopup final : public QFrame {
public:
    RangePopup(ViewState& view, std::function<Timestamp()> now, QWidget* parent)
        : QFrame(parent, Qt::Popup)
        , m_view(view)
        , m_now(std::move(now))
        , m_presets(new QListWidget(this))
        , m_from(new QLineEdit(this))
        , m_to(new QLineEdit(this))
        , m_note(new FieldNote("range.note", this))
        , m_apply(button(RangeButton::tr("Show this range"), nullptr, "range.apply", this))
    {
        setAttribute(Qt::WA_DeleteOnClose);
        setObjectName(u"range.popup"_s);
        setFrameShape(QFrame::StyledPanel);
        buildPresets();
        m_from->setObjectName(u"range.from"_s);
        m_from->setAccessibleName(RangeButton::tr("From"));
        m_to->setObjectName(u"range.to"_s);
        m_to->setAccessibleName(RangeButton::tr("To"));
        const TimeRange range = m_view.range().resolve(m_now());
        m_from->setText(m_view.range().isLive()
                            ? u"now-"_s + fromUtf8(text::formatDuration(*m_view.range().last))
                            : dateTimeText(range.from));
        m_to->setText(m_view.range().isLive() ? u"now"_s : dateTimeText(range.to));
        m_from->setMinimumWidth(200);

        auto* const fields = new QVBoxLayout;
        fields->setSpacing(4);
        fields->addWidget(plainLabel(RangeButton::tr("From"), this));
        fields->addWidget(m_from);
        fields->addWidget(plainLabel(RangeButton::tr("To"), this));
        fields->addWidget(m_to);
        fields->addWidget(m_note);
        auto* const hint = mutedLabel(
            RangeButton::tr("now-6h, yesterday, 14:30 or 2026-11-22 14:30, in local time"), this);
        hint->setWordWrap(true);
        fields->addWidget(hint);
        fields->addStretch(1);
        fields->addWidget(m_apply);
        auto* const row = new QHBoxLayout(this);
        row->setContentsMargins(12, 12, 12, 12);
        row->setSpacing(12);
        row->addWidget(m_presets);
        row->addLayout(fields);

        connect(m_from, &QLineEdit::textChanged, this, [this] { check(); });
        connect(m_to, &QLineEdit::textChanged, this, [this] { check(); });
        connect(m_from, &QLineEdit::returnPressed, this, [this] { apply(); });
        connect(m_to, &QLineEdit::returnPressed, this, [this] { apply(); });
        connect(m_apply, &QPushButton::clicked, this, [this] { apply(); });
        m_presets->setFocus();
    }

private:
    void buildPresets()
    {
        m_presets->setObjectName(u"range.presets"_s);
        m_presets->setAccessibleName(RangeButton::tr("Ranges up to now"));
        m_presets->setFrameShape(QFrame::NoFrame);
        for (const auto span : presets) {
            auto* const item = new QListWidgetItem(rangeText(ViewRange::ofLast(span)), m_presets);
            item->setSizeHint(QSize(150, 26));
            if (m_view.range() == ViewRange::ofLast(span)) {
                m_presets->setCurrentItem(item);
            }
        }
        m_presets->setFixedSize(160, int(presets.size()) * 26 + 4);
        const auto choose = [this](const QListWidgetItem* item) {
            m_view.setRange(ViewRange::ofLast(presets.at(std::size_t(m_presets->row(item)))));
            close();
        };
        connect(m_presets, &QListWidget::itemClicked, this, choose);
        connect(m_presets, &QListWidget::itemActivated, this, choose);
    }

    std::optional<TimeRange> check()
    {
        const Timestamp now = m_now();
        const auto from = parseMoment(m_from->text(), now);
        const auto to = parseMoment(m_to->text(), now);
        const QString error = !from ? RangeButton::tr("“From” is not a time.")
            : !to                   ? RangeButton::tr("“To” is not a time.")
            : *from >= *to          ? RangeButton::tr("“From” must be before “To”.")
                                    : QString();
        m_note->setError(error);
        m_apply->setEnabled(error.isEmpty());
        return error.isEmpty() ? std::optional(TimeRange{*from, *to}) : std::nullopt;
    }

    void apply()
    {
        const auto range = check();
        if (!range) {
            return;
        }
        // "now" goes on moving; a moment stays.
        const bool live = m_to->text().trimmed().compare("now"_L1, Qt::CaseInsensitive) == 0
            && m_from->text().trimmed().startsWith("now-"_L1, Qt::CaseInsensitive);
        m_view.setRange(live ? ViewRange::ofLast(range->to - range->from)
                             : ViewRange::between(range->from, range->to));
        close();
    }

    ViewState& m_view;
    std::function<Timestamp()> m_now;
    QListWidget* m_presets;
    QLineEdit* m_from;
    QLineEdit* m_to;
    FieldNote* m_note;
    QPushButton* m_apply;
};

QString intervalText(std::chrono::milliseconds interval)
{
    return interval.count() == 0 ? RefreshButton::tr("Off") : spanText(interval);
}

void dress(QToolButton& toolButton, const char* icon, const char* name)
{
    toolButton.setObjectName(QString::fromLatin1(name));
    if (icon != nullptr) {
        toolButton.setIcon(theme::icon(icon));
        toolButton.setIconSize(QSize(16, 16));
    }
    toolButton.setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    toolButton.setAutoRaise(true);
    toolButton.setFocusPolicy(Qt::TabFocus);
    toolButton.setMinimumHeight(28);
}

} // namespace

RangeButton::RangeButton(ViewState& view, std::function<Timestamp()> now, QWidget* parent)
    : QToolButton(parent)
    , m_view(view)
    , m_now(std::move(now))
{
    dress(*this, "clock", "shell.range");
    setToolTip(tr("Time range of all charts"));
    const auto say = [this] {
        setText(rangeText(m_view.range()) + downArrow);
        setAccessibleName(tr("Time range: %1").arg(rangeText(m_view.range())));
    };
    say();
    connect(&view, &ViewState::rangeChanged, this, say);
    connect(this, &QToolButton::clicked, this, &RangeButton::openPopup);
}

void RangeButton::openPopup()
{
    auto* const popup = new RangePopup(m_view, m_now, this);
    popup->adjustSize();
    popup->move(mapToGlobal(QPoint(width() - popup->width(), height() + 2)));
    popup->show();
}

RefreshButton::RefreshButton(ViewState& view, QWidget* parent)
    : QToolButton(parent)
    , m_view(view)
{
    dress(*this, nullptr, "shell.refresh");
    setToolTip(tr("How often the shown page refreshes"));
    auto* const menu = new QMenu(this);
    for (const auto interval : intervals) {
        menu->addAction(intervalText(interval), this,
                        [this, interval] { m_view.setRefreshInterval(interval); });
    }
    // Opened by hand: a button that owns a menu draws an arrow of its own.
    connect(this, &QToolButton::clicked, this,
            [this, menu] { menu->popup(mapToGlobal(QPoint(0, height()))); });
    say();
    connect(&view, &ViewState::refreshIntervalChanged, this, &RefreshButton::say);
}

void RefreshButton::say()
{
    const QString interval = intervalText(m_view.refreshInterval());
    setText(interval + downArrow);
    setAccessibleName(tr("Refresh: %1").arg(interval));
}

} // namespace watchfire::ui
