// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/job_yaml.h"

#include <string>
#include <vector>

#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;

namespace watchfire::ui {

class FieldNote;
class YamlEditor;

/// A part of the configuration as text, in the dialog of its forms. What is typed is read while
/// typing, with its faults marked; what is wrong can be given up for what the forms have.
class YamlPane : public QWidget {
    Q_OBJECT

public:
    /// The text has been typed into and says nothing good, or has not been read yet.
    bool isBroken() const { return m_isBroken; }
    /// Reads what was typed and not read yet now, instead of soon.
    void readNow();
    QWidget* editor() const;

signals:
    /// isBroken has changed.
    void brokenChanged(bool broken);

protected:
    struct Verdict {
        std::vector<YamlFault> faults;
        std::vector<YamlFault> warnings;
        bool isGood = false;
    };

    /// Its parts are called `objectName`, and `objectName`.note and .restore.
    YamlPane(const QByteArray& objectName, const QString& accessibleName,
             const QString& restoreText, QWidget* parent);

    /// Reads a text that was typed. A good one is in force once adopt() is called.
    virtual Verdict judge(const std::string& text) = 0;
    virtual void adopt() = 0;
    /// What is in force as text.
    virtual std::string goodText() const = 0;

    std::string text() const;
    /// Shows a text that is good.
    void put(const std::string& text);
    void setHelp(const QString& text);

private:
    void typed();
    void read();
    void setBroken(bool broken);

    YamlEditor* m_editor;
    FieldNote* m_note;
    QLabel* m_help;
    QPushButton* m_restore;
    QTimer m_pause;
    QString m_text; ///< as it was read or put in
    bool m_isBroken = false;
};

} // namespace watchfire::ui
