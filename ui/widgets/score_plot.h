// SPDX-License-Identifier: GPL-3.0-or-later
// How the culprit score is distributed over the training images, and the cut: a line to drag, or to move with
// the arrow keys (one image), Page Up and Down (a tenth) and Home and End. Right of it lie the culprits;
// beside it stand their number and the estimated precision.
#pragma once

#include "models/figures_model.h"
#include "widgets/plot_view.h"

#include <QEvent>
#include <QVector>

#include <functional>
#include <optional>
#include <vector>

class QCheckBox;
class QCPGraph;

namespace culprit::ui {

class AccessibleCut;
class CutOverlay;

class ScorePlot : public PlotView {
    Q_OBJECT

public:
    /// The estimated share of true culprits among the first `count`, in [0, 1]; nothing where no estimate is
    /// made.
    using PrecisionEstimate = std::function<std::optional<double>(int count)>;

    explicit ScorePlot(QWidget* parent = nullptr);

    /// `bestFirst`: the scores in descending order, NaN last. The cut starts at 0.
    void setScores(std::vector<float> bestFirst, PrecisionEstimate precision = {});

    /// The number of images right of the line, in [0, number of scores].
    int cut() const { return m_cut; }
    /// Emits cutChanged where it differs; never cutCommitted.
    void setCut(int count);
    int imageCount() const { return static_cast<int>(m_scores.size()); }

    bool logarithmic() const;
    void setLogarithmic(bool logarithmic);

    /// "214 culprits, estimated precision 87.0 %"
    QString cutInWords() const;

    /// Where the line stands, in pixels of plotWidget().
    double cutPosition() const;

    QAccessibleInterface* accessiblePlot(QWidget* widget) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

Q_SIGNALS:
    /// While the line moves.
    void cutChanged(int count);
    /// When it was let go.
    void cutCommitted(int count);

protected:
    void recolor() override;

private:
    friend class AccessibleCut;
    friend class CutOverlay;

    struct Bin {
        double left = 0.0;
        qint64 images = 0;
    };

    /// The histogram's steps, each from its score to the next.
    struct Outline {
        QVector<double> scores;
        QVector<double> images;
    };

    void setUpPlot();
    void countBins();
    void scaleCounts();
    void drawParts();
    Outline outlineBetween(double from, double to) const;
    void fillTable();
    void moveCut(int count);
    double cutScore() const;
    int countAbove(double score) const;
    double valueOf(double images) const;
    bool handleMouse(QEvent::Type type, const QMouseEvent& event);
    bool handleKey(int key);
    void commit();
    bool isNearCut(double x) const;

    std::vector<float> m_scores;
    std::size_t m_finite = 0;
    PrecisionEstimate m_precision;
    std::vector<Bin> m_bins;
    double m_low = 0.0;
    double m_high = 1.0;
    int m_cut = 0;
    int m_committed = 0;
    std::optional<double> m_grip; ///< While dragging: where on the line it was taken, in pixels.
    FiguresModel m_figures;
    QCheckBox* m_logarithmic;
    QCPGraph* m_rest = nullptr;
    QCPGraph* m_chosen = nullptr;
    CutOverlay* m_overlay = nullptr;
};

} // namespace culprit::ui
