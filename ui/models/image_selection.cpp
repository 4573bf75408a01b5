// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/image_selection.h"

#include <algorithm>
#include <iterator>

namespace culprit::ui {
namespace {

using Ids = std::vector<data::ImageId>;

void normalise(Ids& ids)
{
    if (!std::is_sorted(ids.begin(), ids.end()))
        std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

} // namespace

void ImageSelection::setCurrent(const std::optional<data::ImageId>& id)
{
    if (id == m_current)
        return;
    const auto before = std::exchange(m_current, id);
    Q_EMIT currentChanged(m_current, before);
}

bool ImageSelection::contains(const data::ImageId& id) const
{
    return std::binary_search(m_selected.begin(), m_selected.end(), id);
}

void ImageSelection::replace(Ids ids)
{
    normalise(ids);
    accept(std::move(ids));
}

void ImageSelection::add(Ids ids)
{
    normalise(ids);
    Ids joined;
    joined.reserve(m_selected.size() + ids.size());
    std::set_union(m_selected.begin(), m_selected.end(), ids.begin(), ids.end(), std::back_inserter(joined));
    accept(std::move(joined));
}

void ImageSelection::remove(Ids ids)
{
    normalise(ids);
    Ids left;
    left.reserve(m_selected.size());
    std::set_difference(m_selected.begin(), m_selected.end(), ids.begin(), ids.end(),
                        std::back_inserter(left));
    accept(std::move(left));
}

void ImageSelection::toggle(const data::ImageId& id)
{
    const auto place = std::lower_bound(m_selected.begin(), m_selected.end(), id);
    if (place != m_selected.end() && *place == id)
        m_selected.erase(place);
    else
        m_selected.insert(place, id);
    Q_EMIT selectionChanged();
}

void ImageSelection::accept(Ids sorted)
{
    if (sorted == m_selected)
        return;
    m_selected = std::move(sorted);
    Q_EMIT selectionChanged();
}

} // namespace culprit::ui
