// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QHostAddress>
#include <QNetworkDatagram>
#include <QObject>
#include <QStringList>
#include <QUdpSocket>

namespace watchfire::tests {

/// A name server over UDP that knows what it is told. Answers while the events of its thread are
/// handled.
/// Source: RFC 1035, section 4; RFC 2782 for SRV.
class FakeDns : public QObject {
public:
    enum Type : quint16 { a = 1, ns = 2, cname = 5, mx = 15, aaaa = 28, srv = 33 };
    enum Code : quint8 { fine = 0, serverFailure = 2, noSuchName = 3, refused = 5 };

    QStringList asked; ///< "name type", in order
    bool isSilent = false;

    FakeDns()
    {
        if (!m_socket.bind(QHostAddress::LocalHost, 0)) {
            qFatal("no port for a name server");
        }
        connect(&m_socket, &QUdpSocket::readyRead, this, [this] { answerAll(); });
    }

    quint16 port() const { return m_socket.localPort(); }

    void add(const QByteArray& name, Type type, const QByteArray& data)
    {
        m_records[key(name, type)] << data;
        m_names << name;
    }
    void failFor(const QByteArray& name, Code code) { m_codes.insert(name, code); }

    static QByteArray number(quint16 value)
    {
        QByteArray out;
        out.append(char(value >> 8));
        out.append(char(value & 0xFF));
        return out;
    }
    /// A name as labels.
    static QByteArray wire(const QByteArray& name)
    {
        QByteArray out;
        for (const QByteArray& label : name.split('.')) {
            out += char(label.size()) + label;
        }
        return out + '\0';
    }

private:
    static QByteArray key(const QByteArray& name, quint16 type)
    {
        return name + ' ' + QByteArray::number(type);
    }

    void answerAll()
    {
        while (m_socket.hasPendingDatagrams()) {
            const QNetworkDatagram query = m_socket.receiveDatagram();
            if (const QByteArray reply = answer(query.data()); !isSilent) {
                m_socket.writeDatagram(query.makeReply(reply));
            }
        }
    }

    QByteArray answer(const QByteArray& query)
    {
        constexpr qsizetype head = 12;
        QByteArray name;
        qsizetype at = head;
        while (at < query.size() && query[at] != 0) {
            const qsizetype size = query[at];
            name += (name.isEmpty() ? "" : ".") + query.mid(at + 1, size);
            at += size + 1;
        }
        const QByteArray question = query.mid(head, at + 5 - head);
        const quint16 type = quint16(quint8(question[question.size() - 4]) << 8
                                     | quint8(question[question.size() - 3]));
        asked << QString::fromLatin1(key(name, type));
        const QList<QByteArray> records = m_records.value(key(name, type));
        quint8 code = m_codes.value(name, fine);
        if (code == fine && !m_names.contains(name)) {
            code = noSuchName;
        }
        QByteArray out = query.first(2) + QByteArray("\x81", 1) + char(0x80 | code) + number(1)
            + number(quint16(code == fine ? records.size() : 0)) + number(0) + number(0) + question;
        for (const QByteArray& data : code == fine ? records : QList<QByteArray>()) {
            out += number(0xC00C) + number(type) + number(1) + number(0) + number(60)
                + number(quint16(data.size())) + data;
        }
        return out;
    }

    QUdpSocket m_socket;
    QHash<QByteArray, QList<QByteArray>> m_records;
    QList<QByteArray> m_names;
    QHash<QByteArray, Code> m_codes;
};

} // namespace watchfire::tests
