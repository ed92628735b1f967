// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/editor/candidates.h"

#include <QAbstractListModel>
#include <QStyledItemDelegate>

namespace watchfire::ui::editor {

/// The rows of the list of completions.
class CandidateModel final : public QAbstractListModel {
    Q_OBJECT

public:
    using QAbstractListModel::QAbstractListModel;

    void setCandidates(CandidateList list, const KnownNames* names);
    const CandidateList& list() const { return m_list; }
    const Candidate* at(int row) const;
    QString detail(int row) const;
    QString about(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    CandidateList m_list;
    const KnownNames* m_names = nullptr;
};

/// Paints a row: letter of its kind, name with what matches in bold, type.
class CandidateDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    CandidateDelegate(const CandidateModel* model, QObject* parent);

    void setColors(const KindColors& colors) { m_colors = colors; }
    /// The current row is one the person went to, not just the first.
    void setNavigated(bool navigated) { m_navigated = navigated; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    const CandidateModel* m_model;
    KindColors m_colors;
    bool m_navigated = false;
};

} // namespace watchfire::ui::editor
