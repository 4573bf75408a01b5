// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/treatment_results.h"

#include "client/treatment_words.h"
#include "pages/repair_figures.h"
#include "widgets/before_after_bars.h"
#include "widgets/removal_curve.h"
#include "widgets/texts.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <iterator>

namespace culprit::ui {

namespace {

/// Shares of the cut at which the curve is traced.
constexpr std::array<double, 6> curveShares{0.1, 0.25, 0.5, 1.0, 1.5, 2.0};

constexpr int narrowest = 400;
constexpr int narrowestForColumns = 720;

QLabel* wrapping(QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setWordWrap(true);
    label->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    return label;
}

std::vector<RemovalPoint> pointsOf(const RemovalCurveReply& curve, const evaluation::Accuracies& before)
{
    std::vector<RemovalPoint> points{
        {.removed = 0, .holdout = before.holdout, .remaining = before.remaining}};
    for (qsizetype i = 0; i < curve.counts.size(); ++i)
        points.push_back(
            {.removed = curve.counts[i], .holdout = curve.holdout[i], .remaining = curve.remaining[i]});
    return points;
}

QString linked(const QString& number, const QString& what)
{
    return QStringLiteral("<a href=\"%1\">%2</a>").arg(what, number);
}

} // namespace

TreatmentResults::TreatmentResults(ImageSelection* selection, ThumbnailSource* pictures, QWidget* parent)
    : QWidget(parent), m_chooserRow(new QWidget(this)), m_chooser(new QComboBox(m_chooserRow)),
      m_verdict(wrapping(this)), m_notes(wrapping(this)), m_tabs(new QTabWidget(this)),
      m_bars(new BeforeAfterBars), m_classTable(makeTable(QStringLiteral("treatment.classes"), m_classes)),
      m_comparisonTable(makeTable(QStringLiteral("treatment.comparison"), m_comparison)),
      m_curve(new RemovalCurve), m_curveNote(nullptr), m_trace(nullptr),
      m_columns(new QSplitter(Qt::Horizontal, this)), m_flips(new FlipsView(selection, pictures))
{
    m_chooser->setObjectName(QStringLiteral("treatment.shown"));
    m_verdict->setObjectName(QStringLiteral("treatment.verdict"));
    m_verdict->setTextFormat(Qt::RichText);
    m_verdict->setTextInteractionFlags(Qt::TextBrowserInteraction);
    QFont font = m_verdict->font();
    font.setPointSizeF(font.pointSizeF() * 1.15);
    m_verdict->setFont(font);
    m_notes->setObjectName(QStringLiteral("treatment.remarks"));
    m_notes->setTextFormat(Qt::PlainText);
    m_bars->setObjectName(QStringLiteral("treatment.bars"));
    m_curve->setObjectName(QStringLiteral("treatment.curve"));
    m_classTable->setAccessibleName(tr("Accuracy class by class"));
    m_classTable->setToolTip(tr("Choose a class to see its images"));
    m_comparisonTable->setAccessibleName(tr("All treatments side by side"));
    arrange();
    setMinimumWidth(narrowest); // less than two columns: see resizeEvent()
    paintDim();
    connect(m_chooser, &QComboBox::activated, this,
            [this](int place) { showMethod(m_chooser->itemData(place).toString()); });
    connect(m_verdict, &QLabel::linkActivated, this, &TreatmentResults::followLink);
    connect(m_classTable->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &TreatmentResults::followClass);
    connect(&m_curve->panel(), &StatePanel::actionTriggered, this, &TreatmentResults::curveWanted);
}

QTableView* TreatmentResults::makeTable(const QString& name, FiguresModel& figures)
{
    auto* table = new QTableView;
    table->setObjectName(name);
    table->setModel(&figures);
    table->setAlternatingRowColors(true);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setWordWrap(false);
    table->setShowGrid(false);
    table->setFrameShape(QFrame::NoFrame);
    table->setTabKeyNavigation(false);
    table->verticalHeader()->hide();
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    return table;
}

QWidget* TreatmentResults::makeCurveTab()
{
    auto* tab = new QWidget;
    m_curveNote = wrapping(tab);
    m_curveNote->setObjectName(QStringLiteral("treatment.curveNote"));
    m_curveNote->setText(
        tr("The curve is for understanding. Do not choose the cut by it: failures that a choice was made by "
           "are no longer held out."));
    m_trace = new QPushButton(tr("&Trace the curve"), tab);
    m_trace->setObjectName(QStringLiteral("treatment.trace"));
    m_trace->setAutoDefault(false);
    connect(m_trace, &QPushButton::clicked, this, &TreatmentResults::curveWanted);
    auto* column = new QVBoxLayout(tab);
    column->setContentsMargins(spacing::normal, spacing::wide, spacing::normal, spacing::normal);
    column->addWidget(m_curve, 1);
    auto* row = new QHBoxLayout;
    row->addWidget(m_curveNote, 1);
    row->addWidget(m_trace, 0, Qt::AlignTop);
    column->addLayout(row);
    return tab;
}

void TreatmentResults::arrange()
{
    auto* chooserName = new QLabel(tr("&Show:"), m_chooserRow);
    chooserName->setBuddy(m_chooser);
    auto* chooserLine = new QHBoxLayout(m_chooserRow);
    chooserLine->setContentsMargins(0, 0, 0, 0);
    chooserLine->addWidget(chooserName);
    chooserLine->addWidget(m_chooser);
    chooserLine->addStretch(1);

    auto* barsScroll = new QScrollArea; // a low window scrolls rather than squeezes
    barsScroll->setFrameShape(QFrame::NoFrame);
    barsScroll->setWidgetResizable(true);
    barsScroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* barsTab = new QWidget;
    auto* barsColumn = new QVBoxLayout(barsTab);
    barsColumn->setContentsMargins(spacing::normal, spacing::wide, spacing::normal, spacing::normal);
    barsColumn->addWidget(m_bars);
    m_tabs->setObjectName(QStringLiteral("treatment.tabs"));
    m_tabs->setDocumentMode(true);
    barsScroll->setWidget(barsTab);
    m_tabs->addTab(barsScroll, tr("Before and after"));
    m_tabs->addTab(m_classTable, tr("By class"));
    m_tabs->addTab(m_comparisonTable, tr("All treatments"));
    m_tabs->addTab(makeCurveTab(), tr("Removal curve"));

    m_columns->setObjectName(QStringLiteral("treatment.columns"));
    m_columns->setChildrenCollapsible(false);
    m_columns->addWidget(m_tabs);
    m_columns->addWidget(m_flips);
    m_columns->setStretchFactor(0, 1);
    m_columns->setStretchFactor(1, 1);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_chooserRow);
    column->addWidget(m_verdict);
    column->addWidget(m_notes);
    column->addSpacing(spacing::normal);
    column->addWidget(m_columns, 1);
}

