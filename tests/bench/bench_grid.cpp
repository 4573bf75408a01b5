// SPDX-License-Identifier: GPL-3.0-or-later
// A million images in the grid below its bar: how long filtering, sorting, scrolling and selecting take,
// printed, and held against the promises of the window. Run it alone on a quiet machine; the limits leave
// little room for neighbours.
#include "../ui/image_samples.h"

#include "widgets/grid_tools.h"
#include "widgets/image_grid_view.h"
#include "widgets/theme.h"

#include <QElapsedTimer>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QVBoxLayout>
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <random>

using namespace culprit::ui;
namespace data = culprit::data;

namespace {

constexpr int million = 1'000'000;
constexpr double longestEvent = 50; ///< Milliseconds that the window may be deaf.

ImageItems millionItems()
{
    std::mt19937 random(7);
    std::uniform_real_distribution<float> share(0, 1);
    ImageItems items;
    items.classNames = samples::digits();
    for (int row = 0; row < million; ++row) {
        const std::int32_t label = static_cast<std::int32_t>(random() % 10);
        const bool isWrong = random() % 10 == 0;
        items.ids << samples::train(row);
        items.label << label;
        items.predicted << (isWrong ? static_cast<std::int32_t>(random() % 10) : label);
        items.suggested << items.predicted.last();
        items.loss << share(random) * 5;
        items.confidence << share(random);
        items.influence << share(random) * share(random);
        items.suspicion << share(random);
        items.culprit << items.influence.last() * items.suspicion.last();
        items.rank << million - row;
        items.marks << (isWrong ? ImageMarks(ImageMark::Cause) : ImageMarks());
    }
    return items;
}

/// Turns the event loop until `done`, and keeps the longest time that one turn took.
template <typename Done>
double turnUntil(Done done)
{
    double longest = 0;
    while (!done()) {
        QElapsedTimer turn;
        turn.start();
        QCoreApplication::processEvents();
        longest = std::max(longest, static_cast<double>(turn.nsecsElapsed()) / 1e6);
    }
    return longest;
}

double quantile(std::vector<double> values, double share)
{
    std::sort(values.begin(), values.end());
    const auto last = static_cast<double>(values.size() - 1);
    return values[static_cast<std::size_t>(last * share)];
}

/// Of this thread, milliseconds.
double processorTime()
{
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// Notices when the viewport has been painted.
class PaintWatch : public QObject {
public:
    explicit PaintWatch(QObject* watched) : QObject(watched) { watched->installEventFilter(this); }

    int paints = 0;

    bool eventFilter(QObject* /*watched*/, QEvent* event) override
    {
        paints += event->type() == QEvent::Paint ? 1 : 0;
        return false;
    }
};

} // namespace

class GridBench : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void filterByCell();
    void filterAndUnfilter();
    void filterByText();
    void searchInTheBar();
    void sort_data();
    void sort();
    void scrollWarm_data();
    void scrollWarm();
    void selectEverything();
    void tellOfTheSelection();
    void decideOnEverything();

private:
    struct Timing {
        double total = 0;   ///< Milliseconds from the request to the painted grid.
        double longest = 0; ///< The longest turn of the event loop meanwhile.
    };
    template <typename Change>
    Timing changeAndPaint(Change change);
    void report(const char* what, const Timing& timing) const;
    struct Frames {
        std::vector<double> wall;      ///< Milliseconds.
        std::vector<double> processor; ///< The window's thread alone, which neighbours do not lengthen.
    };
    Frames scroll(int start, int step);

    ImageListModel m_model;
    ImageSelection m_selection;
    ThumbnailStore m_store;
    samples::FakeSource m_source;
    QWidget m_page;
    ImageGridView m_view;
    GridTools* m_tools = nullptr;
};

template <typename Change>
GridBench::Timing GridBench::changeAndPaint(Change change)
{
    PaintWatch watch(m_view.viewport());
    bool isArranged = false;
    int paintsBefore = 0;
    const auto connection = connect(&m_model, &ImageListModel::arrangementChanged, this, [&] {
        isArranged = true;
        paintsBefore = watch.paints;
    });
    QElapsedTimer clock;
    clock.start();
    change();
    Timing timing;
    timing.longest = static_cast<double>(clock.nsecsElapsed()) / 1e6;
    const double turns = turnUntil([&] { return isArranged && watch.paints > paintsBefore; });
    timing.longest = std::max(timing.longest, turns);
    timing.total = static_cast<double>(clock.nsecsElapsed()) / 1e6;
    disconnect(connection);
    return timing;
}

