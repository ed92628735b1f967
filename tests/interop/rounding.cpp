// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/rounding.h"

#include "tests/interop/query_parts.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <limits>
#include <vector>

using namespace Qt::StringLiterals;

namespace watchfire::tests {

namespace {

using promql::Node;

/// Relative: of a power to the hundredth, whose factors are rounded one after the other, and more.
constexpr double offPower = 2e-13;
/// Relative to the mean: of the sum of a few hundred numbers.
constexpr double offMean = 1e-14;

/// "stddev", "stdvar", "stddev_over_time" or "stdvar_over_time"; empty: no spread.
std::string_view spreadOf(const Node& node)
{
    if (const auto* const aggregate = std::get_if<promql::Aggregate>(&node.kind)) {
        const bool isSpread = aggregate->op == promql::AggregateOp::stddev
            || aggregate->op == promql::AggregateOp::stdvar;
        return isSpread ? promql::toText(aggregate->op) : std::string_view();
    }
    const std::string_view name = calledBy(node);
    return name == "stddev_over_time" || name == "stdvar_over_time" ? name : std::string_view();
}

bool isInexact(const Node& node)
{
    return isOperator(node, promql::BinaryOp::pow) || !spreadOf(node).empty();
}

class Rewriting {
public:
    Rewriting(std::string_view text, int draw)
        : m_text(text)
        , m_draw(draw)
    {
    }

    std::string of(const Node& node)
    {
        std::string own(m_text.substr(node.span.begin, node.span.end - node.span.begin));
        std::vector<const Node*> parts = promql::partsOf(node);
        std::ranges::sort(parts, std::greater(), [](const Node* part) { return part->span.begin; });
        for (const Node* const part : parts) {
            own.replace(part->span.begin - node.span.begin, part->span.end - part->span.begin,
                        of(*part));
        }
        if (isOperator(node, promql::BinaryOp::pow)) {
            return std::format("(({}) * (1 + {}))", own, off(offPower));
        }
        const std::string_view spread = spreadOf(node);
        if (spread.empty()) {
            return own;
        }
        constexpr std::size_t letters = std::string_view("stddev").size();
        const std::string mean = "abs(avg" + own.substr(letters) + ")";
        return spread.starts_with("stddev")
            ? std::format("({} + {} * {})", own, off(offMean), mean)
            : std::format("((sqrt({}) + {} * {}) ^ 2)", own, off(offMean), mean);
    }

private:
    /// A number between −most and most that changes with the time and from place to place.
    std::string off(double most)
    {
        ++m_places;
        return std::format("(scalar(sin(vector(time() * {} + {}))) * {})", 0.7 + 0.13 * m_draw,
                           1.9 * m_places + m_draw, most);
    }

    std::string_view m_text;
    int m_draw;
    int m_places = 0;
};

/// Which values the answers have in one place.
struct Reach {
    double least = std::numeric_limits<double>::infinity();
    double greatest = -std::numeric_limits<double>::infinity();
    bool isNowhere = false; ///< in some of them
    bool isNaN = false; ///< in some of them

    void add(const Samples& samples, const Samples::key_type& place)
    {
        const auto found = samples.find(place);
        const auto number = found == samples.end() ? std::nullopt : numberOf(found->second);
        isNowhere = isNowhere || found == samples.end();
        isNaN = isNaN || (number && std::isnan(*number));
        if (number && !std::isnan(*number)) {
            least = std::min(least, *number);
            greatest = std::max(greatest, *number);
        }
    }
    bool holds(const Samples& samples, const Samples::key_type& place) const
    {
        const auto found = samples.find(place);
        if (found == samples.end()) {
            return isNowhere;
        }
        const auto number = numberOf(found->second);
        if (!number) {
            return false; // a histogram
        }
        if (std::isnan(*number)) {
            return isNaN;
        }
        // As far again on both sides: there are few draws.
        const double width = greatest > least ? greatest - least : 0;
        return (*number >= least - width && *number <= greatest + width)
            || tests::isAlike(*number, least) || tests::isAlike(*number, greatest);
    }
};

} // namespace

bool hasInexactParts(const Node& query)
{
    return anyPart(query, isInexact);
}

std::string withOtherRounding(const Node& query, std::string_view text, int draw)
{
    return Rewriting(text, draw).of(query);
}

bool isRounding(const Node& query, std::string_view text, const Samples& theirs,
                const Samples& ours, const std::function<QJsonObject(const std::string&)>& ask)
{
    if (!hasInexactParts(query)) {
        return false;
    }
    constexpr int draws = 12;
    std::vector<Samples> others{ours};
    for (int draw = 0; draw < draws; ++draw) {
        const QJsonObject answer = ask(withOtherRounding(query, text, draw));
        if (answer.value(u"status"_s) != u"success"_s) {
            return false;
        }
        others.push_back(samplesOf(answer));
    }
    const auto isExplained = [&](const Samples::key_type& place) {
        const auto left = theirs.find(place);
        const auto right = ours.find(place);
        if (left != theirs.end() && right != ours.end() && isAlike(left->second, right->second)) {
            return true;
        }
        Reach reach;
        for (const Samples& samples : others) {
            reach.add(samples, place);
        }
        return reach.holds(theirs, place);
    };
    return std::ranges::all_of(theirs, isExplained, &Samples::value_type::first)
        && std::ranges::all_of(ours, isExplained, &Samples::value_type::first);
}

} // namespace watchfire::tests
