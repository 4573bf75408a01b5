// SPDX-License-Identifier: GPL-3.0-or-later
// Filters and sorts on a thread of its own. The latest request wins: an older one that has not started never
// does, and one that is running is dropped at its next stage. Nobody ever waits for it.
#pragma once

#include "models/image_order.h"

#include <QObject>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace culprit::ui {

class ImageArranger : public QObject {
    Q_OBJECT

public:
    explicit ImageArranger(QObject* parent = nullptr);
    ~ImageArranger() override;

    /// Answers with arranged() unless another request comes first. Copies share the items' memory.
    void request(const ImageItems& items, const ImageFilter& filter, const ImageSort& sort);

    /// Whether an answer is still to come.
    bool isBusy() const { return m_busy; }

Q_SIGNALS:
    /// On this object's thread.
    void arranged(const std::shared_ptr<const culprit::ui::Arrangement>& arrangement);

private:
    struct Job {
        quint64 ticket = 0;
        ImageItems items;
        ImageFilter filter;
        ImageSort sort;
    };
    struct Sorted {
        ImageItems items;
        ImageSort sort;
        std::vector<std::int32_t> rows;
    };

    void work(const std::stop_token& stop);
    std::shared_ptr<const Arrangement> carryOut(const Job& job);
    const std::vector<std::int32_t>& sortedFor(const Job& job);
    void deliver();

    std::atomic<quint64> m_latest = 0;
    bool m_busy = false;
    std::optional<Sorted> m_sorted; ///< Of the worker alone: filtering again does not sort again.

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::optional<Job> m_next;
    std::shared_ptr<const Arrangement> m_result;
    quint64 m_resultTicket = 0;
    std::jthread m_thread; ///< Last, so that it ends first.
};

} // namespace culprit::ui
