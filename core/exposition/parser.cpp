// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/parser.h"

#include "core/exposition/custom_bucket_parser.h"
#include "core/exposition/openmetrics_parser.h"
#include "core/exposition/protobuf_parser.h"
#include "core/exposition/start_time_parser.h"
#include "core/exposition/text_parser.h"

namespace watchfire::exposition {

std::unique_ptr<Parser> makeParser(Format format, std::string_view body, const ReadOptions& options)
{
    std::unique_ptr<Parser> parser;
    switch (format) {
    case Format::text:
        parser = std::make_unique<TextParser>(body);
        break;
    case Format::openMetrics:
        if (options.startTimes) {
            parser = std::make_unique<StartTimeParser>(body);
        } else {
            parser = std::make_unique<OpenMetricsParser>(body);
        }
        break;
    case Format::protobuf:
        return std::make_unique<ProtobufParser>(body, options);
    }
    if (options.convertClassic) {
        return std::make_unique<CustomBucketParser>(std::move(parser), options.classicToo);
    }
    return parser;
}

} // namespace watchfire::exposition
