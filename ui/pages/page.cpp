// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/page.h"

#include <QShowEvent>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

Page::Page(PageContext& context, const QString& name, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_name(name)
{
    setObjectName(name);
    connect(&context.view, &ViewState::tick, this, [this] {
        if (isVisible()) {
            refresh();
        }
    });
}

void Page::visit(const QString&) { }

void Page::refresh() { }

bool Page::perform(const QString&)
{
    return false;
}

QVariant Page::kept(const QString& key, const QVariant& otherwise) const
{
    return m_context.state.value(m_name + u'/' + key, otherwise);
}

void Page::keep(const QString& key, const QVariant& value)
{
    m_context.state.setValue(m_name + u'/' + key, value);
}

void Page::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (!event->spontaneous()) {
        refresh();
    }
}

} // namespace watchfire::ui
