// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The library of compiled-in translations needs a source of its own; the rest is generated.
