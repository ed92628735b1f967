// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QObject>
#include <QThreadPool>
#include <QTimer>
#include <QVariant>

namespace watchfire::ui {

/// What the window remembers from one start to the next: geometry, page, columns, filters,
/// queries, ranges. An ini file that is read once, when this is made, and written on a worker
/// two seconds after a change, so that a kill loses little. GUI thread only.
class UiState final : public QObject {
    Q_OBJECT

public:
    /// An empty name remembers nothing.
    explicit UiState(QString iniFile, QObject* parent = nullptr);
    /// Writes what is not written yet, and waits for that.
    ~UiState() override;

    QVariant value(const QString& key, const QVariant& otherwise = {}) const;
    void setValue(const QString& key, const QVariant& value);
    /// Hands what has changed to the worker now.
    void save();

    /// How long a change may wait.
    static constexpr std::chrono::milliseconds delay{2000};

private:
    QString m_file;
    QHash<QString, QVariant> m_values;
    QHash<QString, QVariant> m_changed;
    QTimer m_timer;
    QThreadPool m_writer;
};

} // namespace watchfire::ui
