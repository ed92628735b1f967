// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// Generated queries over the same series, here and in a real Prometheus. WATCHFIRE_QUERIES says how
// many, WATCHFIRE_SEED which.
#include "core/encoding/compress.h"
#include "core/model/sample.h"
#include "core/promql/syntax/parser.h"
#include "core/remote/write.h"
#include "tests/interop/post.h"
#include "tests/interop/query_generator.h"
#include "tests/interop/query_parts.h"
#include "tests/interop/statistics_difference.h"
#include "tests/support/program/child.h"
#include "tests/support/program/loopback.h"
#include "tests/support/qt_test.h"

#include <algorithm>
#include <cmath>
#include <csignal>
#include <map>
#include <memory>
#include <optional>

#include <QCoreApplication>
#include <QDateTime>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTemporaryDir>

using namespace watchfire;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr std::int64_t stepMs = 15'000;
constexpr std::int64_t rows = 480;
constexpr double alike = 1e-9; // relative

// ---- the series ------------------------------------------------------------------------

/// A number that follows from others, below `below`.
std::int64_t noise(std::int64_t a, std::int64_t b, std::int64_t below)
{
    auto x = static_cast<std::uint64_t>(a * 1'000'003 + b * 7'919 + 12'345);
    x = (x ^ (x >> 30)) * 0xBF58'476D'1CE4'E5B9;
    x = (x ^ (x >> 27)) * 0x94D0'49BB'1331'11EB;
    return static_cast<std::int64_t>((x ^ (x >> 31)) % static_cast<std::uint64_t>(below));
}

class Series {
public:
    explicit Series(std::int64_t startMs)
        : m_startMs(startMs)
    {
        counters();
        gauges();
        classicHistograms();
        nativeHistograms();
    }
    /// What was sampled in these rows.
    WriteRequest between(std::int64_t fromMs, std::int64_t toMs) const
    {
        WriteRequest request;
        for (const WriteSeries& all : m_all) {
            WriteSeries part{all.labels, {}, {}, {}};
            for (const Sample& sample : all.samples) {
                if (sample.atMs >= fromMs && sample.atMs < toMs) {
                    part.samples.push_back(sample);
                }
            }
            for (const auto& [at, histogram] : all.histograms) {
                if (at >= fromMs && at < toMs) {
                    part.histograms.emplace_back(at, histogram);
                }
            }
            if (!part.samples.empty() || !part.histograms.empty()) {
                request.series.push_back(std::move(part));
            }
        }
        return request;
    }

private:
    static constexpr const char* instances[] = {"a", "b", "c"};
    static constexpr std::int64_t shiftsMs[] = {0, 3'127, 7'000};

    std::int64_t timeOf(std::int64_t row, std::size_t instance) const
    {
        return m_startMs + row * stepMs + shiftsMs[instance];
    }
    /// The third instance is away now and then.
    static bool isAway(std::int64_t row, std::size_t instance)
    {
        return instance == 2 && row % 90 >= 60 && row % 90 < 85;
    }
    template <class ValueOf>
    void add(Labels labels, std::size_t instance, ValueOf valueOf, std::int64_t from = 0,
             std::int64_t every = 1)
    {
        WriteSeries series{std::move(labels), {}, {}, {}};
        bool wasThere = false;
        for (std::int64_t row = from; row < rows; row += every) {
            const bool isThere = !isAway(row, instance);
            if (isThere || wasThere) {
                series.samples.push_back(
                    {timeOf(row, instance), isThere ? valueOf(row) : staleMarker()});
            }
            wasThere = isThere;
        }
        m_all.push_back(std::move(series));
    }
    void counters();
    void gauges();
    void classicHistograms();
    void nativeHistograms();

    std::int64_t m_startMs;
    std::vector<WriteSeries> m_all;
};

