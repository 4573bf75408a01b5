// SPDX-License-Identifier: GPL-3.0-or-later
#include "image_samples.h"

#include "models/english_plurals.h"
#include "models/image_list_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <limits>
#include <random>

using namespace culprit::ui;
using samples::train;
namespace data = culprit::data;

namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();

/// Six images, small enough to read. Rows 2 and 5 are misclassified.
ImageItems six()
{
    ImageItems items;
    items.ids = {train(0), train(3), train(4), train(9), train(12), {data::Part::Test, 3}};
    items.files = {"cats/tom.png",    "cats/kit.png", "dogs/rex.png",
                   "dogs/Tomcat.png", "owls/a.png",   "owls/b.png"};
    items.label = {0, 0, 1, 1, 2, 2};
    items.predicted = {0, 0, 0, 1, 2, 1};
    items.suggested = {0, 0, 0, 1, noClass, 1};
    items.loss = {0.5F, missing, 3, -0.0F, 0.5F, -2};
    items.confidence = {0.9F, 0.8F, 0.7F, 0.6F, 0.5F, 0.4F};
    items.rank = {4, 3, 1, noRank, 5, 2};
    items.marks = {{}, {}, ImageMark::Cause, ImageMark::Fixed, {}, ImageMark::Cause | ImageMark::Broken};
    items.classNames = {"cat", "dog", "owl"};
    return items;
}

/// Positions shown, as rows of the items: "2 5".
QString shown(const ImageListModel& model)
{
    QStringList rows;
    for (int position = 0; position < model.rowCount(); ++position)
        rows << QString::number(*model.items().rowOf(model.idAt(position)));
    return rows.join(' ');
}

void settle(ImageListModel& model)
{
    QTRY_VERIFY(!model.isArranging());
}

QString joined(const std::vector<std::int32_t>& rows)
{
    QStringList words;
    for (const std::int32_t row : rows)
        words << QString::number(row);
    return words.join(' ');
}

} // namespace

class ImageItemsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void inconsistenciesAreNamed();
    void rowsAreFoundById();
    void filters_data();
    void filters();
    void unknownColumnsMatchNothing();
    void sorts_data();
    void sorts();
    void sortsAsStableSortDoes();
    void classPairsComeTogether();
    void undecidedImagesAreFoundInTheOrderShown();
    void sortingByAnUnknownColumnKeepsTheOrder();
    void modelPassesTheTester();
    void filterAndSortTogether();
    void positionsAreTheInverse();
    void latestRequestWins();
    void itemsAndFilterArriveTogether();
    void destroyedWhileBusy();
    void decisionsSurviveAPendingReset();
    void decisionsMoveNothingUntilAsked();
    void decisionsAreReported();
    void selectionIsASetOfIds();
    void selectionSurvivesTheFilter();
    void rangesAscendWhateverTheOrder();
    void wordsAndFacts();
    void barsAreSharesOfTheLargest();
    void proposedClass_data();
    void proposedClass();
};

void ImageItemsTest::initTestCase()
{
    QLocale::setDefault(QLocale::c());
    samples::makeWarningsFatal();
}

void ImageItemsTest::inconsistenciesAreNamed()
{
    QCOMPARE(inconsistencyOf(six()), QString());
    QCOMPARE(inconsistencyOf({}), QString());
    ImageItems items = six();
    items.loss.removeLast();
    QCOMPARE(inconsistencyOf(items), QString("column loss has 5 values for 6 images"));
    items = six();
    items.ids[4] = items.ids[3];
    QCOMPARE(inconsistencyOf(items), QString("image ids do not ascend at row 4"));
}

