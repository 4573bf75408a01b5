// SPDX-License-Identifier: GPL-3.0-or-later
// What lies over the confusion matrix's colour map: the muted diagonal, the numbers, the selection and the
// cursor.
#pragma once

#include "widgets/confusion_matrix_view.h"
#include "widgets/custom_plot.h"

namespace culprit::ui {

class MatrixOverlay : public QCPAbstractItem {
public:
    MatrixOverlay(QCustomPlot* plot, const ConfusionMatrixView& view);

    double selectTest(const QPointF& position, bool onlySelectable, QVariant* details) const override;

    /// The size, in pixels, that the widest number fits a cell with; nothing where none does.
    std::optional<int> numberSize() const;

protected:
    void draw(QCPPainter* painter) override;

private:
    using Cell = ConfusionMatrixView::Cell;

    QColor groundOf(Cell cell) const;
    QString widestNumber() const;
    void drawDiagonal(QCPPainter& painter) const;
    void drawGrid(QCPPainter& painter) const;
    void drawNumbers(QCPPainter& painter) const;
    void drawSelection(QCPPainter& painter) const;
    void drawCursor(QCPPainter& painter) const;

    const ConfusionMatrixView& m_view;
};

} // namespace culprit::ui
