// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"
#include "ui/pages/receiver_form.h"
#include "ui/pages/saving_dialog.h"

#include <optional>
#include <vector>

class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;
class QVBoxLayout;

namespace watchfire::ui {

class FieldNote;
class ReceiverReport;
class WayPanel;

/// Makes or changes a receiver: its name and its ways of telling, each a small form. *Send test*
/// tries what the fields say, before anything is saved. Not modal; it stays open until the engine
/// has accepted.
class ReceiverDialog final : public SavingDialog {
    Q_OBJECT

public:
    /// `receiver`: the one to change; none: a new one.
    ReceiverDialog(PageContext& context, std::optional<config::ReceiverConfig> receiver,
                   QWidget* parent);

protected:
    bool isChanged() const override;
    QString whatStays() const override;

private:
    void build();
    QMenu* buildMenu();
    void addWay(const WayForm& way);
    void removeWay(WayPanel* panel);
    ReceiverForm form() const;
    QStringList taken() const;
    bool validate(bool all);
    /// Faults are shown and gone to; false: there are some.
    bool isReady();
    void edited();
    void test();
    void save();
    void showChanges();
    void noticeConfig();
    void tell();

    PageContext& m_context;
    std::optional<config::ReceiverConfig> m_old;
    ReceiverForm m_start; ///< as the dialog opened
    config::ReceiverGlobals m_globals;
    QLineEdit* m_name;
    FieldNote* m_nameNote;
    QLabel* m_empty;
    QVBoxLayout* m_waysLayout;
    std::vector<WayPanel*> m_ways;
    int m_made = 0; ///< ways so far; numbers their object names
    ReceiverReport* m_report;
    QPushButton* m_add;
    QPushButton* m_test;
    bool m_nameTouched = false;
};

} // namespace watchfire::ui
