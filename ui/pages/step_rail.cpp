// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/step_rail.h"

#include "widgets/theme.h"

#include <QApplication>
#include <QCoreApplication>
#include <QEvent>
#include <QPainter>
#include <QStyledItemDelegate>

namespace culprit::ui {

namespace {

constexpr int iconExtent = 24;
constexpr int badgeExtent = 18;
constexpr int edgeWidth = 3;

Icon badgeOf(StepState state)
{
    switch (state) {
    case StepState::Todo:
        return Icon::Todo;
    case StepState::Ready:
        return Icon::Ready;
    case StepState::Running:
        return Icon::Running;
    case StepState::Done:
        return Icon::Done;
    case StepState::Stale:
        return Icon::Stale;
    case StepState::Error:
        break;
    }
    return Icon::Error;
}

QColor badgeColor(StepState state, const QPalette& palette)
{
    const Accents& accents = accentsOf(palette);
    switch (state) {
    case StepState::Todo:
        return accents.dim;
    case StepState::Stale:
    case StepState::Error:
        return accents.orange;
    default:
        return accents.blue;
    }
}

class StepDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override
    {
        const int words = QFontMetrics(titleFont(option.font)).height() + 2 * option.fontMetrics.height();
        return {180, words + 2 * spacing::wide};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        drawGround(*painter, option);
        drawIcons(*painter, option, index);
        drawWords(*painter, option, index);
        painter->restore();
    }

private:
    static QFont titleFont(QFont font)
    {
        font.setWeight(QFont::DemiBold);
        font.setPointSizeF(font.pointSizeF() * 1.08);
        return font;
    }

    static QRect inner(const QRect& rect) { return rect.adjusted(spacing::normal, 2, -spacing::normal, -2); }

    static void drawGround(QPainter& painter, const QStyleOptionViewItem& option)
    {
        const Accents& accents = accentsOf(option.palette);
        const QRectF ground(inner(option.rect));
        painter.setPen(Qt::NoPen);
        if (option.state.testFlag(QStyle::State_Selected)) {
            painter.setBrush(option.palette.color(QPalette::Base));
            painter.drawRoundedRect(ground, 6.0, 6.0);
            painter.setBrush(accents.blueFill);
            painter.drawRoundedRect(QRectF(ground.left(), ground.top() + 8, edgeWidth, ground.height() - 16),
                                    1.5, 1.5);
        } else if (option.state.testFlag(QStyle::State_MouseOver)) {
            painter.setBrush(mixed(accents.raised, option.palette.color(QPalette::Base), 0.4));
            painter.drawRoundedRect(ground, 6.0, 6.0);
        }
        if (option.state.testFlag(QStyle::State_HasFocus)) {
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(accents.blue, 2.0));
            painter.drawRoundedRect(ground.adjusted(1, 1, -1, -1), 6.0, 6.0);
        }
    }

    static void drawIcons(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index)
    {
        const QRect place = inner(option.rect);
        const bool right = option.direction == Qt::RightToLeft;
        const double ratio = painter.device()->devicePixelRatioF();
        const auto state = index.data(StepModel::StateRole).value<StepState>();
        const auto kind = static_cast<Icon>(index.data(StepModel::IconRole).toInt());
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        const QColor ink =
            selected ? accentsOf(option.palette).blue : option.palette.color(QPalette::WindowText);
        QRect iconPlace(place.left() + spacing::wide, place.top() + spacing::wide, iconExtent, iconExtent);
        QRect badgePlace(place.right() - spacing::normal - badgeExtent, place.top() + spacing::wide + 2,
                         badgeExtent, badgeExtent);
        if (right) {
            iconPlace = QStyle::visualRect(option.direction, place, iconPlace);
            badgePlace = QStyle::visualRect(option.direction, place, badgePlace);
        }
        painter.drawPixmap(iconPlace.topLeft(), iconPixmap(kind, ink, iconExtent, ratio));
        painter.drawPixmap(badgePlace.topLeft(),
                           iconPixmap(badgeOf(state), badgeColor(state, option.palette), badgeExtent, ratio));
    }