void GridBench::report(const char* what, const Timing& timing) const
{
    std::printf("%-44s %8.1f ms to the painted grid, longest event %6.1f ms, %d images shown\n", what,
                timing.total, timing.longest, m_model.rowCount());
    std::fflush(stdout);
}

void GridBench::initTestCase()
{
    samples::makeWarningsFatal();
    qApp->setStyle(new WindowStyle);
    qApp->setPalette(lightPalette());
    m_source.answersAtOnce = true;
    m_store.setSource(&m_source);
    m_view.setImages(&m_model);
    m_view.shareSelection(&m_selection);
    m_view.setThumbnails(&m_store);
    m_tools = new GridTools(&m_view, {ImageColumn::Rank, ImageColumn::Loss, ImageColumn::Label}, &m_page);
    auto* column = new QVBoxLayout(&m_page);
    column->addWidget(m_tools);
    column->addWidget(&m_view);
    m_page.resize(1920, 1080);
    m_page.show();
    QVERIFY(QTest::qWaitForWindowExposed(&m_page));
    const ImageItems items = millionItems();
    const Timing timing = changeAndPaint([&] { m_model.setItems(items); });
    report("show 1,000,000 images", timing);
    QVERIFY(timing.longest <= longestEvent);
}

void GridBench::filterByCell()
{
    for (const ConfusionCell cell : {ConfusionCell{4, 9}, ConfusionCell{3, 3}, ConfusionCell{8, 3}}) {
        const Timing timing = changeAndPaint([&] { m_model.setFilter({.cells = {cell}}); });
        report("filter by a confusion cell", timing);
        QVERIFY(timing.total <= 100);
        QVERIFY(timing.longest <= longestEvent);
    }
}

void GridBench::filterAndUnfilter()
{
    m_model.setFilter({.cells = {{4, 9}}});
    QTRY_VERIFY(!m_model.isArranging());
    const Timing timing = changeAndPaint([&] { m_model.setFilter({}); });
    report("take the filter away", timing);
    QVERIFY(timing.total <= 100);
    QVERIFY(timing.longest <= longestEvent);
    QCOMPARE(m_model.rowCount(), million);
}

void GridBench::filterByText()
{
    const Timing timing = changeAndPaint([&] { m_model.setFilter({.text = QStringLiteral("7")}); });
    report("filter by text", timing);
    QVERIFY(timing.longest <= longestEvent);
    m_model.setFilter({});
    QTRY_VERIFY(!m_model.isArranging());
}

/// From the Return key, the bar's line and chips included.
void GridBench::searchInTheBar()
{
    auto* search = m_tools->findChild<QLineEdit*>(QStringLiteral("grid.search"));
    QTest::keyClicks(search, QStringLiteral("421337"));
    const Timing timing = changeAndPaint([&] { QTest::keyClick(search, Qt::Key_Return); });
    report("search in the bar", timing);
    QCOMPARE(m_model.rowCount(), 1);
    QVERIFY(timing.longest <= longestEvent);
    QTest::keyClick(search, Qt::Key_Escape);
    QTRY_VERIFY(!m_model.isArranging());
}

void GridBench::sort_data()
{
    QTest::addColumn<ImageColumn>("column");
    QTest::addColumn<Qt::SortOrder>("order");
    QTest::newRow("sort by loss") << ImageColumn::Loss << Qt::DescendingOrder;
    QTest::newRow("sort by influence") << ImageColumn::Influence << Qt::DescendingOrder;
    QTest::newRow("sort by label") << ImageColumn::Label << Qt::AscendingOrder;
    QTest::newRow("sort by rank") << ImageColumn::Rank << Qt::AscendingOrder;
}

void GridBench::sort()
{
    QFETCH(ImageColumn, column);
    QFETCH(Qt::SortOrder, order);
    const Timing timing = changeAndPaint([&] { m_model.setSort({column, order}); });
    report(QTest::currentDataTag(), timing);
    QVERIFY(timing.total <= 500);
    QVERIFY(timing.longest <= longestEvent);
    const Timing filtered = changeAndPaint([&] { m_model.setFilter({.cells = {{4, 9}}}); });
    report("  then filter by a cell", filtered);
    QVERIFY(filtered.total <= 100);
    m_model.setFilter({});
    QTRY_VERIFY(!m_model.isArranging());
}

