// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/project_bar.h"

#include "widgets/icons.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QStackedWidget>
#include <cmath>

namespace culprit::ui {

namespace {

constexpr int iconExtent = 16;
constexpr int countPause = 200; ///< Milliseconds without a decision before readers are compared.
constexpr int longestName = 100;

QLabel* plainLabel(const char* name)
{
    auto* label = new QLabel;
    label->setObjectName(QString::fromLatin1(name));
    label->setTextFormat(Qt::PlainText);
    return label;
}

} // namespace

QString agreementInWords(const QString& first, const QString& second, const review::Agreement& agreement)
{
    if (agreement.images == 0)
        return ProjectBar::tr("No image has been decided by both %1 and %2").arg(first, second);
    const QLocale locale;
    const QString images = ProjectBar::tr("%1 and %2 agree on %3 of %4 images")
                               .arg(first, second, locale.toString(qlonglong{agreement.agreed}),
                                    locale.toString(qlonglong{agreement.images}));
    if (std::isnan(agreement.kappa))
        return images;
    return ProjectBar::tr("%1, κ %2").arg(images, locale.toString(agreement.kappa, 'f', 2));
}

ProjectBar::ProjectBar(ProjectBinding* binding, Review* review, QWidget* parent)
    : QFrame(parent), m_binding(binding), m_review(review), m_icon(new QLabel),
      m_name(plainLabel("project.name")), m_saving(plainLabel("project.saving")), m_who(new QStackedWidget),
      m_agreement(plainLabel("project.agreement")), m_blind(new QCheckBox(tr("&Blind")))
{
    setObjectName("project");
    setAutoFillBackground(true);
    m_blind->setObjectName("project.blind");
    m_blind->setToolTip(tr("What the model says and the scores stay hidden until you have decided about an "
                           "image, so that they cannot lead you"));
    m_agreement->setToolTip(
        tr("κ is Cohen's kappa: agreement beyond what chance would give. 1 is complete, 0 is "
           "chance."));
    m_who->addWidget(makeQuestion());
    m_who->addWidget(makeReader());
    m_who->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_agreement->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(spacing::wide, spacing::tight, spacing::wide, spacing::tight);
    row->setSpacing(spacing::wide);
    row->addWidget(m_icon);
    row->addWidget(m_name);
    row->addWidget(m_saving);
    row->addWidget(m_agreement, 1);
    row->addWidget(m_who);
    row->addWidget(m_blind);
    m_countSoon.setSingleShot(true);
    m_countSoon.setInterval(countPause);
    connect(&m_countSoon, &QTimer::timeout, this, &ProjectBar::refreshAgreement);
    connect(m_blind, &QCheckBox::toggled, m_binding, &ProjectBinding::setBlind);
    connect(m_binding, &ProjectBinding::opened, this, &ProjectBar::refresh);
    connect(m_binding, &ProjectBinding::closed, this, &ProjectBar::refresh);
    connect(m_binding, &ProjectBinding::readerChanged, this, &ProjectBar::refresh);
    connect(m_binding, &ProjectBinding::readOnlyChanged, this, &ProjectBar::refresh);
    connect(m_binding, &ProjectBinding::savingChanged, this, &ProjectBar::refreshSaving);
    connect(m_review, &Review::savingChanged, this, &ProjectBar::refreshSaving);
    connect(m_review, &Review::reviewerChanged, this, &ProjectBar::refreshReaders);
    connect(m_review, &Review::decided, &m_countSoon, qOverload<>(&QTimer::start));
    refresh();
}

QWidget* ProjectBar::makeQuestion()
{
    auto* page = new QWidget;
    m_question = plainLabel("project.question");
    m_reviewer = new QLineEdit;
    m_reviewer->setObjectName("project.reviewer");
    m_reviewer->setMaxLength(longestName);
    m_question->setBuddy(m_reviewer);
    m_confirm = new QPushButton(tr("That is &me"));
    m_confirm->setObjectName("project.confirm");
    connect(m_confirm, &QPushButton::clicked, this, &ProjectBar::confirm);
    connect(m_reviewer, &QLineEdit::returnPressed, this, &ProjectBar::confirm);
    connect(m_reviewer, &QLineEdit::textChanged, this,
            [this](const QString& name) { m_confirm->setEnabled(!name.trimmed().isEmpty()); });
    auto* row = new QHBoxLayout(page);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing::normal);
    row->addStretch(1);
    row->addWidget(m_question);
    row->addWidget(m_reviewer);
    row->addWidget(m_confirm);
    return page;
}

