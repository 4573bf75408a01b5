// SPDX-License-Identifier: GPL-3.0-or-later
// The bar above a grid of images: search, order, the page's own tools, size; below it a line that says how
// much is shown, selected and hidden, and a chip for every filter that is on, to take it off. It keeps
// nothing of its own: filter and order are the list's, whoever sets them.
#pragma once

#include "models/image_list_model.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QSlider;
class QToolButton;

namespace culprit::ui {

class FlowLayout;
class ImageGridView;

/// "Loss", as a person calls what a grid is sorted by.
QString nameOf(ImageColumn column);

/// The order a person expects first: the worst on top.
Qt::SortOrder usualOrderOf(ImageColumn column);

class GridTools : public QWidget {
    Q_OBJECT

public:
    /// The grid has got its images and its selection, and keeps both. Of `columns`, those that the images
    /// have are offered to sort by. Ctrl+F leads to the search from anywhere in `scope`, the grid's page.
    GridTools(ImageGridView* grid, const QList<ImageColumn>& columns, QWidget* scope);

    /// Between order and size, from left to right.
    void addTool(QWidget* tool);
    /// The size is the grid's: no use beside another view of the same images.
    void setSizeOffered(bool offered);
    /// What the chip of ImageFilter::ids says: "12 fixed images".
    void setIdsName(const QString& name);

    /// "146 of 2,000 shown · 12 selected, 3 hidden by the filter"
    QString summary() const { return m_summary; }

Q_SIGNALS:
    /// It is in force: the grid shows what fits it.
    void filterChanged(const culprit::ui::ImageFilter& filter);
    void summaryChanged();

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void setUpSearch(QWidget* scope);
    void setUpOrder();
    ImageColumn chosenColumn() const;
    void applySearch();
    void applyOrder(Qt::SortOrder order);
    void follow();
    void followOrder();
    void followFilter();
    void showChips();
    void addChip(const QString& name, const QString& text, const ImageFilter& without);
    QString countInWords() const;
    void showSummary();
    void drawIcons();

    QPointer<ImageListModel> m_images;
    QPointer<ImageSelection> m_selection;
    QList<ImageColumn> m_columns;
    QList<ImageColumn> m_offered; ///< Those of them in the combo box.
    QString m_idsName;
    QString m_summary;
    ImageFilter m_seen;  ///< The filter that chips and search show.
    QStringList m_names; ///< Of the classes, as the chips call them.
    QTimer m_typing;
    QTimer m_countSoon; ///< Many changes, one count.
    QLineEdit* m_search;
    QAction* m_searchIcon;
    QComboBox* m_order;
    QToolButton* m_direction;
    QSlider* m_size;
    QLabel* m_shown;
    QLabel* m_selected;
    QList<QToolButton*> m_chips;
    FlowLayout* m_tools;
    FlowLayout* m_state;
};

} // namespace culprit::ui
