// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/form_fields.h"
#include "ui/pages/page.h"
#include "ui/pages/quiet_routes.h"
#include "ui/pages/route_form.h"
#include "ui/pages/saving_dialog.h"

#include <optional>

class QCheckBox;
class QComboBox;
class QLineEdit;

namespace watchfire::ui {

class FieldNote;

/// Makes a route under another, or changes one. Not modal.
class RouteDialog final : public SavingDialog {
    Q_OBJECT

public:
    /// `isNew`: under the route at `path`; else that route itself.
    RouteDialog(PageContext& context, const RoutePathTo& path, bool isNew, QWidget* parent);

protected:
    bool isChanged() const override;
    QString whatStays() const override;

private:
    void build();
    QLineEdit* edit(const char* name, const QString& accessibleName, const QString& placeholder);
    FieldNote* note(const char* name, QLineEdit* field);
    RouteForm form() const;
    void fill(const RouteForm& form);
    bool validate(bool all);
    void change(const QWidget* field);
    /// Where the route is now that the dialog was opened for; nothing: it is not there any more.
    std::optional<RoutePathTo> place() const;
    void save();

    PageContext& m_context;
    RoutePathTo m_path;
    bool m_isNew;
    bool m_isRoot;
    config::RouteConfig m_opened; ///< what stood at the path
    config::RouteConfig m_base; ///< what is changed; empty: a new one
    RouteForm m_start;
    FieldNotes m_notes;
    QLineEdit* m_matchers = nullptr;
    QComboBox* m_receiver;
    QCheckBox* m_continues;
    QCheckBox* m_groups;
    QLineEdit* m_groupBy;
    QLineEdit* m_groupWait;
    QLineEdit* m_groupInterval;
    QLineEdit* m_repeatInterval;
    QLineEdit* m_muteIn;
    QLineEdit* m_activeIn;
};

} // namespace watchfire::ui
