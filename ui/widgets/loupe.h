// SPDX-License-Identifier: GPL-3.0-or-later
// The current image, large, with what is known of it beside it. It follows the shared current image and walks
// the list in the order of the grid; zoom and position stay from image to image.
#pragma once

#include "models/image_list_model.h"
#include "models/thumbnail_store.h"

#include <QPointer>
#include <QWidget>

class QAction;
class QFormLayout;
class QLabel;
class QVBoxLayout;

namespace culprit::ui {

class ImageCanvas;

/// Keys: [ and ] previous and next, Z fit or 100 %, Esc closes. They are actions with names (loupe.previous,
/// loupe.next, loupe.close, canvas.fit), so that they can be found and bound anew.
class Loupe : public QWidget {
    Q_OBJECT

public:
    /// Neither is owned.
    Loupe(ImageListModel* images, ImageSelection* selection, QWidget* parent = nullptr);

    /// Asked for pictures in full size.
    void setSource(ThumbnailSource* source);

    ImageCanvas* canvas() const { return m_canvas; }

    /// Beneath the image; owned from here on.
    void setFooter(QWidget* footer);

Q_SIGNALS:
    void closeRequested();

protected:
    void showEvent(QShowEvent* event) override;

private:
    QAction* addKey(const QString& name, const QString& text, const QKeySequence& key);
    QWidget* makePanel();
    void step(int by);
    void refresh();
    void showPicture();
    void showFacts();
    void showPlace();
    void wantPictures();

    QPointer<ImageListModel> m_images;
    QPointer<ImageSelection> m_selection;
    ThumbnailStore m_pictures;
    ImageCanvas* m_canvas;
    QAction* m_previous;
    QAction* m_next;
    QAction* m_close;
    QLabel* m_place;
    QFormLayout* m_facts;
    QVBoxLayout* m_left = nullptr; ///< The image, and what is beneath it.
};

} // namespace culprit::ui