void ImageItemsTest::rowsAreFoundById()
{
    const ImageItems items = six();
    QCOMPARE(items.rowOf(train(9)), std::optional<std::int32_t>(3));
    QCOMPARE(items.rowOf({data::Part::Test, 3}), std::optional<std::int32_t>(5));
    QVERIFY(!items.rowOf(train(5)));
    QVERIFY(!items.rowOf({data::Part::Test, 9}));
    QVERIFY(!ImageItems().rowOf(train(0)));
    std::vector<std::int32_t> rows;
    const data::ImageId ids[] = {train(9),  train(7), train(0), train(3), {data::Part::Test, 3},
                                 train(12), train(12)};
    visitRows(items, ids, [&](std::int32_t row) { rows.push_back(row); });
    QCOMPARE(joined(rows), QString("3 0 1 5 4 4"));
}

void ImageItemsTest::filters_data()
{
    QTest::addColumn<ImageFilter>("filter");
    QTest::addColumn<QString>("rows");
    const auto row = [](const char* name, const ImageFilter& filter, const char* rows) {
        QTest::newRow(name) << filter << QString(rows);
    };
    row("nothing set", {}, "0 1 2 3 4 5");
    row("a cell", {.cells = {{1, 0}}}, "2");
    row("a cell of the diagonal", {.cells = {{0, 0}}}, "0 1");
    row("two cells", {.cells = {{1, 0}, {2, 1}}}, "2 5");
    row("a cell beyond the classes", {.cells = {{7, 8}}}, "");
    row("a label", {.labels = {2}}, "4 5");
    row("labels or", {.labels = {0, 2}}, "0 1 4 5");
    row("a prediction", {.predicted = {1}}, "3 5");
    row("label and prediction", {.labels = {2}, .predicted = {1}}, "5");
    row("misclassified", {.misclassifiedOnly = true}, "2 5");
    row("an index", {.text = "12"}, "4");
    row("an index of both parts", {.text = "3"}, "1 5");
    row("part of a file, any case", {.text = "TOM"}, "0 3");
    row("a class name", {.text = "owl"}, "4 5");
    row("two words must both fit", {.text = "tom dogs"}, "3");
    row("spaces alone", {.text = "  "}, "0 1 2 3 4 5");
    row("ids", {.ids = QList<data::ImageId>{train(9), train(0), train(77)}}, "0 3");
    row("no ids", {.ids = QList<data::ImageId>{}}, "");
    row("a mark", {.marks = ImageMark::Cause}, "2 5");
    row("marks or", {.marks = ImageMark::Fixed | ImageMark::Broken}, "3 5");
    row("undecided", {.decisions = {Decision::Undecided}}, "0 1 2 3 4 5");
    row("decided otherwise", {.decisions = {Decision::Keep, Decision::Flag}}, "");
}

void ImageItemsTest::filters()
{
    QFETCH(ImageFilter, filter);
    QFETCH(QString, rows);
    const ImageItems items = six();
    const Arrangement arrangement = arrange(sortedRows(items, {}), matching(items, filter));
    QCOMPARE(joined(arrangement.rows), rows);
    QCOMPARE(filter.letsEverythingPass(), QTest::currentDataTag() == QByteArray("nothing set"));
}

void ImageItemsTest::unknownColumnsMatchNothing()
{
    ImageItems items;
    items.ids = {train(0), train(1)};
    for (const ImageFilter& filter :
         {ImageFilter{.cells = {{0, 0}}}, ImageFilter{.labels = {0}}, ImageFilter{.predicted = {0}},
          ImageFilter{.marks = ImageMark::Cause}, ImageFilter{.misclassifiedOnly = true}}) {
        QCOMPARE(matching(items, filter), (std::vector<std::uint8_t>{0, 0}));
    }
    items.label = {noClass, 0};
    items.predicted = {0, noClass};
    QCOMPARE(matching(items, {.cells = {{0, 0}}}), (std::vector<std::uint8_t>{0, 0}));
    QCOMPARE(matching(items, {.labels = {0}}), (std::vector<std::uint8_t>{0, 1}));
}

