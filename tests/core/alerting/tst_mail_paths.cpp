// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From alertmanager.yml to what a mail server on loopback hears: in the clear, with STARTTLS and
// with TLS from the first byte, with each kind of authentication.
#include "core/alerting/receivers/trial.h"
#include "tests/core/alerting/receiver_rig.h"
#include "tests/support/test_authority.h"
#include "tests/support/test_server.h"

#include <format>
#include <future>
#include <mutex>

#include <QByteArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace watchfire;
using namespace watchfire::tests;

namespace {

/// A server that takes mail. Source: RFC 5321, RFC 3207, RFC 4954.
class MailSink {
public:
    struct Options {
        std::optional<TestServerTls> tls{};
        std::string mechanisms{}; ///< that it offers: "PLAIN LOGIN"
        std::string dataAnswer = "250 2.0.0 queued as 4711";
    };

    explicit MailSink(Options options)
        : m_options(std::move(options))
        , m_server([this](TestConnection& connection) { serve(connection); }, withTls(m_options))
    {
    }
    std::uint16_t port() const { return m_server.port(); }
    /// What clients said, line by line; lines under TLS begin with "*".
    std::vector<std::string> heard()
    {
        const std::lock_guard lock(m_mutex);
        return m_heard;
    }
    std::string mail()
    {
        const std::lock_guard lock(m_mutex);
        return m_mail;
    }

private:
    static TestServerOptions withTls(const Options& options)
    {
        TestServerOptions out;
        out.tls = options.tls;
        return out;
    }

    std::string readLine(TestConnection& connection, std::string& left)
    {
        std::size_t end = 0;
        while ((end = left.find("\r\n")) == std::string::npos) {
            const std::string more = connection.read();
            if (more.empty()) {
                return {};
            }
            left += more;
        }
        std::string line = left.substr(0, end);
        left.erase(0, end + 2);
        return line;
    }

    void note(const TestConnection& connection, const std::string& line)
    {
        const std::lock_guard lock(m_mutex);
        m_heard.push_back((connection.version().empty() ? "" : "*") + line);
    }

    void serve(TestConnection& connection)
    {
        std::string left;
        connection.write("220 sink.example ESMTP\r\n");
        for (std::string line = readLine(connection, left); !line.empty();
             line = readLine(connection, left)) {
            note(connection, line);
            const std::string word = line.substr(0, line.find(' '));
            if (word == "EHLO") {
                connection.write(greeting(connection));
            } else if (word == "STARTTLS") {
                connection.write("220 go ahead\r\n");
                if (!connection.beginTls()) {
                    return;
                }
            } else if (word == "AUTH") {
                authenticate(connection, line, left);
            } else if (word == "DATA") {
                takeMail(connection, left);
            } else if (word == "QUIT") {
                connection.write("221 bye\r\n");
                return;
            } else {
                connection.write("250 fine\r\n");
            }
        }
    }

    std::string greeting(const TestConnection& connection) const
    {
        std::string out = "250-sink.example\r\n";
        const bool isSecret = !connection.version().empty();
        if (m_options.tls && m_options.tls->isLater && !isSecret) {
            out += "250-STARTTLS\r\n";
        }
        if (!m_options.mechanisms.empty() && (isSecret || !m_options.tls)) {
            out += "250-AUTH " + m_options.mechanisms + "\r\n";
        }
        return out + "250 8BITMIME\r\n";
    }

    /// Whatever comes is right; what was said is kept decoded.
    void authenticate(TestConnection& connection, const std::string& line, std::string& left)
    {
        const auto decoded = [](const std::string& text) {
            return QByteArray::fromBase64(QByteArray::fromStdString(text))
                .replace('\0', '|')
                .toStdString();
        };
        const std::string mechanism = line.substr(5, line.find(' ', 5) - 5);
        if (mechanism == "PLAIN") {
            std::string answer = line.size() > 11 ? line.substr(11) : std::string();
            if (answer.empty()) {
                connection.write("334 \r\n");
                answer = readLine(connection, left);
            }
            note(connection, "PLAIN " + decoded(answer));
        } else {
            connection.write(mechanism == "LOGIN" ? "334 VXNlcm5hbWU6\r\n"
                                                  : "334 PDFAc2luaz4=\r\n");
            note(connection, mechanism + " " + decoded(readLine(connection, left)));
            if (mechanism == "LOGIN") {
                connection.write("334 UGFzc3dvcmQ6\r\n");
                note(connection, "LOGIN " + decoded(readLine(connection, left)));
            }
        }
        connection.write("235 welcome\r\n");
    }

