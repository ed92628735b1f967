// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/settings_page.h"

#include "core/text/duration.h"
#include "ui/models/format.h"
#include "ui/pages/popup_settings.h"
#include "ui/theme/icons.h"

#include <array>

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QTimeEdit>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

using namespace std::chrono_literals;

constexpr std::array schemes{"system", "light", "dark"};
constexpr std::array closings{"", "keep", "quit"};
constexpr std::array keptDays{7, 15, 30, 90, 180, 365, 730, 0};
constexpr std::array<std::uint64_t, 8> keptGibibytes{1, 5, 10, 20, 50, 100, 200, 0};
constexpr std::array<int, 6> keptPercentages{5, 10, 20, 50, 80, 0};
constexpr std::array<std::chrono::milliseconds, 6> collectorIntervals{1s, 2s, 5s, 10s, 15s, 30s};

QComboBox* combo(const char* name, const QString& accessibleName, QWidget* parent)
{
    auto* const made = new QComboBox(parent);
    made->setObjectName(QString::fromLatin1(name));
    made->setAccessibleName(accessibleName);
    made->setMinimumHeight(28);
    made->setMinimumWidth(220);
    return made;
}

QCheckBox* check(const char* name, const QString& text, QWidget* parent)
{
    auto* const made = new QCheckBox(text, parent);
    made->setObjectName(QString::fromLatin1(name));
    made->setMinimumHeight(24);
    return made;
}

QString periodText(std::chrono::milliseconds period)
{
    const auto days = std::chrono::floor<std::chrono::days>(period);
    return days == period && days.count() > 0
        ? SettingsPage::tr("%n days", "a period", int(days.count()))
        : QString::fromStdString(text::formatDuration(period));
}

/// What the store takes and how long samples stay.
QString storageText(const engine::StatusSnapshot& status)
{
    const QString now
        = SettingsPage::tr("%1 on disk now.").arg(bytesText(double(status.storeBytes)));
    const QString limit = bytesText(double(status.retentionBytes));
    const bool hasLimit = status.retentionBytes > 0;
    if (status.retention.count() == 0) {
        return now + u' '
            + (hasLimit ? SettingsPage::tr("The oldest samples go before it exceeds %1.").arg(limit)
                        : SettingsPage::tr("Samples are kept for good."));
    }
    const QString period = periodText(status.retention);
    return now + u' '
        + (hasLimit ? SettingsPage::tr("Samples are kept for %1; the oldest go sooner where it "
                                       "would exceed %2.")
                          .arg(period, limit)
                    : SettingsPage::tr("Samples are kept for %1.").arg(period));
}

QString keptTimeText(std::chrono::milliseconds time)
{
    return time.count() == 0 ? SettingsPage::tr("For good") : periodText(time);
}

QString keptSizeText(std::uint64_t bytes)
{
    return bytes == 0 ? SettingsPage::tr("Any size") : bytesText(double(bytes));
}

QString keptShareText(double percentage)
{
    return percentage == 0 ? SettingsPage::tr("Any part") : percentText(percentage);
}

QTimeEdit* timeEdit(const char* name, const QString& accessibleName, std::chrono::minutes minute,
                    QWidget* parent)
{
    auto* const made = new QTimeEdit(QTime(0, 0).addSecs(int(minute.count()) * 60), parent);
    made->setObjectName(QString::fromLatin1(name));
    made->setAccessibleName(accessibleName);
    made->setDisplayFormat(u"HH:mm"_s);
    made->setMinimumHeight(28);
    return made;
}

std::chrono::minutes minuteOf(const QTimeEdit* edit)
{
    return std::chrono::minutes(edit->time().hour() * 60 + edit->time().minute());
}

/// Shows that value, which is added where the list lacks it.
void select(QComboBox* box, const QVariant& value, const QString& text)
{
    int index = box->findData(value);
    if (index < 0) {
        box->addItem(text, value);
        index = box->count() - 1;
    }
    box->setCurrentIndex(index);
}

void setFixed(QComboBox* box, bool isFixed)
{
    box->setEnabled(!isFixed);
    box->setToolTip(isFixed ? SettingsPage::tr("The command line says it") : QString());
}

} // namespace

