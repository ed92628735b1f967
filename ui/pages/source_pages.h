// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/form_fields.h"
#include "ui/pages/source_form.h"

#include <map>

#include <QWidget>

class QLineEdit;
class QToolButton;
class QVBoxLayout;

namespace watchfire::ui {

/// The fields of one kind of source.
class SourcePage : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    virtual void fill(const SourceForm& source, const config::ScrapeConfig& base) = 0;
    virtual void collect(SourceForm& source) const = 0;
    void showFaults(const FieldFaults& faults, bool all) { m_notes.show(faults, all); }
    QWidget* firstFault(const FieldFaults& faults) const { return m_notes.firstOf(faults); }
    void forgetTouches() { m_notes.forgetTouches(); }

signals:
    void edited();
    void controlsAdded();

protected:
    void change(const QWidget* field)
    {
        m_notes.touch(field);
        emit edited();
    }

    FieldNotes m_notes;
};

/// A line of targets for each group, and a button for one more.
class StaticPage final : public SourcePage {
    Q_OBJECT

public:
    explicit StaticPage(QWidget* parent = nullptr);

    void fill(const SourceForm& source, const config::ScrapeConfig& base) override;
    void collect(SourceForm& source) const override;

private:
    void rebuild();
    void addRow(std::size_t group);
    void removeGroup(std::size_t group);

    std::vector<GroupForm> m_groups;
    QVBoxLayout* m_column;
    std::vector<QWidget*> m_rows;
    std::vector<QLineEdit*> m_edits;
};

/// The fields of a discovery, made from the table of its kind; those seldom needed behind a
/// button.
class DiscoveryPage final : public SourcePage {
    Q_OBJECT

public:
    explicit DiscoveryPage(SourceKind kind, QWidget* parent = nullptr);

    void fill(const SourceForm& source, const config::ScrapeConfig& base) override;
    void collect(SourceForm& source) const override;

private:
    QWidget* make(const SourceField& field);
    void showMore(bool on);

    SourceKind m_kind;
    std::map<QString, QWidget*> m_fields;
    QList<QWidget*> m_seldom;
    QToolButton* m_more = nullptr;
};

} // namespace watchfire::ui
