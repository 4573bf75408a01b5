// SPDX-License-Identifier: GPL-3.0-or-later
// What is exported is read back with the project's own readers and has to be what was decided.
#include "../data/tiny_sets.h"
#include "data/io/read_data_set.h"
#include "data/io/write_data_set.h"
#include "data/labels.h"
#include "review/exports.h"
#include "review/overlay.h"
#include "review_samples.h"

#include <QTemporaryDir>
#include <QTest>

using namespace culprit;
using namespace culprit::review;
using namespace culprit::review::samples;
namespace fs = std::filesystem;

namespace {

const std::vector<std::string> oddNames{"=1+1", "<b>", "a,b\"c", "\u202Ertl"};

/// Relabels 0 and 2, excludes 3, keeps 4 of seven images.
Reading someDecisions()
{
    Reading reading;
    reading.decisions = {
        {image(0), relabel(2)}, {image(2), relabel(3)}, {image(3), exclude()}, {image(4), keep()}};
    return reading;
}

fs::path pathIn(const QTemporaryDir& folder, const char* name)
{
    return fs::path(folder.path().toStdString()) / name;
}

Expected<data::DataSet> read(const fs::path& path)
{
    return data::readDataSet(path, {}, {});
}

} // namespace

class ExportsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void correctedLabelsReadBackAsDecided();
    void excludedImagesAreListed();
    void listsComeInSourceOrder();
    void issueColumnsFollowTheDecisions();
    void idxAndNpzLoadAsTheSameSetWithTheNewLabels_data();
    void idxAndNpzLoadAsTheSameSetWithTheNewLabels();
    void foldersHaveNoLabelFile();
    void manifestsKeepEverythingElse();
    void manifestsThatChangedAreRefused();
    void aClassMayNotVanishFromAManifest();
    void unknownClassesAreRefused();
};

void ExportsTest::correctedLabelsReadBackAsDecided()
{
    auto data = data::tinySet({1, 2, 2}, oddNames);
    const auto table = correctedLabels(listOf(data.train, data.classNames), someDecisions());
    QVERIFY(table);
    QCOMPARE(table->rows.size(), data.train.labels.size());
    const QTemporaryDir folder;
    data::writeText(pathIn(folder, "corrected_labels.csv"), csvText(*table));
    auto train = data.train;
    QVERIFY(data::overlayLabels(train, 7, data.classNames, pathIn(folder, "corrected_labels.csv")));
    const auto overlay = overlayOf(data.train, 4, someDecisions());
    QCOMPARE(train.labels, overlay->labels);
    const auto again = parseCsv(csvText(*table), "t");
    QCOMPARE(again->rows[0].fields, (std::vector<std::string>{"0", "", "a,b\"c", "0"}));
    QCOMPARE(again->rows[2].fields[2], std::string("\u202Ertl"));
    QCOMPARE(again->rows[3].fields, (std::vector<std::string>{"3", "", "\u202Ertl", "1"}));
    QCOMPARE(again->rows[4].fields, (std::vector<std::string>{"4", "", "=1+1", "0"}));
    QCOMPARE(spreadsheetSafe(*again).rows[4].fields[2], std::string("'=1+1"));
}

void ExportsTest::excludedImagesAreListed()
{
    const auto data = data::tinySet({1, 2, 2}, oddNames);
    const auto table = excludedImages(listOf(data.train, data.classNames), someDecisions());
    QVERIFY(table);
    QCOMPARE(csvText(*table), std::string("index,file,label\n3,,\u202Ertl\n"));
}

void ExportsTest::listsComeInSourceOrder()
{
    Ranking three = ranking({0.9F, 0.5F, 0.1F});
    three.index = {30, 10, 20};
    three.label = {3, 1, 2};
    three.files = {"c", "a", "b"};
    const auto list = listOf(three, oddNames);
    QCOMPARE(list.index, (std::vector<std::int64_t>{10, 20, 30}));
    QCOMPARE(list.label, (std::vector<std::int32_t>{1, 2, 3}));
    QCOMPARE(list.files, (std::vector<std::string>{"a", "b", "c"}));
    QCOMPARE(*list.rowOf(20), std::size_t{1});
    QVERIFY(!list.rowOf(15));
}

void ExportsTest::issueColumnsFollowTheDecisions()
{
    Ranking five = ranking({0.9F, 0.75F, 0.5F, 0.25F, 0.0F});
    five.selected = {1, 1, 1, 0, 0};
    Reading reading;
    reading.decisions = {
        {image(10), keep()}, {image(20), flag()}, {image(40), exclude()}, {image(50), relabel(1)}};
    QCOMPARE(csvText(issueColumns(five, {"cat", "dog"}, reading)),
             std::string("index,file,is_label_issue,label_quality,given_label,predicted_label\n"
                         "10,,False,0.10000002384185791,cat,dog\n"
                         "20,,True,0.25,cat,dog\n"
                         "30,,True,0.5,cat,dog\n"
                         "40,,True,0.75,cat,dog\n"
                         "50,,True,1,cat,dog\n"));
}

void ExportsTest::idxAndNpzLoadAsTheSameSetWithTheNewLabels_data()
{
    QTest::addColumn<int>("channels");
    QTest::addColumn<bool>("compressed");
    QTest::newRow("idx, compressed") << 1 << true;
    QTest::newRow("idx") << 1 << false;
    QTest::newRow("npz") << 3 << true;
}

