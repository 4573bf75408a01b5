// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/removal_curve.h"

#include "widgets/custom_plot.h"
#include "widgets/legend_strip.h"
#include "widgets/percent_ticker_internal.h"
#include "widgets/theme.h"

#include <algorithm>
#include <cmath>

namespace culprit::ui {

RemovalCurve::RemovalCurve(QWidget* parent) : PlotView(parent)
{
    QCustomPlot& picture = plot();
    picture.xAxis->setLabel(tr("Culprits removed"));
    picture.yAxis->setLabel(tr("Accuracy"));
    picture.xAxis->setNumberFormat(QStringLiteral("f"));
    picture.xAxis->setNumberPrecision(0);
    picture.xAxis->grid()->setVisible(false);
    QSharedPointer<QCPAxisTicker> ticker(new PercentTicker);
    ticker->setTickCount(4);
    picture.yAxis->setTicker(ticker);
    picture.yAxis->setRange(0.0, 1.04);
    m_low = picture.addGraph();
    m_high = picture.addGraph();
    m_remaining = picture.addGraph();
    m_holdout = picture.addGraph();
    m_high->setChannelFillGraph(m_low);
    picture.setMinimumSize(260, 180);
    showFigures(m_figures);
    panel().showEmpty(
        Icon::Chart,
        {tr("No curve yet"), tr("It shows how accuracy changes as more culprits are removed."), {}});
}

void RemovalCurve::setPoints(std::vector<RemovalPoint> points)
{
    Q_ASSERT(!points.empty());
    m_points = std::move(points);
    drawCurves();
    fillTable();
    speak();
    showPlot();
    recolor();
    plot().replot(QCustomPlot::rpQueuedReplot);
}

bool RemovalCurve::hasBand() const
{
    return std::any_of(m_points.begin(), m_points.end(),
                       [](const auto& point) { return point.randomHoldout; });
}

void RemovalCurve::drawCurves()
{
    QVector<double> removed, holdout, remaining, bandKeys, low, high;
    for (const RemovalPoint& point : m_points) {
        const auto key = static_cast<double>(point.removed);
        removed << key;
        holdout << point.holdout;
        remaining << point.remaining;
        if (point.randomHoldout) {
            bandKeys << key;
            low << point.randomHoldout->low;
            high << point.randomHoldout->high;
        }
    }
    m_holdout->setData(removed, holdout, true);
    m_remaining->setData(removed, remaining, true);
    m_low->setData(bandKeys, low, true);
    m_high->setData(bandKeys, high, true);
    const double extent = std::max(1.0, removed.last() - removed.first());
    plot().xAxis->setRange(removed.first() - extent * 0.03, removed.last() + extent * 0.03);
}

void RemovalCurve::fillTable()
{
    std::vector<std::vector<Figure>> rows;
    for (const RemovalPoint& point : m_points) {
        const auto& band = point.randomHoldout;
        rows.push_back({Figure::count(point.removed), Figure::percent(point.holdout),
                        Figure::percent(point.remaining),
                        Figure::word(band ? percentRange(band->low, band->high) : QStringLiteral("–"))});
    }
    m_figures.setFigures({tr("Culprits removed"), tr("Held-out failures"), tr("Remaining images"),
                          tr("Held-out failures, random images removed")},
                         std::move(rows));
}

void RemovalCurve::speak()
{
    const RemovalPoint& first = m_points.front();
    const RemovalPoint& last = m_points.back();
    setSpoken(tr("Accuracy against the number of culprits removed"),
              tr("Held-out failures from %1 to %2, remaining images from %3 to %4, when up to %5 culprits "
                 "are removed.")
                  .arg(Figure::percent(first.holdout).text, Figure::percent(last.holdout).text,
                       Figure::percent(first.remaining).text, Figure::percent(last.remaining).text,
                       Figure::count(last.removed).text));
}

void RemovalCurve::recolor()
{
    PlotView::recolor();
    const Accents& accents = accentsOf(palette());
    const QColor ground = palette().color(QPalette::Window);
    m_holdout->setPen(QPen(accents.blue, 2.5));
    m_holdout->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, accents.blue, accents.blue, 7));
    m_remaining->setPen(QPen(accents.neutral, 2.0, Qt::DashLine));
    m_remaining->setScatterStyle(
        QCPScatterStyle(QCPScatterStyle::ssSquare, accents.neutral, accents.neutral, 6));
    const QPen edge(mixed(accents.orange, ground, 0.3), 1.0);
    m_low->setPen(edge);
    m_high->setPen(edge);
    m_high->setBrush(QBrush(accents.orange, Qt::BDiagPattern));
    std::vector<LegendEntry> entries{
        {tr("Held-out failures"), m_holdout->pen(), Qt::NoBrush, LegendEntry::Shape::Circles},
        {tr("Remaining images"), m_remaining->pen(), Qt::NoBrush, LegendEntry::Shape::Squares}};
    if (hasBand()) {
        entries.push_back({tr("Held-out failures with random images removed"), edge, m_high->brush(),
                           LegendEntry::Shape::Area});
    }
    legend().setEntries(std::move(entries));
    legend().show();
}

} // namespace culprit::ui
