// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot_view.h"

#include "models/figures_model.h"
#include "widgets/custom_plot.h"
#include "widgets/legend_strip.h"
#include "widgets/theme.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QStackedLayout>
#include <QTableView>
#include <QToolButton>

namespace culprit::ui {

namespace {

QAccessibleInterface* accessibleOf(const QString& className, QObject* object)
{
    if (className != QLatin1String("QCustomPlot"))
        return nullptr;
    auto* widget = qobject_cast<QWidget*>(object);
    for (QWidget* parent = widget ? widget->parentWidget() : nullptr; parent;
         parent = parent->parentWidget()) {
        if (auto* view = qobject_cast<PlotView*>(parent))
            return view->accessiblePlot(widget);
    }
    return nullptr;
}

void colorAxis(QCPAxis& axis, const QPalette& palette, const QFont& font)
{
    const Accents& accents = accentsOf(palette);
    axis.setBasePen(QPen(accents.line, 1.0));
    axis.setTickPen(QPen(accents.line, 1.0));
    axis.setSubTickPen(Qt::NoPen);
    axis.setTickLabelColor(palette.color(QPalette::WindowText));
    axis.setLabelColor(accents.dim);
    axis.setTickLabelFont(font);
    axis.setLabelFont(font);
    axis.grid()->setPen(QPen(accents.line, 1.0, Qt::DotLine));
    axis.grid()->setZeroLinePen(Qt::NoPen);
}

QTableView* twinTable(QWidget* parent)
{
    auto* table = new QTableView(parent);
    table->setAlternatingRowColors(true);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setWordWrap(false);
    table->setFrameShape(QFrame::NoFrame);
    table->horizontalHeader()->setHighlightSections(false);
    table->verticalHeader()->setHighlightSections(false);
    return table;
}

} // namespace

PlotView::PlotView(QWidget* parent)
    : QWidget(parent), m_plot(new QCustomPlot(this)), m_legend(new LegendStrip(this)),
      m_picture(new QWidget(this)), m_table(twinTable(this)), m_panel(new StatePanel(this)),
      m_toggle(new QToolButton(this)), m_controlRow(new QWidget(this)),
      m_controls(new QHBoxLayout(m_controlRow)), m_stack(new QStackedLayout)
{
    QAccessible::installFactory(accessibleOf);
    m_plot->setObjectName(QStringLiteral("plot"));
    m_toggle->setObjectName(QStringLiteral("tableToggle"));
    m_plot->setFocusPolicy(Qt::StrongFocus);
    m_plot->setNoAntialiasingOnDrag(false);
    m_plot->setLocale(QLocale());
    m_toggle->setCheckable(true);
    m_toggle->setAutoRaise(true);
    m_toggle->setFocusPolicy(Qt::StrongFocus);
    connect(m_toggle, &QToolButton::toggled, this, &PlotView::setTableShown);
    arrange();
    showCurrent();
}

void PlotView::arrange()
{
    auto* pictureColumn = new QVBoxLayout(m_picture);
    pictureColumn->setContentsMargins(0, 0, 0, 0);
    pictureColumn->addWidget(m_plot, 1);
    pictureColumn->addWidget(m_legend);
    m_legend->hide();

    m_controls->setContentsMargins(0, 0, 0, 0);
    m_controls->addStretch(1);
    m_controls->addWidget(m_toggle);

    m_stack->setContentsMargins(0, 0, 0, 0);
    m_stack->addWidget(m_picture);
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_panel);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::tight);
    column->addWidget(m_controlRow);
    column->addLayout(m_stack, 1);
}

void PlotView::setTableShown(bool shown)
{
    if (shown == m_tableShown)
        return;
    m_tableShown = shown;
    showCurrent();
    Q_EMIT tableShownChanged(shown);
}

StatePanel& PlotView::panel()
{
    m_panelShown = true;
    showCurrent();
    return *m_panel;
}

QWidget* PlotView::plotWidget() const
{
    return m_plot;
}

void PlotView::showPlot()
{
    m_panelShown = false;
    showCurrent();
}

void PlotView::showCurrent()
{
    QWidget* twin = m_tableShown ? static_cast<QWidget*>(m_table) : m_picture;
    m_stack->setCurrentWidget(m_panelShown ? m_panel : twin);
    m_controlRow->setVisible(!m_panelShown);
    setFocusProxy(m_panelShown ? nullptr : (m_tableShown ? static_cast<QWidget*>(m_table) : m_plot));
    m_toggle->setChecked(m_tableShown);
    drawToggle();
}

void PlotView::drawToggle()
{
    m_toggle->setIcon(icon(m_tableShown ? Icon::Chart : Icon::Table, palette()));
    const QString text = m_tableShown ? tr("Show the picture") : tr("Show the numbers as a table");
    m_toggle->setToolTip(text);
    m_toggle->setAccessibleName(text);
}

void PlotView::setTableModel(QAbstractItemModel* model)
{
    m_table->setModel(model);
}

void PlotView::showFigures(FiguresModel& figures)
{
    setTableModel(&figures);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
}

void PlotView::setSpoken(const QString& name, const QString& description)
{
    m_plot->setAccessibleName(name);
    m_plot->setAccessibleDescription(description);
    m_table->setAccessibleName(name);
    m_table->setAccessibleDescription(description);
}

QAccessibleInterface* PlotView::accessiblePlot(QWidget* widget)
{
    return new QAccessibleWidget(widget, QAccessible::Chart);
}

void PlotView::recolor()
{
    m_plot->setBackground(palette().color(QPalette::Window));
    for (QCPAxisRect* rect : m_plot->axisRects()) {
        for (QCPAxis* axis : rect->axes())
            colorAxis(*axis, palette(), font());
    }
}

void PlotView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        drawToggle();
        if (m_colored) {
            recolor();
            m_plot->replot(QCustomPlot::rpQueuedReplot);
        }
    }
}

void PlotView::showEvent(QShowEvent* event)
{
    if (!m_colored) {
        m_colored = true;
        recolor();
        m_plot->replot(QCustomPlot::rpQueuedReplot);
    }
    QWidget::showEvent(event);
}

} // namespace culprit::ui
