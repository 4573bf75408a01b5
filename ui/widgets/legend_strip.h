// SPDX-License-Identifier: GPL-3.0-or-later
// A plot's legend outside the plot: swatches and names in a row that wraps, so that no translation is too
// long for it.
#pragma once

#include <QBrush>
#include <QPen>
#include <QWidget>

#include <vector>

namespace culprit::ui {

struct LegendEntry {
    enum class Shape { Area, Circles, Squares };

    QString name;
    QPen pen;
    QBrush brush;
    Shape shape = Shape::Area;
};

class LegendStrip : public QWidget {
    Q_OBJECT

public:
    explicit LegendStrip(QWidget* parent = nullptr);

    void setEntries(std::vector<LegendEntry> entries);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<QRect> places(int width) const;

    std::vector<LegendEntry> m_entries;
};

} // namespace culprit::ui
