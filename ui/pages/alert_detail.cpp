// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/alert_detail.h"

#include "ui/models/alerts_model.h"
#include "ui/models/format.h"
#include "ui/models/silences_model.h"
#include "ui/pages/alert_chart.h"
#include "ui/pages/alert_trace_view.h"
#include "ui/pages/link_button.h"
#include "ui/pages/widgets.h"
#include "ui/theme/icons.h"

#include <algorithm>
#include <utility>

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollArea>
#include <QTabWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

const QString tabKey = u"alerts/detailTab"_s;
constexpr std::size_t silencesShown = 10;
constexpr int usualHeight = 250; // with its share of the page, all stages of one route

/// Scrolls what has no room.
QScrollArea* scrolling(QWidget* what, QWidget* parent)
{
    auto* const scroll = new QScrollArea(parent);
    scroll->setWidget(what);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->viewport()->setAutoFillBackground(false);
    what->setAutoFillBackground(false);
    return scroll;
}

/// What is in the layout goes, once whoever called from there is done.
void empty(QVBoxLayout* layout)
{
    while (QLayoutItem* const item = layout->takeAt(0)) {
        if (QWidget* const widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
}

} // namespace

QList<QUrl> linksIn(const QString& text)
{
    static const QRegularExpression address(u"https?://[^\\s<>\"']+"_s,
                                            QRegularExpression::CaseInsensitiveOption);
    QList<QUrl> out;
    auto found = address.globalMatch(text);
    while (found.hasNext()) {
        QString each = found.next().captured();
        // The full stop of a sentence is no part of the address, nor the bracket around it.
        while (u".,;:!?)"_s.contains(each.back())
               && !(each.back() == u')' && each.contains(u'('))) {
            each.chop(1);
        }
        const QUrl url(each, QUrl::StrictMode);
        if (url.isValid() && !url.host().isEmpty()) {
            out << url;
        }
    }
    return out;
}

std::vector<const engine::SilenceStatus*>
expiredFor(const Labels& labels, const engine::AlertsSnapshot& alerts, Timestamp now)
{
    std::vector<const engine::SilenceStatus*> out;
    for (const engine::SilenceStatus& silence : alerts.silences) {
        if (SilencesModel::phaseOf(silence, now) == SilencesModel::Phase::expired
            && matchesAll(silence.matchers, labels)) {
            out.push_back(&silence);
        }
    }
    std::ranges::stable_sort(out,
                             [](const auto* a, const auto* b) { return a->endsAt > b->endsAt; });
    return out;
}

AlertDetail::AlertDetail(PageContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_shape(new StateShape(18, this))
    , m_title(headingLabel({}, this))
    , m_explore(button(tr("Open in Explore"), "explore", "alerts.explore", this))
    , m_showRule(button(tr("Show rule"), "rules", "alerts.rule", this))
    , m_silence(button(tr("Silence…"), "silence", "alerts.silence", this))
    , m_tabs(new QTabWidget(this))
    , m_why(new AlertTraceView(context, this))
    , m_chart(new AlertChart(context, this))
{
    setObjectName(u"alerts.detail"_s);
    setAccessibleName(tr("Details of the alert"));
    setMinimumHeight(200);
    auto* const header = new QHBoxLayout;
    header->setSpacing(8);
    header->addWidget(m_shape);
    header->addWidget(m_title, 1);
    header->addWidget(m_explore);
    header->addWidget(m_showRule);
    header->addWidget(m_silence);
    // A long name must not widen the page.
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_tabs->setObjectName(u"alerts.detail.tabs"_s);
    m_tabs->setAccessibleName(tr("Details of the alert"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_why, theme::icon("help"), tr("Why"));
    m_tabs->addTab(buildFacts(), theme::icon("label"), tr("Labels and annotations"));
    m_tabs->addTab(m_chart, theme::icon("graph"), tr("Chart"));
    m_tabs->addTab(buildSilences(), theme::icon("silence"), tr("Past silences"));
    m_tabs->setCurrentIndex(context.state.value(tabKey, 0).toInt());
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 8);
    column->setSpacing(8);
    column->addLayout(header);
    column->addWidget(m_tabs, 1);
    connect(m_tabs, &QTabWidget::currentChanged, this,
            [this](int tab) { m_context.state.setValue(tabKey, tab); });
    connect(m_explore, &QPushButton::clicked, this, [this] { emit exploreWanted(m_expr); });
    connect(m_showRule, &QPushButton::clicked, this, [this] { emit ruleWanted(m_rule); });
    connect(m_silence, &QPushButton::clicked, this, [this] { emit silenceWanted(m_labels); });
    connect(m_why, &AlertTraceView::linkActivated, this, &AlertDetail::linkActivated);
    hide();
}

QWidget* AlertDetail::buildFacts()
{
    m_facts = new FactSheet("alerts.facts", this);
    m_labelSheet = new FactSheet("alerts.labels", this);
    auto* const sheets = new QWidget(this);
    auto* const left = new QVBoxLayout;
    m_links = new QVBoxLayout;
    m_links->setSpacing(0);
    left->addWidget(m_facts);
    left->addLayout(m_links);
    left->addStretch(1);
    auto* const columns = new QHBoxLayout(sheets);
    columns->setContentsMargins(0, 8, 0, 0);
    columns->setSpacing(24);
    columns->addLayout(left, 3);
    columns->addWidget(m_labelSheet, 2);
    return scrolling(sheets, this);
}

QWidget* AlertDetail::buildSilences()
{
    auto* const sheet = new QWidget(this);
    m_noSilences = mutedLabel(tr("No silence that is over would have held for this alert."), sheet);
    m_noSilences->setObjectName(u"alerts.past.none"_s);
    m_noSilences->setWordWrap(true);
    m_silences = new QVBoxLayout;
    m_silences->setSpacing(4);
    auto* const column = new QVBoxLayout(sheet);
    column->setContentsMargins(0, 8, 0, 0);
    column->addWidget(m_noSilences);
    column->addLayout(m_silences);
    column->addStretch(1);
    return scrolling(sheet, this);
}

QSize AlertDetail::sizeHint() const
{
    return {QWidget::sizeHint().width(), usualHeight};
}

void AlertDetail::showAlert(const engine::AlertStatus* alert, const QString& origin)
{
    setVisible(alert != nullptr);
    m_chart->showAlert(alert);
    m_why->showAlert(alert != nullptr ? std::optional(alert->labels) : std::nullopt);
    if (alert == nullptr) {
        return;
    }
    m_expr = fromUtf8(alert->expr);
    m_rule = fromUtf8(alert->rule);
    m_labels = alert->labels;
    m_shape->setState(shapeOf(AlertsModel::stateOf(*alert)).value_or(theme::State::unknown));
    m_title->setText(u"%1 · %2"_s.arg(AlertsModel::stateWord(*alert), m_rule));
    m_title->setToolTip(labelsText(alert->labels));
    m_silence->setEnabled(!alert->silenced);
    showFacts(*alert, origin);
    showLinks(*alert);
    showSilences(*alert);
}

void AlertDetail::showFacts(const engine::AlertStatus& alert, const QString& origin)
{
    QList<FactSheet::Fact> facts;
    for (const Label annotation : alert.annotations) {
        facts << FactSheet::Fact{fromUtf8(annotation.name), fromUtf8(annotation.value)};
    }
    const QString since
        = tr("%1, since %2")
              .arg(spanText(m_context.bridge.now() - alert.activeAt), dateTimeText(alert.activeAt));
    const bool hasRule = !alert.expr.empty();
    m_explore->setVisible(hasRule);
    m_showRule->setVisible(hasRule);
    if (hasRule) {
        facts << FactSheet::Fact{tr("Expression"), fromUtf8(alert.expr), true}
              << FactSheet::Fact{tr("Value"), valueText(alert.value)};
    } else {
        facts << FactSheet::Fact{tr("Posted by"), origin.isEmpty() ? tr("another program") : origin,
                                 true};
    }
    facts << FactSheet::Fact{tr("Active"), since};
    m_facts->setFacts(facts);
    QList<FactSheet::Fact> labels;
    for (const Label label : alert.labels) {
        labels << FactSheet::Fact{fromUtf8(label.name), fromUtf8(label.value), true};
    }
    m_labelSheet->setFacts(labels);
}

void AlertDetail::showLinks(const engine::AlertStatus& alert)
{
    QList<std::pair<QString, QUrl>> links;
    for (const Label annotation : alert.annotations) {
        for (const QUrl& url : linksIn(fromUtf8(annotation.value))) {
            links.emplace_back(fromUtf8(annotation.name), url);
        }
    }
    if (links == m_shownLinks) {
        return;
    }
    m_shownLinks = links;
    empty(m_links);
    for (const auto& [name, url] : links) {
        auto* const link = new LinkButton(tr("Open %1: %2").arg(name, url.toDisplayString()),
                                          u"alerts.link.%1"_s.arg(m_links->count()), this);
        connect(link, &LinkButton::clicked, this, [this, url] { emit addressWanted(url); });
        m_links->addWidget(link);
    }
}

void AlertDetail::showSilences(const engine::AlertStatus& alert)
{
    const auto silences
        = expiredFor(alert.labels, *m_context.bridge.alerts(), m_context.bridge.now());
    std::vector<std::string> ids;
    for (const auto* const silence : silences) {
        ids.push_back(silence->id);
    }
    m_noSilences->setVisible(silences.empty());
    m_tabs->setTabText(
        3, silences.empty() ? tr("Past silences") : tr("Past silences (%1)").arg(silences.size()));
    if (ids == m_shownSilences) {
        return;
    }
    m_shownSilences = std::move(ids);
    empty(m_silences);
    for (std::size_t i = 0; i < std::min(silences.size(), silencesShown); ++i) {
        const engine::SilenceStatus& silence = *silences[i];
        auto* const row = new QWidget(this);
        auto* const line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, 8, 0);
        QLabel* const text = plainLabel(
            tr("Until %1 by %2: %3 — %4")
                .arg(dateTimeText(silence.endsAt), fromUtf8(silence.createdBy),
                     fromUtf8(silence.comment).simplified(), matchersText(silence.matchers)),
            row);
        text->setWordWrap(true);
        line->addWidget(text, 1);
        auto* const again = new LinkButton(tr("Silence again"), u"alerts.past.%1"_s.arg(i), row);
        again->setAccessibleName(tr("Silence again: %1").arg(matchersText(silence.matchers)));
        connect(again, &LinkButton::clicked, this,
                [this, id = fromUtf8(silence.id)] { emit repeatSilenceWanted(id); });
        line->addWidget(again);
        m_silences->addWidget(row);
    }
    if (silences.size() > silencesShown) {
        m_silences->addWidget(
            mutedLabel(tr("and %1 older ones").arg(silences.size() - silencesShown), this));
    }
}

} // namespace watchfire::ui
