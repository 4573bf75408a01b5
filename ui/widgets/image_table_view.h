// SPDX-License-Identifier: GPL-3.0-or-later
// The grid's twin for keyboard and screen reader: the same images in the same order, a line each. It shares
// current image and selection with the grid; the selection is the ticks of the first column and not Qt's
// ranges of rows, which filtering and sorting would scatter.
#pragma once

#include "models/image_table_model.h"

#include <QTableView>
#include <QTimer>

namespace culprit::ui {

/// Keys: the arrows move the current image, Space selects or deselects it, Ctrl+A selects all that is shown,
/// Enter and a double click ask for the loupe. A click on a header sorts.
class ImageTableView : public QTableView {
    Q_OBJECT

public:
    /// None of the three is owned.
    ImageTableView(ImageListModel* images, ImageSelection* selection, QWidget* parent = nullptr);
    void setThumbnails(ThumbnailStore* thumbnails);

    ImageTableModel* rows() { return &m_rows; }

    void reset() override;

Q_SIGNALS:
    void loupeRequested(const culprit::data::ImageId& id);

protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void setUpColumns();
    void sizeRows();
    void follow();
    void sortBy(int column);
    void followOrder();
    void toggleCurrent();
    void requestLoupe();
    void wantThumbnails();

    ImageListModel* m_images;
    ImageSelection* m_selection;
    QPointer<ThumbnailStore> m_thumbnails;
    ImageTableModel m_rows;
    bool m_isFollowing = false; ///< What moves now is the view, not the person.
    QTimer m_wantSoon;          ///< Many scroll steps, one look at what shows.
};

} // namespace culprit::ui