void ImageItemsTest::sorts_data()
{
    QTest::addColumn<ImageColumn>("column");
    QTest::addColumn<Qt::SortOrder>("order");
    QTest::addColumn<QString>("rows");
    const auto row = [](const char* name, ImageColumn column, Qt::SortOrder order, const char* rows) {
        QTest::newRow(name) << column << order << QString(rows);
    };
    row("image", ImageColumn::Image, Qt::AscendingOrder, "0 1 2 3 4 5");
    row("image down", ImageColumn::Image, Qt::DescendingOrder, "5 4 3 2 1 0");
    row("loss: NaN last, ties as they came", ImageColumn::Loss, Qt::AscendingOrder, "5 3 0 4 2 1");
    row("loss down: NaN last too", ImageColumn::Loss, Qt::DescendingOrder, "2 0 4 3 5 1");
    row("label", ImageColumn::Label, Qt::DescendingOrder, "4 5 2 3 0 1");
    row("suggested: none last", ImageColumn::Suggested, Qt::AscendingOrder, "0 1 2 3 5 4");
    row("suggested down: none last too", ImageColumn::Suggested, Qt::DescendingOrder, "3 5 0 1 2 4");
    row("rank: none last", ImageColumn::Rank, Qt::AscendingOrder, "2 5 1 0 4 3");
    row("rank down", ImageColumn::Rank, Qt::DescendingOrder, "4 0 1 5 2 3");
    row("confidence", ImageColumn::Confidence, Qt::AscendingOrder, "5 4 3 2 1 0");
}

void ImageItemsTest::sorts()
{
    QFETCH(ImageColumn, column);
    QFETCH(Qt::SortOrder, order);
    QFETCH(QString, rows);
    QCOMPARE(joined(sortedRows(six(), {column, order})), rows);
}

void ImageItemsTest::sortsAsStableSortDoes()
{
    std::mt19937 random(3);
    ImageItems items;
    for (int row = 0; row < 5000; ++row) {
        items.ids << train(row);
        items.culprit << (static_cast<float>(random() % 400) - 200) *
                             std::pow(10.0F, static_cast<float>(random() % 9) - 4);
    }
    std::vector<std::int32_t> expected(5000);
    for (int row = 0; row < 5000; ++row)
        expected[static_cast<std::size_t>(row)] = row;
    std::stable_sort(expected.begin(), expected.end(),
                     [&](int a, int b) { return items.culprit.at(a) > items.culprit.at(b); });
    QCOMPARE(sortedRows(items, {ImageColumn::Culprit, Qt::DescendingOrder}), expected);
}

void ImageItemsTest::classPairsComeTogether()
{
    ImageItems items;
    for (int row = 0; row < 6; ++row)
        items.ids << train(row);
    items.label = {1, 2, 1, 2, 3, 1};
    items.suggested = {7, 7, 7, 7, 3, 2};
    items.rank = {5, 1, 2, 6, 3, 4};
    QVERIFY(hasColumn(items, ImageColumn::ClassPair));
    items.probability = {0.9F, 0.6F, 0.8F, 0.5F, 0.1F, 0.2F}; // 1→7: 1.7, 2→7: 1.1, 1→2: 0.2, 3→3: 0.1
    QCOMPARE(joined(sortedRows(items, {ImageColumn::ClassPair})), QStringLiteral("2 0 1 3 5 4"));
    QCOMPARE(joined(sortedRows(items, {ImageColumn::ClassPair, Qt::DescendingOrder})),
             QStringLiteral("4 5 1 3 2 0"));
    items.probability.clear(); // by number then, equal ones by label
    QCOMPARE(joined(sortedRows(items, {ImageColumn::ClassPair})), QStringLiteral("2 0 1 3 5 4"));
    items.suggested.clear();
    QVERIFY(!hasColumn(items, ImageColumn::ClassPair));
}