QWidget* ProjectBar::makeReader()
{
    auto* page = new QWidget;
    m_reader = new QComboBox;
    m_reader->setObjectName("project.reader");
    m_reader->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    auto* label = new QLabel(tr("Deciding &as"));
    label->setBuddy(m_reader);
    connect(m_reader, &QComboBox::activated, this, &ProjectBar::choose);
    auto* row = new QHBoxLayout(page);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing::normal);
    row->addStretch(1);
    row->addWidget(label);
    row->addWidget(m_reader);
    return page;
}

void ProjectBar::setNamesHidden(bool hidden)
{
    m_hidesNames = hidden;
    refresh();
}

void ProjectBar::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refreshSaving();
}

void ProjectBar::refresh()
{
    setVisible(m_binding->isOpen());
    if (!m_binding->isOpen())
        return;
    m_name->setText(m_hidesNames ? tr("Project") : QFileInfo(m_binding->path()).fileName());
    m_name->setToolTip(m_hidesNames ? QString() : m_binding->path().toHtmlEscaped());
    const bool canWrite = m_binding->readOnlyReason().isEmpty();
    {
        const QSignalBlocker blocker(m_blind);
        m_blind->setChecked(m_binding->isBlind());
    }
    m_blind->setEnabled(canWrite);
    m_who->setVisible(canWrite || !m_binding->reviewer().isEmpty());
    if (m_binding->reviewer().isEmpty())
        ask(m_review->reviewer());
    else
        m_who->setCurrentIndex(1);
    refreshReaders();
    refreshSaving();
}

void ProjectBar::refreshSaving()
{
    if (!m_binding->isOpen())
        return;
    const bool canWrite = m_binding->readOnlyReason().isEmpty();
    const bool isSaving = m_binding->isSaving() || m_review->saving() == Saving::Saving;
    const Accents& accents = accentsOf(palette());
    m_saving->setText(!canWrite ? tr("for reading only") : isSaving ? tr("saving…") : tr("all saved"));
    m_saving->setToolTip(m_hidesNames ? QString() : m_binding->readOnlyReason().toHtmlEscaped());
    QPalette dim = palette();
    dim.setColor(QPalette::WindowText, canWrite ? accents.dim : accents.orange);
    m_saving->setPalette(dim);
    const Icon kind = !canWrite ? Icon::Lock : isSaving ? Icon::Save : Icon::Done;
    m_icon->setPixmap(
        iconPixmap(kind, canWrite ? accents.blue : accents.orange, iconExtent, devicePixelRatioF()));
}

void ProjectBar::refreshReaders()
{
    const QString first = m_binding->reviewer();
    QStringList names{first};
    for (const std::string& name : m_review->journal().reviewers())
        names << QString::fromStdString(name);
    names << m_review->reviewer();
    names.removeDuplicates();
    m_reader->clear();
    for (const QString& name : names)
        m_reader->addItem(name == first ? tr("%1, whose decisions count").arg(name)
                                        : tr("%1, second reader").arg(name),
                          name);
    m_reader->addItem(tr("Another reader…"));
    m_reader->setCurrentIndex(static_cast<int>(names.indexOf(m_review->reviewer())));
    refreshAgreement();
}

/// The one whose decisions are compared with those of the project's reviewer.
QString ProjectBar::otherReader() const
{
    if (m_review->reviewer() != m_binding->reviewer())
        return m_review->reviewer();
    for (const std::string& name : m_review->journal().reviewers())
        if (QString::fromStdString(name) != m_binding->reviewer())
            return QString::fromStdString(name);
    return {};
}

void ProjectBar::refreshAgreement()
{
    const QString first = m_binding->reviewer();
    const QString second = otherReader();
    if (first.isEmpty() || second.isEmpty())
        return m_agreement->clear();
    const review::Journal& journal = m_review->journal();
    m_agreement->setText(agreementInWords(
        first, second,
        review::agreementOf(journal.reading(first.toStdString()), journal.reading(second.toStdString()))));
}

void ProjectBar::ask(const QString& proposal)
{
    const bool isFirst = m_binding->reviewer().isEmpty();
    m_question->setText(isFirst ? tr("Who reviews in this project?") : tr("Who reads as well?"));
    m_reviewer->setText(proposal);
    m_who->setCurrentIndex(0);
}

void ProjectBar::choose(int index)
{
    const QString name = m_reader->itemData(index).toString();
    if (!name.isEmpty())
        return m_review->setReviewer(name);
    ask({});
    m_reviewer->setFocus();
}

void ProjectBar::confirm()
{
    const QString name = m_reviewer->text().trimmed();
    if (name.isEmpty())
        return;
    if (m_binding->reviewer().isEmpty())
        m_binding->setReviewer(name);
    else
        m_review->setReviewer(name);
    m_who->setCurrentIndex(1);
    refreshReaders();
}

} // namespace culprit::ui
