// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/editor/candidates.h"

#include <QFrame>

class QLabel;
class QListView;

namespace watchfire::ui::editor {

class CandidateDelegate;
class CandidateModel;

/// The list under the cursor. It never takes the focus: the editor hands it the keys it wants,
/// the pointer may choose a row.
class CompletionPopup final : public QFrame {
    Q_OBJECT

public:
    /// Its names begin with the editor's object name.
    explicit CompletionPopup(QWidget* editor);

    /// Shows these under, or where there is no room over, that place of the screen. The first
    /// is at hand, but not yet navigated to.
    void offer(CandidateList candidates, const KnownNames* names, const QRect& place);
    const Candidate* current() const;
    std::size_t count() const;
    /// By rows, staying within the list.
    void moveBy(int rows);
    int rowsSeen() const;
    /// Keys have moved in the list since it was offered.
    bool isNavigated() const { return m_navigated; }
    void setColors(const KindColors& colors);

signals:
    /// By the pointer.
    void chosen();

protected:
    void changeEvent(QEvent* event) override;

private:
    void describe();
    void dress();
    void fit(const QRect& place);

    CandidateModel* m_model;
    CandidateDelegate* m_delegate;
    QListView* m_list;
    QLabel* m_about;
    QLabel* m_count;
    bool m_navigated = false;
};

} // namespace watchfire::ui::editor
