// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/dropped_paths.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QMimeData>
#include <QUrl>

namespace culprit::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(DroppedPaths)
};

bool isModel(const QFileInfo& file)
{
    static const QStringList suffixes{QStringLiteral("pt"), QStringLiteral("pth"),
                                      QStringLiteral("torchscript")};
    return !file.isDir() && suffixes.contains(file.suffix(), Qt::CaseInsensitive);
}

bool isData(const QFileInfo& file)
{
    static const QStringList suffixes{QStringLiteral("npz"), QStringLiteral("csv")};
    return file.isDir() || suffixes.contains(file.suffix(), Qt::CaseInsensitive);
}

DroppedPaths refused(const QString& reason)
{
    return {{}, {}, reason};
}

} // namespace

DroppedPaths droppedPaths(const QStringList& files)
{
    DroppedPaths dropped;
    for (const QString& path : files) {
        const QFileInfo file(path);
        if (!isModel(file) && !isData(file))
            return refused(Words::tr("“%1” is neither a model nor a data set. Drop a model (.pt, .pth or "
                                     ".torchscript), data (a folder, .npz or .csv), or both at once.")
                               .arg(file.fileName()));
        QString& place = isModel(file) ? dropped.model : dropped.data;
        if (!place.isEmpty())
            return refused(isModel(file) ? Words::tr("Drop one model at a time, with or without its data.")
                                         : Words::tr("Drop one data set at a time, with or without a model. "
                                                     "Where it is many files, drop their folder."));
        place = path;
    }
    if (files.isEmpty())
        return refused(
            Words::tr("Nothing was dropped that is a file on this computer. Drop a model (.pt, .pth or "
                      ".torchscript), data (a folder, .npz or .csv), or both at once."));
    return dropped;
}

QStringList localFilesOf(const QMimeData& mime)
{
    QStringList files;
    const QList<QUrl> urls = mime.urls();
    for (const QUrl& url : urls) {
        if (!url.isLocalFile())
            return {};
        files << url.toLocalFile();
    }
    return files;
}

} // namespace culprit::ui
