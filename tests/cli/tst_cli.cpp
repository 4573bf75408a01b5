// SPDX-License-Identifier: GPL-3.0-or-later
// The command line as scripts see it: the built program is run on a small drawn set, and its exit statuses,
// lines, files and JSON are compared with what is promised.
#include "data/demo_set.h"
#include "data/io/write_data_set.h"
#include "report/result.h"
#include "run_cli.h"

#include <QDir>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <memory>

using namespace culprit;
using namespace culprit::tests;

namespace {

QStringList filesIn(const QString& folder)
{
    QStringList names =
        QDir(folder).entryList(QDir::Files | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot, QDir::Name);
    return names;
}

QStringList missingKeys(const QJsonObject& object, const QStringList& keys)
{
    QStringList missing;
    for (const QString& key : keys)
        if (!object.contains(key))
            missing << key;
    return missing;
}

/// The words of a line, none of which holds a blank.
QStringList words(const QString& line)
{
    return line.split(' ', Qt::SkipEmptyParts);
}

/// The one line of an error, without the lines of progress and notes.
QStringList complaints(const Finished& finished)
{
    return finished.err.split('\n').filter(QRegularExpression(QStringLiteral("^culprit-cli: ")));
}

} // namespace

class CliTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void help_data();
    void help();
    void version();
    void wrongUsage_data();
    void wrongUsage();
    void badInput_data();
    void badInput();
    void foreignModels_data();
    void foreignModels();

    void doctor();
    void trainWritesTheModelAndItsSideCars();
    void evaluate();
    void aGroupOfFailuresIsAFailureSet();
    void identifyPrintsTheFirstCauses();
    void sameSeedSameBytes();
    void treatTakesTheSelection();
    void decisionsGoAlong();
    void wrongDecisionsAreNamed();
    void runWritesEverything();
    void jsonIsOneDocument();
    void devicesAreCompared();
    void reportAgain();
    void reportWithoutTheData();
    void corrupt();
    void corruptedSubsetKeepsItsTruth();
    void aShortcutLiesOnBothParts();
    void samplesAreTakenAndTold();
    void benchmarkLeavesTablesAndPlots();
    void demoReplacesOnlyItself();
    void quietIsQuiet();
    void modelCannotWriteFiles();
    void theSandboxIsSaid();
    void cancel_data();
    void cancel();

private:
    QString at(const QString& name) const { return m_folder.filePath(name); }
    QStringList modelAndData() const { return {"--model", at("m.pt"), "--data", at("data")}; }
    QStringList with(const QStringList& words) const;

    QTemporaryDir m_folder;
};

/// DATA, MODEL, OUT, HERE and BROKEN stand for paths.
QStringList CliTest::with(const QStringList& words) const
{
    QStringList replaced = words;
    for (QString& word : replaced) {
        word.replace(QLatin1String("DATA"), at("data"));
        word.replace(QLatin1String("MODEL"), at("m.pt"));
        word.replace(QLatin1String("OUT"), at("out"));
        word.replace(QLatin1String("HERE"), m_folder.path());
        word.replace(QLatin1String("BROKEN"), QStringLiteral(CULPRIT_TEST_DATA "/broken"));
    }
    return replaced;
}

void CliTest::initTestCase()
{
    QVERIFY(m_folder.isValid());
    const auto demo = data::drawDemoSet({.train = 300, .test = 200});
    QVERIFY(data::writeDataSet(demo.data, at("data").toStdString()).has_value());
    QVERIFY(data::writeTruth(demo.faults, demo.data.classNames, at("truth.csv").toStdString()).has_value());
    const auto trained = runCli({"train", "--data", at("data"), "--out", at("m.pt"), "--epochs", "6"});
    QVERIFY2(trained.status == 0, qPrintable(trained.err));
    QVERIFY(write(at("not-json.json"), "{"));
    QVERIFY(write(at("no-index.csv"), "row\n1\n"));
    QVERIFY(write(at("far-index.csv"), "index\n0\n99999\n"));
    QVERIFY(write(at("short-labels.txt"), "1\n2\n3\n"));
    QVERIFY(write(at("causes-of-other-data.csv"),
                  "rank,split,index,file,label,predicted,suggested,influence,suspicion,culprit,selected\n"
                  "1,train,5000,,1,1,2,0.5,0.5,1.5,1\n"));
    QVERIFY(write(at("causes-without-a-cause.csv"),
                  "rank,split,index,file,label,predicted,suggested,influence,suspicion,culprit,selected\n"
                  "1,train,5,,1,1,2,0.5,0.5,1.5,0\n"));
    QVERIFY(QDir(m_folder.path()).mkpath("empty"));
}

void CliTest::help_data()
{
    QTest::addColumn<QString>("verb");
    for (const char* verb :
         {"demo", "train", "evaluate", "identify", "treat", "run", "corrupt", "report", "doctor"})
        QTest::newRow(verb) << QString(verb);
}