    void takeMail(TestConnection& connection, std::string& left)
    {
        connection.write("354 go on\r\n");
        std::string mail;
        for (std::string line = readLine(connection, left); line != ".";) {
            mail += line + "\n";
            // An empty line is part of a mail.
            std::size_t end = 0;
            while ((end = left.find("\r\n")) == std::string::npos) {
                const std::string more = connection.read();
                if (more.empty()) {
                    return;
                }
                left += more;
            }
            line = left.substr(0, end);
            left.erase(0, end + 2);
        }
        {
            const std::lock_guard lock(m_mutex);
            m_mail = std::move(mail);
        }
        connection.write(m_options.dataAnswer + "\r\n");
    }

    Options m_options;
    std::mutex m_mutex;
    std::vector<std::string> m_heard;
    std::string m_mail;
    TestServer m_server; // last: its threads use the rest
};

std::string configOf(std::uint16_t port, const std::string& more, const std::string& global = {})
{
    return std::format("global:\n"
                       "  smtp_smarthost: '127.0.0.1:{}'\n"
                       "  smtp_from: 'Wätch <watch@x.example>'\n"
                       "  smtp_hello: me.example\n"
                       "{}"
                       "route: {{receiver: team, group_by: [alertname], group_wait: 10s}}\n"
                       "receivers:\n"
                       "- name: team\n"
                       "  email_configs:\n"
                       "  - to: 'a@y.example, B <b@z.example>'\n"
                       "    html: ''\n"
                       "    text: '{{{{ .CommonAnnotations.summary }}}}'\n"
                       "    headers: {{X-Kind: '{{{{ .Status }}}}'}}\n"
                       "{}",
                       port, global, more);
}

Alert alert()
{
    Alert out;
    out.labels = {{"alertname", "DiskFull"}};
    out.annotations = {{"summary", "Disk is full"}};
    out.startsAt = ReceiverRig::TurnedClock().at;
    return out;
}

bool isThere(const std::vector<std::string>& lines, const std::string& line)
{
    return std::ranges::contains(lines, line);
}

} // namespace

class TestMailPaths : public QObject {
    Q_OBJECT

    TestAuthority m_authority;

    MailSink::Options secured(bool later, std::string mechanisms) const
    {
        MailSink::Options out;
        out.tls = TestServerTls{m_authority.issue("sink", "IP:127.0.0.1")};
        out.tls->isLater = later;
        out.mechanisms = std::move(mechanisms);
        return out;
    }

    /// As a value of YAML.
    std::string authority() const
    {
        return '"' + QByteArray::fromStdString(m_authority.pem()).replace("\n", "\\n").toStdString()
            + '"';
    }

private slots:
    void inTheClear()
    {
        MailSink sink({});
        ReceiverRig rig(configOf(sink.port(), "    require_tls: false\n"));
        QVERIFY2(rig.fault.empty(), rig.fault.c_str());
        rig.put({alert()});
        QVERIFY(rig.turn(10s, 1));
        QCOMPARE(rig.events[0], std::string("told team (email/0)"));
        const auto heard = sink.heard();
        QVERIFY(isThere(heard, "EHLO me.example"));
        QVERIFY(isThere(heard, "MAIL FROM:<watch@x.example>"));
        QVERIFY(isThere(heard, "RCPT TO:<a@y.example>"));
        QVERIFY(isThere(heard, "RCPT TO:<b@z.example>"));
        const QByteArray mail = QByteArray::fromStdString(sink.mail());
        QVERIFY2(mail.contains("\nTo: a@y.example, B <b@z.example>\n"), mail.constData());
        QVERIFY2(mail.startsWith("Subject: [FIRING:1] DiskFull"), mail.constData());
        QVERIFY2(mail.contains("\nX-Kind: firing\n"), mail.constData());
        QVERIFY2(mail.contains("@host.example>\n"), mail.constData());
        QVERIFY2(mail.contains("\n\nDisk is full\n--"), mail.constData());
        QVERIFY2(!mail.contains("text/html"), mail.constData());
    }

