// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/conformance/scrape_rig.h"

#include "app/ctl/conformance/job_config.h"
#include "app/ctl/conformance/runner.h"
#include "core/api/encode_result.h"
#include "core/model/sample.h"
#include "core/text/number.h"

#include <algorithm>

namespace watchfire::ctl {

namespace {

using namespace Qt::StringLiterals;

constexpr std::int64_t startMs = 1'760'000'000'000;
constexpr std::int64_t lookbackMs = 5 * 60 * 1000;

bool isReport(std::string_view name)
{
    return name == "up" || name == "scrape_duration_seconds" || name == "scrape_samples_scraped"
        || name == "scrape_samples_post_metric_relabeling" || name == "scrape_series_added";
}

QJsonObject toJson(const Histogram& histogram)
{
    std::string text;
    api::appendHistogram(text, histogram);
    return parseJson(text).value_or(QJsonValue()).toObject();
}

QString valueText(double value)
{
    return QString::fromStdString(text::formatValue(value));
}

} // namespace

/// A MemoryStore that also remembers the exemplars, which nothing reads from it.
class ScrapeRig::RecordingStore final : public storage::Store {
public:
    using Exemplars = std::vector<std::pair<Labels, Exemplar>>;

    Result<std::unique_ptr<storage::Querier>> querier() override { return m_memory.querier(); }
    std::unique_ptr<storage::Appender> appender() override { return m_memory.appender(); }
    Result<std::vector<FamilyMetadata>> metadata() override { return m_memory.metadata(); }
    Result<std::unique_ptr<storage::GroupWriter>> openGroup(const Labels& identity) override
    {
        auto writer = m_memory.openGroup(identity);
        if (!writer) {
            return std::unexpected(writer.error());
        }
        return std::make_unique<Writer>(*std::move(writer), m_exemplars);
    }
    const Exemplars& exemplars() const { return m_exemplars; }

private:
    class Writer final : public storage::GroupWriter {
    public:
        Writer(std::unique_ptr<storage::GroupWriter> inner, Exemplars& exemplars)
            : m_inner(std::move(inner))
            , m_exemplars(exemplars)
        {
        }
        Result<storage::Position> position(const Labels& labels) override
        {
            const auto position = m_inner->position(labels);
            if (position) {
                m_labels[*position] = labels;
            }
            return position;
        }
        std::size_t positions() const override { return m_inner->positions(); }
        std::uint64_t layoutVersion() const override { return m_inner->layoutVersion(); }
        Result<storage::CommitReport> commit(const storage::Row& row) override
        {
            for (const storage::PositionedExemplar& one : row.exemplars) {
                m_exemplars.emplace_back(m_labels[one.position], one.exemplar);
            }
            return m_inner->commit(row);
        }

    private:
        std::unique_ptr<storage::GroupWriter> m_inner;
        Exemplars& m_exemplars;
        std::map<storage::Position, Labels> m_labels;
    };

