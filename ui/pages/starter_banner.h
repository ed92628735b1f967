// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/offer_banner.h"

namespace watchfire::ui {

/// "Nothing here tells you of trouble yet. Start with: host down, … — Add all · Choose · Not now".
/// Shown while there is no rule at all, until somebody says *Not now*, which is remembered.
class StarterBanner final : public OfferBanner {
    Q_OBJECT

public:
    StarterBanner(PageContext& context, const char* objectName, QWidget* parent = nullptr);

private:
    void tell();
    void addAll();
};

} // namespace watchfire::ui
