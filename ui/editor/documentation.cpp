// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/documentation.h"

#include "core/promql/syntax/functions.h"
#include "core/promql/syntax/lexer.h"
#include "ui/editor/known_names.h"

#include <algorithm>

#include <QCoreApplication>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace watchfire::ui::editor {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::editor::Documentation)
};

QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8);
}

const promql::Aggregation* findAggregation(std::string_view name)
{
    const auto all = promql::allAggregations();
    const QString lower = text(name).toLower();
    const auto found = std::ranges::find_if(
        all, [&](const promql::Aggregation& each) { return text(each.name) == lower; });
    return found == all.end() ? nullptr : &*found;
}

QString signature(const promql::Function& function)
{
    QStringList arguments;
    const std::size_t least = promql::leastArguments(function);
    for (std::size_t i = 0; i < function.arguments.size(); ++i) {
        const QString type = text(promql::toText(function.arguments[i]));
        arguments << (i < least ? type : u'[' + type + u']');
    }
    if (promql::mostArguments(function).value_or(least + 2) > least + 1) {
        arguments << u"…"_s;
    }
    return u"%1(%2) → %3"_s.arg(text(function.name), arguments.join(u", "_s),
                                text(promql::toText(function.returns)));
}

QString signature(const promql::Aggregation& aggregation)
{
    const QString vector = text(promql::toText(promql::ValueType::vector));
    return aggregation.parameter == promql::ValueType::none
        ? u"%1 by (…) (%2) → %2"_s.arg(text(aggregation.name), vector)
        : u"%1 by (…) (%2, %3) → %3"_s.arg(text(aggregation.name),
                                           text(promql::toText(aggregation.parameter)), vector);
}

} // namespace

QString signatureOf(std::string_view function)
{
    if (const promql::Function* const found = promql::findFunction(function)) {
        return signature(*found);
    }
    const promql::Aggregation* const found = findAggregation(function);
    return found != nullptr ? signature(*found) : QString();
}

QString summaryOf(std::string_view word)
{
    if (const promql::Function* const found = promql::findFunction(word)) {
        return text(found->summary);
    }
    if (const promql::Aggregation* const found = findAggregation(word)) {
        return text(found->summary);
    }
    const QString lower = text(word).toLower();
    for (const promql::Keyword& keyword : promql::allKeywords()) {
        if (text(keyword.word) == lower) {
            return text(keyword.summary);
        }
    }
    return {};
}

QString typeOf(std::string_view metric, const KnownNames* names)
{
    const Metadata* const metadata = names != nullptr ? names->metadataOf(metric) : nullptr;
    if (metadata == nullptr) {
        return {};
    }
    QStringList parts;
    if (metadata->type != MetricType::unknown) {
        parts << text(toText(metadata->type));
    }
    if (!metadata->unit.empty()) {
        parts << text(metadata->unit);
    }
    return parts.join(u" · "_s);
}

QString helpOf(std::string_view metric, const KnownNames* names)
{
    const Metadata* const metadata = names != nullptr ? names->metadataOf(metric) : nullptr;
    return metadata != nullptr ? text(metadata->help) : QString();
}

QString helpAt(std::string_view whole, std::uint32_t byte, const KnownNames* names)
{
    const auto tokens = promql::tokenize(whole);
    const auto roles = promql::rolesOf(tokens);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const promql::Token& token = tokens[i];
        if (byte < token.span.begin || byte >= token.span.end) {
            continue;
        }
        QStringList lines;
        switch (roles[i]) {
        case promql::TokenRole::function:
        case promql::TokenRole::aggregation:
            lines << signatureOf(token.text) << summaryOf(token.text);
            break;
        case promql::TokenRole::keyword:
        case promql::TokenRole::operation:
            lines << summaryOf(token.text);
            break;
        case promql::TokenRole::metric: {
            const QString type = typeOf(token.text, names);
            const QString help = helpOf(token.text, names);
            lines << (type.isEmpty() ? text(token.text) : text(token.text) + u" · "_s + type);
            lines << (help.isEmpty() ? Words::tr("No help text is known.") : help);
            break;
        }
        default:
            break;
        }
        lines.removeAll(QString());
        return lines.join(u'\n');
    }
    return {};
}

} // namespace watchfire::ui::editor
