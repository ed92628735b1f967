// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/ui_state.h"

#include <utility>

#include <QSettings>

namespace watchfire::ui {

UiState::UiState(QString iniFile, QObject* parent)
    : QObject(parent)
    , m_file(std::move(iniFile))
{
    m_writer.setMaxThreadCount(1); // in the order of the changes
    m_timer.setSingleShot(true);
    m_timer.setInterval(delay);
    connect(&m_timer, &QTimer::timeout, this, &UiState::save);
    if (!m_file.isEmpty()) {
        const QSettings settings(m_file, QSettings::IniFormat);
        const QStringList keys = settings.allKeys();
        for (const QString& key : keys) {
            m_values.insert(key, settings.value(key));
        }
    }
}

UiState::~UiState()
{
    save();
    m_writer.waitForDone();
}

QVariant UiState::value(const QString& key, const QVariant& otherwise) const
{
    return m_values.value(key, otherwise);
}

void UiState::setValue(const QString& key, const QVariant& value)
{
    if (m_values.value(key) == value) {
        return;
    }
    m_values.insert(key, value);
    m_changed.insert(key, value);
    if (!m_timer.isActive()) {
        m_timer.start();
    }
}

void UiState::save()
{
    m_timer.stop();
    if (m_changed.isEmpty() || m_file.isEmpty()) {
        m_changed.clear();
        return;
    }
    m_writer.start([file = m_file, changed = std::exchange(m_changed, {})] {
        QSettings settings(file, QSettings::IniFormat);
        for (const auto& [key, value] : changed.asKeyValueRange()) {
            settings.setValue(key, value);
        }
        settings.sync();
    });
}

} // namespace watchfire::ui
