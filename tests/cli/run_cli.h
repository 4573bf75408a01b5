// SPDX-License-Identifier: GPL-3.0-or-later
// The built program run as a script would run it, and what it left behind.
#pragma once

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStringList>

namespace culprit::tests {

inline constexpr int longEnough = 120'000; // ms

struct Finished {
    int status = -1;
    QString out;
    QString err;
};

inline Finished runCli(const QStringList& words, const QString& folder = {})
{
    QProcess process;
    if (!folder.isEmpty())
        process.setWorkingDirectory(folder);
    process.start(QStringLiteral(CULPRIT_CLI), words);
    if (!process.waitForFinished(longEnough) || process.exitStatus() != QProcess::NormalExit)
        return {-1, {}, QStringLiteral("no end, or a crash")};
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

inline QJsonObject jsonOf(const QString& text)
{
    return QJsonDocument::fromJson(text.toUtf8()).object();
}

inline QByteArray content(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline bool write(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

} // namespace culprit::tests
