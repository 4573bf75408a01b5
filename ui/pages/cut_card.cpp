// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/cut_card.h"

#include "models/figures_model.h"
#include "widgets/texts.h"
#include "widgets/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>
#include <limits>

namespace culprit::ui {
namespace {

constexpr QLatin1String calibratedRule("calibrated");
constexpr QLatin1String paperRule("paper");

} // namespace

CutCard::CutCard(QWidget* parent)
    : QWidget(parent), m_count(wrappingLabel(this, QStringLiteral("causes.count"))),
      m_precision(wrappingLabel(this, QStringLiteral("causes.precision"))),
      m_rule(wrappingLabel(this, QStringLiteral("causes.rule"))), m_first(new QLabel(tr("The &first"), this)),
      m_number(new QSpinBox(this)),
      m_calibrated(ruleButton(
          calibratedRule, tr("C&alibrated"),
          tr("All images that are at least twice as likely culprits as not. Their mean likelihood is "
             "the estimated precision."))),
      m_paper(
          ruleButton(paperRule, tr("&Paper's rule"),
                     tr("All images that become less likely when the model learns your failures, wherever "
                        "they are in the ranking. Usually many more."))),
      m_repair(new QPushButton(tr("&Repair the model"), this))
{
    m_count->setFont(titleFont(font(), 1.45));
    m_number->setObjectName(QStringLiteral("causes.number"));
    m_number->setAccessibleName(tr("Number of culprits"));
    m_number->setKeyboardTracking(false);
    m_number->setGroupSeparatorShown(true);
    m_number->setToolTip(tr("Takes so many images from the top of the ranking."));
    m_first->setBuddy(m_number);
    m_repair->setObjectName(QStringLiteral("causes.repair"));
    m_repair->setDefault(true);
    m_repair->setToolTip(tr("Lets the model forget the culprits and measures what that changes."));
    arrange();
    dimTexts();
    connect(m_number, &QSpinBox::valueChanged, this, [this](int number) { Q_EMIT countChosen(number); });
    connect(m_repair, &QPushButton::clicked, this, &CutCard::repairWanted);
}

QPushButton* CutCard::ruleButton(const QString& rule, const QString& text, const QString& explanation)
{
    auto* button = new QPushButton(text, this);
    button->setObjectName(QStringLiteral("causes.") + rule);
    button->setCheckable(true);
    button->setAutoDefault(false);
    button->setToolTip(explanation);
    // It shows the rule in force, which changes when the rule has been applied and not by the click.
    connect(button, &QPushButton::clicked, this, [this, button, rule] {
        button->setChecked(!button->isChecked());
        Q_EMIT ruleChosen(rule);
    });
    return button;
}

void CutCard::arrange()
{
    auto* number = new QHBoxLayout;
    number->setSpacing(spacing::normal);
    number->addWidget(m_first);
    number->addWidget(m_number, 1);
    auto* rules = new QHBoxLayout;
    rules->setSpacing(spacing::tight);
    rules->addWidget(m_calibrated, 1);
    rules->addWidget(m_paper, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::tight);
    column->addWidget(m_count);
    column->addWidget(m_precision);
    column->addWidget(m_rule);
    column->addStretch(1);
    column->addLayout(number);
    column->addLayout(rules);
    column->addSpacing(spacing::tight);
    column->addWidget(m_repair);
}

void CutCard::showCut(const CutReply& cut, qint64 images)
{
    {
        const QSignalBlocker quiet(m_number);
        m_number->setRange(0, static_cast<int>(std::min<qint64>(images, std::numeric_limits<int>::max())));
    }
    showCount(cut.count, cut.estimatedPrecision);
    showRule(cut.name);
}

void CutCard::preview(qint64 count, const std::optional<double>& precision)
{
    showCount(count, precision);
    showRule({});
}

void CutCard::showCount(qint64 count, const std::optional<double>& precision)
{
    const QSignalBlocker quiet(m_number);
    m_number->setValue(static_cast<int>(count));
    m_count->setText(tr("%Ln culprit(s)", nullptr, static_cast<int>(count)));
    if (precision)
        m_precision->setText(tr("estimated precision %1").arg(Figure::percent(*precision).text));
    else if (count == 0)
        m_precision->setText(tr("nothing is taken"));
    else
        m_precision->setText(tr("no estimate of the precision"));
    m_precision->setToolTip(
        precision ? tr("About %1 of the %Ln image(s) should turn out to be real culprits: the mean of their "
                       "likelihoods, estimated without knowing which labels are wrong.",
                       nullptr, static_cast<int>(count))
                        .arg(Figure::percent(*precision).text)
                  : tr("Only the recommended method estimates how many of the images are real culprits."));
}

void CutCard::showRule(const QString& rule)
{
    m_calibrated->setChecked(rule == calibratedRule);
    m_paper->setChecked(rule == paperRule);
    if (rule == calibratedRule)
        m_rule->setText(tr("Twice as likely culprits as not"));
    else if (rule == paperRule)
        m_rule->setText(tr("By the paper's rule"));
    else
        m_rule->setText(tr("Chosen by hand"));
}

void CutCard::setRepairEnabled(bool enabled)
{
    m_repair->setEnabled(enabled);
}

void CutCard::dimTexts()
{
    m_rule->setPalette(dimmedText(palette()));
}

void CutCard::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        dimTexts();
}

} // namespace culprit::ui
