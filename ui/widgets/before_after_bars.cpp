// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/before_after_bars.h"

#include "widgets/bars_overlay_internal.h"
#include "widgets/custom_plot.h"
#include "widgets/legend_strip.h"
#include "widgets/percent_ticker_internal.h"
#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QLabel>

#include <cmath>

namespace culprit::ui {

namespace {

constexpr double groupShare = 0.74; // of a group's height, the rest is the gap between groups

/// Of a share of `images`; nothing where their number is not known.
std::optional<evaluation::Interval> intervalOf(double share, std::int64_t images)
{
    if (images <= 0 || !std::isfinite(share))
        return std::nullopt;
    return evaluation::wilson(std::llround(share * static_cast<double>(images)), images);
}

} // namespace

BeforeAfterBars::BeforeAfterBars(QWidget* parent) : PlotView(parent), m_note(new QLabel(this))
{
    m_note->setObjectName(QStringLiteral("summary"));
    m_note->setWordWrap(true);
    m_note->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    controls().insertWidget(0, m_note, 100);
    setUpPlot();
    showFigures(m_figures);
    panel().showEmpty(
        Icon::StepTreatment,
        {tr("Nothing repaired yet"), tr("Repair the model to compare it with itself before."), {}});
}

void BeforeAfterBars::setUpPlot()
{
    QCustomPlot& picture = plot();
    picture.yAxis->setRange(-0.5, groupCount - 0.5);
    picture.yAxis->setRangeReversed(true);
    picture.yAxis->setTicks(false);
    picture.yAxis->setTickLabels(false);
    picture.yAxis->grid()->setVisible(false);
    picture.xAxis->setRange(0.0, 1.0);
    QSharedPointer<QCPAxisTicker> ticker(new PercentTicker);
    ticker->setTickCount(4);
    picture.xAxis->setTicker(ticker);
    for (std::size_t series = 0; series < SeriesCount; ++series) {
        m_bars[series] = new QCPBars(picture.yAxis, picture.xAxis);
        m_whiskers[series] = new QCPErrorBars(picture.yAxis, picture.xAxis);
        m_whiskers[series]->setDataPlottable(m_bars[series]);
        m_whiskers[series]->setSymbolGap(0.0);
        m_whiskers[series]->setWhiskerWidth(7.0);
        m_whiskers[series]->setAntialiased(false);
    }
    m_overlay = new BarsOverlay(&picture, *this);
    picture.installEventFilter(this);
    connect(&picture, &QCustomPlot::beforeReplot, this, [this] { m_overlay->reserveRoom(plot().width()); });
}

double BeforeAfterBars::keyOf(int group, int series, int seriesShown)
{
    return group + groupShare * ((series + 0.5) / seriesShown - 0.5);
}

void BeforeAfterBars::setFigures(const RepairFigures& figures)
{
    m_hasControl = figures.control.has_value();
    m_changed = figures.fixed > 0 || figures.broken > 0;
    buildGroups(figures);
    m_summary = m_changed
                    ? tr("%1, %2").arg(tr("%Ln image(s) fixed", nullptr, static_cast<int>(figures.fixed)),
                                       tr("%Ln broken", nullptr, static_cast<int>(figures.broken)))
                    : tr("No change: the repaired model answers as before on every test image.");
    m_note->setText(m_summary);
    drawBars();
    fillTable();
    speak();
    const int lines = groupCount * (seriesShown() * 20 + 14) + fontMetrics().height() * 2;
    plot().setMinimumSize(320, lines);
    showPlot();
    recolor();
    plot().replot(QCustomPlot::rpQueuedReplot);
}

/// The failures are wrong and the remaining images right before the repair, by definition: no interval there.
void BeforeAfterBars::buildGroups(const RepairFigures& figures)
{
    const auto group = [&](const QString& name, const QString& remark, double evaluation::Accuracies::*part,
                           std::int64_t images, bool definition) {
        const double before = figures.before.*part;
        const double after = figures.after.*part;
        Group built{name, tr("%Ln image(s), %1", nullptr, static_cast<int>(images)).arg(remark), {}};
        built.bars[Before] = {before, definition ? std::nullopt : intervalOf(before, images)};
        built.bars[After] = {after, intervalOf(after, images)};
        if (figures.control)
            built.bars[Control] = {(*figures.control).*part, intervalOf((*figures.control).*part, images)};
        return built;
    };
    using evaluation::Accuracies;
    m_groups = {
        group(tr("Query failures"), tr("seen by the method"), &Accuracies::query, figures.sizes.query, true),
        group(tr("Held-out failures"), tr("never seen"), &Accuracies::holdout, figures.sizes.holdout, true),
        group(tr("Remaining images"), tr("were right"), &Accuracies::remaining, figures.sizes.remaining,
              true),
        group(tr("Whole test set"), tr("all of it"), &Accuracies::test, figures.sizes.test, false)};
}

void BeforeAfterBars::drawBars()
{
    for (int series = 0; series < SeriesCount; ++series) {
        const auto s = static_cast<std::size_t>(series);
        QVector<double> keys, shares, below, above;
        for (int i = 0; i < groupCount && series < seriesShown(); ++i) {
            const RepairBar& bar = m_groups[static_cast<std::size_t>(i)].bars[s];
            const double nothing = std::numeric_limits<double>::quiet_NaN();
            keys << keyOf(i, series, seriesShown());
            shares << (std::isfinite(bar.share) ? bar.share : 0.0);
            below << (bar.interval ? bar.share - bar.interval->low : nothing);
            above << (bar.interval ? bar.interval->high - bar.share : nothing);
        }
        m_bars[s]->setWidth(groupShare / seriesShown() * 0.86);
        m_bars[s]->setData(keys, shares, true);
        m_whiskers[s]->setData(below, above);
    }
}

void BeforeAfterBars::fillTable()
{
    QStringList headers{tr("Test images"), tr("Before"), tr("After"), tr("95 % interval")};
    if (m_hasControl)
        headers << tr("Random control") << tr("95 % interval");
    const auto rangeOf = [](const RepairBar& bar) {
        return Figure::word(bar.interval ? percentRange(bar.interval->low, bar.interval->high)
                                         : QStringLiteral("–"));
    };
    std::vector<std::vector<Figure>> rows;
    for (const Group& group : m_groups) {
        rows.push_back({Figure::word(group.name), Figure::percent(group.bars[Before].share),
                        Figure::percent(group.bars[After].share), rangeOf(group.bars[After])});
        if (m_hasControl) {
            rows.back().push_back(Figure::percent(group.bars[Control].share));
            rows.back().push_back(rangeOf(group.bars[Control]));
        }
    }
    m_figures.setFigures(headers, std::move(rows));
}

void BeforeAfterBars::speak()
{
    QStringList sentences{m_summary};
    for (const Group& group : m_groups) {
        const QString before = Figure::percent(group.bars[Before].share).text;
        const QString after = Figure::percent(group.bars[After].share).text;
        QString sentence = tr("%1: before %2, after %3").arg(group.name, before, after);
        if (m_hasControl)
            sentence =
                tr("%1, random control %2").arg(sentence, Figure::percent(group.bars[Control].share).text);
        sentences << sentence;
    }
    setSpoken(tr("Share of images the model gets right"), sentences.join(QStringLiteral(". ")));
}

QString BeforeAfterBars::summary() const
{
    return m_summary;
}

void BeforeAfterBars::recolor()
{
    PlotView::recolor();
    const Accents& accents = accentsOf(palette());
    const QColor text = palette().color(QPalette::WindowText);
    const QColor pale = mixed(accents.neutral, palette().color(QPalette::Window), 0.45);
    m_bars[Before]->setPen(QPen(accents.neutral, 1.0));
    m_bars[Before]->setBrush(pale);
    m_bars[After]->setPen(QPen(accents.blue, 1.0));
    m_bars[After]->setBrush(accents.blueFill);
    m_bars[Control]->setPen(QPen(accents.orange, 1.0));
    m_bars[Control]->setBrush(QBrush(accents.orange, Qt::BDiagPattern));
    for (QCPErrorBars* whiskers : m_whiskers)
        whiskers->setPen(QPen(text, 1.5));
    plot().yAxis->setBasePen(QPen(accents.neutral, 1.0));
    std::vector<LegendEntry> entries{
        {tr("Before"), m_bars[Before]->pen(), m_bars[Before]->brush(), LegendEntry::Shape::Area},
        {tr("After"), m_bars[After]->pen(), m_bars[After]->brush(), LegendEntry::Shape::Area}};
    if (m_hasControl) {
        entries.push_back({tr("After, with random images instead of culprits"), m_bars[Control]->pen(),
                           m_bars[Control]->brush(), LegendEntry::Shape::Area});
    }
    legend().setEntries(std::move(entries));
    legend().show();
}

} // namespace culprit::ui
