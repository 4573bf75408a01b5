// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/recent_files.h"

#include <QDir>
#include <QFileInfo>
#include <QLocale>
#include <QSettings>

namespace culprit::ui {

namespace {

QString absolute(const QString& path)
{
    return path.isEmpty() ? path : QDir::cleanPath(QFileInfo(path).absoluteFilePath());
}

QString nameOf(const QString& path)
{
    return QFileInfo(path).fileName();
}

QString folderOf(const RecentInvestigation& entry)
{
    const QString& path = entry.project.isEmpty() ? entry.data : entry.project;
    return QDir::toNativeSeparators(QFileInfo(path).absolutePath());
}

bool isSamePair(const RecentInvestigation& a, const RecentInvestigation& b)
{
    return a.model == b.model && a.data == b.data && a.project == b.project;
}

} // namespace

QString dayInWords(const QDateTime& when, const QDateTime& now)
{
    const QString time = QLocale().toString(when.time(), QLocale::ShortFormat);
    const qint64 days = when.date().daysTo(now.date());
    if (days == 0)
        return RecentFiles::tr("today, %1").arg(time);
    if (days == 1)
        return RecentFiles::tr("yesterday, %1").arg(time);
    return QLocale().toString(when.date(), QLocale::ShortFormat);
}

RecentFiles::RecentFiles(QSettings* settings, QObject* parent)
    : QAbstractListModel(parent), m_settings(settings)
{
    connect(&m_check, &PathCheck::checked, this,
            [this](const QStringList&, const QStringList& missing) { takeMissing(missing); });
    load();
}

void RecentFiles::add(const QString& model, const QString& data)
{
    add(RecentInvestigation{model, data, QDateTime::currentDateTime()});
}

void RecentFiles::add(const RecentInvestigation& entry)
{
    const RecentInvestigation added{absolute(entry.model), absolute(entry.data), entry.when,
                                    absolute(entry.project)};
    beginResetModel();
    m_entries.removeIf([&](const RecentInvestigation& other) { return isSamePair(added, other); });
    m_entries.prepend(added);
    if (m_entries.size() > capacity)
        m_entries.resize(capacity);
    endResetModel();
    save();
    refresh();
}

void RecentFiles::addProject(const QString& path)
{
    add(RecentInvestigation{{}, {}, QDateTime::currentDateTime(), path});
}

void RecentFiles::setNamesHidden(bool hidden)
{
    m_hidesNames = hidden;
    if (!m_entries.isEmpty())
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

void RecentFiles::removeAt(int row)
{
    if (row < 0 || row >= m_entries.size())
        return;
    beginRemoveRows({}, row, row);
    m_entries.removeAt(row);
    endRemoveRows();
    save();
}

void RecentFiles::refresh()
{
    QStringList paths;
    for (const RecentInvestigation& entry : m_entries)
        for (const QString& path : {entry.project, entry.model, entry.data})
            if (!path.isEmpty())
                paths << path;
    m_check.request(paths);
}

void RecentFiles::takeMissing(const QStringList& missing)
{
    if (missing == m_missing)
        return;
    m_missing = missing;
    if (!m_entries.isEmpty())
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

QString RecentFiles::missingInWords(const RecentInvestigation& entry) const
{
    if (m_missing.contains(entry.project))
        return tr("the project is gone");
    const bool model = m_missing.contains(entry.model);
    const bool data = m_missing.contains(entry.data);
    if (model && data)
        return tr("model and data are gone");
    if (model)
        return tr("the model is gone");
    return data ? tr("the data are gone") : QString();
}

QString RecentFiles::nameInWords(const RecentInvestigation& entry) const
{
    if (m_hidesNames)
        return entry.project.isEmpty() ? tr("A model and its data") : tr("A project");
    return entry.project.isEmpty() ? tr("%1 on %2").arg(nameOf(entry.model), nameOf(entry.data))
                                   : QFileInfo(entry.project).completeBaseName();
}

QString RecentFiles::pathsInWords(const RecentInvestigation& entry) const
{
    if (m_hidesNames)
        return {};
    return entry.project.isEmpty() ? tr("Model: %1\nData: %2").arg(entry.model, entry.data) : entry.project;
}

int RecentFiles::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

QVariant RecentFiles::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const RecentInvestigation& entry = m_entries.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return nameInWords(entry);
    case Qt::AccessibleDescriptionRole:
        return QStringList{dayInWords(entry.when, QDateTime::currentDateTime()), missingInWords(entry)}.join(
            QLatin1Char(' '));
    case Qt::ToolTipRole:
        return pathsInWords(entry);
    case ModelNameRole:
        return m_hidesNames ? QString() : nameOf(entry.model);
    case DataNameRole:
        return m_hidesNames ? QString() : nameOf(entry.data);
    case FolderRole:
        return m_hidesNames ? QString() : folderOf(entry);
    case WhenRole:
        return dayInWords(entry.when, QDateTime::currentDateTime());
    case MissingRole:
        return missingInWords(entry);
    default:
        return {};
    }
}

void RecentFiles::load()
{
    const int count = m_settings->beginReadArray(QStringLiteral("recent"));
    for (int i = 0; i < std::min(count, capacity); ++i) {
        m_settings->setArrayIndex(i);
        const RecentInvestigation entry{
            m_settings->value(QStringLiteral("model")).toString(),
            m_settings->value(QStringLiteral("data")).toString(),
            QDateTime::fromString(m_settings->value(QStringLiteral("when")).toString(), Qt::ISODate),
            m_settings->value(QStringLiteral("project")).toString()};
        if (!entry.project.isEmpty() || (!entry.model.isEmpty() && !entry.data.isEmpty()))
            m_entries << entry;
    }
    m_settings->endArray();
}

void RecentFiles::save()
{
    m_settings->remove(QStringLiteral("recent"));
    m_settings->beginWriteArray(QStringLiteral("recent"), static_cast<int>(m_entries.size()));
    for (int i = 0; i < m_entries.size(); ++i) {
        m_settings->setArrayIndex(i);
        m_settings->setValue(QStringLiteral("model"), m_entries.at(i).model);
        m_settings->setValue(QStringLiteral("data"), m_entries.at(i).data);
        m_settings->setValue(QStringLiteral("project"), m_entries.at(i).project);
        m_settings->setValue(QStringLiteral("when"), m_entries.at(i).when.toString(Qt::ISODate));
    }
    m_settings->endArray();
}

} // namespace culprit::ui
