// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/inspector.h"

#include "pages/evidence_words.h"
#include "widgets/icons.h"
#include "widgets/image_canvas.h"
#include "widgets/state_panel.h"
#include "widgets/texts.h"
#include "widgets/theme.h"

#include <QAction>
#include <QEvent>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <cmath>

namespace culprit::ui {
namespace {

constexpr int longestWord = 24; ///< Characters; a longer one gets a line that scrolls.

QString labelsInWords(const ImageItems& items, qsizetype row)
{
    const QString label = items.className(items.labelAt(row));
    const std::int32_t predicted = items.predictedAt(row);
    if (predicted == noClass)
        return Inspector::tr("Labelled %1.").arg(label);
    if (predicted == items.labelAt(row))
        return Inspector::tr("Labelled %1, and the model agrees.").arg(label);
    return Inspector::tr("Labelled %1; the model says %2.").arg(label, items.className(predicted));
}

QString roleInWords(ImageMarks marks)
{
    if (marks & ImageMark::Query)
        return Inspector::tr("Causes are sought for this failure.");
    if (marks & ImageMark::Holdout)
        return Inspector::tr("This failure is kept back to measure the repair.");
    return {};
}

QToolButton* makeButton(const QString& name, const QString& text, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setObjectName(name);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setToolTip(text);
    button->setAccessibleName(text);
    return button;
}

} // namespace

QString sentenceOf(const Investigation& investigation, const data::ImageId& id)
{
    const bool isTraining = id.part == data::Part::Train;
    const ImageItems& items = isTraining ? investigation.trainItems() : investigation.testItems();
    const auto row = items.rowOf(id);
    if (!row || items.label.isEmpty())
        return {};
    QStringList sentences{labelsInWords(items, *row)};
    if (!isTraining)
        sentences << roleInWords(items.marksAt(*row));
    else if (!items.influence.isEmpty())
        sentences << EvidenceWords::influenceInWords(static_cast<double>(items.influence.at(*row)));
    sentences.removeAll(QString());
    return sentences.join(QLatin1Char(' '));
}

Inspector::Inspector(Investigation* investigation, ImageSelection* selection, ThumbnailSource* pictures,
                     QWidget* parent)
    : QWidget(parent), m_investigation(investigation), m_selection(selection),
      m_pages(new QStackedWidget(this)), m_placeholder(new StatePanel), m_canvas(new ImageCanvas),
      m_name(new QLabel), m_sentence(new QLabel),
      m_fit(makeButton(QStringLiteral("inspector.fit"), m_canvas->fitAction()->text(), this)),
      m_loupe(
          makeButton(QStringLiteral("inspector.loupe"), tr("Open in the loupe (Enter in the grid)"), this))
{
    setObjectName(QStringLiteral("inspector"));
    m_pictures.setEdge(ThumbnailSource::fullSize);
    m_pictures.setSource(pictures);
    auto* splitter = new QSplitter(Qt::Vertical);
    splitter->setObjectName(QStringLiteral("inspector.splitter"));
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(buildImage());
    splitter->addWidget(buildFacts());
    splitter->setSizes({300, 320}); // relative to each other
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    m_placeholder->showEmpty(
        Icon::Info,
        {tr("No image chosen"), tr("The image you click shows here, with what is known of it."), {}});
    m_pages->addWidget(m_placeholder);
    m_pages->addWidget(splitter);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_pages);
    connect(&m_pictures, &ThumbnailStore::changed, this, &Inspector::showPicture);
    connect(selection, &ImageSelection::currentChanged, this, &Inspector::refresh);
    connect(&m_pictures, &ThumbnailStore::cleared, this, &Inspector::refresh);
    connect(investigation, &Investigation::trainItemsChanged, this, &Inspector::showFacts);
    connect(investigation, &Investigation::testItemsChanged, this, &Inspector::showFacts);
    connect(m_loupe, &QToolButton::clicked, this, [this] {
        if (m_selection && m_selection->current())
            Q_EMIT loupeRequested(*m_selection->current());
    });
    drawIcons();
    refresh();
}

QWidget* Inspector::buildImage()
{
    auto* top = new QWidget;
    m_name->setObjectName(QStringLiteral("inspector.name"));
    QFont bold = m_name->font();
    bold.setBold(true);
    m_name->setFont(bold);
    m_canvas->setObjectName(QStringLiteral("inspector.canvas"));
    connect(m_fit, &QToolButton::clicked, m_canvas->fitAction(), &QAction::trigger);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(spacing::wide, spacing::tight, spacing::tight, spacing::tight);
    head->setSpacing(spacing::tight);
    head->addWidget(m_name, 1);
    head->addWidget(m_fit);
    head->addWidget(m_loupe);
    auto* column = new QVBoxLayout(top);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(m_canvas, 1);
    return top;
}

