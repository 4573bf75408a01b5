// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/failures_page.h"

#include "evaluation/accuracy.h"
#include "models/list_layout.h"
#include "pages/failure_set_panel.h"
#include "widgets/confusion_matrix_view.h"
#include "widgets/flow_layout.h"
#include "widgets/grid_tools.h"
#include "widgets/image_grid_view.h"
#include "widgets/texts.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QEvent>
#include <QLabel>
#include <QLocale>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace culprit::ui {
namespace {

constexpr std::size_t fewCells = 2; ///< So many are named in the failure set's name; more are counted.

/// What leads up to the failures.
bool isBeforeFailures(Activity activity)
{
    return activity != Activity::None && activity < Activity::ChoosingFailures;
}

QString percent(double share)
{
    return QLocale().toString(share * 100.0, 'f', 1);
}

/// Of the rows, ascending, those that `wants` lets pass.
template <typename Wants>
QList<qint64> among(const QList<qint64>& rows, Wants wants)
{
    QList<qint64> chosen;
    for (const qint64 row : rows) {
        if (wants(row))
            chosen.append(row);
    }
    return chosen;
}

} // namespace

FailuresPage::FailuresPage(const Workplace& workplace, QWidget* parent)
    : Page(workplace, parent), m_images(new ImageListModel(this)), m_thumbnails(new ThumbnailStore(this)),
      m_pages(new QStackedWidget(this)), m_panel(new StatePanel(this)), m_failures(new QLabel(this)),
      m_accuracy(new QLabel(this)), m_matrix(new ConfusionMatrixView(this)), m_grid(new ImageGridView(this)),
      m_alsoRight(new QCheckBox(tr("Also ri&ght ones"), this)),
      m_set(new FailureSetPanel(workplace.investigation, this))
{
    buildGrid();
    m_pages->addWidget(m_panel);
    m_pages->addWidget(buildContent());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_pages);
    m_offerSoon.setSingleShot(true);
    m_offerSoon.setInterval(0);
    connect(&m_offerSoon, &QTimer::timeout, this, &FailuresPage::offerSelected);
    connect(m_matrix, &ConfusionMatrixView::selectionChanged, this, &FailuresPage::applyFilter);
    connect(m_matrix, &ConfusionMatrixView::selectionChanged, this, &FailuresPage::offerCells);
    connect(m_alsoRight, &QCheckBox::toggled, this, &FailuresPage::applyFilter);
    connect(m_tools, &GridTools::filterChanged, this, &FailuresPage::followFilter);
    connect(m_tools, &GridTools::summaryChanged, this, &FailuresPage::statusChanged);
    connect(m_grid, &ImageGridView::loupeRequested, this, &FailuresPage::loupeRequested);
    connect(&selection(), &ImageSelection::selectionChanged, &m_offerSoon, qOverload<>(&QTimer::start));
    connect(m_set, &FailureSetPanel::causesWanted, this, [this] { Q_EMIT stepWanted(Step::Causes); });
    connect(m_set, &FailureSetPanel::imagesWanted, this, &FailuresPage::showMarked);
    connect(m_failures, &QLabel::linkActivated, this, &FailuresPage::showMisclassified);
    connect(m_panel, &StatePanel::actionTriggered, this, [this] { Q_EMIT stepWanted(Step::Data); });
    connectInvestigation();
    takeItems();
    takeEvaluation();
}

void FailuresPage::buildGrid()
{
    m_images->setFilter({.misclassifiedOnly = true});
    m_images->setSort({ImageColumn::Loss, Qt::DescendingOrder});
    m_thumbnails->setSource(&pictures());
    m_grid->setObjectName(QStringLiteral("failures.grid"));
    m_grid->setImages(m_images);
    m_grid->shareSelection(&selection());
    m_grid->setThumbnails(m_thumbnails);
    m_grid->setAccessibleName(tr("Test images"));
    m_tools = new GridTools(m_grid,
                            {ImageColumn::Loss, ImageColumn::Confidence, ImageColumn::Label,
                             ImageColumn::Predicted, ImageColumn::Image},
                            this);
    m_alsoRight->setObjectName(QStringLiteral("failures.alsoRight"));
    m_alsoRight->setToolTip(
        tr("Show the images that the model gets right too; where cells are chosen, those of "
           "the same labels"));
    m_tools->addTool(m_alsoRight);
    m_matrix->setObjectName(QStringLiteral("failures.matrix"));
}