    storage::MemoryStore m_memory;
    Exemplars m_exemplars;
};

Ticket ScrapeRig::RecordedFetcher::fetch(HttpRequest asked, Reply<HttpResponse> reply)
{
    request = std::move(asked);
    if (response && response->body.size() > request.maxBody) {
        reply(fail(ErrorKind::limit, "the body is too large"));
    } else {
        reply(response);
    }
    return {};
}

config::ScrapeConfig ScrapeRig::job(const std::string& name)
{
    config::ScrapeConfig job;
    job.jobName = name;
    job.scrapeInterval = std::chrono::seconds(5);
    job.scrapeTimeout = std::chrono::seconds(5);
    job.staticConfigs = {{{"TARGET"}, {}, {}}};
    job.scrapeNativeHistograms = true; // as the recorded server had it
    return job;
}

ScrapeRig::ScrapeRig(config::ScrapeConfig job)
    : m_store(std::make_unique<RecordingStore>())
    , m_interval(job.scrapeInterval)
{
    m_clock.at = fromUnixMs(startMs);
    m_scraper = std::make_unique<scrape::Scraper>(
        scrape::ScraperPorts{m_fetcher, m_here, m_here, *m_store, m_clock, m_dns, m_watcher},
        scrape::Ceilings::none());
    m_scraper->apply({std::move(job)});
}

ScrapeRig::~ScrapeRig() = default;

void ScrapeRig::scrape()
{
    m_clock.at += m_interval;
    m_scraper->scrapeNow(status().id);
}

scrape::TargetStatus ScrapeRig::status()
{
    const auto list = m_scraper->targets();
    return list->targets.empty() ? scrape::TargetStatus() : list->targets.front();
}

std::vector<ScrapeRig::Series> ScrapeRig::read()
{
    std::vector<Series> out;
    const auto querier = m_store->querier();
    const TimeRange always{Timestamp::min(), Timestamp::max()};
    auto groups = querier ? (*querier)->select({}, always) : Result<storage::GroupReaders>();
    if (!groups) {
        return out;
    }
    for (const auto& group : *groups) {
        const auto timeline = group->timeline();
        storage::Column column;
        for (std::size_t i = 0; timeline && i < group->size(); ++i) {
            Series series{group->labels(i), {}};
            if (!group->read(i, column)) {
                continue;
            }
            for (std::size_t entry = 0; entry < timeline->size(); ++entry) {
                if (column.isPresent(entry)) {
                    series.samples.push_back({(*timeline)[entry], column.values[entry], nullptr});
                }
            }
            for (const auto& [entry, histogram] : column.histograms) {
                std::ranges::find(series.samples, (*timeline)[entry], &Sample::atMs)->histogram
                    = histogram;
            }
            out.push_back(std::move(series));
        }
    }
    return out;
}

QJsonArray ScrapeRig::series()
{
    const std::int64_t scraped = unixMs(status().lastScrape);
    QJsonArray out;
    for (const Series& series : read()) {
        if (isReport(series.labels.metricName())) {
            continue;
        }
        QJsonArray samples;
        for (const Sample& one : series.samples) {
            if (one.histogram == nullptr && isStaleMarker(one.value)) {
                continue;
            }
            QJsonObject sample;
            if (one.histogram != nullptr) {
                sample.insert("histogram"_L1, toJson(*one.histogram));
            } else {
                sample.insert("value"_L1, valueText(one.value));
            }
            if (one.atMs != scraped) {
                sample.insert("timestamp_ms"_L1, qint64(one.atMs));
            }
            samples.append(sample);
        }
        if (!samples.isEmpty()) {
            out.append(QJsonObject{{u"labels"_s, toJson(series.labels)}, {u"samples"_s, samples}});
        }
    }
    return sortedByLabels(out);
}

QJsonObject ScrapeRig::reported()
{
    QJsonObject out;
    for (const Series& series : read()) {
        const std::string_view name = series.labels.metricName();
        if (isReport(name) && !series.samples.empty()) {
            out.insert(QString::fromStdString(std::string(name)),
                       valueText(series.samples.back().value));
        }
    }
    return out;
}

QJsonObject ScrapeRig::metadata()
{
    QJsonObject out;
    for (const FamilyMetadata& family :
         m_store->metadata().value_or(std::vector<FamilyMetadata>())) {
        const std::string_view type = watchfire::toText(family.metadata.type);
        out.insert(QString::fromStdString(family.family),
                   QJsonObject{
                       {u"type"_s, QString::fromStdString(std::string(type))},
                       {u"help"_s, QString::fromStdString(family.metadata.help)},
                       {u"unit"_s, QString::fromStdString(family.metadata.unit)},
                   });
    }
    return out;
}

QJsonArray ScrapeRig::exemplars()
{
    std::map<Labels, QJsonArray> bySeries;
    for (const auto& [labels, exemplar] : m_store->exemplars()) {
        QJsonObject one{{u"labels"_s, toJson(exemplar.labels)},
                        {u"value"_s, valueText(exemplar.value)}};
        if (exemplar.at) {
            one.insert("timestamp_ms"_L1, qint64(unixMs(*exemplar.at)));
        }
        bySeries[labels].append(one);
    }
    QJsonArray out;
    for (const auto& [labels, exemplars] : bySeries) {
        out.append(QJsonObject{{u"series"_s, toJson(labels)}, {u"exemplars"_s, exemplars}});
    }
    return out;
}

QJsonArray ScrapeRig::visible()
{
    const std::int64_t now = unixMs(m_clock.at);
    QJsonArray out;
    for (const Series& series : read()) {
        const std::string_view name = series.labels.metricName();
        const auto last
            = std::ranges::find_if(series.samples.rbegin(), series.samples.rend(),
                                   [now](const Sample& sample) { return sample.atMs <= now; });
        if (last == series.samples.rend() || last->atMs <= now - lookbackMs
            || (last->histogram == nullptr && isStaleMarker(last->value))
            || (isReport(name) && name != "up")) {
            continue;
        }
        out.append(QJsonObject{{u"labels"_s, toJson(series.labels)},
                               {u"value"_s, valueText(last->value)}});
    }
    return sortedByLabels(out);
}

QJsonArray sortedByLabels(const QJsonArray& list)
{
    std::vector<std::pair<std::string, QJsonValue>> keyed;
    for (const auto& one : list) {
        const QJsonObject object = one.toObject();
        keyed.emplace_back(
            toText(object.contains("labels"_L1) ? object["labels"_L1] : object["series"_L1]), one);
    }
    std::ranges::stable_sort(keyed, {}, &std::pair<std::string, QJsonValue>::first);
    QJsonArray out;
    for (const auto& [key, value] : keyed) {
        out.append(value);
    }
    return out;
}

} // namespace watchfire::ctl