    static void drawWords(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index)
    {
        const QRect place = inner(option.rect);
        const QRect logical = place.adjusted(spacing::wide + iconExtent + spacing::wide, spacing::wide - 2,
                                             -(badgeExtent + 2 * spacing::normal), -spacing::tight);
        QRect words = QStyle::visualRect(option.direction, place, logical);
        const QFont bold = titleFont(option.font);
        const QFontMetrics boldMetrics(bold);
        painter.setFont(bold);
        painter.setPen(option.palette.color(QPalette::WindowText));
        painter.drawText(words, Qt::AlignTop | Qt::AlignLeading,
                         boldMetrics.elidedText(index.data().toString(), Qt::ElideRight, words.width()));
        words.adjust(0, boldMetrics.height(), 0, 0);
        painter.setFont(option.font);
        painter.setPen(accentsOf(option.palette).dim);
        painter.drawText(words, Qt::AlignTop | Qt::AlignLeading | Qt::TextWordWrap,
                         index.data(StepModel::SubtitleRole).toString());
    }
};

} // namespace

QString stateInWords(StepState state)
{
    switch (state) {
    case StepState::Todo:
        return StepModel::tr("to do");
    case StepState::Ready:
        return StepModel::tr("ready");
    case StepState::Running:
        return StepModel::tr("running");
    case StepState::Done:
        return StepModel::tr("done");
    case StepState::Stale:
        return StepModel::tr("out of date");
    case StepState::Error:
        break;
    }
    return StepModel::tr("failed");
}

StepModel::StepModel(QObject* parent)
    : QAbstractListModel(parent), m_steps{{{tr("Model & data"), Icon::StepData},
                                           {tr("Failures"), Icon::StepFailures},
                                           {tr("Causes"), Icon::StepCauses},
                                           {tr("Treatment"), Icon::StepTreatment},
                                           {tr("Report"), Icon::StepReport}}}
{
}

void StepModel::setStep(Step step, StepState state, const QString& subtitle)
{
    Entry& entry = m_steps[static_cast<std::size_t>(step)];
    if (entry.state == state && entry.subtitle == subtitle)
        return;
    entry.state = state;
    entry.subtitle = subtitle;
    const QModelIndex changed = index(static_cast<int>(step));
    Q_EMIT dataChanged(changed, changed);
}

int StepModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : stepCount;
}

QVariant StepModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Entry& entry = m_steps[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return tr("%1  %2").arg(index.row() + 1).arg(entry.title);
    case SubtitleRole:
        return entry.subtitle;
    case StateRole:
        return QVariant::fromValue(entry.state);
    case IconRole:
        return static_cast<int>(entry.icon);
    case Qt::ToolTipRole:
        return tr("%1: %2").arg(entry.title, stateInWords(entry.state));
    case Qt::AccessibleTextRole:
        return tr("Step %1 of %2, %3, %4")
            .arg(index.row() + 1)
            .arg(stepCount)
            .arg(entry.title, stateInWords(entry.state));
    case Qt::AccessibleDescriptionRole:
        return entry.subtitle;
    default:
        return {};
    }
}

StepRail::StepRail(QWidget* parent) : QListView(parent)
{
    setModel(&m_model);
    setItemDelegate(new StepDelegate(this));
    setAccessibleName(tr("Steps"));
    setFrameShape(QFrame::NoFrame);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setTabKeyNavigation(false);
    viewport()->setAttribute(Qt::WA_Hover);
    viewport()->setBackgroundRole(QPalette::Window);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    setCurrentStep(Step::Data);
}

void StepRail::setStep(Step step, StepState state, const QString& subtitle)
{
    m_model.setStep(step, state, subtitle);
}

Step StepRail::currentStep() const
{
    return static_cast<Step>(std::max(0, currentIndex().row()));
}

void StepRail::setCurrentStep(Step step)
{
    setCurrentIndex(m_model.index(static_cast<int>(step)));
}

QSize StepRail::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 30 + 80, 5 * sizeHintForRow(0)};
}

void StepRail::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QListView::currentChanged(current, previous);
    if (current.isValid() && previous.isValid())
        Q_EMIT stepChosen(static_cast<Step>(current.row()));
}

void StepRail::changeEvent(QEvent* event)
{
    QListView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        scheduleDelayedItemsLayout();
}

} // namespace culprit::ui
