// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/policy.h"

#include "report/policy.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <filesystem>
#include <vector>

namespace culprit::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Policy)
};

} // namespace

QStringList policyFiles()
{
    QStringList files;
    for (const auto& file : report::policyFiles())
        files << QString::fromStdString(file.string());
    return files;
}

Policy readPolicy(const QStringList& files)
{
    std::vector<std::filesystem::path> paths;
    for (const QString& file : files)
        paths.emplace_back(file.toStdString());
    const report::Policy read = report::readPolicy(paths);
    Policy policy{.hidesPaths = read.hidesPaths};
    for (const auto& banner : read.banners)
        policy.banners << QString::fromStdString(banner);
    for (const auto& file : read.unreadable)
        policy.problems << Words::tr("The policy file %1 cannot be understood, so what it asks for is not "
                                     "known; have it mended.")
                               .arg(QString::fromStdString(file.string()));
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
