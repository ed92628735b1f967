// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <optional>
#include <string>

#include <QPlainTextEdit>
#include <QTimer>

namespace watchfire::ui {

/// A field for one PromQL expression, one line tall and growing with its text. Enter submits,
/// Shift+Enter breaks the line, Ctrl+Up and Ctrl+Down walk the history. What does not parse is
/// underlined shortly after typing.
class QueryEdit final : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit QueryEdit(const char* objectName, QWidget* parent = nullptr);

    std::string expression() const; ///< trimmed
    void setExpression(const QString& text);
    /// Puts text in place of the selection, or at the cursor.
    void insertText(const QString& text);
    /// Underlines that; none: nothing. Positions are bytes of `expression()`.
    void markFault(const std::optional<Error>& error);

signals:
    void submitted();
    void historyWanted(int direction); ///< −1 older, 1 newer
    /// After a pause in typing: what is wrong, empty when it parses or is empty.
    void checked(const QString& fault);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void fitHeight();
    void check();

    QTimer m_pause;
};

/// The sentence for a fault in that text: "line 1, column 5: …" where it says where.
QString faultText(const Error& error, const std::string& text);

} // namespace watchfire::ui
