// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/composition.h"
#include "app/window_session.h"
#include "core/desktop/notifier.h"
#include "core/model/result.h"
#include "tests/support/qt_test.h"

#include <memory>
#include <optional>
#include <string>

#include <QLineEdit>
#include <QString>
#include <QTest>
#include <QWidget>

namespace watchfire::tests {

/// The program as app/main.cpp makes it, with its window and its popups, in this process.
/// Needs a QApplication, and a session bus where popups matter.
class Program {
public:
    explicit Program(const QString& profile);
    ~Program();

    /// Changed before the start: a quiet program that collects only what it is told to.
    app::Options options;

    /// Files of the profile's config folder, written before the start.
    bool writeConfig(const QString& name, const QByteArray& text) const;
    QByteArray readConfig(const QString& name) const;

    /// Empty: it runs and shows its window; otherwise what it said.
    QString start();
    /// As if it was quit. All that was accepted is stored.
    void stop();

    ui::MainWindow& window() { return m_session->window(); }
    ui::EngineBridge& bridge() { return window().bridge(); }
    app::Composition& composition() { return *m_composition; }
    app::Paths paths() const { return app::Paths::of(m_profile.toStdString()); }

    /// Asks as the window does and waits for the answer while events go on.
    Result<QueryValue> ask(const std::string& expr, std::optional<Timestamp> at = std::nullopt);
    /// The one value of an instant query; nothing: no series, several, or an error.
    std::optional<double> valueOf(const std::string& expr,
                                  std::optional<Timestamp> at = std::nullopt);
    /// Raw samples of the only series of a range selector such as up[1h].
    MatrixSeries samplesOf(const std::string& selector);
    const engine::TargetStatus* target(const std::string& job);

    // A hand on the window.
    template <class W> W* find(const char* name)
    {
        return window().findChild<W*>(QString::fromLatin1(name));
    }
    /// Types over what stands in a line; false: there is no such line.
    bool type(const char* name, const QString& text);
    /// Clicks what can be seen and pressed; false: it cannot.
    bool click(const char* name);

private:
    QString m_profile;
    std::unique_ptr<desktop::DesktopNotifier> m_notifier;
    std::unique_ptr<app::Composition> m_composition;
    std::unique_ptr<app::WindowSession> m_session;
};

} // namespace watchfire::tests
