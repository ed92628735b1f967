// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTest>

// QTRY_VERIFY and its kin of Qt 6.8 put a long count of milliseconds in an int, which we are
// told of at each use.
#pragma GCC diagnostic ignored "-Wconversion"
