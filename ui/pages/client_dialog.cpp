// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/client_dialog.h"

#include "ui/pages/client_panel.h"
#include "ui/pages/form_layout.h"
#include "ui/pages/widgets.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

ClientDialog::ClientDialog(const QString& source, const ClientForm& form,
                           const HttpClientOptions& kept, const std::vector<std::string>& onDesktop,
                           QWidget* parent)
    : QDialog(parent)
    , m_kept(kept)
    , m_panel(new ClientPanel(u"source.client."_s, SecretStore::desktop, this))
{
    setObjectName(u"source.client"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Security of the source: %1").arg(source));
    resize(720, 560);
    QLabel* const about = mutedLabel(
        tr("How the source is asked for targets. The targets themselves are asked as the job's "
           "Security tab says."),
        this);
    about->setWordWrap(true);
    QPushButton* const close = button(tr("Close"), nullptr, "source.client.close", this);
    close->setDefault(true);
    auto* const buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(close);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    column->addWidget(about);
    column->addWidget(scrolled(m_panel, this), 1);
    column->addLayout(buttons);
    m_panel->fill(form, kept, onDesktop);
    m_panel->forgetTouches();
    m_panel->showFaults(checkClient(form, kept), true);
    connect(m_panel, &ClientPanel::edited, this, [this] {
        const ClientForm now = m_panel->form();
        m_panel->showFaults(checkClient(now, m_kept), false);
        emit changed(now);
    });
    tabInLayoutOrder(this);
    connect(close, &QPushButton::clicked, this, &QDialog::close);
}

} // namespace watchfire::ui
