// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/found_banner.h"

#include "ui/pages/found_dialog.h"

#include <algorithm>

#include <QPushButton>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

const QString hiddenKey = u"found/notNow"_s;

} // namespace

FoundBanner::FoundBanner(PageContext& context, const char* objectName, QWidget* parent)
    : OfferBanner(context, objectName, "search", parent)
{
    setAccessibleName(tr("Exporters found"));
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
        forgetRefusal();
    }
    m_addAll->setVisible(hasAny);
    m_addAll->setText(m_shown.size() == 1 ? tr("Add") : tr("Add all"));
    m_choose->setVisible(hasAny);
    m_notNow->setText(hasAny ? tr("Not now") : tr("Close"));
    m_notNow->setVisible(hasAny || m_search == Search::done);
    if (hasAny) {
        setText(tr("Found here: %1").arg(foundText(m_shown)));
    } else if (m_search == Search::done) {
        setText(tr("No exporters were found that are not watched already."));
    } else {
        setText(tr("Looking for exporters on this machine and in the local network…"));
    }
    setVisible(hasAny || m_search != Search::none);
}

void FoundBanner::add(const Found& found)
{
    beginAdding();
    addFound(m_context.edits, m_context.bridge.config()->config, found, this,
             [this, found](const Result<void>& result) {
                 for (const engine::FoundExporter& each : result ? found : Found()) {
                     m_added << foundKey(each);
                 }
                 endAdding(result);
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

} // namespace watchfire::ui
