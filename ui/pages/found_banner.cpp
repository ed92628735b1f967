// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/found_banner.h"

#include "ui/models/format.h"
#include "ui/pages/found_dialog.h"
#include "ui/pages/widgets.h"
#include "ui/theme/icons.h"
#include "ui/theme/palette.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

const QString hiddenKey = u"found/notNow"_s;

} // namespace

FoundBanner::FoundBanner(PageContext& context, const char* objectName, QWidget* parent)
    : QFrame(parent)
    , m_context(context)
    , m_shape(new QLabel(this))
    , m_text(plainLabel({}, this))
    , m_refused(plainLabel({}, this))
{
    const QByteArray name(objectName);
    setObjectName(QString::fromLatin1(name));
    setAccessibleName(tr("Exporters found"));
    m_text->setObjectName(QString::fromLatin1(name + ".text"));
    m_refused->setObjectName(QString::fromLatin1(name + ".refused"));
    for (QLabel* label : {m_text, m_refused}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_addAll = button(tr("Add all"), "add", (name + ".addAll").constData(), this);
    m_choose = button(tr("Choose…"), nullptr, (name + ".choose").constData(), this);
    m_notNow = button(tr("Not now"), nullptr, (name + ".notNow").constData(), this);
    m_shape->setPixmap(theme::icon("search").pixmap(QSize(18, 18), devicePixelRatioF()));

    auto* const texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(m_text);
    texts->addWidget(m_refused);
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(12, 6, 8, 6);
    row->setSpacing(8);
    row->addWidget(m_shape, 0, Qt::AlignVCenter);
    row->addLayout(texts, 1);
    row->addWidget(m_addAll);
    row->addWidget(m_choose);
    row->addWidget(m_notNow);
    m_patience.setSingleShot(true);
    m_patience.setInterval(patience);

    connect(m_addAll, &QPushButton::clicked, this, [this] { add(m_shown); });
    connect(m_choose, &QPushButton::clicked, this, &FoundBanner::choose);
    connect(m_notNow, &QPushButton::clicked, this, &FoundBanner::notNow);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        m_search = Search::done;
        tell();
    });
    connect(&context.bridge, &EngineBridge::targetsChanged, this, &FoundBanner::takeSnapshot);
    takeSnapshot();
}

void FoundBanner::find()
{
    m_context.state.setValue(hiddenKey, QStringList());
    m_search = Search::asked;
    m_patience.start();
    m_context.bridge.findExporters();
    tell();
}

void FoundBanner::takeSnapshot()
{
    const auto& targets = *m_context.bridge.targets();
    const bool isLooking = targets.isLooking;
    m_added.removeIf(
        [&](const QString& key) { return !std::ranges::contains(targets.found, key, foundKey); });
    if (m_search == Search::asked && isLooking) {
        m_search = Search::running;
    } else if (m_search == Search::running && !isLooking) {
        m_search = Search::done;
        m_patience.stop();
    }
    tell();
}

Found FoundBanner::fresh() const
{
    const QStringList hidden = m_context.state.value(hiddenKey).toStringList();
    Found found = m_context.bridge.targets()->found;
    std::erase_if(found, [&](const auto& each) {
        const QString key = foundKey(each);
        return hidden.contains(key) || m_added.contains(key);
    });
    return found;
}

void FoundBanner::tell()
{
    m_shown = fresh();
    const bool hasAny = !m_shown.empty();
    if (!hasAny) {
        m_refused->clear();
    }
    m_refused->setVisible(!m_refused->text().isEmpty());
    m_addAll->setVisible(hasAny);
    m_addAll->setText(m_shown.size() == 1 ? tr("Add") : tr("Add all"));
    m_choose->setVisible(hasAny);
    m_notNow->setText(hasAny ? tr("Not now") : tr("Close"));
    m_notNow->setVisible(hasAny || m_search == Search::done);
    if (hasAny) {
        m_text->setText(tr("Found here: %1").arg(foundText(m_shown)));
    } else if (m_search == Search::done) {
        m_text->setText(tr("No exporters were found that are not watched already."));
    } else {
        m_text->setText(tr("Looking for exporters on this machine and in the local network…"));
    }
    setVisible(hasAny || m_search != Search::none);
    setAccessibleDescription(m_text->text());
}

void FoundBanner::add(const Found& found)
{
    m_addAll->setEnabled(false);
    addFound(m_context.edits, m_context.bridge.config()->config, found, this,
             [this, found](const Result<void>& result) {
                 for (const engine::FoundExporter& each : result ? found : Found()) {
                     m_added << foundKey(each);
                 }
                 m_addAll->setEnabled(true);
                 m_refused->setText(
                     result ? QString()
                            : tr("They were not added: %1").arg(fromUtf8(result.error().message)));
                 m_search = Search::none;
                 m_patience.stop();
                 tell();
             });
}

void FoundBanner::choose()
{
    auto* const dialog = new FoundDialog(m_shown, window());
    connect(dialog, &FoundDialog::chosen, this, &FoundBanner::add);
    dialog->open();
}

void FoundBanner::notNow()
{
    QStringList hidden = m_context.state.value(hiddenKey).toStringList();
    for (const engine::FoundExporter& each : m_shown) {
        hidden << foundKey(each);
    }
    m_context.state.setValue(hiddenKey, hidden);
    m_search = Search::none;
    m_patience.stop();
    tell();
}

void FoundBanner::paintEvent(QPaintEvent*)
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
