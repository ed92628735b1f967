// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/offer_banner.h"

#include "ui/models/format.h"
#include "ui/pages/widgets.h"
#include "ui/theme/icons.h"
#include "ui/theme/palette.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace watchfire::ui {

namespace {

/// Painted anew in another theme's colour.
class OfferIcon final : public QLabel {
public:
    OfferIcon(const char* name, QWidget* parent)
        : QLabel(parent)
        , m_name(name)
    {
        setFixedSize(18, 18);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        theme::icon(m_name).paint(&painter, rect());
    }

private:
    const char* m_name;
};

} // namespace

OfferBanner::OfferBanner(PageContext& context, const QByteArray& objectName, const char* icon,
                         QWidget* parent)
    : QFrame(parent)
    , m_context(context)
    , m_addAll(button(tr("Add all"), "add", (objectName + ".addAll").constData(), this))
    , m_choose(button(tr("Choose…"), nullptr, (objectName + ".choose").constData(), this))
    , m_notNow(button(tr("Not now"), nullptr, (objectName + ".notNow").constData(), this))
    , m_text(plainLabel({}, this))
    , m_refused(plainLabel({}, this))
{
    setObjectName(QString::fromLatin1(objectName));
    m_text->setObjectName(QString::fromLatin1(objectName + ".text"));
    m_refused->setObjectName(QString::fromLatin1(objectName + ".refused"));
    m_refused->hide();
    auto* const texts = new QVBoxLayout;
    texts->setSpacing(2);
    for (QLabel* label : {m_text, m_refused}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        texts->addWidget(label);
    }
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(12, 6, 8, 6);
    row->setSpacing(8);
    row->addWidget(new OfferIcon(icon, this), 0, Qt::AlignVCenter);
    row->addLayout(texts, 1);
    for (QPushButton* each : {m_addAll, m_choose, m_notNow}) {
        row->addWidget(each);
    }
}

void OfferBanner::setText(const QString& text)
{
    m_text->setText(text);
    setAccessibleDescription(text);
}

void OfferBanner::beginAdding()
{
    m_addAll->setEnabled(false);
}

void OfferBanner::endAdding(const Result<void>& result)
{
    m_addAll->setEnabled(true);
    m_refused->setText(
        result ? QString() : tr("They were not added: %1").arg(fromUtf8(result.error().message)));
    m_refused->setVisible(!result);
}

void OfferBanner::forgetRefusal()
{
    m_refused->clear();
    m_refused->hide();
}

void OfferBanner::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor base = palette().color(QPalette::Base);
    const QColor accent = palette().color(QPalette::Accent);
    painter.setPen(QPen(theme::mix(base, accent, 0.45), 1));
    painter.setBrush(theme::mix(base, accent, 0.08));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
}

} // namespace watchfire::ui
