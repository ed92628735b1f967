// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/service.h"

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

/// What the endpoints of Alertmanager's API share; not a header for others.
namespace watchfire::api {

/// An answer that tells why not.
struct Refusal {
    int status = 400;
    std::string json; ///< the body; may be empty
};
template <class T> using OrRefusal = std::expected<T, Refusal>;

/// A text by itself, as its handlers refuse: "silence not found".
std::unexpected<Refusal> refusedWith(int status, std::string_view text);
/// As its description of the API refuses: {"code":601,"message":"…"}. Codes from 600 are answered
/// with status 422.
std::unexpected<Refusal> refusedAs(int code, std::string_view message);

/// 200, or the status, with JSON and the headers that its answers carry.
void answerJson(const CallPtr& call, std::string json, int status = 200);
void answer(const CallPtr& call, const Refusal& refusal);
/// What an error of the engine becomes.
void answer(const CallPtr& call, const Error& error);

/// A flag of the address; anything that is not one of the words for yes is no.
/// Source: github.com/go-openapi/swag, ConvertBool.
bool flag(const Parameters& parameters, std::string_view name, bool otherwise = true);

/// The matchers of all parameters of that name, one in each.
OrRefusal<Matchers> filterOf(const Parameters& parameters, std::string_view name = "filter");

/// Which receivers are asked about: the regular expression `receiver`, and `receiver_matchers`
/// over their labels, of which they have one, `name`.
struct ReceiverFilter {
    std::optional<text::Regex> name;
    Matchers matchers;

    bool takes(std::string_view receiver) const;
};
OrRefusal<ReceiverFilter> receiverFilterOf(const Parameters& parameters);

/// What of a request's body came in a form that can be read; else what the reader of the reference
/// says, naming it `name`.
OrRefusal<encoding::JsonValue> readBody(const HttpRequest& request, std::string_view name);
OrRefusal<encoding::JsonValue> parseBody(std::string_view body, std::string_view name);
/// "number", "object", …: what its reader calls a value.
std::string_view kindOf(const encoding::JsonValue& value);
/// parsing NAME body from "" failed, because WHY
std::unexpected<Refusal> unreadable(std::string_view name, std::string_view why);
/// … because json: cannot unmarshal KIND into Go struct field WHERE of type TYPE
std::unexpected<Refusal> wrongType(std::string_view name, const encoding::JsonValue& value,
                                   std::string_view where, std::string_view type);

} // namespace watchfire::api
