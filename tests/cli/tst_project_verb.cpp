// SPDX-License-Identifier: GPL-3.0-or-later
// A project from making it to its exports by the command line alone, on a small drawn set.
#include "data/demo_set.h"
#include "data/io/read_data_set.h"
#include "data/io/write_data_set.h"
#include "data/labels.h"
#include "project/project.h"
#include "report/review_section.h"
#include "review/decision_tables.h"
#include "run_cli.h"

#include <QDir>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

using namespace culprit;
using namespace culprit::tests;

namespace {

Finished run(const QStringList& words)
{
    return runCli(QStringList{"project"} + words);
}

/// Names, sizes, times and bytes of everything in a folder.
QByteArray stateOf(const QString& folder)
{
    QByteArray state;
    for (const auto& entry : QDir(folder).entryInfoList(QDir::Files | QDir::Hidden, QDir::Name))
        state += entry.fileName().toUtf8() + entry.lastModified().toString(Qt::ISODateWithMs).toUtf8() +
                 content(entry.filePath());
    return state;
}

} // namespace

class ProjectVerbTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void needsCausesFirst();
    void runKeepsTheResults();
    void decides();
    void asksForTheReviewerOnce();
    void takesBackAndMakesAgain();
    void readsATable();
    void namesWhatIsWrong_data();
    void namesWhatIsWrong();
    void secondReaderAgrees();
    void repairsWithTheDecisions();
    void exportsWhatWasDecided();
    void neverOverwrites();
    void reportsWithoutTheData();
    void reportsWhatWasDecided();
    void theReportsLineMakesItAgain();
    void verifiesAndNamesTheChangedLine();
    void relinks();
    void findsItsPreprocessingFromAnywhere();
    void leavesTheDataAlone();

private:
    QString at(const QString& name) const { return m_folder.filePath(name); }
    Finished decide(const QStringList& words) const
    {
        return run(QStringList{"decide", at("case.culprit")} + words);
    }
    Expected<project::Project> open() const
    {
        return project::Project::open(at("case.culprit").toStdString());
    }

    QTemporaryDir m_folder;
    QByteArray m_dataBefore;
};

void ProjectVerbTest::initTestCase()
{
    const auto demo = data::drawDemoSet({.train = 300, .test = 200});
    QVERIFY(data::writeDataSet(demo.data, at("data").toStdString()).has_value());
    QCOMPARE(runCli({"train", "--data", at("data"), "--out", at("m.pt"), "--epochs", "6"}).status, 0);
    m_dataBefore = stateOf(at("data"));
    const auto made =
        run({"new", at("case.culprit"), "--model", at("m.pt"), "--data", at("data"), "--seed", "3"});
    QVERIFY2(made.status == 0, qPrintable(made.err));
    QVERIFY(made.out.contains("300 training"));
    const auto again = run({"new", at("case.culprit"), "--model", at("m.pt"), "--data", at("data")});
    QCOMPARE(again.status, 3);
    QVERIFY(again.err.contains("not overwritten"));
    QCOMPARE(open()->setup().seed, std::uint64_t{3});
}

void ProjectVerbTest::needsCausesFirst()
{
    for (const QStringList& words :
         {QStringList{"repair", at("case.culprit")},
          QStringList{"export", at("case.culprit"), "--what", "labels", "--out", at("none")},
          QStringList{"report", at("case.culprit"), "--out", at("none.html")}}) {
        const auto finished = run(words);
        QCOMPARE(finished.status, 3);
        QVERIFY2(finished.err.contains("project run"), qPrintable(finished.err));
    }
}

void ProjectVerbTest::runKeepsTheResults()
{
    const auto finished = run({"run", at("case.culprit"), "--cut", "top:20", "--json"});
    QVERIFY2(finished.status == 0, qPrintable(finished.err));
    const auto project = open();
    QVERIFY(project);
    const auto kept = project->latestInvestigation();
    QVERIFY(kept && *kept);
    QCOMPARE((*kept)->ranking.size(), std::size_t{300});
    QCOMPARE(std::count((*kept)->ranking.selected.begin(), (*kept)->ranking.selected.end(), 1), 20);
    QCOMPARE((*kept)->result.treatments.size(), std::size_t{1});
    QCOMPARE(QString::fromStdString(report::toJson((*kept)->result)), finished.out);
    QCOMPARE(project->thumbnails(data::Part::Train)->size(), std::size_t{300});
    const auto sets = project->failureSets();
    QVERIFY(!sets->front().query.empty() && !sets->front().holdout.empty());
}

