// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace watchfire::ui {

/// Text that leads somewhere: underlined, in the palette's colour of links, with a focus of its
/// own. What does not fit ends in …, and the whole is its tooltip.
class LinkButton final : public QAbstractButton {
    Q_OBJECT

public:
    LinkButton(const QString& text, const QString& objectName, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QFont linkFont() const;
};

} // namespace watchfire::ui