QWidget* FailuresPage::buildContent()
{
    auto* content = new QWidget;
    QFont large = m_failures->font();
    large.setBold(true);
    large.setPointSizeF(large.pointSizeF() * 1.25);
    m_failures->setFont(large);
    m_failures->setObjectName(QStringLiteral("failures.title"));
    m_failures->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    m_accuracy->setObjectName(QStringLiteral("failures.accuracy"));
    auto* head = new FlowLayout;
    head->setSpacing(spacing::wide);
    head->setContentsMargins(spacing::page, spacing::wide, spacing::page, spacing::wide);
    head->addWidget(m_failures);
    head->addWidget(m_accuracy);
    auto* images = new QWidget;
    auto* right = new QVBoxLayout(images);
    right->setContentsMargins(spacing::normal, 0, spacing::page, spacing::wide);
    right->setSpacing(spacing::normal);
    right->addWidget(m_tools);
    right->addWidget(m_grid, 1);
    auto* matrix = new QWidget;
    auto* left = new QVBoxLayout(matrix);
    left->setContentsMargins(spacing::page, 0, spacing::normal, spacing::wide);
    left->addWidget(m_matrix);
    auto* splitter = new QSplitter(Qt::Horizontal);
    splitter->setObjectName(QStringLiteral("failures.splitter"));
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(matrix);
    splitter->addWidget(images);
    splitter->setSizes({420, 580}); // relative to each other
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(splitter, 1);
    column->addWidget(m_set);
    return content;
}

void FailuresPage::connectInvestigation()
{
    Investigation* source = &investigation();
    connect(source, &Investigation::dataChanged, this, &FailuresPage::refresh);
    connect(source, &Investigation::modelChanged, this, &FailuresPage::refresh);
    connect(source, &Investigation::activityChanged, this, &FailuresPage::refresh);
    connect(source, &Investigation::failed, this, &FailuresPage::refresh);
    connect(source, &Investigation::progressed, this, &FailuresPage::showProgress);
    connect(source, &Investigation::evaluationChanged, this, &FailuresPage::takeEvaluation);
    connect(source, &Investigation::testItemsChanged, this, &FailuresPage::takeItems);
}

QString FailuresPage::status() const
{
    return findings().evaluation ? m_tools->summary() : QString();
}

// ---- what there is to show

void FailuresPage::refresh()
{
    m_pages->setCurrentIndex(findings().evaluation ? 1 : 0);
    if (!findings().evaluation)
        showState();
    Q_EMIT statusChanged();
}

void FailuresPage::showState()
{
    const auto& failure = investigation().lastFailure();
    if (isBeforeFailures(investigation().activity()))
        return showProgress({}, 0, 0);
    if (failure && isBeforeFailures(failure->activity))
        return m_panel->showError({tr("The failures could not be found"),
                                   QString::fromStdString(failure->error.text), tr("Model and data")});
    if (!findings().data)
        return m_panel->showEmpty(Icon::StepFailures,
                                  {tr("No failures yet"),
                                   tr("Open a model and a data set to see which test images it gets wrong."),
                                   tr("Model and data")});
    if (!findings().model)
        return m_panel->showEmpty(Icon::StepFailures,
                                  {tr("No failures yet"),
                                   tr("The data are open. Now choose the model to look at."),
                                   tr("Model and data")});
    m_panel->showEmpty(Icon::StepFailures, {tr("The model has not been evaluated"),
                                            tr("That was cancelled. Open the model again to evaluate it."),
                                            tr("Model and data")});
}

void FailuresPage::showProgress(const QString& phase, qint64 done, qint64 total)
{
    if (findings().evaluation || !isBeforeFailures(investigation().activity()))
        return;
    m_panel->showLoading({titleOf(investigation().activity()), progressInWords(phase, done, total), {}});
}

void FailuresPage::takeEvaluation()
{
    const auto& evaluation = findings().evaluation;
    if (evaluation && findings().data) {
        const bool isPerfect = evaluation->failures.isEmpty();
        // A perfect model leaves nothing to see but the images it gets right.
        if (isPerfect || !m_alsoRight->isEnabled())
            m_alsoRight->setChecked(isPerfect);
        m_alsoRight->setEnabled(!isPerfect);
        if (evaluation->confusion.classes >= 2)
            m_matrix->setConfusion(evaluation->confusion, findings().data->classes);
    }
    showAccuracy();
    offerCells();
    offerSelected();
    refresh();
}

/// "Test accuracy 87.4 % [85.1–89.5], training 99.8 %"
void FailuresPage::showAccuracy()
{
    const auto& evaluation = findings().evaluation;
    if (!evaluation || !findings().data)
        return;
    const qint64 all = findings().data->test.images;
    const qint64 failures = evaluation->failures.size();
    const QString count = tr("%Ln failure(s)", nullptr, static_cast<int>(failures));
    const QString link =
        QStringLiteral("<a href=\"#failures\" style=\"color: %1; text-decoration: none\">%2</a>")
            .arg(accentsOf(palette()).orange.name(), count.toHtmlEscaped());
    m_failures->setText(tr("%1 among %Ln test image(s)", nullptr, static_cast<int>(all))
                            .arg(failures > 0 ? link : count.toHtmlEscaped()));
    m_failures->setToolTip(failures > 0 ? tr("Show all misclassified images") : QString());
    const evaluation::Interval range = evaluation::wilson(all - failures, all);
    m_accuracy->setText(tr("Test accuracy %1 % [%2–%3], training %4 %")
                            .arg(percent(evaluation->accuracy), percent(range.low), percent(range.high),
                                 percent(evaluation->trainAccuracy)));
    m_accuracy->setToolTip(
        tr("In brackets the range that holds the accuracy on more images of this kind with 95 % confidence"));
    m_accuracy->setPalette(dimmedText(palette()));
}

