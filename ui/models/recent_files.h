// SPDX-License-Identifier: GPL-3.0-or-later
// The projects, and models with their data, that were opened lately, newest first, kept in the settings from
// one start to the next.
#pragma once

#include "models/path_check.h"

#include <QAbstractListModel>
#include <QDateTime>
#include <QList>

class QSettings;

namespace culprit::ui {

/// A project, or one model with the data it was opened with; absolute paths.
struct RecentInvestigation {
    QString model;
    QString data;
    QDateTime when;
    QString project{}; ///< Then there are no others.
};

class RecentFiles : public QAbstractListModel {
    Q_OBJECT

public:
    static constexpr int capacity = 10;

    /// DisplayRole is both names, ToolTipRole both paths.
    enum Role {
        ModelNameRole = Qt::UserRole, ///< QString: the file's name, as the next one
        DataNameRole,
        FolderRole, ///< QString: where the data lie
        WhenRole,   ///< QString: "today, 14:05"
        MissingRole ///< QString: what is not there any more, in words; empty where all is.
    };

    /// The settings are not owned and have to live longer. Which files exist is not known before refresh().
    explicit RecentFiles(QSettings* settings, QObject* parent = nullptr);

    /// Opened just now. Relative paths become absolute; the same pair moves to the top.
    void add(const QString& model, const QString& data);
    void add(const RecentInvestigation& entry);
    void addProject(const QString& path);
    /// Entries are told apart by their time alone.
    void setNamesHidden(bool hidden);
    void removeAt(int row);
    const QList<RecentInvestigation>& entries() const { return m_entries; }

    /// Looks once more which files exist, on another thread.
    void refresh();

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    void load();
    void save();
    void takeMissing(const QStringList& missing);
    QString missingInWords(const RecentInvestigation& entry) const;
    QString nameInWords(const RecentInvestigation& entry) const;
    QString pathsInWords(const RecentInvestigation& entry) const;

    QSettings* m_settings;
    QList<RecentInvestigation> m_entries;
    QStringList m_missing;
    bool m_hidesNames = false;
    PathCheck m_check;
};

/// "today, 14:05", "yesterday, 9:30", else the date.
QString dayInWords(const QDateTime& when, const QDateTime& now);

} // namespace culprit::ui
