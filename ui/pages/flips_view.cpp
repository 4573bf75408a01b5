// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/flips_view.h"

#include "widgets/flow_layout.h"
#include "widgets/grid_tools.h"
#include "widgets/image_grid_view.h"
#include "widgets/theme.h"

#include <QPushButton>
#include <QVBoxLayout>

namespace culprit::ui {

namespace {

template <typename T>
QList<T> chosen(const QList<T>& column, const std::vector<std::int64_t>& rows)
{
    QList<T> few;
    if (column.isEmpty())
        return few;
    few.reserve(static_cast<qsizetype>(rows.size()));
    for (const std::int64_t row : rows)
        few << column.at(row);
    return few;
}

std::vector<std::int64_t> flippedRows(const evaluation::Outcome& outcome)
{
    std::vector<std::int64_t> rows;
    rows.reserve(outcome.fixed.size() + outcome.broken.size());
    std::merge(outcome.fixed.begin(), outcome.fixed.end(), outcome.broken.begin(), outcome.broken.end(),
               std::back_inserter(rows));
    return rows;
}

/// The flips alone, marked as this treatment's.
ImageItems flippedItems(const ImageItems& test, const evaluation::Outcome& outcome)
{
    const std::vector<std::int64_t> rows = flippedRows(outcome);
    ImageItems items;
    items.classNames = test.classNames;
    items.ids = chosen(test.ids, rows);
    items.files = chosen(test.files, rows);
    items.label = chosen(test.label, rows);
    items.predicted = chosen(test.predicted, rows);
    items.loss = chosen(test.loss, rows);
    items.confidence = chosen(test.confidence, rows);
    items.marks = chosen(test.marks, rows);
    items.marks.resize(items.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool isBroken = std::binary_search(outcome.broken.begin(), outcome.broken.end(), rows[i]);
        ImageMarks& marks = items.marks[static_cast<qsizetype>(i)];
        marks.setFlag(ImageMark::Broken, isBroken);
        marks.setFlag(ImageMark::Fixed, !isBroken);
    }
    return items;
}

} // namespace

FlipsView::FlipsView(ImageSelection* selection, ThumbnailSource* pictures, QWidget* parent)
    : QWidget(parent), m_grid(new ImageGridView(this))
{
    m_thumbnails.setSource(pictures);
    m_grid->setObjectName(QStringLiteral("treatment.grid"));
    m_grid->setAccessibleName(tr("Images whose answer the treatment changed"));
    m_grid->setImages(&m_images);
    m_grid->shareSelection(selection);
    m_grid->setThumbnails(&m_thumbnails);
    m_grid->setMinimumHeight(160);
    m_tools = new GridTools(m_grid,
                            {ImageColumn::Image, ImageColumn::Label, ImageColumn::Predicted,
                             ImageColumn::Loss, ImageColumn::Confidence},
                            this);
    m_all = addButton(QStringLiteral("all"), {});
    m_fixed = addButton(QStringLiteral("fixed"), ImageMark::Fixed);
    m_broken = addButton(QStringLiteral("broken"), ImageMark::Broken);
    m_fixed->setToolTip(tr("Wrong before the treatment, right after it"));
    m_broken->setToolTip(tr("Right before the treatment, wrong after it"));
    m_all->setToolTip(tr("All test images whose answer changed from wrong to right or back"));

    auto* buttons = new FlowLayout;
    for (QPushButton* button : {m_all, m_fixed, m_broken})
        buttons->addWidget(button);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(buttons);
    column->addWidget(m_tools);
    column->addWidget(m_grid, 1);
    connect(m_grid, &ImageGridView::loupeRequested, this, &FlipsView::loupeRequested);
    connect(m_tools, &GridTools::summaryChanged, this, &FlipsView::summaryChanged);
    connect(m_tools, &GridTools::filterChanged, this, &FlipsView::followFilter);
}

QPushButton* FlipsView::addButton(const QString& name, ImageMarks marks)
{
    auto* button = new QPushButton(this);
    button->setObjectName(QStringLiteral("treatment.flips.") + name);
    button->setCheckable(true);
    button->setAutoDefault(false);
    connect(button, &QPushButton::clicked, this, [this, marks] { filterBy({.marks = marks}); });
    return button;
}

void FlipsView::setFlips(const ImageItems& test, const evaluation::Outcome& outcome)
{
    m_test = test;
    const auto fixed = static_cast<int>(outcome.fixed.size());
    const auto broken = static_cast<int>(outcome.broken.size());
    m_all->setText(tr("All %Ln change(s)", nullptr, fixed + broken));
    m_fixed->setText(tr("%Ln fixed", nullptr, fixed));
    m_broken->setText(tr("%Ln broken", nullptr, broken));
    m_fixed->setEnabled(fixed > 0);
    m_broken->setEnabled(broken > 0);
    m_all->setEnabled(fixed + broken > 0);
    m_grid->setEmptyText(Icon::StepTreatment,
                         {tr("No test image changed"),
                          tr("The repaired model is right and wrong on the same images as before."),
                          {}});
    m_images.setItems(flippedItems(test, outcome));
    showAll();
}

void FlipsView::filterBy(const ImageFilter& filter)
{
    m_images.setFilter(filter);
    followFilter();
}

/// The buttons show what the filter is, whoever set it.
void FlipsView::followFilter()
{
    const ImageFilter& filter = m_images.filter();
    m_all->setChecked(filter.letsEverythingPass());
    m_fixed->setChecked(filter == ImageFilter{.marks = ImageMark::Fixed});
    m_broken->setChecked(filter == ImageFilter{.marks = ImageMark::Broken});
}

void FlipsView::showAll()
{
    filterBy({});
}

void FlipsView::showFixed()
{
    filterBy({.marks = ImageMark::Fixed});
}

void FlipsView::showBroken()
{
    filterBy({.marks = ImageMark::Broken});
}

void FlipsView::showClass(std::int32_t label)
{
    filterBy(label == noClass ? ImageFilter() : ImageFilter{.labels = {label}});
}

void FlipsView::showRows(const QList<qint64>& rows, const QString& name)
{
    QList<data::ImageId> ids;
    ids.reserve(rows.size());
    for (const qint64 row : rows)
        ids << m_test.ids.at(row);
    m_tools->setIdsName(name);
    filterBy({.ids = ids});
}

QString FlipsView::summary() const
{
    return m_tools->summary();
}

} // namespace culprit::ui
