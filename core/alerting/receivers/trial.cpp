// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/receivers/trial.h"

#include <charconv>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <utility>

namespace watchfire::alerting {

namespace {

constexpr std::size_t longestAnswer = std::size_t{64} << 10;

/// What a server said last.
struct Heard {
    int status = 0;
    std::string answer;
};

/// Passes requests on and keeps what is answered.
class ListeningFetcher final : public HttpFetcher {
public:
    explicit ListeningFetcher(HttpFetcher& inner)
        : m_inner(inner)
    {
    }
    Ticket fetch(HttpRequest request, Reply<HttpResponse> reply) override
    {
        return m_inner.fetch(
            std::move(request),
            [heard = m_heard, reply = std::move(reply)](Result<HttpResponse> response) mutable {
                *heard = {};
                if (response) {
                    heard->status = response->status;
                    heard->answer = response->body.substr(0, longestAnswer);
                }
                reply(std::move(response));
            });
    }
    Heard heard() const { return *m_heard; }
    void forget() { *m_heard = {}; }

private:
    HttpFetcher& m_inner;
    std::shared_ptr<Heard> m_heard = std::make_shared<Heard>();
};

/// The same for mail.
class ListeningMail final : public MailSender {
public:
    explicit ListeningMail(MailSender& inner)
        : m_inner(inner)
    {
    }
    Ticket send(MailMessage message, Reply<void> reply) override
    {
        m_answer = std::make_shared<std::string>();
        message.answer = m_answer;
        return m_inner.send(std::move(message), std::move(reply));
    }
    Heard heard() const
    {
        Heard out;
        if (m_answer) {
            out.answer = *m_answer;
            std::from_chars(out.answer.data(), out.answer.data() + out.answer.size(), out.status);
        }
        return out;
    }

    void forget() { m_answer.reset(); }

private:
    MailSender& m_inner;
    std::shared_ptr<std::string> m_answer;
};

Notification testNotification(const std::string& receiver, const std::string& externalUrl,
                              bool resolved, Timestamp now)
{
    Notification out;
    out.groupKey = "{}:{alertname=\"TestNotification\"}";
    out.receiver = receiver;
    out.reason = resolved ? "all alerts resolved" : "first notification";
    out.groupLabels = {{"alertname", "TestNotification"}};
    out.commonLabels = {{"alertname", "TestNotification"}, {"severity", "info"}};
    out.commonAnnotations = {{"summary", "This is a test of Watchfire."}};
    out.externalUrl = externalUrl;
    Alert alert;
    alert.labels = out.commonLabels;
    alert.annotations = out.commonAnnotations;
    alert.startsAt = now;
    if (resolved) {
        alert.endsAt = now;
    }
    out.alerts = {std::move(alert)};
    (resolved ? out.resolved : out.firing) = 1;
    return out;
}

/// One after another, each begun when the one before it is answered. It lives as long as a reply
/// is awaited.
class Trial : public std::enable_shared_from_this<Trial> {
public:
    Trial(const Outside& outside, Notification notification, Reply<std::vector<TrialAnswer>> reply)
        : m_fetcher(outside.fetcher)
        , m_notification(std::move(notification))
        , m_reply(std::move(reply))
    {
        if (outside.mail != nullptr) {
            m_mail = std::make_unique<ListeningMail>(*outside.mail);
        }
    }

    void begin(const config::ReceiverConfig& receiver, const config::ReceiverGlobals& globals,
               SharedTemplates templates, const Outside& outside)
    {
        const Outside listening{m_fetcher,       outside.notifier, outside.clock,
                                outside.workers, m_mail.get(),     outside.host};
        m_integrations = makeIntegrations(receiver, globals, std::move(templates), listening);
        next();
    }
    std::stop_source stop() const { return m_stop; }

    /// Once this returned, nothing of here calls anybody.
    void end()
    {
        const std::lock_guard lock(m_mutex);
        m_ended = true;
    }

private:
    void next()
    {
        const std::lock_guard lock(m_mutex);
        if (m_ended) {
            return;
        }
        if (m_answers.size() == m_integrations.size()) {
            m_reply(std::move(m_answers));
            return;
        }
        m_fetcher.forget();
        if (m_mail) {
            m_mail->forget();
        }
        const Integration& integration = m_integrations[m_answers.size()];
        integration.receiver
            ->send(
                m_notification,
                [self = shared_from_this()](const Result<void>& result) { self->answered(result); })
            .detach();
    }

    void answered(const Result<void>& result)
    {
        const std::lock_guard lock(m_mutex);
        if (m_ended) {
            return;
        }
        TrialAnswer answer;
        answer.integration = m_integrations[m_answers.size()].name;
        answer.ok = result.has_value();
        answer.error = result ? std::string() : result.error().message;
        const bool isMail = answer.integration.starts_with("email/");
        const Heard heard = !isMail ? m_fetcher.heard() : m_mail ? m_mail->heard() : Heard();
        if (answer.integration != "desktop") {
            answer.status = heard.status;
            answer.answer = heard.answer;
        }
        m_answers.push_back(std::move(answer));
        next();
    }

    ListeningFetcher m_fetcher;
    std::unique_ptr<ListeningMail> m_mail;
    Notification m_notification;
    Reply<std::vector<TrialAnswer>> m_reply;
    std::vector<Integration> m_integrations;
    std::vector<TrialAnswer> m_answers;
    std::recursive_mutex m_mutex; ///< an answer may come within the call that asks
    bool m_ended = false;
    std::stop_source m_stop;
    std::stop_callback<std::function<void()>> m_onStop{m_stop.get_token(), [this] { end(); }};
};

} // namespace

std::stop_source tryReceiver(const config::ReceiverConfig& receiver,
                             const config::ReceiverGlobals& globals, SharedTemplates templates,
                             const Outside& outside, const std::string& externalUrl, bool resolved,
                             Reply<std::vector<TrialAnswer>> reply)
{
    auto trial = std::make_shared<Trial>(
        outside, testNotification(receiver.name, externalUrl, resolved, outside.clock.now()),
        std::move(reply));
    trial->begin(receiver, globals, std::move(templates), outside);
    return trial->stop();
}

} // namespace watchfire::alerting