    void securely_data()
    {
        QTest::addColumn<bool>("later");
        QTest::addColumn<QByteArray>("mechanisms");
        QTest::addColumn<QByteArray>("keys");
        QTest::addColumn<QByteArrayList>("said");
        const QByteArray user = "    auth_username: me\n"_ba;
        QTest::newRow("STARTTLS, PLAIN")
            << true << "PLAIN LOGIN"_ba << user + "    auth_password: pw\n"
            << QByteArrayList{"*PLAIN |me|pw"};
        QTest::newRow("STARTTLS, PLAIN for somebody else")
            << true << "PLAIN"_ba << user + "    auth_password: pw\n    auth_identity: you\n"
            << QByteArrayList{"*PLAIN you|me|pw"};
        QTest::newRow("TLS, LOGIN")
            << false << "LOGIN CRAM-MD5"_ba << user + "    auth_password: pw\n"
            << QByteArrayList{"*LOGIN me", "*LOGIN pw"};
        // HMAC-MD5 of <1@sink> under "sec", by openssl dgst -md5 -hmac.
        QTest::newRow("TLS, CRAM-MD5")
            << false << "CRAM-MD5 PLAIN"_ba << user + "    auth_secret: sec\n"
            << QByteArrayList{"*CRAM-MD5 me eb0ce0f571843b863b973edd7e139d76"};
        QTest::newRow("TLS, nobody") << false << ""_ba << ""_ba << QByteArrayList{};
    }

    void securely()
    {
        QFETCH(bool, later);
        QFETCH(QByteArray, mechanisms);
        QFETCH(QByteArray, keys);
        QFETCH(QByteArrayList, said);
        MailSink sink(secured(later, mechanisms.toStdString()));
        const std::string tls = "    tls_config: {ca: " + authority() + "}\n"
            + (later ? "" : "    force_implicit_tls: true\n");
        ReceiverRig rig(configOf(sink.port(), tls + keys.toStdString()));
        QVERIFY2(rig.fault.empty(), rig.fault.c_str());
        rig.put({alert()});
        QVERIFY(rig.turn(10s, 1));
        QCOMPARE(rig.events[0], std::string("told team (email/0)"));
        const auto heard = sink.heard();
        for (const QByteArray& line : said) {
            QVERIFY2(isThere(heard, line.toStdString()), line.constData());
        }
        QVERIFY(isThere(heard, "*MAIL FROM:<watch@x.example>"));
        QVERIFY(sink.mail().contains("Disk is full"));
    }

    /// A server that is not believed, or offers no TLS, gets no mail and no password.
    void toNobodyElse_data()
    {
        QTest::addColumn<bool>("secures");
        QTest::newRow("no TLS is offered") << false;
        QTest::newRow("another authority") << true;
    }

    void toNobodyElse()
    {
        QFETCH(bool, secures);
        MailSink sink(secures ? secured(true, "PLAIN") : MailSink::Options{{}, "PLAIN"});
        ReceiverRig rig(configOf(sink.port(), "    auth_username: me\n    auth_password: pw\n"));
        QVERIFY2(rig.fault.empty(), rig.fault.c_str());
        const auto answers = tried(rig);
        QCOMPARE(answers.size(), std::size_t(1));
        QVERIFY(!answers[0].ok);
        QVERIFY(!answers[0].error.empty());
        for (const std::string& line : sink.heard()) {
            QVERIFY2(!line.contains("AUTH") && !line.contains("MAIL FROM"), line.c_str());
        }
    }

    void aTestTellsTheServersWords()
    {
        MailSink sink({});
        ReceiverRig rig(configOf(sink.port(), "", "  smtp_require_tls: false\n"));
        QVERIFY2(rig.fault.empty(), rig.fault.c_str());
        const auto taken = tried(rig);
        QCOMPARE(taken.at(0).answer, std::string("250 2.0.0 queued as 4711"));
        QCOMPARE(taken[0].status, 250);
        QVERIFY(taken[0].ok);
        MailSink full({{}, {}, "552 5.2.2 mailbox full"});
        ReceiverRig other(configOf(full.port(), "", "  smtp_require_tls: false\n"));
        const auto refused = tried(other);
        QCOMPARE(refused.at(0).answer, std::string("552 5.2.2 mailbox full"));
        QCOMPARE(refused[0].status, 552);
        QVERIFY(!refused[0].ok);
    }

private:
    static std::vector<alerting::TrialAnswer> tried(ReceiverRig& rig)
    {
        std::promise<std::vector<alerting::TrialAnswer>> done;
        const auto stop = alerting::tryReceiver(
            rig.config.receivers.front(), rig.config.globals, alerting::templatesOf(rig.config),
            rig.outside(), "http://am.example", false,
            [&done](Result<std::vector<alerting::TrialAnswer>> answers) {
                done.set_value(*std::move(answers));
            });
        return done.get_future().get();
    }
};

QTEST_GUILESS_MAIN(TestMailPaths)
#include "tst_mail_paths.moc"
