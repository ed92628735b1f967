// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/explore_page.h"

#include "core/promql/syntax/parser.h"
#include "ui/chart/time_chart.h"
#include "ui/editor/diagnosis.h"
#include "ui/editor/promql_editor.h"
#include "ui/models/format.h"
#include "ui/models/metrics_model.h"
#include "ui/models/result_table_model.h"
#include "ui/pages/item_tree.h"
#include "ui/pages/query_step.h"
#include "ui/pages/query_unit.h"
#include "ui/pages/widgets.h"
#include "ui/theme/icons.h"

#include <algorithm>

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QResizeEvent>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

/// From this width of the page on there is room for the legend beside the graph.
constexpr int legendBesideFrom = 1300;
constexpr qsizetype historyKept = 100;
constexpr qsizetype historyShown = 20;

} // namespace

ExplorePage::ExplorePage(PageContext& context, QWidget* parent)
    : Page(context, u"explore"_s, parent)
    , m_metrics(new MetricsModel(this))
    , m_table(new ResultTableModel(this))
{
    m_splitter = new QSplitter(Qt::Horizontal, this);
    m_splitter->setObjectName(u"explore.splitter"_s);
    m_splitter->addWidget(buildMetrics());
    m_splitter->addWidget(buildQuery());
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({240, 900});
    m_splitter->setCollapsible(1, false);
    m_splitter->restoreState(kept(u"splitter"_s).toByteArray());
    auto* const whole = new QVBoxLayout(this);
    whole->setContentsMargins(pageMargin, pageMargin, pageMargin, pageMargin);
    whole->addWidget(m_splitter);

    connect(m_splitter, &QSplitter::splitterMoved, this,
            [this] { keep(u"splitter"_s, m_splitter->saveState()); });
    connect(m_editor, &editor::PromqlEditor::submitted, this, &ExplorePage::run);
    connect(m_editor, &editor::PromqlEditor::historyWanted, this, &ExplorePage::walkHistory);
    connect(m_editor, &editor::PromqlEditor::checked, m_fault, &FieldNote::setError);
    connect(m_editor, &editor::PromqlEditor::advised, m_fault, &FieldNote::setHint);
    connect(m_run, &QPushButton::clicked, this, &ExplorePage::run);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_forms->setCurrentIndex(tab);
        keep(u"tab"_s, tab);
        ask();
    });
    connect(&context.view, &ViewState::rangeChanged, this, [this] {
        m_chart->setRange(this->context().view.range().resolve(bridge().now()));
        if (isVisible()) {
            ask();
        }
    });
    connectChart();
    const auto fillMetrics = [this] {
        m_metrics->setMetrics(this->context().names.metrics(), this->context().names.metadata());
    };
    connect(&context.names, &editor::KnownNames::metricsChanged, this, fillMetrics);
    fillMetrics();

    m_history = kept(u"history"_s).toStringList();
    fillHistory();
    m_tabs->setCurrentIndex(kept(u"tab"_s, 0).toInt());
    m_editor->setExpression(kept(u"expr"_s).toString());
    m_expr = m_editor->expression();
    m_answers->setCurrentIndex(m_expr.empty() ? 1 : 0);
}

QWidget* ExplorePage::buildMetrics()
{
    auto* const side = new QWidget(this);
    m_metricFilter = filterEdit(tr("Find a metric"), "explore.metrics.filter", this);
    m_metricTree = new ItemTree("explore.metrics", this);
    m_metricTree->setAccessibleName(tr("Metrics"));
    m_metricTree->setModel(m_metrics);
    m_metricTree->setColumns({0, 28}, context().state);
    m_metricTree->setHeaderHidden(true);
    m_metricTree->setIndentation(12);
    m_metricHelp = mutedLabel(tr("Double click a metric to graph it."), this);
    m_metricHelp->setWordWrap(true);
    m_metricHelp->setMinimumHeight(3 * fontMetrics().lineSpacing());
    m_metricHelp->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto* const column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 8, 0);
    column->setSpacing(8);
    column->addWidget(m_metricFilter);
    column->addWidget(m_metricTree, 1);
    column->addWidget(m_metricHelp);

    connect(m_metricFilter, &QLineEdit::textChanged, m_metrics, &MetricsModel::setFilter);
    connect(m_metricTree, &ItemTree::currentIdChanged, this, [this](std::uint64_t id) {
        if (const MetricRow* const metric = m_metrics->itemAt(m_metrics->indexOf(id))) {
            m_metricHelp->setText(metric->help.empty() ? tr("No help text is known.")
                                                       : fromUtf8(metric->help));
        }
    });
    connect(m_metricTree, &ItemTree::rowActivated, this, [this](std::uint64_t id) {
        if (const MetricRow* const metric = m_metrics->itemAt(m_metrics->indexOf(id))) {
            visit(fromUtf8(metric->name));
        }
    });
    return side;
}

