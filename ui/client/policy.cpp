// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/policy.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QStandardPaths>

namespace culprit::ui {

namespace {

constexpr qint64 mostBytes = 64 * 1024;
constexpr qsizetype longestBanner = 300;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Policy)
};

void take(const QJsonObject& asked, Policy& policy)
{
    const QString banner = asked.value(QLatin1String("banner")).toString().simplified().left(longestBanner);
    if (!banner.isEmpty() && !policy.banners.contains(banner))
        policy.banners << banner;
    policy.hidesPaths = policy.hidesPaths || asked.value(QLatin1String("hide_paths")).toBool();
}

} // namespace

QStringList policyFiles()
{
    return {QStringLiteral("/etc/culprit/policy.json"),
            QDir(QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation))
                .filePath(QStringLiteral("culprit/policy.json"))};
}

Policy readPolicy(const QStringList& files)
{
    Policy policy;
    for (const QString& path : files) {
        QFile file(path);
        if (!file.exists())
            continue;
        const bool isOpen = file.open(QIODevice::ReadOnly);
        const QJsonDocument json = QJsonDocument::fromJson(isOpen ? file.read(mostBytes) : QByteArray());
        if (json.isObject())
            take(json.object(), policy);
        else
            policy.problems << Words::tr(
                                   "The policy file %1 cannot be understood, so what it asks for is not "
                                   "known; have it mended.")
                                   .arg(path);
    }
    return policy;
}

QString withoutPaths(const QString& text, const QStringList& names)
{
    static const QString hidden = QStringLiteral("…");
    QString clean = text;
    for (const QString& name : names)
        if (name.size() > 1)
            clean.replace(name, hidden);
    // From a slash that begins a word to the colon, quote or line break that ends the path.
    static const QRegularExpression path(QStringLiteral(R"((?<![\w/…])/[^:"”'\n,;()]*[^:"”'\n,;()\s.])"));
    return clean.replace(path, hidden);
}

} // namespace culprit::ui
