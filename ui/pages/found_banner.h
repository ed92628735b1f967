// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/found_exporters.h"
#include "ui/pages/offer_banner.h"

#include <cstdint>

#include <QTimer>

namespace watchfire::ui {

/// "Found here: node exporter :9100 (412 series), … — Add all · Choose · Not now". Hidden while
/// nothing is found but what a person has said *Not now* to, which is remembered.
class FoundBanner final : public OfferBanner {
    Q_OBJECT

public:
    FoundBanner(PageContext& context, const char* objectName, QWidget* parent = nullptr);

    /// Looks for exporters now, and shows again what was put off.
    void find();

    /// A search that says nothing for this long is over.
    static constexpr std::chrono::seconds patience{20};

private:
    enum class Search : std::uint8_t { none, asked, running, done };

    void takeSnapshot();
    void tell();
    void add(const Found& found);
    void choose();
    void notNow();
    Found fresh() const;

    Search m_search = Search::none;
    Found m_shown;
    QStringList m_added; ///< in force, and found until the engine has looked again
    QTimer m_patience;
};

} // namespace watchfire::ui