void CliTest::help()
{
    QFETCH(QString, verb);
    const auto finished = runCli({verb, "--help"});
    QCOMPARE(finished.status, 0);
    QVERIFY2(finished.out.contains("Example:\n  culprit-cli " + verb), qPrintable(finished.out));
    QVERIFY(finished.out.contains("--json"));
    QVERIFY(finished.err.isEmpty());
    QVERIFY(runCli({"--help"}).out.contains("\n  " + verb));
}

void CliTest::version()
{
    const auto finished = runCli({"--version"});
    QCOMPARE(finished.status, 0);
    QVERIFY(finished.out.startsWith("culprit-cli " CULPRIT_VERSION ", LibTorch "));
}

void CliTest::wrongUsage_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("said");
    QTest::newRow("no verb") << QStringList{} << "subcommand is required";
    QTest::newRow("unknown verb") << words("repair") << "there is no verb 'repair'; choose from: demo, train";
    QTest::newRow("unknown option") << words("doctor --fast") << "--fast";
    QTest::newRow("no data") << words("train --out OUT/m.pt") << "--data is required";
    QTest::newRow("no model") << words("run --data DATA") << "--model is required";
    QTest::newRow("no out") << words("train --data DATA") << "--out is required";
    QTest::newRow("method") << words("identify --model MODEL --data DATA --method guess")
                            << "choose from: culprit, ewc";
    QTest::newRow("cut") << words("identify --model MODEL --data DATA --cut top:0") << "top:N";
    QTest::newRow("treatment") << words("run --model MODEL --data DATA --treatments retrain,prayer")
                               << "there is no 'prayer'";
    QTest::newRow("architecture") << words("train --data DATA --out OUT/m.pt --arch vgg") << "vgg";
    QTest::newRow("device") << words("evaluate --model MODEL --data DATA --device tpu")
                            << "there is no device 'tpu'";
    QTest::newRow("fraction") << words("run --model MODEL --data DATA --query-fraction 1")
                              << "between 0 and 1";
    QTest::newRow("train size") << words("run --model MODEL --data DATA --train-size 0") << "--train-size";
    QTest::newRow("epochs") << words("train --data DATA --out OUT/m.pt --epochs none") << "--epochs";
    QTest::newRow("negative seed") << words("doctor --seed -1") << "--seed";
    QTest::newRow("nothing to plant") << words("corrupt --data DATA --out OUT") << "nothing to plant";
    QTest::newRow("pairs alone") << words("corrupt --data DATA --out OUT --pairs 4:9") << "--fraction";
    QTest::newRow("half a pair") << words("corrupt --data DATA --out OUT --pairs 4 --fraction 0.5")
                                 << "FROM:TO";
    QTest::newRow("shortcut without a share") << words("corrupt --data DATA --out OUT --shortcut 4") << "CLASS:SHARE";
    QTest::newRow("shortcut of nothing") << words("corrupt --data DATA --out OUT --shortcut 4:0") << "CLASS:SHARE";
    QTest::newRow("no samples") << words("identify --model MODEL --data DATA --samples 0") << "--samples";
    QTest::newRow("too many samples") << words("run --model MODEL --data DATA --samples 1001") << "--samples";
    QTest::newRow("share above one") << words("corrupt --data DATA --out OUT --label-noise 2")
                                     << "--label-noise";
}

void CliTest::wrongUsage()
{
    QFETCH(QStringList, words);
    QFETCH(QString, said);
    const auto finished = runCli(with(words));
    QCOMPARE(finished.status, 2);
    QCOMPARE(finished.err.count('\n'), 1);
    QVERIFY2(finished.err.startsWith("culprit-cli: ") && finished.err.contains(said),
             qPrintable(finished.err));
    QVERIFY2(finished.err.contains("--help"), qPrintable(finished.err));
    QVERIFY(finished.out.isEmpty());
    QVERIFY2(!QFileInfo::exists(at("out")), "a wrong line makes no folder");
}