void ProjectVerbTest::asksForTheReviewerOnce()
{
    QCOMPARE(open()->reviewer(), std::string("Ada"));
}

void ProjectVerbTest::decides()
{
    const auto nobody = decide({"--image", "5", "--as", "keep"});
    QCOMPARE(nobody.status, 3);
    QVERIFY(nobody.err.contains("--reviewer"));

    const auto first = decide({"--image", "5", "--as", "relabel", "--label", "9", "--note",
                               "a nine, \"surely\"", "--reviewer", "Ada", "--json"});
    QVERIFY2(first.status == 0, qPrintable(first.err));
    QCOMPARE(jsonOf(first.out)["written"].toInt(), 1);
    QCOMPARE(jsonOf(first.out)["relabelled"].toInt(), 1);
    const auto same =
        decide({"--image", "5", "--as", "relabel", "--label", "9", "--note", "a nine, \"surely\"", "--json"});
    QCOMPARE(jsonOf(same.out)["written"].toInt(), 0);
    const auto second = decide({"--image", "6", "--as", "exclude"});
    QVERIFY2(second.out.contains("1 relabelled, 1 excluded"), qPrintable(second.out));
    QVERIFY(second.out.contains("are expected to hold"));

    const auto project = open();
    const auto& decision = project->journal().reading("Ada").of({data::Part::Train, 5});
    QCOMPARE(decision, (review::Decision{review::Verdict::Relabel, 9, "a nine, \"surely\""}));
}

void ProjectVerbTest::takesBackAndMakesAgain()
{
    const auto state = jsonOf(run({"undo", at("case.culprit"), "--json"}).out);
    QCOMPARE(state["excluded"].toInt(), 0);
    QCOMPARE(jsonOf(run({"redo", at("case.culprit"), "--json"}).out)["excluded"].toInt(), 1);
    QCOMPARE(jsonOf(run({"redo", at("case.culprit"), "--json"}).out)["written"].toInt(), 0);
}

void ProjectVerbTest::readsATable()
{
    QVERIFY(write(at("decisions.csv"),
                  "index,decision,label,note\n7,keep,,\n8,relabel,3,looks like it\n9,flag,,\n"));
    const auto finished = decide({"--decisions", at("decisions.csv"), "--json"});
    QVERIFY2(finished.status == 0, qPrintable(finished.err));
    QCOMPARE(jsonOf(finished.out)["written"].toInt(), 3);
    QCOMPARE(jsonOf(run({"undo", at("case.culprit"), "--json"}).out)["kept"].toInt(), 0); // one step
    QCOMPARE(jsonOf(run({"redo", at("case.culprit"), "--json"}).out)["kept"].toInt(), 1);
}

void ProjectVerbTest::namesWhatIsWrong_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("says");
    QTest::newRow("nothing") << QStringList{} << 3 << "--image and --as";
    QTest::newRow("no such word") << QStringList{"--image", "1", "--as", "drop"} << 2 << "drop";
    QTest::newRow("no such class") << QStringList{"--image", "1", "--as", "relabel", "--label", "ten"} << 3
                                   << "no class";
    QTest::newRow("no such image") << QStringList{"--image", "300", "--as", "keep"} << 3
                                   << "no training image 300";
    QTest::newRow("negative image") << QStringList{"--image", "-1", "--as", "keep"} << 2 << "image";
}