void ExportsTest::idxAndNpzLoadAsTheSameSetWithTheNewLabels()
{
    QFETCH(int, channels);
    QFETCH(bool, compressed);
    const QTemporaryDir folder;
    const auto set = pathIn(folder, "set");
    QVERIFY(data::writeDataSet(data::tinySet({channels, 4, 5}, {"zero", "one", "two", "three"}), set));
    const auto path = channels == 1 ? set : set / "data.npz";
    const auto data = read(path);
    QVERIFY(data);
    const auto overlay = overlayOf(data->train, data->classes(), someDecisions());
    const auto file = labelsInFormat(*data, overlay->labels, compressed);
    QVERIFY(file);
    if (channels == 1)
        fs::remove(set / "train-labels-idx1-ubyte.gz");
    QCOMPARE(QString::fromStdString(file->name), channels == 3 ? "data.npz"
                                                 : compressed  ? "train-labels-idx1-ubyte.gz"
                                                               : "train-labels-idx1-ubyte");
    data::writeBytes(set / file->name, file->bytes);
    const auto again = read(path);
    QVERIFY2(again, again ? "" : again.error().text.c_str());
    QCOMPARE(again->train.labels, overlay->labels);
    QCOMPARE(again->classNames, data->classNames);
    auto sameLabels = again->train;
    sameLabels.labels = data->train.labels;
    QCOMPARE(data::fingerprint(sameLabels), data::fingerprint(data->train));
    QCOMPARE(data::fingerprint(again->test), data::fingerprint(data->test));
}

void ExportsTest::foldersHaveNoLabelFile()
{
    auto data = data::tinySet({1, 2, 2}, oddNames);
    data.format = data::Format::Folder;
    QCOMPARE(labelsInFormat(data, data.train.labels, true).error().kind, Error::Kind::Unsupported);
    data.format = data::Format::Cifar;
    const auto file = labelsInFormat(data, data.train.labels, true);
    QVERIFY(file);
    const QTemporaryDir folder;
    data::writeBytes(pathIn(folder, "train_labels.npy"), file->bytes);
    auto train = data.train;
    std::fill(train.labels.begin(), train.labels.end(), 0);
    QVERIFY(data::overlayLabels(train, 7, data.classNames, pathIn(folder, "train_labels.npy")));
    QCOMPARE(train.labels, data.train.labels);
}

namespace {

const std::string manifest = "site,path,label,split,case_id\r\n"
                             "\"A, north\",t0.png,=1+1,test,p9\r\n"
                             "B,0.png,=1+1,train,p1\r\n"
                             "B,1.png,<b>,TRAIN,p1\r\n"
                             "B,2.png,\"a,b\"\"c\",train,p2\r\n"
                             "B,3.png,=1+1,train,p2\r\n"
                             "B,4.png,\"a,b\"\"c\",train,\r\n";

TrainingList manifestList()
{
    return {{0, 1, 2, 3, 4},
            {"0.png", "1.png", "2.png", "3.png", "4.png"},
            {1, 0, 2, 1, 2},
            {"<b>", "=1+1", "a,b\"c"}};
}

} // namespace

void ExportsTest::manifestsKeepEverythingElse()
{
    Reading reading;
    reading.decisions = {{image(2), relabel(1)}, {image(3), exclude()}};
    const auto edited = editedManifest(manifest, "m.csv", manifestList(), reading);
    QVERIFY2(edited, edited ? "" : edited.error().text.c_str());
    QCOMPARE(csvText(*edited), std::string("site,path,label,split,case_id\n"
                                           "\"A, north\",t0.png,=1+1,test,p9\n"
                                           "B,0.png,=1+1,train,p1\n"
                                           "B,1.png,<b>,TRAIN,p1\n"
                                           "B,2.png,=1+1,train,p2\n"
                                           "B,4.png,\"a,b\"\"c\",train,\n"));
}

void ExportsTest::manifestsThatChangedAreRefused()
{
    auto list = manifestList();
    list.files[2] = "other.png";
    const auto edited = editedManifest(manifest, "m.csv", list, {});
    QVERIFY(!edited);
    QVERIFY(edited.error().text.starts_with("m.csv, line 5:"));
    QVERIFY(!editedManifest("a,b\n1,2\n", "m.csv", manifestList(), {}));
}

void ExportsTest::aClassMayNotVanishFromAManifest()
{
    Reading reading;
    reading.decisions = {{image(1), exclude()}};
    const auto edited = editedManifest(manifest, "m.csv", manifestList(), reading);
    QVERIFY(!edited);
    QVERIFY(edited.error().text.find("<b>") != std::string::npos);
}

void ExportsTest::unknownClassesAreRefused()
{
    Reading reading;
    reading.decisions = {{image(1), relabel(3)}};
    QVERIFY(!correctedLabels(manifestList(), reading));
    QVERIFY(!excludedImages(manifestList(), reading));
    QVERIFY(!editedManifest(manifest, "m.csv", manifestList(), reading));
}

QTEST_APPLESS_MAIN(ExportsTest)
#include "tst_exports.moc"