void CliTest::badInput_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("said");
    const QStringList evaluate{"evaluate", "--model", "MODEL", "--data", "DATA"};
    const QStringList identify{"identify", "--model", "MODEL", "--data", "DATA"};
    const QStringList treat{"treat", "--model", "MODEL", "--data", "DATA"};
    QTest::newRow("data is missing") << words("evaluate --model MODEL --data /nowhere") << "/nowhere";
    QTest::newRow("data is an empty folder") << words("evaluate --model MODEL --data HERE/empty") << "empty";
    QTest::newRow("data is cut short")
        << words("evaluate --model MODEL --data BROKEN/npz-three-labels-two-images.npz")
        << "npz-three-labels-two-images";
    QTest::newRow("model is missing") << words("evaluate --model /nowhere.pt --data DATA") << "/nowhere.pt";
    QTest::newRow("model is a folder") << words("evaluate --model HERE --data DATA") << "not a file";
    QTest::newRow("preprocessing") << evaluate + words("--preprocess sepia") << "sepia";
    QTest::newRow("preprocessing file")
        << evaluate + words("--preprocess HERE/not-json.json") << "not-json.json";
    QTest::newRow("labels of another size")
        << evaluate + words("--train-labels HERE/short-labels.txt") << "short-labels.txt";
    QTest::newRow("margins of no array")
        << identify + words("--margins BROKEN/npy-object-array.npy") << "npy-object-array.npy";
    QTest::newRow("a kind of fault that the suite lacks")
        << words("benchmark --data DATA --suite mnist --noise magic") << "magic";
    QTest::newRow("subset larger than the set") << evaluate + words("--train-size 301") << "300";
    QTest::newRow("failures without an index")
        << identify + words("--failures HERE/no-index.csv") << "no-index.csv";
    QTest::newRow("failures outside the set")
        << identify + words("--failures HERE/far-index.csv") << "line 3";
    QTest::newRow("truth is missing") << identify + words("--truth HERE/nowhere.csv") << "nowhere.csv";
    QTest::newRow("cut beyond the set") << identify + words("--cut top:301") << "300";
    QTest::newRow("causes are missing") << treat + words("--causes HERE/nowhere.csv") << "nowhere.csv";
    QTest::newRow("causes of other data")
        << treat + words("--causes HERE/causes-of-other-data.csv") << "image 5000";
    QTest::newRow("no cause selected")
        << treat + words("--causes HERE/causes-without-a-cause.csv") << "no image is selected";
    QTest::newRow("result is missing")
        << words("report --result HERE/empty --out HERE/empty/r.html") << "result.json";
    QTest::newRow("pair of unknown classes")
        << words("corrupt --data DATA --out HERE/empty --pairs 4:cat --fraction 0.5") << "'4:cat'";
    QTest::newRow("shortcut to an unknown class")
        << words("corrupt --data DATA --out HERE/empty --shortcut cat:0.3") << "'cat'";
    QTest::newRow("removal by an unknown method")
        << words("benchmark --data DATA --suite mnist --removal magic") << "magic";
    QTest::newRow("corrupting onto a set")
        << words("corrupt --data DATA --out DATA --label-noise 0.1") << "not overwritten";
}

void CliTest::badInput()
{
    QFETCH(QStringList, words);
    QFETCH(QString, said);
    const auto finished = runCli(with(words));
    QVERIFY2(finished.status == 3, qPrintable(finished.err));
    const QStringList lines = complaints(finished);
    QCOMPARE(lines.size(), 1);
    QVERIFY2(lines.front().contains(said), qPrintable(lines.front()));
    QVERIFY(finished.out.isEmpty());
}

void CliTest::foreignModels_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("said");
    QTest::newRow("state_dict") << "model-state-dict.pt"
                                << "weights only (a state_dict)";
    QTest::newRow("state_dict before 1.6") << "model-legacy-state-dict.pt"
                                           << "weights only (a state_dict)";
    QTest::newRow("pickled module") << "model-pickled-module.pt"
                                    << "pickled Python module";
    QTest::newRow("pickled module before 1.6") << "model-legacy-pickled-module.pt"
                                               << "pickled Python module";
    QTest::newRow("torch.export") << "model-exported.pt2"
                                  << "torch.export";
    QTest::newRow("ONNX") << "model.onnx"
                          << "ONNX";
    QTest::newRow("frozen") << "model-frozen.pt"
                            << "frozen";
    QTest::newRow("random bytes") << "model-of-random-bytes.pt"
                                  << "no TorchScript model";
    QTest::newRow("cut short") << "model-torchscript-cut-short.pt"
                               << "model-torchscript-cut-short.pt";
    QTest::newRow("data set for a model") << "npz-volumes.npz"
                                          << "no TorchScript model";
}

void CliTest::foreignModels()
{
    QFETCH(QString, file);
    QFETCH(QString, said);
    const auto finished = runCli(with({"evaluate", "--model", "BROKEN/" + file, "--data", "DATA"}));
    QVERIFY2(finished.status == 3, qPrintable(finished.err));
    const QStringList lines = complaints(finished);
    QCOMPARE(lines.size(), 1);
    QVERIFY2(lines.front().contains(file) && lines.front().contains(said), qPrintable(lines.front()));
}

void CliTest::doctor()
{
    const auto told = runCli({"doctor"});
    QCOMPARE(told.status, 0);
    for (const char* topic : {"LibTorch", "BLAS", "GFLOP/s", "threads", "devices", "image files", "sandbox"})
        QVERIFY2(told.out.contains(topic), topic);
    const auto json = jsonOf(runCli({"doctor", "--json", "--threads", "1"}).out);
    QCOMPARE(missingKeys(json, {"tool", "machine", "blas", "sandbox", "warnings"}), QStringList());
    QVERIFY(json["blas"].toObject()["matrix_gflops"].toDouble() > 0.0);
    QCOMPARE(json["tool"].toObject()["threads"].toInt(), 1);
    const bool slow = !json["blas"].toObject()["optimised"].toBool();
    QCOMPARE(!json["warnings"].toArray().isEmpty() || !slow, true);
}

