// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/histogram_rates.h"

#include "tests/interop/query_parts.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace watchfire::tests {

namespace {

using promql::Node;

constexpr double msToSeconds = 1e-3;

/// The window of a range vector at one step.
struct RangeWindow {
    double length = 0; // s
    double end = 0; // s since the epoch
};

RangeWindow windowOf(const Node& rangeVector, double at, const QUrlQuery& words)
{
    const auto* const subquery = std::get_if<promql::Subquery>(&rangeVector.kind);
    const promql::Modifiers& modifiers
        = subquery != nullptr ? subquery->modifiers : selectorOf(rangeVector)->modifiers;
    const auto length = subquery != nullptr
        ? subquery->range
        : std::get<promql::MatrixSelector>(rangeVector.kind).range;
    switch (modifiers.at) {
    case promql::Modifiers::At::none:
        break;
    case promql::Modifiers::At::timestamp:
        at = double(modifiers.atMs) * msToSeconds;
        break;
    case promql::Modifiers::At::start:
        at = words.queryItemValue(u"start"_s).toDouble();
        break;
    case promql::Modifiers::At::end:
        at = words.queryItemValue(u"end"_s).toDouble();
        break;
    }
    return {double(length.count()) * msToSeconds,
            at - double(modifiers.offset.count()) * msToSeconds};
}

double countOf(const QJsonValue& histogram)
{
    return numberOf(histogram[u"count"_s]).value_or(std::nan(""));
}

/// What is left of their increase, above one sampled interval, when it stops at zero.
/// Source: promql/functions.go, extrapolatedRate.
double shareLeft(const QJsonArray& samples, const RangeWindow& window, double theirCount,
                 double perSecondsOf)
{
    const double first = samples.first()[0].toDouble();
    const double last = samples.last()[0].toDouble();
    const double sampled = last - first;
    const double between = sampled / double(samples.size() - 1);
    const auto reach = [&](double gap) { return gap >= 1.1 * between ? between / 2 : gap; };
    const double toStart = reach(first - (window.end - window.length));
    const double toEnd = reach(window.end - last);
    const double increase = theirCount * perSecondsOf * sampled / (sampled + toStart + toEnd);
    const double toZero = sampled * countOf(samples.first()[1]) / increase;
    return (sampled + std::min(toStart, toZero) + toEnd) / (sampled + toStart + toEnd);
}

/// Both histograms have the same buckets, ours `share` of what theirs have.
bool isShare(const QJsonObject& theirs, const QJsonObject& ours, double share)
{
    const auto scaled = [share](const QJsonValue& value) {
        return QString::number(numberOf(value).value_or(0) * share, 'g', 17);
    };
    QJsonObject wanted = theirs;
    wanted[u"count"_s] = scaled(theirs.value(u"count"_s));
    wanted[u"sum"_s] = scaled(theirs.value(u"sum"_s));
    QJsonArray buckets;
    for (const QJsonValue& value : theirs.value(u"buckets"_s).toArray()) {
        QJsonArray bucket = value.toArray();
        bucket[3] = scaled(bucket[3]);
        buckets.append(bucket);
    }
    if (!buckets.isEmpty()) {
        wanted[u"buckets"_s] = buckets;
    }
    return isAlike(QJsonValue(wanted), QJsonValue(ours));
}

class Rates {
public:
    Rates(const Disagreement& about, double at)
        : m_about(about)
        , m_at(at)
    {
    }

    /// The call differs at that moment, and wherever it does, by what was left out.
    bool explain(const Node& call) const
    {
        const Samples theirs = samplesOf(ask(m_about.askThem, call));
        const Samples ours = samplesOf(ask(m_about.askUs, call));
        bool anyDiffers = false;
        for (const auto& [place, value] : theirs) {
            const auto other = ours.find(place);
            if (other == ours.end()) {
                return false;
            }
            if (isAlike(value, other->second)) {
                continue;
            }
            if (!value.isObject() || !isExplained(call, place.first, value, other->second)) {
                return false;
            }
            anyDiffers = true;
        }
        return anyDiffers && theirs.size() == ours.size();
    }

private:
    QString textOf(const Node& node) const
    {
        QString text = QString::fromStdString(
            m_about.text.substr(node.span.begin, node.span.end - node.span.begin));
        for (const QString& end : {u"start"_s, u"end"_s}) {
            text.replace(u"@ %1()"_s.arg(end), u"@ "_s + m_about.words.queryItemValue(end));
        }
        return text;
    }

    /// At that moment.
    template <class Ask> QJsonObject ask(const Ask& asked, const Node& node) const
    {
        return asked(
            u"/api/v1/query"_s,
            QUrlQuery{{u"query"_s, QString::fromLatin1(QUrl::toPercentEncoding(textOf(node)))},
                      {u"time"_s, QString::number(m_at, 'f', 3)}});
    }

    bool isExplained(const Node& call, const QString& labels, const QJsonValue& theirs,
                     const QJsonValue& ours) const
    {
        const Node& argument = promql::unwrap(*std::get<promql::Call>(call.kind).arguments.front());
        QJsonArray samples;
        const QJsonArray found
            = ask(m_about.askUs, argument).value(u"data"_s)[u"result"_s].toArray();
        for (const QJsonValue& series : found) {
            QJsonObject metric = series[u"metric"_s].toObject();
            metric.remove(u"__name__"_s);
            const QJsonObject one{
                {u"data"_s,
                 QJsonObject{{u"result"_s,
                              QJsonArray{QJsonObject{{u"metric"_s, metric},
                                                     {u"value"_s, QJsonArray{0, u"0"_s}}}}}}}};
            if (samplesOf(one).begin()->first.first == labels) {
                samples = series[u"histograms"_s].toArray();
            }
        }
        if (samples.size() < 2) {
            return false;
        }
        const RangeWindow window = windowOf(argument, m_at, m_about.words);
        const double per = calledBy(call) == "rate" ? window.length : 1;
        return isShare(theirs.toObject(), ours.toObject(),
                       shareLeft(samples, window, countOf(theirs), per));
    }

    const Disagreement& m_about;
    double m_at;
};

} // namespace

bool isRateBeyondZero(const Disagreement& about)
{
    if (about.difference.kind != Difference::Kind::samples) {
        return false;
    }
    const std::vector<double> moments
        = differingMoments(samplesOf(about.theirs), samplesOf(about.ours));
    const auto isExplained = [&](double at) {
        const Rates rates(about, at);
        return anyPart(about.query, [&](const Node& node) {
            const std::string_view name = calledBy(node);
            return (name == "rate" || name == "increase") && anyPart(node, selectsHistograms)
                && rates.explain(node);
        });
    };
    // Each costs several questions.
    return !moments.empty() && isExplained(moments.front())
        && isExplained(moments[moments.size() / 2]) && isExplained(moments.back());
}

} // namespace watchfire::tests
