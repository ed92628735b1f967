// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/form_fields.h"
#include "ui/pages/receiver_form.h"
#include "ui/pages/widgets.h"

#include <map>

class QLabel;

namespace watchfire::ui {

class SecretEdit;

/// The fields of one way of telling, the required ones first, with a button that removes it.
class WayPanel final : public Card {
    Q_OBJECT

public:
    /// `prefix` begins the object names: "receiver.dialog.0.".
    WayPanel(const QString& prefix, const WayForm& way, const config::ReceiverGlobals& globals,
             QWidget* parent = nullptr);

    WayForm form() const;
    /// Checks; shows faults of what was touched, or of all. Whether there are none.
    bool validate(bool all);
    /// The first field that is at fault, else the first there is; null: there are none.
    QWidget* firstField() const;

signals:
    void edited();
    void removeWanted();

private:
    QWidget* build(const WayField& field, const QString& prefix);
    void addTo(TwoColumns& form, const WayField& field, QWidget* widget, FieldNote* note) const;
    void change(const QWidget* field);
    void tell();

    WayForm m_way; ///< as it was
    const config::ReceiverGlobals m_globals;
    FieldNotes m_notes;
    FieldFaults m_faults;
    QLabel* m_destination;
    std::map<QString, QWidget*> m_fields; ///< by name
    QWidget* m_first = nullptr;
};

} // namespace watchfire::ui