void CliTest::trainWritesTheModelAndItsSideCars()
{
    const QString out = at("trained/deep/m.pt");
    const auto finished =
        runCli({"train",  "--data",       at("data"), "--arch",        "resnet8", "--out",
                out,      "--epochs",     "1",        "--lr",          "0.01",    "--batch-size",
                "50",     "--preprocess", "mnist",    "--checkpoints", "1",       "--augment",
                "strong", "--optimizer",  "sgd",      "--runs",        "2",       "--json"});
    QVERIFY2(finished.status == 0, qPrintable(finished.err));
    QCOMPARE(filesIn(at("trained/deep")), (QStringList{"m.pt", "m.pt.epoch-1.pt", "m.pt.forgetting.npy",
                                                       "m.pt.json", "m.pt.margins.npy"}));
    const auto json = jsonOf(finished.out);
    QCOMPARE(missingKeys(json, {"tool", "model", "data", "evaluation", "training"}), QStringList());
    const auto training = json["training"].toObject();
    QCOMPARE(training["architecture"].toString(), QString("resnet8"));
    QCOMPARE(training["epochs"].toInt(), 1);
    QCOMPARE(training["lr"].toDouble(), 0.01);
    QCOMPARE(training["batch_size"].toInt(), 50);
    QCOMPARE(training["augmentation"].toString(), QString("strong"));
    QCOMPARE(training["runs"].toInt(), 2);
    QCOMPARE(training["optimizer"].toString(), QString("sgd"));
    const auto sideCar = jsonOf(content(out + ".json"));
    QCOMPARE(sideCar["preprocessing"].toObject()["name"].toString(), QString("mnist"));
    QCOMPARE(json["model"].toObject()["sha256"].toString().size(), 64);
}

void CliTest::evaluate()
{
    const auto finished = runCli(QStringList{"evaluate", "--out", at("evaluated")} + modelAndData());
    QVERIFY2(finished.status == 0, qPrintable(finished.err));
    QVERIFY(finished.out.contains("of 200 test images right"));
    QVERIFY(finished.out.contains("predicted"));
    QCOMPARE(filesIn(at("evaluated")), (QStringList{"failures.csv", "result.json"}));
    const auto json = jsonOf(content(at("evaluated/result.json")));
    const auto rows = content(at("evaluated/failures.csv")).count('\n') - 1;
    QCOMPARE(json["evaluation"].toObject()["failures"].toInt(), static_cast<int>(rows));
    QVERIFY(content(at("evaluated/failures.csv")).startsWith("index,file,label,predicted,confidence,loss\n"));
}

void CliTest::aGroupOfFailuresIsAFailureSet()
{
    const auto grouped = runCli(QStringList{"evaluate", "--groups", "--out", at("grouped")} + modelAndData());
    QVERIFY2(grouped.status == 0, qPrintable(grouped.err));
    QVERIFY2(grouped.out.contains("taken for"), qPrintable(grouped.out));
    const auto groups =
        jsonOf(content(at("grouped/result.json")))["evaluation"].toObject()["groups"].toArray();
    QVERIFY(!groups.isEmpty());
    const int first = groups.first().toObject()["failures"].toInt();
    QCOMPARE(content(at("grouped/failure_groups.csv")).count("\n1,"), first);
    const auto identified = runCli(
        QStringList{"identify", "--json", "--failures", at("grouped/failure_groups.csv"), "--group", "1"} +
        modelAndData());
    QVERIFY2(identified.status == 0, qPrintable(identified.err));
    const auto split = jsonOf(identified.out.toUtf8())["split"].toObject();
    QCOMPARE(split["query"].toInt() + split["holdout"].toInt(), first);
    QVERIFY(runCli(QStringList{"identify", "--group", "1"} + modelAndData()).err.contains("--failures"));
}

void CliTest::identifyPrintsTheFirstCauses()
{
    const auto finished =
        runCli(QStringList{"identify", "--cut", "top:30", "--truth", at("truth.csv")} + modelAndData());
    QVERIFY2(finished.status == 0, qPrintable(finished.err));
    QVERIFY2(finished.out.contains("30 of 300 training images look like culprits"), qPrintable(finished.out));
    QVERIFY2(finished.out.contains("against the truth: precision"), qPrintable(finished.out));
    QVERIFY(finished.out.contains("suspicion"));
    QCOMPARE(finished.out.split('\n').filter(QRegularExpression("^ +\\d+ +\\d+ ")).size(), 20);
}

void CliTest::sameSeedSameBytes()
{
    for (const char* out : {"first", "second"}) {
        const auto finished =
            runCli(QStringList{"identify", "--seed", "7", "--out", at(out)} + modelAndData());
        QVERIFY2(finished.status == 0, qPrintable(finished.err));
    }
    QCOMPARE(filesIn(at("first")), (QStringList{"causes.csv", "corrected_labels.csv", "failures.csv",
                                                "result.json", "scores.npy"}));
    for (const char* file : {"causes.csv", "corrected_labels.csv", "failures.csv", "scores.npy"})
        QCOMPARE(content(at(QString("first/") + file)), content(at(QString("second/") + file)));
    QCOMPARE(content(at("first/causes.csv")).count('\n'), 301);
}