void FailuresPage::takeItems()
{
    m_images->setItems(investigation().testItems());
}

void FailuresPage::changeEvent(QEvent* event)
{
    Page::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_tools)
        showAccuracy();
}

// ---- the filter: matrix, tool bar and grid say the same

void FailuresPage::applyFilter()
{
    ImageFilter filter = m_images->filter();
    filter.cells.clear();
    const auto cells = m_matrix->selection();
    for (const auto& [label, predicted] : cells)
        filter.cells.append({label, predicted});
    for (int last = -1; const auto& [label, predicted] : cells) {
        if (m_alsoRight->isChecked() && label != last)
            filter.cells.append({label, label});
        last = label;
    }
    filter.misclassifiedOnly = cells.empty() && !m_alsoRight->isChecked();
    m_images->setFilter(filter);
}

/// A filter was taken off in the tool bar or in the empty grid.
void FailuresPage::followFilter(const ImageFilter& filter)
{
    if (!filter.cells.isEmpty())
        return;
    if (!m_matrix->selection().empty())
        return m_matrix->setSelection({});
    const QSignalBlocker quiet(m_alsoRight);
    m_alsoRight->setChecked(!filter.misclassifiedOnly);
}

/// The matrix shows the cells, and then says what the filter is; the words typed come after.
void FailuresPage::restoreLayout(const QJsonObject& layout)
{
    if (layout.isEmpty())
        return;
    const ImageFilter filter = filterOf(layout);
    std::vector<std::pair<int, int>> cells;
    bool hasDiagonal = false;
    for (const auto& [label, predicted] : filter.cells)
        if (label == predicted)
            hasDiagonal = true;
        else
            cells.emplace_back(label, predicted);
    {
        const QSignalBlocker quiet(m_alsoRight);
        m_alsoRight->setChecked(filter.cells.isEmpty() ? !filter.misclassifiedOnly : hasDiagonal);
    }
    m_matrix->setSelection(cells);
    Page::restoreLayout(layout);
}

void FailuresPage::showMarked(ImageMark mark)
{
    m_matrix->setSelection({});
    m_images->setFilter({.marks = mark, .misclassifiedOnly = true});
    m_grid->setFocus();
}

void FailuresPage::showMisclassified()
{
    m_matrix->setSelection({});
    m_images->setFilter({.misclassifiedOnly = true});
    m_grid->setFocus();
}

// ---- what could be asked about

void FailuresPage::offerCells()
{
    const auto& evaluation = findings().evaluation;
    const auto cells = m_matrix->selection();
    if (!evaluation || !findings().data || cells.empty())
        return m_set->offerCells({});
    const auto& labels = findings().data->test.labels;
    const auto isChosen = [&](qint64 row) {
        return std::binary_search(cells.begin(), cells.end(),
                                  ConfusionMatrixView::Cell{labels.at(row), evaluation->predicted.at(row)});
    };
    OfferedFailures offered{.name = nameOfCells(), .rows = among(evaluation->failures, isChosen)};
    for (const auto& [label, predicted] : cells)
        offered.right += label == predicted ? evaluation->confusion.at(label, predicted) : 0;
    m_set->offerCells(offered);
}

/// "4 taken for 9", as people call it; long selections are counted.
QString FailuresPage::nameOfCells() const
{
    std::vector<ConfusionMatrixView::Cell> wrong;
    for (const auto& cell : m_matrix->selection()) {
        if (cell.first != cell.second)
            wrong.push_back(cell);
    }
    if (wrong.size() > fewCells)
        return tr("%Ln kind(s) of mistakes", nullptr, static_cast<int>(wrong.size()));
    const QStringList& classes = findings().data->classes;
    QStringList words;
    for (const auto& [label, predicted] : wrong)
        words << tr("%1 taken for %2").arg(classes.value(label), classes.value(predicted));
    return words.join(tr(", ", "between the parts of a name"));
}

void FailuresPage::offerSelected()
{
    const auto& evaluation = findings().evaluation;
    if (!evaluation)
        return m_set->offerSelected({});
    OfferedFailures offered;
    const auto& wrong = evaluation->failures;
    visitRows(investigation().testItems(), selection().selected(), [&](std::int32_t row) {
        if (std::binary_search(wrong.cbegin(), wrong.cend(), qint64{row}))
            offered.rows.append(row);
        else
            ++offered.right;
    });
    offered.name = tr("%Ln selected image(s)", nullptr, static_cast<int>(offered.rows.size()));
    m_set->offerSelected(offered);
}

} // namespace culprit::ui
