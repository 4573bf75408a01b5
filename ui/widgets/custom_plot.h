// SPDX-License-Identifier: GPL-3.0-or-later
// QCustomPlot's header, which spells `signals:`, `slots:` and `foreach`, for a tree that is built with
// QT_NO_KEYWORDS. Only .cpp files and internal headers include it.
#pragma once

#define signals Q_SIGNALS // NOLINT(cppcoreguidelines-macro-usage)
#define slots Q_SLOTS     // NOLINT(cppcoreguidelines-macro-usage)
#define foreach Q_FOREACH // NOLINT(cppcoreguidelines-macro-usage)
#include <qcustomplot.h>
#undef signals
#undef slots
#undef foreach
