// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/score_plot.h"

#include "widgets/custom_plot.h"
#include "widgets/cut_overlay_internal.h"
#include "widgets/legend_strip.h"
#include "widgets/theme.h"

#include <QAccessibleWidget>
#include <QCheckBox>
#include <QHBoxLayout>

#include <algorithm>
#include <cmath>

namespace culprit::ui {

namespace {

constexpr int binCount = 120;
constexpr int binsPerTableRow = 5;
constexpr double reachOfLine = 9.0; // pixels either side within which the mouse takes the line

} // namespace

/// The cut as a screen reader meets it: a slider whose value is the number of culprits.
class AccessibleCut : public QAccessibleWidget, public QAccessibleValueInterface {
public:
    AccessibleCut(QWidget* widget, ScorePlot& plot)
        : QAccessibleWidget(widget, QAccessible::Slider), m_plot(plot)
    {
    }

    void* interface_cast(QAccessible::InterfaceType type) override
    {
        if (type == QAccessible::ValueInterface)
            return static_cast<QAccessibleValueInterface*>(this);
        return QAccessibleWidget::interface_cast(type);
    }

    QString text(QAccessible::Text kind) const override
    {
        return kind == QAccessible::Value ? m_plot.cutInWords() : QAccessibleWidget::text(kind);
    }

