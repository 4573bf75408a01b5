// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/treatment_page.h"

#include "pages/review_desk.h"
#include "pages/treatment_choice.h"
#include "pages/treatment_results.h"
#include "widgets/notice_bar.h"
#include "widgets/state_panel.h"
#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStackedLayout>

namespace culprit::ui {

TreatmentPage::TreatmentPage(const Workplace& workplace, QWidget* parent)
    : Page(workplace, parent), m_notices(new NoticeBar(this)), m_head(new QWidget(this)),
      m_choice(new TreatmentChoice(m_head)), m_repair(new QPushButton(tr("&Repair"), m_head)),
      m_report(new QPushButton(tr("Re&port"), m_head)), m_panel(new StatePanel(this)),
      m_results(new TreatmentResults(&selection(), &pictures(), this)), m_stack(new QStackedLayout)
{
    m_notices->setObjectName(QStringLiteral("treatment.notices"));
    m_choice->setObjectName(QStringLiteral("treatment.choice"));
    m_repair->setObjectName(QStringLiteral("treatment.repair"));
    m_report->setObjectName(QStringLiteral("treatment.report"));
    m_panel->setObjectName(QStringLiteral("treatment.panel"));
    m_repair->setAutoDefault(false);
    m_report->setAutoDefault(false);
    m_report->setToolTip(tr("Preview the report and save what was found"));
    arrange();
    connectInvestigation();
    refresh();
}

void TreatmentPage::arrange()
{
    auto* head = new QHBoxLayout(m_head);
    head->setContentsMargins(0, 0, 0, 0);
    head->setSpacing(spacing::section);
    head->addWidget(m_choice, 1);
    head->addWidget(m_repair, 0, Qt::AlignTop);
    head->addWidget(m_report, 0, Qt::AlignTop);
    m_head->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);

    m_stack->addWidget(m_panel);
    m_stack->addWidget(m_results);
    auto* body = new QVBoxLayout;
    body->setContentsMargins(spacing::page, spacing::section, spacing::page, spacing::wide);
    body->setSpacing(spacing::wide);
    body->addWidget(m_head);
    body->addLayout(m_stack, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_notices);
    column->addLayout(body, 1);
}

void TreatmentPage::connectInvestigation()
{
    const Investigation* source = &investigation();
    for (const auto signal : {&Investigation::dataChanged, &Investigation::causesChanged,
                              &Investigation::cutChanged, &Investigation::failuresChanged})
        connect(source, signal, this, &TreatmentPage::refresh);
    connect(source, &Investigation::treatmentsChanged, this, &TreatmentPage::refreshResults);
    connect(source, &Investigation::treatmentsChanged, this, &TreatmentPage::refresh);
    connect(source, &Investigation::curveChanged, this, &TreatmentPage::refreshCurve);
    connect(source, &Investigation::activityChanged, this, [this] {
        m_progress.clear();
        refresh();
    });
    connect(source, &Investigation::failed, this, &TreatmentPage::refresh);
    connect(source, &Investigation::computingChanged, this, &TreatmentPage::refresh);
    connect(source, &Investigation::progressed, this, &TreatmentPage::showProgress);

    connect(&desk().review(), &Review::decided, this, &TreatmentPage::showChoice);
    connect(m_choice, &TreatmentChoice::methodsChanged, this, &TreatmentPage::refreshButtons);
    connect(m_repair, &QPushButton::clicked, this, &TreatmentPage::repair);
    connect(m_report, &QPushButton::clicked, this, [this] { Q_EMIT stepWanted(Step::Report); });
    connect(m_panel, &StatePanel::actionTriggered, this, &TreatmentPage::actOnPanel);
    connect(m_notices, &NoticeBar::actionTriggered, this, &TreatmentPage::actOnNotice);
    connect(m_results, &TreatmentResults::methodShown, &investigation(), &Investigation::setShownTreatment);
    connect(m_results, &TreatmentResults::curveWanted, this, &TreatmentPage::traceCurve);
    connect(&m_results->flips(), &FlipsView::summaryChanged, this, &TreatmentPage::statusChanged);
    connect(&m_results->flips(), &FlipsView::loupeRequested, this, &TreatmentPage::loupeRequested);
}

QString TreatmentPage::status() const
{
    return showsResults() ? m_results->flips().summary() : QString();
}

ImageListModel* TreatmentPage::images() const
{
    return m_results->flips().images();
}

// --- What the person asks for ---------------------------------------------------------------------------

void TreatmentPage::repair()
{
    m_notices->withdraw(QStringLiteral("failed"));
    investigation().repair(m_choice->methods());
}

void TreatmentPage::traceCurve()
{
    investigation().traceCurve(TreatmentResults::curveCounts(findings()), m_results->shownMethod());
}

void TreatmentPage::actOnPanel()
{
    if (!findings().data)
        Q_EMIT stepWanted(Step::Data);
    else if (!findings().identification)
        Q_EMIT stepWanted(Step::Causes);
    else
        repair();
}

