// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rule_dialog.h"

#include "ui/models/format.h"
#include "ui/pages/form_layout.h"
#include "ui/pages/rule_form_tab.h"
#include "ui/pages/rule_preview.h"
#include "ui/pages/rule_test_tab.h"
#include "ui/pages/rule_yaml.h"
#include "ui/pages/rule_yaml_tab.h"
#include "ui/pages/text_changes.h"
#include "ui/pages/widgets.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QPushButton>
#include <QScreen>
#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

RuleForm freshForm(bool alerting, const config::Config& config)
{
    RuleForm fresh;
    fresh.alerting = alerting;
    if (alerting) {
        fresh.hold = u"5m"_s;
        fresh.severity = u"warning"_s;
    }
    fresh.group
        = config.ruleGroups.empty() ? u"alerts"_s : fromUtf8(config.ruleGroups.front().name);
    return fresh;
}

} // namespace

RuleDialog::RuleDialog(PageContext& context, std::optional<PlacedRule> rule, bool alerting,
                       QWidget* parent)
    : RuleDialog(context, rule,
                 rule ? RuleForm::of(rule->rule, rule->group.name)
                      : freshForm(alerting, context.bridge.config()->config),
                 rule ? rule->rule : config::RuleConfig(), parent)
{
}

RuleDialog::RuleDialog(PageContext& context, const config::RuleConfig& start, const QString& group,
                       QWidget* parent)
    : RuleDialog(context, std::nullopt, RuleForm::of(start, group.toStdString()), start, parent)
{
}

RuleDialog::RuleDialog(PageContext& context, std::optional<PlacedRule> old, const RuleForm& form,
                       const config::RuleConfig& base, QWidget* parent)
    : SavingDialog(parent)
    , m_context(context)
    , m_old(std::move(old))
    , m_alerting(form.alerting)
    , m_base(base)
{
    setObjectName(u"rule.dialog"_s);
    setWindowTitle(m_old            ? tr("Rule: %1").arg(fromUtf8(m_old->rule.name()))
                       : m_alerting ? tr("New alert rule")
                                    : tr("New recording rule"));
    build();
    m_form->fill(form);
    m_form->forgetTouches();
    m_start = m_form->form();
    validate(false);
    m_tests->open(group(), m_old ? m_old->rule.name() : std::string());
    tabInLayoutOrder(this);
    m_form->goTo(RulePart::name);
}

void RuleDialog::build()
{
    m_form = new RuleFormTab(m_context, m_alerting, this);
    m_yaml = new RuleYamlTab(m_alerting, this);
    m_tests = new RuleTestTab(m_context, this);
    m_preview = new RulePreviewPanel(m_context, m_alerting, this);
    m_tabs = new QTabWidget(this);
    m_tabs->setObjectName(u"rule.dialog.tabs"_s);
    m_tabs->setAccessibleName(tr("Ways to write the rule"));
    m_tabs->addTab(m_form, tr("Fo&rm"));
    m_tabs->addTab(m_yaml, tr("&YAML"));
    m_tabs->addTab(m_tests, tr("&Test"));
    m_splitter = new QSplitter(Qt::Vertical, this);
    m_splitter->setObjectName(u"rule.dialog.parts"_s);
    m_splitter->addWidget(m_tabs);
    m_splitter->addWidget(m_preview);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(8);
    m_splitter->setSizes({420, 300});
    m_refused = new FieldNote("rule.dialog.refused", this);

    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addWidget(m_splitter, 1);
    column->addWidget(m_refused);
    column->addLayout(buildButtons());
    resize(QSize(1000, 780).boundedTo(screen()->availableSize() * 0.95));

    connect(m_form, &RuleFormTab::edited, this, &RuleDialog::edited);
    connect(m_form, &RuleFormTab::submitted, this, &RuleDialog::save);
    connect(m_yaml, &RuleYamlTab::ruleTyped, this, &RuleDialog::takeYaml);
    connect(m_yaml, &RuleYamlTab::brokenChanged, this, &RuleDialog::setYamlBroken);
    connect(m_tabs, &QTabWidget::currentChanged, this, &RuleDialog::showTab);
    connect(m_preview, &RulePreviewPanel::thresholdDragged, this, [this](double value, bool) {
        if (!m_yaml->isBroken()) {
            m_form->setThreshold(value);
        }
    });
    connect(m_preview->findings(), &RuleFindings::fixWanted, this, &RuleDialog::mend);
    connect(&m_context.bridge, &EngineBridge::configChanged, this, &RuleDialog::noticeConfig);
}

QLayout* RuleDialog::buildButtons()
{
    m_save = button(m_old ? tr("Save rule") : tr("Add rule"), nullptr, "rule.dialog.save", this);
    m_save->setDefault(true);
    QPushButton* const cancel = button(tr("Cancel"), nullptr, "rule.dialog.cancel", this);
    auto* const row = new QHBoxLayout;
    row->setSpacing(8);
    if (m_old) {
        QPushButton* const changes
            = button(tr("Show changes"), "document", "rule.dialog.changes", this);
        row->addWidget(changes);
        connect(changes, &QPushButton::clicked, this, &RuleDialog::showChanges);
    }
    row->addStretch(1);
    row->addWidget(cancel);
    row->addWidget(m_save);
    connect(m_save, &QPushButton::clicked, this, &RuleDialog::save);
    connect(cancel, &QPushButton::clicked, this, &RuleDialog::reject);
    return row;
}