editor::PromqlEditor* ExplorePage::makeEditor()
{
    auto* const field = new editor::PromqlEditor("explore.query", this);
    field->setNames(&context().names);
    field->setAccessibleName(tr("PromQL expression"));
    field->setPlaceholderText(
        tr("PromQL, such as rate(node_cpu_seconds_total[5m]); Enter runs it"));
    return field;
}

QWidget* ExplorePage::buildQuery()
{
    auto* const side = new QWidget(this);
    m_editor = makeEditor();
    m_fault = new FieldNote("explore.fault", this);
    m_run = button(tr("Run"), "run", "explore.run", this);
    m_run->setMinimumHeight(32);
    m_historyButton = toolButton(tr("Earlier queries"), "history", "explore.history", this);
    m_historyButton->setMinimumSize(32, 32);
    m_historyButton->setPopupMode(QToolButton::InstantPopup);
    m_historyButton->setMenu(new QMenu(m_historyButton));

    m_chart = new chart::TimeChart(this);
    m_chart->setObjectName(u"explore.chart"_s);
    m_chart->setAccessibleName(tr("Graph of the answer"));
    m_chart->setColorBook(context().colors);
    m_chart->setLegendVisible(true);
    m_chart->setEmptyText(tr("No samples in this range"));
    m_tabs = new QTabBar(this);
    m_tabs->setObjectName(u"explore.tabs"_s);
    m_tabs->setAccessibleName(tr("Forms of the answer"));
    m_tabs->setDrawBase(false);
    m_tabs->addTab(theme::icon("graph"), tr("Graph"));
    m_tabs->addTab(theme::icon("table"), tr("Table"));
    m_stat = mutedLabel({}, this);
    m_stat->setObjectName(u"explore.stat"_s);
    m_stat->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_stat->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* const answer = new QWidget(this);
    m_forms = new QStackedWidget(this);
    m_forms->addWidget(m_chart);
    m_forms->addWidget(buildTable());
    auto* const tabRow = new QHBoxLayout;
    tabRow->addWidget(m_tabs);
    tabRow->addWidget(m_stat, 1);
    auto* const answerColumn = new QVBoxLayout(answer);
    answerColumn->setContentsMargins(0, 0, 0, 0);
    answerColumn->setSpacing(4);
    answerColumn->addLayout(tabRow);
    answerColumn->addWidget(m_forms, 1);

    m_empty = new EmptyState(tr("Ask something in PromQL."), tr("Show what is up"),
                             tr("Or double click a metric on the left."), "explore.empty", this);
    connect(m_empty, &EmptyState::actionClicked, this, [this] { visit(u"up"_s); });
    m_answers = new QStackedWidget(this);
    m_answers->addWidget(answer);
    m_answers->addWidget(m_empty);

    auto* const query = new QHBoxLayout;
    query->setSpacing(8);
    query->addWidget(m_editor, 1);
    query->addWidget(m_historyButton, 0, Qt::AlignTop);
    query->addWidget(m_run, 0, Qt::AlignTop);
    auto* const column = new QVBoxLayout(side);
    column->setContentsMargins(8, 0, 0, 0);
    column->setSpacing(6);
    column->addLayout(query);
    column->addWidget(m_fault);
    column->addWidget(m_answers, 1);
    return side;
}