QWidget* Inspector::buildFacts()
{
    auto* inner = new QWidget;
    m_sentence->setObjectName(QStringLiteral("inspector.sentence"));
    m_sentence->setWordWrap(true);
    m_sentence->setTextFormat(Qt::PlainText);
    m_facts = new QFormLayout;
    m_facts->setLabelAlignment(Qt::AlignLeft);
    m_facts->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_facts->setHorizontalSpacing(spacing::wide);
    m_facts->setVerticalSpacing(spacing::tight);
    auto* column = new QVBoxLayout(inner);
    column->setContentsMargins(spacing::wide, spacing::wide, spacing::wide, spacing::wide);
    column->setSpacing(spacing::wide);
    column->addWidget(m_sentence);
    column->addLayout(m_facts);
    column->addStretch();
    auto* area = new QScrollArea;
    area->setObjectName(QStringLiteral("inspector.facts"));
    area->setWidget(inner);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setAccessibleName(tr("What is known of the image"));
    return area;
}

QSize Inspector::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 40, 640};
}

void Inspector::setImages(ImageListModel* train, ImageListModel* test)
{
    m_train = train;
    m_test = test;
    listenTo(train);
    listenTo(test);
    showFacts();
}

void Inspector::listenTo(ImageListModel* images)
{
    connect(images, &ImageListModel::arrangementChanged, this, &Inspector::showFacts, Qt::UniqueConnection);
    connect(images, &ImageListModel::dataChanged, this, &Inspector::showFacts, Qt::UniqueConnection);
}

const ImageListModel* Inspector::listOf(const data::ImageId& id) const
{
    return id.part == data::Part::Train ? m_train : m_test;
}

void Inspector::refresh()
{
    const auto current = m_selection->current();
    m_pages->setCurrentIndex(current ? 1 : 0);
    if (current && isVisible())
        m_pictures.want({*current});
    showPicture();
    showFacts();
}

void Inspector::showPicture()
{
    const auto current = m_selection->current();
    if (!current)
        return m_canvas->setImage({});
    const bool hasFailed = m_pictures.stateOf(*current) == ThumbnailStore::State::Failed;
    m_canvas->setMessage(hasFailed ? m_pictures.failureOf(*current) : tr("Loading…"));
    m_canvas->setImage(m_pictures.find(*current));
}

void Inspector::showFacts()
{
    while (m_facts->rowCount() > 0)
        m_facts->removeRow(0);
    const auto current = m_selection->current();
    if (!current)
        return;
    m_name->setText(ImageListModel::nameOf(*current));
    m_sentence->setText(sentenceOf(*m_investigation, *current));
    m_sentence->setVisible(!m_sentence->text().isEmpty());
    QStringList spoken;
    const ImageListModel* list = listOf(*current);
    const QList<ImageFact> facts = list ? list->factsOf(*current) : QList<ImageFact>();
    for (const ImageFact& fact : facts) {
        addFact(fact);
        spoken << QStringLiteral("%1: %2").arg(fact.name, fact.value);
    }
    m_canvas->setAccessibleName(spoken.isEmpty() ? m_name->text() : spoken.join(QLatin1Char('\n')));
}

void Inspector::addFact(const ImageFact& fact)
{
    auto* name = new QLabel(fact.name);
    name->setPalette(dimmedText(palette()));
    const bool isOneLongWord = fact.value.size() > longestWord && !fact.value.contains(QLatin1Char(' '));
    if (isOneLongWord) {
        auto* line = new QLineEdit(fact.value); // shows the end, which tells files apart
        line->setReadOnly(true);
        line->setToolTip(fact.value);
        line->setAccessibleName(fact.name);
        return m_facts->addRow(name, line);
    }
    auto* value = new QLabel(fact.value);
    value->setTextFormat(Qt::PlainText);
    value->setWordWrap(true);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_facts->addRow(name, value);
}

void Inspector::drawIcons()
{
    m_fit->setIcon(icon(Icon::Zoom, palette()));
    m_loupe->setIcon(icon(Icon::Expand, palette()));
}

void Inspector::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_facts) {
        drawIcons();
        showFacts();
    }
}

void Inspector::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

} // namespace culprit::ui
