// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/open_store.h"

#include <format>
#include <string>

namespace watchfire::ctl {

std::unique_ptr<tsdb::Store> openStore(Context& context, std::string_view verb, bool readOnly)
{
    if (context.data.empty()) {
        complain(context, Exit::usage,
                 std::format("tsdb {} needs --data DIR{}", verb,
                             readOnly ? ""
                                      : ", or --url URL of a running engine with --enable "
                                        "admin-api"));
        return nullptr;
    }
    tsdb::OpenOptions options;
    options.directory = context.data;
    options.readOnly = readOnly;
    options.aheadLimit = {};
    auto store = tsdb::Store::open(options);
    if (!store) {
        std::string message = store.error().message;
        if (!readOnly && store.error().kind == ErrorKind::conflict) {
            message += "; end it, or let it do the import: --url URL in place of --data (it needs "
                       "--enable admin-api and --listen)";
        }
        complain(context, Exit::unreachable, message);
        return nullptr;
    }
    return std::move(*store);
}

} // namespace watchfire::ctl
