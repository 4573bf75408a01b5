// SPDX-License-Identifier: GPL-3.0-or-later
// Lists whose rows are a few pictures with words beside them: the classes with samples of each, and the pairs
// of images that are in both the training and the test set.
#pragma once

#include "models/image_items.h"

#include <QAbstractListModel>

namespace culprit::ui {

/// What such a row has besides its title (DisplayRole).
enum PictureRowRole {
    PicturesRole = Qt::UserRole, ///< QList<data::ImageId>
    DetailRole,                  ///< QString: a quiet line under the title
    WarningRole,                 ///< QString: instead of it, where something is odd
    BarRole                      ///< double in [0, 1], drawn under the words; invalid: none
};

struct ClassFacts {
    QString name;
    qint64 trainImages = 0;
    qint64 testImages = 0;
    QList<data::ImageId> samples;
    bool hasOutput = true; ///< The model can say it.
};

class ClassListModel : public QAbstractListModel {
    Q_OBJECT

public:
    using QAbstractListModel::QAbstractListModel;

    void setClasses(const QList<ClassFacts>& classes);
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    QString detailOf(const ClassFacts& facts) const;
    QString warningOf(const ClassFacts& facts) const;

    QList<ClassFacts> m_classes;
    qint64 m_largest = 0;
};

/// Row `trainRows[i]` of the training set has the pixels of row `testRows[i]` of the test set. The columns
/// share their memory with whoever has them too.
struct DuplicatePairs {
    struct Columns {
        QList<qint64> rows;
        QList<qint64> indices;      ///< ImageId::index by row.
        QList<std::int32_t> labels; ///< By row.
    };
    Columns train;
    Columns test;
    QStringList classNames;

    bool differAt(qsizetype pair) const;
    /// Pairs with two different labels.
    qsizetype differing() const;
};

/// A row a pair.
class DuplicateListModel : public QAbstractListModel {
    Q_OBJECT

public:
    using QAbstractListModel::QAbstractListModel;

    void setPairs(const DuplicatePairs& pairs);
    const DuplicatePairs& pairs() const { return m_pairs; }
    data::ImageId trainIdAt(int row) const;
    data::ImageId testIdAt(int row) const;
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    QString labelAt(const DuplicatePairs::Columns& columns, int row) const;

    DuplicatePairs m_pairs;
};

} // namespace culprit::ui
