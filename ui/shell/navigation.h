// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include <QAbstractListModel>
#include <QIcon>
#include <QListView>
#include <QStyledItemDelegate>

namespace watchfire::ui {

/// The pages, each with its icon and how many things there need a person.
class NavigationModel final : public QAbstractListModel {
    Q_OBJECT

public:
    struct Entry {
        QString name; ///< "targets"
        QString label; ///< "Targets"
        QString icon;
        int badge = 0;
    };
    enum NavigationRole { nameRole = Qt::UserRole + 1, badgeRole };

    explicit NavigationModel(std::vector<Entry> entries, QObject* parent = nullptr);
    void setBadge(const QString& name, int count);
    int rowOf(const QString& name) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    std::vector<Entry> m_entries;
};

/// Icon, label and badge; only icon and badge when narrow.
class NavigationDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void setCompact(bool compact) { m_compact = compact; }
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    bool m_compact = false;
};

class NavigationView final : public QListView {
    Q_OBJECT

public:
    static constexpr int wide = 176;
    static constexpr int narrow = 48;

    explicit NavigationView(NavigationModel* model, QWidget* parent = nullptr);
    void setCompact(bool compact);
    bool isCompact() const { return m_compact; }
    void setCurrentPage(const QString& name);

signals:
    void pageChosen(const QString& name);

protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    NavigationModel* m_model;
    NavigationDelegate* m_delegate;
    bool m_compact = false;
};

} // namespace watchfire::ui
