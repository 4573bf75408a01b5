// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/causes_page.h"

#include "client/treatment_words.h"
#include "pages/cut_card.h"
#include "pages/evidence_panel.h"
#include "pages/method_choice.h"
#include "pages/review_bar.h"
#include "widgets/grid_tools.h"
#include "widgets/image_grid_view.h"
#include "widgets/image_table_view.h"
#include "widgets/notice_bar.h"
#include "widgets/score_plot.h"
#include "widgets/state_panel.h"
#include "widgets/texts.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QStackedLayout>
#include <QToolButton>
#include <QVBoxLayout>
#include <cmath>
#include <limits>

namespace culprit::ui {
namespace {

constexpr QLatin1String staleNotice("stale");
constexpr QLatin1String failureNotice("failure");

QSplitter* makeSplitter(const char* name, Qt::Orientation orientation, QWidget* parent)
{
    auto* splitter = new QSplitter(orientation, parent);
    splitter->setObjectName(QString::fromLatin1(name));
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(spacing::section);
    return splitter;
}

/// The scores in the order of the ranking, those that are no number at the end.
std::vector<float> bestFirst(const IdentificationReply& found)
{
    std::vector<float> scores;
    scores.reserve(static_cast<std::size_t>(found.ranking.size()));
    std::size_t unknown = 0;
    for (const qint64 row : found.ranking) {
        const float score = found.culprit.at(row);
        if (std::isnan(score))
            ++unknown;
        else
            scores.push_back(score);
    }
    scores.insert(scores.end(), unknown, std::numeric_limits<float>::quiet_NaN());
    return scores;
}

} // namespace

CausesPage::CausesPage(const Workplace& workplace, QWidget* parent)
    : Page(workplace, parent), m_images(new ImageListModel(this)), m_gridPictures(new ThumbnailStore(this)),
      m_tablePictures(new ThumbnailStore(this)), m_notice(new NoticeBar(this)), m_question(new QLabel(this)),
      m_remark(new QLabel(this)), m_progress(new QProgressBar(this)), m_method(new MethodChoice(this)),
      m_find(new QPushButton(tr("Find &causes"), this)), m_obstacle(new StatePanel(this)),
      m_plot(new ScorePlot(this)), m_cut(new CutCard(this)), m_grid(new ImageGridView(this)),
      m_table(new ImageTableView(m_images, workplace.selection, this)),
      m_onlyCulprits(new QCheckBox(tr("&Only culprits"), this)),
      m_onlyUndecided(new QCheckBox(tr("Only &undecided"), this)),
      m_review(new ReviewBar(workplace.desk, QStringLiteral("causes.review"), this)),
      m_asGrid(new QToolButton(this)), m_asTable(new QToolButton(this)), m_nothingFound(new StatePanel(this)),
      m_evidence(new EvidencePanel(workplace, this))
{
    m_images->setSort({ImageColumn::Rank});
    m_gridPictures->setSource(workplace.pictures);
    m_tablePictures->setSource(workplace.pictures);
    m_grid->setImages(m_images);
    m_grid->shareSelection(workplace.selection);
    m_grid->setThumbnails(m_gridPictures);
    m_table->setThumbnails(m_tablePictures);
    desk().setImages(m_images);
    desk().actIn(m_grid);
    desk().actIn(m_table);
    auto* body = new QVBoxLayout;
    body->setContentsMargins(spacing::page, spacing::section, spacing::page, spacing::section);
    body->setSpacing(spacing::section);
    body->addWidget(makeHeader());
    m_stack = new QStackedLayout;
    m_stack->addWidget(m_obstacle);
    m_stack->addWidget(makeResult());
    body->addLayout(m_stack, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_notice);
    column->addLayout(body, 1);
    drawIcons();
    orderTabs();
    connectInvestigation();
    connectParts();
    showTrainItems();
    showScores();
    showCut();
    refresh();
}

// ---- the parts

QWidget* CausesPage::makeHeader()
{
    m_question->setObjectName(QStringLiteral("causes.question"));
    m_remark->setObjectName(QStringLiteral("causes.remark"));
    m_method->setObjectName(QStringLiteral("causes.method"));
    m_find->setObjectName(QStringLiteral("causes.find"));
    m_progress->setObjectName(QStringLiteral("causes.progress"));
    m_question->setFont(titleFont(font(), 1.3));
    for (QLabel* label : {m_question, m_remark}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
    }
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(6);
    m_progress->setAccessibleName(tr("Progress"));
    auto* row = new QHBoxLayout;
    row->setSpacing(spacing::normal);
    row->addWidget(m_question, 1);
    row->addWidget(m_method);
    row->addWidget(m_find);
    auto* header = new QWidget(this);
    auto* column = new QVBoxLayout(header);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::tight);
    column->addLayout(row);
    column->addWidget(m_remark);
    column->addWidget(m_progress);
    return header;
}

