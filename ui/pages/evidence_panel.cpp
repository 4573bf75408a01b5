// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/evidence_panel.h"

#include "pages/evidence_block.h"
#include "pages/evidence_words.h"
#include "pages/review_desk.h"
#include "widgets/texts.h"
#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedLayout>
#include <QVBoxLayout>
#include <algorithm>

namespace culprit::ui {
namespace {

constexpr int smallestImage = 96;
constexpr int largestImage = 220;

QLabel* selectableLabel(QWidget* parent, const QString& objectName)
{
    QLabel* label = wrappingLabel(parent, objectName);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

QList<EvidenceImage> evidenceOf(const RankedRows& ranked, const OpenedPart& part, data::Part which,
                                const std::function<QString(qint64)>& caption,
                                const std::function<QString(float)>& detail)
{
    QList<EvidenceImage> images;
    for (qsizetype i = 0; i < ranked.rows.size(); ++i) {
        const qint64 row = ranked.rows.at(i);
        if (row >= 0 && row < part.indices.size())
            images.append({{which, part.indices.at(row)}, caption(row), detail(ranked.values.at(i))});
    }
    return images;
}

} // namespace

EvidencePanel::EvidencePanel(const Workplace& workplace, QWidget* parent)
    : QWidget(parent), m_workplace(workplace), m_query(&workplace.investigation->engine()),
      m_hint(wrappingLabel(this, QStringLiteral("evidence.hint"))), m_canvas(new ImageCanvas(this)),
      m_name(selectableLabel(this, QStringLiteral("evidence.name"))),
      m_standing(selectableLabel(this, QStringLiteral("evidence.standing"))),
      m_claim(selectableLabel(this, QStringLiteral("evidence.claim"))),
      m_causes(new EvidenceBlock(workplace.pictures, this)),
      m_neighbours(new EvidenceBlock(workplace.pictures, this))
{
    m_pictures.setEdge(ThumbnailSource::fullSize);
    m_pictures.setSource(workplace.pictures);
    m_hint->setAlignment(Qt::AlignCenter);
    m_hint->setMargin(spacing::section);
    m_canvas->setObjectName(QStringLiteral("evidence.image"));
    m_causes->setObjectName(QStringLiteral("evidence.causes"));
    m_neighbours->setObjectName(QStringLiteral("evidence.neighbours"));
    m_stack = new QStackedLayout(this);
    m_stack->addWidget(m_hint);
    m_stack->addWidget(makeContents());
    dimTexts();
    connectAll();
    refresh();
}

QWidget* EvidencePanel::makeClaim()
{
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    m_name->setFont(bold);
    m_canvas->installEventFilter(this);
    auto* claim = new QWidget(this);
    auto* words = new QVBoxLayout;
    words->setSpacing(spacing::tight);
    words->addWidget(m_name);
    words->addWidget(m_standing);
    words->addSpacing(spacing::tight);
    words->addWidget(m_claim);
    words->addStretch(1);
    auto* row = new QHBoxLayout(claim);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing::wide);
    row->addWidget(m_canvas, 0, Qt::AlignTop);
    row->addLayout(words, 1);
    return claim;
}

QWidget* EvidencePanel::makeContents()
{
    auto* contents = new QWidget(this);
    auto* column = new QVBoxLayout(contents);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::section);
    column->addWidget(makeClaim());
    column->addWidget(m_causes, 1);
    column->addWidget(m_neighbours, 1);
    auto* area = new QScrollArea(this);
    area->setObjectName(QStringLiteral("evidence.area"));
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(contents);
    sizeImage();
    area->setMinimumWidth(contents->minimumSizeHint().width() +
                          area->verticalScrollBar()->sizeHint().width());
    return area;
}

/// A square that leaves the words the larger part.
void EvidencePanel::sizeImage()
{
    const int side = std::clamp(width() * 2 / 5, smallestImage, largestImage);
    m_canvas->setFixedSize(side, side);
}

