// SPDX-License-Identifier: GPL-3.0-or-later
// The two things that linked views share: the current image and the selected ones. Both are kept by id, so
// they outlive any filter, sort or page; a view looks up where its rows are among them.
#pragma once

#include "models/image_items.h"

#include <QObject>
#include <optional>
#include <vector>

namespace culprit::ui {

class ImageSelection : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    std::optional<data::ImageId> current() const { return m_current; }
    void setCurrent(const std::optional<data::ImageId>& id);

    /// Ascending, without repeats.
    const std::vector<data::ImageId>& selected() const { return m_selected; }
    bool contains(const data::ImageId& id) const;
    bool isEmpty() const { return m_selected.empty(); }

    /// Any order, repeats allowed, here and below.
    void replace(std::vector<data::ImageId> ids);
    void add(std::vector<data::ImageId> ids);
    void remove(std::vector<data::ImageId> ids);
    void toggle(const data::ImageId& id);
    void clear() { replace({}); }

Q_SIGNALS:
    void currentChanged(const std::optional<culprit::data::ImageId>& now,
                        const std::optional<culprit::data::ImageId>& before);
    void selectionChanged();

private:
    void accept(std::vector<data::ImageId> sorted);

    std::optional<data::ImageId> m_current;
    std::vector<data::ImageId> m_selected;
};

} // namespace culprit::ui
