// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

#include <vector>

#include <QWidget>

class QCheckBox;
class QLabel;
class QToolButton;
class QVBoxLayout;

namespace watchfire::ui {

class FieldNote;
class StateShape;

/// The exporters that are built in, each as a switch with how it is doing.
class CollectorsTab final : public QWidget {
    Q_OBJECT

public:
    explicit CollectorsTab(PageContext& context, QWidget* parent = nullptr);

signals:
    /// Another page, with something to show there.
    void navigate(const QString& page, const QString& item);
    /// Its target in the list.
    void targetWanted(const QString& filter);

private:
    struct Collector {
        std::string job;
        bool config::OwnConfig::* on;
        QString name;
        QCheckBox* box = nullptr;
        StateShape* shape = nullptr;
        QLabel* state = nullptr;
        QToolButton* show = nullptr;
    };

    void addCollector(QVBoxLayout* column, Collector collector, const QString& what);
    void change(const Collector& collector, bool on);
    void showConfig();
    void showTargets();

    PageContext& m_context;
    std::vector<Collector> m_collectors;
    FieldNote* m_refused;
};

} // namespace watchfire::ui
