// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/silence_dialog.h"

#include "core/text/duration.h"
#include "ui/models/alerts_model.h"
#include "ui/models/format.h"
#include "ui/pages/form_layout.h"
#include "ui/pages/widgets.h"

#include <algorithm>
#include <array>

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

using namespace std::chrono_literals;

constexpr std::array<std::chrono::milliseconds, 8> presets{15min, 30min, 1h,  2h,
                                                           4h,    8h,    24h, 7 * 24h};
constexpr std::size_t listed = 6;

} // namespace

SilenceDialog::SilenceDialog(PageContext& context, const std::vector<MatcherField>& fields,
                             QWidget* parent)
    : SavingDialog(parent)
    , m_context(context)
{
    setObjectName(u"silence.dialog"_s);
    setWindowTitle(tr("New silence"));
    resize(620, 480);
    build();
    for (const MatcherField& field : fields) {
        addRow(field);
    }
    if (fields.empty()) {
        addRow({u"alertname"_s, MatchType::equal, {}});
    }
    m_touched = !fields.empty();
    preview();
    connect(&context.bridge, &EngineBridge::alertsChanged, this, &SilenceDialog::preview);
    m_rows.front().value->setFocus();
}

SilenceDialog::SilenceDialog(PageContext& context, const engine::SilenceStatus& silence,
                             QWidget* parent)
    : SilenceDialog(context, fieldsOf(silence.matchers), parent)
{
    m_old = silence;
    setWindowTitle(tr("Silence"));
    m_save->setText(tr("Save silence"));
    setReason(fromUtf8(silence.createdBy), fromUtf8(silence.comment));
    const auto left = std::chrono::ceil<std::chrono::minutes>(
        silence.endsAt - std::max(context.bridge.now(), silence.startsAt));
    m_duration->setCurrentText(
        fromUtf8(text::formatDuration(std::max<std::chrono::milliseconds>(left, 1min))));
    preview();
}

void SilenceDialog::setReason(const QString& author, const QString& comment)
{
    m_author->setText(author);
    m_comment->setText(comment);
}

void SilenceDialog::build()
{
    auto* const rows = new QWidget(this);
    m_rowsLayout = new QVBoxLayout(rows);
    m_rowsLayout->setContentsMargins(0, 0, 0, 0);
    m_rowsLayout->setSpacing(4);
    QPushButton* const add = button(tr("Add a label"), "add", "silence.dialog.addRow", this);
    m_fault = new FieldNote("silence.dialog.fault", this);
    m_duration = new QComboBox(this);
    m_duration->setObjectName(u"silence.dialog.duration"_s);
    m_duration->setAccessibleName(tr("For how long"));
    m_duration->setEditable(true);
    m_duration->setMinimumHeight(28);
    for (const auto preset : presets) {
        m_duration->addItem(fromUtf8(text::formatDuration(preset)));
    }
    m_duration->setCurrentIndex(3);
    m_durationFault = new FieldNote("silence.dialog.duration.note", this);
    m_author = new QLineEdit(this);
    m_author->setObjectName(u"silence.dialog.author"_s);
    m_author->setAccessibleName(tr("By"));
    m_author->setMinimumHeight(28);
    m_author->setText(qEnvironmentVariable("USER", qEnvironmentVariable("LOGNAME")));
    m_comment = new QLineEdit(this);
    m_comment->setObjectName(u"silence.dialog.comment"_s);
    m_comment->setAccessibleName(tr("Comment"));
    m_comment->setPlaceholderText(tr("why, for whoever wonders"));
    m_comment->setMinimumHeight(28);
    m_preview = plainLabel({}, this);
    m_preview->setObjectName(u"silence.dialog.preview"_s);
    QFont bold = m_preview->font();
    bold.setBold(true);
    m_preview->setFont(bold);
    m_list = mutedLabel({}, this);
    m_list->setWordWrap(true);
    m_list->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto* const card = new Card(this);
    auto* const cardLayout = new QVBoxLayout(card);
    cardLayout->setContentsMargins(12, 8, 12, 8);
    cardLayout->setSpacing(4);
    cardLayout->addWidget(m_preview);
    cardLayout->addWidget(m_list, 1);
    card->setMinimumHeight(110);
    m_refused = new FieldNote("silence.dialog.refused", this);
    m_save = button(tr("Silence"), "silence", "silence.dialog.save", this);
    m_save->setDefault(true);
    QPushButton* const cancel = button(tr("Cancel"), nullptr, "silence.dialog.cancel", this);

    auto* const form = formLayout();
    addField(form, tr("&For"), m_duration, m_durationFault);
    form->addRow(tr("&By"), m_author);
    form->addRow(tr("&Comment"), m_comment);
    auto* const buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_save);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addWidget(plainLabel(tr("Silence alerts whose labels are"), this));
    column->addWidget(rows);
    column->addWidget(m_fault);
    column->addWidget(add, 0, Qt::AlignLeft);
    column->addLayout(form);
    column->addWidget(card, 1);
    column->addWidget(m_refused);
    column->addLayout(buttons);

    connect(add, &QPushButton::clicked, this, [this] {
        addRow({});
        m_rows.back().name->setFocus();
    });
    connect(m_duration, &QComboBox::currentTextChanged, this, &SilenceDialog::preview);
    connect(cancel, &QPushButton::clicked, this, &SilenceDialog::reject);
    connect(m_save, &QPushButton::clicked, this, &SilenceDialog::save);
}

