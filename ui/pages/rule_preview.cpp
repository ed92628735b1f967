// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rule_preview.h"

#include "core/promql/syntax/parser.h"
#include "core/promql/syntax/threshold.h"
#include "ui/chart/time_chart.h"
#include "ui/models/format.h"
#include "ui/pages/form_fields.h"
#include "ui/pages/query_step.h"
#include "ui/pages/query_unit.h"
#include "ui/pages/widgets.h"

#include <algorithm>
#include <array>
#include <utility>

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSplitter>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace watchfire::ui {

namespace {

constexpr std::chrono::milliseconds previewAfter{400};
constexpr std::array<std::chrono::milliseconds, 5> ranges{1h, 6h, 24h, 24h * 7, 24h * 30};
constexpr int weekIndex = 3;
/// What a chart has that was not shown yet.
constexpr int leastColumns = 400;
/// A young store is not looked at before its first sample, but for this long at least.
constexpr auto shortestRange = 10min;
const QString rangeKey = u"rule/backtestRange"_s;

/// What the chart draws: the side of the comparison that moves, else all of it.
std::string curveOf(const std::string& expr, const std::optional<promql::Threshold>& threshold)
{
    return threshold
        ? expr.substr(threshold->curve.begin, threshold->curve.end - threshold->curve.begin)
        : expr;
}

/// Summary and description first, as people are told them.
std::vector<std::pair<QString, QString>> inReadingOrder(const Labels& annotations)
{
    std::vector<std::pair<QString, QString>> out;
    for (const Label& annotation : annotations) {
        out.emplace_back(fromUtf8(annotation.name), fromUtf8(annotation.value));
    }
    std::ranges::stable_sort(out, {}, [](const auto& each) {
        return each.first == "summary"_L1 ? 0 : each.first == "description"_L1 ? 1 : 2;
    });
    return out;
}

} // namespace

QString verdictOf(const engine::BacktestReport& report)
{
    if (report.evaluations == 0) {
        return RulePreviewPanel::tr("Nothing is stored of that time");
    }
    QString text;
    if (report.fired == 0) {
        text = report.pending.empty()
            ? RulePreviewPanel::tr("Would not have fired")
            : RulePreviewPanel::tr("Would have been pending, and not have fired");
    } else {
        text = RulePreviewPanel::tr("Would have fired %1×, %2 in all, longest %3")
                   .arg(countText(report.fired), spanText(report.firingTime),
                        spanText(report.longest));
    }
    if (report.failures > 0) {
        text += u" · "_s
            + RulePreviewPanel::tr("%1 of %2 evaluations would have failed: %3")
                  .arg(countText(report.failures), countText(report.evaluations),
                       fromUtf8(report.firstFailure));
    }
    return text;
}

RulePreviewPanel::RulePreviewPanel(PageContext& context, bool alerting, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_alerting(alerting)
    , m_chart(new chart::TimeChart(this))
    , m_verdict(plainLabel({}, this))
    , m_findings(new RuleFindings(this))
    , m_splitter(new QSplitter(Qt::Horizontal, this))
{
    m_chart->setObjectName(u"rule.dialog.chart"_s);
    m_chart->setAccessibleName(alerting ? tr("What the rule looks at, and when it would have fired")
                                        : tr("What the rule would have recorded"));
    m_chart->setTitle({});
    m_chart->setCompact(true);
    m_chart->setColorBook(context.colors);
    m_chart->setMinimumSize(240, 150);
    m_chart->setEmptyText(tr("Write an expression to see what it looks at."));
    m_verdict->setObjectName(u"rule.dialog.verdict"_s);
    m_verdict->setWordWrap(true);
    m_verdict->setTextInteractionFlags(Qt::TextSelectableByMouse);
    QFont bold = m_verdict->font();
    bold.setBold(true);
    m_verdict->setFont(bold);
    m_range = choiceBox(u"rule.dialog.range"_s, tr("How far to look back"),
                        {tr("Last hour"), tr("Last 6 hours"), tr("Last day"), tr("Last 7 days"),
                         tr("Last 30 days")},
                        {}, this);
    const int kept = context.state.value(rangeKey, weekIndex).toInt();
    m_range->setCurrentIndex(std::clamp(kept, 0, int(ranges.size()) - 1));

    auto* const top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(m_verdict, 1);
    top->addWidget(m_range, 0, Qt::AlignTop);
    m_splitter->setObjectName(u"rule.dialog.splitter"_s);
    m_splitter->addWidget(m_chart);
    m_splitter->addWidget(buildExamples());
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setChildrenCollapsible(false);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addLayout(top);
    column->addWidget(m_splitter, 1);
    column->addWidget(m_findings);

    m_pause.setSingleShot(true);
    m_pause.setInterval(previewAfter);
    connect(&m_pause, &QTimer::timeout, this, &RulePreviewPanel::ask);
    connect(m_range, &QComboBox::activated, this, [this](int index) {
        m_context.state.setValue(rangeKey, index);
        ask();
    });
    connect(m_chart, &chart::TimeChart::thresholdMoved, this,
            [this](int, double value, bool finished) {
                emit thresholdDragged(m_chart->rounded(value), finished);
            });
}

QWidget* RulePreviewPanel::buildExamples()
{
    auto* const box = new QWidget(this);
    box->setMinimumWidth(220);
    m_now = mutedLabel({}, this);
    m_now->setObjectName(u"rule.dialog.preview"_s);
    m_now->setWordWrap(true);
    m_examples = new QTreeWidget(this);
    m_examples->setObjectName(u"rule.dialog.examples"_s);
    m_examples->setAccessibleName(m_alerting ? tr("Alerts as they would read now")
                                             : tr("Series as they would be recorded now"));
    m_examples->setColumnCount(2);
    m_examples->setHeaderLabels(
        {m_alerting ? tr("Alert") : tr("Series"), m_alerting ? tr("Value or text") : tr("Value")});
    if (m_alerting) {
        m_examples->header()->resizeSection(0, 200);
    } else {
        m_examples->header()->setStretchLastSection(false);
        m_examples->header()->setSectionResizeMode(0, QHeaderView::Stretch);
        m_examples->header()->resizeSection(1, 90);
    }
    m_examples->setUniformRowHeights(true);
    m_examples->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_examples->setRootIsDecorated(m_alerting);
    m_examples->setIndentation(m_alerting ? 16 : 4);
    auto* const column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_now);
    column->addWidget(m_examples, 1);
    return box;
}

void RulePreviewPanel::setDraft(std::optional<RuleDraft> draft)
{
    if (!draft) {
        m_draft.reset();
        m_pause.stop();
        m_backtest.cancel();
        m_preview.cancel();
        m_chart->setBusy(false);
        m_now->setText(tr("Not renewed until the rule’s fields are right."));
        return;
    }
    if (draft == m_draft) {
        return;
    }
    const bool isFirst = !m_draft && m_examples->topLevelItemCount() == 0;
    m_draft = std::move(draft);
    if (isFirst) {
        ask();
    } else {
        m_pause.start();
    }
}

TimeRange RulePreviewPanel::range() const
{
    const Timestamp now = m_context.bridge.now();
    TimeRange range{now - ranges[std::size_t(m_range->currentIndex())], now};
    const Timestamp oldest = m_context.bridge.status()->oldestSample;
    if (oldest != Timestamp{}) {
        range.from = std::max(range.from, std::min(oldest, now - shortestRange));
    }
    return range;
}

void RulePreviewPanel::ask()
{
    m_pause.stop();
    if (!m_draft) {
        return;
    }
    if (m_alerting) {
        askBacktest();
    } else {
        askCurves();
    }
    askPreview();
}

void RulePreviewPanel::askBacktest()
{
    const TimeRange range = this->range();
    engine::BacktestRequest request;
    request.group = m_draft->ownGroup();
    request.rule = m_draft->rule;
    request.range = range;
    request.curveStep = stepFor(range, std::max(leastColumns, m_chart->plotColumns()));
    const auto step = request.curveStep;
    m_chart->setBusy(true);
    m_backtest = m_context.bridge.backtest(
        std::move(request), this,
        [this, range, step](const Result<engine::BacktestReport>& result) {
            take(result, range, step);
        });
}

void RulePreviewPanel::askCurves()
{
    const TimeRange range = this->range();
    auto request = rangeQuery(m_draft->written().expr, range,
                              std::max(leastColumns, m_chart->plotColumns()));
    const auto step = request.step;
    m_chart->setBusy(true);
    m_backtest = m_context.bridge.query(
        std::move(request), this, [this, range, step](Result<QueryResult> result) {
            m_chart->setBusy(false);
            if (!result) {
                m_verdict->setText(fromUtf8(result.error().message));
                return;
            }
            auto* const matrix = std::get_if<Matrix>(&result->value);
            const auto curves
                = std::make_shared<const Matrix>(matrix != nullptr ? std::move(*matrix) : Matrix());
            m_verdict->setText(tr("What would have been recorded"));
            draw(curves, range, step, {});
        });
}

void RulePreviewPanel::take(const Result<engine::BacktestReport>& result, TimeRange range,
                            std::chrono::milliseconds step)
{
    m_chart->setBusy(false);
    if (!result) {
        m_verdict->setText(fromUtf8(result.error().message));
        return;
    }
    m_verdict->setText(verdictOf(*result));
    showBands(*result);
    showThreshold(result->threshold);
    draw(result->curves, range, step, result->curveError);
}

void RulePreviewPanel::draw(std::shared_ptr<const Matrix> curves, TimeRange range,
                            std::chrono::milliseconds step, const std::string& why)
{
    const std::string& expr = m_draft->written().expr;
    if (const auto ast = promql::parse(expr)) {
        if (const auto curve = promql::parse(curveOf(expr, promql::thresholdOf(*ast)))) {
            m_chart->setUnit(unitOf(*curve->root));
        }
    }
    m_chart->setEmptyText(why.empty() ? tr("No samples of it in this range") : fromUtf8(why));
    if (curves == nullptr) {
        curves = std::make_shared<const Matrix>();
    }
    m_chart->setData(std::move(curves), range, step);
}

void RulePreviewPanel::showThreshold(std::optional<double> value)
{
    std::vector<chart::Threshold> thresholds;
    if (value) {
        thresholds.push_back({*value, tr("Threshold"), {}, true});
    }
    m_chart->setThresholds(std::move(thresholds));
}

void RulePreviewPanel::showBands(const engine::BacktestReport& report)
{
    std::vector<chart::Band> bands;
    const auto add
        = [&](const std::vector<TimeRange>& stretches, chart::BandKind kind, const QString& what) {
              for (const TimeRange& each : stretches) {
                  bands.push_back(
                      {unixMs(each.from), unixMs(each.to), kind,
                       tr("%1 from %2 for %3")
                           .arg(what, dateTimeText(each.from), spanText(each.to - each.from))});
              }
          };
    add(report.pending, chart::BandKind::pending, tr("Pending"));
    add(report.firing, chart::BandKind::firing, tr("Firing"));
    m_chart->setBands(std::move(bands));
}

void RulePreviewPanel::askPreview()
{
    engine::RulePreviewRequest request;
    request.groups = m_draft->groups;
    request.group = m_draft->group;
    request.rule = m_draft->rule;
    if (m_alerting) {
        request.requiredLabels = {"severity"};
    }
    m_preview = m_context.bridge.previewRule(
        std::move(request), this,
        [this](const Result<engine::RulePreview>& result) { take(result); });
}

void RulePreviewPanel::take(const Result<engine::RulePreview>& result)
{
    if (!result) {
        m_now->setText(fromUtf8(result.error().message));
        return;
    }
    const auto total = result->total;
    m_now->setText(result->isHypothetical ? tr("Holds for nothing now. For these it would read:")
                       : !m_alerting ? tr("Records %Ln series now.", nullptr, pluralForm(total))
                       : total == 0  ? tr("Holds for nothing now.")
                                     : tr("Holds for %Ln series now: each would be an alert.",
                                          nullptr, pluralForm(total)));
    showExamples(*result);
    m_findings->setRemarks(
        remarksOf(*result, *m_draft, m_context.bridge.config()->config.global.evaluationInterval));
}

void RulePreviewPanel::showExamples(const engine::RulePreview& preview)
{
    constexpr int openedFirst = 3;
    constexpr std::array<std::string_view, 1> without{"alertname"};
    m_examples->clear();
    for (const engine::RuleExample& example : preview.examples) {
        const QString labels = m_alerting ? labelsText(example.labels, without)
                                          : fromUtf8(example.labels.toString());
        auto* const row = new QTreeWidgetItem(
            m_examples, {labels.isEmpty() ? tr("(no labels)") : labels, valueText(example.value)});
        row->setToolTip(0, labels);
        for (const auto& [name, text] : inReadingOrder(example.annotations)) {
            auto* const line = new QTreeWidgetItem(row, {name, text.simplified()});
            line->setToolTip(1, text);
        }
        row->setExpanded(m_examples->topLevelItemCount() <= openedFirst);
    }
    if (preview.examples.size() < preview.total) {
        new QTreeWidgetItem(
            m_examples,
            {tr("and %1 more").arg(countText(preview.total - preview.examples.size()))});
    }
}

} // namespace watchfire::ui
