// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"
#include "ui/pages/receiver_form.h"

#include <optional>
#include <vector>

#include <QDialog>
#include <QPointer>

class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;
class QVBoxLayout;

namespace watchfire::ui {

class DiscardQuestion;
class FieldNote;
class ReceiverReport;
class WayPanel;

/// Makes or changes a receiver: its name and its ways of telling, each a small form. *Send test*
/// tries what the fields say, before anything is saved. Not modal; it stays open until the engine
/// has accepted.
class ReceiverDialog final : public QDialog {
    Q_OBJECT

public:
    /// `receiver`: the one to change; none: a new one.
    ReceiverDialog(PageContext& context, std::optional<config::ReceiverConfig> receiver,
                   QWidget* parent);

    /// Shows it beside the window, not before it.
    void open() override { show(); }

protected:
    void reject() override;

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
    FieldNote* m_refused;
    QPushButton* m_add;
    QPushButton* m_test;
    QPushButton* m_save;
    QPointer<DiscardQuestion> m_question;
    bool m_nameTouched = false;
    bool m_saving = false;
};

} // namespace watchfire::ui
