// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"
#include "ui/pages/widgets.h"

#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QTimeEdit;
class QVBoxLayout;

namespace watchfire::ui {

/// What can be set, by category, each in a card; the search box leaves the cards that speak of
/// what is looked for. Everything applies at once and can be undone.
class SettingsPage final : public Page {
    Q_OBJECT

public:
    explicit SettingsPage(PageContext& context, QWidget* parent = nullptr);

    void visit(const QString& item) override;
    QLineEdit* filterBox() const override { return m_filter; }

private:
    struct Category {
        Card* card;
        QString words; ///< what the search looks in
    };

    QVBoxLayout* addCategory(const QString& title, const QString& explanation);
    void addRow(QVBoxLayout* card, const QString& label, QWidget* control);
    void buildAppearance();
    void buildCollectors();
    void buildNotifications();
    void buildPopupSettings(QVBoxLayout* card);
    void keepPopups();
    void buildStorage();
    void buildGeneral();
    void showConfig();
    void showStorage();
    void change(const QString& text, std::function<void(config::OwnConfig&)> apply);
    void applyFilter(const QString& text);

    QLineEdit* m_filter;
    QVBoxLayout* m_column;
    std::vector<Category> m_categories;
    FieldNote* m_refused;
    QComboBox* m_scheme;
    QCheckBox* m_hostCollector;
    QCheckBox* m_selfCollector;
    QComboBox* m_collectorInterval;
    QComboBox* m_closing;
    QComboBox* m_sound;
    QCheckBox* m_criticalAlways;
    QCheckBox* m_quiet;
    QTimeEdit* m_quietFrom;
    QTimeEdit* m_quietTo;
    QLabel* m_size;
    QComboBox* m_keptTime;
    QComboBox* m_keptSize;
    QComboBox* m_keptShare;
};

} // namespace watchfire::ui