void SilenceDialog::addRow(const MatcherField& field)
{
    Row row{};
    row.box = new QWidget(this);
    row.name = new QLineEdit(field.name, row.box);
    row.name->setObjectName(u"silence.dialog.name"_s);
    row.name->setAccessibleName(tr("Label"));
    row.name->setPlaceholderText(tr("label"));
    row.type = new QComboBox(row.box);
    row.type->setObjectName(u"silence.dialog.type"_s);
    row.type->setAccessibleName(tr("Comparison"));
    row.type->addItems({u"="_s, u"≠"_s, u"~"_s, u"≁"_s});
    row.type->setItemData(0, tr("is"), Qt::ToolTipRole);
    row.type->setItemData(1, tr("is not"), Qt::ToolTipRole);
    row.type->setItemData(2, tr("fits the regular expression"), Qt::ToolTipRole);
    row.type->setItemData(3, tr("does not fit the regular expression"), Qt::ToolTipRole);
    row.type->setCurrentIndex(int(field.type));
    row.value = new QLineEdit(field.value, row.box);
    row.value->setObjectName(u"silence.dialog.value"_s);
    row.value->setAccessibleName(tr("Value"));
    row.value->setPlaceholderText(tr("value"));
    for (QWidget* each : {static_cast<QWidget*>(row.name), static_cast<QWidget*>(row.type),
                          static_cast<QWidget*>(row.value)}) {
        each->setMinimumHeight(28);
    }
    QToolButton* const remove
        = toolButton(tr("Remove this label"), "close", "silence.dialog.removeRow", row.box);
    auto* const line = new QHBoxLayout(row.box);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(4);
    line->addWidget(row.name, 2);
    line->addWidget(row.type);
    line->addWidget(row.value, 3);
    line->addWidget(remove);
    m_rowsLayout->addWidget(row.box);

    const auto touched = [this] {
        m_touched = true;
        preview();
    };
    connect(row.name, &QLineEdit::textEdited, this, touched);
    connect(row.value, &QLineEdit::textEdited, this, touched);
    connect(row.type, &QComboBox::currentIndexChanged, this, touched);
    connect(remove, &QToolButton::clicked, this, [this, box = row.box] {
        std::erase_if(m_rows, [&](const Row& each) { return each.box == box; });
        box->deleteLater();
        box->hide();
        m_touched = true;
        preview();
    });
    m_rows.push_back(row);
}

std::vector<MatcherField> SilenceDialog::fields() const
{
    std::vector<MatcherField> fields;
    for (const Row& row : m_rows) {
        fields.push_back(
            {row.name->text(), MatchType(row.type->currentIndex()), row.value->text()});
    }
    return fields;
}

std::chrono::milliseconds SilenceDialog::duration() const
{
    return text::parseDuration(m_duration->currentText().trimmed().toStdString())
        .value_or(std::chrono::milliseconds(0));
}

void SilenceDialog::preview()
{
    const auto span = duration();
    m_durationFault->setError(span.count() > 0 ? QString()
                                               : tr("Write a duration such as 30m, 2h or 1d."));
    const auto matchers = toMatchers(fields());
    m_fault->setError(matchers || !m_touched ? QString() : fromUtf8(matchers.error().message));
    m_save->setEnabled(matchers.has_value() && span.count() > 0 && !isSaving());
    if (!matchers) {
        m_preview->setText(tr("Would silence nothing"));
        m_list->clear();
        return;
    }
    const auto& alerts = *m_context.bridge.alerts();
    const auto matched = matchedBy(*matchers, alerts);
    m_preview->setText(tr("Would silence %1 of %Ln alert(s)", nullptr, int(alerts.alerts.size()))
                           .arg(countText(matched.size())));
    QStringList lines;
    for (std::size_t i = 0; i < std::min(matched.size(), listed); ++i) {
        lines << u"%1  %2"_s.arg(fromUtf8(matched[i]->rule), AlertsModel::labelsOf(*matched[i]));
    }
    if (matched.size() > listed) {
        lines << tr("and %1 more").arg(matched.size() - listed);
    }
    if (matched.empty()) {
        lines << tr("None is active now; those that come will be silent.");
    }
    m_list->setText(lines.join(u'\n'));
}

void SilenceDialog::save()
{
    const auto matchers = toMatchers(fields());
    if (isSaving() || !matchers || duration().count() <= 0) {
        return;
    }
    engine::SilenceChange silence;
    silence.matchers = *matchers;
    const Timestamp now = m_context.bridge.now();
    silence.startsAt = m_old ? m_old->startsAt : now;
    silence.endsAt = std::max(now, silence.startsAt) + duration();
    silence.createdBy = m_author->text().trimmed().toStdString();
    silence.comment = m_comment->text().trimmed().toStdString();
    if (m_old) {
        m_context.edits.changeSilence(tr("Silence changed"), *m_old, std::move(silence), this,
                                      saving());
    } else {
        m_context.edits.createSilence(tr("Silenced for %1").arg(spanText(duration())),
                                      std::move(silence), this, saving());
    }
}

} // namespace watchfire::ui
