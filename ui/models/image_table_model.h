// SPDX-License-Identifier: GPL-3.0-or-later
// The images of an ImageListModel as rows of a table, for people who read better than they browse and for
// screen readers. It holds nothing of its own: the same rows in the same order, pictures from a store, ticks
// from the shared selection.
#pragma once

#include "models/image_list_model.h"
#include "models/thumbnail_store.h"

#include <QAbstractTableModel>
#include <QPointer>

namespace culprit::ui {

class ImageTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    /// The first column carries the tick of the selection, the second the picture.
    enum Column { Rank, Image, Label, Predicted, Suggested, Influence, Suspicion, InCut, ColumnCount };
    enum Role {
        BarRole =
            Qt::UserRole, ///< float, share of the largest in its column, 0…1; invalid where there is none
        IdRole,           ///< data::ImageId
        StateRole,        ///< int, ThumbnailStore::State of the picture
    };

    /// None of the three is owned.
    explicit ImageTableModel(ImageListModel* images, QObject* parent = nullptr);
    void setThumbnails(ThumbnailStore* thumbnails);
    void shareSelection(ImageSelection* selection);

    ImageListModel* images() const { return m_images; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    /// Qt::CheckStateRole of the first column selects the image or takes it out.
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    /// Sorts the images themselves, and with them every other view of theirs.
    void sort(int column, Qt::SortOrder order) override;

    /// What a column sorts by, and the column that sorts by it: -1 where none does.
    static ImageColumn sortColumnOf(int column);
    static int columnOf(ImageColumn column);

private:
    QString textAt(int row, int column) const;
    QVariant barAt(int row, int column) const;
    QString spokenAt(int row, int column) const;
    void pictureChanged(const data::ImageId& id);
    void columnChanged(Column column);

    ImageListModel* m_images;
    QPointer<ThumbnailStore> m_thumbnails;
    QPointer<ImageSelection> m_selection;
};

} // namespace culprit::ui
