// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"

#include <optional>

#include <QWidget>

class QLabel;
class QLineEdit;
class QToolButton;

namespace watchfire::ui {

class BodyView;
class FieldNote;

/// The last answer of a target: status, type, times, and the text with the line at fault marked.
/// It stays as it is while somebody reads it; `refreshWanted` asks for a newer one.
class ResponseView final : public QWidget {
    Q_OBJECT

public:
    /// `prefix` begins the names of its parts.
    explicit ResponseView(const QByteArray& prefix, QWidget* parent = nullptr);

    void setDetail(const engine::TargetDetail& detail, Timestamp now);
    /// Nothing to show, and why.
    void clear(const QString& why = {});
    /// An answer is shown.
    bool hasAnswer() const { return m_answeredAt.has_value(); }
    /// "4 s ago" moves on.
    void setNow(Timestamp now);
    QLineEdit* findBox() const { return m_find; }

signals:
    void refreshWanted();

private:
    QWidget* buildBar(const QByteArray& prefix);
    void find(bool backwards);

    QLabel* m_summary;
    QLabel* m_timings;
    FieldNote* m_fault;
    QLineEdit* m_find;
    QLabel* m_notFound;
    QToolButton* m_toFault;
    QLabel* m_note;
    BodyView* m_body;
    QString m_head; ///< of the summary, without the time
    std::optional<Timestamp> m_answeredAt;
};

/// "resolve 1 ms · connect 2 ms · first byte 8 ms · in all 12 ms": phases that took place.
QString timingsText(const HttpTimings& timings);

} // namespace watchfire::ui