void EvidencePanel::connectAll()
{
    Investigation* work = m_workplace.investigation;
    connect(m_workplace.selection, &ImageSelection::currentChanged, this, &EvidencePanel::refresh);
    connect(work, &Investigation::dataChanged, this, &EvidencePanel::refresh);
    connect(work, &Investigation::evaluationChanged, this, &EvidencePanel::refresh);
    connect(work, &Investigation::failuresChanged, this, &EvidencePanel::refresh);
    connect(work, &Investigation::causesChanged, this, &EvidencePanel::refresh);
    connect(work, &Investigation::cutChanged, this, &EvidencePanel::cutMoved);
    if (m_workplace.desk)
        connect(&m_workplace.desk->review(), &Review::decided, this, &EvidencePanel::followDecisions);
    connect(&work->engine(), &EngineClient::stateChanged, this, &EvidencePanel::refresh);
    connect(&work->engine(), &EngineClient::restored, this, &EvidencePanel::refresh);
    connect(&m_query, &EvidenceQuery::culpritAnswered, this, &EvidencePanel::showCulpritEvidence);
    connect(&m_query, &EvidenceQuery::failureAnswered, this, &EvidencePanel::showFailureEvidence);
    connect(&m_query, &EvidenceQuery::failed, this,
            [this](const Error& error) { showError(QString::fromStdString(error.text)); });
    connect(&m_pictures, &ThumbnailStore::changed, this, &EvidencePanel::showClaim);
    connect(m_canvas, &ImageCanvas::viewChanged, this, &EvidencePanel::zoomAll);
    for (EvidenceBlock* block : {m_causes, m_neighbours}) {
        connect(block, &EvidenceBlock::viewChanged, this, &EvidencePanel::zoomAll);
        connect(block, &EvidenceBlock::imageChosen, m_workplace.selection,
                [this](const data::ImageId& id) { m_workplace.selection->setCurrent(id); });
    }
}

QString EvidencePanel::claim() const
{
    return m_shown ? m_claim->text() : QString();
}

// ---- what is shown

void EvidencePanel::refresh()
{
    if (!isVisible())
        return m_query.forget();
    m_shown = m_workplace.selection->current();
    m_row = m_shown ? m_workplace.investigation->rowOf(*m_shown) : -1;
    if (!findings().data || !findings().identification || m_row < 0) {
        m_shown.reset();
        m_query.forget();
        return showHint(tr("Choose an image to see what speaks for and against it."));
    }
    if (m_workplace.investigation->isHidden(*m_shown)) {
        m_query.forget();
        return showHint(
            tr("This project is read blind: decide about the image, and what the model says and the "
               "evidence show."));
    }
    m_stack->setCurrentIndex(1);
    m_pictures.want({*m_shown});
    showClaim();
    ask();
}

/// Where a project is read blind, a decision lets the evidence be seen, and its undo hides it again.
void EvidencePanel::followDecisions()
{
    const bool isHinted = m_stack->currentWidget() == m_hint;
    if (m_shown && isHinted != m_workplace.investigation->isHidden(*m_shown))
        refresh();
    else if (!isHinted)
        showClaim();
}

void EvidencePanel::cutMoved()
{
    if (!m_shown || !isVisible())
        return;
    if (isTraining())
        showClaim();
    else
        refresh();
}

void EvidencePanel::showHint(const QString& hint)
{
    m_hint->setText(hint);
    m_stack->setCurrentWidget(m_hint);
}

/// With what a person decided about it.
QString EvidencePanel::standingOfTraining(const EvidenceWords& words) const
{
    const QString standing = words.standingOfTraining(m_row);
    const QString decision = m_workplace.desk ? m_workplace.desk->review().inWords(*m_shown) : QString();
    return decision.isEmpty() ? standing : standing + QLatin1Char('\n') + decision;
}

void EvidencePanel::showClaim()
{
    if (!m_shown)
        return;
    const EvidenceWords words(findings());
    const bool training = isTraining();
    const QString name = ImageListModel::nameOf(*m_shown);
    m_name->setText(name);
    m_standing->setText(training ? standingOfTraining(words) : words.standingOfTest(m_row));
    m_claim->setText(training ? words.claimOfTraining(m_row) : words.claimOfTest(m_row));
    m_claim->setToolTip(training ? words.scaleOfTraining(m_row) : QString());
    const bool hasFailed = m_pictures.stateOf(*m_shown) == ThumbnailStore::State::Failed;
    m_canvas->setMessage(hasFailed ? m_pictures.failureOf(*m_shown) : tr("Loading…"));
    m_canvas->setImage(m_pictures.find(*m_shown));
    m_canvas->setAccessibleName(tr("%1, enlarged").arg(name));
    m_canvas->setAccessibleDescription(m_claim->text());
}

