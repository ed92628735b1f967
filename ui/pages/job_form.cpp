// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/job_form.h"

#include "core/text/duration.h"
#include "ui/models/format.h"

#include <algorithm>

#include <QCoreApplication>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::JobForm)
};

std::optional<std::chrono::milliseconds> duration(const QString& text,
                                                  std::chrono::milliseconds otherwise)
{
    if (text.trimmed().isEmpty()) {
        return otherwise;
    }
    const auto parsed = text::parseDuration(text.trimmed().toStdString());
    return parsed && parsed->count() > 0 ? std::optional(*parsed) : std::nullopt;
}

QString durationFault(const QString& text)
{
    return duration(text, std::chrono::seconds(1))
        ? QString()
        : Words::tr("Write a duration such as 15s, 1m or 1m30s.");
}

bool hasPassword(const config::ScrapeConfig& job)
{
    const auto* const basic = std::get_if<BasicAuth>(&job.client.auth);
    return basic != nullptr && (!basic->password.empty() || !basic->passwordFile.empty());
}

bool hasToken(const config::ScrapeConfig& job)
{
    const auto* const bearer = std::get_if<BearerAuth>(&job.client.auth);
    return bearer != nullptr && (!bearer->token.empty() || !bearer->tokenFile.empty());
}

QString authFault(const JobForm& form, const config::ScrapeConfig& base)
{
    switch (form.auth) {
    case JobForm::Auth::none:
        break;
    case JobForm::Auth::basic:
        if (form.user.trimmed().isEmpty()) {
            return Words::tr("Basic authentication needs a user name.");
        }
        break;
    case JobForm::Auth::bearer:
        if (form.token.trimmed().isEmpty() && !hasToken(base)) {
            return Words::tr("Bearer authentication needs a token.");
        }
        break;
    }
    return {};
}

} // namespace

JobForm JobForm::of(const config::ScrapeConfig& job)
{
    JobForm form;
    form.name = fromUtf8(job.jobName);
    QStringList targets;
    if (!job.staticConfigs.empty()) {
        for (const std::string& target : job.staticConfigs.front().targets) {
            targets << fromUtf8(target);
        }
    }
    form.targets = targets.join(u", "_s);
    form.interval = fromUtf8(text::formatDuration(job.scrapeInterval));
    form.timeout = fromUtf8(text::formatDuration(job.scrapeTimeout));
    form.path = fromUtf8(job.metricsPath);
    form.scheme = fromUtf8(job.scheme);
    if (const auto* const basic = std::get_if<BasicAuth>(&job.client.auth)) {
        form.auth = Auth::basic;
        form.user = fromUtf8(basic->user);
    } else if (std::holds_alternative<BearerAuth>(job.client.auth)) {
        form.auth = Auth::bearer;
    }
    form.caFile = fromUtf8(job.client.tls.caFile);
    form.skipVerify = job.client.tls.skipVerify;
    return form;
}

std::vector<std::string> splitTargets(const QString& text)
{
    static const QRegularExpression separators(u"[\\s,;]+"_s);
    std::vector<std::string> targets;
    const QStringList words = text.split(separators, Qt::SkipEmptyParts);
    for (const QString& word : words) {
        std::string target = word.toStdString();
        if (std::ranges::find(targets, target) == targets.end()) {
            targets.push_back(std::move(target));
        }
    }
    return targets;
}

QString targetFault(const QString& address)
{
    if (address.contains(u"://"_s)) {
        return Words::tr("“%1”: write host:port without http:// or https://; the scheme is chosen "
                         "below.")
            .arg(address);
    }
    if (address.contains(u'/')) {
        return Words::tr("“%1”: the path belongs in its own field below.").arg(address);
    }
    static const QRegularExpression form(
        u"^(\\[[0-9A-Fa-f:.%a-z]+\\]|[^\\s:\\[\\]]+)(?::(\\d{1,5}))?$"_s);
    const QRegularExpressionMatch match = form.match(address);
    if (!match.hasMatch()) {
        return Words::tr("“%1” is not host:port.").arg(address);
    }
    const QString port = match.captured(2);
    if (!port.isEmpty() && (port.toInt() < 1 || port.toInt() > 65535)) {
        return Words::tr("“%1”: a port is between 1 and 65535.").arg(address);
    }
    return {};
}

JobFaults check(const JobForm& form, const config::ScrapeConfig& base,
                const config::GlobalConfig& global, const QStringList& taken)
{
    JobFaults faults;
    const QString name = form.name.trimmed();
    if (name.isEmpty()) {
        faults.name = Words::tr("A job needs a name; its series carry it as the label “job”.");
    } else if (taken.contains(name)) {
        faults.name = Words::tr("There is a job of that name already.");
    }

    const auto targets = splitTargets(form.targets);
    if (targets.empty()) {
        faults.targets = Words::tr("Name at least one target, such as localhost:9100.");
    }
    for (const std::string& target : targets) {
        if (faults.targets = targetFault(fromUtf8(target)); !faults.targets.isEmpty()) {
            break;
        }
    }

    faults.interval = durationFault(form.interval);
    faults.timeout = durationFault(form.timeout);
    if (faults.interval.isEmpty() && faults.timeout.isEmpty()) {
        const auto interval = *duration(form.interval, global.scrapeInterval);
        const auto timeout = *duration(form.timeout, std::min(interval, global.scrapeTimeout));
        if (timeout > interval) {
            faults.timeout = Words::tr("The timeout cannot exceed the interval of %1.")
                                 .arg(fromUtf8(text::formatDuration(interval)));
        }
    }
    if (!form.path.trimmed().startsWith(u'/')) {
        faults.path = Words::tr("The path starts with “/”.");
    }
    faults.auth = authFault(form, base);
    return faults;
}

config::ScrapeConfig toJob(const JobForm& form, const config::ScrapeConfig& base,
                           const config::GlobalConfig& global)
{
    config::ScrapeConfig job = base;
    job.jobName = form.name.trimmed().toStdString();
    job.scrapeInterval
        = duration(form.interval, global.scrapeInterval).value_or(global.scrapeInterval);
    const auto usualTimeout = std::min(job.scrapeInterval, global.scrapeTimeout);
    job.scrapeTimeout = duration(form.timeout, usualTimeout).value_or(usualTimeout);
    job.metricsPath = form.path.trimmed().toStdString();
    job.scheme = form.scheme.toStdString();
    if (job.staticConfigs.empty()) {
        job.staticConfigs.emplace_back();
    }
    job.staticConfigs.front().targets = splitTargets(form.targets);

    switch (form.auth) {
    case JobForm::Auth::none:
        job.client.auth = std::monostate();
        break;
    case JobForm::Auth::basic: {
        BasicAuth basic = hasPassword(base) ? std::get<BasicAuth>(base.client.auth) : BasicAuth{};
        basic.user = form.user.trimmed().toStdString();
        if (!form.password.isEmpty()) {
            basic.password = Secret(form.password.toStdString());
            basic.passwordFile.clear();
        }
        job.client.auth = std::move(basic);
        break;
    }
    case JobForm::Auth::bearer: {
        BearerAuth bearer = hasToken(base) ? std::get<BearerAuth>(base.client.auth) : BearerAuth{};
        if (!form.token.trimmed().isEmpty()) {
            bearer.token = Secret(form.token.trimmed().toStdString());
            bearer.tokenFile.clear();
        }
        job.client.auth = std::move(bearer);
        break;
    }
    }
    job.client.tls.caFile = form.caFile.trimmed().toStdString();
    job.client.tls.skipVerify = form.skipVerify;
    return job;
}

} // namespace watchfire::ui