void TreatmentResults::showTreatments(const Findings& findings, const ImageItems& test)
{
    const bool isAdded = findings.treatments.size() != m_findings.treatments.size();
    const QString before = shownMethod();
    m_findings = findings;
    m_test = test;
    fillChooser();
    fillComparison();
    const bool stays = !isAdded && treatmentBy(findings, before);
    showMethod(stays ? before : recommendedOf(findings)->effect.method);
}

QString TreatmentResults::shownMethod() const
{
    return m_chooser->currentData().toString();
}

void TreatmentResults::fillChooser()
{
    const QString recommended = recommendedOf(m_findings)->effect.method;
    m_chooser->clear();
    for (const TreatmentReply& treatment : m_findings.treatments) {
        const QString name = treatmentName(treatment.effect.method);
        const bool isBest = treatment.effect.method == recommended;
        m_chooser->addItem(isBest ? tr("%1 (recommended)").arg(name) : name, treatment.effect.method);
    }
    m_chooserRow->setVisible(m_findings.treatments.size() > 1);
    m_tabs->setTabVisible(m_tabs->indexOf(m_comparisonTable), m_findings.treatments.size() > 1);
}

void TreatmentResults::showMethod(const QString& method)
{
    const TreatmentReply* treatment = treatmentBy(m_findings, method);
    if (!treatment || !m_findings.evaluation)
        return;
    m_chooser->setCurrentIndex(m_chooser->findData(method));
    const QString verdict = verdictOf(m_findings, *treatment, &linked);
    m_verdict->setText(verdict);
    m_verdict->setAccessibleName(verdictOf(m_findings, *treatment, &plainNumber));
    QStringList notes{tr("%1, %2.").arg(treatmentName(method), durationText(treatment->effect.seconds))};
    notes += treatment->effect.notes;
    m_notes->setText(notes.join(QStringLiteral(" · ")));
    m_bars->setFigures(repairFiguresOf(m_findings, *treatment));
    fillClasses(treatment->effect.outcome);
    m_flips->setFlips(m_test, treatment->effect.outcome);
    Q_EMIT methodShown(method);
}

void TreatmentResults::fillClasses(const evaluation::Outcome& outcome)
{
    std::vector<std::vector<Figure>> rows;
    rows.reserve(outcome.perClass.size());
    for (std::size_t i = 0; i < outcome.perClass.size(); ++i) {
        const evaluation::ClassAccuracy& figures = outcome.perClass[i];
        rows.push_back({Figure::word(m_test.className(static_cast<std::int32_t>(i))),
                        Figure::count(figures.images),
                        Figure::percent(figures.before),
                        Figure::percent(figures.after),
                        {pointsText(figures.before, figures.after), figures.after - figures.before}});
    }
    m_classes.setFigures({tr("Class"), tr("Images"), tr("Before"), tr("After"), tr("Points")},
                         std::move(rows));
    m_classTable->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
}

