// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/source_ask.h"

#include "ui/models/format.h"

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

/// So many targets are named.
constexpr qsizetype mostNamed = 3;

QString foundText(const engine::JobPreview& preview)
{
    QStringList names;
    for (const engine::RelabelOutcome& each : preview.outcomes) {
        if (names.size() == mostNamed) {
            break;
        }
        names << fromUtf8(each.discovered.get("__address__"));
    }
    const QString count = SourceAsk::tr("%Ln target(s) found", nullptr, int(preview.total));
    if (names.isEmpty()) {
        return count;
    }
    return count + u": "_s + names.join(u", "_s)
        + (preview.total > std::uint64_t(mostNamed) ? u", …"_s : QString());
}

} // namespace

SourceAsk::SourceAsk(EngineBridge& bridge, QObject* parent)
    : QObject(parent)
    , m_bridge(bridge)
{
}

void SourceAsk::ask(const config::DiscoveryConfig& discovery, const config::GlobalConfig& global)
{
    config::ScrapeConfig alone;
    alone.jobName = "source";
    alone.scrapeInterval = global.scrapeInterval;
    alone.scrapeTimeout = global.scrapeTimeout;
    alone.discoveries = {discovery};
    m_pending = m_bridge.previewJob(
        std::move(alone), this, [this](const Result<engine::JobPreview>& preview) {
            if (!preview) {
                emit answered(fromUtf8(preview.error().message), true);
            } else if (preview->total == 0 && !preview->warnings.empty()) {
                emit answered(fromUtf8(preview->warnings.front()), true);
            } else {
                emit answered(foundText(*preview), false);
            }
        });
}

} // namespace watchfire::ui