void ImageItemsTest::undecidedImagesAreFoundInTheOrderShown()
{
    ImageListModel model;
    QVERIFY(model.undecidedAfter(-1, 3).empty());
    model.setItems(six());
    model.setSort({ImageColumn::Image, Qt::DescendingOrder});
    settle(model);
    const data::ImageId decided[] = {model.idAt(1), model.idAt(4)};
    model.setDecisions(decided, Decision::Flag);
    QCOMPARE(model.undecidedAfter(-1, 2), (std::vector<int>{0, 2}));
    QCOMPARE(model.undecidedAfter(3, 9), (std::vector<int>{5, 0, 2}));
    QCOMPARE(model.undecidedAfter(5, 1), (std::vector<int>{0}));
    model.setDecisions(model.idsBetween(0, 5), Decision::Keep);
    QVERIFY(model.undecidedAfter(0, 1).empty());
}

void ImageItemsTest::sortingByAnUnknownColumnKeepsTheOrder()
{
    QVERIFY(!hasColumn(six(), ImageColumn::Influence));
    QCOMPARE(joined(sortedRows(six(), {ImageColumn::Influence, Qt::DescendingOrder})),
             QString("0 1 2 3 4 5"));
}

void ImageItemsTest::modelPassesTheTester()
{
    ImageListModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setItems(six());
    settle(model);
    QCOMPARE(model.rowCount(), 6);
    model.setFilter({.misclassifiedOnly = true});
    settle(model);
    model.setSort({ImageColumn::Loss, Qt::DescendingOrder});
    settle(model);
    const data::ImageId id = train(4);
    model.setDecisions({&id, 1}, Decision::Keep);
    model.setItems({});
    settle(model);
    QCOMPARE(model.rowCount(), 0);
    QVERIFY(!model.data({}, Qt::DisplayRole).isValid());
}

void ImageItemsTest::filterAndSortTogether()
{
    ImageListModel model;
    model.setItems(six());
    model.setSort({ImageColumn::Rank});
    model.setFilter({.labels = {1, 2}});
    settle(model);
    QCOMPARE(shown(model), QString("2 5 4 3"));
    model.setFilter({});
    settle(model);
    QCOMPARE(shown(model), QString("2 5 1 0 4 3"));
}

void ImageItemsTest::positionsAreTheInverse()
{
    ImageListModel model;
    model.setItems(samples::items(500));
    model.setSort({ImageColumn::Suspicion, Qt::DescendingOrder});
    model.setFilter({.labels = {1, 3}});
    settle(model);
    QCOMPARE(model.rowCount(), 100);
    for (int position = 0; position < model.rowCount(); ++position)
        QCOMPARE(model.positionOf(model.idAt(position)), position);
    QCOMPARE(model.positionOf(train(0)), hiddenPosition);
    QCOMPARE(model.positionOf(train(5000)), hiddenPosition);
}

void ImageItemsTest::latestRequestWins()
{
    ImageListModel model;
    model.setItems(samples::items(20000));
    QSignalSpy arrivals(&model, &ImageListModel::arrangementChanged);
    for (int label = 0; label < 10; ++label)
        model.setFilter({.labels = {label}});
    QVERIFY(model.isArranging());
    settle(model);
    // Nothing came in between: answers are only taken by the event loop, and all but the last were stale by
    // then.
    QCOMPARE(arrivals.count(), 1);
    QCOMPARE(model.rowCount(), 2000);
    QCOMPARE(model.idAt(0), train(9));
    QVERIFY(!QTest::qWaitFor([&] { return arrivals.count() > 1; }, 50));
}

void ImageItemsTest::itemsAndFilterArriveTogether()
{
    ImageListModel model;
    model.setItems(samples::items(100));
    settle(model);
    model.setFilter({.misclassifiedOnly = true});
    model.setItems(six());
    QCOMPARE(model.items().size(), 100);
    settle(model);
    QCOMPARE(shown(model), QString("2 5"));
}

void ImageItemsTest::destroyedWhileBusy()
{
    const ImageItems items = samples::items(50000);
    for (int k = 0; k < 20; ++k) {
        ImageListModel model;
        model.setItems(items);
        model.setSort({ImageColumn::Loss, Qt::DescendingOrder});
    }
}