void ProjectVerbTest::namesWhatIsWrong()
{
    QFETCH(QStringList, words);
    QFETCH(int, status);
    QFETCH(QString, says);
    const auto before = content(at("case.culprit"));
    const auto finished = decide(words);
    QVERIFY2(finished.err.contains(says), qPrintable(finished.err));
    QCOMPARE(finished.status, status);
    QCOMPARE(content(at("case.culprit")), before);
    QCOMPARE(QDir(m_folder.path()).entryList({"case.culprit*"}), QStringList{"case.culprit"});
}

void ProjectVerbTest::secondReaderAgrees()
{
    QVERIFY(write(at("second.csv"), "index,decision,label\n5,relabel,9\n6,keep,\n7,keep,\n8,relabel,3\n"));
    const auto finished = decide({"--decisions", at("second.csv"), "--reviewer", "Bob"});
    QVERIFY2(finished.out.contains("agreement with Ada: 3 of 4, Cohen's kappa 0.6"),
             qPrintable(finished.out));
    QCOMPARE(open()->reviewer(), std::string("Ada"));
    QCOMPARE(open()->journal().reading("Ada").of({data::Part::Train, 6}).verdict, review::Verdict::Exclude);
}

void ProjectVerbTest::repairsWithTheDecisions()
{
    const auto finished = run({"repair", at("case.culprit"), "--treatments", "relabel-rehearse", "--out",
                               at("repaired.pt"), "--json"});
    QVERIFY2(finished.status == 0, qPrintable(finished.err));
    const auto repairs = open()->repairs();
    QVERIFY(repairs);
    QCOMPARE(repairs->size(), std::size_t{1});
    QCOMPARE(repairs->front().decisions, open()->journal().stateHash());
    QVERIFY(QFile::exists(at("repaired.pt")) && QFile::exists(at("repaired.pt.json")));
}

void ProjectVerbTest::exportsWhatWasDecided()
{
    const auto finished = run({"export", at("case.culprit"), "--what",
                               "labels,causes,issues,decisions,audit,dataset", "--out", at("out")});
    QVERIFY2(finished.status == 0, qPrintable(finished.err));
    QCOMPARE(QDir(at("out")).entryList(QDir::Files, QDir::Name),
             (QStringList{"audit.csv", "causes.csv", "corrected_labels.csv", "decisions.csv", "excluded.csv",
                          "label_issues.csv", "train-labels-idx1-ubyte.gz"}));
    const auto unfit = run({"export", at("case.culprit"), "--what", "moves", "--out", at("unfit")});
    QCOMPARE(unfit.status, 3);
    QVERIFY2(unfit.err.contains("export labels"), qPrintable(unfit.err));

    const auto project = open();
    const auto& reading = project->journal().reading("Ada");
    const auto edits =
        review::readDecisions(at("out/decisions.csv").toStdString(), project->setup().classNames);
    QVERIFY(edits);
    QCOMPARE(edits->size(), reading.decisions.size());
    for (const auto& edit : *edits)
        QCOMPARE(edit.decision, reading.of(edit.image));

    const auto original = data::readDataSet(at("data").toStdString(), {}, {});
    auto train = original->train;
    QVERIFY(
        data::overlayLabels(train, 300, original->classNames, at("out/corrected_labels.csv").toStdString()));
    QVERIFY(QProcess::execute("cp", {"-r", at("data"), at("corrected")}) == 0);
    QVERIFY(QFile::remove(at("corrected/train-labels-idx1-ubyte.gz")));
    QVERIFY(QFile::copy(at("out/train-labels-idx1-ubyte.gz"), at("corrected/train-labels-idx1-ubyte.gz")));
    const auto corrected = data::readDataSet(at("corrected").toStdString(), {}, {});
    QVERIFY(corrected);
    QCOMPARE(corrected->train.labels, train.labels);
    QCOMPARE(train.labels[5], 9);
    QCOMPARE(content(at("out/excluded.csv")).count('\n'), 2);
    QCOMPARE(content(at("out/corrected_labels.csv")).count('\n'), 301);
    QCOMPARE(content(at("out/corrected_labels.csv")).count(",1\n"), 1);
}

