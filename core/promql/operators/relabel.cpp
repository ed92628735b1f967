// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/relabel.h"

#include "core/text/regex.h"

#include <algorithm>

namespace watchfire::promql {

Relabel::Relabel(OperatorPtr inner, Change change, bool namesSeries)
    : Operator(inner->context(), inner->grid())
    , m_inner(std::move(inner))
    , m_change(std::move(change))
    , m_namesSeries(namesSeries)
{
}

Result<void> Relabel::prepare()
{
    if (auto opened = m_inner->open(); !opened) {
        return opened;
    }
    m_schema.reserve(m_inner->schema().size());
    for (const SeriesLabels& series : m_inner->schema()) {
        if (auto labels = m_change(*series.labels)) {
            m_schema.push_back(
                {context().own(std::move(*labels)), series.dropName && !m_namesSeries});
        } else {
            m_schema.push_back(series);
        }
    }
    return {};
}

Result<Relabel::Change> labelReplace(const std::string& target, const std::string& replacement,
                                     const std::string& source, const std::string& pattern)
{
    auto regex = text::Regex::compile(pattern);
    if (!regex) {
        return fail(ErrorKind::invalid,
                    "invalid regular expression in label_replace(): " + pattern);
    }
    if (!isValidName(target)) {
        return fail(ErrorKind::invalid,
                    "invalid destination label name in label_replace(): " + target);
    }
    return [regex = std::move(*regex), target, replacement,
            source](const Labels& labels) -> std::optional<Labels> {
        const auto value = regex.expand(labels.get(source), replacement);
        return value ? std::optional(labels.with(target, *value)) : std::nullopt;
    };
}

Result<Relabel::Change> labelJoin(const std::string& target, const std::string& separator,
                                  const std::vector<std::string>& sources)
{
    for (const std::string& source : sources) {
        if (!isValidName(source)) {
            return fail(ErrorKind::invalid, "invalid source label name in label_join(): " + source);
        }
    }
    if (!isValidName(target)) {
        return fail(ErrorKind::invalid,
                    "invalid destination label name in label_join(): " + target);
    }
    return [target, separator, sources](const Labels& labels) -> std::optional<Labels> {
        std::string joined;
        for (std::size_t i = 0; i < sources.size(); ++i) {
            if (i > 0) {
                joined += separator;
            }
            joined += labels.get(sources[i]);
        }
        return labels.with(target, joined);
    };
}

} // namespace watchfire::promql
