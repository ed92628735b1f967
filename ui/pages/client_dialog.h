// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/client_form.h"

#include <string>
#include <vector>

#include <QDialog>

namespace watchfire::ui {

class ClientPanel;

/// The security settings of one source of a job, beside the job's own. Not modal; what is typed
/// counts at once, as in the job's dialog.
class ClientDialog final : public QDialog {
    Q_OBJECT

public:
    /// `onDesktop`: which secrets of `kept` lie in the desktop's secret store.
    ClientDialog(const QString& source, const ClientForm& form, const HttpClientOptions& kept,
                 const std::vector<std::string>& onDesktop, QWidget* parent);

signals:
    void changed(const watchfire::ui::ClientForm& form);

private:
    HttpClientOptions m_kept;
    ClientPanel* m_panel;
};

} // namespace watchfire::ui