void ProjectVerbTest::neverOverwrites()
{
    const auto before = stateOf(at("out"));
    const auto finished = run({"export", at("case.culprit"), "--what", "labels", "--out", at("out")});
    QCOMPARE(finished.status, 3);
    QVERIFY(finished.err.contains("not overwritten"));
    QCOMPARE(run({"export", at("case.culprit"), "--what", "dataset", "--out", at("data")}).status, 3);
    QCOMPARE(stateOf(at("out")), before);
}

void ProjectVerbTest::reportsWithoutTheData()
{
    QVERIFY(QDir().rename(at("data"), at("away")));
    const auto finished = run({"report", at("case.culprit"), "--out", at("report.html")});
    QVERIFY2(finished.status == 0, qPrintable(finished.err));
    QVERIFY(content(at("report.html")).contains("data:image/png"));
    const auto told = run({"report", at("case.culprit"), "--out", at("report.html"), "--json"});
    QCOMPARE(jsonOf(told.out)["report"].toString(), at("report.html"));
    const auto stopped = run({"run", at("case.culprit")});
    QCOMPARE(stopped.status, 3);
    QVERIFY2(stopped.err.contains("relink"), qPrintable(stopped.err));
    QVERIFY(QDir().rename(at("away"), at("data")));
}

void ProjectVerbTest::reportsWhatWasDecided()
{
    const auto finished = run({"report", at("case.culprit"), "--out", at("decided.html")});
    QVERIFY2(finished.status == 0, qPrintable(finished.err));
    const QByteArray html = content(at("decided.html"));
    const auto review = report::reviewSectionOf(open()->journal(), "Ada", 300, {}); // open() locks the file
    QVERIFY(review);
    const auto& counts = review->counts;
    QVERIFY(counts.decided() > 0);
    QVERIFY(html.contains(QByteArray::number(qint64(counts.kept)) + " kept, " +
                          QByteArray::number(qint64(counts.relabelled)) + " relabelled"));
    QVERIFY(html.contains("<bdi>Ada</bdi>") && html.contains("<bdi>Bob</bdi> decided"));
    QVERIFY(html.contains("Cohen’s kappa"));
    QVERIFY(html.contains(review->trailHash.c_str()));
    QVERIFY(html.contains("a nine, &quot;surely&quot;") || html.contains("a nine, &#34;surely&#34;"));
    QVERIFY(!html.contains("after the repair")); // it was made with these decisions
    const auto withoutDate = [](QByteArray page) {
        const auto from = page.indexOf("<time");
        return page.remove(from, page.indexOf("</time>") - from);
    };
    QCOMPARE(run({"report", at("case.culprit"), "--out", at("again.html")}).status, 0);
    QCOMPARE(withoutDate(content(at("again.html"))), withoutDate(html));
}

/// On a copy: the line goes on with the project.
void ProjectVerbTest::theReportsLineMakesItAgain()
{
    QVERIFY(QFile::copy(at("case.culprit"), at("copy.culprit")));
    QCOMPARE(run({"report", at("copy.culprit"), "--out", at("copy.html")}).status, 0);
    const QString html = QString::fromUtf8(content(at("copy.html")));
    const auto from = html.indexOf("<pre><code>") + 11;
    const QString line = html.mid(from, html.indexOf("</code></pre>") - from);
    QVERIFY2(line.startsWith("culprit-cli project run ") && !line.contains('&'), qPrintable(line));
    QStringList words = QProcess::splitCommand(QString(line).replace('\'', '"'));
    words.removeFirst();
    const auto finished = runCli(words + QStringList{"--json"});
    QVERIFY2(finished.status == 0, qPrintable(finished.err));
    const auto repair = open()->repairs()->back().result.treatments.at(0);
    const auto treated = jsonOf(finished.out)["treatments"].toArray().at(0).toObject();
    QCOMPARE(treated["method"].toString().toStdString(), repair.method);
    QCOMPARE(treated["after"].toObject()["holdout"].toDouble(), repair.after.holdout);
    QCOMPARE(treated["after"].toObject()["test"].toDouble(), repair.after.test);
    QCOMPARE(treated["fixed"].toInt(), int(repair.fixed));
    QCOMPARE(treated["broken"].toInt(), int(repair.broken));
    // The same with files alone: the ranking as it was found, and the decisions.
    const auto treat =
        runCli({"run", "--model", at("m.pt"), "--data", at("data"), "--seed", "3", "--cut", "top:20",
                "--decisions", at("out/decisions.csv"), "--out", at("files"), "--json"});
    QVERIFY2(treat.status == 0, qPrintable(treat.err));
    const auto again = jsonOf(treat.out)["treatments"].toArray().at(0).toObject();
    for (const char* part : {"after", "before", "fixed", "broken"})
        QCOMPARE(again[part], treated[part]);
    QVERIFY(content(at("files/report.html")).contains("id=\"review\""));
    QVERIFY(content(at("files/report.html")).contains("--decisions"));
}

