// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/palette.h"

#include <QObject>
#include <QPalette>
#include <QString>

namespace watchfire::ui::theme {

class PortalAppearance;

enum class Mode { system, light, dark };

/// "light", "dark", "system"; anything else is system.
Mode modeFrom(const QString& text);

/// Dresses the whole application and keeps it dressed while the desktop changes its mind.
/// One per program, made after QApplication. GUI thread only.
///
/// *Light* and *dark* set Fusion with our palette. *System* keeps style and palette of the
/// platform theme where there is one; else Fusion with ours, dark or light as the settings
/// portal says, light when it says nothing.
class Theme final : public QObject {
    Q_OBJECT
public:
    explicit Theme(QObject* parent = nullptr);
    ~Theme() override;

    Mode mode() const { return m_mode; }
    /// Applies at once.
    void setMode(Mode mode);
    /// On top of what the desktop asks for.
    void setHighContrast(bool on);

    /// What is shown now.
    Scheme scheme() const;
    Contrast contrast() const;

    /// Begins listening to the settings portal; until then *system* is what Qt knows.
    void followDesktop();
    PortalAppearance& portal() { return *m_portal; }

signals:
    /// The palette has changed: painters that keep pictures make new ones.
    void changed();

protected:
    bool eventFilter(QObject* object, QEvent* event) override;

private:
    void apply();
    bool hasPlatformTheme() const;

    Mode m_mode = Mode::system;
    bool m_highContrast = false;
    bool m_applying = false;
    QString m_platformStyle; ///< the style the platform chose at start
    QPalette m_platformPalette;
    PortalAppearance* m_portal;
};

} // namespace watchfire::ui::theme
