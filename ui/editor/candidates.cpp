// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/candidates.h"

#include "core/promql/syntax/functions.h"
#include "ui/editor/documentation.h"
#include "ui/editor/known_names.h"

#include <algorithm>
#include <cctype>

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace watchfire::ui::editor {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::editor::Candidates)
};

using Wants = CompletionContext::Wants;

constexpr std::size_t mostShown = 200;

/// What Prometheus refuses without a flag is not offered.
const NameIndex& functionIndex()
{
    static const NameIndex index = [] {
        std::vector<std::string> names;
        for (const promql::Function& function : promql::allFunctions()) {
            if (!function.experimental) {
                names.emplace_back(function.name);
            }
        }
        return NameIndex(std::move(names));
    }();
    return index;
}

const NameIndex& aggregationIndex()
{
    static const NameIndex index = [] {
        std::vector<std::string> names;
        for (const promql::Aggregation& aggregation : promql::allAggregations()) {
            if (!aggregation.experimental) {
                names.emplace_back(aggregation.name);
            }
        }
        return NameIndex(std::move(names));
    }();
    return index;
}

struct Pool {
    CandidateKind kind;
    const NameIndex* index;
};

/// The best of several indexes. Words of the language come before what the store holds when
/// they begin with what was typed, else behind it.
CandidateList rankAll(const std::vector<Pool>& pools, const CompletionContext& context,
                      const KnownNames* names)
{
    struct Ranked {
        NameIndex::Hit hit;
        const Pool* pool;
        std::uint64_t key;
    };
    NameIndex::Wish wish;
    wish.typed = context.prefix;
    wish.preferFitting = context.counters;
    wish.most = mostShown;
    if (names != nullptr) {
        wish.recent = names->recent();
    }
    CandidateList list;
    list.typed = context.prefix;
    std::vector<Ranked> ranked;
    for (const Pool& pool : pools) {
        const auto found = pool.index->rank(wish);
        list.matching += found.matching;
        for (const NameIndex::Hit& hit : found.best) {
            const bool stored = pool.kind == CandidateKind::metric;
            const bool wanted = (hit.tier() == NameIndex::Tier::prefix) != stored;
            // Tier and recency decide first, then this, then the rest.
            const std::uint64_t high = hit.rank >> 54U << 54U;
            const std::uint64_t low = hit.rank & ((std::uint64_t(1) << 54U) - 1);
            ranked.push_back({hit, &pool, high | std::uint64_t(wanted ? 0 : 1) << 53U | low >> 1U});
        }
    }
    std::ranges::stable_sort(ranked, {}, &Ranked::key);
    for (const Ranked& each : ranked) {
        if (list.best.size() == mostShown) {
            break;
        }
        list.best.push_back({each.pool->kind, each.pool->index->names()[each.hit.name]});
    }
    return list;
}

NameIndex wordsOf(const std::vector<std::string_view>& words)
{
    return NameIndex({words.begin(), words.end()}, NameIndex::Order::asGiven);
}

NameIndex durationsFor(std::string_view typed)
{
    const std::string number(typed.substr(0, typed.find_first_not_of("0123456789")));
    std::vector<std::string> out;
    if (number.empty()) {
        out = {"5m", "1m", "15s", "30s", "10m", "15m", "30m", "1h", "6h", "12h", "1d", "7d"};
    } else {
        for (const char* const unit : {"m", "s", "h", "d", "w", "ms", "y"}) {
            out.push_back(number + unit);
        }
    }
    return NameIndex(std::move(out), NameIndex::Order::asGiven);
}

bool isPlainName(std::string_view name, bool colons)
{
    if (name.empty() || (name.front() >= '0' && name.front() <= '9')) {
        return false;
    }
    return std::ranges::all_of(name, [colons](char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
            || (c >= '0' && c <= '9') || (colons && c == ':');
    });
}

/// The value as it stands between those quotes.
std::string escaped(std::string_view value, char quote, bool regex)
{
    std::string pattern;
    for (const char c : value) {
        if (regex && std::string_view("\\.+*?()|[]{}^$").contains(c)) {
            pattern += '\\';
        }
        pattern += c;
    }
    if (quote == '`') {
        return pattern;
    }
    std::string out;
    for (const char c : pattern) {
        if (c == '\n') {
            out += "\\n";
            continue;
        }
        if (c == '\\' || c == quote) {
            out += '\\';
        }
        out += c;
    }
    return out;
}

} // namespace

QChar letterOf(CandidateKind kind)
{
    switch (kind) {
    case CandidateKind::metric:
        return u'M';
    case CandidateKind::function:
        return u'F';
    case CandidateKind::aggregation:
        return u'A';
    case CandidateKind::keyword:
        return u'K';
    case CandidateKind::label:
        return u'L';
    case CandidateKind::value:
        return u'V';
    case CandidateKind::duration:
        return u'D';
    }
    return {};
}

QString wordFor(CandidateKind kind)
{
    switch (kind) {
    case CandidateKind::metric:
        return Words::tr("metric");
    case CandidateKind::function:
        return Words::tr("function");
    case CandidateKind::aggregation:
        return Words::tr("aggregation");
    case CandidateKind::keyword:
        return Words::tr("keyword");
    case CandidateKind::label:
        return Words::tr("label");
    case CandidateKind::value:
        return Words::tr("value");
    case CandidateKind::duration:
        return Words::tr("duration");
    }
    return {};
}