QWidget* ExplorePage::buildTable()
{
    auto* const tab = new QWidget(this);
    m_tableFilter = filterEdit(tr("Filter: words, instance:web1"), "explore.table.filter", this);
    m_tableFilter->setMaximumWidth(360);
    m_tableCount = mutedLabel({}, this);
    QPushButton* const copy = button(tr("Copy as CSV"), "copy", "explore.table.copy", this);
    m_tableView = new QTableView(this);
    m_tableView->setObjectName(u"explore.table"_s);
    m_tableView->setAccessibleName(tr("Answer as a table"));
    m_tableView->setModel(m_table);
    m_tableView->setSortingEnabled(false);
    m_tableView->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_tableView->setFrameShape(QFrame::NoFrame);
    m_tableView->setShowGrid(false);
    m_tableView->setTextElideMode(Qt::ElideRight);
    m_tableView->verticalHeader()->hide();
    m_tableView->verticalHeader()->setDefaultSectionSize(28);
    m_tableView->horizontalHeader()->setHighlightSections(false);
    m_tableView->horizontalHeader()->setSectionsClickable(true);
    auto* const header = m_tableView->horizontalHeader();
    connect(header, &QHeaderView::sectionClicked, this, [this, header](int section) {
        const bool again = header->isSortIndicatorShown()
            && header->sortIndicatorSection() == section
            && header->sortIndicatorOrder() == Qt::AscendingOrder;
        const auto order = again ? Qt::DescendingOrder : Qt::AscendingOrder;
        header->setSortIndicatorShown(true);
        header->setSortIndicator(section, order);
        m_table->sort(section, order);
    });
    connect(m_tableFilter, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_table->setFilter(text);
        m_tableCount->setText(
            text.isEmpty()
                ? QString()
                : tr("%1 of %2 shown").arg(m_table->rowCount()).arg(m_table->totalCount()));
    });
    connect(copy, &QPushButton::clicked, this,
            [this] { QApplication::clipboard()->setText(m_table->toCsv()); });

    auto* const row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_tableFilter, 1);
    row->addWidget(m_tableCount);
    row->addStretch(1);
    row->addWidget(copy);
    auto* const column = new QVBoxLayout(tab);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(8);
    column->addLayout(row);
    column->addWidget(m_tableView, 1);
    return tab;
}

void ExplorePage::connectChart()
{
    connect(m_chart, &chart::TimeChart::rangeWanted, this, [this](qint64 from, qint64 to) {
        context().view.setRange(ViewRange::between(fromUnixMs(from), fromUnixMs(to)));
    });
    connect(m_chart, &chart::TimeChart::homeWanted, &context().view, &ViewState::goLive);
    connect(m_chart, &chart::TimeChart::liveChanged, this, [this](bool live) {
        if (live) {
            context().view.goLive();
        }
    });
}

bool ExplorePage::showsTable() const
{
    return m_tabs->currentIndex() == 1;
}

void ExplorePage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    context().names.refresh();
}

void ExplorePage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    m_chart->setLegendBelow(width() < legendBesideFrom);
}

void ExplorePage::visit(const QString& item)
{
    m_editor->setExpression(item);
    run();
}

bool ExplorePage::perform(const QString& command)
{
    if (command == "run"_L1) {
        run();
    } else if (command == "new-query"_L1) {
        m_editor->setExpression({});
        m_editor->setFocus();
    } else if (command == "format"_L1) {
        m_editor->format();
    } else if (command == "history"_L1) {
        m_historyButton->showMenu();
    } else {
        return false;
    }
    return true;
}

void ExplorePage::run()
{
    m_expr = m_editor->expression();
    keep(u"expr"_s, fromUtf8(m_expr));
    m_answers->setCurrentIndex(m_expr.empty() ? 1 : 0);
    if (m_expr.empty()) {
        return;
    }
    rememberQuery(fromUtf8(m_expr));
    ask();
}

void ExplorePage::refresh()
{
    // A question under way is answered first; a range that stands still needs no new answer.
    if (!m_pending.isActive() && context().view.range().isLive()) {
        ask();
    }
}

void ExplorePage::ask()
{
    if (m_expr.empty()) {
        return;
    }
    const auto parsed = promql::parse(m_expr);
    if (!parsed) {
        m_pending.cancel();
        m_chart->setBusy(false);
        m_fault->setError(editor::faultText(parsed.error(), m_expr));
        return;
    }
    m_chart->setUnit(unitOf(*parsed->root));
    const TimeRange range = context().view.range().resolve(bridge().now());
    m_since.start();
    m_chart->setBusy(true);
    if (showsTable()) {
        askTable(range);
    } else {
        askGraph(range);
    }
}