void CliTest::treatTakesTheSelection()
{
    const auto identified =
        runCli(QStringList{"identify", "--cut", "top:40", "--out", at("step1")} + modelAndData());
    QVERIFY2(identified.status == 0, qPrintable(identified.err));
    const auto finished =
        runCli(QStringList{"treat", "--causes", at("step1/causes.csv"), "--method",
                           "relabel-rehearse,retrain", "--epochs", "2", "--out", at("step2")} +
               modelAndData());
    QVERIFY2(finished.status == 0, qPrintable(finished.err));
    QVERIFY2(finished.out.contains("random causes"), qPrintable(finished.out));
    const auto json = jsonOf(content(at("step2/result.json")));
    QCOMPARE(json["treatments"].toArray().size(), 2);
    QCOMPARE(json["best"].toString(), QString("relabel-rehearse"));
    QCOMPARE(json["identification"].toObject()["cut"].toObject()["count"].toInt(), 40);
    QCOMPARE(content(at("step2/causes.csv")), content(at("step1/causes.csv")));
    QCOMPARE(content(at("step2/corrected_labels.csv")), content(at("step1/corrected_labels.csv")));
    QVERIFY(QFileInfo::exists(at("step2/repaired.pt")));
    const auto again =
        runCli({"evaluate", "--model", at("step2/repaired.pt"), "--data", at("data"), "--json"});
    QVERIFY2(again.status == 0, qPrintable(again.err));
    const double after = json["treatments"].toArray()[0].toObject()["after"].toObject()["test"].toDouble();
    QCOMPARE(jsonOf(again.out)["evaluation"].toObject()["accuracy"].toDouble(), after);
}

/// The first culprit leaves, the second is kept, an image that nobody accuses gets another class.
void CliTest::decisionsGoAlong()
{
    const auto rows = report::readCauses(at("step1/causes.csv").toStdString());
    QVERIFY(rows);
    const auto first = rows->at(0).index;
    const auto second = rows->at(1).index;
    const auto& last = rows->back();
    const auto other = last.label == "3" ? "5" : "3";
    QVERIFY(write(at("decisions.csv"),
                  QString("index,decision,label,note\n%1,exclude,,\"blurred, =1+1\"\n%2,keep,,\n"
                          "%3,relabel,%4,\n")
                      .arg(first)
                      .arg(second)
                      .arg(last.index)
                      .arg(other)
                      .toUtf8()));
    const auto treat = runCli(QStringList{"treat", "--causes", at("step1/causes.csv"), "--decisions",
                                          at("decisions.csv"), "--out", at("decided")} +
                              modelAndData());
    QVERIFY2(treat.status == 0, qPrintable(treat.err));
    const auto run = runCli(QStringList{"run", "--cut", "top:40", "--decisions", at("decisions.csv"), "--out",
                                        at("decided-run")} +
                            modelAndData());
    QVERIFY2(run.status == 0, qPrintable(run.err));
    for (const char* file : {"decided", "decided-run"}) {
        const auto causes = report::readCauses(at(QString(file) + "/causes.csv").toStdString());
        QVERIFY(causes);
        QVERIFY(causes->at(0).selected && !causes->at(1).selected && causes->back().selected);
        QCOMPARE(causes->back().suggested, std::string(other));
        const auto labels = content(at(QString(file) + "/corrected_labels.csv"));
        QCOMPARE(labels.count('\n'), 301);
        QVERIFY(labels.contains(QString("\n%1,,%2,1\n").arg(first).arg(rows->at(0).label.c_str()).toUtf8()));
        QVERIFY(labels.contains(QString("\n%1,,%2,0\n").arg(second).arg(rows->at(1).label.c_str()).toUtf8()));
        QVERIFY(labels.contains(QString("\n%1,,%2,0\n").arg(last.index).arg(other).toUtf8()));
        QVERIFY(content(at(QString(file) + "/report.html")).contains("blurred, =1+1"));
    }
    const auto after = [&](const char* file) {
        const auto json = jsonOf(content(at(QString(file) + "/result.json")));
        return json.value("treatments").toArray().at(0).toObject().value("after").toObject();
    };
    QVERIFY(!after("decided").isEmpty());
    QCOMPARE(after("decided"), after("decided-run"));
    const auto loaded = runCli({"evaluate", "--model", at("m.pt"), "--data", at("data"), "--train-labels",
                                at("decided/corrected_labels.csv")});
    QVERIFY2(loaded.status == 0, qPrintable(loaded.err));
}

void CliTest::wrongDecisionsAreNamed()
{
    QVERIFY(write(at("wrong.csv"), "index,decision,label\n4,explode,\n"));
    const auto finished = runCli(QStringList{"run", "--decisions", at("wrong.csv")} + modelAndData());
    QCOMPARE(finished.status, 3);
    QVERIFY2(finished.err.contains("wrong.csv, line 2") && finished.err.contains("explode"),
             qPrintable(finished.err));
}

