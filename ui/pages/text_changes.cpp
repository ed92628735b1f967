// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/text_changes.h"

#include "ui/pages/form_fields.h"
#include "ui/pages/text_diff.h"
#include "ui/pages/widgets.h"
#include "ui/theme/palette.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QTextBlock>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

QString signOf(DiffLine::Kind kind)
{
    switch (kind) {
    case DiffLine::Kind::same:
        return u"  "_s;
    case DiffLine::Kind::removed:
        return u"- "_s;
    case DiffLine::Kind::added:
        return u"+ "_s;
    }
    return {};
}

} // namespace

TextChanges::TextChanges(const char* name, const QString& title, const QStringList& before,
                         const QStringList& after, QWidget* parent, const QString& unseen)
    : QDialog(parent)
{
    setObjectName(QString::fromLatin1(name));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    resize(640, 480);
    const auto lines = diffLines(before, after);
    QStringList texts;
    int removed = 0;
    int added = 0;
    for (const DiffLine& line : lines) {
        texts << signOf(line.kind) + line.text;
        removed += line.kind == DiffLine::Kind::removed ? 1 : 0;
        added += line.kind == DiffLine::Kind::added ? 1 : 0;
    }
    QString summary = removed + added > 0
        ? tr("%n line(s) go", nullptr, removed) + u", "_s + tr("%n line(s) come", nullptr, added)
        : tr("Nothing in the file changes.");
    if (removed + added == 0 && !unseen.isEmpty()) {
        summary = unseen;
    }
    QLabel* const counts = plainLabel(summary, this);
    counts->setObjectName(objectName() + u".counts"_s);
    auto* const text = new QPlainTextEdit(this);
    text->setObjectName(objectName() + u".text"_s);
    text->setAccessibleName(tr("Lines that go begin with -, lines that come with +"));
    text->setReadOnly(true);
    text->setFont(fixedFont());
    text->setLineWrapMode(QPlainTextEdit::NoWrap);
    text->setPlainText(texts.join(u'\n'));
    QList<QTextEdit::ExtraSelection> selections;
    const theme::Scheme scheme = theme::schemeOf(palette());
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].kind == DiffLine::Kind::same) {
            continue;
        }
        QColor color = theme::stateColor(
            lines[i].kind == DiffLine::Kind::added ? theme::State::up : theme::State::critical,
            scheme);
        color.setAlphaF(0.18F);
        QTextEdit::ExtraSelection selection;
        selection.cursor = QTextCursor(text->document()->findBlockByNumber(int(i)));
        selection.format.setBackground(color);
        selection.format.setProperty(QTextFormat::FullWidthSelection, true);
        selections << selection;
    }
    text->setExtraSelections(selections);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addWidget(counts);
    column->addWidget(text, 1);
}

} // namespace watchfire::ui
