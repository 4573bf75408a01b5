// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/start_page.h"

#include "widgets/action_card.h"
#include "widgets/texts.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>

namespace culprit::ui {

namespace {

constexpr int pictureExtent = 72;
constexpr int columnWidth = 760;
constexpr int warningExtent = 16;

/// Names above, folder below; when at the right, and under it what is gone.
class RecentDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override
    {
        return {200, 2 * option.fontMetrics.height() + 2 * spacing::normal + spacing::tight};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        paintGround(*painter, option);
        const QRect inner =
            option.rect.adjusted(spacing::wide, spacing::normal, -spacing::wide, -spacing::normal);
        const int right = paintWhen(*painter, option, inner, index);
        QRect words = inner.adjusted(0, 0, -right - spacing::section, 0);
        words = QStyle::visualRect(option.direction, inner, words);
        paintNames(*painter, option, words, index);
        painter->restore();
    }

private:
    static void paintGround(QPainter& painter, const QStyleOptionViewItem& option)
    {
        const Accents& accents = accentsOf(option.palette);
        const QRectF place = QRectF(option.rect).adjusted(1.5, 1.5, -1.5, -1.5);
        if (option.state.testFlag(QStyle::State_MouseOver)) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(accents.raised);
            painter.drawRoundedRect(place, 6.0, 6.0);
        }
        if (option.state.testFlag(QStyle::State_HasFocus)) {
            painter.setPen(QPen(accents.blue, 2.0));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(place, 6.0, 6.0);
        }
    }

    static int paintWhen(QPainter& painter, const QStyleOptionViewItem& option, const QRect& inner,
                         const QModelIndex& index)
    {
        const Accents& accents = accentsOf(option.palette);
        const QString when = index.data(RecentFiles::WhenRole).toString();
        const QString missing = index.data(RecentFiles::MissingRole).toString();
        const int icon = missing.isEmpty() ? 0 : warningExtent + spacing::tight;
        const int width = std::max(option.fontMetrics.horizontalAdvance(when),
                                   option.fontMetrics.horizontalAdvance(missing) + icon);
        const QRect place =
            QStyle::visualRect(option.direction, inner, inner.adjusted(inner.width() - width, 0, 0, 0));
        painter.setPen(accents.dim);
        painter.drawText(place, Qt::AlignTop | Qt::AlignTrailing, when);
        if (!missing.isEmpty()) {
            painter.setPen(accents.orange);
            painter.drawText(place, Qt::AlignBottom | Qt::AlignTrailing, missing);
            const int words = option.fontMetrics.horizontalAdvance(missing);
            const int x = option.direction == Qt::RightToLeft ? place.left() + words + spacing::tight
                                                              : place.right() + 1 - words - icon;
            const int y = place.bottom() + 1 - option.fontMetrics.height() / 2 - warningExtent / 2;
            painter.drawPixmap(x, y,
                               iconPixmap(Icon::Warning, accents.orange, warningExtent,
                                          painter.device()->devicePixelRatioF()));
        }
        return width;
    }

    static void paintNames(QPainter& painter, const QStyleOptionViewItem& option, const QRect& words,
                           const QModelIndex& index)
    {
        QFont bold = option.font;
        bold.setWeight(QFont::DemiBold);
        painter.setFont(bold);
        painter.setPen(option.palette.color(QPalette::Text));
        painter.drawText(
            words, Qt::AlignTop | Qt::AlignLeading,
            QFontMetrics(bold).elidedText(index.data().toString(), Qt::ElideMiddle, words.width()));
        painter.setFont(option.font);
        painter.setPen(accentsOf(option.palette).dim);
        painter.drawText(words, Qt::AlignBottom | Qt::AlignLeading,
                         option.fontMetrics.elidedText(index.data(RecentFiles::FolderRole).toString(),
                                                       Qt::ElideMiddle, words.width()));
    }
};

} // namespace

StartPage::StartPage(RecentFiles* recent, QWidget* parent)
    : QWidget(parent), m_recent(recent), m_picture(new QLabel(this)), m_sentence(new QLabel(this)),
      m_demo(new ActionCard(Icon::Demo, tr("Try the &demo"),
                            tr("Digits with planted mistakes, drawn and learned on this computer. Works "
                               "offline and takes under a minute."),
                            this)),
      m_open(
          new ActionCard(Icon::Open, tr("&Open model and data"),
                         tr("A TorchScript model and the images it learned from and failed on. Or drop both "
                            "on this window."),
                         this)),
      m_recentTitle(new QLabel(tr("Opened lately"), this)), m_list(new QListView(this))
{
    buildList();
    auto* column = new QVBoxLayout;
    column->setSpacing(spacing::section);
    column->addLayout(buildHead());
    column->addLayout(buildCards());
    column->addSpacing(spacing::normal);
    auto* recentColumn = new QVBoxLayout;
    recentColumn->setSpacing(spacing::tight);
    recentColumn->addWidget(m_recentTitle);
    recentColumn->addWidget(m_list, 100);
    column->addLayout(recentColumn, 100);

    auto* middle = new QWidget(this);
    middle->setLayout(column);
    column->setContentsMargins(0, 0, 0, 0);
    middle->setMaximumWidth(columnWidth);
    auto* row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(middle, 1000);
    row->addStretch(1);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(spacing::page, spacing::page, spacing::page, spacing::page);
    outer->addStretch(2);
    outer->addLayout(row);
    outer->addStretch(3);

    for (ActionCard* card : {m_demo, m_open})
        connect(card, &ActionCard::clicked, this,
                card == m_demo ? &StartPage::demoRequested : &StartPage::openRequested);
    connect(m_recent, &QAbstractItemModel::modelReset, this, &StartPage::followList);
    connect(m_recent, &QAbstractItemModel::rowsRemoved, this, &StartPage::followList);
    setFocusProxy(m_demo);
    followList();
    recolour();
}