QWidget* CausesPage::makeScores()
{
    m_plot->setObjectName(QStringLiteral("causes.plot"));
    m_cut->setObjectName(QStringLiteral("causes.cut"));
    auto* scores = new QWidget(this);
    auto* row = new QHBoxLayout(scores);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing::section);
    row->addWidget(m_plot, 1);
    row->addWidget(m_cut);
    return scores;
}

QWidget* CausesPage::makeViewChoice()
{
    auto* choice = new QWidget(this);
    auto* row = new QHBoxLayout(choice);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    m_asGrid->setObjectName(QStringLiteral("causes.asGrid"));
    m_asTable->setObjectName(QStringLiteral("causes.asTable"));
    m_asGrid->setToolTip(tr("Show the images as a grid"));
    m_asTable->setToolTip(tr("Show the images as a table"));
    for (QToolButton* button : {m_asGrid, m_asTable}) {
        button->setAccessibleName(button->toolTip());
        button->setCheckable(true);
        button->setAutoExclusive(true);
        button->setFocusPolicy(Qt::StrongFocus);
        row->addWidget(button);
    }
    m_asGrid->setChecked(true);
    return choice;
}

QWidget* CausesPage::makeImages()
{
    m_grid->setObjectName(QStringLiteral("causes.grid"));
    m_table->setObjectName(QStringLiteral("causes.table"));
    m_nothingFound->setObjectName(QStringLiteral("causes.nothingFound"));
    m_onlyCulprits->setObjectName(QStringLiteral("causes.onlyCulprits"));
    m_onlyCulprits->setToolTip(tr("Hides the training images below the cut."));
    m_onlyUndecided->setObjectName(QStringLiteral("causes.onlyUndecided"));
    m_onlyUndecided->setToolTip(
        tr("Hides the images with a decision. One that you decide now stays till you sort or filter again."));
    m_tools = new GridTools(m_grid,
                            {ImageColumn::Rank, ImageColumn::Influence, ImageColumn::Suspicion,
                             ImageColumn::Label, ImageColumn::Predicted, ImageColumn::Suggested,
                             ImageColumn::ClassPair, ImageColumn::Decision, ImageColumn::Image},
                            this);
    m_tools->addTool(m_onlyCulprits);
    m_tools->addTool(m_onlyUndecided);
    m_tools->addTool(makeViewChoice());
    auto* images = new QWidget(this);
    auto* column = new QVBoxLayout(images);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::normal);
    column->addWidget(m_tools);
    m_imageStack = new QStackedLayout;
    m_imageStack->addWidget(m_grid);
    m_imageStack->addWidget(m_table);
    m_imageStack->addWidget(m_nothingFound);
    column->addLayout(m_imageStack, 1);
    column->addWidget(m_review);
    m_nothingFound->showEmpty(Icon::StepCauses,
                              {tr("No training image stands out"),
                               tr("None is clearly more likely a culprit than not. The failures may be hard "
                                  "images in their own right, or "
                                  "come from something that is missing in the training set."),
                               tr("Look at the ranking anyway"), tr("Try the paper's rule")});
    return images;
}

QWidget* CausesPage::makeResult()
{
    auto* left = makeSplitter("causes.leftSplitter", Qt::Vertical, this);
    left->addWidget(makeScores());
    left->addWidget(makeImages());
    left->setStretchFactor(0, 2);
    left->setStretchFactor(1, 5);
    auto* all = makeSplitter("causes.splitter", Qt::Horizontal, this);
    m_evidence->setObjectName(QStringLiteral("causes.evidence"));
    all->addWidget(left);
    all->addWidget(m_evidence);
    all->setStretchFactor(0, 2);
    all->setStretchFactor(1, 1);
    all->setSizes({660, 340}); // shares of whatever there is
    return all;
}

