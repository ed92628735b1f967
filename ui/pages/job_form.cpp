// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/job_form.h"

#include "core/config/secrets.h"
#include "core/text/duration.h"
#include "ui/models/format.h"

#include <algorithm>
#include <utility>

#include <QCoreApplication>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

using config::GlobalConfig;
using config::ScrapeConfig;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::JobForm)
};

std::optional<std::uint64_t> readLimit(const JobForm& form, const LimitField& field)
{
    const QString text = form.limit(field.name);
    return field.isBytes ? readBytes(text, form.unit(field.name)) : readCount(text);
}

/// An empty field means what the global settings say.
std::chrono::milliseconds durationOr(const QString& text, std::chrono::milliseconds otherwise)
{
    return text.trimmed().isEmpty() ? otherwise : readDuration(text).value_or(otherwise);
}

void setTimes(const JobForm& form, const JobForm& before, const GlobalConfig& global,
              ScrapeConfig& job)
{
    if (form.interval != before.interval) {
        job.scrapeInterval = durationOr(form.interval, global.scrapeInterval);
    }
    if (form.timeout != before.timeout) {
        job.scrapeTimeout
            = durationOr(form.timeout, std::min(job.scrapeInterval, global.scrapeTimeout));
    }
}

void setLimits(const JobForm& form, const JobForm& before, const GlobalConfig& global,
               ScrapeConfig& job)
{
    for (const LimitField& field : limitFields()) {
        const QString text = form.limit(field.name);
        const bool isOtherUnit = field.isBytes && form.unit(field.name) != before.unit(field.name);
        if (text == before.limit(field.name) && !isOtherUnit) {
            continue;
        }
        if (text.trimmed().isEmpty()) {
            job.*field.job = field.global != nullptr ? global.*field.global : 0;
        } else {
            job.*field.job = readLimit(form, field).value_or(job.*field.job);
        }
    }
}

void checkTimes(const JobForm& form, const GlobalConfig& global, FieldFaults& faults)
{
    for (const auto& [field, text] :
         {std::pair(u"interval"_s, form.interval), std::pair(u"timeout"_s, form.timeout)}) {
        if (!text.trimmed().isEmpty()) {
            faults[field] = durationFault(text);
        }
    }
    if (!faults[u"interval"_s].isEmpty() || !faults[u"timeout"_s].isEmpty()) {
        return;
    }
    const auto interval = durationOr(form.interval, global.scrapeInterval);
    const auto timeout = durationOr(form.timeout, std::min(interval, global.scrapeTimeout));
    if (timeout > interval) {
        faults[u"timeout"_s] = Words::tr("The timeout cannot exceed the interval of %1.")
                                   .arg(fromUtf8(text::formatDuration(interval)));
    }
}

void checkLimits(const JobForm& form, FieldFaults& faults)
{
    for (const LimitField& field : limitFields()) {
        const QString text = form.limit(field.name);
        if (!text.trimmed().isEmpty() && !readLimit(form, field)) {
            faults[field.name] = readCount(text) ? Words::tr("That is more than can be counted.")
                                                 : countFault(text);
        }
    }
}

} // namespace

const std::vector<LimitField>& limitFields()
{
    static const std::vector<LimitField> fields{
        {u"bodySizeLimit"_s, Words::tr("Size of an answer"),
         Words::tr("Unpacked. A larger one is refused as a whole."), &ScrapeConfig::bodySizeLimit,
         &GlobalConfig::bodySizeLimit, true},
        {u"sampleLimit"_s, Words::tr("Samples of a scrape"),
         Words::tr("A scrape with more is refused as a whole."), &ScrapeConfig::sampleLimit,
         &GlobalConfig::sampleLimit},
        {u"targetLimit"_s, Words::tr("Targets"),
         Words::tr("With more of them none is scraped, and each says so."),
         &ScrapeConfig::targetLimit, &GlobalConfig::targetLimit},
        {u"labelLimit"_s, Words::tr("Labels of a series"),
         Words::tr("A scrape with a series of more is refused."), &ScrapeConfig::labelLimit,
         &GlobalConfig::labelLimit},
        {u"labelNameLengthLimit"_s, Words::tr("Bytes of a label name"),
         Words::tr("A scrape with a longer one is refused."), &ScrapeConfig::labelNameLengthLimit,
         &GlobalConfig::labelNameLengthLimit},
        {u"labelValueLengthLimit"_s, Words::tr("Bytes of a label value"),
         Words::tr("A scrape with a longer one is refused."), &ScrapeConfig::labelValueLengthLimit,
         &GlobalConfig::labelValueLengthLimit},
        {u"bucketLimit"_s, Words::tr("Buckets of a native histogram"),
         Words::tr("One with more is merged until it fits, or its scrape is refused."),
         &ScrapeConfig::nativeHistogramBucketLimit},
        {u"keepDroppedTargets"_s, Words::tr("Dropped targets shown"),
         Words::tr("How many targets that rules dropped are remembered, for looking at."),
         &ScrapeConfig::keepDroppedTargets, &GlobalConfig::keepDroppedTargets},
        {u"bodyCeiling"_s, Words::tr("Ceiling of an answer"),
         Words::tr("Holds where no size is set above."), &ScrapeConfig::bodyCeiling, nullptr, true,
         true},
        {u"sampleCeiling"_s, Words::tr("Ceiling of samples"),
         Words::tr("Holds where no samples are set above."), &ScrapeConfig::sampleCeiling, nullptr,
         false, true},
        {u"seriesBudget"_s, Words::tr("Series budget"),
         Words::tr("New series beyond it are not stored; those there are go on."),
         &ScrapeConfig::seriesBudget},
    };
    return fields;
}

