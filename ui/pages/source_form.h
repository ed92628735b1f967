// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "ui/pages/client_form.h"
#include "ui/pages/form_text.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <QString>
#include <QStringList>

/// Where the targets of a job come from, as fields. A job may have several sources; the list of
/// static groups counts as one.
namespace watchfire::ui {

enum class SourceKind { statics, file, http, dns, docker, consul, kubernetes, foreign };

/// Static targets that share labels.
struct GroupForm {
    QString targets; ///< separated by commas, spaces or lines
    std::vector<std::pair<QString, QString>> labels;
    int kept = -1; ///< which of the job's static groups it was; −1: none of them
    friend bool operator==(const GroupForm&, const GroupForm&) = default;
};

struct SourceForm {
    SourceKind kind = SourceKind::statics;
    /// Of all kinds, by the names of their fields, so that a change of mind loses nothing; only
    /// those of `kind` count.
    std::map<QString, QString> values;
    std::vector<GroupForm> groups{GroupForm{}}; ///< of static targets
    ClientForm client; ///< of the kinds that ask over HTTP
    int kept = -1; ///< which of the job's discoveries it was; −1: none of them

    QString value(const QString& field) const;
    friend bool operator==(const SourceForm&, const SourceForm&) = default;
};

/// How a field is typed and checked.
enum class FieldType { text, raw, words, pairs, duration, port, flag, choice, secret };

/// One field of a kind of source.
struct SourceField {
    QString name; ///< "consul.server": of its value, and the end of its control's object name
    FieldType type = FieldType::text;
    QString label;
    QString otherwise; ///< what an empty field stands for
    QString example;
    QStringList choices;
    bool isMain = true; ///< false: seldom needed
};

/// The fields of that kind in their order; none for static targets, which have their own editor.
const std::vector<SourceField>& sourceFields(SourceKind kind);
bool hasClient(SourceKind kind);
/// "Static", "File", …
QString kindText(SourceKind kind);
SourceKind kindOf(const config::DiscoveryConfig& discovery);

/// The sources of the job, the static ones first; one empty static source when it has none.
std::vector<SourceForm> sourcesOf(const config::ScrapeConfig& job);
/// Puts the sources into `job`; what nobody changed is as in `base`.
void putSources(const std::vector<SourceForm>& sources, const config::ScrapeConfig& base,
                config::ScrapeConfig& job);

/// By the names of the fields; of static targets "targets", "targets.2" and so on, and "labels".
/// `mayBeUrls`: rules make addresses of them.
FieldFaults checkSource(const SourceForm& source, const config::ScrapeConfig& base, bool mayBeUrls);

/// What is wrong with one address; empty: fine.
QString targetFault(const QString& address, bool mayBeUrl = false);
/// In few words, for lists of sources: "db1:9100, db2:9100", an address, a section's name.
QString sourceText(const SourceForm& source, const config::ScrapeConfig& base);

/// The discovery's client options, where it has some.
const HttpClientOptions* clientOf(const config::DiscoveryConfig& discovery);
HttpClientOptions* clientOf(config::DiscoveryConfig& discovery);
/// The discovery that the source was, or else a new one of its kind; not of static sources.
config::DiscoveryConfig discoveryOf(const SourceForm& source, const config::ScrapeConfig& base);
/// The same before any field is put in.
config::DiscoveryConfig startOf(const SourceForm& source, const config::ScrapeConfig& base);
/// The static group that it was; null: none.
const config::TargetGroup* groupOf(const GroupForm& form, const config::ScrapeConfig& base);

} // namespace watchfire::ui
