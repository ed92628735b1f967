// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/mail_sender.h"

#include <algorithm>
#include <future>
#include <map>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;

namespace {

/// Takes one connection on a loopback port, and answers SMTP as told.
class SmtpSink {
public:
    /// Answers by the first word of a command; the rest get 250.
    explicit SmtpSink(std::map<std::string, std::string> answers)
        : m_answers(std::move(answers))
        , m_listener(::socket(AF_INET, SOCK_STREAM, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const plain = reinterpret_cast<sockaddr*>(&address); // the interface's way
        ::bind(m_listener, plain, size);
        ::listen(m_listener, 1);
        ::getsockname(m_listener, plain, &size);
        port = ntohs(address.sin_port);
        m_thread = std::thread([this] { serve(); });
    }
    ~SmtpSink()
    {
        ::shutdown(m_listener, SHUT_RDWR);
        if (m_thread.joinable()) {
            m_thread.join();
        }
        ::close(m_listener);
    }
    SmtpSink(const SmtpSink&) = delete;
    SmtpSink& operator=(const SmtpSink&) = delete;

    std::uint16_t port = 0;

    /// Ends the thread, so that what was heard may be looked at.
    const std::vector<std::string>& heard()
    {
        ::shutdown(m_listener, SHUT_RDWR);
        if (m_thread.joinable()) {
            m_thread.join();
        }
        return m_heard;
    }

private:
    void serve()
    {
        const int peer = ::accept(m_listener, nullptr, nullptr);
        if (peer < 0) {
            return;
        }
        say(peer, "220 sink");
        std::string line;
        bool inData = false;
        bool inLogin = false; // what comes is the secret
        for (char c = 0; ::read(peer, &c, 1) == 1;) {
            if (c != '\n') {
                line += c;
                continue;
            }
            if (line.ends_with('\r')) {
                line.pop_back();
            }
            m_heard.push_back(line);
            const std::string word = line.substr(0, line.find_first_of(" :"));
            if (inData) {
                if (line == ".") {
                    inData = false;
                    say(peer, "250 taken");
                }
            } else if (inLogin) {
                inLogin = false;
                say(peer, "235 welcome");
            } else if (const auto answer = m_answers.find(word); answer != m_answers.end()) {
                inLogin = answer->second.starts_with("334");
                say(peer, answer->second);
            } else if (word == "DATA") {
                inData = true;
                say(peer, "354 go on");
            } else {
                say(peer, word == "QUIT" ? "221 bye" : "250 fine");
            }
            line.clear();
        }
        ::close(peer);
    }

    static void say(int peer, const std::string& text)
    {
        const std::string line = text + "\r\n";
        static_cast<void>(::send(peer, line.data(), line.size(), MSG_NOSIGNAL));
    }

    std::map<std::string, std::string> m_answers;
    int m_listener;
    std::vector<std::string> m_heard;
    std::thread m_thread;
};

MailMessage mail(std::uint16_t port)
{
    MailMessage message;
    message.server.host = "127.0.0.1";
    message.server.port = port;
    message.server.hello = "me.example";
    message.server.security = MailSecurity::none;
    message.from = "a@x.example";
    message.to = {"b@y.example", "c@z.example"};
    message.text = "Subject: s\r\n\r\nhello\r\n.dot\r\n";
    return message;
}

Result<void> sent(net::CurlMailSender& sender, MailMessage message)
{
    std::promise<Result<void>> answer;
    const Ticket ticket = sender.send(std::move(message), [&answer](Result<void> result) {
        answer.set_value(std::move(result));
    });
    return answer.get_future().get();
}

} // namespace

class TestMailSender : public QObject {
    Q_OBJECT
private slots:
    void sendsAMessage()
    {
        SmtpSink sink({{"EHLO", "250-sink\r\n250 AUTH PLAIN"}, {"AUTH", "334 "}});
        net::CurlMailSender sender;
        MailMessage message = mail(sink.port);
        message.server.user = "u";
        message.server.password = Secret("p");
        const auto result = sent(sender, message);
        QVERIFY2(result.has_value(), result ? "" : result.error().message.c_str());
        const auto& heard = sink.heard();
        QCOMPARE(heard.at(0), std::string("EHLO me.example"));
        const auto has = [&heard](std::string_view start) {
            return std::ranges::any_of(
                heard, [start](const std::string& line) { return line.starts_with(start); });
        };
        QVERIFY(has("AUTH PLAIN"));
        QVERIFY(has("AHUAcA==")); // NUL u NUL p: RFC 4616
        QVERIFY(has("MAIL FROM:<a@x.example>"));
        QVERIFY(has("RCPT TO:<b@y.example>"));
        QVERIFY(has("RCPT TO:<c@z.example>"));
        QVERIFY(has("hello"));
        QVERIFY(has("..dot")); // RFC 5321, 4.5.2
    }

    void whatAServerSays_data()
    {
        QTest::addColumn<QByteArray>("command");
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<bool>("startTls");
        QTest::addColumn<int>("kind");
        QTest::newRow("a recipient it does not know")
            << "RCPT"_ba << "550 no such user"_ba << false << int(ErrorKind::invalid);
        QTest::newRow("try later")
            << "MAIL"_ba << "451 busy"_ba << false << int(ErrorKind::unavailable);
        QTest::newRow("no STARTTLS though it is wanted")
            << "EHLO"_ba << "250 sink"_ba << true << int(ErrorKind::unavailable);
    }

    void whatAServerSays()
    {
        QFETCH(QByteArray, command);
        QFETCH(QByteArray, answer);
        QFETCH(bool, startTls);
        QFETCH(int, kind);
        SmtpSink sink({{command.toStdString(), answer.toStdString()}});
        net::CurlMailSender sender;
        MailMessage message = mail(sink.port);
        message.server.security = startTls ? MailSecurity::startTls : MailSecurity::none;
        const auto result = sent(sender, message);
        QVERIFY(!result);
        QCOMPARE(int(result.error().kind), kind);
        QVERIFY(std::ranges::none_of(sink.heard(), [](const std::string& line) {
            return line.starts_with("DATA"); // nothing goes out unprotected or to nobody
        }));
    }

    void nobodyListens()
    {
        std::uint16_t port = 0;
        {
            const SmtpSink gone({});
            port = gone.port;
        }
        net::CurlMailSender sender;
        const auto result = sent(sender, mail(port));
        QVERIFY(!result && result.error().kind == ErrorKind::unavailable);
    }
};

QTEST_GUILESS_MAIN(TestMailSender)
#include "tst_mail_sender.moc"
