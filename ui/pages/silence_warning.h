// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/snapshots.h"
#include "ui/pages/page.h"

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include <QTimer>
#include <QWidget>

class QLabel;

namespace watchfire::ui {

class StateShape;

/// Silences in force that end within ten minutes, the first to end first.
std::vector<const engine::SilenceStatus*> endingSoon(const engine::AlertsSnapshot& alerts,
                                                     Timestamp now);

/// An hour more, undoable.
void extendSilence(Edits& edits, const engine::SilenceStatus& silence, QObject* context);

/// One line that says which silence is about to end, so that nobody is woken by what was meant to
/// stay quiet: to be extended, looked at or dismissed. Hidden while there is none.
class SilenceWarning final : public QWidget {
    Q_OBJECT

public:
    explicit SilenceWarning(PageContext& context, QWidget* parent = nullptr);

signals:
    void showWanted(const QString& silenceId);

private:
    void tell();
    /// The one that is told of, as it is now.
    const engine::SilenceStatus* first() const;

    PageContext& m_context;
    StateShape* m_shape;
    QLabel* m_text;
    QTimer m_second;
    std::set<std::string> m_dismissed; ///< ids
};

} // namespace watchfire::ui
