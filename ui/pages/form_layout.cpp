// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/form_layout.h"

#include "ui/pages/widgets.h"

#include <algorithm>

#include <QEvent>
#include <QLabel>
#include <QScrollArea>
#include <QSplitter>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

namespace watchfire::ui {

namespace {

void collect(QWidget* widget, QList<QWidget*>& out);

void collect(const QLayout* layout, QList<QWidget*>& out)
{
    for (int i = 0; i < layout->count(); ++i) {
        QLayoutItem* const item = layout->itemAt(i);
        if (item->widget() != nullptr) {
            collect(item->widget(), out);
        } else if (item->layout() != nullptr) {
            collect(item->layout(), out);
        }
    }
}

/// The controls in `widget`, and itself.
void collect(QWidget* widget, QList<QWidget*>& out)
{
    if ((widget->focusPolicy() & Qt::TabFocus) != 0) {
        out << widget;
    }
    if (const auto* const tabs = qobject_cast<QTabWidget*>(widget)) {
        out << tabs->tabBar();
        for (int i = 0; i < tabs->count(); ++i) {
            collect(tabs->widget(i), out);
        }
    } else if (const auto* const splitter = qobject_cast<QSplitter*>(widget)) {
        for (int i = 0; i < splitter->count(); ++i) {
            collect(splitter->widget(i), out);
        }
    } else if (const auto* const area = qobject_cast<QScrollArea*>(widget)) {
        collect(area->widget(), out);
    } else if (widget->layout() != nullptr) {
        collect(widget->layout(), out);
    }
}

void dress(QScrollArea* area, QWidget* content)
{
    area->setWidget(content);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus); // it follows the focus of what is in it
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
}

class TightScroll final : public QScrollArea {
public:
    using QScrollArea::QScrollArea;

    QSize sizeHint() const override { return widget()->sizeHint(); }
    QSize minimumSizeHint() const override
    {
        return {widget()->minimumSizeHint().width(), std::min(leastHeight, sizeHint().height())};
    }

protected:
    bool eventFilter(QObject* object, QEvent* event) override
    {
        if (object == widget() && event->type() == QEvent::LayoutRequest) {
            fit();
        }
        return QScrollArea::eventFilter(object, event);
    }
    void resizeEvent(QResizeEvent* event) override
    {
        QScrollArea::resizeEvent(event);
        fit();
    }

private:
    void fit()
    {
        setMaximumHeight(widget()->sizeHint().height());
        updateGeometry();
    }
    static constexpr int leastHeight = 100;
};

} // namespace

QFormLayout* formLayout(QWidget* parent)
{
    auto* const layout = new QFormLayout(parent);
    layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    layout->setLabelAlignment(Qt::AlignRight | Qt::AlignVCenter);
    layout->setHorizontalSpacing(12);
    layout->setVerticalSpacing(8);
    return layout;
}

void addField(QFormLayout* layout, const QString& label, QWidget* field, FieldNote* note)
{
    auto* const box = new QWidget;
    auto* const column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addWidget(field);
    column->addWidget(note);
    QLabel* const name = plainLabel(label);
    name->setBuddy(field);
    // The label stays beside its field when the note appears.
    name->setMinimumHeight(field->minimumHeight());
    name->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    layout->addRow(name, box);
    layout->setAlignment(name, Qt::AlignTop | Qt::AlignRight);
}

QWidget* scrolled(QWidget* content, QWidget* parent)
{
    auto* const area = new QScrollArea(parent);
    dress(area, content);
    return area;
}

QWidget* scrolledTight(QWidget* content, QWidget* parent)
{
    auto* const area = new TightScroll(parent);
    dress(area, content);
    area->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    return area;
}

void tabInLayoutOrder(QWidget* root)
{
    QList<QWidget*> controls;
    collect(root, controls);
    for (qsizetype i = 1; i < controls.size(); ++i) {
        QWidget::setTabOrder(controls[i - 1], controls[i]);
    }
}

void focusWithin(QWidget* widget)
{
    QList<QWidget*> controls;
    collect(widget, controls);
    for (QWidget* const control : controls) {
        if (control->isVisibleTo(widget)) {
            control->setFocus();
            return;
        }
    }
}

} // namespace watchfire::ui