    QVariant currentValue() const override { return m_plot.cut(); }
    void setCurrentValue(const QVariant& value) override
    {
        m_plot.moveCut(value.toInt());
        m_plot.commit();
    }
    QVariant maximumValue() const override { return m_plot.imageCount(); }
    QVariant minimumValue() const override { return 0; }
    QVariant minimumStepSize() const override { return 1; }

private:
    ScorePlot& m_plot;
};

ScorePlot::ScorePlot(QWidget* parent) : PlotView(parent), m_logarithmic(new QCheckBox(this))
{
    setUpPlot();
    m_logarithmic->setObjectName(QStringLiteral("logarithmic"));
    m_logarithmic->setText(tr("Logarithmic counts"));
    m_logarithmic->setToolTip(tr("Makes the few images with high scores visible beside the many without."));
    m_logarithmic->setChecked(true);
    controls().insertWidget(0, m_logarithmic);
    connect(m_logarithmic, &QCheckBox::toggled, this, [this] {
        scaleCounts();
        drawParts();
    });
    showFigures(m_figures);
    panel().showEmpty(
        Icon::StepCauses,
        {tr("No scores yet"), tr("Find causes to see how the training images are scored."), {}});
}

void ScorePlot::setUpPlot()
{
    QCustomPlot& picture = plot();
    picture.xAxis->setLabel(tr("Culprit score"));
    picture.yAxis->setLabel(tr("Training images"));
    picture.xAxis->grid()->setVisible(false);
    m_rest = picture.addGraph();
    m_chosen = picture.addGraph();
    for (QCPGraph* graph : {m_rest, m_chosen}) {
        graph->setLineStyle(QCPGraph::lsStepLeft);
        graph->setAdaptiveSampling(false);
    }
    m_overlay = new CutOverlay(&picture, *this);
    picture.setMinimumSize(240, 160);
    picture.setMouseTracking(true);
    picture.installEventFilter(this);
}

void ScorePlot::setScores(std::vector<float> bestFirst, PrecisionEstimate precision)
{
    m_scores = std::move(bestFirst);
    m_precision = std::move(precision);
    m_finite = m_scores.size();
    while (m_finite > 0 && !std::isfinite(m_scores[m_finite - 1]))
        --m_finite;
    m_cut = 0;
    m_committed = 0;
    if (m_finite == 0) {
        panel().showEmpty(Icon::StepCauses, {tr("No image has a score"), {}, {}});
        return;
    }
    countBins();
    scaleCounts();
    drawParts();
    fillTable();
    showPlot();
}

void ScorePlot::countBins()
{
    m_low = m_scores[m_finite - 1];
    m_high = m_scores[0];
    if (!(m_high > m_low)) {
        m_low -= 0.5;
        m_high += 0.5;
    }
    const double width = (m_high - m_low) / binCount;
    m_bins.assign(binCount, {});
    for (int i = 0; i < binCount; ++i)
        m_bins[static_cast<std::size_t>(i)].left = m_low + i * width;
    for (std::size_t i = 0; i < m_finite; ++i) {
        const int bin = static_cast<int>((m_scores[i] - m_low) / width);
        ++m_bins[static_cast<std::size_t>(std::clamp(bin, 0, binCount - 1))].images;
    }
    const double margin = (m_high - m_low) * 0.03;
    plot().xAxis->setRange(m_low - margin, m_high + margin);
}

bool ScorePlot::logarithmic() const
{
    return m_logarithmic->isChecked();
}

void ScorePlot::setLogarithmic(bool logarithmic)
{
    m_logarithmic->setChecked(logarithmic);
}

void ScorePlot::scaleCounts()
{
    qint64 highest = 1;
    for (const Bin& bin : m_bins)
        highest = std::max(highest, bin.images);
    QCPAxis& axis = *plot().yAxis;
    if (logarithmic()) {
        QSharedPointer<QCPAxisTickerLog> ticker(new QCPAxisTickerLog);
        ticker->setSubTickCount(0);
        axis.setTicker(ticker);
        axis.setScaleType(QCPAxis::stLogarithmic);
        axis.setNumberFormat(QStringLiteral("f"));
        axis.setNumberPrecision(0);
        axis.setRange(0.6, static_cast<double>(highest) * 3.0);
    } else {
        axis.setScaleType(QCPAxis::stLinear);
        axis.setTicker(QSharedPointer<QCPAxisTicker>(new QCPAxisTicker));
        axis.setRange(0.0, static_cast<double>(highest) * 1.15);
    }
}

/// A logarithmic axis has no place for nothing: it lies below what is shown.
double ScorePlot::valueOf(double images) const
{
    return logarithmic() ? std::max(images, 0.1) : images;
}

ScorePlot::Outline ScorePlot::outlineBetween(double from, double to) const
{
    const double width = (m_high - m_low) / binCount;
    Outline outline;
    double end = from;
    for (const Bin& bin : m_bins) {
        const double left = std::max(bin.left, from);
        const double right = std::min(bin.left + width, to);
        if (right <= left)
            continue;
        outline.scores << left;
        outline.images << valueOf(static_cast<double>(bin.images));
        end = right;
    }
    if (!outline.scores.isEmpty()) {
        outline.scores << end;
        outline.images << outline.images.last();
    }
    return outline;
}

/// Both parts share the bin that the cut goes through, each on its side of the line.
void ScorePlot::drawParts()
{
    if (m_bins.empty())
        return;
    const Outline rest = outlineBetween(m_low, cutScore());
    const Outline chosen = outlineBetween(cutScore(), m_high);
    m_rest->setData(rest.scores, rest.images, true);
    m_chosen->setData(chosen.scores, chosen.images, true);
    setSpoken(tr("Cut of the ranking"), cutInWords());
    plot().replot(QCustomPlot::rpQueuedReplot);
}

void ScorePlot::fillTable()
{
    const double width = (m_high - m_low) / binCount;
    std::vector<std::vector<Figure>> rows;
    for (int first = binCount - binsPerTableRow; first >= 0; first -= binsPerTableRow) {
        qint64 images = 0;
        for (int i = first; i < first + binsPerTableRow; ++i)
            images += m_bins[static_cast<std::size_t>(i)].images;
        rows.push_back({Figure::decimal(m_low + first * width, 3),
                        Figure::decimal(m_low + (first + binsPerTableRow) * width, 3),
                        Figure::count(images)});
    }
    m_figures.setFigures({tr("Score from"), tr("to"), tr("Training images")}, std::move(rows));
}

void ScorePlot::recolor()
{
    PlotView::recolor();
    const Accents& accents = accentsOf(palette());
    m_rest->setPen(QPen(accents.neutral, 1.0));
    m_rest->setBrush(mixed(accents.neutral, palette().color(QPalette::Window), 0.45));
    m_chosen->setPen(QPen(accents.orange, 1.5));
    m_chosen->setBrush(accents.orangeFill);
    legend().setEntries(
        {{tr("Culprits"), m_chosen->pen(), m_chosen->brush(), LegendEntry::Shape::Area},
         {tr("Other training images"), m_rest->pen(), m_rest->brush(), LegendEntry::Shape::Area}});
    legend().show();
}

double ScorePlot::cutScore() const
{
    const double outside = (m_high - m_low) * 0.012;
    const auto cut = std::min(static_cast<std::size_t>(m_cut), m_finite);
    if (cut == 0)
        return m_high + outside;
    if (cut == m_finite)
        return m_low - outside;
    return (static_cast<double>(m_scores[cut - 1]) + static_cast<double>(m_scores[cut])) / 2.0;
}

int ScorePlot::countAbove(double score) const
{
    const auto end = m_scores.begin() + static_cast<std::ptrdiff_t>(m_finite);
    return static_cast<int>(
        std::partition_point(m_scores.begin(), end, [score](float value) { return value > score; }) -
        m_scores.begin());
}

void ScorePlot::setCut(int count)
{
    moveCut(count);
    m_committed = m_cut;
}

void ScorePlot::moveCut(int count)
{
    count = std::clamp(count, 0, imageCount());
    if (count == m_cut)
        return;
    m_cut = count;
    drawParts();
    QAccessibleValueChangeEvent event(plotWidget(), m_cut);
    QAccessible::updateAccessibility(&event);
    Q_EMIT cutChanged(m_cut);
}

QString ScorePlot::cutInWords() const
{
    const QString count = tr("%Ln culprit(s)", nullptr, m_cut);
    const auto precision = m_precision && m_cut > 0 ? m_precision(m_cut) : std::nullopt;
    if (!precision)
        return count;
    return tr("%1, estimated precision %2").arg(count, Figure::percent(*precision).text);
}

double ScorePlot::cutPosition() const
{
    return plot().xAxis->coordToPixel(cutScore());
}

QAccessibleInterface* ScorePlot::accessiblePlot(QWidget* widget)
{
    return new AccessibleCut(widget, *this);
}

void ScorePlot::commit()
{
    if (m_cut == m_committed)
        return;
    m_committed = m_cut;
    Q_EMIT cutCommitted(m_cut);
}

bool ScorePlot::isNearCut(double x) const
{
    return std::abs(x - cutPosition()) <= reachOfLine;
}

bool ScorePlot::handleMouse(QEvent::Type type, const QMouseEvent& event)
{
    const double x = event.position().x();
    if (type == QEvent::MouseButtonPress && event.button() == Qt::LeftButton) {
        if (isNearCut(x))
            m_grip = x - cutPosition();
        return true;
    }
    if (type == QEvent::MouseMove && m_grip) {
        moveCut(countAbove(plot().xAxis->pixelToCoord(x - *m_grip)));
        return true;
    }
    if (type == QEvent::MouseMove) {
        plotWidget()->setCursor(isNearCut(x) ? Qt::SplitHCursor : Qt::ArrowCursor);
        return false;
    }
    if (type == QEvent::MouseButtonRelease && m_grip) {
        m_grip.reset();
        commit();
        return true;
    }
    return false;
}

/// Right goes where the line goes: to higher scores and fewer culprits.
bool ScorePlot::handleKey(int key)
{
    const int tenth = std::max(1, m_cut / 10);
    switch (key) {
    case Qt::Key_Right:
        moveCut(m_cut - 1);
        return true;
    case Qt::Key_Left:
        moveCut(m_cut + 1);
        return true;
    case Qt::Key_PageUp:
        moveCut(m_cut - tenth);
        return true;
    case Qt::Key_PageDown:
        moveCut(m_cut + tenth);
        return true;
    case Qt::Key_Home:
        moveCut(static_cast<int>(m_finite));
        return true;
    case Qt::Key_End:
        moveCut(0);
        return true;
    default:
        return false;
    }
}

bool ScorePlot::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != plotWidget() || m_finite == 0)
        return PlotView::eventFilter(watched, event);
    switch (event->type()) {
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::MouseButtonRelease:
        if (handleMouse(event->type(), *static_cast<QMouseEvent*>(event)))
            return true;
        break;
    case QEvent::KeyPress:
        if (handleKey(static_cast<QKeyEvent*>(event)->key()))
            return true;
        break;
    case QEvent::KeyRelease:
        if (!static_cast<QKeyEvent*>(event)->isAutoRepeat())
            commit();
        break;
    case QEvent::FocusOut:
        commit();
        [[fallthrough]];
    case QEvent::FocusIn:
        plot().replot(QCustomPlot::rpQueuedReplot);
        break;
    default:
        break;
    }
    return PlotView::eventFilter(watched, event);
}

} // namespace culprit::ui