SettingsPage::SettingsPage(PageContext& context, QWidget* parent)
    : Page(context, u"settings"_s, parent)
{
    m_filter = filterEdit(tr("Search the settings"), "settings.filter", this);
    m_filter->setMaximumWidth(420);
    m_refused = new FieldNote("settings.refused", this);
    auto* const content = new QWidget(this);
    m_column = new QVBoxLayout(content);
    m_column->setContentsMargins(0, 0, 0, pageMargin);
    m_column->setSpacing(8);
    buildAppearance();
    buildCollectors();
    buildNotifications();
    buildStorage();
    buildGeneral();
    m_column->addStretch(1);
    auto* const scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(content);
    auto* const whole = new QVBoxLayout(this);
    whole->setContentsMargins(pageMargin, pageMargin, pageMargin, 0);
    whole->setSpacing(8);
    whole->addWidget(m_filter);
    whole->addWidget(m_refused);
    whole->addWidget(scroll, 1);

    connect(m_filter, &QLineEdit::textChanged, this, &SettingsPage::applyFilter);
    connect(&bridge(), &EngineBridge::configChanged, this, &SettingsPage::showConfig);
    connect(&bridge(), &EngineBridge::statusChanged, this, &SettingsPage::showStorage);
    showConfig();
}

QVBoxLayout* SettingsPage::addCategory(const QString& title, const QString& explanation)
{
    auto* const card = new Card(this);
    auto* const column = new QVBoxLayout(card);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    column->addWidget(headingLabel(title, this));
    if (!explanation.isEmpty()) {
        QLabel* const text = mutedLabel(explanation, this);
        text->setWordWrap(true);
        column->addWidget(text);
    }
    m_column->addWidget(card);
    m_categories.push_back({card, title + u' ' + explanation});
    return column;
}

void SettingsPage::addRow(QVBoxLayout* card, const QString& label, QWidget* control)
{
    auto* const row = new QHBoxLayout;
    row->setSpacing(12);
    QLabel* const name = plainLabel(label, this);
    name->setMinimumWidth(220);
    name->setBuddy(control);
    row->addWidget(name);
    row->addWidget(control);
    row->addStretch(1);
    card->addLayout(row);
    m_categories.back().words += u' ' + label;
}

void SettingsPage::buildAppearance()
{
    QVBoxLayout* const card = addCategory(tr("Appearance"), {});
    m_scheme = combo("settings.scheme", tr("Colours"), this);
    m_scheme->addItems({tr("As the desktop"), tr("Light"), tr("Dark")});
    addRow(card, tr("Colours"), m_scheme);
    connect(m_scheme, &QComboBox::activated, this, [this](int index) {
        change(tr("Colours changed"), [index](config::OwnConfig& own) {
            own.colorScheme = schemes.at(std::size_t(index));
        });
    });
}

void SettingsPage::buildCollectors()
{
    QVBoxLayout* const card = addCategory(
        tr("Collectors"),
        tr("Built in: they need no exporter and appear among the targets like any other."));
    m_hostCollector = check("settings.hostCollector", tr("This machine (job “host”)"), this);
    m_selfCollector
        = check("settings.selfCollector", tr("Watchfire itself (job “watchfire”)"), this);
    card->addWidget(m_hostCollector);
    card->addWidget(m_selfCollector);
    m_categories.back().words += u' ' + m_hostCollector->text() + u' ' + m_selfCollector->text();
    m_collectorInterval = combo("settings.collectorInterval", tr("Collect every"), this);
    for (const auto interval : collectorIntervals) {
        m_collectorInterval->addItem(fromUtf8(text::formatDuration(interval)));
    }
    addRow(card, tr("Collect every"), m_collectorInterval);
    connect(m_hostCollector, &QCheckBox::clicked, this, [this](bool on) {
        change(on ? tr("Host collector on") : tr("Host collector off"),
               [on](config::OwnConfig& own) { own.hostCollector = on; });
    });
    connect(m_selfCollector, &QCheckBox::clicked, this, [this](bool on) {
        change(on ? tr("Own collector on") : tr("Own collector off"),
               [on](config::OwnConfig& own) { own.selfCollector = on; });
    });
    connect(m_collectorInterval, &QComboBox::activated, this, [this](int index) {
        if (index < int(collectorIntervals.size())) {
            const auto interval = collectorIntervals.at(std::size_t(index));
            change(tr("Collectors every %1").arg(spanText(interval)),
                   [interval](config::OwnConfig& own) { own.collectorInterval = interval; });
        }
    });
}

