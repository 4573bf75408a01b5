// SPDX-License-Identifier: GPL-3.0-or-later
// What the window remembers of the person's choices, but for the shape of things (geometry, splitters), which
// each widget saves by itself.
#pragma once

#include "client/engine_replies.h"
#include "widgets/theme.h"

#include <QStringList>

class QSettings;

namespace culprit::ui {

struct Settings {
    QStringList engineCommand; ///< Empty: the engine beside the window.
    EngineSettings engine{.device = QStringLiteral("auto")};
    Theme::Scheme scheme = Theme::Scheme::System;
};

Settings readSettings(const QSettings& store);
void writeSettings(QSettings& store, const Settings& settings);

/// Whether the engine has to be told of them.
bool differFromDefaults(const EngineSettings& settings);

} // namespace culprit::ui
