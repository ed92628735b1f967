// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/known_names.h"

#include <algorithm>
#include <array>
#include <utility>

#include <QFuture>
#include <QPromise>
#include <QThreadPool>

namespace watchfire::ui::editor {

namespace {

constexpr qint64 freshMs = 30'000;
constexpr std::size_t recentKept = 64;
constexpr std::size_t answersKept = 64;

bool looksLikeCounter(std::string_view metric)
{
    return metric.ends_with("_total") || metric.ends_with("_count") || metric.ends_with("_sum")
        || metric.ends_with("_bucket");
}

} // namespace

KnownNames::KnownNames(EngineBridge& bridge, QObject* parent)
    : QObject(parent)
    , m_bridge(bridge)
    , m_metrics(std::make_shared<const NameIndex>())
{
}

KnownNames::~KnownNames() = default;

void KnownNames::refresh()
{
    if (m_age.isValid() && m_age.elapsed() < freshMs) {
        return;
    }
    m_age.start();
    engine::LabelsRequest request;
    request.label = std::string(metricNameLabel);
    m_namesPending
        = m_bridge.labels(std::move(request), this, [this](Result<std::vector<std::string>> names) {
              if (names) {
                  index(std::move(*names));
              } else {
                  m_age.invalidate();
              }
          });
    m_metadataPending
        = m_bridge.metadata(this, [this](Result<std::vector<FamilyMetadata>> metadata) {
              if (metadata) {
                  takeMetadata(std::move(*metadata));
              }
          });
}

void KnownNames::takeMetadata(std::vector<FamilyMetadata> metadata)
{
    m_families.clear();
    m_metadata = std::move(metadata);
    for (const FamilyMetadata& family : m_metadata) {
        m_families.emplace(family.family, &family);
    }
    emit metricsChanged();
}

/// Lower case, letters and order of 100,000 names are a worker's job.
void KnownNames::index(std::vector<std::string> names)
{
    const std::uint64_t turn = ++m_indexed;
    auto promise = std::make_shared<QPromise<std::shared_ptr<const NameIndex>>>();
    promise->future().then(this, [this, turn](const std::shared_ptr<const NameIndex>& made) {
        if (turn == m_indexed) {
            m_metrics = made;
            m_hasMetrics = true;
            emit metricsChanged();
        }
    });
    QThreadPool::globalInstance()->start([promise, names = std::move(names)]() mutable {
        promise->start();
        std::ranges::sort(names);
        std::vector<bool> counters;
        counters.reserve(names.size());
        for (const std::string& name : names) {
            counters.push_back(looksLikeCounter(name));
        }
        promise->addResult(std::make_shared<const NameIndex>(
            std::move(names), NameIndex::Order::byLength, std::move(counters)));
        promise->finish();
    });
}

const Metadata* KnownNames::metadataOf(std::string_view metric) const
{
    const auto find = [this](std::string_view family) -> const Metadata* {
        const auto found = m_families.find(family);
        return found == m_families.end() ? nullptr : &found->second->metadata;
    };
    if (const Metadata* const own = find(metric)) {
        return own;
    }
    // Samples of a family may carry one of these behind its name.
    static constexpr std::array<std::string_view, 5> endings{"_total", "_bucket", "_count", "_sum",
                                                             "_info"};
    for (const std::string_view ending : endings) {
        if (metric.ends_with(ending)) {
            return find(metric.substr(0, metric.size() - ending.size()));
        }
    }
    return nullptr;
}

promql::MetricFacts KnownNames::facts() const
{
    promql::MetricFacts facts;
    facts.typeOf = [this](std::string_view metric) -> std::optional<MetricType> {
        const Metadata* const known = metadataOf(metric);
        return known == nullptr ? std::nullopt : std::optional(known->type);
    };
    facts.intervalOf
        = [this](const Matchers& matchers) -> std::optional<std::chrono::milliseconds> {
        std::optional<std::chrono::milliseconds> shortest;
        const TargetsPtr targets = m_bridge.targets();
        if (targets == nullptr) {
            return shortest;
        }
        for (const engine::TargetStatus& target : targets->targets) {
            const bool mayBe = std::ranges::all_of(matchers, [&](const Matcher& matcher) {
                return !target.labels.has(matcher.name())
                    || matcher.matches(target.labels.get(matcher.name()));
            });
            if (mayBe && target.interval.count() > 0) {
                shortest = std::min(shortest.value_or(target.interval), target.interval);
            }
        }
        return shortest;
    };
    return facts;
}

std::shared_ptr<const NameIndex> KnownNames::labels(const std::string& label,
                                                    const std::vector<Matchers>& selectors)
{
    std::string question = label + '\n';
    for (const Matchers& matchers : selectors) {
        for (const Matcher& matcher : matchers) {
            question += matcher.toString() + ',';
        }
        question += '\n';
    }
    if (m_labels.size() >= answersKept && !m_labels.contains(question)) {
        m_labels.clear();
    }
    Answer& answer = m_labels[question];
    if (!answer.pending.isActive() && (!answer.age.isValid() || answer.age.elapsed() >= freshMs)) {
        answer.age.start();
        engine::LabelsRequest request;
        request.label = label;
        request.matchers = selectors;
        // Whatever is stored: with matchers the engine looks at the range.
        request.range = {Timestamp{}, m_bridge.now()};
        answer.pending = m_bridge.labels(
            std::move(request), this, [this, question](Result<std::vector<std::string>> names) {
                const auto asked = m_labels.find(question);
                if (asked == m_labels.end()) {
                    return;
                }
                if (!names) {
                    names = std::vector<std::string>();
                }
                std::erase(*names, std::string(metricNameLabel));
                asked->second.index = std::make_shared<const NameIndex>(std::move(*names));
                emit labelsChanged();
            });
    }
    return answer.index;
}

void KnownNames::remember(const std::string& chosen)
{
    std::erase(m_recent, chosen);
    m_recent.insert(m_recent.begin(), chosen);
    m_recent.resize(std::min(m_recent.size(), recentKept));
}

} // namespace watchfire::ui::editor
