// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/roles.h"
#include "ui/theme/state.h"

#include <optional>

#include <QLabel>
#include <QList>
#include <QString>
#include <QWidget>

class QLineEdit;
class QPushButton;
class QToolButton;

/// Small makers, so that every label is plain text and every control has its names.
namespace watchfire::ui {

/// A label that never reads its text as HTML.
QLabel* plainLabel(const QString& text, QWidget* parent = nullptr);
/// Of second rank: the palette's muted text.
QLabel* mutedLabel(const QString& text, QWidget* parent = nullptr);
/// A heading one step above the text.
QLabel* headingLabel(const QString& text, QWidget* parent = nullptr);

QPushButton* button(const QString& text, const char* icon, const char* objectName,
                    QWidget* parent = nullptr);
/// Icon only; `name` is its tooltip and accessible name.
QToolButton* toolButton(const QString& name, const char* icon, const char* objectName,
                        QWidget* parent = nullptr);
/// With a magnifier in front and a button that clears it.
QLineEdit* filterEdit(const QString& placeholder, const char* objectName,
                      QWidget* parent = nullptr);

/// One line that ends in … where there is no room for all of it; the whole is its tooltip then.
class ElidedLabel final : public QLabel {
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget* parent = nullptr);
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

/// The shape that stands for it; nothing for `none`.
std::optional<theme::State> shapeOf(ItemState state);

/// What a page shows when there is nothing yet: a sentence, a button, an example.
class EmptyState final : public QWidget {
    Q_OBJECT

public:
    EmptyState(const QString& sentence, const QString& action, const QString& example,
               const char* objectName, QWidget* parent = nullptr);
    void setSentence(const QString& sentence);

signals:
    void actionClicked();

private:
    QLabel* m_sentence;
};

/// A state's shape, in the colours of the palette that is in force when it is painted.
class StateShape final : public QWidget {
    Q_OBJECT

public:
    /// `size`: of its sides, in pixels.
    explicit StateShape(int size, QWidget* parent = nullptr);

    void setState(theme::State state);
    theme::State state() const { return m_state; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    theme::State m_state = theme::State::unknown;
};

/// One line under a field: an error with its shape, else a hint with its own, or nothing.
class FieldNote final : public QWidget {
    Q_OBJECT

public:
    explicit FieldNote(const char* objectName, QWidget* parent = nullptr);
    /// Empty: fine.
    void setError(const QString& text);
    /// What may be saved and run all the same.
    void setHint(const QString& text);
    QString text() const; ///< what is shown

private:
    void tell();

    StateShape* m_shape;
    QLabel* m_text;
    QString m_error;
    QString m_hint;
};

/// Names and values under each other, values selectable. Rows are kept while their names stay, so
/// that a refresh does not disturb a selection.
class FactSheet final : public QWidget {
    Q_OBJECT

public:
    struct Fact {
        QString name;
        QString value;
        bool code = false; ///< in the fixed font
        friend bool operator==(const Fact&, const Fact&) = default;
    };

    explicit FactSheet(const char* objectName, QWidget* parent = nullptr);
    void setFacts(const QList<Fact>& facts);

private:
    void rebuild(const QList<Fact>& facts);

    QList<Fact> m_facts;
    QList<QLabel*> m_values;
};

/// A rounded surface on Base with a hairline, for groups of things on a page.
class Card : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace watchfire::ui
