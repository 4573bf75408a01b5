// SPDX-License-Identifier: GPL-3.0-or-later
// The test images whose answer a treatment changed, in both directions, as a grid to look through: the images
// behind the numbers beside it.
#pragma once

#include "client/findings.h"
#include "models/image_list_model.h"
#include "models/thumbnail_store.h"

#include <QWidget>

class QPushButton;

namespace culprit::ui {

class GridTools;
class ImageGridView;

class FlipsView : public QWidget {
    Q_OBJECT

public:
    /// Neither is owned.
    FlipsView(ImageSelection* selection, ThumbnailSource* pictures, QWidget* parent = nullptr);

    /// `test`: all test images. The filter is taken off.
    void setFlips(const ImageItems& test, const evaluation::Outcome& outcome);

    void showAll();
    void showFixed();
    void showBroken();
    /// One class alone; noClass: all of them.
    void showClass(std::int32_t label);
    /// These rows of the test set alone, as far as they changed; `name` says what they are.
    void showRows(const QList<qint64>& rows, const QString& name);

    ImageListModel* images() { return &m_images; }
    QString summary() const;

Q_SIGNALS:
    void loupeRequested(const culprit::data::ImageId& id);
    void summaryChanged();

private:
    QPushButton* addButton(const QString& name, ImageMarks marks);
    void filterBy(const ImageFilter& filter);
    void followFilter();

    ImageItems m_test; ///< All test images, for the ids of rows.
    ImageListModel m_images;
    ThumbnailStore m_thumbnails;
    ImageGridView* m_grid;
    GridTools* m_tools;
    QPushButton* m_all = nullptr;
    QPushButton* m_fixed = nullptr;
    QPushButton* m_broken = nullptr;
};

} // namespace culprit::ui
