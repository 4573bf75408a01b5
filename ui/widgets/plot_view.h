// SPDX-License-Identifier: GPL-3.0-or-later
// What every plot of the window has: a line of controls above it, a table twin with the same numbers behind a
// button, a panel for when there is nothing to plot, colours that follow the palette, and a name, role and
// description for screen readers.
#pragma once

#include "widgets/state_panel.h"

#include <QWidget>

class QAbstractItemModel;
class QAccessibleInterface;
class QCustomPlot;
class QHBoxLayout;
class QStackedLayout;
class QTableView;
class QToolButton;

namespace culprit::ui {

class FiguresModel;
class LegendStrip;

class PlotView : public QWidget {
    Q_OBJECT

public:
    explicit PlotView(QWidget* parent = nullptr);

    bool tableShown() const { return m_tableShown; }
    void setTableShown(bool shown);

    /// The panel in place of plot and table, until the next data.
    StatePanel& panel();

    QWidget* plotWidget() const;
    QTableView* table() const { return m_table; }
    bool panelShown() const { return m_panelShown; }

    /// What a screen reader meets as the plot; the default is a chart with name and description. `widget` is
    /// plotWidget(). Called by Qt's accessibility, which owns the result.
    virtual QAccessibleInterface* accessiblePlot(QWidget* widget);

Q_SIGNALS:
    void tableShownChanged(bool shown);

protected:
    QCustomPlot& plot() const { return *m_plot; }
    QHBoxLayout& controls() const { return *m_controls; }
    LegendStrip& legend() const { return *m_legend; }

    void setTableModel(QAbstractItemModel* model);
    /// The same with columns as wide as their figures.
    void showFigures(FiguresModel& figures);
    void setSpoken(const QString& name, const QString& description);
    void showPlot();

    /// Sets every colour and font of the plot anew; called on a change of palette or font and before the
    /// first showing. The derived class colours what it added.
    virtual void recolor();

    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void arrange();
    void showCurrent();
    void drawToggle();

    QCustomPlot* m_plot;
    LegendStrip* m_legend;
    QWidget* m_picture;
    QTableView* m_table;
    StatePanel* m_panel;
    QToolButton* m_toggle;
    QWidget* m_controlRow;
    QHBoxLayout* m_controls;
    QStackedLayout* m_stack;
    bool m_tableShown = false;
    bool m_panelShown = true;
    bool m_colored = false;
};

} // namespace culprit::ui
