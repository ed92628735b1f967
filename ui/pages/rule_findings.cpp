// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rule_findings.h"

#include "core/text/duration.h"
#include "ui/models/format.h"
#include "ui/pages/widgets.h"
#include "ui/theme/state.h"

#include <algorithm>
#include <utility>

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

using Kind = engine::RuleFinding::Kind;

/// Painted anew in another theme's colour.
class Shape final : public QWidget {
public:
    Shape(theme::State state, QWidget* parent)
        : QWidget(parent)
        , m_state(state)
    {
        setFixedSize(16, 16);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        theme::paintState(painter, rect().adjusted(1, 1, -1, -1), m_state,
                          theme::schemeOf(palette()));
    }

private:
    theme::State m_state;
};

/// A name like that one which no rule of the group has.
std::string freeName(const RuleDraft& draft)
{
    const auto& rules = draft.ownGroup().rules;
    for (int i = 2;; ++i) {
        std::string name = draft.written().name() + std::to_string(i);
        if (std::ranges::none_of(rules, [&](const auto& rule) { return rule.name() == name; })) {
            return name;
        }
    }
}

RuleRemark remarkOf(const engine::RuleFinding& finding, const RuleDraft& draft,
                    config::Duration defaultInterval)
{
    RuleRemark remark;
    remark.message = fromUtf8(finding.message);
    switch (finding.kind) {
    case Kind::duplicateRule: {
        remark.message
            = RuleFindings::tr("Another rule of this file has the same name and labels.");
        remark.part = RulePart::name;
        const std::string name = freeName(draft);
        remark.fix = RuleFindings::tr("Call it %1").arg(fromUtf8(name));
        remark.apply = [name](config::RuleConfig& rule) {
            (rule.isAlerting() ? rule.alert : rule.record) = name;
        };
        break;
    }
    case Kind::forBelowInterval: {
        const config::Duration own = draft.ownGroup().interval;
        const config::Duration interval = own.count() > 0 ? own : defaultInterval;
        const QString text = fromUtf8(text::formatDuration(interval));
        remark.message = RuleFindings::tr("“For” is shorter than the %1 between evaluations: the "
                                          "second one in a row fires it.")
                             .arg(text);
        remark.part = RulePart::hold;
        remark.fix = RuleFindings::tr("Hold for %1").arg(text);
        remark.apply = [interval](config::RuleConfig& rule) { rule.forDuration = interval; };
        break;
    }
    case Kind::missingLabel:
        remark.message = RuleFindings::tr(
            "Without a severity, routes and popups cannot tell how urgent it is.");
        remark.part = RulePart::severity;
        remark.fix = RuleFindings::tr("Set it to warning");
        remark.apply
            = [](config::RuleConfig& rule) { rule.labels.emplace_back("severity", "warning"); };
        break;
    case Kind::deadSelector:
        remark.message = RuleFindings::tr("Nothing that is stored fits: %1")
                             .arg(fromUtf8(finding.message.starts_with("no series matches ")
                                               ? finding.message.substr(18)
                                               : finding.message));
        remark.part = RulePart::expression;
        remark.fix = RuleFindings::tr("Go to it");
        break;
    }
    return remark;
}

} // namespace

std::vector<RuleRemark> remarksOf(const engine::RulePreview& preview, const RuleDraft& draft,
                                  config::Duration defaultInterval)
{
    std::vector<RuleRemark> remarks;
    for (const engine::TemplateFault& fault : preview.templateFaults) {
        RuleRemark remark;
        remark.isError = true;
        remark.message
            = RuleFindings::tr("%1: %2").arg(fromUtf8(fault.name), fromUtf8(fault.message));
        remark.part = fault.isLabel ? RulePart::labels : RulePart::annotations;
        remark.fix = RuleFindings::tr("Go to it");
        remarks.push_back(std::move(remark));
    }
    if (!preview.evaluationError.empty()) {
        RuleRemark remark;
        remark.isError = true;
        remark.message = fromUtf8(preview.evaluationError);
        remarks.push_back(std::move(remark));
    }
    for (const engine::RuleFinding& finding : preview.findings) {
        remarks.push_back(remarkOf(finding, draft, defaultInterval));
    }
    return remarks;
}

RuleFindings::RuleFindings(QWidget* parent)
    : QWidget(parent)
    , m_rows(new QVBoxLayout(this))
{
    setObjectName(u"rule.dialog.findings"_s);
    setAccessibleName(tr("What is to be said of the rule"));
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(4);
    hide();
}

void RuleFindings::setRemarks(std::vector<RuleRemark> remarks)
{
    const auto same = [](const RuleRemark& one, const RuleRemark& other) {
        return one.message == other.message && one.fix == other.fix;
    };
    const bool isSame = std::ranges::equal(remarks, m_remarks, same);
    m_remarks = std::move(remarks);
    if (isSame) {
        return; // a button that has the focus keeps it
    }
    for (QWidget* const row : std::exchange(m_shown, {})) {
        row->hide();
        row->deleteLater();
    }
    for (std::size_t i = 0; i < m_remarks.size(); ++i) {
        const RuleRemark& remark = m_remarks[i];
        auto* const row = new QWidget(this);
        auto* const line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(8);
        line->addWidget(
            new Shape(remark.isError ? theme::State::critical : theme::State::warning, row));
        QLabel* const text = plainLabel(remark.message, row);
        text->setObjectName(u"rule.dialog.finding.%1"_s.arg(i));
        text->setWordWrap(true);
        text->setTextInteractionFlags(Qt::TextSelectableByMouse);
        line->addWidget(text, 1);
        if (!remark.fix.isEmpty()) {
            QPushButton* const fix
                = button(remark.fix, nullptr,
                         QByteArray("rule.dialog.finding." + QByteArray::number(int(i)) + ".fix")
                             .constData(),
                         row);
            fix->setAccessibleDescription(remark.message);
            line->addWidget(fix);
            connect(fix, &QPushButton::clicked, this, [this, i] {
                if (i < m_remarks.size()) {
                    const RuleRemark wanted = m_remarks[i];
                    emit fixWanted(wanted);
                }
            });
        }
        m_rows->addWidget(row);
        m_shown << row;
    }
    setVisible(!m_remarks.empty());
}

} // namespace watchfire::ui