void Series::counters()
{
    for (std::size_t i = 0; i < 3; ++i) {
        const auto salt = static_cast<std::int64_t>(i);
        for (const int code : {200, 404, 500}) {
            double value = 0;
            add({{"__name__", "requests_total"},
                 {"job", "web"},
                 {"instance", instances[i]},
                 {"code", std::to_string(code)}},
                i, [&, code](std::int64_t row) {
                    value = noise(row, code + salt, 130) == 0
                        ? 0
                        : value + static_cast<double>(noise(row, code * 3 + salt, 2'000 / code));
                    return value;
                });
        }
        add(
            {{"__name__", "errors_total"}, {"job", "web"}, {"instance", instances[i]}}, i,
            [](std::int64_t row) { return static_cast<double>(row / 7); }, 200 + 40 * salt);
    }
}

void Series::gauges()
{
    for (std::size_t i = 0; i < 3; ++i) {
        const auto salt = static_cast<std::int64_t>(i);
        for (const char* queue : {"mail", "print"}) {
            add({{"__name__", "queue_length"},
                 {"job", "desk"},
                 {"instance", instances[i]},
                 {"queue", queue}},
                i, [&](std::int64_t row) {
                    return static_cast<double>(noise(row / 3, salt + queue[0], 40) - 10);
                });
        }
        add({{"__name__", "temperature"}, {"job", "room"}, {"instance", instances[i]}}, i,
            [&](std::int64_t row) {
                return std::round(std::sin(double(row + 100 * salt) / 40) * 1'000) / 100 + 20;
            });
        add({{"__name__", "info"},
             {"job", "web"},
             {"instance", instances[i]},
             {"version", "1." + std::to_string(i)}},
            i, [](std::int64_t) { return 1.0; });
        add(
            {{"__name__", "sparse"}, {"job", "desk"}, {"instance", instances[i]}}, i,
            [](std::int64_t row) { return double(row) * 1.1; }, salt, 11 + 6 * salt);
    }
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const auto strange = [&](const char* kind, auto valueOf) {
        add({{"__name__", "strange"}, {"kind", kind}}, 0, valueOf);
    };
    strange("nan", [](std::int64_t) { return std::numeric_limits<double>::quiet_NaN(); });
    strange("high", [](std::int64_t) { return infinity; });
    strange("low", [](std::int64_t) { return -infinity; });
    strange("turns", [](std::int64_t row) {
        return row % 5 == 0 ? std::numeric_limits<double>::quiet_NaN()
            : row % 17 == 3 ? infinity
                            : double(row) - 200;
    });
    strange("huge", [](std::int64_t row) { return row % 2 == 0 ? 1.7e308 : -1.7e308; });
    // No denormals: Go's logarithms are wrong for these.
    strange("tiny", [](std::int64_t row) { return double(row % 7) * 1e-300; });
    strange("zero", [](std::int64_t row) { return row % 3 == 0 ? -0.0 : 0.0; });
}

void Series::classicHistograms()
{
    for (std::size_t i = 0; i < 3; ++i) {
        const auto salt = static_cast<std::int64_t>(i);
        for (const char* path : {"/", "/a"}) {
            double below = 0;
            for (const char* le : {"0.1", "0.5", "1", "2.5", "+Inf"}) {
                below += 1;
                add({{"__name__", "latency_bucket"},
                     {"job", "web"},
                     {"instance", instances[i]},
                     {"path", path},
                     {"le", le}},
                    i, [&, below](std::int64_t row) {
                        const std::int64_t since = row % (150 + 20 * salt);
                        return std::floor(double(since * since) * below / 9)
                            + double(since) * below;
                    });
            }
        }
    }
}

void Series::nativeHistograms()
{
    const auto add = [&](const char* name, std::size_t i, auto histogramAt, auto isFloat) {
        WriteSeries series{
            {{"__name__", name}, {"job", "web"}, {"instance", instances[i]}}, {}, {}, {}};
        for (std::int64_t row = 0; row < rows; ++row) {
            if (isAway(row, i)) {
                continue;
            }
            if (isFloat(row)) {
                series.samples.push_back({timeOf(row, i), double(row % 50)});
            } else {
                Histogram made = histogramAt(row);
                made.count = made.zeroCount;
                for (const double count : made.positiveBuckets) {
                    made.count += count;
                }
                for (const double count : made.negativeBuckets) {
                    made.count += count;
                }
                series.histograms.emplace_back(timeOf(row, i), std::move(made));
            }
        }
        m_all.push_back(std::move(series));
    };
    const auto never = [](std::int64_t) { return false; };
    for (std::size_t i = 0; i < 3; ++i) {
        const auto salt = static_cast<std::int64_t>(i);
        const auto exponential = [salt](std::int64_t row) {
            const std::int64_t since = row % (110 + 30 * salt);
            const auto n = static_cast<double>(since);
            Histogram made;
            made.schema = row >= 300 && salt == 1 ? 1 : 3;
            made.zeroThreshold = row >= 200 && salt == 2 ? 0.01 : 0.001;
            made.zeroCount = std::floor(n / 5);
            made.positiveSpans = {{-2, 3}, {since > 30 ? 2 : 4, 2}};
            // Far from zero: version 3.5 extrapolates histograms beyond that, later ones do not.
            made.positiveBuckets = {n, 2 * n + double(salt), std::floor(n * n / 7) + 5'000, n + 1,
                                    std::floor(n / 2)};
            made.negativeSpans = {{1, 1}};
            made.negativeBuckets = {std::floor(n / 3)};
            made.sum = n * 1.75 + double(salt);
            return made;
        };
        add("latency", i, exponential, never);
        add("mixed", i, exponential, [](std::int64_t row) { return row / 30 % 2 == 1; });
        add(
            "sizes", i,
            [salt](std::int64_t row) {
                const auto n = static_cast<double>(row % (130 + 10 * salt));
                Histogram made;
                made.schema = Histogram::customSchema;
                // Other bounds later on would be reconciled here and dropped by version 3.5.
                made.customValues = {1, 5, 10, 100};
                made.positiveSpans
                    = {{0, static_cast<std::uint32_t>(made.customValues.size() + 1)}};
                made.positiveBuckets.assign(made.customValues.size() + 1, n);
                made.positiveBuckets[1] = std::floor(n * n / 11) + 5'000;
                made.sum = n * 30;
                return made;
            },
            never);
    }
}

// ---- asking and comparing --------------------------------------------------------------

bool isAlike(double a, double b)
{
    return a == b || (std::isnan(a) && std::isnan(b))
        || std::abs(a - b) <= alike * std::max(std::abs(a), std::abs(b));
}

/// Of a number, or a number as text.
std::optional<double> numberOf(const QJsonValue& value)
{
    if (value.isDouble()) {
        return value.toDouble();
    }
    const QString text = value.toString();
    if (text == u"+Inf"_s || text == u"-Inf"_s) {
        return text == u"+Inf"_s ? HUGE_VAL : -HUGE_VAL;
    }
    bool isNumber = text == u"NaN"_s;
    const double number = isNumber ? std::nan("") : text.toDouble(&isNumber);
    return isNumber ? std::optional(number) : std::nullopt;
}

/// Numbers, which are strings in answers, need only be alike.
bool isAlike(const QJsonValue& a, const QJsonValue& b)
{
    if (a.isArray() && b.isArray()) {
        return std::ranges::equal(
            a.toArray(), b.toArray(),
            [](const QJsonValue& left, const QJsonValue& right) { return isAlike(left, right); });
    }
    if (a.isObject() && b.isObject()) {
        const QJsonObject left = a.toObject();
        const QJsonObject right = b.toObject();
        return left.keys() == right.keys()
            && std::ranges::all_of(
                   left.keys(), [&](const QString& key) { return isAlike(left[key], right[key]); });
    }
    if (a == b) {
        return true;
    }
    const auto left = numberOf(a);
    const auto right = numberOf(b);
    return left && right && isAlike(*left, *right);
}

QString compact(const QJsonValue& value)
{
    return QString::fromUtf8(QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact));
}

/// Annotations without the places in the text that they are about.
QStringList notes(const QJsonObject& answer, const QString& kind)
{
    static const QRegularExpression place(u" \\(\\d+:\\d+\\)$"_s);
    QStringList all;
    for (const QJsonValue& note : answer.value(kind).toArray()) {
        const QString text
            = note.toString().remove(place).remove(u" for metric name \"\""_s); // versions differ
        // Version 3.5 does not say these yet.
        if (!text.contains(u"sort is ineffective for range queries"_s)
            && !text.contains(u"conflicting counter resets during histogram"_s)) {
            all << text;
        }
    }
    all.removeDuplicates();
    all.sort();
    return all;
}

/// What the series of a result have at each moment, sorted.
QJsonValue valuesByTime(const QJsonValue& data)
{
    std::map<double, std::vector<double>> all;
    for (const QJsonValue& series : data[u"result"_s].toArray()) {
        QJsonArray samples = series[u"values"_s].toArray();
        if (const QJsonValue one = series[u"value"_s]; one.isArray()) {
            samples.append(one);
        }
        for (const QJsonValue& sample : std::as_const(samples)) {
            all[sample[0].toDouble()].push_back(numberOf(sample[1]).value_or(0));
        }
    }
    QJsonArray out;
    for (auto& [at, values] : all) {
        std::ranges::sort(
            values, [](double a, double b) { return a < b || (std::isnan(a) && !std::isnan(b)); });
        QJsonArray moment{at};
        for (const double value : values) {
            // JSON has no numbers for what is none.
            moment.append(std::isfinite(value) ? QJsonValue(value)
                                               : QJsonValue(QString::number(value)));
        }
        out.append(moment);
    }
    return out;
}

/// Where two answers differ, in words; empty: nowhere that matters.
QString difference(const QJsonObject& theirs, const QJsonObject& ours, bool byValue)
{
    const auto stateOf = [](const QJsonObject& answer) {
        return answer.value(u"status"_s) == u"success"_s
            ? u"success"_s
            : u"error "_s + answer.value(u"errorType"_s).toString();
    };
    if (stateOf(theirs) != stateOf(ours)) {
        return u"theirs: %1 %2, ours: %3 %4"_s.arg(
            stateOf(theirs), theirs.value(u"error"_s).toString(), stateOf(ours),
            ours.value(u"error"_s).toString());
    }
    if (stateOf(theirs) != u"success"_s) {
        return {};
    }
    const QJsonValue theirData = theirs.value(u"data"_s);
    const QJsonValue ourData = ours.value(u"data"_s);
    if (theirData[u"resultType"_s] != ourData[u"resultType"_s]) {
        return u"another type"_s;
    }
    if (!theirData[u"result"_s].toArray().isEmpty() && !theirData[u"result"_s][0].isObject()) {
        return isAlike(theirData[u"result"_s], ourData[u"result"_s])
            ? QString()
            : u"theirs %1, ours %2"_s.arg(compact(theirData[u"result"_s]),
                                          compact(ourData[u"result"_s]));
    }
    if (byValue) {
        return isAlike(valuesByTime(theirData), valuesByTime(ourData)) ? QString()
                                                                       : u"other values"_s;
    }
    const auto byLabels = [](const QJsonValue& data) {
        std::map<QString, QJsonObject> all;
        for (const QJsonValue& series : data[u"result"_s].toArray()) {
            QJsonObject object = series.toObject();
            const QJsonValue metric = object.take(u"metric"_s);
            all.emplace(compact(metric), object);
        }
        return all;
    };
    const auto theirSeries = byLabels(theirData);
    const auto ourSeries = byLabels(ourData);
    for (auto at = theirSeries.begin(), other = ourSeries.begin();
         at != theirSeries.end() || other != ourSeries.end(); ++at, ++other) {
        if (other == ourSeries.end() || (at != theirSeries.end() && at->first < other->first)) {
            return u"only theirs: "_s + at->first + compact(at->second).left(300);
        }
        if (at == theirSeries.end() || other->first < at->first) {
            return u"only ours: "_s + other->first + compact(other->second).left(300);
        }
        if (isAlike(QJsonValue(at->second), QJsonValue(other->second))) {
            continue;
        }
        for (const QString& key : {u"values"_s, u"histograms"_s}) {
            const QJsonArray left = at->second.value(key).toArray();
            const QJsonArray right = other->second.value(key).toArray();
            for (qsizetype i = 0; i < std::max(left.size(), right.size()); ++i) {
                if (!isAlike(left.at(i), right.at(i))) {
                    return u"%1 %2: theirs %3 ours %4"_s.arg(at->first, key,
                                                             compact(left.at(i)).left(400),
                                                             compact(right.at(i)).left(400));
                }
            }
        }
        return u"%1: theirs %2 ours %3"_s.arg(at->first, compact(at->second).left(400),
                                              compact(other->second).left(400));
    }
    for (const QString& kind : {u"warnings"_s, u"infos"_s}) {
        if (notes(theirs, kind) != notes(ours, kind)) {
            return u"%1: theirs %2, ours %3"_s.arg(kind, notes(theirs, kind).join(u" | "_s),
                                                   notes(ours, kind).join(u" | "_s));
        }
    }
    return {};
}

/// Whether the operator stands anywhere over a part of which `wanted` holds.
template <class Wanted>
bool isUnder(const QString& query, promql::BinaryOp op, const Wanted& wanted)
{
    const auto ast = promql::parse(query.toStdString(), promql::Features::all());
    return ast && anyPart(*ast->root, [&](const promql::Node& node) {
               return isOperator(node, op) && anyPart(node, wanted);
           });
}

/// Where an answer of version 3.5, the packaged one, is no measure. `differs` says where.
bool isKnown(const QString& query, const QJsonObject& theirs, const QString& differs)
{
    const bool inNotes = differs.startsWith(u"warnings"_s) || differs.startsWith(u"infos"_s);
    static const QRegularExpression histograms(u"latency\\b|sizes|mixed"_s);
    // NaN among the samples: passed over then, the result since.
    if (query.contains(u"mad_over_time"_s) && query.contains(u"strange"_s)) {
        return true;
    }
    // Series that become equal, but at different steps: an error then, one series since.
    if (query.contains(u"label_"_s)
        && theirs.value(u"error"_s).toString().contains(u"with the same labelset"_s)) {
        return true;
    }
    // The last digits of powers are the first of a remainder.
    if (!inNotes && isUnder(query, promql::BinaryOp::mod, [](const promql::Node& node) {
            return isOperator(node, promql::BinaryOp::pow);
        })) {
        return true;
    }
    static const QRegularExpression angle(u"(sin|cos|tan)\\(.*\\^"_s); // so of an angle's turns
    if (!inNotes && query.contains(angle)) {
        return true;
    }
    // So of spreads of large numbers in another order of the series.
    static const QRegularExpression moments(u"ts_of|timestamp\\("_s);
    if (!inNotes && query.contains(u"std"_s) && query.contains(moments)) {
        return true;
    }
    // Pairs that a comparison drops are not counted there, but are since.
    static const QRegularExpression dropped(
        u"theirs: success.*ours: error execution multiple matches for labels"_s);
    if (differs.contains(dropped) && query.contains(QRegularExpression(u"[<>]|[!=]="_s))) {
        return true;
    }
    // timestamp() of a selector that has both loses the offset, but not what was read for it.
    static const QRegularExpression ofBoth(
        u"timestamp\\([^()]*(@[^()]*(\\(\\))? offset| offset [^()]*@)"_s);
    if (!inNotes && query.contains(ofBoth)) {
        return true;
    }
    // The last two histograms of a subquery are one there.
    static const QRegularExpression ofSubquery(u"(irate|idelta)\\(\\("_s);
    if (query.contains(ofSubquery) && query.contains(histograms)) {
        return true;
    }
    // The index puts matchers in another order, by which the labels of an absence are then made.
    static const QRegularExpression twice(
        u"absent\\w*\\([^()]*\\b(\\w+)(!=|!~|=~)\"[^\"]*\",\\1=\""_s);
    if (query.contains(twice)) {
        return true;
    }
    // Of atan2 with histograms it remarks on half.
    if (inNotes && isUnder(query, promql::BinaryOp::atan2, selectsHistograms)) {
        return true;
    }
    // Sums of histograms have empty buckets there that nobody sees but a comparison.
    static const QRegularExpression comparison(u"(latency|sizes|mixed).*(==|!=)"_s);
    return query.contains(comparison) && query.contains(u"sum"_s);
}

/// Whether both answer, and tell of the same numbers of samples.
bool isCountedAlike(const QString& query, const QUrlQuery& words, const QJsonObject& theirs,
                    const QJsonObject& ours)
{
    if (theirs.value(u"status"_s) != u"success"_s || ours.value(u"status"_s) != u"success"_s) {
        return true; // which is another difference
    }
    const auto ast = promql::parse(query.toStdString(), promql::Features::all());
    const QString differs
        = ast ? statisticsDifference(*ast->root, words, theirs, ours) : u"does not parse"_s;
    if (!differs.isEmpty()) {
        qWarning("%s\n    %s\n    %s", qPrintable(query), qPrintable(words.toString()),
                 qPrintable(differs));
    }
    return differs.isEmpty();
}

qint64 fromEnvironment(const char* name, qint64 otherwise)
{
    bool isNumber = false;
    const qint64 number = qEnvironmentVariable(name).toLongLong(&isNumber);
    return isNumber ? number : otherwise;
}

} // namespace

class TestPrometheusGenerated : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<Child> m_prometheus;
    Child m_watchfire;
    QString m_theirs;
    QString m_ours;
    std::int64_t m_startMs = 0;

    /// Over the data it has; m_theirs stays empty when it does not get ready.
    void startPrometheus()
    {
        m_theirs.clear();
        m_prometheus = std::make_unique<Child>();
        if (!m_prometheus->start(
                peerProgram(u"prometheus"_s),
                {u"--config.file="_s + m_dir.filePath(u"prometheus.yml"_s),
                 u"--storage.tsdb.path="_s + m_dir.filePath(u"theirs"_s),
                 u"--web.listen-address=127.0.0.1:0"_s, u"--web.enable-remote-write-receiver"_s,
                 u"--enable-feature=native-histograms,promql-experimental-functions,promql-per-step-stats"_s})) {
            return;
        }
        const QString address
            = m_prometheus->waitFor(u"[Ll]istening on\"?.*address=(127\\.0\\.0\\.1:[1-9]\\d*)"_s);
        const QString url = u"http://"_s + address;
        if (QTest::qWaitFor([&] { return get(url, u"/-/ready"_s).status == 200; }, 30'000)) {
            m_theirs = url;
        } else {
            qWarning("%s", m_prometheus->output().constData());
        }
    }

private slots:
    void initTestCase()
    {
        if (peerProgram(u"prometheus"_s).isEmpty()) {
            QSKIP(qPrintable(withoutPeer(u"Prometheus"_s)));
        }
        const QString config = m_dir.filePath(u"prometheus.yml"_s);
        QFile file(config);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("global: {evaluation_interval: 15s}\n");
        file.close();
        QVERIFY(m_watchfire.start(
            QCoreApplication::applicationDirPath() + u"/watchfire"_s,
            {u"--headless"_s, u"--no-first-run"_s, u"--profile"_s, m_dir.filePath(u"ours"_s),
             u"--config"_s, config, u"--listen"_s, u"127.0.0.1:0"_s, u"--enable"_s,
             u"remote-write-receiver,promql-experimental-functions,promql-per-step-stats"_s}));
        m_ours = m_watchfire.waitFor(u"listening on (\\S+)"_s);
        QVERIFY2(!m_ours.isEmpty(), m_watchfire.output().constData());
        startPrometheus();
        QVERIFY(!m_theirs.isEmpty());

        m_startMs = (QDateTime::currentMSecsSinceEpoch() - (rows + 40) * stepMs) / stepMs * stepMs;
        const Series series(m_startMs);
        // In the order of time, and no series with floats and histograms in one message: Prometheus
        // takes the floats first.
        constexpr std::int64_t rowsAtOnce = 10;
        for (std::int64_t row = 0; row < rows; row += rowsAtOnce) {
            const std::int64_t fromMs = m_startMs + row * stepMs;
            const std::string body = encoding::snappyCompress(
                remote::encodeWrite(series.between(fromMs, fromMs + rowsAtOnce * stepMs)));
            for (const QString& url : {m_theirs, m_ours}) {
                const auto answer = post(url + u"/api/v1/write"_s, body);
                QVERIFY2(answer, answer ? "" : answer.error().message.c_str());
                QVERIFY2(answer->status / 100 == 2, answer->body.c_str());
            }
        }
    }

    void answersAreTheSame()
    {
        const qint64 queries = fromEnvironment("WATCHFIRE_QUERIES", 300);
        const auto seed = static_cast<std::uint64_t>(fromEnvironment("WATCHFIRE_SEED", 1));
        const std::int64_t fromS = m_startMs / 1'000;
        const std::int64_t toS = fromS + rows * stepMs / 1'000;
        QueryGenerator generator(seed, fromS, toS);
        qint64 differing = 0;
        qint64 failing = 0;
        qint64 empty = 0;
        qint64 miscounted = 0;
        for (qint64 i = 0; i < queries; ++i) {
            const QString query = QString::fromStdString(generator.query());
            const auto moment = [&](std::int64_t from) {
                return from
                    + static_cast<std::int64_t>(
                           generator.number(static_cast<std::uint64_t>(toS + 400 - from)));
            };
            QUrlQuery words{{u"query"_s, QString::fromLatin1(QUrl::toPercentEncoding(query))}};
            QString path = u"/api/v1/query"_s;
            if (generator.number(2) == 0) {
                words.addQueryItem(u"time"_s, QString::number(moment(fromS)));
            } else {
                path = u"/api/v1/query_range"_s;
                const std::int64_t start = moment(fromS);
                words.addQueryItem(u"start"_s, QString::number(start));
                words.addQueryItem(u"end"_s, QString::number(moment(start)));
                words.addQueryItem(
                    u"step"_s,
                    QString::number(std::array{15, 60, 7, 300, 37}[generator.number(5)]));
            }
            words.addQueryItem(u"stats"_s, u"all"_s);
            const QJsonObject theirs = getJson(m_theirs, path, words);
            const QJsonObject ours = getJson(m_ours, path, words);
            failing += theirs.value(u"status"_s) != u"success"_s ? 1 : 0;
            empty += theirs.value(u"data"_s)[u"result"_s].toArray().isEmpty() ? 1 : 0;
            const bool byValue = query.startsWith(u"topk"_s) || query.startsWith(u"bottomk"_s);
            miscounted += isCountedAlike(query, words, theirs, ours) ? 0 : 1;
            QString differs = difference(theirs, ours, byValue);
            if (differs.isEmpty() || isKnown(query, theirs, differs)) {
                continue;
            }
            // Version 3.5 uses the memory of histograms again, and at times too early: begun anew
            // it may answer otherwise.
            m_prometheus->signal(SIGTERM);
            m_prometheus->exitCode();
            startPrometheus();
            QVERIFY(!m_theirs.isEmpty());
            differs = difference(getJson(m_theirs, path, words), ours, byValue);
            if (differs.isEmpty()) {
                continue;
            }
            if (++differing <= 40) {
                qWarning("%s\n    %s?%s\n    %s", qPrintable(query), qPrintable(path),
                         qPrintable(words.toString()), qPrintable(differs));
            }
        }
        qInfo("%lld queries from seed %llu: %lld errors, %lld empty, %lld different, %lld counted "
              "otherwise",
              queries, static_cast<unsigned long long>(seed), failing, empty, differing,
              miscounted);
        QCOMPARE(differing, 0);
        QCOMPARE(miscounted, 0);
    }
};

QTEST_GUILESS_MAIN(TestPrometheusGenerated)
#include "tst_prometheus_generated.moc"