void TreatmentResults::followClass()
{
    const QModelIndexList chosen = m_classTable->selectionModel()->selectedRows();
    m_flips->showClass(chosen.isEmpty() ? noClass : chosen.constFirst().row());
}

void TreatmentResults::fillComparison()
{
    std::vector<std::vector<Figure>> rows;
    for (const TreatmentReply& treatment : m_findings.treatments) {
        const evaluation::Outcome& outcome = treatment.effect.outcome;
        rows.push_back({Figure::word(treatmentName(treatment.effect.method)),
                        Figure::percent(outcome.after.holdout),
                        Figure::word(percentRange(outcome.holdout.low, outcome.holdout.high)),
                        Figure::percent(outcome.after.remaining),
                        Figure::percent(outcome.after.test),
                        Figure::count(static_cast<qint64>(outcome.fixed.size())),
                        Figure::count(static_cast<qint64>(outcome.broken.size())),
                        {durationText(treatment.effect.seconds), treatment.effect.seconds}});
    }
    m_comparison.setFigures({tr("Treatment"), tr("Held out"), tr("95 % interval"), tr("Remaining"),
                             tr("Test set"), tr("Fixed"), tr("Broken"), tr("Time")},
                            std::move(rows));
}

void TreatmentResults::followLink(const QString& link)
{
    const TreatmentReply* treatment = treatmentBy(m_findings, shownMethod());
    if (!treatment)
        return;
    if (link == QLatin1String("broken"))
        return m_flips->showBroken();
    QList<qint64> repaired;
    const std::vector<std::int64_t>& fixed = treatment->effect.outcome.fixed;
    const QList<qint64>& holdout = treatment->split.holdout;
    std::set_intersection(holdout.cbegin(), holdout.cend(), fixed.begin(), fixed.end(),
                          std::back_inserter(repaired));
    m_flips->showRows(repaired,
                      tr("%Ln held-out failure(s) repaired", nullptr, static_cast<int>(repaired.size())));
}

QList<qint64> TreatmentResults::curveCounts(const Findings& findings)
{
    QList<qint64> counts;
    if (!findings.data || findings.cut.count == 0)
        return counts;
    const qint64 most = std::max<qint64>(1, findings.data->train.images - 2);
    for (const double share : curveShares) {
        const auto wanted =
            static_cast<qint64>(std::llround(share * static_cast<double>(findings.cut.count)));
        const qint64 count = std::clamp<qint64>(wanted, 1, most);
        if (counts.isEmpty() || counts.constLast() < count)
            counts << count;
    }
    return counts;
}

void TreatmentResults::showCurve(const Findings& findings)
{
    m_trace->setVisible(findings.curve.has_value());
    m_trace->setText(tr("&Trace it again"));
    m_curveNote->setVisible(findings.curve.has_value());
    const TreatmentReply* treatment = recommendedOf(findings);
    if (findings.curve && !findings.curve->counts.isEmpty() && treatment) {
        m_curve->setPoints(pointsOf(*findings.curve, treatment->effect.outcome.before));
        return;
    }
    const auto points = static_cast<int>(curveCounts(findings).size());
    m_curve->panel().showEmpty(
        Icon::Chart,
        {tr("How much does each culprit matter?"),
         tr("The curve repairs the original model %Ln time(s), with more and more culprits, and shows what "
            "that does to the held-out failures and to the images that were right.",
            nullptr, points),
         tr("Trace the curve")});
}

void TreatmentResults::showTracing(const QString& progress)
{
    m_trace->hide();
    m_curveNote->hide();
    m_curve->panel().showLoading({tr("Removing culprits step by step"), progress, {}});
}

void TreatmentResults::showCurveFailure(const QString& text)
{
    m_trace->hide();
    m_curveNote->hide();
    m_curve->panel().showError({tr("The curve was not finished"), text, tr("Try again")});
}

void TreatmentResults::paintDim()
{
    const QPalette dimmed = dimmedText(palette());
    m_notes->setPalette(dimmed);
    m_curveNote->setPalette(dimmed);
}

/// Figures and images side by side, or one above the other where two columns would be too narrow.
void TreatmentResults::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const bool isWide = width() >= narrowestForColumns;
    m_columns->setOrientation(isWide ? Qt::Horizontal : Qt::Vertical);
}

void TreatmentResults::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        paintDim();
    QWidget::changeEvent(event);
}

} // namespace culprit::ui