void CausesPage::connectInvestigation()
{
    Investigation* work = &investigation();
    for (const auto signal :
         {&Investigation::dataChanged, &Investigation::modelChanged, &Investigation::evaluationChanged,
          &Investigation::failuresChanged, &Investigation::settled, &Investigation::computingChanged})
        connect(work, signal, this, &CausesPage::refresh);
    connect(work, &Investigation::activityChanged, this, &CausesPage::refresh);
    connect(work, &Investigation::failed, this, &CausesPage::refresh);
    connect(work, &Investigation::progressed, this, &CausesPage::showProgress);
    connect(work, &Investigation::causesChanged, this, [this] {
        m_looksAnyway = false;
        showScores();
        showCut();
        refresh();
        startSomewhere();
        takeFocus();
    });
    connect(work, &Investigation::cutChanged, this, &CausesPage::showCut);
    connect(work, &Investigation::trainItemsChanged, this, &CausesPage::showTrainItems);
}

void CausesPage::connectParts()
{
    connect(m_find, &QPushButton::clicked, this, &CausesPage::findCauses);
    connect(m_method, &MethodChoice::methodChanged, this, &CausesPage::showHeader);
    connect(m_obstacle, &StatePanel::actionTriggered, this, &CausesPage::act);
    connect(m_notice, &NoticeBar::actionTriggered, this, &CausesPage::findCauses);
    connect(m_plot, &ScorePlot::cutChanged, this, &CausesPage::previewCut);
    connect(m_plot, &ScorePlot::cutCommitted, this, [this](int count) { investigation().moveCut(count); });
    connect(m_cut, &CutCard::countChosen, this, [this](qint64 count) { investigation().moveCut(count); });
    connect(m_cut, &CutCard::ruleChosen, this, [this](const QString& rule) { investigation().useCut(rule); });
    connect(m_cut, &CutCard::repairWanted, this, &CausesPage::repair);
    connect(m_onlyCulprits, &QCheckBox::clicked, this, [this](bool only) {
        ImageFilter filter = m_images->filter();
        filter.marks = only ? ImageMarks(ImageMark::Cause) : ImageMarks();
        m_images->setFilter(filter);
    });
    connect(m_onlyUndecided, &QCheckBox::clicked, this, &CausesPage::filterUndecided);
    connect(m_tools, &GridTools::filterChanged, this, [this](const ImageFilter& filter) {
        m_onlyCulprits->setChecked(filter.marks != ImageMarks());
        m_onlyUndecided->setChecked(filter.decisions == QList{Decision::Undecided});
    });
    connect(m_tools, &GridTools::summaryChanged, this, &Page::statusChanged);
    connect(m_asTable, &QToolButton::toggled, this, [this] { showImages(); });
    connect(m_nothingFound, &StatePanel::actionTriggered, this, &CausesPage::lookAtRanking);
    connect(m_nothingFound, &StatePanel::otherTriggered, this,
            [this] { investigation().useCut(QStringLiteral("paper")); });
    connect(m_grid, &ImageGridView::loupeRequested, this, &Page::loupeRequested);
    connect(m_table, &ImageTableView::loupeRequested, this, &Page::loupeRequested);
    connect(m_evidence, &EvidencePanel::loupeRequested, this, &Page::loupeRequested);
}

void CausesPage::filterUndecided(bool only)
{
    ImageFilter filter = m_images->filter();
    filter.decisions = only ? QList{Decision::Undecided} : QList<Decision>();
    m_images->setFilter(filter);
}

/// From the top to the bottom and from left to right: the tools were made last, but stand above the images.
void CausesPage::orderTabs()
{
    QWidget* before = m_cut->repairButton();
    QList<QWidget*> tools;
    for (QWidget* next = m_tools->nextInFocusChain(); next != m_tools; next = next->nextInFocusChain())
        if (m_tools->isAncestorOf(next) && next->focusPolicy() != Qt::NoFocus)
            tools << next;
    // Those of the choice between grid and table lie in a box of their own, which the tools pass over.
    for (QToolButton* button : {m_asTable, m_asGrid}) {
        tools.removeOne(button);
        tools.insert(tools.indexOf(m_onlyUndecided) + 1, button);
    }
    tools << m_grid << m_table;
    for (QWidget* tool : std::as_const(tools)) {
        setTabOrder(before, tool);
        before = tool;
    }
}

// ---- what the page is about

bool CausesPage::hasQuestion() const
{
    return findings().data && findings().model && findings().split && !findings().split->query.isEmpty();
}

void CausesPage::refresh()
{
    const bool hasResult = findings().identification.has_value();
    m_stack->setCurrentIndex(hasResult ? 1 : 0);
    if (!hasResult)
        showObstacle();
    showHeader();
    showNotice();
    m_cut->setRepairEnabled(hasResult && findings().cut.count > 0 && !isFinding());
}