void CliTest::runWritesEverything()
{
    const auto finished =
        runCli(QStringList{"run", "--truth", at("truth.csv"), "--cut", "top:40", "--out", at("all")} +
               modelAndData());
    QVERIFY2(finished.status == 0, qPrintable(finished.err));
    QVERIFY2(finished.out.contains("holdout right"), qPrintable(finished.out));
    QCOMPARE(filesIn(at("all")),
             (QStringList{"causes.csv", "corrected_labels.csv", "failures.csv", "repaired.pt",
                          "repaired.pt.json", "report.html", "result.json", "scores.npy"}));
    QVERIFY(content(at("all/report.html")).contains("culprit-cli run --truth"));
}

void CliTest::jsonIsOneDocument()
{
    const auto finished = runCli(QStringList{"run", "--json", "--truth", at("truth.csv"), "--cut", "top:40",
                                             "--train-size", "200", "--query-fraction", "0.6"} +
                                 modelAndData());
    QVERIFY2(finished.status == 0, qPrintable(finished.err));
    const auto json = jsonOf(finished.out);
    QCOMPARE(missingKeys(json, {"tool", "model", "data", "evaluation", "split", "identification",
                                "treatments", "control", "best"}),
             QStringList());
    QCOMPARE(missingKeys(json["tool"].toObject(), {"version", "libtorch", "device", "threads", "seed"}),
             QStringList());
    QCOMPARE(missingKeys(json["model"].toObject(), {"path", "sha256", "parameters"}), QStringList());
    QCOMPARE(
        missingKeys(json["data"].toObject(), {"path", "format", "train", "test", "classes", "unreadable"}),
        QStringList());
    QCOMPARE(json["data"].toObject()["train"].toInt(), 200);
    QCOMPARE(json["data"].toObject()["train_size"].toInt(), 200);
    QCOMPARE(
        missingKeys(json["evaluation"].toObject(), {"accuracy", "failures", "confusion", "forward_seconds"}),
        QStringList());
    const auto split = json["split"].toObject();
    QCOMPARE(missingKeys(split, {"query", "holdout", "remaining"}), QStringList());
    QVERIFY(split["query"].toInt() >= split["holdout"].toInt());
    const auto identification = json["identification"].toObject();
    QCOMPARE(missingKeys(identification,
                         {"method", "seconds", "forward_seconds", "peak_rss_mb", "images", "cut", "truth"}),
             QStringList());
    QCOMPARE(missingKeys(identification["cut"].toObject(), {"name", "count", "estimated_precision"}),
             QStringList());
    QCOMPARE(missingKeys(identification["truth"].toObject(),
                         {"auprc", "precision_at_k", "cut_precision", "cut_recall"}),
             QStringList());
    const QStringList treatmentKeys{"method", "seconds", "before", "after", "interval", "fixed", "broken"};
    QCOMPARE(missingKeys(json["treatments"].toArray()[0].toObject(), treatmentKeys), QStringList());
    QCOMPARE(missingKeys(json["control"].toObject(), treatmentKeys), QStringList());
}

void CliTest::devicesAreCompared()
{
    const QStringList job = {"benchmark", "--suite", "devices", "--data", at("data"), "--epochs", "6"};
    const auto finished =
        runCli(job + QStringList{"--device", "cpu", "--threads", "1", "--out", at("devices"), "--json"});
    QVERIFY2(finished.status == 0, qPrintable(finished.err));
    const auto document = jsonOf(finished.out);
    QCOMPARE(document["devices"].toArray(), (QJsonArray{"cpu", "cpu"}));
    QVERIFY(document["agree"].toBool());
    QCOMPARE(document["methods"].toArray().size(), 3);
    QCOMPARE(content(at("devices/devices.md")), document["markdown"].toString().toUtf8());
    QCOMPARE(runCli(job + QStringList{"--device", "cuda:99"}).status, 3);
    const auto misused = runCli(job + QStringList{"--device", "cpu", "--method", "ewc"});
    QCOMPARE(misused.status, 3);
    QVERIFY2(misused.err.contains("leave --method"), qPrintable(misused.err));
}

void CliTest::reportAgain()
{
    const auto finished = runCli({"report", "--result", at("all"), "--out", at("again/page.html")});
    QVERIFY2(finished.status == 0, qPrintable(finished.err));
    QCOMPARE(filesIn(at("again")), QStringList{"page.html"});
    QCOMPARE(content(at("again/page.html")).count("<img"), content(at("all/report.html")).count("<img"));
    QVERIFY(content(at("again/page.html")).count("<img") > 0);
}

