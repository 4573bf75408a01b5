// SPDX-License-Identifier: GPL-3.0-or-later
// Where the tiles of a grid lie. Everything is arithmetic on one size, so a million tiles cost what ten do
// and no layout is ever computed, kept or waited for.
#pragma once

#include <QRect>
#include <QSize>
#include <algorithm>

namespace culprit::ui {

/// First and last position, both included; empty where last < first.
struct TileRange {
    int first = 0;
    int last = -1;

    bool isEmpty() const { return last < first; }
    friend bool operator==(const TileRange&, const TileRange&) = default;
};

/// Tiles in rows from left to right; the columns share the width that is left over.
struct TileGrid {
    int count = 0;
    QSize tile;     ///< At least 1 × 1.
    int width = 0;  ///< Of the area the tiles are laid in.
    int margin = 0; ///< Above the first row and below the last.

    int columns() const { return std::max(1, width / std::max(1, tile.width())); }
    int rows() const { return (count + columns() - 1) / columns(); }
    int height() const { return rows() * tile.height() + 2 * margin; }
    int rowOf(int position) const { return position / columns(); }

    /// In content coordinates: y counts from the top of the first row's margin.
    QRect rectOf(int position) const
    {
        const int column = position % columns();
        const int left = static_cast<int>(static_cast<qint64>(width) * column / columns());
        const int right = static_cast<int>(static_cast<qint64>(width) * (column + 1) / columns());
        const int x = left + std::max(0, right - left - tile.width()) / 2;
        return {QPoint(x, margin + rowOf(position) * tile.height()), tile};
    }

    /// The position of the tile under a point, or -1.
    int positionAt(const QPoint& point) const
    {
        if (point.y() < margin || point.x() < 0 || point.x() >= std::max(width, tile.width()))
            return -1;
        const int row = (point.y() - margin) / tile.height();
        const int column =
            width > 0 ? static_cast<int>(static_cast<qint64>(point.x()) * columns() / width) : 0;
        const qint64 position = static_cast<qint64>(row) * columns() + std::min(column, columns() - 1);
        if (position >= count || !rectOf(static_cast<int>(position)).contains(point))
            return -1;
        return static_cast<int>(position);
    }

    /// The tiles of all rows that touch top…bottom.
    TileRange between(int top, int bottom) const
    {
        if (count == 0 || bottom < margin)
            return {};
        const int firstRow = std::clamp((top - margin) / tile.height(), 0, rows() - 1);
        const int lastRow = std::clamp((bottom - margin) / tile.height(), 0, rows() - 1);
        return {firstRow * columns(), std::min(count, (lastRow + 1) * columns()) - 1};
    }
};

} // namespace culprit::ui