CandidateList candidatesFor(const CompletionContext& context, KnownNames* names)
{
    switch (context.wants) {
    case Wants::nothing:
        break;
    case Wants::operand: {
        const NameIndex words = wordsOf(context.words);
        std::vector<Pool> pools{{CandidateKind::keyword, &words},
                                {CandidateKind::function, &functionIndex()},
                                {CandidateKind::aggregation, &aggregationIndex()}};
        std::shared_ptr<const NameIndex> metrics;
        if (names != nullptr) {
            metrics = names->metricIndex();
            pools.push_back({CandidateKind::metric, metrics.get()});
        }
        CandidateList list = rankAll(pools, context, names);
        list.waiting = list.best.empty() && names != nullptr && !names->hasMetrics();
        return list;
    }
    case Wants::word: {
        const NameIndex words = wordsOf(context.words);
        return rankAll({{CandidateKind::keyword, &words}}, context, names);
    }
    case Wants::duration: {
        const NameIndex durations = durationsFor(context.prefix);
        return rankAll({{CandidateKind::duration, &durations}}, context, nullptr);
    }
    case Wants::matcherLabel:
    case Wants::groupingLabel:
    case Wants::labelValue: {
        CandidateList waiting;
        waiting.typed = context.prefix;
        if (names == nullptr) {
            return waiting;
        }
        const bool values = context.wants == Wants::labelValue;
        const auto found = names->labels(values ? context.label : std::string(), context.selectors);
        if (!found) {
            waiting.waiting = true;
            return waiting;
        }
        return rankAll({{values ? CandidateKind::value : CandidateKind::label, found.get()}},
                       context, names);
    }
    }
    return {};
}

QString detailOf(const Candidate& candidate, const KnownNames* names)
{
    switch (candidate.kind) {
    case CandidateKind::metric: {
        const QString type = typeOf(candidate.name, names);
        return type.isEmpty() ? wordFor(candidate.kind) : type;
    }
    default:
        return wordFor(candidate.kind);
    }
}

QString aboutOf(const Candidate& candidate, const KnownNames* names)
{
    switch (candidate.kind) {
    case CandidateKind::metric:
        return helpOf(candidate.name, names);
    case CandidateKind::function:
    case CandidateKind::aggregation:
        return signatureOf(candidate.name) + u'\n' + summaryOf(candidate.name);
    case CandidateKind::keyword:
        return summaryOf(std::string_view(candidate.name).substr(0, candidate.name.find('(')));
    default:
        return {};
    }
}

Insertion insertionOf(const Candidate& candidate, const CompletionContext& context,
                      std::string_view whole)
{
    const std::string_view behind
        = whole.substr(std::min<std::size_t>(context.replace.end, whole.size()));
    const auto plain = [](std::string text) {
        const std::size_t cursor = text.size();
        return Insertion{std::move(text), cursor, 0, false};
    };
    switch (candidate.kind) {
    case CandidateKind::metric: {
        if (isPlainName(candidate.name, true)) {
            return plain(candidate.name);
        }
        return plain("{\"" + escaped(candidate.name, '"', false) + "\"}");
    }
    case CandidateKind::function:
    case CandidateKind::aggregation: {
        if (behind.starts_with('(')) {
            return {candidate.name + '(', candidate.name.size() + 1, 1, false};
        }
        const promql::Function* const function = promql::findFunction(candidate.name);
        const bool empty = function != nullptr && function->arguments.empty();
        return {candidate.name + "()", candidate.name.size() + (empty ? 2 : 1), 0, false};
    }
    case CandidateKind::keyword: {
        static constexpr std::array<std::string_view, 6> takesLabels{
            "by", "without", "on", "ignoring", "group_left", "group_right"};
        if (std::ranges::contains(takesLabels, candidate.name)) {
            if (behind.starts_with('(') || behind.starts_with(" (")) {
                return plain(candidate.name);
            }
            return {candidate.name + " ()", candidate.name.size() + 2, 0, true};
        }
        if (candidate.name.ends_with(')') || behind.starts_with(' ')) {
            return plain(candidate.name);
        }
        return plain(candidate.name + ' ');
    }
    case CandidateKind::label: {
        std::string name = isPlainName(candidate.name, false)
            ? candidate.name
            : '"' + escaped(candidate.name, '"', false) + '"';
        if (context.wants == Wants::groupingLabel || behind.starts_with('=')
            || behind.starts_with('!')) {
            return plain(std::move(name));
        }
        const std::size_t cursor = name.size() + 2;
        return {std::move(name) + "=\"\"", cursor, 0, true};
    }
    case CandidateKind::value: {
        if (context.quote == '\0') {
            return plain('"' + escaped(candidate.name, '"', context.regex) + '"');
        }
        std::string value = escaped(candidate.name, context.quote, context.regex);
        // Behind the closing quote goes the cursor, and the quote comes along where it lacks.
        if (behind.starts_with(context.quote)) {
            value += context.quote;
            const std::size_t cursor = value.size();
            return {std::move(value), cursor, 1, false};
        }
        if (!behind.contains(context.quote)) {
            value += context.quote;
        }
        return plain(std::move(value));
    }
    case CandidateKind::duration:
        return plain(candidate.name);
    }
    return {};
}

} // namespace watchfire::ui::editor