QLayout* StartPage::buildHead()
{
    auto* name = new QLabel(QStringLiteral("Culprit"), this);
    name->setFont(titleFont(name->font(), 2.2));
    m_sentence->setText(
        tr("Finds the training images behind a classifier’s failures, and repairs the model."));
    m_sentence->setWordWrap(true);
    QFont lead = m_sentence->font();
    lead.setPointSizeF(lead.pointSizeF() * 1.15);
    m_sentence->setFont(lead);
    m_picture->setFixedSize(pictureExtent, pictureExtent);

    auto* words = new QVBoxLayout;
    words->setSpacing(spacing::tight);
    words->addStretch(1);
    words->addWidget(name);
    words->addWidget(m_sentence);
    words->addStretch(1);
    auto* row = new QHBoxLayout;
    row->setSpacing(spacing::section);
    row->addWidget(m_picture, 0, Qt::AlignVCenter);
    row->addLayout(words, 1);
    return row;
}

QLayout* StartPage::buildCards()
{
    m_demo->setObjectName(QStringLiteral("start.demo"));
    m_demo->setPrimary(true);
    m_open->setObjectName(QStringLiteral("start.open"));
    auto* row = new QHBoxLayout;
    row->setSpacing(spacing::wide);
    row->addWidget(m_demo, 1);
    row->addWidget(m_open, 1);
    return row;
}

void StartPage::buildList()
{
    QFont bold = m_recentTitle->font();
    bold.setWeight(QFont::DemiBold);
    m_recentTitle->setFont(bold);
    m_recentTitle->setBuddy(m_list);
    m_recentTitle->setIndent(spacing::wide);
    m_list->setObjectName(QStringLiteral("start.recent"));
    m_list->setAccessibleName(tr("Opened lately"));
    m_list->setAccessibleDescription(tr("Enter opens, Delete forgets"));
    m_list->setModel(m_recent);
    m_list->setItemDelegate(new RecentDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setUniformItemSizes(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setMouseTracking(true);
    m_list->viewport()->setAutoFillBackground(false);
    m_list->viewport()->setCursor(Qt::PointingHandCursor);
    m_list->installEventFilter(this);
    connect(m_list, &QListView::clicked, this, &StartPage::choose);
}

void StartPage::choose(const QModelIndex& index)
{
    if (index.isValid())
        Q_EMIT recentChosen(m_recent->entries().at(index.row()));
}

void StartPage::removeCurrent()
{
    const int row = m_list->currentIndex().row();
    m_recent->removeAt(row);
    const int next = std::min(row, m_recent->rowCount() - 1);
    if (next >= 0)
        m_list->setCurrentIndex(m_recent->index(next));
}

void StartPage::followList()
{
    const bool any = m_recent->rowCount() > 0;
    m_recentTitle->setVisible(any);
    m_list->setVisible(any);
    fitList();
}

/// As high as its rows, so that everything stands in the middle; it scrolls only where the page is too low.
void StartPage::fitList()
{
    const int row = std::max(1, m_list->sizeHintForRow(0));
    const int rows = m_recent->rowCount();
    m_list->setMaximumHeight(rows * row);
    m_list->setMinimumHeight(std::min(rows, 2) * row);
}

void StartPage::recolour()
{
    m_picture->setPixmap(applicationIcon().pixmap(QSize(pictureExtent, pictureExtent), devicePixelRatioF()));
    const QPalette dimmed = dimmedText(palette());
    m_sentence->setPalette(dimmed);
    m_recentTitle->setPalette(dimmed);
}

void StartPage::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        recolour();
    if (event->type() == QEvent::FontChange)
        fitList();
}

void StartPage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitList();
}

void StartPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_recent->refresh();
    recolour();
}

bool StartPage::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_list || event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    switch (static_cast<QKeyEvent*>(event)->key()) {
    case Qt::Key_Delete:
        removeCurrent();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        choose(m_list->currentIndex());
        return true;
    default:
        return false;
    }
}

} // namespace culprit::ui