/// Without a result: what is missing, what runs, or what went wrong.
void CausesPage::showObstacle()
{
    const auto& failure = investigation().lastFailure();
    if (isFinding())
        return m_obstacle->showLoading({tr("Looking for the training images behind your failures"), {}, {}});
    if (failure && failure->activity == Activity::FindingCauses &&
        failure->error.kind != Error::Kind::Cancelled)
        return m_obstacle->showError({tr("The causes could not be found"),
                                      QString::fromStdString(failure->error.text),
                                      hasQuestion() ? tr("Try again") : QString()});
    if (hasQuestion())
        return m_obstacle->showEmpty(
            Icon::StepCauses,
            {tr("Which training images are behind these failures?"),
             tr("Every training image is scored by how much it argues for the failures and how doubtful its "
                "label is. The worst come first, and you see why."),
             {}});
    if (investigation().isBusy())
        return m_obstacle->showLoading({titleOf(investigation().activity()),
                                        tr("Causes can be looked for when the failures are known."),
                                        {}});
    if (!findings().data || !findings().model)
        return m_obstacle->showEmpty(Icon::StepData,
                                     {tr("There is no model and no data yet"),
                                      tr("Open a classifier and the images it was trained and tested on."),
                                      tr("Go to model and data")});
    if (findings().evaluation && findings().evaluation->failures.isEmpty())
        return m_obstacle->showEmpty(
            Icon::Done, {tr("There is nothing to explain"),
                         tr("The model gets every test image right, so there are no failures to find the "
                            "causes of."),
                         {}});
    m_obstacle->showEmpty(Icon::StepFailures,
                          {tr("No failures are chosen yet"),
                           tr("Choose the mistakes that you want explained; then come back here."),
                           tr("Go to the failures")});
}

void CausesPage::act()
{
    if (hasQuestion())
        return findCauses();
    Q_EMIT stepWanted(findings().data && findings().model ? Step::Failures : Step::Data);
}

QString CausesPage::questionInWords() const
{
    if (!hasQuestion())
        return {};
    const auto query = static_cast<int>(findings().split->query.size());
    const auto train = static_cast<int>(findings().data->train.images);
    return tr("%1, %2", "73 query failures, 3,000 training images")
        .arg(tr("%Ln query failure(s)", nullptr, query), tr("%Ln training image(s)", nullptr, train));
}

QString CausesPage::remarkInWords() const
{
    const auto& found = findings().identification;
    if (!found || found->method != m_method->method())
        return m_method->explanation();
    const QString seconds = QLocale().toString(found->seconds, 'f', 1);
    QStringList sentences{tr("Found by “%1” in %2 s.").arg(MethodChoice::titleOf(found->method), seconds)};
    for (const QString& note : found->notes)
        sentences << note;
    return sentences.join(QLatin1Char(' '));
}

void CausesPage::showHeader()
{
    const bool hasResult = findings().identification.has_value();
    const bool running = isFinding();
    m_question->setText(questionInWords());
    const auto heldOut = findings().split ? static_cast<int>(findings().split->holdout.size()) : 0;
    m_question->setToolTip(tr("The failures that causes are sought for. Another %Ln failure(s) is/are held "
                              "out: nothing looks at them until the repair is measured.",
                              nullptr, heldOut));
    m_question->parentWidget()->setVisible(hasQuestion() || hasResult);
    m_method->setMarginsKnown(findings().model && findings().model->hasMargins);
    m_method->setEnabled(!running);
    m_find->setEnabled(hasQuestion() && !running && investigation().computingOffReason().isEmpty());
    m_find->setToolTip(investigation().computingOffReason());
    m_find->setDefault(!hasResult && hasQuestion() && m_obstacle->state() == StatePanel::State::Empty);
    m_progress->setVisible(running && hasResult);
    if (!running) {
        m_progress->setRange(0, 0);
        m_remark->setText(remarkInWords());
    }
}

void CausesPage::showProgress(const QString& phase, qint64 done, qint64 total)
{
    if (!isFinding())
        return;
    m_remark->setText(progressInWords(phase, done, total));
    m_progress->setRange(0, total > 0 ? 1000 : 0);
    m_progress->setValue(total > 0 ? static_cast<int>(1000 * done / total) : 0);
}