void CliTest::reportWithoutTheData()
{
    QVERIFY(QDir(m_folder.path()).mkpath("moved"));
    for (const QString file : {"result.json", "causes.csv", "failures.csv"})
        QVERIFY(
            write(at("moved/" + file), content(at("all/" + file)).replace(at("data").toUtf8(), "/nowhere")));
    const auto finished = runCli({"report", "--result", at("moved"), "--out", at("moved/page.html")});
    QVERIFY2(finished.status == 0, qPrintable(finished.err));
    QVERIFY2(finished.err.contains("the report has no pictures: /nowhere"), qPrintable(finished.err));
    QCOMPARE(content(at("moved/page.html")).count("<img"), 0);
}

void CliTest::corrupt()
{
    const auto finished = runCli({"corrupt", "--data", at("data"), "--out", at("noisy"), "--pairs", "4:9,8:3",
                                  "--fraction", "0.5", "--input-noise", "0.1", "--json"});
    QVERIFY2(finished.status == 0, qPrintable(finished.err));
    const auto faults = jsonOf(finished.out)["faults"].toObject();
    int planted = 0;
    for (const auto& kind : faults)
        planted += kind.toInt();
    QCOMPARE(content(at("noisy/truth.csv")).count('\n'), planted + 1);
    QVERIFY(faults["pair"].toInt() > 0);
    const auto evaluated = runCli({"evaluate", "--model", at("m.pt"), "--data", at("noisy")});
    QVERIFY2(evaluated.status == 0, qPrintable(evaluated.err));
}

void CliTest::corruptedSubsetKeepsItsTruth()
{
    const auto finished = runCli({"corrupt", "--data", at("data"), "--out", at("small"), "--train-size", "50",
                                  "--label-noise", "0.2"});
    QVERIFY2(finished.status == 0, qPrintable(finished.err));
    const auto lines = content(at("small/truth.csv")).trimmed().split('\n');
    QCOMPARE(lines.size(), 11);
    for (qsizetype i = 1; i < lines.size(); ++i)
        QVERIFY(lines[i].split(',').front().toInt() < 50);
    const auto scored = runCli({"identify", "--model", at("m.pt"), "--data", at("small"), "--truth",
                                at("small/truth.csv"), "--method", "loss", "--cut", "top:10", "--json"});
    QVERIFY2(scored.status == 0, qPrintable(scored.err));
    QVERIFY(jsonOf(scored.out)["identification"].toObject()["truth"].toObject()["auprc"].toDouble() > 0.5);
}

void CliTest::aShortcutLiesOnBothParts()
{
    const auto finished =
        runCli({"corrupt", "--data", at("data"), "--out", at("patched"), "--shortcut", "4:0.5", "--json"});
    QVERIFY2(finished.status == 0, qPrintable(finished.err));
    const auto told = jsonOf(finished.out);
    QVERIFY(told["faults"].toObject()["shortcut"].toInt() > 0);
    QCOMPARE(content(at("patched/truth.csv")).count(",shortcut,4,4\n"),
             told["faults"].toObject()["shortcut"].toInt());
    QCOMPARE(told["shortcut_test"].toInt(), 9 * 2); // a tenth of twenty of each other class
    QCOMPARE(content(at("patched/shortcut_test.csv")).count('\n'), 1 + 18);
    const auto evaluated =
        runCli({"identify", "--model", at("m.pt"), "--data", at("patched"), "--truth", at("patched/truth.csv"),
                "--failures", at("patched/shortcut_test.csv"), "--method", "linear", "--json"});
    if (evaluated.status != 0) // where the model gets all of these right, that is said
        QVERIFY2(evaluated.status == 3 && evaluated.err.contains("failures"), qPrintable(evaluated.err));
}

void CliTest::samplesAreTakenAndTold()
{
    const auto identify = [&](const QStringList& more) {
        const auto finished = runCli(QStringList{"identify", "--method", "ewc-sampled", "--json"} + modelAndData() + more);
        return finished.status == 0 ? jsonOf(finished.out)["identification"].toObject() : QJsonObject();
    };
    QCOMPARE(identify({})["samples"].toInt(), 8);
    QCOMPARE(identify({"--samples", "2"})["samples"].toInt(), 2);
    const auto scores = [&](const QString& samples) {
        const auto out = at("samples-" + samples);
        const auto finished = runCli(QStringList{"identify", "--method", "ewc-sampled", "--samples", samples, "--out", out} +
                                     modelAndData());
        return finished.status == 0 ? content(out + "/scores.npy") : QByteArray();
    };
    QVERIFY(!scores("2").isEmpty());
    QVERIFY2(scores("2") != scores("4"), "the number of draws changes nothing");
    const auto plain = jsonOf(runCli(QStringList{"identify", "--method", "ewc", "--json"} + modelAndData()).out);
    QVERIFY2(!plain["identification"].toObject().contains("samples"), "told of a method that does not draw");
}