void ImageItemsTest::decisionsSurviveAPendingReset()
{
    ImageListModel model;
    model.setItems(six());
    settle(model);
    model.setItems(six());
    const data::ImageId id = train(4);
    model.setDecisions({&id, 1}, Decision::Relabel, 2);
    settle(model);
    QCOMPARE(model.items().decisionAt(2), Decision::Relabel);
    QCOMPARE(model.items().relabelledAt(2), 2);
}

void ImageItemsTest::decisionsMoveNothingUntilAsked()
{
    ImageListModel model;
    model.setItems(six());
    model.setFilter({.decisions = {Decision::Undecided}});
    settle(model);
    const std::vector<data::ImageId> ids{train(3), train(999)};
    model.setDecisions(ids, Decision::Exclude);
    QVERIFY(!model.isArranging());
    QCOMPARE(shown(model), QString("0 1 2 3 4 5"));
    model.rearrange();
    settle(model);
    QCOMPARE(shown(model), QString("0 2 3 4 5"));
}

void ImageItemsTest::decisionsAreReported()
{
    ImageListModel model;
    model.setItems(six());
    model.setSort({ImageColumn::Image, Qt::DescendingOrder});
    settle(model);
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    const std::vector<data::ImageId> ids{train(0), train(4)};
    model.setDecisions(ids, Decision::Keep);
    QCOMPARE(changes.count(), 1);
    QCOMPARE(changes.first().at(0).toModelIndex().row(), 3);
    QCOMPARE(changes.first().at(1).toModelIndex().row(), 5);
    QCOMPARE(model.index(5).data(ImageListModel::DecisionRole).toInt(), static_cast<int>(Decision::Keep));
    model.setDecisions(ids, Decision::Undecided);
    QCOMPARE(model.items().decisionAt(0), Decision::Undecided);
}

void ImageItemsTest::selectionIsASetOfIds()
{
    ImageSelection selection;
    QSignalSpy changes(&selection, &ImageSelection::selectionChanged);
    selection.replace({train(5), train(1), train(5)});
    QCOMPARE(selection.selected(), (std::vector<data::ImageId>{train(1), train(5)}));
    selection.add({train(3), train(1)});
    selection.remove({train(5), train(6)});
    QCOMPARE(selection.selected(), (std::vector<data::ImageId>{train(1), train(3)}));
    selection.toggle(train(2));
    selection.toggle(train(1));
    QCOMPARE(selection.selected(), (std::vector<data::ImageId>{train(2), train(3)}));
    QVERIFY(selection.contains(train(2)) && !selection.contains(train(1)));
    QCOMPARE(changes.count(), 5);
    selection.add({train(2)});
    QCOMPARE(changes.count(), 5);
    QSignalSpy currents(&selection, &ImageSelection::currentChanged);
    selection.setCurrent(train(9));
    selection.setCurrent(train(9));
    selection.setCurrent(std::nullopt);
    QCOMPARE(currents.count(), 2);
}

void ImageItemsTest::selectionSurvivesTheFilter()
{
    ImageListModel model;
    ImageSelection selection;
    model.setItems(samples::items(1000));
    settle(model);
    QCOMPARE(model.selectionSummary(selection), QString());
    std::vector<data::ImageId> ids;
    for (int row = 0; row < 214; ++row)
        ids.push_back(train(row));
    ids.push_back({data::Part::Test, 7}); // of another grid: not this one's to count
    selection.replace(ids);
    QCOMPARE(model.selectionSummary(selection), QString("214 selected"));
    model.setFilter({.labels = {0, 1, 2, 3, 4, 5, 6}});
    model.setSort({ImageColumn::Loss, Qt::DescendingOrder});
    settle(model);
    QCOMPARE(selection.selected().size(), std::size_t{215});
    QCOMPARE(model.count(selection), (SelectionCount{214, 63}));
    QCOMPARE(model.selectionSummary(selection), QString("214 selected, 63 hidden by the filter"));
}

