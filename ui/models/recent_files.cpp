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
    return QDir::cleanPath(QFileInfo(path).absoluteFilePath());
}

QString nameOf(const QString& path)
{
    return QFileInfo(path).fileName();
}

bool isSamePair(const RecentInvestigation& a, const RecentInvestigation& b)
{
    return a.model == b.model && a.data == b.data;
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
    refresh();
}

void RecentFiles::add(const QString& model, const QString& data)
{
    add(RecentInvestigation{model, data, QDateTime::currentDateTime()});
}

void RecentFiles::add(const RecentInvestigation& entry)
{
    const RecentInvestigation added{absolute(entry.model), absolute(entry.data), entry.when};
    beginResetModel();
    m_entries.removeIf([&](const RecentInvestigation& other) { return isSamePair(added, other); });
    m_entries.prepend(added);
    if (m_entries.size() > capacity)
        m_entries.resize(capacity);
    endResetModel();
    save();
    refresh();
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
        paths << entry.model << entry.data;
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
    const bool model = m_missing.contains(entry.model);
    const bool data = m_missing.contains(entry.data);
    if (model && data)
        return tr("model and data are gone");
    if (model)
        return tr("the model is gone");
    return data ? tr("the data are gone") : QString();
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
        return tr("%1 on %2").arg(nameOf(entry.model), nameOf(entry.data));
    case Qt::AccessibleDescriptionRole:
        return QStringList{dayInWords(entry.when, QDateTime::currentDateTime()), missingInWords(entry)}.join(
            QLatin1Char(' '));
    case Qt::ToolTipRole:
        return tr("Model: %1\nData: %2").arg(entry.model, entry.data);
    case ModelNameRole:
        return nameOf(entry.model);
    case DataNameRole:
        return nameOf(entry.data);
    case FolderRole:
        return QDir::toNativeSeparators(QFileInfo(entry.data).absolutePath());
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
            QDateTime::fromString(m_settings->value(QStringLiteral("when")).toString(), Qt::ISODate)};
        if (!entry.model.isEmpty() && !entry.data.isEmpty())
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
        m_settings->setValue(QStringLiteral("when"), m_entries.at(i).when.toString(Qt::ISODate));
    }
    m_settings->endArray();
}

} // namespace culprit::ui
