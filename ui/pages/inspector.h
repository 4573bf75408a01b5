// SPDX-License-Identifier: GPL-3.0-or-later
// The window's right side: the current image, whichever part and page it is from, with what is known of it.
// Zoom and position stay from image to image.
#pragma once

#include "client/investigation.h"
#include "models/image_list_model.h"
#include "models/thumbnail_store.h"

#include <QPointer>
#include <QWidget>

class QFormLayout;
class QLabel;
class QStackedWidget;
class QToolButton;

namespace culprit::ui {

class ImageCanvas;
class StatePanel;

class Inspector : public QWidget {
    Q_OBJECT

public:
    /// None of them is owned; all live longer. Pictures are asked for in full size.
    Inspector(Investigation* investigation, ImageSelection* selection, ThumbnailSource* pictures,
              QWidget* parent = nullptr);

    /// Where the facts come from: the pages' lists of training and of test images. Not owned.
    void setImages(ImageListModel* train, ImageListModel* test);

    ImageCanvas* canvas() const { return m_canvas; }
    QSize sizeHint() const override;

Q_SIGNALS:
    void loupeRequested(const culprit::data::ImageId& id);

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    QWidget* buildImage();
    QWidget* buildFacts();
    void listenTo(ImageListModel* images);
    const ImageListModel* listOf(const data::ImageId& id) const;

    void refresh();
    void showPicture();
    void showFacts();
    void addFact(const ImageFact& fact);
    void drawIcons();

    QPointer<Investigation> m_investigation;
    QPointer<ImageSelection> m_selection;
    QPointer<ImageListModel> m_train;
    QPointer<ImageListModel> m_test;
    ThumbnailStore m_pictures;
    QStackedWidget* m_pages;
    StatePanel* m_placeholder;
    ImageCanvas* m_canvas;
    QLabel* m_name;
    QLabel* m_sentence;
    QToolButton* m_fit;
    QToolButton* m_loupe;
    QFormLayout* m_facts = nullptr;
};

/// What matters most of an image, in a sentence or two: "Labelled 4; the model says 9. …". Empty for an image
/// that is not loaded or of which nothing is known yet.
QString sentenceOf(const Investigation& investigation, const data::ImageId& id);

} // namespace culprit::ui
