// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/failure_set_panel.h"

#include "pages/failure_group_menu.h"
#include "widgets/division_bar.h"
#include "widgets/flow_layout.h"
#include "widgets/icons.h"
#include "widgets/texts.h"
#include "widgets/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPaintEvent>
#include <QPainter>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>
#include <cmath>

namespace culprit::ui {
namespace {

constexpr int smallestShare = 10; ///< Percent of the failures that causes are sought for.
constexpr int largestShare = 90;
constexpr int shareStep = 5;
constexpr int signExtent = 16;

QPushButton* makeChoice(const QString& name, QWidget* parent)
{
    auto* button = new QPushButton(parent);
    button->setObjectName(name);
    button->setCheckable(true);
    button->setAutoDefault(false);
    return button;
}

QString withCount(const QString& text, qint64 count)
{
    return FailureSetPanel::tr("%1 (%2)", "button (number)").arg(text, QLocale().toString(count));
}

QString leftOut(const OfferedFailures& offered)
{
    if (offered.right == 0)
        return {};
    return FailureSetPanel::tr("%Ln image(s) that the model gets right left out.", nullptr,
                               static_cast<int>(offered.right));
}

} // namespace

FailureSetPanel::FailureSetPanel(Investigation* investigation, QWidget* parent)
    : QFrame(parent), m_investigation(investigation), m_title(new QLabel(tr("Failures to explain"), this)),
      m_useAll(makeChoice(QStringLiteral("failures.all"), this)),
      m_useCells(makeChoice(QStringLiteral("failures.cells"), this)),
      m_useSelected(makeChoice(QStringLiteral("failures.selected"), this)),
      m_useGroup(makeChoice(QStringLiteral("failures.group"), this)),
      m_groups(new FailureGroupMenu(investigation, m_useGroup)), m_nameLabel(new QLabel(tr("&Name"), this)),
      m_name(new QLineEdit(this)), m_count(new QLabel(this)),
      m_shareLabel(new QLabel(tr("Sea&rch share"), this)), m_share(new QSpinBox(this)),
      m_division(new DivisionBar(this)), m_words(new QLabel(this)), m_sign(new QLabel(this)),
      m_find(new QPushButton(this))
{
    buildChoices();
    buildDivision();
    arrange();
    recolour();
    connect(investigation, &Investigation::failuresChanged, this, &FailureSetPanel::settle);
    connect(investigation, &Investigation::evaluationChanged, this, &FailureSetPanel::settle);
    connect(investigation, &Investigation::failed, this, &FailureSetPanel::settle);
    connect(investigation, &Investigation::settled, this, &FailureSetPanel::settle);
    connect(investigation, &Investigation::causesChanged, this, &FailureSetPanel::refresh);
    connect(investigation, &Investigation::activityChanged, this, &FailureSetPanel::refresh);
    connect(investigation, &Investigation::computingChanged, this, &FailureSetPanel::refresh);
    refresh();
}

void FailureSetPanel::buildChoices()
{
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    connect(m_useAll, &QPushButton::clicked, this, [this] { ask({.name = tr("all misclassified")}); });
    connect(m_useCells, &QPushButton::clicked, this,
            [this] { ask({.name = m_cells.name, .rows = m_cells.rows}); });
    connect(m_useSelected, &QPushButton::clicked, this,
            [this] { ask({.name = m_selected.name, .rows = m_selected.rows}); });
    m_useGroup->setText(tr("A &group"));
    m_useGroup->setToolTip(tr("Failures that fail alike: taken for the same class and alike to the model"));
    m_useGroup->setMenu(m_groups);
    connect(m_groups, &QMenu::aboutToHide, this, &FailureSetPanel::refreshChoices);
    connect(m_groups, &FailureGroupMenu::chosen, this,
            [this](const QString& name, const QList<qint64>& rows) { ask({.name = name, .rows = rows}); });
    m_name->setObjectName(QStringLiteral("failures.name"));
    m_nameLabel->setBuddy(m_name);
    m_name->setAccessibleName(tr("Name of the failure set"));
    m_name->setToolTip(tr("What the report calls these failures"));
    m_name->setTextMargins(spacing::tight, 0, spacing::tight, 0);
    m_name->setMinimumWidth(m_name->fontMetrics().averageCharWidth() * 16);
    connect(m_name, &QLineEdit::editingFinished, this, &FailureSetPanel::rename);
    m_count->setObjectName(QStringLiteral("failures.count"));
}

void FailureSetPanel::buildDivision()
{
    m_share->setObjectName(QStringLiteral("failures.share"));
    m_share->setRange(smallestShare, largestShare);
    m_share->setSingleStep(shareStep);
    m_share->setSuffix(tr(" %"));
    m_share->setKeyboardTracking(false);
    m_share->setToolTip(
        tr("How many of the failures causes are sought for. The others are kept back: more of "
           "them measure the repair more exactly, fewer leave more to learn from."));
    m_share->setAccessibleName(tr("Share of the failures that causes are sought for"));
    m_shareLabel->setBuddy(m_share);
    m_shareLabel->setToolTip(m_share->toolTip());
    connect(m_share, &QSpinBox::valueChanged, this, [this](int) { ask(wanted()); });
    connect(m_division, &DivisionBar::queryClicked, this, [this] { Q_EMIT imagesWanted(ImageMark::Query); });
    connect(m_division, &DivisionBar::holdoutClicked, this,
            [this] { Q_EMIT imagesWanted(ImageMark::Holdout); });
    m_words->setObjectName(QStringLiteral("failures.words"));
    m_words->setWordWrap(true);
    m_words->setTextFormat(Qt::PlainText);
    m_find->setObjectName(QStringLiteral("failures.find"));
    m_find->setDefault(true);
    connect(m_find, &QPushButton::clicked, this, &FailureSetPanel::goOn);
}

void FailureSetPanel::arrange()
{
    auto* named = new QWidget(this);
    auto* name = new QHBoxLayout(named);
    name->setContentsMargins(0, 0, 0, 0);
    name->setSpacing(spacing::normal);
    name->addWidget(m_nameLabel);
    name->addWidget(m_name, 1);
    name->addWidget(m_count);
    named->setMaximumWidth(fontMetrics().averageCharWidth() * 72);
    auto* choices = new FlowLayout;
    for (QWidget* widget :
         std::initializer_list<QWidget*>{m_title, m_useAll, m_useCells, m_useSelected, m_useGroup, named})
        choices->addWidget(widget);
    auto* share = new QHBoxLayout;
    share->setSpacing(spacing::normal);
    share->addWidget(m_division, 1);
    share->addSpacing(spacing::wide);
    share->addWidget(m_shareLabel);
    share->addWidget(m_share);
    auto* next = new QHBoxLayout;
    next->setSpacing(spacing::normal);
    next->addWidget(m_sign, 0, Qt::AlignVCenter);
    next->addWidget(m_words, 1);
    next->addSpacing(spacing::wide);
    next->addWidget(m_find, 0, Qt::AlignVCenter);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(spacing::page, spacing::wide, spacing::page, spacing::wide);
    column->setSpacing(spacing::normal);
    column->addLayout(choices);
    column->addLayout(share);
    column->addLayout(next);
}

void FailureSetPanel::offerCells(const OfferedFailures& offered)
{
    m_cells = offered;
    refreshChoices();
}

void FailureSetPanel::offerSelected(const OfferedFailures& offered)
{
    m_selected = offered;
    refreshChoices();
}

// ---- requests

/// The share is the control's, whatever the set was divided by before.
void FailureSetPanel::ask(FailureSet failures)
{
    failures.queryFraction = m_share->value() / 100.0;
    const FailureSet& now = wanted();
    const bool isAsItIs = m_investigation->findings().split && failures.name == now.name &&
                          failures.rows == now.rows && failures.queryFraction == now.queryFraction;
    if (isAsItIs)
        return refresh();
    m_asked = failures;
    m_investigation->chooseFailures(failures);
    refresh();
}

void FailureSetPanel::rename()
{
    const QString name = m_name->text().simplified();
    FailureSet failures = wanted();
    if (name.isEmpty() || name == failures.name)
        return m_name->setText(failures.name);
    failures.name = name;
    ask(failures);
}

void FailureSetPanel::goOn()
{
    if (next() == Next::Find || next() == Next::FindAgain) {
        const auto& found = m_investigation->findings().identification;
        m_investigation->findCauses({.method = found ? found->method : QString()});
    }
    Q_EMIT causesWanted();
}

// ---- what shows

const FailureSet& FailureSetPanel::wanted() const
{
    return m_asked ? *m_asked : m_investigation->findings().failureSet;
}

FailureSetPanel::Next FailureSetPanel::next() const
{
    const Findings& findings = m_investigation->findings();
    if (m_investigation->activity() == Activity::FindingCauses)
        return Next::Watch;
    if (!findings.identification)
        return Next::Find;
    return findings.identificationIsStale || m_asked ? Next::FindAgain : Next::See;
}

QString FailureSetPanel::reasonAgainst() const
{
    const Findings& findings = m_investigation->findings();
    if (!findings.evaluation)
        return tr("The model has not been evaluated yet.");
    if (findings.evaluation->failures.isEmpty())
        return tr("The model gets every test image right: there is no failure to explain.");
    if (!m_investigation->computingOffReason().isEmpty() && !findings.identification)
        return m_investigation->computingOffReason();
    if (m_asked)
        return {};
    const auto& failure = m_investigation->lastFailure();
    if (failure && failure->activity == Activity::ChoosingFailures)
        return QString::fromStdString(failure->error.text);
    if (!findings.split)
        return m_investigation->isBusy() ? QString() : tr("Choose the failures to explain.");
    if (findings.split->query.isEmpty() || findings.split->holdout.isEmpty())
        return tr("One failure cannot be divided: choose at least two, so that one can measure the repair.");
    return {};
}

QString FailureSetPanel::explanation() const
{
    const auto& split = m_investigation->findings().split;
    if (!split || split->query.isEmpty() || split->holdout.isEmpty())
        return {};
    const QLocale locale;
    const QString query = locale.toString(split->query.size());
    if (split->holdout.size() == 1)
        return tr("Causes are sought for %1 of them; the other one is kept back to measure whether the "
                  "repair "
                  "carries over.")
            .arg(query);
    return tr("Causes are sought for %1 of them; the other %2 are kept back to measure whether the repair "
              "carries over.")
        .arg(query, locale.toString(split->holdout.size()));
}

/// The investigation has answered, or is not going to.
void FailureSetPanel::settle()
{
    m_asked.reset();
    refresh();
}

void FailureSetPanel::refresh()
{
    refreshChoices();
    refreshDivision();
    refreshNext();
}

void FailureSetPanel::refreshChoices()
{
    const auto& evaluation = m_investigation->findings().evaluation;
    const qint64 all = evaluation ? evaluation->failures.size() : 0;
    const auto& rows = wanted().rows;
    const bool isSet = m_asked || m_investigation->findings().split;
    m_useAll->setText(withCount(tr("&All misclassified"), all));
    m_useAll->setEnabled(all > 0);
    m_useAll->setChecked(isSet && !rows);
    m_useCells->setText(withCount(tr("The chosen &cells"), m_cells.rows.size()));
    m_useCells->setEnabled(!m_cells.rows.isEmpty());
    m_useCells->setChecked(isSet && !m_cells.rows.isEmpty() && rows == m_cells.rows);
    m_useCells->setToolTip(m_cells.rows.isEmpty() ? tr("Choose cells, rows or columns of the matrix")
                                                  : leftOut(m_cells));
    m_useSelected->setText(withCount(tr("The &selected images"), m_selected.rows.size()));
    m_useSelected->setEnabled(!m_selected.rows.isEmpty());
    m_useSelected->setChecked(isSet && !m_selected.rows.isEmpty() && rows == m_selected.rows);
    m_useSelected->setToolTip(m_selected.rows.isEmpty() && m_selected.right == 0
                                  ? tr("Select failures in the grid")
                                  : leftOut(m_selected));
    m_useGroup->setEnabled(all > 0);
    m_useGroup->setChecked(isSet && rows && m_groups->isGroup(*rows));
}

void FailureSetPanel::refreshDivision()
{
    const Findings& findings = m_investigation->findings();
    const qint64 query = findings.split ? findings.split->query.size() : 0;
    const qint64 holdout = findings.split ? findings.split->holdout.size() : 0;
    m_division->setDivision(query, holdout);
    m_count->setText(tr("%Ln failure(s)", nullptr, static_cast<int>(query + holdout)));
    if (!m_name->hasFocus() || !m_name->isModified())
        m_name->setText(wanted().name);
    const QSignalBlocker quiet(m_share);
    m_share->setValue(static_cast<int>(std::lround(wanted().queryFraction * 100.0)));
    const bool hasFailures = findings.evaluation && !findings.evaluation->failures.isEmpty();
    for (QWidget* control : std::initializer_list<QWidget*>{m_name, m_nameLabel, m_share, m_shareLabel})
        control->setEnabled(hasFailures);
}

void FailureSetPanel::refreshNext()
{
    const QString reason = reasonAgainst();
    m_find->setEnabled(reason.isEmpty());
    const Next step = next();
    switch (step) {
    case Next::Find:
        m_find->setText(tr("&Find causes"));
        break;
    case Next::FindAgain:
        m_find->setText(tr("&Find causes again"));
        break;
    case Next::Watch:
        m_find->setText(tr("Show the search"));
        break;
    case Next::See:
        m_find->setText(tr("See the causes"));
        break;
    }
    const bool isStale = reason.isEmpty() && step == Next::FindAgain;
    QStringList words{reason.isEmpty() ? explanation() : reason};
    if (isStale)
        words << tr("The failures changed since the causes were found.");
    m_words->setText(words.join(QLatin1Char(' ')));
    const Accents& accents = accentsOf(palette());
    m_sign->setVisible(isStale || !reason.isEmpty());
    m_sign->setPixmap(iconPixmap(isStale ? Icon::Stale : Icon::Info, isStale ? accents.orange : accents.dim,
                                 signExtent, devicePixelRatioF()));
    m_find->setToolTip(reason);
}

void FailureSetPanel::recolour()
{
    const QPalette dimmed = dimmedText(palette());
    m_count->setPalette(dimmed);
    m_nameLabel->setPalette(dimmed);
    m_shareLabel->setPalette(dimmed);
}

void FailureSetPanel::paintEvent(QPaintEvent* event)
{
    QPainter painter(this);
    const Accents& accents = accentsOf(palette());
    painter.fillRect(event->rect(), accents.raised);
    painter.fillRect(QRect(0, 0, width(), 1), accents.line);
}

void FailureSetPanel::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_find) {
        recolour();
        refreshNext();
    }
}

} // namespace culprit::ui
