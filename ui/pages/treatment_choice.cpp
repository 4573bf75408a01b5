// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/treatment_choice.h"

#include "client/treatment_words.h"
#include "models/figures_model.h"
#include "widgets/texts.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QEvent>
#include <QLabel>
#include <QLocale>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

namespace culprit::ui {

namespace {

/// The name of a cut for a person; "top:57" says no more than the count beside it.
QString cutInWords(const QString& name)
{
    if (name == QLatin1String("calibrated"))
        return TreatmentChoice::tr("the calibrated cut");
    if (name == QLatin1String("paper"))
        return TreatmentChoice::tr("the paper's cut");
    return TreatmentChoice::tr("a cut set by hand");
}

QString detailOf(const CutReply& cut)
{
    const QString name = cutInWords(cut.name);
    if (!cut.estimatedPrecision || cut.count == 0)
        return TreatmentChoice::tr("Chosen by %1.").arg(name);
    return TreatmentChoice::tr("Chosen by %1; an estimated %2 of them are rightly accused.")
        .arg(name, Figure::percent(*cut.estimatedPrecision).text);
}

} // namespace

TreatmentChoice::TreatmentChoice(QWidget* parent)
    : QWidget(parent), m_what(wrappingLabel(this, QStringLiteral("treatment.what"))),
      m_detail(wrappingLabel(this)), m_decisions(wrappingLabel(this, QStringLiteral("treatment.decisions"))),
      m_obstacle(wrappingLabel(this, QStringLiteral("treatment.obstacle"))), m_methods(new QWidget(this)),
      m_others(new QToolButton(m_methods))
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    m_what->setFont(titleFont(m_what->font(), 1.2));
    m_lines << m_detail;
    m_decisions->setToolTip(tr("Excluded images leave the training set, relabelled ones are trained with "
                               "their new label, and kept or "
                               "flagged ones are never treated."));
    addMethods();
    m_others->setObjectName(QStringLiteral("treatment.others"));
    m_others->setCheckable(true);
    m_others->setAutoRaise(true);
    m_others->setFocusPolicy(Qt::StrongFocus);
    m_others->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    connect(m_others, &QToolButton::toggled, this, &TreatmentChoice::setOthersShown);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::tight);
    column->addWidget(m_what);
    column->addWidget(m_detail);
    column->addWidget(m_decisions);
    column->addWidget(m_obstacle);
    column->addWidget(m_methods);
    column->addStretch(1);
    setOthersShown(false);
    paintDim();
}

void TreatmentChoice::addMethods()
{
    auto* rows = new QVBoxLayout(m_methods);
    rows->setContentsMargins(0, spacing::tight, 0, 0);
    rows->setSpacing(spacing::normal);
    int widest = 0;
    for (const TreatmentWords& words : treatmentsInWords()) {
        const bool isRecommended = m_boxes.isEmpty();
        auto* box = new QCheckBox(isRecommended ? tr("%1 (recommended)").arg(words.name) : words.name, this);
        box->setObjectName(QStringLiteral("treatment.method.") + words.method);
        box->setProperty("method", words.method);
        box->setChecked(isRecommended);
        box->setToolTip(words.what);
        box->setAccessibleDescription(words.what);
        auto* line = wrappingLabel(m_methods);
        line->setText(words.what);
        auto* row = new QHBoxLayout;
        row->setSpacing(spacing::section);
        row->addWidget(box, 0, Qt::AlignTop);
        row->addWidget(line, 1);
        if (isRecommended)
            row->addWidget(m_others, 0, Qt::AlignTop);
        row->addStretch();
        rows->addLayout(row);
        widest = std::max(widest, box->sizeHint().width());
        m_boxes << box;
        m_lines << line;
        connect(box, &QCheckBox::toggled, this, &TreatmentChoice::showObstacle);
        connect(box, &QCheckBox::toggled, this, &TreatmentChoice::methodsChanged);
    }
    for (QCheckBox* box : m_boxes)
        box->setMinimumWidth(widest);
    QWidget::setTabOrder(m_boxes.constLast(), m_others);
}

void TreatmentChoice::setOthersShown(bool shown)
{
    for (qsizetype i = 0; i < m_boxes.size(); ++i) {
        // A ticked one stays in sight: what will run is never hidden.
        m_boxes[i]->setVisible(shown || i == 0 || m_boxes[i]->isChecked());
        m_lines[i + 1]->setVisible(shown);
    }
    m_others->setArrowType(shown ? Qt::DownArrow : Qt::RightArrow);
    m_others->setText(shown ? tr("Fewer treatments") : tr("Other treatments"));
}

void TreatmentChoice::showFindings(const Findings& findings, const ReviewedRows& reviewed,
                                   const QString& decisions)
{
    if (!findings.identification || !findings.data)
        return;
    const CutReply& cut = findings.cut;
    const qint64 images = findings.data->train.images;
    const qint64 treated = treatedCount(cut, reviewed);
    const QString all = tr("%Ln training image(s)", nullptr, static_cast<int>(images));
    m_what->setText(tr("%1 of %2 will be treated")
                        .arg(reviewed.isEmpty() ? tr("%Ln culprit(s)", nullptr, static_cast<int>(treated))
                                                : QLocale().toString(treated),
                             all));
    m_detail->setText(reviewed.isEmpty()
                          ? detailOf(cut)
                          : tr("%1 found as culprits. %2").arg(QLocale().toString(cut.count), detailOf(cut)));
    m_decisions->setText(tr("Your decisions come first: %1.").arg(decisions));
    m_decisions->setVisible(!reviewed.isEmpty());
    m_causesMissing.clear();
    if (findings.identificationIsStale)
        m_causesMissing =
            tr("The failures changed since the causes were found. Find the causes again first.");
    else if (cut.count == 0 && treated == 0)
        m_causesMissing = tr("No image lies beyond the cut. Move it on the page Causes.");
    else if (treated == 0)
        m_causesMissing = tr("You kept or flagged all images beyond the cut, so nothing is left to treat.");
    else if (images - treated < 2)
        m_causesMissing = tr("All training images would be treated. Move the cut on the page Causes.");
    showObstacle();
    Q_EMIT methodsChanged();
}

void TreatmentChoice::showObstacle()
{
    m_obstacle->setText(obstacle());
    m_obstacle->setVisible(!obstacle().isEmpty());
}

QStringList TreatmentChoice::methods() const
{
    QStringList ticked;
    for (const QCheckBox* box : m_boxes)
        if (box->isChecked())
            ticked << box->property("method").toString();
    return ticked;
}

QString TreatmentChoice::obstacle() const
{
    if (!m_causesMissing.isEmpty())
        return m_causesMissing;
    return methods().isEmpty() ? tr("Tick a treatment first.") : QString();
}

void TreatmentChoice::paintDim()
{
    const QPalette dimmed = dimmedText(palette());
    for (QLabel* line : m_lines)
        line->setPalette(dimmed);
    m_obstacle->setPalette(warningText(palette()));
}

void TreatmentChoice::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        paintDim();
    QWidget::changeEvent(event);
}

} // namespace culprit::ui
