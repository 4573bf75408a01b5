// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/job_bar.h"

#include "widgets/icons.h"
#include "widgets/theme.h"

#include <QElapsedTimer>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>

namespace culprit::ui {

namespace {

constexpr int appearsAfter = 500;
constexpr int refreshEvery = 500;
constexpr int steps = 1000; // of the progress bar: totals may exceed an int

JobBar::Clock steadyClock()
{
    QElapsedTimer timer;
    timer.start();
    return [timer] { return static_cast<std::int64_t>(timer.elapsed()); };
}

/// A line of text that gives way to a narrow window: cut at its end, whole in the tool tip.
class CutLabel : public QLabel {
public:
    explicit CutLabel(QWidget* parent) : QLabel(parent)
    {
        setTextFormat(Qt::PlainText);
        setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setFont(font());
        painter.setPen(palette().color(foregroundRole()));
        painter.drawText(contentsRect(), Qt::AlignVCenter | Qt::AlignLeading,
                         fontMetrics().elidedText(text(), Qt::ElideRight, contentsRect().width()));
    }
};

} // namespace

JobBar::JobBar(QWidget* parent) : JobBar(steadyClock(), parent) {}

JobBar::JobBar(Clock clock, QWidget* parent)
    : QWidget(parent), m_clock(std::move(clock)), m_name(new CutLabel(this)), m_detail(new CutLabel(this)),
      m_progress(new QProgressBar(this)), m_cancel(new QPushButton(this))
{
    arrange();
    m_appear.setSingleShot(true);
    m_appear.setInterval(appearsAfter);
    m_tick.setInterval(refreshEvery);
    connect(&m_appear, &QTimer::timeout, this, [this] { setVisible(true); });
    connect(&m_tick, &QTimer::timeout, this, &JobBar::refresh);
    connect(m_cancel, &QPushButton::clicked, this, &JobBar::cancel);
    setVisible(false);
}

void JobBar::arrange()
{
    m_cancel->setObjectName(QStringLiteral("cancel"));
    m_cancel->setAutoDefault(false);
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(8);
    m_progress->setMinimumWidth(120);
    QFont font = m_name->font();
    font.setWeight(QFont::DemiBold);
    m_name->setFont(font);
    m_detail->setForegroundRole(QPalette::PlaceholderText);

    auto* column = new QVBoxLayout;
    column->setSpacing(spacing::tight);
    column->addWidget(m_name);
    column->addWidget(m_progress);
    column->addWidget(m_detail);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(spacing::wide, spacing::normal, spacing::wide, spacing::normal);
    row->setSpacing(spacing::wide);
    row->addLayout(column, 1);
    row->addWidget(m_cancel);
}

void JobBar::start(const QString& title)
{
    m_state = State::Running;
    m_title = title;
    m_phase.clear();
    m_device.clear();
    m_done = 0;
    m_total = 0;
    m_remaining.restart(m_clock());
    m_appear.start();
    m_tick.start();
    refresh();
}

void JobBar::report(const QString& phase, qint64 done, qint64 total, const QString& device)
{
    if (m_state == State::Idle)
        return;
    if (phase != m_phase || done < m_done)
        m_remaining.restart(m_clock());
    m_phase = phase;
    m_done = done;
    m_total = total;
    m_device = device;
    m_remaining.add(m_clock(), done);
    refresh();
}

void JobBar::finish()
{
    m_state = State::Idle;
    m_appear.stop();
    m_tick.stop();
    setVisible(false);
}

void JobBar::cancel()
{
    if (m_state != State::Running)
        return;
    m_state = State::Cancelling;
    refresh();
    Q_EMIT cancelRequested();
}

QString JobBar::amount() const
{
    const QLocale locale;
    if (m_total > 0)
        return tr("%1 of %2").arg(locale.toString(m_done), locale.toString(m_total));
    return m_done > 0 ? locale.toString(m_done) : QString();
}

QString JobBar::detail() const
{
    if (m_state != State::Running)
        return {};
    QStringList parts{amount()};
    if (const auto rate = m_remaining.rate())
        parts << tr("%1 a second").arg(QLocale().toString(*rate, 'f', *rate < 10.0 ? 1 : 0));
    const auto left = m_total > 0 ? m_remaining.secondsLeft(m_clock(), m_total) : std::nullopt;
    if (left)
        parts << remainingText(*left);
    parts << m_device;
    parts.removeAll(QString());
    return parts.join(QStringLiteral(" · "));
}

void JobBar::refresh()
{
    const bool cancelling = m_state == State::Cancelling;
    const QString doing = m_phase.isEmpty() ? m_title : tr("%1: %2").arg(m_title, m_phase);
    m_name->setText(cancelling ? tr("%1: cancelling…").arg(m_title) : doing);
    m_name->setToolTip(m_name->text());
    m_detail->setText(detail());
    m_detail->setToolTip(m_detail->text());
    m_cancel->setText(cancelling ? tr("Cancelling…") : tr("Cancel"));
    m_cancel->setEnabled(m_state == State::Running);
    m_cancel->setIcon(icon(Icon::Cancel, palette()));
    const bool known = m_total > 0 && !cancelling;
    m_progress->setRange(0, known ? steps : 0);
    if (known)
        m_progress->setValue(
            static_cast<int>(static_cast<double>(m_done) / static_cast<double>(m_total) * steps));
    m_progress->setAccessibleName(m_name->text());
    m_progress->setAccessibleDescription(m_detail->text());
}

} // namespace culprit::ui