void CausesPage::showNotice()
{
    const bool hasResult = findings().identification.has_value();
    const bool running = isFinding();
    if (hasResult && findings().identificationIsStale && !running)
        m_notice->post({staleNotice,
                        Notice::Kind::Warning,
                        tr("The failures changed since these causes were found."),
                        {{QStringLiteral("causes.again"), tr("Find again")}},
                        false});
    else
        m_notice->withdraw(staleNotice);
    const auto& failure = investigation().lastFailure();
    const bool failed = failure && failure->activity == Activity::FindingCauses &&
                        failure->error.kind != Error::Kind::Cancelled;
    if (hasResult && failed)
        m_notice->post({failureNotice,
                        Notice::Kind::Error,
                        tr("The causes could not be found: %1. Those below are of the last time.")
                            .arg(QString::fromStdString(failure->error.text)),
                        {{QStringLiteral("causes.retry"), tr("Try again")}}});
    else
        m_notice->withdraw(failureNotice);
}

// ---- scores and cut

std::optional<double> CausesPage::precisionOf(qint64 count) const
{
    // What the engine said of the cut in force; a rule's cut need not be the first of the ranking.
    if (count == findings().cut.count)
        return findings().cut.estimatedPrecision;
    const std::vector<double>& precisions = investigation().precisions();
    const auto place = static_cast<std::size_t>(count);
    return place < precisions.size() ? std::optional<double>(precisions[place]) : std::nullopt;
}

void CausesPage::showScores()
{
    if (!findings().identification)
        return;
    m_method->setMethod(findings().identification->method);
    m_plot->setScores(bestFirst(*findings().identification),
                      [this](int count) { return precisionOf(count); });
}

void CausesPage::showCut()
{
    if (!findings().identification)
        return;
    {
        const QSignalBlocker quiet(m_plot);
        m_plot->setCut(static_cast<int>(findings().cut.count));
    }
    m_cut->showCut(findings().cut, findings().identification->ranking.size());
    m_cut->setRepairEnabled(findings().cut.count > 0 && !isFinding());
    showImages();
}

void CausesPage::previewCut(int count)
{
    m_cut->preview(count, count > 0 ? precisionOf(count) : std::nullopt);
}

// ---- the images

void CausesPage::showTrainItems()
{
    ImageItems items = investigation().trainItems();
    desk().review().show(items);
    m_images->setItems(items);
}

bool CausesPage::tableShown() const
{
    return m_asTable->isChecked();
}

void CausesPage::setTableShown(bool shown)
{
    (shown ? m_asTable : m_asGrid)->setChecked(true);
}

void CausesPage::showImages()
{
    const bool isByHand = findings().cut.name.startsWith(QLatin1String("top:"));
    const bool foundNothing =
        findings().identification && findings().cut.count == 0 && !isByHand && !m_looksAnyway;
    m_tools->setVisible(!foundNothing);
    m_tools->setSizeOffered(!tableShown());
    m_review->setVisible(!foundNothing);
    if (foundNothing)
        return m_imageStack->setCurrentWidget(m_nothingFound);
    m_imageStack->setCurrentWidget(tableShown() ? static_cast<QWidget*>(m_table) : m_grid);
}

void CausesPage::lookAtRanking()
{
    m_looksAnyway = true;
    m_images->setFilter({});
    showImages();
    m_imageStack->currentWidget()->setFocus();
}

/// The likeliest culprit, so that there is evidence to see; but nothing that a person looks at is taken away.
void CausesPage::startSomewhere()
{
    const auto& found = findings().identification;
    if (!isVisible() || !found || found->ranking.isEmpty() || findings().cut.count == 0)
        return;
    if (!selection().current())
        selection().setCurrent(investigation().trainId(found->ranking.constFirst()));
}

/// What was pressed to get here is gone or off; the images come next. Nobody is called away from elsewhere.
void CausesPage::takeFocus()
{
    const QWidget* holder = window()->focusWidget();
    if (isVisible() && findings().identification && (!holder || isAncestorOf(holder)))
        m_imageStack->currentWidget()->setFocus();
}

QString CausesPage::status() const
{
    return m_tools->summary();
}

// ---- requests

void CausesPage::findCauses()
{
    investigation().findCauses({m_method->method(), {}});
}

void CausesPage::repair()
{
    investigation().repair({treatmentsInWords().constFirst().method});
    Q_EMIT stepWanted(Step::Treatment);
}

// ---- events

void CausesPage::drawIcons()
{
    m_asGrid->setIcon(icon(Icon::Grid, palette()));
    m_asTable->setIcon(icon(Icon::Table, palette()));
    m_remark->setPalette(dimmedText(palette()));
}

void CausesPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    startSomewhere();
}

void CausesPage::changeEvent(QEvent* event)
{
    Page::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        drawIcons();
}

} // namespace culprit::ui
