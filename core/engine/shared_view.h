// SPDX-License-Identifier: GPL-3.0-or-later
// What the worker has found out so far, for the thread that answers small questions meanwhile. Everything in
// it is immutable and shared; changing it means putting up another.
#pragma once

#include "causes/identify.h"
#include "data/image_set.h"
#include "engine/evidence.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace culprit::engine {

/// Null where it is not known yet.
struct View {
    std::shared_ptr<const data::ImageSet> train;
    std::shared_ptr<const data::ImageSet> test;
    std::shared_ptr<const Evidence> evidence;
    std::shared_ptr<const std::vector<std::int64_t>> query; ///< Rows of the test set.
    std::shared_ptr<const causes::Identification> identification;
};

class SharedView {
public:
    View read() const
    {
        const std::lock_guard lock(m_mutex);
        return m_view;
    }

    void put(View view)
    {
        const std::lock_guard lock(m_mutex);
        m_view = std::move(view);
    }

private:
    mutable std::mutex m_mutex;
    View m_view;
};

} // namespace culprit::engine