void ExplorePage::askGraph(TimeRange range)
{
    const auto request = rangeQuery(m_expr, range, m_chart->plotColumns());
    m_pending = bridge().query(request, this, [this, request, range](Result<QueryResult> result) {
        takeGraph(std::move(result), request, range);
    });
}

void ExplorePage::askTable(TimeRange range)
{
    engine::QueryRequest request;
    request.expr = m_expr;
    request.start = range.to;
    request.end = range.to;
    m_pending = bridge().query(
        request, this, [this](Result<QueryResult> result) { takeTable(std::move(result)); });
}

void ExplorePage::sayFault(const Error& error)
{
    m_fault->setError(editor::faultText(error, m_expr));
    if (m_editor->expression() == m_expr) {
        m_editor->markFault(error);
    }
    m_stat->setText(tr("no answer"));
}

void ExplorePage::sayAnswer(const QueryResult& result, std::size_t series,
                            std::chrono::milliseconds step)
{
    QStringList parts{tr("%n series", nullptr, int(series)),
                      tr("%1 sample(s) read", nullptr, pluralForm(result.statistics.samplesRead))
                          .arg(countText(result.statistics.samplesRead))};
    if (step.count() > 0) {
        parts << tr("step %1").arg(spanText(step));
    }
    parts << durationText(std::chrono::milliseconds(m_since.elapsed()));
    m_stat->setText(parts.join(u" · "_s));
    QStringList remarks;
    for (const Annotation& annotation : result.annotations) {
        remarks << fromUtf8(annotation.message);
    }
    m_stat->setToolTip(remarks.join(u'\n'));
    m_fault->setError({});
    m_editor->markFault(std::nullopt);
}

void ExplorePage::takeGraph(Result<QueryResult> result, const engine::QueryRequest& request,
                            TimeRange range)
{
    m_chart->setBusy(false);
    if (!result) {
        sayFault(result.error());
        return;
    }
    auto* const matrix = std::get_if<Matrix>(&result->value);
    if (matrix == nullptr) {
        return;
    }
    sayAnswer(*result, matrix->size(), request.step);
    m_chart->setData(std::make_shared<const Matrix>(std::move(*matrix)), range, request.step);
    m_chart->setLive(context().view.range().isLive());
}

void ExplorePage::takeTable(Result<QueryResult> result)
{
    m_chart->setBusy(false);
    if (!result) {
        sayFault(result.error());
        return;
    }
    const int columns = m_table->columnCount();
    m_table->setResult(result->value);
    sayAnswer(*result, std::size_t(m_table->totalCount()), {});
    if (m_table->columnCount() != columns) {
        QHeaderView* const header = m_tableView->horizontalHeader();
        header->setSortIndicatorShown(false);
        m_tableView->resizeColumnsToContents();
        for (int i = 0; i < header->count(); ++i) {
            header->resizeSection(i, std::clamp(header->sectionSize(i) + 24, 80, 360));
        }
    }
}

void ExplorePage::rememberQuery(const QString& text)
{
    m_history.removeAll(text);
    m_history.prepend(text);
    m_history.resize(std::min(m_history.size(), historyKept));
    m_historyAt = -1;
    keep(u"history"_s, m_history);
    fillHistory();
}

void ExplorePage::fillHistory()
{
    QMenu* const menu = m_historyButton->menu();
    menu->clear();
    for (const QString& text :
         std::as_const(m_history).first(std::min(m_history.size(), historyShown))) {
        QString title = fontMetrics().elidedText(text.simplified(), Qt::ElideRight, 520);
        title.replace(u'&', u"&&"_s);
        connect(menu->addAction(title), &QAction::triggered, this, [this, text] { visit(text); });
    }
    m_historyButton->setEnabled(!m_history.isEmpty());
}

void ExplorePage::walkHistory(int direction)
{
    // Back in time is forward in the list.
    const int to = std::clamp(m_historyAt - direction, -1, int(m_history.size()) - 1);
    if (to == m_historyAt) {
        return;
    }
    m_historyAt = to;
    m_editor->setExpression(to < 0 ? QString() : m_history[to]);
}

} // namespace watchfire::ui