config::RuleConfig RuleDialog::rule() const
{
    return toRule(m_form->form(), m_base);
}

RuleGroupKey RuleDialog::group() const
{
    const std::string name = m_form->form().group.trimmed().toStdString();
    return m_old && m_old->group.name == name ? m_old->group : groupFor(name, config());
}

bool RuleDialog::isChanged() const
{
    return m_yaml->isBroken() || m_form->form() != m_start;
}

void RuleDialog::edited()
{
    validate(false);
    if (m_tabs->currentWidget() == m_yaml && m_faults.none()) {
        m_yaml->setRule(rule());
    }
}

bool RuleDialog::validate(bool all)
{
    m_faults = check(m_form->form());
    m_form->showFaults(m_faults, all);
    passOn();
    return m_faults.none();
}

void RuleDialog::passOn()
{
    if (!m_faults.expr.isEmpty() || !m_faults.hold.isEmpty() || !m_faults.keep.isEmpty()
        || !m_faults.labels.isEmpty() || !m_faults.annotations.isEmpty()) {
        m_preview->setDraft(std::nullopt);
        m_tests->setDraft(std::nullopt);
        return;
    }
    config::RuleConfig now = rule();
    if (now.name().empty()) {
        // What is still to be named can be previewed all the same.
        (m_alerting ? now.alert : now.record) = m_alerting ? "Alert" : "record";
    }
    RuleDraft draft = draftOf(config(), m_old, group(), now);
    m_preview->setDraft(draft);
    m_tests->setDraft(std::move(draft));
}

void RuleDialog::put(const config::RuleConfig& rule)
{
    m_base = rule;
    m_form->fill(RuleForm::of(rule, m_form->form().group.toStdString()));
}

void RuleDialog::takeYaml(const config::RuleConfig& rule)
{
    put(rule);
    validate(true);
}

void RuleDialog::setYamlBroken(bool broken)
{
    // Two versions at odds would leave it to chance which one wins.
    for (int i = 0; i < m_tabs->count(); ++i) {
        m_tabs->setTabEnabled(i, !broken || m_tabs->widget(i) == m_yaml);
    }
    if (!broken) {
        m_refused->setError({});
    }
}

void RuleDialog::showTab()
{
    if (m_tabs->currentWidget() == m_yaml) {
        m_yaml->setRule(rule());
    }
    m_preview->setVisible(m_tabs->currentWidget() != m_tests);
}

void RuleDialog::mend(const RuleRemark& remark)
{
    if (remark.apply && !m_yaml->isBroken()) {
        config::RuleConfig mended = rule();
        remark.apply(mended);
        put(mended);
        edited();
        return;
    }
    if (m_tabs->currentWidget() == m_yaml) {
        m_yaml->editor()->setFocus();
        return;
    }
    m_form->goTo(remark.part);
}

bool RuleDialog::isReady()
{
    if (m_tabs->currentWidget() == m_yaml) {
        m_yaml->readNow();
    }
    if (m_yaml->isBroken()) {
        m_refused->setError(tr("The YAML has a fault."));
        m_yaml->editor()->setFocus();
        return false;
    }
    if (!validate(true)) {
        m_tabs->setCurrentWidget(m_form);
        m_form->goToFault(m_faults);
        return false;
    }
    return true;
}

void RuleDialog::save()
{
    if (isSaving() || !isReady()) {
        return;
    }
    const config::RuleConfig wanted = rule();
    const RuleGroupKey place = group();
    auto done = saving([this, place, name = wanted.name()] { m_tests->keep(place, name); });
    if (m_old) {
        changeRule(m_context.edits, *m_old, place, wanted, this, std::move(done));
    } else {
        addRule(m_context.edits, place, wanted, this, std::move(done));
    }
}

void RuleDialog::showChanges()
{
    if (!isReady()) {
        return;
    }
    const auto lines = [](const config::RuleConfig& rule) {
        return fromUtf8(ruleYaml(rule)).split(u'\n', Qt::SkipEmptyParts);
    };
    (new TextChanges("rule.changes", tr("Changes of rule %1").arg(fromUtf8(m_old->rule.name())),
                     lines(m_old->rule), lines(rule()), this))
        ->show();
}

void RuleDialog::noticeConfig()
{
    if (!m_old || isSaving()) {
        return;
    }
    const config::RuleGroupConfig* const now = ruleGroupOf(config(), m_old->group);
    const bool isThere
        = now != nullptr && std::ranges::find(now->rules, m_old->rule) != now->rules.end();
    m_refused->setHint(
        isThere
            ? QString()
            : tr("The rule was changed or deleted elsewhere meanwhile; saving finds it no more."));
    validate(false);
}

QString RuleDialog::whatStays() const
{
    return tr("The rule stays as it was before.");
}

} // namespace watchfire::ui