JobForm JobForm::of(const ScrapeConfig& job)
{
    JobForm form;
    form.name = fromUtf8(job.jobName);
    form.sources = sourcesOf(job);
    form.interval = fromUtf8(text::formatDuration(job.scrapeInterval));
    form.timeout = fromUtf8(text::formatDuration(job.scrapeTimeout));
    form.path = fromUtf8(job.metricsPath);
    form.scheme = fromUtf8(job.scheme);
    form.parameters = queryText(job.params);
    form.fallback = fromUtf8(job.fallbackScrapeProtocol);
    form.compression = job.enableCompression;
    form.nativeHistograms = job.scrapeNativeHistograms;
    form.extraMetrics = job.extraScrapeMetrics;
    form.classicHistograms = job.alwaysScrapeClassicHistograms;
    form.customBuckets = job.convertClassicHistogramsToNhcb;
    form.client = ClientForm::of(job.client);
    form.honorLabels = job.honorLabels;
    form.honorTimestamps = job.honorTimestamps;
    form.trackStaleness = job.trackTimestampsStaleness;
    form.relabel = relabelRows(job.relabel);
    form.metricRelabel = relabelRows(job.metricRelabel);
    for (const LimitField& field : limitFields()) {
        const std::uint64_t limit = job.*field.job;
        if (limit != 0 && field.isBytes) {
            const ByteText bytes = byteText(limit);
            form.limits[field.name] = bytes.number;
            form.units[field.name] = bytes.unit;
        } else if (limit != 0) {
            form.limits[field.name] = QString::number(limit);
        }
    }
    return form;
}

QString JobForm::limit(const QString& field) const
{
    const auto found = limits.find(field);
    return found == limits.end() ? QString() : found->second;
}

QString JobForm::unit(const QString& field) const
{
    const auto found = units.find(field);
    return found == units.end() ? u"MB"_s : found->second;
}

bool JobFaults::none() const
{
    const auto isFine = [](const auto& faults) { return faults.empty(); };
    return fields.empty() && std::ranges::all_of(sources, isFine)
        && std::ranges::all_of(relabel, isFine) && std::ranges::all_of(metricRelabel, isFine);
}

QString JobFaults::field(const QString& name) const
{
    const auto found = fields.find(name);
    return found == fields.end() ? QString() : found->second;
}

JobFaults check(const JobForm& form, const ScrapeConfig& base, const GlobalConfig& global,
                const QStringList& taken)
{
    JobFaults faults;
    FieldFaults& fields = faults.fields;
    const QString name = form.name.trimmed();
    if (name.isEmpty()) {
        fields[u"name"_s]
            = Words::tr("A job needs a name; its series carry it as the label “job”.");
    } else if (taken.contains(name)) {
        fields[u"name"_s] = Words::tr("There is a job of that name already.");
    }
    checkTimes(form, global, fields);
    if (!form.path.trimmed().startsWith(u'/')) {
        fields[u"path"_s] = Words::tr("The path starts with “/”.");
    }
    fields[u"parameters"_s] = queryFault(form.parameters);
    fields.merge(checkClient(form.client, base.client));
    checkLimits(form, fields);
    std::erase_if(fields, [](const auto& fault) { return fault.second.isEmpty(); });
    for (const SourceForm& source : form.sources) {
        faults.sources.push_back(checkSource(source, base, !form.relabel.empty()));
    }
    for (const RelabelForm& row : form.relabel) {
        faults.relabel.push_back(checkRow(row));
    }
    for (const RelabelForm& row : form.metricRelabel) {
        faults.metricRelabel.push_back(checkRow(row));
    }
    return faults;
}

ScrapeConfig toJob(const JobForm& form, const ScrapeConfig& base, const GlobalConfig& global)
{
    const JobForm before = JobForm::of(base);
    ScrapeConfig job = base;
    const auto set = [](std::string& out, const QString& text, const QString& was) {
        if (text != was) {
            out = text.trimmed().toStdString();
        }
    };
    set(job.jobName, form.name, before.name);
    setTimes(form, before, global, job);
    set(job.metricsPath, form.path, before.path);
    set(job.scheme, form.scheme, before.scheme);
    if (form.parameters != before.parameters) {
        job.params = readQuery(form.parameters);
    }
    set(job.fallbackScrapeProtocol, form.fallback, before.fallback);
    job.enableCompression = form.compression;
    job.scrapeNativeHistograms = form.nativeHistograms;
    job.extraScrapeMetrics = form.extraMetrics;
    job.alwaysScrapeClassicHistograms = form.classicHistograms;
    job.convertClassicHistogramsToNhcb = form.customBuckets;
    job.client = toClient(form.client, base.client);
    job.honorLabels = form.honorLabels;
    job.honorTimestamps = form.honorTimestamps;
    job.trackTimestampsStaleness = form.trackStaleness;
    job.relabel = toRules(form.relabel, base.relabel);
    job.metricRelabel = toRules(form.metricRelabel, base.metricRelabel);
    setLimits(form, before, global, job);
    putSources(form.sources, base, job);
    // What is typed here goes to the desktop's secret store.
    job.keptSecrets = config::keptAfterEdit(base, job);
    return job;
}

QString freeName(const QString& name, const QStringList& taken)
{
    static const QRegularExpression number(u"-\\d+$"_s);
    QString stem = name;
    stem.remove(number);
    for (int i = 2;; ++i) {
        const QString candidate = u"%1-%2"_s.arg(stem).arg(i);
        if (!taken.contains(candidate)) {
            return candidate;
        }
    }
}

} // namespace watchfire::ui