void SettingsPage::buildNotifications()
{
    QVBoxLayout* const card
        = addCategory(tr("Notifications"),
                      tr("Firing alerts show as popups of this desktop. While the desktop wants no "
                         "notifications they are held back, and what still fires comes at once "
                         "afterwards."));
    buildPopupSettings(card);
    auto* const row = new QHBoxLayout;
    row->setSpacing(8);
    QPushButton* const test = button(tr("Show a test popup"), "bell", "settings.testPopup", this);
    QPushButton* const mute
        = button(tr("Mute popups for 1 hour"), "snooze", "settings.mutePopups", this);
    row->addWidget(test);
    row->addWidget(mute);
    row->addStretch(1);
    card->addLayout(row);
    m_categories.back().words += u' ' + test->text() + u' ' + mute->text();
    connect(test, &QPushButton::clicked, this, [this] { emit requested(u"test-popup"_s); });
    connect(mute, &QPushButton::clicked, this, [this] { emit requested(u"mute-popups"_s); });
}

void SettingsPage::buildPopupSettings(QVBoxLayout* card)
{
    const PopupSettings settings = popupSettingsIn(context().state);
    m_sound = combo("settings.popupSound", tr("Sound"), this);
    m_sound->addItem(tr("As the desktop does"), int(PopupSound::desktop));
    m_sound->addItem(tr("By severity, of the sound theme"), int(PopupSound::severity));
    m_sound->addItem(tr("None"), int(PopupSound::none));
    m_sound->setCurrentIndex(m_sound->findData(int(settings.sound)));
    addRow(card, tr("Sound"), m_sound);
    m_quiet = check("settings.quietHours", tr("Hold popups back every day"), this);
    m_quiet->setChecked(settings.quiet.isOn);
    m_quietFrom
        = timeEdit("settings.quietFrom", tr("Quiet hours begin"), settings.quiet.from, this);
    m_quietTo = timeEdit("settings.quietTo", tr("Quiet hours end"), settings.quiet.to, this);
    auto* const row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_quiet);
    row->addWidget(plainLabel(tr("from"), this));
    row->addWidget(m_quietFrom);
    row->addWidget(plainLabel(tr("to"), this));
    row->addWidget(m_quietTo);
    row->addStretch(1);
    card->addLayout(row);
    m_criticalAlways = check("settings.criticalAlways",
                             tr("Critical alerts show even while popups are held back"), this);
    m_criticalAlways->setChecked(settings.criticalAlways);
    card->addWidget(m_criticalAlways);
    m_categories.back().words += u' ' + m_quiet->text() + u' ' + m_criticalAlways->text() + u' '
        + tr("Quiet hours, do not disturb");
    const auto showOn = [this] {
        m_quietFrom->setEnabled(m_quiet->isChecked());
        m_quietTo->setEnabled(m_quiet->isChecked());
    };
    showOn();
    connect(m_quiet, &QCheckBox::toggled, this, showOn);
    connect(m_sound, &QComboBox::activated, this, &SettingsPage::keepPopups);
    connect(m_quiet, &QCheckBox::clicked, this, &SettingsPage::keepPopups);
    connect(m_criticalAlways, &QCheckBox::clicked, this, &SettingsPage::keepPopups);
    connect(m_quietFrom, &QTimeEdit::timeChanged, this, &SettingsPage::keepPopups);
    connect(m_quietTo, &QTimeEdit::timeChanged, this, &SettingsPage::keepPopups);
}

void SettingsPage::keepPopups()
{
    PopupSettings settings;
    settings.sound = PopupSound(m_sound->currentData().toInt());
    settings.criticalAlways = m_criticalAlways->isChecked();
    settings.quiet = {m_quiet->isChecked(), minuteOf(m_quietFrom), minuteOf(m_quietTo)};
    keepPopupSettings(context().state, settings);
    emit requested(u"popup-settings"_s);
}

