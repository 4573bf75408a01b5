// SPDX-License-Identifier: GPL-3.0-or-later
// The bar at the bottom that shows the running job: what it does, how far it is, its pace, the time left, and
// Cancel. It appears when a job takes longer than half a second.
#pragma once

#include "widgets/remaining_time.h"

#include <QTimer>
#include <QWidget>

#include <functional>

class QLabel;
class QProgressBar;
class QPushButton;

namespace culprit::ui {

class JobBar : public QWidget {
    Q_OBJECT

public:
    enum class State { Idle, Running, Cancelling };

    /// Milliseconds on a clock that only goes forward.
    using Clock = std::function<std::int64_t()>;

    explicit JobBar(QWidget* parent = nullptr);
    JobBar(Clock clock, QWidget* parent);

    State state() const { return m_state; }

    /// `title`: "Finding causes".
    void start(const QString& title);

    /// `total` 0 where it is not known. `device` may be empty.
    void report(const QString& phase, qint64 done, qint64 total, const QString& device);

    /// Done, failed or cancelled: the bar goes away.
    void finish();

    /// "812 a second · about 2 min left · cuda:0"
    QString detail() const;

public Q_SLOTS:
    /// What the button does: answers at once, whatever the engine does.
    void cancel();

Q_SIGNALS:
    void cancelRequested();

private:
    void arrange();
    void refresh();
    QString amount() const;

    Clock m_clock;
    State m_state = State::Idle;
    QString m_title;
    QString m_phase;
    QString m_device;
    qint64 m_done = 0;
    qint64 m_total = 0;
    RemainingTime m_remaining;
    QTimer m_appear;
    QTimer m_tick;
    QLabel* m_name;
    QLabel* m_detail;
    QProgressBar* m_progress;
    QPushButton* m_cancel;
};

} // namespace culprit::ui
