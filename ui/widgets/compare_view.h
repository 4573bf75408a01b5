// SPDX-License-Identifier: GPL-3.0-or-later
// A few images side by side, each with a caption, all showing the same part at the same zoom: a claim next to
// its evidence.
#pragma once

#include "models/thumbnail_store.h"

#include <QWidget>
#include <vector>

class QGridLayout;
class QLabel;

namespace culprit::ui {

class ImageCanvas;

struct ComparedImage {
    data::ImageId id;
    QString caption;

    friend bool operator==(const ComparedImage&, const ComparedImage&) = default;
};

class CompareView : public QWidget {
    Q_OBJECT

public:
    static constexpr int most = 8;

    explicit CompareView(QWidget* parent = nullptr);

    /// Not owned; asked for pictures in full size.
    void setSource(ThumbnailSource* source);
    /// At most `most`; the rest are left out. The zoom stays.
    void setImages(const QList<ComparedImage>& images);
    QList<ComparedImage> images() const { return m_shown; }

    ImageCanvas* canvasAt(int place) const { return m_cells[static_cast<std::size_t>(place)].canvas; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Cell {
        QWidget* frame;
        ImageCanvas* canvas;
        QLabel* caption;
    };

    Cell makeCell();
    void follow(ImageCanvas* leader);
    void showPictures();
    void layOut();
    int columnsFor(int count) const;

    ThumbnailStore m_pictures;
    QList<ComparedImage> m_shown;
    std::vector<Cell> m_cells;
    QGridLayout* m_grid;
    QLabel* m_nothing;
};

} // namespace culprit::ui
