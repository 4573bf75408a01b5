// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/settings.h"

#include <QMetaEnum>
#include <QSettings>

namespace culprit::ui {

namespace {

const QString command = QStringLiteral("engine/command");
const QString device = QStringLiteral("engine/device");
const QString threads = QStringLiteral("engine/threads");
const QString seed = QStringLiteral("engine/seed");
const QString scheme = QStringLiteral("window/scheme");

QMetaEnum schemes()
{
    return QMetaEnum::fromType<Theme::Scheme>();
}

} // namespace

Settings readSettings(const QSettings& store)
{
    Settings settings;
    settings.engineCommand = store.value(command).toStringList();
    settings.engine.device = store.value(device, settings.engine.device).toString();
    settings.engine.threads = std::clamp(store.value(threads, 0).toInt(), 0, 1024);
    settings.engine.seed = std::max<qint64>(0, store.value(seed, 0).toLongLong());
    bool known = false;
    const int value = schemes().keyToValue(store.value(scheme).toString().toLatin1().constData(), &known);
    if (known)
        settings.scheme = static_cast<Theme::Scheme>(value);
    return settings;
}

void writeSettings(QSettings& store, const Settings& settings)
{
    store.setValue(command, settings.engineCommand);
    store.setValue(device, settings.engine.device);
    store.setValue(threads, settings.engine.threads);
    store.setValue(seed, settings.engine.seed);
    store.setValue(scheme, QString::fromLatin1(schemes().valueToKey(static_cast<int>(settings.scheme))));
}

bool differFromDefaults(const EngineSettings& settings)
{
    return settings.device != QStringLiteral("auto") || settings.threads != 0 || settings.seed != 0;
}

} // namespace culprit::ui
