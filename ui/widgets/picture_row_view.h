// SPDX-License-Identifier: GPL-3.0-or-later
// A list of rows with a few pictures and words each (models/picture_rows.h), in as many columns as fit.
// Pictures are asked for only near what is in view.
#pragma once

#include "models/picture_rows.h"
#include "models/thumbnail_store.h"

#include <QListView>
#include <QPointer>
#include <QTimer>

namespace culprit::ui {

class PictureRowView : public QListView {
    Q_OBJECT

public:
    /// Room for `pictures` pictures a row and for about `characters` of text.
    PictureRowView(int pictures, int characters, QWidget* parent = nullptr);

    /// Not owned. The store is this view's alone: it tells it what it wants.
    void setThumbnails(ThumbnailStore* thumbnails);

    void setModel(QAbstractItemModel* model) override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    int columnsRoom() const;
    void layColumns();
    void wantThumbnails();

    int m_pictures;
    int m_characters;
    QPointer<ThumbnailStore> m_thumbnails;
    QTimer m_wantSoon;
};

} // namespace culprit::ui