void ImageItemsTest::rangesAscendWhateverTheOrder()
{
    ImageListModel model;
    model.setItems(samples::items(1000));
    model.setSort({ImageColumn::Rank});
    settle(model);
    const auto few = model.idsBetween(2, 4);
    QCOMPARE(few, (std::vector<data::ImageId>{train(995), train(996), train(997)}));
    const auto many = model.idsBetween(100, 999);
    QCOMPARE(many.size(), std::size_t{900});
    QCOMPARE(many.front(), train(0));
    QCOMPARE(many.back(), train(899));
    QVERIFY(model.idsBetween(5, 4).empty());
}

void ImageItemsTest::wordsAndFacts()
{
    ImageListModel model;
    model.setItems(six());
    settle(model);
    QCOMPARE(model.index(0).data().toString(), QString("cat"));
    QCOMPARE(model.index(2).data().toString(), QString("dog → cat"));
    QCOMPARE(model.index(2).data(Qt::AccessibleTextRole).toString(),
             QString("train 4, label dog, the model says cat, suggested cat, rank 1, culprit"));
    const data::ImageId id = train(4);
    model.setDecisions({&id, 1}, Decision::Relabel, 2);
    QCOMPARE(model.index(2).data().toString(), QString("dog → owl"));
    QVERIFY(model.index(2).data(Qt::AccessibleTextRole).toString().endsWith("decision: relabel"));
    QStringList facts;
    for (const ImageFact& fact : model.factsOf(id))
        facts << fact.name + "=" + fact.value;
    QCOMPARE(facts.join("; "),
             QString("Image=train 4; File=dogs/rex.png; Label=dog; Model says=cat; Suggested=cat; "
                     "Confidence=70.0 %; Loss=3; Rank=1; Marks=culprit; Decision=relabel; "
                     "New label=owl"));
    QVERIFY(model.factsOf(train(1000)).isEmpty());
    // What a file is called is no markup.
    ImageItems items = six();
    items.files[0] = "<b>&.png";
    model.setItems(items);
    settle(model);
    QVERIFY(model.index(0).data(Qt::ToolTipRole).toString().contains("&lt;b&gt;&amp;.png"));
}

void ImageItemsTest::barsAreSharesOfTheLargest()
{
    ImageListModel model;
    ImageItems items = six();
    items.influence = {1, -3, 4, missing, 0, 2};
    model.setItems(items);
    settle(model);
    const auto bar = [&](int row) { return model.index(row).data(ImageListModel::InfluenceBarRole); };
    QCOMPARE(bar(0).toFloat(), 0.25F);
    QCOMPARE(bar(1).toFloat(), 0.0F);
    QCOMPARE(bar(2).toFloat(), 1.0F);
    QVERIFY(!bar(3).isValid());
    QVERIFY(!model.index(0).data(ImageListModel::SuspicionBarRole).isValid());
}

void ImageItemsTest::proposedClass_data()
{
    QTest::addColumn<int>("predicted");
    QTest::addColumn<int>("suggested");
    QTest::addColumn<int>("relabelled");
    QTest::addColumn<int>("proposed");
    QTest::newRow("all agree") << 1 << 1 << noClass << noClass;
    QTest::newRow("the model alone") << 2 << noClass << noClass << 2;
    QTest::newRow("the scores over the model") << 2 << 0 << noClass << 0;
    QTest::newRow("the scores stand by the label") << 2 << 1 << noClass << noClass;
    QTest::newRow("the person over all") << 2 << 0 << 3 << 3;
    QTest::newRow("nothing known") << noClass << noClass << noClass << noClass;
}

void ImageItemsTest::proposedClass()
{
    QFETCH(int, predicted);
    QFETCH(int, suggested);
    QFETCH(int, relabelled);
    QFETCH(int, proposed);
    ImageItems items;
    items.ids = {train(0)};
    items.label = {1};
    items.predicted = {predicted};
    items.suggested = {suggested};
    items.relabelled = {relabelled};
    QCOMPARE(culprit::ui::proposedClass(items, 0), proposed);
}

QTEST_MAIN(ImageItemsTest)
#include "tst_image_items.moc"
