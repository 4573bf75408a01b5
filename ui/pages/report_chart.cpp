// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/report_chart.h"

#include "widgets/theme.h"

#include <QCoreApplication>
#include <QLocale>
#include <QPainter>
#include <cmath>

namespace culprit::ui {

namespace {

struct ReportChart {
    Q_DECLARE_TR_FUNCTIONS(ReportChart)
};

constexpr double sharpness = 3.0; ///< Pixels a unit: about 290 an inch on paper.
constexpr double chartWidth = 640.0;
constexpr double left = 160.0;
constexpr double right = 470.0;
constexpr double intervalOffset = 58.0; ///< Of the interval's text from the share's.
constexpr double barHeight = 12.0;
constexpr double barStep = 16.0;
constexpr double groupGap = 14.0;
constexpr double axisHeight = 22.0;
constexpr double keyHeight = 22.0;
constexpr double hatchScale = 0.6; ///< Lines that still show as lines on paper.
constexpr double fontPixels = 11.0;
constexpr int groupCount = 4;

struct Bar {
    double share = 0.0;
    std::optional<evaluation::Interval> interval;
    QBrush brush;
    QColor edge;
};

struct Group {
    QString name;
    QString remark;
    std::vector<Bar> bars;
};

struct Ink {
    QColor text;
    QColor dim;
    QColor line;
    QBrush before, after, control;
    QColor beforeEdge, afterEdge, controlEdge;
};

Ink inkOf(const QPalette& paper)
{
    const Accents& accents = accentsOf(paper);
    QBrush hatch(accents.orange, Qt::BDiagPattern);
    hatch.setTransform(QTransform::fromScale(hatchScale, hatchScale));
    return {.text = paper.color(QPalette::Text),
            .dim = accents.dim,
            .line = accents.line,
            .before = QBrush(mixed(accents.neutral, Qt::white, 0.55)),
            .after = QBrush(accents.blueFill),
            .control = hatch,
            .beforeEdge = accents.neutral,
            .afterEdge = accents.blue,
            .controlEdge = accents.orange};
}

std::optional<evaluation::Interval> intervalOf(double share, std::int64_t images)
{
    if (images <= 0 || !std::isfinite(share))
        return std::nullopt;
    return evaluation::wilson(std::llround(share * static_cast<double>(images)), images);
}

/// Before the repair the failures are wrong and the remaining images right by definition, so only the whole
/// test set has an interval there.
Group groupOf(const RepairFigures& figures, const Ink& ink, const QString& name, const QString& remark,
              double evaluation::Accuracies::*part, std::int64_t images, bool measuredBefore)
{
    Group group{name, remark, {}};
    const double before = figures.before.*part;
    const double after = figures.after.*part;
    group.bars.push_back(
        {before, measuredBefore ? intervalOf(before, images) : std::nullopt, ink.before, ink.beforeEdge});
    group.bars.push_back({after, intervalOf(after, images), ink.after, ink.afterEdge});
    if (figures.control) {
        const double control = (*figures.control).*part;
        group.bars.push_back({control, intervalOf(control, images), ink.control, ink.controlEdge});
    }
    return group;
}

std::vector<Group> groupsOf(const RepairFigures& figures, const Ink& ink)
{
    using evaluation::Accuracies;
    const auto& sizes = figures.sizes;
    const auto remark = [](std::int64_t images, const QString& what) {
        return ReportChart::tr("%Ln image(s), %1", nullptr, static_cast<int>(images)).arg(what);
    };
    return {groupOf(figures, ink, ReportChart::tr("Query failures"),
                    remark(sizes.query, ReportChart::tr("seen by the method")), &Accuracies::query,
                    sizes.query, false),
            groupOf(figures, ink, ReportChart::tr("Held-out failures"),
                    remark(sizes.holdout, ReportChart::tr("never seen")), &Accuracies::holdout, sizes.holdout,
                    false),
            groupOf(figures, ink, ReportChart::tr("Remaining images"),
                    remark(sizes.remaining, ReportChart::tr("were right")), &Accuracies::remaining,
                    sizes.remaining, false),
            groupOf(figures, ink, ReportChart::tr("Whole test set"),
                    remark(sizes.test, ReportChart::tr("all of it")), &Accuracies::test, sizes.test, true)};
}

double heightOf(bool hasControl)
{
    const int bars = hasControl ? 3 : 2;
    return groupCount * (bars * barStep + groupGap) + axisHeight + keyHeight;
}

double xOf(double share)
{
    return left + std::clamp(share, 0.0, 1.0) * (right - left);
}

void drawAxis(QPainter& painter, const Ink& ink, double bottom)
{
    for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0}) {
        painter.setPen(QPen(ink.line, 0.8));
        painter.drawLine(QPointF(xOf(share), 0.0), QPointF(xOf(share), bottom));
        painter.setPen(ink.dim);
        painter.drawText(QRectF(xOf(share) - 30.0, bottom, 60.0, axisHeight), Qt::AlignCenter,
                         QLocale().toString(share * 100.0, 'f', 0) + QStringLiteral("\u202F%"));
    }
}

