// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/widgets.h"

#include "ui/theme/icons.h"
#include "ui/theme/palette.h"

#include <algorithm>

#include <QAction>
#include <QFontDatabase>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

QLabel* plainLabel(const QString& text, QWidget* parent)
{
    auto* const label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setText(text);
    return label;
}

QLabel* mutedLabel(const QString& text, QWidget* parent)
{
    QLabel* const label = plainLabel(text, parent);
    // A role, not a colour: the label follows when the palette changes.
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

QLabel* headingLabel(const QString& text, QWidget* parent)
{
    QLabel* const label = plainLabel(text, parent);
    QFont font = label->font();
    font.setBold(true);
    font.setPointSizeF(font.pointSizeF() * 1.15);
    label->setFont(font);
    return label;
}

QPushButton* button(const QString& text, const char* icon, const char* objectName, QWidget* parent)
{
    auto* const made = new QPushButton(text, parent);
    if (icon != nullptr) {
        made->setIcon(theme::icon(icon));
    }
    made->setObjectName(QString::fromLatin1(objectName));
    made->setAutoDefault(false);
    made->setMinimumHeight(28);
    return made;
}

QToolButton* toolButton(const QString& name, const char* icon, const char* objectName,
                        QWidget* parent)
{
    auto* const made = new QToolButton(parent);
    made->setIcon(theme::icon(icon));
    made->setIconSize(QSize(16, 16));
    made->setToolTip(name);
    made->setAccessibleName(name);
    made->setAutoRaise(true);
    made->setMinimumSize(28, 28);
    made->setFocusPolicy(Qt::TabFocus);
    made->setObjectName(QString::fromLatin1(objectName));
    return made;
}

QLineEdit* filterEdit(const QString& placeholder, const char* objectName, QWidget* parent)
{
    auto* const edit = new QLineEdit(parent);
    edit->setPlaceholderText(placeholder);
    edit->setAccessibleName(placeholder);
    edit->setClearButtonEnabled(true);
    edit->setObjectName(QString::fromLatin1(objectName));
    edit->setMinimumHeight(28);
    edit->addAction(theme::icon("search"), QLineEdit::LeadingPosition);
    return edit;
}

ElidedLabel::ElidedLabel(QWidget* parent)
    : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {40, QLabel::minimumSizeHint().height()};
}

void ElidedLabel::paintEvent(QPaintEvent*)
{
    const QString shown = fontMetrics().elidedText(text(), Qt::ElideRight, contentsRect().width());
    setToolTip(shown == text() ? QString() : text());
    QPainter painter(this);
    style()->drawItemText(&painter, contentsRect(), int(Qt::AlignVCenter | Qt::AlignLeading),
                          palette(), isEnabled(), shown, foregroundRole());
}

std::optional<theme::State> shapeOf(ItemState state)
{
    switch (state) {
    case ItemState::none:
        return std::nullopt;
    case ItemState::up:
        return theme::State::up;
    case ItemState::warning:
        return theme::State::warning;
    case ItemState::critical:
        return theme::State::critical;
    case ItemState::pending:
        return theme::State::pending;
    case ItemState::silenced:
        return theme::State::silenced;
    case ItemState::unknown:
        break;
    }
    return theme::State::unknown;
}

EmptyState::EmptyState(const QString& sentence, const QString& action, const QString& example,
                       const char* objectName, QWidget* parent)
    : QWidget(parent)
    , m_sentence(headingLabel(sentence, this))
{
    setObjectName(QString::fromLatin1(objectName));
    auto* const column = new QVBoxLayout(this);
    column->setSpacing(12);
    column->addStretch(2);
    m_sentence->setWordWrap(true);
    m_sentence->setAlignment(Qt::AlignCenter);
    column->addWidget(m_sentence);
    if (!example.isEmpty()) {
        QLabel* const hint = mutedLabel(example, this);
        hint->setWordWrap(true);
        hint->setAlignment(Qt::AlignCenter);
        column->addWidget(hint);
    }
    if (!action.isEmpty()) {
        QPushButton* const act = button(action, nullptr, objectName, this);
        act->setObjectName(QString::fromLatin1(objectName) + u".action"_s);
        connect(act, &QPushButton::clicked, this, &EmptyState::actionClicked);
        column->addWidget(act, 0, Qt::AlignHCenter);
    }
    column->addStretch(3);
}

void EmptyState::setSentence(const QString& sentence)
{
    m_sentence->setText(sentence);
}

FieldNote::FieldNote(const char* objectName, QWidget* parent)
    : QWidget(parent)
    , m_shape(new StateShape(14, this))
    , m_text(plainLabel({}, this))
{
    setObjectName(QString::fromLatin1(objectName));
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addWidget(m_shape, 0, Qt::AlignTop);
    row->addWidget(m_text, 1);
    m_text->setWordWrap(true);
    setVisible(false);
}

void FieldNote::setError(const QString& text)
{
    m_error = text;
    tell();
}

void FieldNote::setHint(const QString& text)
{
    m_hint = text;
    tell();
}

void FieldNote::tell()
{
    const bool isError = !m_error.isEmpty();
    const QString& text = isError ? m_error : m_hint;
    setVisible(!text.isEmpty());
    m_text->setText(text);
    m_shape->setState(isError ? theme::State::critical : theme::State::warning);
    setAccessibleName(text);
}

QString FieldNote::text() const
{
    return m_text->text();
}

FactSheet::FactSheet(const char* objectName, QWidget* parent)
    : QWidget(parent)
{
    setObjectName(QString::fromLatin1(objectName));
}

void FactSheet::setFacts(const QList<Fact>& facts)
{
    if (facts == m_facts) {
        return;
    }
    const bool sameRows = std::ranges::equal(facts, m_facts, [](const Fact& a, const Fact& b) {
        return a.name == b.name && a.code == b.code;
    });
    if (!sameRows) {
        rebuild(facts);
    }
    for (qsizetype i = 0; i < facts.size(); ++i) {
        if (m_values[i]->text() != facts[i].value) {
            m_values[i]->setText(facts[i].value);
        }
    }
    m_facts = facts;
}

void FactSheet::rebuild(const QList<Fact>& facts)
{
    qDeleteAll(findChildren<QWidget*>(Qt::FindDirectChildrenOnly));
    delete layout();
    m_values.clear();
    auto* const grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(1, 1);
    for (int row = 0; row < int(facts.size()); ++row) {
        const Fact& fact = facts[row];
        QLabel* const value = plainLabel({}, this);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        value->setWordWrap(true);
        value->setAccessibleName(fact.name);
        // A long address without spaces must not widen the page.
        value->setMinimumWidth(40);
        value->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        if (fact.code) {
            QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
            font.setPointSizeF(value->font().pointSizeF());
            value->setFont(font);
        }
        grid->addWidget(mutedLabel(fact.name, this), row, 0, Qt::AlignTop);
        grid->addWidget(value, row, 1, Qt::AlignTop);
        m_values << value;
    }
    grid->setRowStretch(int(facts.size()), 1);
}

StateShape::StateShape(int size, QWidget* parent)
    : QWidget(parent)
{
    setFixedSize(size, size);
}

void StateShape::setState(theme::State state)
{
    m_state = state;
    update();
}

void StateShape::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    theme::paintState(painter, rect(), m_state, theme::schemeOf(palette()));
}

void Card::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme::gridColor(palette()), 1));
    painter.setBrush(palette().color(QPalette::Base));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
}

} // namespace watchfire::ui
