// SPDX-License-Identifier: GPL-3.0-or-later
// The images a grid shows, as a struct of arrays: one row an image, one list a column. The lists share their
// memory when copied, so a worker thread can be given the whole million by value while the window goes on.
#pragma once

#include "data/image_set.h"

#include <QFlags>
#include <QList>
#include <QMetaType>
#include <QString>
#include <QStringList>
#include <algorithm>
#include <optional>
#include <span>

namespace culprit::ui {

/// What a person decided about a training image.
enum class Decision : quint8 { Undecided, Keep, Relabel, Exclude, Flag };

/// What the jobs found out about an image, each shown as a mark of its own.
enum class ImageMark : quint8 {
    Cause = 1,   ///< Above the cut: would be treated.
    Fixed = 2,   ///< Wrong before the treatment, right after it.
    Broken = 4,  ///< Right before the treatment, wrong after it.
    Query = 8,   ///< A failure that causes are sought for.
    Holdout = 16 ///< A failure kept back to measure with.
};
Q_DECLARE_FLAGS(ImageMarks, ImageMark)
Q_DECLARE_OPERATORS_FOR_FLAGS(ImageMarks)

/// What a grid can be sorted by.
enum class ImageColumn : quint8 {
    Image,
    Label,
    Predicted,
    Suggested,
    Loss,
    Confidence,
    Influence,
    Suspicion,
    Culprit,
    Rank,
    ClassPair, ///< Images of one confusion together; see sortedRows().
    Decision
};

constexpr std::int32_t noClass = -1;
constexpr std::int32_t noRank = 0;

/// `ids` has N values, ascending and without repeats; every other list has N values, or none where the column
/// is not known. A float that is not known for one image alone is NaN.
struct ImageItems {
    QList<data::ImageId> ids;
    QStringList files;             ///< As the data set names them.
    QList<std::int32_t> label;     ///< The given label, a class index.
    QList<std::int32_t> predicted; ///< What the model says, or noClass.
    QList<std::int32_t> suggested; ///< The label the scores speak for, or noClass.
    QList<float> loss;             ///< Nats.
    QList<float> confidence;       ///< Probability of the predicted class, 0…1.
    QList<float> influence;        ///< Nats; higher pulls more on the failures.
    QList<float> suspicion;        ///< Higher doubts the label more.
    QList<float> culprit;          ///< The ranking score, higher is worse.
    QList<float> probability;      ///< P(culprit), 0…1.
    QList<std::int32_t> rank;      ///< From 1, the worst culprit; noRank where there is none.
    QList<ImageMarks> marks;
    QList<Decision> decisions;
    QList<std::int32_t> relabelled; ///< The class a Relabel decision gives, or noClass.
    QStringList classNames;         ///< K names.

    qsizetype size() const { return ids.size(); }
    bool isEmpty() const { return ids.isEmpty(); }

    /// The row of an image, found by bisection.
    std::optional<std::int32_t> rowOf(const data::ImageId& id) const;

    std::int32_t labelAt(qsizetype row) const { return label.isEmpty() ? noClass : label.at(row); }
    std::int32_t predictedAt(qsizetype row) const
    {
        return predicted.isEmpty() ? noClass : predicted.at(row);
    }
    std::int32_t suggestedAt(qsizetype row) const
    {
        return suggested.isEmpty() ? noClass : suggested.at(row);
    }
    std::int32_t relabelledAt(qsizetype row) const
    {
        return relabelled.isEmpty() ? noClass : relabelled.at(row);
    }
    std::int32_t rankAt(qsizetype row) const { return rank.isEmpty() ? noRank : rank.at(row); }
    ImageMarks marksAt(qsizetype row) const { return marks.isEmpty() ? ImageMarks() : marks.at(row); }
    Decision decisionAt(qsizetype row) const
    {
        return decisions.isEmpty() ? Decision::Undecided : decisions.at(row);
    }
    QString fileAt(qsizetype row) const { return files.isEmpty() ? QString() : files.at(row); }
    /// The name of a class, its index where it has no name, nothing for noClass.
    QString className(std::int32_t index) const;
};

/// Calls `visit` with the row of each id that the items have. Ids in ascending order are found fastest.
template <typename Visit>
void visitRows(const ImageItems& items, std::span<const data::ImageId> ids, Visit visit)
{
    const auto begin = items.ids.cbegin();
    const auto end = items.ids.cend();
    auto next = begin;
    for (const data::ImageId& id : ids) {
        // Where the ids ascend, each is after the one before, and often right after it.
        if (next == end || *next != id) {
            const bool ascends = next != begin && *(next - 1) < id;
            next = std::lower_bound(ascends ? next : begin, end, id);
        }
        if (next != end && *next == id)
            visit(static_cast<std::int32_t>(next++ - begin));
    }
}

/// What breaks the invariants above, in one English line for the log; empty where nothing does.
QString inconsistencyOf(const ImageItems& items);

/// Whether there is anything to sort by.
bool hasColumn(const ImageItems& items, ImageColumn column);

/// The class an image would be given now: the decision's, else the suggested one, else what the model says;
/// noClass where that is the given label. Where a cut is known, only its culprits count as having a
/// suggestion: for any other image it is merely the second best class.
std::int32_t proposedClass(const ImageItems& items, qsizetype row);

} // namespace culprit::ui

Q_DECLARE_TYPEINFO(culprit::data::ImageId, Q_PRIMITIVE_TYPE);
Q_DECLARE_METATYPE(culprit::data::ImageId)
Q_DECLARE_METATYPE(culprit::ui::Decision)
Q_DECLARE_METATYPE(culprit::ui::ImageMarks)

namespace culprit::data {

inline size_t qHash(const ImageId& id, size_t seed = 0)
{
    return qHashMulti(seed, static_cast<quint8>(id.part), static_cast<qint64>(id.index));
}

} // namespace culprit::data
