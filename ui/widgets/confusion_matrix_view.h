// SPDX-License-Identifier: GPL-3.0-or-later
// The confusion matrix as a picture to choose failures from: rows are given labels, columns predictions. A
// click takes a cell, Ctrl-click adds or removes it, a header takes the failures of its row or column. Arrows
// move a cursor over cells and headers, Space or Enter take what is under it (with Ctrl: add), Ctrl+A takes
// all failures, Esc none.
#pragma once

#include "models/confusion_model.h"
#include "widgets/plot_view.h"

#include <set>
#include <utility>
#include <vector>

class QComboBox;
class QCPColorMap;
class QItemSelection;

namespace culprit::ui {

class MatrixOverlay;

class ConfusionMatrixView : public PlotView {
    Q_OBJECT

public:
    /// (label, predicted). As a place, (label, -1) is a row's header, (-1, predicted) a column's, (-1, -1)
    /// nowhere.
    using Cell = std::pair<int, int>;

    explicit ConfusionMatrixView(QWidget* parent = nullptr);

    /// Two classes or more, one name a class. Clears the selection.
    void setConfusion(const evaluation::Confusion& confusion, const QStringList& names);
    void setShare(ConfusionShare share);
    ConfusionShare share() const { return m_model.share(); }

    /// Sorted.
    std::vector<Cell> selection() const { return {m_selection.begin(), m_selection.end()}; }
    void setSelection(const std::vector<Cell>& cells);

    Cell cursor() const { return m_cursor; }
    void setCursor(Cell place);

    /// Where a cell or header lies in plotWidget().
    QRectF rectOf(Cell place) const;
    Cell placeAt(const QPointF& position) const;

    /// What stands in the cell; empty where the cells are too small for numbers.
    QString cellText(Cell cell) const;

    bool eventFilter(QObject* watched, QEvent* event) override;

Q_SIGNALS:
    void selectionChanged(const std::vector<std::pair<int, int>>& cells);

protected:
    void recolor() override;

private:
    friend class MatrixOverlay;

    void setUpPlot();
    void setUpControls();
    void fillMap();
    void drawMap();
    void labelAxes(const QSize& size);
    void describe();
    void choose(Cell place, bool additive);
    void replaceSelection(std::set<Cell> cells);
    void showSelectionInTable();
    void takeSelectionOfTable();
    std::vector<Cell> cellsOf(Cell place) const;
    QString inWords(Cell place) const;
    bool handleKey(int key, Qt::KeyboardModifiers modifiers);
    bool moveCursor(int key, Qt::KeyboardModifiers modifiers);
    bool handlePress(const QPointF& position, Qt::KeyboardModifiers modifiers);
    void showTip(const QPoint& position, const QPoint& global);
    void redraw();
    int classes() const { return m_model.rowCount(); }

    ConfusionModel m_model;
    std::set<Cell> m_selection;
    Cell m_cursor{0, 0};
    std::vector<double> m_values;
    double m_highest = 0.0; ///< Of the cells off the diagonal.
    int m_block = 1;        ///< So many classes share a row or column of the map.
    bool m_synchronising = false;
    QCPColorMap* m_map = nullptr;
    MatrixOverlay* m_overlay = nullptr;
    QComboBox* m_share = nullptr;
};

} // namespace culprit::ui
