// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>
#include <QString>
#include <QTimer>

namespace watchfire::ui {

/// A text to read, with numbers before its lines and one of them marked. A big one comes in
/// pieces, one a turn of the event loop, so that no turn takes longer than a frame.
class BodyView final : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit BodyView(const char* objectName, QWidget* parent = nullptr);

    /// `markedLine` counts from 1 and is scrolled to; 0: none.
    void setBody(const QString& body, int markedLine);
    bool isLoading() const { return m_loaded < m_body.size(); }
    int markedLine() const { return m_marked; }
    void showMarkedLine();
    /// The next place of that text after the cursor, or before it, from the other end where there
    /// is none; selects it. False: nowhere.
    bool findNext(const QString& text, bool backwards = false);

    /// Characters a turn: 2.3 ms of the GUI thread, where a mebibyte at once takes 33.
    static constexpr qsizetype piece = 32 * 1024;

signals:
    void loaded();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    class Numbers;

    void loadPiece();
    void markLine();
    void placeNumbers();
    void paintNumbers(QPaintEvent* event);

    QWidget* m_numbers;
    QString m_body;
    qsizetype m_loaded = 0;
    int m_marked = 0;
    QTimer m_next;
};

} // namespace watchfire::ui