void CliTest::benchmarkLeavesTablesAndPlots()
{
    const auto finished = runCli({"benchmark", "--data", at("data"), "--suite", "medmnist", "--arch", "paper-cnn", "--epochs",
                                  "1", "--seeds", "1", "--noise", "uniform", "--method", "loss", "--removal", "knn",
                                  "--treatments", "rehearse", "--out", at("figures"), "--json"});
    QVERIFY2(finished.status == 0, qPrintable(finished.err));
    QCOMPARE(filesIn(at("figures")),
             (QStringList{"auprc-uniform.svg", "benchmark.csv", "benchmark.md", "precision-recall-uniform.svg", "removal-holdout-uniform.svg",
                          "removal-test-uniform.svg", "removal.csv"}));
    const auto told = jsonOf(finished.out);
    QCOMPARE(told["removals"].toArray().size(), 9);
    QVERIFY(told["runs"].toArray().first().toObject()["peak_mb"].toDouble() > 50);
    const auto markdown = content(at("figures/benchmark.md"));
    for (const auto& file : filesIn(at("figures")).filter(".svg"))
        QVERIFY(markdown.contains(("](" + file + ")").toUtf8()));
}

void CliTest::demoReplacesOnlyItself()
{
    QVERIFY(QDir(m_folder.path()).mkpath("demo/data"));
    QVERIFY(write(at("demo/data/train-images-idx3-ubyte.gz"), "somebody's"));
    const auto refused = runCli({"demo", "--out", at("demo"), "--epochs", "1"});
    QCOMPARE(refused.status, 3);
    QVERIFY2(refused.err.contains("not overwritten"), qPrintable(refused.err));
    QCOMPARE(content(at("demo/data/train-images-idx3-ubyte.gz")), QByteArray("somebody's"));
}

void CliTest::quietIsQuiet()
{
    const auto finished = runCli(QStringList{"evaluate", "--quiet"} + modelAndData());
    QCOMPARE(finished.status, 0);
    QVERIFY(finished.err.isEmpty());
    QVERIFY(!runCli(QStringList{"evaluate"} + modelAndData()).err.isEmpty());
}

/// The model's forward pass saves a tensor to the file "written-by-the-model".
void CliTest::modelCannotWriteFiles()
{
    const auto sandbox = jsonOf(runCli({"doctor", "--json"}).out)["sandbox"].toObject();
    if (!sandbox["landlock"].toBool())
        QSKIP("this kernel has no Landlock");
    QVERIFY(QDir(m_folder.path()).mkpath("victim"));
    for (const QString verb : {"evaluate", "run"}) {
        const auto finished = runCli(with({verb, "--model", "BROKEN/model-that-writes-a-file.pt", "--data",
                                           "DATA", "--out", at("beside")}),
                                     at("victim"));
        QVERIFY2(finished.err.contains("running the model"), qPrintable(finished.err));
        QCOMPARE(filesIn(at("victim")), QStringList());
    }
}

void CliTest::theSandboxIsSaid()
{
    const auto level = jsonOf(runCli({"doctor", "--json"}).out)["sandbox"].toObject();
    const auto finished = runCli(QStringList{"evaluate", "--verbose"} + modelAndData());
    QCOMPARE(finished.status, 0);
    QVERIFY2(finished.err.contains("sandbox: " + level["description"].toString()), qPrintable(finished.err));
}

void CliTest::cancel_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("phase");
    QTest::addColumn<int>("signal");
    const QStringList train{"train", "--data", "DATA", "--out", "OUT/m.pt", "--epochs", "100000"};
    QTest::newRow("Ctrl-C in training") << train << "training" << SIGINT;
    QTest::newRow("kill in training") << train << "training" << SIGTERM;
    QTest::newRow("terminal closed") << train << "training" << SIGHUP;
    QTest::newRow("run, retraining")
        << words("run --model MODEL --data DATA --out OUT --treatments retrain --cut top:30 --epochs 100000")
        << "training" << SIGINT;
    QTest::newRow("demo") << words("demo --out OUT --epochs 100000") << "training" << SIGINT;
}

void CliTest::cancel()
{
    QFETCH(QStringList, words);
    QFETCH(QString, phase);
    QFETCH(int, signal);
    QProcess process;
    process.setReadChannel(QProcess::StandardError);
    process.start(QStringLiteral(CULPRIT_CLI), with(words));
    QString said;
    while (!said.contains(phase) && process.waitForReadyRead(longEnough))
        said += QString::fromUtf8(process.readAllStandardError());
    QVERIFY2(said.contains(phase), qPrintable(said));
    QElapsedTimer clock;
    clock.start();
    ::kill(static_cast<pid_t>(process.processId()), signal);
    QVERIFY(process.waitForFinished(longEnough));
    QVERIFY2(clock.elapsed() < 1000, qPrintable(QString::number(clock.elapsed()) + " ms"));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 4);
    QVERIFY(QString::fromUtf8(process.readAllStandardError()).contains("culprit-cli: cancelled\n"));
    QVERIFY(process.readAllStandardOutput().isEmpty());
    QCOMPARE(filesIn(at("out")), QStringList());
    QDir(at("out")).removeRecursively();
}

QTEST_GUILESS_MAIN(CliTest)
#include "tst_cli.moc"
