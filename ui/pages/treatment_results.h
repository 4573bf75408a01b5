// SPDX-License-Identifier: GPL-3.0-or-later
// What the treatments came to: the verdict in words, the figures at the left (before and after, class by
// class, all treatments, the curve), and at the right the images behind them.
#pragma once

#include "client/findings.h"
#include "models/figures_model.h"
#include "pages/flips_view.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QSplitter;
class QTabWidget;
class QTableView;

namespace culprit::ui {

class BeforeAfterBars;
class RemovalCurve;

class TreatmentResults : public QWidget {
    Q_OBJECT

public:
    /// Neither is owned.
    TreatmentResults(ImageSelection* selection, ThumbnailSource* pictures, QWidget* parent = nullptr);

    /// `findings` has at least one treatment. The treatment that shows stays if it is still among them,
    /// unless another was added.
    void showTreatments(const Findings& findings, const ImageItems& test);
    /// The curve of `findings`, or how to come by one.
    void showCurve(const Findings& findings);
    void showTracing(const QString& progress);
    void showCurveFailure(const QString& text);

    /// The method that shows.
    QString shownMethod() const;
    FlipsView& flips() { return *m_flips; }

    /// How many culprits the curve's points remove: from a tenth of the cut to twice the cut, ascending, each
    /// leaving at least two training images. Empty without a cut.
    static QList<qint64> curveCounts(const Findings& findings);

Q_SIGNALS:
    void curveWanted();
    void methodShown(const QString& method);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeCurveTab();
    QTableView* makeTable(const QString& name, FiguresModel& figures);
    void arrange();
    void fillChooser();
    void showMethod(const QString& method);
    void fillClasses(const evaluation::Outcome& outcome);
    void fillComparison();
    void followClass();
    void followLink(const QString& link);
    void paintDim();

    Findings m_findings;
    ImageItems m_test;
    QWidget* m_chooserRow;
    QComboBox* m_chooser;
    QLabel* m_verdict;
    QLabel* m_notes;
    QTabWidget* m_tabs;
    BeforeAfterBars* m_bars;
    FiguresModel m_classes;
    QTableView* m_classTable;
    FiguresModel m_comparison;
    QTableView* m_comparisonTable;
    RemovalCurve* m_curve;
    QLabel* m_curveNote;
    QPushButton* m_trace;
    QSplitter* m_columns;
    FlipsView* m_flips;
};

} // namespace culprit::ui
