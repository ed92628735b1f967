// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/export.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <format>

#include <QSaveFile>

namespace watchfire::ui::chart {

namespace {

void appendTime(std::string& out, std::int64_t ms)
{
    const std::chrono::sys_time<std::chrono::milliseconds> at{std::chrono::milliseconds(ms)};
    std::format_to(std::back_inserter(out), "{:%Y-%m-%dT%H:%M:%S}Z", at);
}

void appendValue(std::string& out, double value)
{
    if (std::isnan(value)) {
        out += "NaN";
    } else if (std::isinf(value)) {
        out += value > 0 ? "+Inf" : "-Inf";
    } else {
        std::array<char, 32> text{};
        const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
        out.append(text.data(), end.ptr);
    }
}

void appendQuoted(std::string& out, std::string_view text)
{
    out += '"';
    for (const char c : text) {
        out += c;
        if (c == '"') {
            out += '"';
        }
    }
    out += '"';
}

std::string wideTable(const Matrix& matrix, const std::vector<std::int64_t>& times)
{
    std::string out = "time";
    for (const MatrixSeries& series : matrix) {
        out += ',';
        appendQuoted(out, series.labels.toString());
    }
    out += "\r\n";
    std::vector<std::size_t> next(matrix.size(), 0);
    for (const std::int64_t at : times) {
        appendTime(out, at);
        for (std::size_t i = 0; i < matrix.size(); ++i) {
            out += ',';
            const MatrixSeries& series = matrix[i];
            if (next[i] < series.atMs.size() && series.atMs[next[i]] == at) {
                appendValue(out, series.values[next[i]++]);
            }
        }
        out += "\r\n";
    }
    return out;
}

std::string longTable(const Matrix& matrix)
{
    std::string out = "time,series,value\r\n";
    for (const MatrixSeries& series : matrix) {
        std::string name;
        appendQuoted(name, series.labels.toString());
        for (std::size_t i = 0; i < series.atMs.size(); ++i) {
            appendTime(out, series.atMs[i]);
            out += ',';
            out += name;
            out += ',';
            appendValue(out, series.values[i]);
            out += "\r\n";
        }
    }
    return out;
}

} // namespace

std::string toCsv(const Matrix& matrix)
{
    std::vector<std::int64_t> times;
    std::size_t samples = 0;
    for (const MatrixSeries& series : matrix) {
        samples += series.atMs.size();
        times.insert(times.end(), series.atMs.begin(), series.atMs.end());
    }
    std::ranges::sort(times);
    const auto repeated = std::ranges::unique(times);
    times.erase(repeated.begin(), repeated.end());
    const bool mostlyEmpty = times.size() * matrix.size() > samples * 8 + 1000;
    return mostlyEmpty ? longTable(matrix) : wideTable(matrix, times);
}

Result<void> writeFile(const QString& path, const QByteArray& bytes)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
        return fail(ErrorKind::io, path.toStdString() + ": " + file.errorString().toStdString());
    }
    return {};
}

} // namespace watchfire::ui::chart
