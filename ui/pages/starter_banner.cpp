// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/starter_banner.h"

#include "ui/models/format.h"
#include "ui/pages/starter_dialog.h"
#include "ui/pages/starter_rules.h"
#include "ui/pages/widgets.h"
#include "ui/theme/icons.h"
#include "ui/theme/palette.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

const QString hiddenKey = u"starter/notNow"_s;

/// Painted anew in another theme's colour.
class RulesIcon final : public QLabel {
public:
    explicit RulesIcon(QWidget* parent)
        : QLabel(parent)
    {
        setFixedSize(18, 18);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        theme::icon("rules").paint(&painter, rect());
    }
};

} // namespace

StarterBanner::StarterBanner(PageContext& context, const char* objectName, QWidget* parent)
    : QFrame(parent)
    , m_context(context)
    , m_text(plainLabel({}, this))
    , m_refused(plainLabel({}, this))
{
    const QByteArray name(objectName);
    setObjectName(QString::fromLatin1(name));
    setAccessibleName(tr("Starter rules"));
    m_text->setObjectName(QString::fromLatin1(name + ".text"));
    m_refused->setObjectName(QString::fromLatin1(name + ".refused"));
    m_text->setWordWrap(true);
    m_refused->setWordWrap(true);
    QStringList titles;
    for (const StarterRule& each : starterRules()) {
        titles << each.title.toLower();
    }
    m_text->setText(tr("Nothing here tells you of trouble yet. Start with rules for: %1")
                        .arg(titles.join(u", "_s)));
    setAccessibleDescription(m_text->text());
    m_refused->hide();
    m_addAll = button(tr("Add all"), "add", (name + ".addAll").constData(), this);
    QPushButton* const choose
        = button(tr("Choose…"), nullptr, (name + ".choose").constData(), this);
    QPushButton* const notNow
        = button(tr("Not now"), nullptr, (name + ".notNow").constData(), this);
    auto* const texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(m_text);
    texts->addWidget(m_refused);
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(12, 6, 8, 6);
    row->setSpacing(8);
    row->addWidget(new RulesIcon(this), 0, Qt::AlignVCenter);
    row->addLayout(texts, 1);
    row->addWidget(m_addAll);
    row->addWidget(choose);
    row->addWidget(notNow);
    connect(m_addAll, &QPushButton::clicked, this, &StarterBanner::addAll);
    connect(choose, &QPushButton::clicked, this,
            [this] { (new StarterDialog(m_context, window()))->open(); });
    connect(notNow, &QPushButton::clicked, this, [this] {
        m_context.state.setValue(hiddenKey, true);
        tell();
    });
    connect(&context.bridge, &EngineBridge::configChanged, this, &StarterBanner::tell);
    tell();
}

void StarterBanner::tell()
{
    setVisible(m_context.bridge.hasConfig() && m_context.bridge.config()->config.ruleGroups.empty()
               && !m_context.state.value(hiddenKey).toBool());
}

void StarterBanner::addAll()
{
    std::vector<config::RuleConfig> rules;
    for (const StarterRule& each : starterRules()) {
        rules.push_back(each.rule);
    }
    m_addAll->setEnabled(false);
    addStarterRules(m_context.edits, rules, this, [this](const Result<void>& result) {
        m_addAll->setEnabled(true);
        m_refused->setVisible(!result);
        m_refused->setText(
            result ? QString()
                   : tr("They were not added: %1").arg(fromUtf8(result.error().message)));
    });
}

void StarterBanner::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor base = palette().color(QPalette::Base);
    const QColor accent = palette().color(QPalette::Accent);
    painter.setPen(QPen(theme::mix(base, accent, 0.45), 1));
    painter.setBrush(theme::mix(base, accent, 0.08));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
}

} // namespace watchfire::ui
