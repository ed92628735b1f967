// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace watchfire::ui {

/// What the program could add by itself, inside a page: "… — Add all · Choose · Not now", and
/// below why it was not added.
class OfferBanner : public QFrame {
    Q_OBJECT

protected:
    /// Its parts are called `objectName`.text, .refused, .addAll, .choose and .notNow.
    OfferBanner(PageContext& context, const QByteArray& objectName, const char* icon,
                QWidget* parent);

    void setText(const QString& text);
    /// Nothing is added while something is.
    void beginAdding();
    /// It may be tried again; why it was not added is shown.
    void endAdding(const Result<void>& result);
    void forgetRefusal();

    void paintEvent(QPaintEvent* event) override;

    PageContext& m_context;
    QPushButton* m_addAll;
    QPushButton* m_choose;
    QPushButton* m_notNow;

private:
    QLabel* m_text;
    QLabel* m_refused;
};

} // namespace watchfire::ui