void SettingsPage::buildStorage()
{
    QVBoxLayout* const card = addCategory(tr("Storage"), {});
    m_size = plainLabel({}, this);
    m_size->setObjectName(u"settings.size"_s);
    m_size->setWordWrap(true);
    card->addWidget(m_size);
    m_keptTime = combo("settings.keptTime", tr("Keep samples for"), this);
    for (const int days : keptDays) {
        const std::chrono::milliseconds time = std::chrono::days(days);
        m_keptTime->addItem(keptTimeText(time), qint64(time.count()));
    }
    addRow(card, tr("Keep samples for"), m_keptTime);
    m_keptSize = combo("settings.keptSize", tr("On disk at most"), this);
    for (const auto size : keptGibibytes) {
        m_keptSize->addItem(keptSizeText(size << 30), quint64(size << 30));
    }
    addRow(card, tr("On disk at most"), m_keptSize);
    m_keptShare = combo("settings.keptShare", tr("Of the disk at most"), this);
    for (const auto percentage : keptPercentages) {
        m_keptShare->addItem(keptShareText(percentage), double(percentage));
    }
    addRow(card, tr("Of the disk at most"), m_keptShare);
    connect(m_keptTime, &QComboBox::activated, this, [this](int index) {
        const config::Duration time(m_keptTime->itemData(index).toLongLong());
        change(tr("Retention changed"),
               [time](config::OwnConfig& own) { own.retention.time = time; });
    });
    // One of the two without the other would lift that.
    const auto changeSize = [this] {
        change(tr("Retention changed"),
               [size = m_keptSize->currentData().toULongLong(),
                percentage = m_keptShare->currentData().toDouble()](config::OwnConfig& own) {
                   own.retention.size = size;
                   own.retention.percentage = percentage;
               });
    };
    connect(m_keptSize, &QComboBox::activated, this, changeSize);
    connect(m_keptShare, &QComboBox::activated, this, changeSize);
    showStorage();
}

void SettingsPage::showStorage()
{
    const auto& status = *bridge().status();
    m_size->setText(storageText(status));
    setFixed(m_keptTime, status.isRetentionTimeFixed);
    setFixed(m_keptSize, status.isRetentionSizeFixed);
    setFixed(m_keptShare, status.isRetentionSizeFixed);
    if (context().edits.isBusy()) {
        return; // what was chosen is not in force yet
    }
    select(m_keptTime, qint64(status.retention.count()), keptTimeText(status.retention));
    select(m_keptSize, quint64(status.retentionSize), keptSizeText(status.retentionSize));
    select(m_keptShare, status.retentionPercentage, keptShareText(status.retentionPercentage));
}

void SettingsPage::buildGeneral()
{
    QVBoxLayout* const card = addCategory(tr("General"), {});
    m_closing = combo("settings.closing", tr("Closing the window without a tray"), this);
    m_closing->addItems({tr("Ask"), tr("Keep collecting"), tr("Quit")});
    const QString answer = context().state.value(u"window/closing"_s).toString();
    for (std::size_t i = 0; i < closings.size(); ++i) {
        if (answer == QLatin1String(closings.at(i))) {
            m_closing->setCurrentIndex(int(i));
        }
    }
    addRow(card, tr("Closing the window without a tray"), m_closing);
    connect(m_closing, &QComboBox::activated, this, [this](int index) {
        context().state.setValue(u"window/closing"_s,
                                 QString::fromLatin1(closings.at(std::size_t(index))));
    });
}

void SettingsPage::visit(const QString& item)
{
    m_filter->setText(item);
}

void SettingsPage::showConfig()
{
    const config::OwnConfig& own = bridge().config()->config.own;
    m_scheme->setCurrentIndex(own.colorScheme == "light" ? 1 : own.colorScheme == "dark" ? 2 : 0);
    m_hostCollector->setChecked(own.hostCollector);
    m_selfCollector->setChecked(own.selfCollector);
    const QString interval = fromUtf8(text::formatDuration(own.collectorInterval));
    int index = m_collectorInterval->findText(interval);
    if (index < 0) {
        m_collectorInterval->addItem(interval);
        index = m_collectorInterval->count() - 1;
    }
    m_collectorInterval->setCurrentIndex(index);
}

void SettingsPage::change(const QString& text, std::function<void(config::OwnConfig&)> apply)
{
    m_refused->setError({});
    const config::OwnConfig before = bridge().config()->config.own;
    context().edits.changeConfig(
        text, [apply](config::Config& config) { apply(config.own); },
        [before](config::Config& config) { config.own = before; }, this,
        [this](const Result<void>& result) {
            if (!result) {
                m_refused->setError(fromUtf8(result.error().message));
                showConfig();
                showStorage();
            }
        });
}

void SettingsPage::applyFilter(const QString& text)
{
    for (const Category& category : m_categories) {
        category.card->setVisible(category.words.contains(text.trimmed(), Qt::CaseInsensitive));
    }
}

} // namespace watchfire::ui