void ProjectVerbTest::verifiesAndNamesTheChangedLine()
{
    const auto sound = run({"verify", at("case.culprit"), "--audit", at("out/audit.csv")});
    QVERIFY2(sound.status == 0, qPrintable(sound.err));
    QVERIFY(sound.out.contains("is sound"));

    auto audit = content(at("out/audit.csv"));
    QVERIFY(write(at("changed.csv"), audit.replace("looks like it", "looks like IT")));
    const auto changed = run({"verify", at("case.culprit"), "--audit", at("changed.csv")});
    QCOMPARE(changed.status, 3);
    QVERIFY2(changed.err.contains("line 6 "), qPrintable(changed.err));

    auto bytes = content(at("case.culprit"));
    const auto place = bytes.indexOf("looks like it");
    QVERIFY(place > 0);
    bytes[place] = 'L';
    QVERIFY(write(at("doctored.culprit"), bytes));
    const auto doctored = run({"verify", at("doctored.culprit")});
    QCOMPARE(doctored.status, 3);
    QVERIFY2(doctored.err.contains("line ") && doctored.err.contains("was changed"),
             qPrintable(doctored.err));
}

void ProjectVerbTest::relinks()
{
    QVERIFY(QFile::copy(at("m.pt"), at("moved.pt")));
    const auto moved =
        run({"relink", at("case.culprit"), "--model", at("moved.pt"), "--data", at("data"), "--json"});
    QVERIFY2(moved.status == 0, qPrintable(moved.err));
    QCOMPARE(jsonOf(moved.out), (QJsonObject{{"model", at("moved.pt")}, {"data", at("data")}}));
    QCOMPARE(open()->setup().model.path, at("moved.pt").toStdString());
    const auto other = run({"relink", at("case.culprit"), "--model", at("repaired.pt")});
    QCOMPARE(other.status, 3);
    QVERIFY(other.err.contains("another model"));
    const auto otherData = run({"relink", at("case.culprit"), "--data", at("corrected")});
    QCOMPARE(otherData.status, 3);
    QCOMPARE(run({"relink", at("case.culprit")}).status, 3);
}

void ProjectVerbTest::findsItsPreprocessingFromAnywhere()
{
    QVERIFY(write(at("half.json"), R"({"name": "half", "mean": [0.5], "std": [0.5]})"));
    const auto made = runCli({"project", "new", at("half.culprit"), "--model", at("m.pt"), "--data",
                              at("data"), "--preprocess", "half.json"},
                             m_folder.path());
    QVERIFY2(made.status == 0, qPrintable(made.err));
    const auto found = run({"run", at("half.culprit"), "--cut", "top:20"});
    QVERIFY2(found.status == 0, qPrintable(found.err));
    const auto preset = run(
        {"new", at("preset.culprit"), "--model", at("m.pt"), "--data", at("data"), "--preprocess", "mnist"});
    QVERIFY2(preset.status == 0, qPrintable(preset.err));
    const auto project = project::Project::open(at("preset.culprit").toStdString());
    QCOMPARE(project->setup().preprocess, std::optional<std::string>("mnist"));
}

void ProjectVerbTest::leavesTheDataAlone()
{
    QCOMPARE(stateOf(at("data")), m_dataBefore);
}

QTEST_GUILESS_MAIN(ProjectVerbTest)
#include "tst_project_verb.moc"