void drawBar(QPainter& painter, const Ink& ink, const Bar& bar, double y)
{
    const QRectF value(right + 10.0, y, chartWidth - right - 10.0, barHeight);
    painter.setPen(ink.text);
    painter.drawText(value, Qt::AlignLeft | Qt::AlignVCenter, Figure::percent(bar.share).text);
    if (!std::isfinite(bar.share))
        return;
    painter.setPen(QPen(bar.edge, 0.8));
    painter.setBrush(bar.brush);
    painter.drawRect(QRectF(left, y, xOf(bar.share) - left, barHeight));
    if (!bar.interval)
        return;
    painter.setPen(ink.dim);
    painter.drawText(value.adjusted(intervalOffset, 0.0, 0.0, 0.0), Qt::AlignLeft | Qt::AlignVCenter,
                     percentRange(bar.interval->low, bar.interval->high));
    const double middle = y + barHeight / 2.0;
    painter.setPen(QPen(ink.text, 1.2));
    painter.drawLine(QPointF(xOf(bar.interval->low), middle), QPointF(xOf(bar.interval->high), middle));
    for (const double end : {bar.interval->low, bar.interval->high})
        painter.drawLine(QPointF(xOf(end), middle - 3.0), QPointF(xOf(end), middle + 3.0));
}

double drawGroup(QPainter& painter, const Ink& ink, const Group& group, double y)
{
    QFont bold = painter.font();
    bold.setWeight(QFont::DemiBold);
    painter.save();
    painter.setFont(bold);
    painter.setPen(ink.text);
    painter.drawText(QRectF(0.0, y, left - 10.0, barStep), Qt::AlignLeft | Qt::AlignVCenter, group.name);
    painter.restore();
    painter.setPen(ink.dim);
    painter.drawText(QRectF(0.0, y + barStep, left - 10.0, 2.0 * barStep),
                     int(Qt::AlignLeft | Qt::AlignTop) | Qt::TextWordWrap, group.remark);
    for (const Bar& bar : group.bars) {
        drawBar(painter, ink, bar, y);
        y += barStep;
    }
    return y + groupGap;
}

void drawKey(QPainter& painter, const Ink& ink, bool hasControl, double y)
{
    struct Entry {
        QString name;
        QBrush brush;
        QColor edge;
    };
    QList<Entry> entries{{ReportChart::tr("before"), ink.before, ink.beforeEdge},
                         {ReportChart::tr("after the treatment"), ink.after, ink.afterEdge}};
    if (hasControl)
        entries << Entry{ReportChart::tr("the same treatment of random images"), ink.control,
                         ink.controlEdge};
    double x = 0.0;
    for (const Entry& entry : entries) {
        painter.setPen(QPen(entry.edge, 0.8));
        painter.setBrush(entry.brush);
        painter.drawRect(QRectF(x, y + 7.0, 16.0, 8.0));
        painter.setPen(ink.text);
        const double width = painter.fontMetrics().horizontalAdvance(entry.name) + 2.0;
        painter.drawText(QRectF(x + 21.0, y, width, keyHeight), Qt::AlignLeft | Qt::AlignVCenter, entry.name);
        x += 21.0 + width + 18.0;
    }
}

} // namespace

QSize chartSize(const RepairFigures& figures)
{
    return QSizeF(chartWidth, heightOf(figures.control.has_value())).toSize();
}

QImage reportChart(const RepairFigures& figures)
{
    const Ink ink = inkOf(lightPalette());
    const std::vector<Group> groups = groupsOf(figures, ink);
    const double height = heightOf(figures.control.has_value());
    QImage image(qRound(chartWidth * sharpness), qRound(height * sharpness), QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(sharpness, sharpness);
    QFont font;
    font.setPointSizeF(fontPixels * 72.0 / image.logicalDpiY());
    painter.setFont(font);
    drawAxis(painter, ink, height - axisHeight - keyHeight);
    double y = groupGap / 2.0;
    for (const Group& group : groups)
        y = drawGroup(painter, ink, group, y);
    drawKey(painter, ink, figures.control.has_value(), height - keyHeight);
    return image;
}

} // namespace culprit::ui
