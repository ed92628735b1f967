// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/labels.h"

namespace watchfire::alerting {

/// The field's order of label sets: the smaller one first; of two alike in size the one that lacks
/// the first name that not both have, or has the lesser value under the first name whose values
/// differ.
///
/// Source: github.com/prometheus/common, model.LabelSet.Before.
inline bool comesBefore(const Labels& a, const Labels& b)
{
    if (a.size() != b.size()) {
        return a.size() < b.size();
    }
    auto one = a.begin();
    auto other = b.begin();
    for (; one != a.end() && other != b.end(); ++one, ++other) {
        if (one->name != other->name) {
            return other->name < one->name;
        }
        if (one->value != other->value) {
            return one->value < other->value;
        }
    }
    return false;
}

} // namespace watchfire::alerting
