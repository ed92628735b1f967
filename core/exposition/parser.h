// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/model/exemplar.h"
#include "core/model/histogram.h"
#include "core/model/metadata.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watchfire::exposition {

/// The formats a target may answer in.
enum class Format : std::uint8_t {
    text, ///< Prometheus text format 0.0.4, and 1.0.0, which only adds quoted names
    openMetrics, ///< OpenMetrics text 1.0.0 and 0.0.1
    protobuf ///< io.prometheus.client.MetricFamily, each message with its length before it
};

/// "text", "OpenMetrics", "protobuf": as people call it.
std::string_view toText(Format format);

/// `series` is a sample with a number for its value, `histogram` one with a native histogram.
enum class EntryKind : std::uint8_t { end, series, histogram, type, help, unit };

/// Which samples of a histogram a parser yields.
struct ReadOptions {
    /// The native histogram, where the format has it (scrape_native_histograms). A histogram that
    /// is read natively yields no classic series.
    bool nativeHistograms = false;
    /// The classic series too, beside a native histogram (always_scrape_classic_histograms).
    bool classicToo = false;
    /// A native histogram with custom buckets in place of the classic series of a histogram that
    /// has no native one (convert_classic_histograms_to_nhcb).
    bool convertClassic = false;
    /// Whether `startedAtMs` is wanted where finding it costs a look ahead (OpenMetrics).
    bool startTimes = false;
};

/// Which label of the samples that follow holds a number and is written in one form ("1" and
/// "1e0" become "1.0"), so that a target that changes its client keeps its series. Set by the
/// latest TYPE line, whatever family that names.
enum class NumericLabel : std::uint8_t { none, le, quantile };

/// A piece of the body as it stands there. `escaped`: it holds backslashes that `unescape`
/// resolves.
struct Written {
    std::string_view text;
    bool escaped = false;

    std::string unescape() const;
};

/// What a parser found. Views point into the body or into the parser, and hold until its next
/// `next`.
struct Entry {
    // series and histogram
    /// The same bytes (and `numeric`), the same series. In a text the name and labels as written;
    /// elsewhere bytes for no eye, which begin with 0xFF as no text does.
    std::string_view series;
    Written name;
    std::vector<std::pair<Written, Written>> labels; ///< in order of the body; may repeat
    NumericLabel numeric = NumericLabel::none;
    double value = 0; ///< every NaN is normalNaN()
    std::optional<std::int64_t> atMs;
    std::optional<double> atSeconds; ///< OpenMetrics: the time as written; atMs cuts it
    std::int64_t startedAtMs = 0; ///< when the counter started; 0: not known
    std::vector<Exemplar> exemplars;
    // histogram
    Histogram histogram; ///< without empty buckets at its ends
    /// Why it contradicts itself, a sentence; empty: it does not. Such a sample cannot be stored,
    /// which is no matter for one that nobody wants.
    std::string histogramFault;
    // type, help, unit
    std::string family;
    MetricType type = MetricType::unknown;
    std::string text; ///< of help and unit
};

/// Names and values of a sample, the metric name first, unescaped, `le` and `quantile`
/// normalised, labels without a value included: honor_labels has a meaning for them.
using LabelPairs = std::vector<std::pair<std::string, std::string>>;
void labelsOf(const Entry& entry, LabelPairs& out);
/// The series of a sample as people write it.
std::string seriesText(const Entry& entry);

/// The form of a number in `le` and `quantile`: "1.0", "0.5", "1e+06", "+Inf".
std::string normaliseNumber(std::string_view text);
std::string formatBound(double value);

class LineParser;

/// Reads one body, entry by entry. It accepts and refuses exactly what the scraper of
/// Prometheus 3.5 does, which is lenient about meaning (TRAPS: counters without _total pass)
/// and strict about form. The body must outlive it.
class Parser {
public:
    virtual ~Parser() = default;
    /// Fills the part of `entry` that its kind uses. Fails with ErrorKind::invalid and the place:
    /// of a text `where` in the body and "line 3, column 7: …", else the byte, family and metric.
    /// It must not be called again then.
    virtual Result<EntryKind> next(Entry& entry) = 0;
    /// Where one sample is one line of text: the same parser, so that a caller who knows the
    /// line already may pass over it. Else nullptr.
    virtual LineParser* lines() { return nullptr; }
};

/// What the two text formats share.
class LineParser : public Parser {
public:
    explicit LineParser(std::string_view body)
        : m_begin(body.data())
        , m_at(body.data())
        , m_end(body.data() + body.size())
    {
    }
    LineParser* lines() final { return this; }

    /// Bytes of the body that are read. After a series: the start of the next line.
    std::size_t offset() const { return static_cast<std::size_t>(m_at - m_begin); }
    /// Goes on at `offset`, the start of a line, as if the lines before had left `numeric`.
    void seek(std::size_t offset, NumericLabel numeric)
    {
        m_at = m_begin + offset;
        m_numeric = numeric;
    }
    NumericLabel numeric() const { return m_numeric; }

protected:
    /// Notes what is wrong with those bytes; false.
    bool fault(const char* begin, const char* end, std::string_view message);
    /// The same for what stands at the cursor, naming it.
    bool unexpected(std::string_view wanted);
    std::unexpected<Error> failure() { return std::unexpected(std::move(m_fault)); }

    char peek() const { return m_at == m_end ? '\n' : *m_at; }
    /// A string in double quotes at the cursor.
    bool quoted(Written& out, bool newlines, std::string_view what);
    bool metricName(Written& out, std::string_view after);
    bool labelName(Written& out, bool& wasQuoted, bool newlines);
    bool labelValue(Written& out, bool newlines);
    /// Text up to the end of the line; the cursor stays before the newline.
    std::string_view restOfLine();
    /// The token that ends at the next of `delimiters` or the line's end.
    std::string_view token(std::string_view delimiters);
    bool number(std::string_view token, double& value);
    bool setType(Entry& entry, std::string_view word, bool openMetrics);

    const char* m_begin;
    const char* m_at;
    const char* m_end;
    NumericLabel m_numeric = NumericLabel::none;
    Error m_fault;
};

std::unique_ptr<Parser> makeParser(Format format, std::string_view body,
                                   const ReadOptions& options = {});

/// Where a span of a body lies, for people.
struct Place {
    std::uint32_t line = 0; ///< from 1
    std::uint32_t column = 0; ///< from 1, in bytes
    std::string_view text; ///< the whole line
};
Place placeOf(std::string_view body, Span span);

} // namespace watchfire::exposition