QList<qint64> EvidencePanel::chosenCauses() const
{
    QList<qint64> rows;
    const QList<std::uint8_t>& selected = findings().cut.selected;
    for (qsizetype row = 0; row < selected.size(); ++row) {
        if (selected.at(row) != 0)
            rows.append(row);
    }
    return rows;
}

void EvidencePanel::ask()
{
    const QString nearest = tr("The training images that look most like it to the model.");
    m_neighbours->setTitle(tr("Nearest training images"), nearest);
    if (isTraining())
        m_causes->setTitle(
            tr("Failures it pulls on most"),
            tr("Learning this image pushes the model towards these mistakes; the strongest first."));
    else if (findings().cut.count > 0)
        m_causes->setTitle(
            tr("Culprits behind it"),
            tr("The chosen culprits that push the model towards this mistake; the strongest first."));
    else
        m_causes->setTitle(
            tr("Training images behind it"),
            tr("The training images that push the model towards this mistake; the strongest first."));
    m_causes->await();
    m_neighbours->await();
    const EngineClient::State state = m_workplace.investigation->engine().state();
    if (state == EngineClient::State::Dead || state == EngineClient::State::Stopped) {
        m_query.forget();
        return showError(tr("The engine is not running."));
    }
    if (isTraining())
        return m_query.ask({data::Part::Train, m_row, {}});
    m_query.ask({data::Part::Test, m_row, chosenCauses()});
}

void EvidencePanel::showCulpritEvidence(const CulpritEvidence& evidence)
{
    const EvidenceWords words(findings());
    const QList<EvidenceImage> failures = evidenceOf(
        evidence.failures, findings().data->test, data::Part::Test,
        [&](qint64 row) { return words.captionOfTest(row); }, &EvidenceWords::pullInWords);
    if (failures.isEmpty())
        m_causes->showMessage(tr("It pulls on none of your failures."));
    else
        m_causes->showImages(failures, {});
    showNeighbours(evidence.neighbours, findings().data->train.labels.value(m_row, noClass));
}

void EvidencePanel::showFailureEvidence(const FailureEvidence& evidence)
{
    const EvidenceWords words(findings());
    const QList<EvidenceImage> culprits = evidenceOf(
        evidence.culprits, findings().data->train, data::Part::Train,
        [&](qint64 row) { return words.captionOfTraining(row); }, &EvidenceWords::pullInWords);
    if (!words.isFailure(m_row))
        m_causes->showMessage(tr("The model gets this image right: there is nothing to explain."));
    else if (culprits.isEmpty())
        m_causes->showMessage(tr("None of the culprits pulls on this failure."));
    else
        m_causes->showImages(culprits, {});
    showNeighbours(evidence.neighbours, findings().data->test.labels.value(m_row, noClass));
}

void EvidencePanel::showNeighbours(const RankedRows& neighbours, std::int32_t given)
{
    const EvidenceWords words(findings());
    const QList<EvidenceImage> images = evidenceOf(
        neighbours, findings().data->train, data::Part::Train,
        [&](qint64 row) { return words.captionOfTraining(row); }, &EvidenceWords::similarityInWords);
    if (images.isEmpty())
        m_neighbours->showMessage(tr("It has no neighbours."));
    else
        m_neighbours->showImages(images, words.voteOf(neighbours.rows, given));
}

/// Quietly, in the place of the evidence; the claim stays.
void EvidencePanel::showError(const QString& sentence)
{
    m_causes->showMessage(tr("The evidence could not be had: %1").arg(sentence));
    m_neighbours->showMessage({});
}

void EvidencePanel::zoomAll(const CanvasView& view)
{
    m_canvas->setView(view);
    m_causes->setView(view);
    m_neighbours->setView(view);
}

// ---- events

void EvidencePanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

void EvidencePanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    sizeImage();
}

bool EvidencePanel::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress || !m_shown)
        return QWidget::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key != Qt::Key_Return && key != Qt::Key_Enter)
        return false;
    Q_EMIT loupeRequested(*m_shown);
    return true;
}

void EvidencePanel::dimTexts()
{
    const QPalette dimmed = dimmedText(palette());
    m_hint->setPalette(dimmed);
    m_standing->setPalette(dimmed);
}

void EvidencePanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        dimTexts();
}

} // namespace culprit::ui
