// SPDX-License-Identifier: GPL-3.0-or-later
// The images as the views see them: a vector of rows over the items, swapped in one step whenever the
// arranger has filtered or sorted. There is no proxy, and a reset costs the same for ten images and for a
// million.
#pragma once

#include "models/image_arranger.h"
#include "models/image_selection.h"

#include <QAbstractListModel>
#include <span>

namespace culprit::ui {

struct ImageFact {
    QString name;
    QString value;
};

/// How many of the selected images this model has, and how many of those the filter hides.
struct SelectionCount {
    qsizetype selected = 0;
    qsizetype hidden = 0;

    friend bool operator==(const SelectionCount&, const SelectionCount&) = default;
};

class ImageListModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role {
        IdRole = Qt::UserRole, ///< data::ImageId
        LabelRole,             ///< int, a class index, as the next two
        PredictedRole,
        ProposedRole,  ///< int, of proposedClass()
        LabelNameRole, ///< QString, as the next one
        ProposedNameRole,
        InfluenceBarRole, ///< float, share of the largest influence, 0…1; invalid where it is not known
        SuspicionBarRole, ///< float, likewise
        RankRole,         ///< int, noRank where there is none
        MarksRole,        ///< int, of ImageMarks
        DecisionRole,     ///< int, of Decision
        FileRole,         ///< QString
    };

    explicit ImageListModel(QObject* parent = nullptr);

    /// Takes effect, together with filter and sort, when arrangementChanged() comes; the old images stay till
    /// then.
    void setItems(const ImageItems& items);
    void setFilter(const ImageFilter& filter);
    void setSort(const ImageSort& sort);
    /// Filters and sorts again: decisions alone move nothing, so that an image does not vanish under the
    /// hand.
    void rearrange();

    const ImageItems& items() const { return m_items; }
    const ImageFilter& filter() const { return m_filter; }
    const ImageSort& sort() const { return m_sort; }
    bool isArranging() const { return m_arranger.isBusy(); }

    /// `relabelledTo` counts for Relabel only. Ids the model does not have are passed over.
    void setDecisions(std::span<const data::ImageId> ids, Decision decision,
                      std::int32_t relabelledTo = noClass);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    data::ImageId idAt(int position) const;
    /// Where an image is shown, or hiddenPosition.
    int positionOf(const data::ImageId& id) const;
    /// The ids shown at positions first…last, ascending.
    std::vector<data::ImageId> idsBetween(int first, int last) const;

    /// The positions of up to `count` undecided images: behind `after`, then from the start; `after` itself
    /// is left out. -1 begins at the start.
    std::vector<int> undecidedAfter(int after, int count) const;

    SelectionCount count(const ImageSelection& selection) const;
    /// "214 selected, 31 hidden by the filter"; empty where nothing is selected.
    QString selectionSummary(const ImageSelection& selection) const;

    /// What is known of an image, in the user's words and numbers; nothing for an image the model does not
    /// have.
    QList<ImageFact> factsOf(const data::ImageId& id) const;
    /// "train 4,137".
    static QString nameOf(const data::ImageId& id);
    static QString nameOf(Decision decision);

Q_SIGNALS:
    /// Filter, sort or items are now as asked for.
    void arrangementChanged();

private:
    void publish(const std::shared_ptr<const Arrangement>& arrangement);
    void measureBars();
    QString captionOf(int row) const;
    QString spokenTextOf(int row) const;
    QString toolTipOf(int row) const;
    QVariant valueOf(int row, int role) const;
    QStringList spokenMarksOf(int row) const;

    ImageItems m_items;
    std::optional<ImageItems> m_incoming; ///< Until their arrangement comes.
    ImageFilter m_filter;
    ImageSort m_sort;
    std::shared_ptr<const Arrangement> m_arrangement;
    float m_largestInfluence = 0;
    float m_largestSuspicion = 0;
    ImageArranger m_arranger;
};

} // namespace culprit::ui
