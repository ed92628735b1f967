// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>

#include <QPlainTextEdit>

namespace KSyntaxHighlighting {
class Repository;
class SyntaxHighlighter;
} // namespace KSyntaxHighlighting

namespace watchfire::ui {

/// A text with numbered lines, some of which are marked: with a shape beside the number, and
/// underlaid. Highlighted as YAML, or not at all.
class YamlEditor final : public QPlainTextEdit {
    Q_OBJECT

public:
    enum class Language { yaml, plain };

    YamlEditor(const char* objectName, Language language, QWidget* parent = nullptr);
    ~YamlEditor() override;

    /// Replaces the text as one step of its undo; the cursor stays about where it was.
    void changeText(const QString& text);
    /// By line, from 1: what is said when the pointer rests on the mark.
    void setMarks(std::map<int, QString> marks);
    void goToLine(int line);
    /// What the first line's number is.
    void setFirstLine(int number);

protected:
    bool viewportEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    class Gutter;

    int gutterWidth() const;
    void paintGutter(QPaintEvent* event);
    void placeGutter();
    void underlay();
    void indent(bool less);

    std::shared_ptr<KSyntaxHighlighting::Repository> m_repository;
    KSyntaxHighlighting::SyntaxHighlighter* m_highlighter = nullptr;
    Gutter* m_gutter;
    std::map<int, QString> m_marks;
    int m_firstLine = 1;
};

} // namespace watchfire::ui
