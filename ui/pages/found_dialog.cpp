// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/found_dialog.h"

#include "ui/models/format.h"
#include "ui/pages/widgets.h"

#include <utility>

#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

FoundDialog::FoundDialog(Found found, QWidget* parent)
    : QDialog(parent)
    , m_found(std::move(found))
    , m_list(new QListWidget(this))
{
    setObjectName(u"found.dialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Exporters found"));
    setModal(false);
    resize(460, 320);
    m_list->setObjectName(u"found.dialog.list"_s);
    m_list->setAccessibleName(tr("Exporters found"));
    for (const engine::FoundExporter& each : m_found) {
        auto* const item
            = new QListWidgetItem(u"%1 — %2"_s.arg(foundText(each), foundKey(each)), m_list);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(Qt::Checked);
        item->setToolTip(tr("Found by %1").arg(fromUtf8(each.how)));
        item->setSizeHint(QSize(0, 28));
    }
    m_add = button({}, "add", "found.dialog.add", this);
    m_add->setDefault(true);
    QPushButton* const cancel = button(tr("Cancel"), nullptr, "found.dialog.cancel", this);

    auto* const buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_add);
    auto* const column = new QVBoxLayout(this);
    column->setSpacing(8);
    column->addWidget(plainLabel(tr("Each becomes a job that you can change later."), this));
    column->addWidget(m_list, 1);
    column->addLayout(buttons);

    connect(m_list, &QListWidget::itemChanged, this, &FoundDialog::count);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_add, &QPushButton::clicked, this, [this] {
        emit chosen(checkedOnes());
        accept();
    });
    count();
}

Found FoundDialog::checkedOnes() const
{
    Found found;
    for (int row = 0; row < m_list->count(); ++row) {
        if (m_list->item(row)->checkState() == Qt::Checked) {
            found.push_back(m_found[std::size_t(row)]);
        }
    }
    return found;
}

void FoundDialog::count()
{
    const auto checked = checkedOnes().size();
    m_add->setEnabled(checked > 0);
    m_add->setText(tr("Add %1 of %2").arg(checked).arg(m_found.size()));
}

} // namespace watchfire::ui
