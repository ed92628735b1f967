// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/popup_settings.h"

#include <algorithm>
#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr std::array<std::pair<PopupSound, const char*>, 3> sounds{
    {{PopupSound::desktop, "desktop"},
     {PopupSound::severity, "severity"},
     {PopupSound::none, "none"}}};

constexpr int minutesOfDay = 24 * 60;

std::chrono::minutes minuteIn(const UiState& state, const QString& key,
                              std::chrono::minutes otherwise)
{
    bool isNumber = false;
    const int minute = state.value(key).toInt(&isNumber);
    return isNumber && minute >= 0 && minute < minutesOfDay ? std::chrono::minutes(minute)
                                                            : otherwise;
}

} // namespace

PopupSettings popupSettingsIn(const UiState& state)
{
    PopupSettings settings;
    const QString sound = state.value(u"popups/sound"_s).toString();
    for (const auto& [value, word] : sounds) {
        if (sound == QLatin1String(word)) {
            settings.sound = value;
        }
    }
    settings.criticalAlways = state.value(u"popups/criticalAlways"_s, false).toBool();
    settings.quiet.isOn = state.value(u"popups/quiet"_s, false).toBool();
    settings.quiet.from = minuteIn(state, u"popups/quietFrom"_s, settings.quiet.from);
    settings.quiet.to = minuteIn(state, u"popups/quietTo"_s, settings.quiet.to);
    return settings;
}

void keepPopupSettings(UiState& state, const PopupSettings& settings)
{
    const auto sound
        = std::ranges::find(sounds, settings.sound, &decltype(sounds)::value_type::first);
    state.setValue(u"popups/sound"_s, QString::fromLatin1(sound->second));
    state.setValue(u"popups/criticalAlways"_s, settings.criticalAlways);
    state.setValue(u"popups/quiet"_s, settings.quiet.isOn);
    state.setValue(u"popups/quietFrom"_s, int(settings.quiet.from.count()));
    state.setValue(u"popups/quietTo"_s, int(settings.quiet.to.count()));
}

} // namespace watchfire::ui
