// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/response_view.h"

#include "ui/models/format.h"
#include "ui/pages/body_view.h"
#include "ui/pages/widgets.h"

#include <array>
#include <utility>

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

bool isText(const std::string& contentType)
{
    return !contentType.contains("protobuf") && !contentType.contains("octet-stream");
}

} // namespace

QString timingsText(const HttpTimings& timings)
{
    const std::array<std::pair<std::chrono::microseconds, QString>, 5> phases{
        std::pair(timings.resolve, ResponseView::tr("resolve %1")),
        std::pair(timings.connect, ResponseView::tr("connect %1")),
        std::pair(timings.tls, ResponseView::tr("TLS %1")),
        std::pair(timings.firstByte, ResponseView::tr("first byte %1")),
        std::pair(timings.total, ResponseView::tr("in all %1"))};
    QStringList parts;
    for (const auto& [took, words] : phases) {
        if (took.count() > 0) {
            parts << words.arg(durationText(took));
        }
    }
    return parts.join(u" · "_s);
}

ResponseView::ResponseView(const QByteArray& prefix, QWidget* parent)
    : QWidget(parent)
    , m_summary(plainLabel({}, this))
    , m_timings(mutedLabel({}, this))
    , m_fault(new FieldNote((prefix + ".response.fault").constData(), this))
    , m_note(mutedLabel({}, this))
{
    setObjectName(QString::fromLatin1(prefix + ".response"));
    m_summary->setObjectName(QString::fromLatin1(prefix + ".response.summary"));
    m_timings->setObjectName(QString::fromLatin1(prefix + ".response.timings"));
    m_note->setObjectName(QString::fromLatin1(prefix + ".response.note"));
    for (QLabel* label : {m_summary, m_timings, m_note}) {
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setWordWrap(true);
    }
    QWidget* const bar = buildBar(prefix);
    m_body = new BodyView((prefix + ".response.body").constData(), this);

    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(4);
    column->addWidget(bar);
    column->addWidget(m_fault);
    column->addWidget(m_note);
    column->addWidget(m_body, 1);
    clear();
}

QWidget* ResponseView::buildBar(const QByteArray& prefix)
{
    auto* const bar = new QWidget(this);
    m_find = filterEdit(tr("Find in the answer"), (prefix + ".response.find").constData(), bar);
    m_find->setMinimumWidth(140);
    m_find->setMaximumWidth(240);
    m_notFound = mutedLabel(tr("Not found"), bar);
    m_notFound->setObjectName(QString::fromLatin1(prefix + ".response.notFound"));
    auto* const previous = toolButton(tr("Find the one before (Shift+Enter)"), "up",
                                      (prefix + ".response.previous").constData(), bar);
    auto* const next = toolButton(tr("Find the next (Enter)"), "down",
                                  (prefix + ".response.next").constData(), bar);
    m_toFault = toolButton(tr("Go to the line at fault"), "error",
                           (prefix + ".response.toFault").constData(), bar);
    auto* const refresh = toolButton(tr("Show the newest answer"), "refresh",
                                     (prefix + ".response.refresh").constData(), bar);
    auto* const texts = new QVBoxLayout;
    texts->setSpacing(0);
    texts->addWidget(m_summary);
    texts->addWidget(m_timings);
    auto* const row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addLayout(texts, 1);
    row->addWidget(m_notFound);
    row->addWidget(m_find);
    row->addWidget(previous);
    row->addWidget(next);
    row->addWidget(m_toFault);
    row->addWidget(refresh);

    connect(m_find, &QLineEdit::textChanged, this, [this] {
        // What is found grows with the word instead of jumping on.
        QTextCursor cursor = m_body->textCursor();
        cursor.setPosition(cursor.selectionStart());
        m_body->setTextCursor(cursor);
        find(false);
    });
    connect(m_find, &QLineEdit::returnPressed, this,
            [this] { find(QGuiApplication::keyboardModifiers().testFlag(Qt::ShiftModifier)); });
    connect(previous, &QToolButton::clicked, this, [this] { find(true); });
    connect(next, &QToolButton::clicked, this, [this] { find(false); });
    connect(m_toFault, &QToolButton::clicked, this, [this] { m_body->showMarkedLine(); });
    connect(refresh, &QToolButton::clicked, this, &ResponseView::refreshWanted);
    return bar;
}

void ResponseView::find(bool backwards)
{
    m_notFound->setVisible(!m_body->findNext(m_find->text(), backwards));
}

void ResponseView::clear(const QString& why)
{
    m_answeredAt.reset();
    m_head.clear();
    m_summary->setText(why);
    m_timings->clear();
    m_timings->hide();
    m_fault->setError({});
    m_note->clear();
    m_note->hide();
    m_notFound->hide();
    m_toFault->setEnabled(false);
    m_body->setBody({}, 0);
}

void ResponseView::setDetail(const engine::TargetDetail& detail, Timestamp now)
{
    clear();
    m_fault->setError(fromUtf8(detail.error));
    if (detail.answeredAt == Timestamp{}) {
        m_summary->setText(tr("No answer yet"));
        return;
    }
    m_answeredAt = detail.answeredAt;
    QStringList head;
    if (detail.status != 0) {
        head << tr("Status %1").arg(detail.status);
    }
    if (!detail.contentType.empty()) {
        head << fromUtf8(detail.contentType);
    }
    head << bytesText(double(detail.body.size()));
    m_head = head.join(u" · "_s);
    setNow(now);
    m_timings->setText(timingsText(detail.timings));
    m_timings->setVisible(!m_timings->text().isEmpty());
    if (!isText(detail.contentType)) {
        m_note->setText(tr("The answer is not text, so it is not shown."));
    } else {
        if (detail.isCut) {
            m_note->setText(tr("Only the first %1 are shown; there is more.")
                                .arg(bytesText(double(detail.body.size()))));
        }
        m_body->setBody(fromUtf8(detail.body), int(detail.errorLine));
        m_toFault->setEnabled(detail.errorLine > 0);
    }
    m_note->setVisible(!m_note->text().isEmpty());
}

void ResponseView::setNow(Timestamp now)
{
    if (m_answeredAt) {
        m_summary->setText(
            u"%1 · %2 (%3)"_s.arg(m_head, agoText(*m_answeredAt, now), clockText(*m_answeredAt)));
    }
}

} // namespace watchfire::ui
