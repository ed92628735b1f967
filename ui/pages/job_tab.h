// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/form_fields.h"
#include "ui/pages/job_form.h"

#include <QWidget>

namespace watchfire::ui {

/// A part of the job dialog that has some of the form's fields.
class JobTab : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    /// `base`: the job that the form is put into.
    virtual void fill(const JobForm& form, const config::ScrapeConfig& base) = 0;
    virtual void collect(JobForm& form) const = 0;
    /// Of fields that were touched, or of all.
    virtual void showFaults(const JobFaults& faults, bool all);
    /// The first control at fault, brought to where it can be seen; null: none of this part.
    virtual QWidget* firstFault(const JobFaults& faults);
    virtual void forgetTouches();

signals:
    /// By a person.
    void edited();

protected:
    void change(const QWidget* field);

    FieldNotes m_notes;
};

} // namespace watchfire::ui
