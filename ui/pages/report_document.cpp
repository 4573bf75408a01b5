// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/report_document.h"

#include "client/treatment_words.h"
#include "pages/repair_figures.h"
#include "pages/report_chart.h"
#include "pages/report_html.h"
#include "widgets/theme.h"

#include <QAbstractTextDocumentLayout>
#include <QBuffer>
#include <QCoreApplication>
#include <QLocale>
#include <QPainter>
#include <QPdfWriter>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextOption>
#include <QUrl>
#include <algorithm>

namespace culprit::ui {

namespace {

struct Report {
    Q_DECLARE_TR_FUNCTIONS(Report)
};

constexpr double bodyPoints = 9.5;

void addPictures(QTextDocument& document, const ReportContent& content)
{
    for (auto it = content.pictures.cbegin(); it != content.pictures.cend(); ++it) {
        QImage picture = it.value();
        // Small images keep their pixels as squares, as someone who looks for a flaw wants them.
        const int factor = std::max(1, 160 / std::max(1, std::max(picture.width(), picture.height())));
        if (factor > 1)
            picture = picture.scaled(picture.size() * factor, Qt::IgnoreAspectRatio, Qt::FastTransformation);
        document.addResource(QTextDocument::ImageResource, QUrl(pictureName(it.key())), picture);
    }
    QImage strut(1, 1, QImage::Format_ARGB32);
    strut.fill(Qt::transparent);
    document.addResource(QTextDocument::ImageResource, QUrl(QStringLiteral("strut")), strut);
    if (const TreatmentReply* treatment = recommendedOf(content.findings))
        document.addResource(QTextDocument::ImageResource, QUrl(QStringLiteral("chart")),
                             reportChart(repairFiguresOf(content.findings, *treatment)));
}

} // namespace

void writeReport(QTextDocument& document, const ReportContent& content)
{
    document.clear();
    QFont font;
    font.setPointSizeF(bodyPoints);
    document.setDefaultFont(font);
    document.setDefaultStyleSheet(reportStyleSheet());
    document.setMetaInformation(QTextDocument::DocumentTitle, Report::tr("Culprit report"));
    QTextOption wrapping; // a path or a hash has no words
    wrapping.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    document.setDefaultTextOption(wrapping);
    addPictures(document, content);
    document.setHtml(reportHtml(content));
}

namespace {

/// The last of the few blocks that a heading should not be parted from; a cell of a table is a block.
QTextBlock beginningAfter(const QTextBlock& heading)
{
    constexpr int blocks = 18; // a paragraph, the header of a table and a row
    QTextBlock last = heading;
    for (int i = 0; i < blocks; ++i) {
        const QTextBlock next = last.next();
        if (!next.isValid() || next.blockFormat().headingLevel() > 0)
            break;
        last = next;
    }
    return last;
}

/// The first heading that the end of a page parts from what it heads.
QTextBlock strandedHeading(const QTextDocument& document, double pageHeight)
{
    const auto pageOf = [&](double y) { return static_cast<int>(y / pageHeight); };
    const auto* layout = document.documentLayout();
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        const bool isMoved = block.blockFormat().pageBreakPolicy() != QTextFormat::PageBreak_Auto;
        if (block.blockFormat().headingLevel() == 0 || isMoved)
            continue;
        const double top = layout->blockBoundingRect(block).top();
        const double bottom = layout->blockBoundingRect(beginningAfter(block)).bottom();
        if (pageOf(top) != pageOf(bottom))
            return block;
    }
    return {};
}

/// Stranded headings begin the next page. Each one moves what comes after it, so all is laid out anew: a
/// change of one block would leave what follows it out of the picture.
void layOut(QTextDocument& document, const QSizeF& page)
{
    document.setPageSize(page);
    for (QTextBlock stranded = strandedHeading(document, page.height()); stranded.isValid();
         stranded = strandedHeading(document, page.height())) {
        QTextBlockFormat format;
        format.setPageBreakPolicy(QTextFormat::PageBreak_AlwaysBefore);
        QTextCursor(stranded).mergeBlockFormat(format);
        document.setPageSize(page);
    }
}

void drawFooter(QPainter& painter, const QRectF& area, int page, int pages)
{
    QFont font;
    font.setPointSizeF(8.0);
    painter.setFont(font);
    painter.setPen(accentsOf(lightPalette()).dim);
    painter.drawText(area, Qt::AlignLeft | Qt::AlignBottom, Report::tr("Culprit report"));
    painter.drawText(area, Qt::AlignRight | Qt::AlignBottom,
                     Report::tr("Page %1 of %2").arg(QLocale().toString(page), QLocale().toString(pages)));
}

void drawPages(QPdfWriter& writer, QTextDocument& document, const QSizeF& body, double footer)
{
    QPainter painter(&writer);
    const int pages = document.pageCount();
    for (int page = 0; page < pages; ++page) {
        if (page > 0)
            writer.newPage();
        const QRectF view(0.0, page * body.height(), body.width(), body.height());
        painter.save();
        painter.translate(0.0, -view.top());
        QAbstractTextDocumentLayout::PaintContext paint;
        paint.palette = lightPalette();
        paint.clip = view;
        painter.setClipRect(view);
        document.documentLayout()->draw(&painter, paint);
        painter.restore();
        drawFooter(painter, QRectF(0.0, body.height(), body.width(), footer), page + 1, pages);
    }
}

} // namespace

QByteArray reportPdf(const ReportContent& content)
{
    constexpr int resolution = 300;
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(resolution);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageMargins(QMarginsF(20.0, 18.0, 20.0, 14.0), QPageLayout::Millimeter);
    writer.setTitle(Report::tr("Culprit report"));
    writer.setCreator(QStringLiteral("Culprit " CULPRIT_VERSION));
    const double footer = 10.0 / 25.4 * resolution;
    const QSizeF paintable = writer.pageLayout().paintRectPixels(resolution).size();
    const QSizeF body(paintable.width(), paintable.height() - footer);
    QTextDocument document;
    writeReport(document, content);
    document.documentLayout()->setPaintDevice(&writer);
    document.setDocumentMargin(0.0);
    layOut(document, body);
    drawPages(writer, document, body, footer);
    return bytes;
}

} // namespace culprit::ui
