// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "ui/pages/job_yaml.h"

#include <optional>

#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;

namespace watchfire::ui {

class FieldNote;
class YamlEditor;

/// The job as text. What is typed is read while typing; once it is good, the forms have it.
class JobYamlTab final : public QWidget {
    Q_OBJECT

public:
    /// `file`: where relative paths are seen from.
    JobYamlTab(std::string file, QWidget* parent = nullptr);

    /// The job as the forms have it. A text that says the same already stays as it is.
    void setJob(const config::ScrapeConfig& job, const config::GlobalConfig& global);
    /// The text has been typed into and is no job, or has not been read yet.
    bool isBroken() const { return m_isBroken; }
    /// Reads what was typed and not read yet now, instead of soon.
    void readNow();
    QWidget* editor() const;

signals:
    /// A good job was typed.
    void jobTyped(const watchfire::config::ScrapeConfig& job);
    /// isBroken has changed.
    void brokenChanged(bool broken);

private:
    void typed();
    void read();
    void put(const std::string& text);
    void tellHelp();
    void setBroken(bool broken);
    void restore();

    std::string m_file;
    config::ScrapeConfig m_job; ///< the newest good one
    config::GlobalConfig m_global;
    YamlEditor* m_editor;
    FieldNote* m_note;
    QPushButton* m_restore;
    QLabel* m_help;
    QTimer m_pause;
    QString m_text; ///< as it was read or put in
    bool m_isBroken = false;
};

} // namespace watchfire::ui
