// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/start_failure.h"

#include <QCoreApplication>
#include <QMessageBox>
#include <QString>

using namespace Qt::StringLiterals;

namespace watchfire::app {

void showStartFailure(const Error& error)
{
    QMessageBox box;
    box.setObjectName(u"start.failure"_s);
    box.setIcon(QMessageBox::Critical);
    box.setWindowTitle(u"Watchfire"_s);
    // The message names files, and a file may be called anything.
    box.setTextFormat(Qt::PlainText);
    box.setText(QCoreApplication::translate("Main", "Watchfire cannot start."));
    box.setInformativeText(QString::fromStdString(error.message));
    box.exec();
}

} // namespace watchfire::app
