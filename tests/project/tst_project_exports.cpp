// SPDX-License-Identifier: GPL-3.0-or-later
// Decisions as files: in the data's own format they load again and differ in the labels alone; nothing that
// is there is written over.
#include "project_samples.h"
#include "tiny_sets.h"

#include "base/csv.h"
#include "data/io/read_data_set.h"
#include "data/io/write_data_set.h"
#include "project/exports.h"

#include <QTest>
#include <fstream>

using namespace culprit;
using namespace culprit::project;
using namespace culprit::project::samples;
using review::Verdict;

namespace {

const ExportKind* kindNamed(std::string_view name)
{
    for (const auto& kind : exportKinds())
        if (kind.name == name)
            return &kind;
    return nullptr;
}

std::vector<std::string> namesOf(const ExportedFiles& files)
{
    std::vector<std::string> names;
    for (const auto& file : files)
        names.push_back(file.name);
    return names;
}

} // namespace

class ProjectExportsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyKindHasWords();
    void disarmsForSpreadsheetsOnly();
    void loadsAgainInItsOwnFormat_data();
    void loadsAgainInItsOwnFormat();
    void refusesTheWrongFormat();
    void neverOverwrites();
};

void ProjectExportsTest::everyKindHasWords()
{
    QCOMPARE(exportKinds().size(), std::size_t{7});
    for (const auto& kind : exportKinds())
        QVERIFY(!kind.what.empty() && kind.make);
}

void ProjectExportsTest::disarmsForSpreadsheetsOnly()
{
    ExportedFiles files;
    addTable(files, "plain", {{"label"}, {{1, {"zero"}}}});
    addTable(files, "formula", {{"label"}, {{1, {"=1+1"}}}});
    QVERIFY(namesOf(files) ==
            (std::vector<std::string>{"plain.csv", "formula.csv", "formula.spreadsheet.csv"}));
}

void ProjectExportsTest::loadsAgainInItsOwnFormat_data()
{
    QTest::addColumn<qint64>("channels"); // grey sets are written as IDX, others as NPZ
    QTest::addColumn<QString>("file");
    QTest::newRow("idx") << qint64{1} << "";
    QTest::newRow("npz") << qint64{3} << "data.npz";
}

void ProjectExportsTest::loadsAgainInItsOwnFormat()
{
    QFETCH(qint64, channels);
    QFETCH(QString, file);
    const QTemporaryDir folder;
    const auto set = fileIn(folder, "set");
    QVERIFY(data::writeDataSet(data::tinySet({channels, 3, 5}, {"0", "1", "2"}), set));
    const auto path = file.isEmpty() ? set : set / file.toStdString();
    auto before = data::readDataSet(path, {}, {});
    QVERIFY2(before, before ? "" : before.error().text.c_str());

    Setup about = setup();
    about.trainLabels.reset();
    about.data.path = path.string();
    about.format = data::nameOf(before->format);
    about.classNames = before->classNames;
    review::Reading reading;
    const std::int32_t other = before->train.labels[0] == 0 ? 1 : 0;
    reading.decisions[image(0)] = {Verdict::Relabel, other, {}};
    reading.decisions[image(1)] = {Verdict::Exclude, -1, {}};
    const review::Ranking none;
    const auto files = kindNamed("dataset")->make({about, none, reading, {}}, {});
    QVERIFY2(files, files ? "" : files.error().text.c_str());
    QCOMPARE(files->size(), std::size_t{1});

    const bool isFolder = std::filesystem::is_directory(path);
    const auto target = isFolder ? path / files->front().name : path;
    std::ofstream(target, std::ios::binary)
        .write(reinterpret_cast<const char*>(files->front().bytes.data()),
               static_cast<std::streamsize>(files->front().bytes.size()));
    auto after = data::readDataSet(path, {}, {});
    QVERIFY2(after, after ? "" : after.error().text.c_str());
    auto expected = before->train.labels;
    expected[0] = other;
    QVERIFY(after->train.labels == expected);
    QVERIFY(std::ranges::equal(after->train.pixels.bytes, before->train.pixels.bytes));
    QCOMPARE(data::fingerprint(after->test), data::fingerprint(before->test));
}

void ProjectExportsTest::refusesTheWrongFormat()
{
    Setup about = setup();
    about.format = "folder";
    const review::Ranking none;
    const review::Reading reading;
    const auto files = kindNamed("dataset")->make({about, none, reading, {}}, {});
    QVERIFY(!files);
    QCOMPARE(files.error().kind, Error::Kind::Unsupported);
    QVERIFY(files.error().text.find("export moves") != std::string::npos);
}

void ProjectExportsTest::neverOverwrites()
{
    const QTemporaryDir folder;
    const auto out = fileIn(folder, "out");
    const ExportedFiles files{{"a.csv", {std::byte{'a'}}}, {"b.csv", {std::byte{'b'}}}};
    QVERIFY(writeExports(files, out));
    std::filesystem::remove(out / "a.csv");
    QVERIFY(!writeExports(files, out));
    QVERIFY(!std::filesystem::exists(out / "a.csv")); // all or nothing
}

QTEST_APPLESS_MAIN(ProjectExportsTest)

#include "tst_project_exports.moc"
