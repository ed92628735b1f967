// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/job_basics_tab.h"

#include "core/text/duration.h"
#include "ui/models/format.h"
#include "ui/pages/form_layout.h"
#include "ui/pages/widgets.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

JobBasicsTab::JobBasicsTab(const config::GlobalConfig& global, QWidget* parent)
    : JobTab(parent)
{
    m_interval = edit("interval", tr("Scrape interval"),
                      fromUtf8(text::formatDuration(global.scrapeInterval)));
    m_timeout = edit("timeout", tr("Scrape timeout"),
                     fromUtf8(text::formatDuration(global.scrapeTimeout)));
    m_scheme = choiceBox(u"job.dialog.scheme"_s, tr("Scheme"), {u"http"_s, u"https"_s}, {}, this);
    m_path = edit("path", tr("Path of the metrics"));
    m_parameters = edit("parameters", tr("Parameters of the address"), u"module=http_2xx"_s);
    m_fallback = choiceBox(
        u"job.dialog.fallback"_s, tr("Format of answers that do not say theirs"),
        {tr("None: such answers are refused"), tr("Prometheus text"), tr("OpenMetrics 1.0.0"),
         tr("OpenMetrics 0.0.1"), tr("Prometheus text 1.0.0"), tr("Prometheus protobuf")},
        {QString(), u"PrometheusText0.0.4"_s, u"OpenMetricsText1.0.0"_s, u"OpenMetricsText0.0.1"_s,
         u"PrometheusText1.0.0"_s, u"PrometheusProto"_s},
        this);
    m_compression = flag("compression", tr("Ask for compressed answers"));
    m_extraMetrics = flag("extraMetrics", tr("Series about the scrapes themselves"));
    m_nativeHistograms = flag("nativeHistograms", tr("Native histograms"));
    m_classicHistograms = flag("classicHistograms", tr("Classic histograms beside native ones"));
    m_customBuckets = flag("customBuckets", tr("Make native histograms of classic ones"));

    auto* const content = new QWidget(this);
    TwoColumns form(content);
    form.grid()->setContentsMargins(12, 12, 12, 12);
    form.add(tr("&Every"), m_interval, note("interval", m_interval));
    form.add(tr("Time&out"), m_timeout, note("timeout", m_timeout));
    form.add(tr("S&cheme"), m_scheme);
    form.add(tr("&Path"), m_path, note("path", m_path));
    form.addWide(tr("Para&meters"), m_parameters, note("parameters", m_parameters));
    form.addWide(tr("Unnamed format"), m_fallback);
    form.addBare(m_compression);
    form.addBare(m_extraMetrics);
    form.addBare(m_nativeHistograms);
    form.addBare(m_classicHistograms);
    form.addBare(m_customBuckets);
    form.grid()->setRowStretch(form.grid()->rowCount(), 1);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(scrolled(content, this));
    for (QComboBox* const box : {m_scheme, m_fallback}) {
        connect(box, &QComboBox::currentIndexChanged, this, &JobTab::edited);
    }
}

QLineEdit* JobBasicsTab::edit(const char* name, const QString& accessibleName,
                              const QString& placeholder)
{
    QLineEdit* const made
        = lineEdit(u"job.dialog."_s + QString::fromLatin1(name), accessibleName, this);
    made->setPlaceholderText(placeholder);
    connect(made, &QLineEdit::textEdited, this, [this, made] { change(made); });
    return made;
}

FieldNote* JobBasicsTab::note(const char* name, QWidget* field)
{
    return m_notes.add(QString::fromLatin1(name), field, field->objectName(), this);
}

QCheckBox* JobBasicsTab::flag(const char* name, const QString& text)
{
    QCheckBox* const made = checkBox(u"job.dialog."_s + QString::fromLatin1(name), text, this);
    connect(made, &QCheckBox::toggled, this, &JobTab::edited);
    return made;
}

void JobBasicsTab::fill(const JobForm& form, const config::ScrapeConfig&)
{
    const QSignalBlocker blocker(this);
    m_interval->setText(form.interval);
    m_timeout->setText(form.timeout);
    setChoice(m_scheme, form.scheme);
    m_path->setText(form.path);
    m_parameters->setText(form.parameters);
    setChoice(m_fallback, form.fallback);
    m_compression->setChecked(form.compression);
    m_extraMetrics->setChecked(form.extraMetrics);
    m_nativeHistograms->setChecked(form.nativeHistograms);
    m_classicHistograms->setChecked(form.classicHistograms);
    m_customBuckets->setChecked(form.customBuckets);
}

void JobBasicsTab::collect(JobForm& form) const
{
    form.interval = m_interval->text();
    form.timeout = m_timeout->text();
    form.scheme = choiceOf(m_scheme);
    form.path = m_path->text();
    form.parameters = m_parameters->text();
    form.fallback = choiceOf(m_fallback);
    form.compression = m_compression->isChecked();
    form.extraMetrics = m_extraMetrics->isChecked();
    form.nativeHistograms = m_nativeHistograms->isChecked();
    form.classicHistograms = m_classicHistograms->isChecked();
    form.customBuckets = m_customBuckets->isChecked();
}

} // namespace watchfire::ui