void GridBench::scrollWarm_data()
{
    QTest::addColumn<int>("edge");
    QTest::addColumn<int>("step");
    QTest::addColumn<bool>("selected");
    QTest::newRow("scroll by a wheel notch, 96 px") << 96 << 140 << false;
    QTest::newRow("scroll by a page, 96 px") << 96 << 1000 << false;
    QTest::newRow("scroll by a page, 48 px") << 48 << 1000 << false;
    QTest::newRow("scroll by a page, 500,000 selected") << 96 << 1000 << true;
}

/// One frame: everything that the event loop does after a scroll, painting included.
GridBench::Frames GridBench::scroll(int start, int step)
{
    Frames frames;
    for (int k = 0; k < 300; ++k) {
        QElapsedTimer clock;
        clock.start();
        const double before = processorTime();
        m_view.verticalScrollBar()->setValue(start + k * step);
        turnUntil([this, turns = 0]() mutable { return ++turns > 3 && m_source.pending.isEmpty(); });
        frames.processor.push_back(processorTime() - before);
        frames.wall.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
    }
    return frames;
}

void GridBench::scrollWarm()
{
    QFETCH(int, edge);
    QFETCH(int, step);
    QFETCH(bool, selected);
    m_view.setThumbnailEdge(edge);
    std::vector<data::ImageId> ids;
    for (int row = 0; selected && row < million; row += 2)
        ids.push_back(samples::train(row));
    m_selection.replace(ids);
    const int start = m_view.verticalScrollBar()->maximum() / 2;
    const Frames cold = scroll(start, step);
    const Frames warm = scroll(start, step);
    std::printf("%-44s warm p50 %5.1f ms, p99 %5.1f ms (of the processor %5.1f); cold p99 %5.1f ms; %d tiles "
                "in view\n",
                QTest::currentDataTag(), quantile(warm.wall, 0.5), quantile(warm.wall, 0.99),
                quantile(warm.processor, 0.99), quantile(cold.wall, 0.99),
                m_view.visiblePositions().last - m_view.visiblePositions().first + 1);
    std::fflush(stdout);
    m_selection.clear();
    m_view.setThumbnailEdge(ImageGridView::usualEdge);
    QVERIFY(quantile(warm.wall, 0.99) <= 16);
}

void GridBench::selectEverything()
{
    QElapsedTimer clock;
    clock.start();
    QTest::keyClick(&m_view, Qt::Key_A, Qt::ControlModifier);
    const double selecting = static_cast<double>(clock.nsecsElapsed()) / 1e6;
    clock.restart();
    const SelectionCount count = m_model.count(m_selection);
    const double counting = static_cast<double>(clock.nsecsElapsed()) / 1e6;
    std::printf("%-44s %8.1f ms to select, %5.1f ms to count\n", "select 1,000,000 images", selecting,
                counting);
    QCOMPARE(count.selected, million);
    QVERIFY(selecting <= longestEvent);
    QVERIFY(counting <= longestEvent);
}

/// What the bar and the grid do when the selection changes.
void GridBench::tellOfTheSelection()
{
    QSignalSpy told(m_tools, &GridTools::summaryChanged);
    m_selection.toggle(samples::train(5));
    const double longest = turnUntil([&] { return !told.isEmpty(); });
    std::printf("%-44s %8.1f ms, the longest event\n", "tell of 999,999 selected images", longest);
    QVERIFY(longest <= longestEvent);
    m_selection.toggle(samples::train(5));
}

void GridBench::decideOnEverything()
{
    const std::vector<data::ImageId> ids = m_selection.selected();
    QElapsedTimer clock;
    clock.start();
    m_model.setDecisions(ids, Decision::Keep);
    const double deciding = static_cast<double>(clock.nsecsElapsed()) / 1e6;
    std::printf("%-44s %8.1f ms\n", "decide on 1,000,000 images", deciding);
    QVERIFY(deciding <= longestEvent);
}

QTEST_MAIN(GridBench)
#include "bench_grid.moc"
