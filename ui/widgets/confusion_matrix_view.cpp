// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/confusion_matrix_view.h"

#include "models/figures_model.h"
#include "widgets/custom_plot.h"
#include "widgets/legend_strip.h"
#include "widgets/matrix_overlay_internal.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLocale>
#include <QTableView>
#include <QToolTip>

#include <cmath>
#include <utility>

namespace culprit::ui {

namespace {

constexpr int widestRowLabel = 120;
constexpr int tallestColumnLabel = 90;

/// Labels at every `step`th class, cut to `widest` pixels.
QSharedPointer<QCPAxisTickerText> tickerOf(const QStringList& names, int step, const QFontMetrics& metrics,
                                           int widest)
{
    QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    for (int i = 0; i < names.size(); i += step)
        ticker->addTick(i, metrics.elidedText(names[i], Qt::ElideMiddle, widest));
    return ticker;
}

int widestOf(const QStringList& names, const QFontMetrics& metrics)
{
    int widest = 0;
    for (const QString& name : names)
        widest = std::max(widest, metrics.horizontalAdvance(name));
    return widest;
}

} // namespace

ConfusionMatrixView::ConfusionMatrixView(QWidget* parent) : PlotView(parent)
{
    setUpPlot();
    setUpControls();
    setTableModel(&m_model);
    table()->horizontalHeader()->setDefaultSectionSize(56);
    connect(table()->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &ConfusionMatrixView::takeSelectionOfTable);
    connect(this, &PlotView::tableShownChanged, this, &ConfusionMatrixView::showSelectionInTable);
    panel().showEmpty(Icon::StepFailures,
                      {tr("No failures to show yet"),
                       tr("The confusion matrix appears when the model has been evaluated."),
                       {}});
}

void ConfusionMatrixView::setUpPlot()
{
    QCustomPlot& picture = plot();
    picture.xAxis->setVisible(false);
    picture.xAxis2->setVisible(true);
    picture.yAxis->setRangeReversed(true);
    picture.xAxis2->setLabel(tr("Predicted"));
    picture.yAxis->setLabel(tr("Label"));
    for (QCPAxis* axis : {picture.xAxis2, picture.yAxis}) {
        axis->setTickLength(0, 0);
        axis->grid()->setVisible(false);
        axis->setTickLabelPadding(6);
    }
    m_map = new QCPColorMap(picture.xAxis2, picture.yAxis);
    m_map->setInterpolate(false);
    m_map->setTightBoundary(false);
    m_overlay = new MatrixOverlay(&picture, *this);
    picture.setMinimumSize(220, 200);
    picture.installEventFilter(this);
    picture.setMouseTracking(true);
}

void ConfusionMatrixView::setUpControls()
{
    m_share = new QComboBox(this);
    m_share->setObjectName(QStringLiteral("share"));
    m_share->addItems(
        {tr("Number of images"), tr("% of the label's images"), tr("% of the prediction's images")});
    m_share->setAccessibleName(tr("What the cells show"));
    m_share->setToolTip(m_share->accessibleName());
    m_share->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_share->setMinimumContentsLength(16);
    controls().insertWidget(0, m_share, 1);
    connect(m_share, &QComboBox::currentIndexChanged, this,
            [this](int index) { setShare(static_cast<ConfusionShare>(index)); });
}

void ConfusionMatrixView::setConfusion(const evaluation::Confusion& confusion, const QStringList& names)
{
    Q_ASSERT(confusion.classes >= 2);
    m_model.setConfusion(confusion, names);
    plot().xAxis2->setRange(-0.5, classes() - 0.5);
    plot().yAxis->setRange(-0.5, classes() - 0.5);
    m_cursor = {0, std::min(1, classes() - 1)};
    fillMap();
    labelAxes(plot().size());
    showPlot();
    if (!m_selection.empty())
        replaceSelection({});
    describe();
    redraw();
}

void ConfusionMatrixView::setShare(ConfusionShare share)
{
    m_share->setCurrentIndex(static_cast<int>(share));
    m_model.setShare(share);
    if (classes() == 0)
        return;
    fillMap();
    redraw();
}

/// The colour goes with the square root, so that a single mistake still shows beside a frequent one.
void ConfusionMatrixView::fillMap()
{
    m_values = confusionValues(m_model.confusion(), share());
    m_highest = 0.0;
    const int n = classes();
    for (int place = 0; place < n * n; ++place) {
        const double value = m_values[static_cast<std::size_t>(place)];
        if (place / n != place % n && value > m_highest)
            m_highest = value;
    }
    m_map->setDataRange(QCPRange(0.0, m_highest > 0.0 ? std::sqrt(m_highest) : 1.0));
    drawMap();
    recolor();
}

/// Where cells are smaller than a pixel, a pixel shows the highest of its cells: no mistake is lost among a
/// thousand classes.
void ConfusionMatrixView::drawMap()
{
    const int n = classes();
    const int blocks = (n + m_block - 1) / m_block;
    const double first = (m_block - 1) / 2.0;
    const double last = first + static_cast<double>(blocks - 1) * m_block;
    m_map->data()->setSize(blocks, blocks);
    m_map->data()->setRange(QCPRange(first, last), QCPRange(first, last));
    m_map->data()->fill(0.0);
    for (int label = 0; label < n; ++label) {
        for (int predicted = 0; predicted < n; ++predicted) {
            const double value = m_values[static_cast<std::size_t>(label * n + predicted)];
            if (label == predicted || !(value > 0.0))
                continue;
            const int column = predicted / m_block;
            const int row = label / m_block;
            m_map->data()->setCell(column, row, std::max(m_map->data()->cell(column, row), std::sqrt(value)));
        }
    }
}

/// Column names lie flat where they fit, else they stand; where even that is too tight, some are left out.
void ConfusionMatrixView::labelAxes(const QSize& size)
{
    if (classes() == 0)
        return;
    const QFontMetrics metrics(font());
    const QStringList& names = m_model.names();
    const int widestRow = std::min(widestRowLabel, size.width() / 4);
    const int tallestColumn = std::min(tallestColumnLabel, size.height() / 4);
    const int rowLabels = std::min(widestOf(names, metrics), widestRow);
    const double cellWidth = std::max(1, size.width() - rowLabels - 50) / double(classes());
    const bool flat = widestOf(names, metrics) + 8 <= cellWidth;
    const int columnLabels = flat ? metrics.height() : std::min(widestOf(names, metrics), tallestColumn);
    const double cellHeight = std::max(1, size.height() - columnLabels - 50) / double(classes());
    const auto stepFor = [&](double cell) {
        return std::max(1, int(std::ceil((metrics.height() - 1) / cell)));
    };
    plot().yAxis->setTicker(tickerOf(names, stepFor(cellHeight), metrics, widestRow));
    plot().xAxis2->setTicker(tickerOf(names, flat ? 1 : stepFor(cellWidth), metrics, tallestColumn));
    plot().xAxis2->setTickLabelRotation(flat ? 0 : -90);
    const int block = std::max(1, int(std::ceil(1.0 / std::min(cellWidth, cellHeight))));
    if (block != std::exchange(m_block, block))
        drawMap();
}

void ConfusionMatrixView::recolor()
{
    PlotView::recolor();
    const Accents& accents = accentsOf(palette());
    for (QCPAxis* axis : {plot().xAxis2, plot().yAxis}) {
        axis->setBasePen(Qt::NoPen);
        axis->setTickPen(Qt::NoPen);
    }
    QCPColorGradient gradient;
    gradient.clearColorStops();
    gradient.setColorStopAt(0.0, palette().color(QPalette::Base));
    gradient.setColorStopAt(1.0, accents.orangeFill);
    m_map->setGradient(gradient);
    const QString highest = share() == ConfusionShare::Count
                                ? Figure::count(static_cast<qint64>(m_highest)).text
                                : Figure::percent(m_highest).text;
    const QPen outline(accents.line, 1.0);
    legend().setEntries({{tr("Taken for another class (at most %1)").arg(highest), outline,
                          accents.orangeFill, LegendEntry::Shape::Area},
                         {tr("Recognised"), outline, accents.raised, LegendEntry::Shape::Area}});
    legend().show();
}

void ConfusionMatrixView::redraw()
{
    plot().replot(QCustomPlot::rpQueuedReplot);
}

QRectF ConfusionMatrixView::rectOf(Cell place) const
{
    const QCPAxis& columns = *plot().xAxis2;
    const QCPAxis& rows = *plot().yAxis;
    const QRectF all(plot().axisRect()->rect());
    QRectF rect;
    rect.setLeft(columns.coordToPixel(place.second - 0.5));
    rect.setRight(columns.coordToPixel(place.second + 0.5));
    rect.setTop(rows.coordToPixel(place.first - 0.5));
    rect.setBottom(rows.coordToPixel(place.first + 0.5));
    if (place.first < 0) {
        rect.setBottom(all.top() - 2.0);
        rect.setTop(std::max(2.0, all.top() - tallestColumnLabel - 10.0));
    }
    if (place.second < 0) {
        rect.setRight(all.left() - 2.0);
        rect.setLeft(std::max(2.0, all.left() - widestRowLabel - 10.0));
    }
    return rect;
}

ConfusionMatrixView::Cell ConfusionMatrixView::placeAt(const QPointF& position) const
{
    const auto indexOf = [](double coordinate) {
        return std::max(-1, static_cast<int>(std::floor(coordinate + 0.5)));
    };
    const int label = indexOf(plot().yAxis->pixelToCoord(position.y()));
    const int predicted = indexOf(plot().xAxis2->pixelToCoord(position.x()));
    if (classes() == 0 || label >= classes() || predicted >= classes())
        return {-1, -1};
    return {label, predicted};
}

QString ConfusionMatrixView::cellText(Cell cell) const
{
    const double value = m_values[static_cast<std::size_t>(cell.first * classes() + cell.second)];
    if (!std::isfinite(value) || value == 0.0)
        return {};
    return share() == ConfusionShare::Count ? QLocale().toString(static_cast<qint64>(value))
                                            : QLocale().toString(value * 100.0, 'f', classes() > 12 ? 0 : 1);
}

std::vector<ConfusionMatrixView::Cell> ConfusionMatrixView::cellsOf(Cell place) const
{
    if (place.first >= 0 && place.second >= 0)
        return {place};
    std::vector<Cell> cells;
    const int same = std::max(place.first, place.second);
    for (int other = 0; other < classes() && same >= 0; ++other) {
        const Cell cell = place.second < 0 ? Cell{same, other} : Cell{other, same};
        if (other != same && m_model.confusion().at(cell.first, cell.second) > 0)
            cells.push_back(cell);
    }
    return cells;
}

void ConfusionMatrixView::choose(Cell place, bool additive)
{
    const auto cells = cellsOf(place);
    const std::set<Cell> chosen(cells.begin(), cells.end());
    if (!additive) {
        replaceSelection(chosen == m_selection ? std::set<Cell>{} : chosen);
        return;
    }
    std::set<Cell> selection = m_selection;
    const bool all = std::includes(selection.begin(), selection.end(), chosen.begin(), chosen.end());
    for (const Cell& cell : chosen) {
        if (all)
            selection.erase(cell);
        else
            selection.insert(cell);
    }
    replaceSelection(std::move(selection));
}

void ConfusionMatrixView::setSelection(const std::vector<Cell>& cells)
{
    std::set<Cell> valid;
    for (const Cell& cell : cells) {
        if (cell.first >= 0 && cell.first < classes() && cell.second >= 0 && cell.second < classes())
            valid.insert(cell);
    }
    replaceSelection(std::move(valid));
}

void ConfusionMatrixView::replaceSelection(std::set<Cell> cells)
{
    if (cells == m_selection)
        return;
    m_selection = std::move(cells);
    showSelectionInTable();
    describe();
    redraw();
    Q_EMIT selectionChanged(selection());
}

void ConfusionMatrixView::showSelectionInTable()
{
    if (m_synchronising || !tableShown())
        return;
    m_synchronising = true;
    QItemSelection items;
    for (const Cell& cell : m_selection) {
        const QModelIndex index = m_model.index(cell.first, cell.second);
        items.append(QItemSelectionRange(index));
    }
    table()->selectionModel()->select(items, QItemSelectionModel::ClearAndSelect);
    m_synchronising = false;
}

void ConfusionMatrixView::takeSelectionOfTable()
{
    if (m_synchronising)
        return;
    m_synchronising = true;
    std::set<Cell> cells;
    const QModelIndexList indexes = table()->selectionModel()->selectedIndexes();
    for (const QModelIndex& index : indexes)
        cells.emplace(index.row(), index.column());
    replaceSelection(std::move(cells));
    m_synchronising = false;
}

void ConfusionMatrixView::setCursor(Cell place)
{
    place = {std::clamp(place.first, -1, classes() - 1), std::clamp(place.second, -1, classes() - 1)};
    if (place == Cell{-1, -1} || place == m_cursor)
        return;
    m_cursor = place;
    describe();
    redraw();
}

QString ConfusionMatrixView::inWords(Cell place) const
{
    if (place.first < 0 && place.second < 0)
        return {};
    if (place.second < 0)
        return m_model.rowInWords(place.first);
    if (place.first < 0)
        return m_model.columnInWords(place.second);
    return m_model.cellInWords(place.first, place.second);
}

void ConfusionMatrixView::describe()
{
    QString words = inWords(m_cursor);
    if (m_selection.contains(m_cursor))
        words = tr("%1, selected").arg(words);
    setSpoken(tr("Confusion matrix of %Ln class(es)", nullptr, classes()),
              words + QStringLiteral(". ") +
                  tr("%Ln cell(s) selected", nullptr, static_cast<int>(m_selection.size())));
}

bool ConfusionMatrixView::handlePress(const QPointF& position, Qt::KeyboardModifiers modifiers)
{
    const Cell place = placeAt(position);
    if (place == Cell{-1, -1}) {
        replaceSelection({});
        return true;
    }
    setCursor(place);
    choose(place, modifiers.testFlag(Qt::ControlModifier));
    return true;
}

bool ConfusionMatrixView::moveCursor(int key, Qt::KeyboardModifiers modifiers)
{
    const int last = classes() - 1;
    const bool far = modifiers.testFlag(Qt::ControlModifier);
    switch (key) {
    case Qt::Key_Left:
        setCursor({m_cursor.first, m_cursor.second - 1});
        return true;
    case Qt::Key_Right:
        setCursor({m_cursor.first, m_cursor.second + 1});
        return true;
    case Qt::Key_Up:
        setCursor({m_cursor.first - 1, m_cursor.second});
        return true;
    case Qt::Key_Down:
        setCursor({m_cursor.first + 1, m_cursor.second});
        return true;
    case Qt::Key_Home:
        setCursor({far ? 0 : m_cursor.first, 0});
        return true;
    case Qt::Key_End:
        setCursor({far ? last : m_cursor.first, last});
        return true;
    default:
        return false;
    }
}

bool ConfusionMatrixView::handleKey(int key, Qt::KeyboardModifiers modifiers)
{
    const bool control = modifiers.testFlag(Qt::ControlModifier);
    switch (key) {
    case Qt::Key_Space:
    case Qt::Key_Return:
    case Qt::Key_Enter:
        choose(m_cursor, control);
        return true;
    case Qt::Key_Escape:
        if (m_selection.empty())
            return false;
        replaceSelection({});
        return true;
    case Qt::Key_A: {
        if (!control)
            return false;
        std::set<Cell> all;
        for (int label = 0; label < classes(); ++label) {
            const auto row = cellsOf({label, -1});
            all.insert(row.begin(), row.end());
        }
        replaceSelection(std::move(all));
        return true;
    }
    default:
        return moveCursor(key, modifiers);
    }
}

void ConfusionMatrixView::showTip(const QPoint& position, const QPoint& global)
{
    const Cell place = placeAt(position);
    const QString words = inWords(place);
    if (words.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(global, words, plotWidget(), rectOf(place).toAlignedRect());
}

bool ConfusionMatrixView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != plotWidget() || classes() == 0)
        return PlotView::eventFilter(watched, event);
    switch (event->type()) {
    case QEvent::MouseButtonPress: {
        const auto* press = static_cast<QMouseEvent*>(event);
        if (press->button() == Qt::LeftButton)
            return handlePress(press->position(), press->modifiers());
        break;
    }
    case QEvent::KeyPress: {
        const auto* press = static_cast<QKeyEvent*>(event);
        if (handleKey(press->key(), press->modifiers()))
            return true;
        break;
    }
    case QEvent::ToolTip: {
        const auto* help = static_cast<QHelpEvent*>(event);
        showTip(help->pos(), help->globalPos());
        return true;
    }
    case QEvent::FocusIn:
    case QEvent::FocusOut:
        redraw();
        break;
    case QEvent::Resize:
        labelAxes(static_cast<QResizeEvent*>(event)->size());
        break;
    default:
        break;
    }
    return PlotView::eventFilter(watched, event);
}

} // namespace culprit::ui