void TreatmentPage::actOnNotice(const QString& notice)
{
    if (notice == QLatin1String("causes"))
        Q_EMIT stepWanted(Step::Causes);
    else
        repair();
}

// --- What shows -----------------------------------------------------------------------------------------

bool TreatmentPage::showsResults() const
{
    return !findings().treatments.isEmpty();
}

bool TreatmentPage::hasFailed(Activity activity) const
{
    const auto& failure = investigation().lastFailure();
    return failure && failure->activity == activity;
}

/// What will be done, with what a person decided: read anew only where it is seen.
void TreatmentPage::showChoice()
{
    if (!isVisible())
        return;
    const Review& review = desk().review();
    m_choice->showFindings(findings(), review.rows(), review.decisionsInWords());
}

void TreatmentPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    refresh();
}

void TreatmentPage::refresh()
{
    showChoice();
    m_head->setVisible(findings().identification.has_value());
    m_stack->setCurrentWidget(showsResults() ? static_cast<QWidget*>(m_results) : m_panel);
    refreshButtons();
    refreshNotices();
    refreshCurve();
    if (!showsResults())
        refreshPanel();
    Q_EMIT statusChanged();
}

/// The next step is the filled button: the repair until it is done, then the report.
void TreatmentPage::refreshButtons()
{
    const QString off = investigation().computingOffReason();
    const QString obstacle = off.isEmpty() ? m_choice->obstacle() : off;
    m_repair->setToolTip(off);
    const bool isRepairing = investigation().activity() == Activity::Repairing;
    const bool isDone = showsResults() && !findings().treatmentsAreStale;
    m_repair->setText(isRepairing ? tr("Repairing…") : (isDone ? tr("&Repair again") : tr("&Repair")));
    m_repair->setEnabled(obstacle.isEmpty() && !isRepairing);
    m_repair->setDefault(!isDone);
    m_report->setVisible(showsResults());
    m_report->setDefault(isDone);
}

void TreatmentPage::refreshPanel()
{
    const Activity activity = investigation().activity();
    if (activity == Activity::Repairing)
        m_panel->showLoading({tr("Repairing the model"), m_progress, {}});
    else if (hasFailed(Activity::Repairing))
        m_panel->showError({tr("The repair was not finished"),
                            QString::fromStdString(investigation().lastFailure()->error.text),
                            tr("Try again")});
    else if (!findings().data)
        m_panel->showEmpty(Icon::StepData,
                           {tr("Nothing is open yet"),
                            tr("Open a model and its data first, or try the demo."), tr("Model and data")});
    else if (activity == Activity::FindingCauses)
        m_panel->showLoading({tr("Finding causes"), m_progress, {}});
    else if (!findings().identification)
        m_panel->showEmpty(Icon::StepCauses,
                           {tr("No culprits yet"),
                            tr("A treatment makes the model forget the training images behind its failures. "
                               "Find them first."),
                            tr("Causes")});
    else
        m_panel->showEmpty(
            Icon::StepTreatment,
            {tr("Nothing repaired yet"),
             tr("The repair works on a copy: your model and your data stay as they are. Afterwards you see "
                "what it changed, measured on failures that were held out from it."),
             {}});
}

void TreatmentPage::refreshResults()
{
    if (showsResults())
        m_results->showTreatments(findings(), investigation().testItems());
}

void TreatmentPage::refreshCurve()
{
    if (investigation().activity() == Activity::TracingCurve)
        m_results->showTracing(m_progress);
    else if (hasFailed(Activity::TracingCurve))
        m_results->showCurveFailure(QString::fromStdString(investigation().lastFailure()->error.text));
    else
        m_results->showCurve(findings());
}

void TreatmentPage::refreshNotices()
{
    for (const auto* id : {"causes", "stale", "failed"})
        m_notices->withdraw(QLatin1String(id));
    if (!showsResults())
        return;
    if (hasFailed(Activity::Repairing))
        m_notices->post({"failed",
                         Notice::Kind::Error,
                         QString::fromStdString(investigation().lastFailure()->error.text),
                         {{"treatment.retry", tr("Try again")}}});
    if (findings().identificationIsStale)
        m_notices->post({"causes",
                         Notice::Kind::Warning,
                         tr("The failures changed since; find causes again. What is shown here was measured "
                            "before."),
                         {{"treatment.findCauses", tr("Find causes")}},
                         false});
    else if (findings().treatmentsAreStale && investigation().activity() != Activity::Repairing)
        m_notices->post(
            {"stale",
             Notice::Kind::Warning,
             tr("The culprits or your decisions changed since; repair again. What is shown here was measured "
                "before."),
             {{"treatment.again", tr("Repair again")}},
             false});
}

void TreatmentPage::showProgress(const QString& phase, qint64 done, qint64 total)
{
    m_progress = progressInWords(phase, done, total);
    const Activity activity = investigation().activity();
    if (activity == Activity::TracingCurve)
        refreshCurve();
    else if (!showsResults() && (activity == Activity::Repairing || activity == Activity::FindingCauses))
        refreshPanel();
}

} // namespace culprit::ui
