// SPDX-License-Identifier: GPL-3.0-or-later
// An application that watches its own event loop: how long each event kept the GUI thread, by the clock on
// the wall and by the processor's, and what the longest one was.
#pragma once

#include <QApplication>
#include <QElapsedTimer>
#include <QEvent>
#include <QMetaEnum>
#include <ctime>
#include <vector>

class TimedApplication : public QApplication {
public:
    struct LongEvent {
        double wall = 0.0; ///< Milliseconds, as the next one.
        double processor = 0.0;
        QString what;
    };

    using QApplication::QApplication;

    static TimedApplication& self() { return *static_cast<TimedApplication*>(qApp); }

    void forget()
    {
        m_long.clear();
        m_events = 0;
    }
    qint64 events() const { return m_events; }

    /// Those that took more than `milliseconds` on the wall, the longest first.
    std::vector<LongEvent> longerThan(double milliseconds) const
    {
        std::vector<LongEvent> found;
        for (const LongEvent& event : m_long)
            if (event.wall > milliseconds)
                found.push_back(event);
        std::sort(found.begin(), found.end(),
                  [](const LongEvent& a, const LongEvent& b) { return a.wall > b.wall; });
        return found;
    }

    /// Only the outermost of nested events is timed: it contains the others.
    bool notify(QObject* receiver, QEvent* event) override
    {
        if (m_depth > 0)
            return QApplication::notify(receiver, event);
        const QString what = name(*receiver, *event);
        QElapsedTimer wall;
        wall.start();
        const double processor = processorTime();
        ++m_depth;
        const bool done = QApplication::notify(receiver, event);
        --m_depth;
        ++m_events;
        const double taken = static_cast<double>(wall.nsecsElapsed()) / 1e6;
        if (taken > shortest)
            m_long.push_back({taken, processorTime() - processor, what});
        return done;
    }

private:
    static constexpr double shortest = 10.0; ///< Milliseconds; what takes less is not kept.

    static double processorTime()
    {
        timespec now{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
    }

    static QString name(const QObject& receiver, const QEvent& event)
    {
        const char* type = QMetaEnum::fromType<QEvent::Type>().valueToKey(event.type());
        return QStringLiteral("%1 %2 %3")
            .arg(QString::fromLatin1(type ? type : "event"),
                 QString::fromLatin1(receiver.metaObject()->className()), receiver.objectName());
    }

    std::vector<LongEvent> m_long;
    qint64 m_events = 0;
    int m_depth = 0;
};
