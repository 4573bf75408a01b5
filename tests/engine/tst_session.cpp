// SPDX-License-Identifier: GPL-3.0-or-later
// A session from data to repair, on a small demo set: what it needs, what it keeps, what it forgets, and that
// no method ever learns anything of the holdout.
#include "base/durable_file.h"
#include "data/io/npy.h"
#include "data/io/write_data_set.h"
#include "engine/investigation.h"
#include "engine/session.h"
#include "small_problems.h"

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <optional>
#include <tuple>

using namespace culprit;
using namespace culprit::engine;
using culprit::model::need;

namespace {

Session newSession(std::uint64_t seed = 0)
{
    return need(Session::create({.device = "cpu", .threads = 1, .seed = seed}));
}

void must(const Expected<void>& done)
{
    if (!done)
        qFatal("%s", done.error().text.c_str());
}

TrainRequest recipe(int epochs = 12)
{
    return {.preprocessing = need(model::preprocessingNamed("mnist")),
            .options = {.epochs = epochs, .batchSize = 50}};
}

template <typename T>
bool refused(const Expected<T>& done, Error::Kind kind = Error::Kind::BadInput)
{
    return !done && done.error().kind == kind;
}

} // namespace

class SessionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void devicesThatDoNotExist();
    void nothingWorksWithoutWhatItNeeds();
    void evaluationAddsUp();
    void failuresAreChosen();
    void nothingFailsNothingIsChosen();
    void aSavedModelIsTheSame();
    void anotherSessionsModelIsTheSame();
    void sessionsComputeInFullPrecision();
    void marginsOfOtherDataAreNotUsed();
    void modelsKeptInTrainingAreFound();
    void furtherTrainingsChangeTheMarginsOnly();
    void marginsOfOnesOwn();
    void aFailedOpeningChangesNothing();
    void aCancelledTrainingChangesNothing();
    void newDataForgetsTheModel();
    void subsetsAndLabelsOverlaid();
    void sameSeedSameEverything();
    void theHoldoutIsNeverRead();
    void aFinalModelHasNoMargins();
    void theControlIsRandom();
    void aTreatmentIsMeasured();
    void aTreatmentIsMeasuredCaseByCase();

private:
    /// A session with the shared data and model.
    Session ready(std::uint64_t seed = 0) const
    {
        Session session = newSession(seed);
        must(session.useData(m_data));
        must(session.openModel({.path = m_model}, {}));
        return session;
    }

    QTemporaryDir m_folder;
    std::filesystem::path m_model;
    data::DataSet m_data;
};

void SessionTest::initTestCase()
{
    m_model = m_folder.filePath("M.pt").toStdString();
    m_data = model::smallDemo(500, 400).demo.data;
    Session session = newSession();
    must(session.useData(m_data));
    need(session.trainModel(recipe(), {}));
    must(session.saveModel(m_model));
}

void SessionTest::devicesThatDoNotExist()
{
    QVERIFY(refused(Session::create({.device = "cuda:99"}), Error::Kind::Unsupported));
    QVERIFY(refused(Session::create({.device = "abacus"})));
    QCOMPARE(newSession().device(), std::string("cpu"));
    QCOMPARE(newSession().threads(), 1);
    QVERIFY(need(Session::create({.device = "cpu"})).threads() >= 1);
    must(newSession().useData(m_data)); // back to one thread
}

void SessionTest::nothingWorksWithoutWhatItNeeds()
{
    Session session = newSession();
    QVERIFY(refused(session.openModel({.path = m_model}, {})));
    const auto untrained = session.trainModel(recipe(), {});
    QVERIFY(refused(untrained));
    QVERIFY2(untrained.error().text.find("data set") != std::string::npos, untrained.error().text.c_str());
    must(session.useData(m_data));
    QVERIFY(refused(session.evaluate({})));
    QVERIFY(refused(session.chooseFailures({}, 0.5, {})));
    QVERIFY(refused(session.identify({}, {})));
    QVERIFY(refused(session.treat("rehearse", {}, {})));
    QVERIFY(refused(session.saveModel(m_folder.filePath("none.pt").toStdString())));
    must(session.openModel({.path = m_model}, {}));
    QVERIFY(refused(session.identify({}, {}))); // no failure set yet
}

void SessionTest::evaluationAddsUp()
{
    Session session = ready();
    const Evaluation& evaluation = *need(session.evaluate({}));
    const auto failures = double(evaluation.failures.size());
    QCOMPARE(evaluation.accuracy, 1.0 - failures / 400.0);
    std::int64_t onDiagonal = 0;
    std::int64_t all = 0;
    for (std::int64_t a = 0; a < 10; ++a)
        for (std::int64_t b = 0; b < 10; ++b) {
            all += evaluation.confusion.at(a, b);
            onDiagonal += a == b ? evaluation.confusion.at(a, b) : 0;
        }
    QCOMPARE(all, 400);
    QCOMPARE(onDiagonal, 400 - std::int64_t(evaluation.failures.size()));
    for (const auto row : evaluation.failures)
        QVERIFY(evaluation.test.predicted[std::size_t(row)] != m_data.test.labels[std::size_t(row)]);
    QVERIFY(evaluation.trainAccuracy > 0.7 && evaluation.forwardSeconds > 0.0);
    QCOMPARE(need(session.evaluate({})), &evaluation); // kept
}

void SessionTest::failuresAreChosen()
{
    Session session = ready();
    const auto all = need(session.evaluate({}))->failures;
    must(session.chooseFailures({}, 0.5, {}));
    const auto split = session.split();
    QCOMPARE(split.query.size() + split.holdout.size(), all.size());
    QCOMPARE(split.remaining.size(), 400 - all.size());

    std::vector<std::int64_t> rows(all.rbegin(),
                                   all.rbegin() + 6); // in any order, repeated, with rows that are right
    rows.push_back(rows[0]);
    rows.push_back(split.remaining[0]);
    must(session.chooseFailures(rows, 0.5, {}));
    QCOMPARE(session.split().query.size() + session.split().holdout.size(), std::size_t(6));

    QVERIFY(refused(session.chooseFailures(std::vector<std::int64_t>{}, 0.5, {})));
    QVERIFY(refused(session.chooseFailures(std::vector<std::int64_t>{split.remaining[0]}, 0.5, {})));
    QVERIFY(refused(session.chooseFailures(std::vector<std::int64_t>{-1, 100'000}, 0.5, {})));
    QVERIFY(refused(session.chooseFailures({}, 0.0, {})));
    QVERIFY(refused(session.chooseFailures({}, 1.0, {})));
    QCOMPARE(session.split().query.size() + session.split().holdout.size(), std::size_t(6)); // as it was
}

void SessionTest::nothingFailsNothingIsChosen()
{
    Session session = ready();
    data::DataSet easy = m_data;
    easy.test = data::select(m_data.test, [&] {
        must(session.chooseFailures({}, 0.5, {}));
        return session.split().remaining;
    }());
    must(session.useData(easy));
    must(session.openModel({.path = m_model}, {}));
    const auto chosen = session.chooseFailures({}, 0.5, {});
    QVERIFY(refused(chosen));
    QVERIFY2(chosen.error().text.find("every test image right") != std::string::npos,
             chosen.error().text.c_str());
}

void SessionTest::aSavedModelIsTheSame()
{
    Session trained = newSession();
    must(trained.useData(m_data));
    need(trained.trainModel(recipe(), {}));
    Session session = ready();
    QVERIFY(std::filesystem::exists(model::sideCarPath(m_model)) &&
            std::filesystem::exists(model::marginsPath(m_model)));
    QCOMPARE(session.classifier()->parameters(), trained.classifier()->parameters());
    QCOMPARE(session.margins(), trained.margins());
    QCOMPARE(session.forgetting(), trained.forgetting());
    QCOMPARE(session.forgetting().size(), std::size_t(500));
    QVERIFY(session.classifier()->input().preprocessing == need(model::preprocessingNamed("mnist")));
    QCOMPARE(session.sideCar().architecture, std::string("paper-cnn"));
    QCOMPARE(session.sideCar().epochs, 12);
    QCOMPARE(session.sideCar().batchSize, 50);
    QCOMPARE(session.sideCar().classNames, m_data.classNames);
    QCOMPARE(session.sideCar().dataHash, data::fingerprint(m_data.train));
    QCOMPARE(need(session.evaluate({}))->test.logLikelihood, need(trained.evaluate({}))->test.logLikelihood);
    QVERIFY(session.notes().empty());
    must(session.openModel({.path = m_model, .preprocess = "none"}, {}));
    QVERIFY(session.classifier()->input().preprocessing == model::Preprocessing());
}

void SessionTest::anotherSessionsModelIsTheSame()
{
    const Session first = ready();
    Session second = newSession();
    QVERIFY(refused(second.useModelOf(newSession())));
    QVERIFY(refused(second.useModelOf(first))); // no data yet
    must(second.useData(m_data));
    must(second.useModelOf(first));
    QCOMPARE(second.classifier()->parameters(), first.classifier()->parameters());
    QVERIFY(!second.margins().empty());
    QCOMPARE(second.margins(), first.margins());
    QCOMPARE(second.sideCar().epochs, first.sideCar().epochs);
}

void SessionTest::sessionsComputeInFullPrecision()
{
    newSession();
    QVERIFY(model::computesInFullPrecision());
}

void SessionTest::marginsOfOtherDataAreNotUsed()
{
    data::DataSet relabelled = m_data;
    relabelled.train.labels[7] = (relabelled.train.labels[7] + 1) % 10;
    Session session = newSession();
    must(session.useData(relabelled));
    must(session.openModel({.path = m_model}, {}));
    QVERIFY(session.margins().empty() && session.forgetting().empty());
    QCOMPARE(session.notes().size(), std::size_t(1));
    QVERIFY(session.notes()[0].find("margins") != std::string::npos);
    must(session.openModel({.path = m_model}, {}));
    QCOMPARE(session.notes().size(), std::size_t(1)); // said once
    must(session.useData(m_data));
    must(session.openModel({.path = m_model}, {}));
    QCOMPARE(session.margins().size(), std::size_t(500));
    QVERIFY(session.notes().empty());
}

void SessionTest::furtherTrainingsChangeTheMarginsOnly()
{
    const auto trained = [&](int runs) {
        TrainRequest request = recipe(4);
        request.runs = runs;
        Session session = newSession();
        must(session.useData(m_data));
        const auto record = need(session.trainModel(request, {}));
        return std::tuple(session.classifier()->parameters(), session.margins(), session.sideCar().runs,
                          record.margins == session.margins());
    };
    const auto [parameters, margins, runs, told] = trained(1);
    const auto [again, joined, two, toldToo] = trained(2);
    QVERIFY(again == parameters);
    QCOMPARE(joined.size(), margins.size());
    QVERIFY(joined != margins);
    QVERIFY(runs == 1 && two == 2);
    QVERIFY(told && toldToo);
}

void SessionTest::modelsKeptInTrainingAreFound()
{
    const std::filesystem::path file = m_folder.filePath("kept.pt").toStdString();
    TrainRequest request = recipe();
    request.options.checkpoints = 3;
    Session trained = newSession();
    must(trained.useData(m_data));
    QVERIFY(need(trained.trainModel(request, {})).checkpoints.empty()); // the session keeps them
    must(trained.saveModel(file));
    for (const int epoch : {4, 8, 12})
        QVERIFY(std::filesystem::exists(model::besideModel(file, model::checkpointEnding(epoch))));
    const auto scoresOf = [&](Session& session) {
        must(session.chooseFailures({}, 0.5, {}));
        return need(session.identify({.method = "tracin"}, {})).scores.influence;
    };
    Session opened = newSession();
    must(opened.useData(m_data));
    must(opened.openModel({.path = file}, {}));
    const auto scores = scoresOf(trained);
    QCOMPARE(scoresOf(opened), scores);
    QVERIFY(refused(opened.identifyFromFinalModel({.method = "tracin"}, {})));
    QVERIFY(refused(opened.identifyFromFinalModel({.method = "forgetting"}, {})));

    std::filesystem::remove(model::besideModel(file, model::checkpointEnding(8)));
    must(opened.openModel({.path = file}, {}));
    must(opened.chooseFailures({}, 0.5, {}));
    const auto incomplete = opened.identify({.method = "tracin"}, {});
    QVERIFY(refused(incomplete));
    QVERIFY2(incomplete.error().text.find("kept.pt.epoch-8.pt") != std::string::npos &&
                 incomplete.error().text.find("--checkpoints") != std::string::npos,
             incomplete.error().text.c_str());
    need(opened.identify({.method = "forgetting"}, {}));

    Session without = ready();
    must(without.chooseFailures({}, 0.5, {}));
    const auto none = without.identify({.method = "tracin"}, {});
    QVERIFY(refused(none));
    QVERIFY2(none.error().text.find("--checkpoints") != std::string::npos, none.error().text.c_str());
}

void SessionTest::marginsOfOnesOwn()
{
    const std::filesystem::path file = m_folder.filePath("own.npy").toStdString();
    const std::int64_t shape[] = {500};
    std::vector<float> values(500);
    for (std::size_t i = 0; i < 500; ++i)
        values[i] = float(i);
    must(writeDurably(file, data::npyBytes(values, shape)));
    Session session = newSession();
    must(session.useData(m_data));
    must(session.openModel({.path = m_model, .margins = file}, {}));
    QCOMPARE(session.margins(), values);
    const std::int64_t shorter[] = {499};
    must(writeDurably(file, data::npyBytes(std::span(values).first(499), shorter)));
    QVERIFY(refused(session.openModel({.path = m_model, .margins = file}, {})));
}

void SessionTest::aFailedOpeningChangesNothing()
{
    Session session = ready();
    must(session.chooseFailures({}, 0.5, {}));
    const auto* evaluation = need(session.evaluate({}));
    const auto parameters = session.classifier()->parameters();
    const std::filesystem::path broken = m_folder.filePath("broken.pt").toStdString();
    std::ofstream(broken) << "not a model";
    QVERIFY(refused(session.openModel({.path = broken}, {})));
    QVERIFY(refused(session.openModel({.path = m_folder.filePath("missing.pt").toStdString()}, {}),
                    Error::Kind::NotFound));
    QVERIFY(refused(session.openModel({.path = m_model, .preprocess = "mnits"}, {}), Error::Kind::NotFound));
    QVERIFY(refused(session.openModel({.path = m_model, .margins = broken}, {})));
    QVERIFY(session.classifier() != nullptr);
    QCOMPARE(session.classifier()->parameters(), parameters);
    QCOMPARE(session.margins().size(), std::size_t(500));
    QCOMPARE(need(session.evaluate({})), evaluation);
    QVERIFY(!session.split().query.empty());
    QVERIFY(!session.openData({.path = m_folder.filePath("nowhere").toStdString()}, {}));
    QCOMPARE(session.data().train.size(), 500);
    QVERIFY(session.classifier() != nullptr);
}

void SessionTest::aCancelledTrainingChangesNothing()
{
    Session session = ready();
    const auto parameters = session.classifier()->parameters();
    std::stop_source source;
    const Monitor monitor{source.get_token(), [&](const Progress&) { source.request_stop(); }};
    QVERIFY(refused(session.trainModel(recipe(), monitor), Error::Kind::Cancelled));
    QVERIFY(session.classifier() != nullptr);
    QCOMPARE(session.classifier()->parameters(), parameters);
    QVERIFY(refused(session.treat("retrain", {std::vector<std::uint8_t>(500, 0), {}}, {})));
}

void SessionTest::newDataForgetsTheModel()
{
    Session session = ready();
    must(session.chooseFailures({}, 0.5, {}));
    must(session.useData(m_data));
    QVERIFY(session.classifier() == nullptr);
    QVERIFY(session.margins().empty() && session.split().query.empty());
}

void SessionTest::subsetsAndLabelsOverlaid()
{
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.filePath("set").toStdString();
    need(data::writeDataSet(m_data, path));
    const std::filesystem::path labels = folder.filePath("labels.txt").toStdString();
    {
        std::ofstream stream(labels);
        for (std::size_t i = 0; i < 500; ++i)
            stream << (i == 3 ? 7 : m_data.train.labels[i]) << "\n";
    }
    Session session = newSession();
    must(session.openData({.path = path, .trainLabels = labels}, {}));
    QCOMPARE(session.data().train.size(), 500);
    QCOMPARE(session.data().train.labels[3], 7);
    QCOMPARE(session.trainSourceSize(), 500);
    must(session.openModel({.path = m_model}, {}));
    QCOMPARE(session.margins().empty(), m_data.train.labels[3] != 7);

    must(session.openData({.path = path, .trainSize = 100}, {}));
    QCOMPARE(session.data().train.size(), 100);
    QCOMPARE(session.trainSourceSize(), 500);
    need(session.trainModel(recipe(1), {}));
    const std::filesystem::path small = folder.filePath("small.pt").toStdString();
    must(session.saveModel(small));
    const auto margins = session.margins();
    Session again = newSession();
    must(again.openData({.path = path, .trainSize = 100}, {}));
    must(again.openModel({.path = small}, {}));
    QCOMPARE(again.margins(), margins);
    Session other = newSession(1); // another subset
    must(other.openData({.path = path, .trainSize = 100}, {}));
    must(other.openModel({.path = small}, {}));
    QVERIFY(other.margins().empty() && !other.notes().empty());
    QVERIFY(refused(session.openData({.path = path, .trainSize = 501}, {})));
}

void SessionTest::sameSeedSameEverything()
{
    const auto run = [&](std::uint64_t seed) {
        Session session = ready(seed);
        must(session.chooseFailures({}, 0.5, {}));
        auto identification = need(session.identify({}, {}));
        const CauseSelection causes{
            need(causes::cut("top:30", identification.ranking, identification.cutInput)).selected,
            identification.suggested};
        auto repaired = need(session.treat("relabel-rehearse", causes, {}));
        return std::tuple(session.split().query, identification.scores.culprit,
                          repaired.treated.classifier.parameters());
    };
    const auto first = run(4);
    QVERIFY(run(4) == first);
    QVERIFY(std::get<0>(run(5)) != std::get<0>(first));
}

void SessionTest::theHoldoutIsNeverRead()
{
    // Each holdout image is exchanged for another failure of the same kind, so that the split stays what it
    // was, but not one pixel of the holdout does.
    Session session = ready();
    must(session.chooseFailures({}, 0.5, {}));
    const auto split = session.split();
    const auto predicted = need(session.evaluate({}))->test.predicted;
    const auto causesOf = [](Session& any) {
        auto identification = need(any.identify({}, {}));
        CauseSelection causes{
            need(causes::cut("top:30", identification.ranking, identification.cutInput)).selected,
            identification.suggested};
        return std::pair(std::move(identification), std::move(causes));
    };
    const auto [identification, causes] = causesOf(session);
    std::map<std::pair<int, int>, std::int64_t> example;
    for (const auto row : split.query)
        example[{m_data.test.labels[std::size_t(row)], predicted[std::size_t(row)]}] = row;

    data::DataSet poisoned = m_data;
    std::vector<std::uint8_t> pixels(m_data.test.pixels.bytes.begin(), m_data.test.pixels.bytes.end());
    const auto size = m_data.test.shape.bytes();
    int exchanged = 0;
    for (const auto row : split.holdout) {
        const auto found = example.find({m_data.test.labels[std::size_t(row)], predicted[std::size_t(row)]});
        if (found == example.end())
            continue;
        const auto image = m_data.test.image(found->second);
        std::copy(image.begin(), image.end(), pixels.begin() + row * size);
        ++exchanged;
    }
    QVERIFY(exchanged > 3);
    poisoned.test.pixels = data::PixelBuffer::of(std::move(pixels));
    Session other = newSession();
    must(other.useData(poisoned));
    must(other.openModel({.path = m_model}, {}));
    must(other.chooseFailures({}, 0.5, {}));
    QCOMPARE(other.split().query, split.query);
    QCOMPARE(other.split().holdout, split.holdout);
    const auto [again, sameCauses] = causesOf(other);
    QCOMPARE(again.scores.culprit, identification.scores.culprit);
    QCOMPARE(again.cutInput.probability, identification.cutInput.probability);
    for (const auto& info : treatment::treatments()) {
        if (info.name == "retrain")
            continue; // takes as long as training; tst_treat shows that it reads no test image
        const auto one = need(session.treat(info.name, causes, {}));
        const auto two = need(other.treat(info.name, sameCauses, {}));
        QCOMPARE(two.treated.classifier.parameters(), one.treated.classifier.parameters());
    }
}

void SessionTest::aFinalModelHasNoMargins()
{
    Session session = ready();
    must(session.chooseFailures({}, 0.5, {}));
    const auto with = need(session.identify({}, {}));
    const auto without = need(session.identifyFromFinalModel({}, {}));
    QVERIFY(with.scores.culprit != without.scores.culprit);
    QVERIFY(refused(session.identifyFromFinalModel({.method = "margin"}, {})));
    const std::filesystem::path alone = m_folder.filePath("alone.pt").toStdString();
    std::filesystem::copy_file(m_model, alone, std::filesystem::copy_options::overwrite_existing);
    Session elsewhere = newSession();
    must(elsewhere.useData(m_data));
    must(elsewhere.openModel({.path = alone, .preprocess = "mnist"}, {}));
    QVERIFY(elsewhere.margins().empty() && elsewhere.notes().empty());
    must(elsewhere.chooseFailures({}, 0.5, {}));
    QCOMPARE(need(elsewhere.identify({}, {})).scores.culprit, without.scores.culprit);
}

void SessionTest::theControlIsRandom()
{
    CauseSelection causes{std::vector<std::uint8_t>(500, 0), m_data.train.labels};
    std::fill_n(causes.selected.begin(), 25, std::uint8_t{1});
    const auto control = ready().randomControl(causes);
    QCOMPARE(std::count(control.selected.begin(), control.selected.end(), std::uint8_t{1}), 25);
    QVERIFY(control.selected != causes.selected);
    QCOMPARE(control.suggested, causes.suggested);
    QCOMPARE(ready().randomControl(causes).selected, control.selected);
    QVERIFY(ready(1).randomControl(causes).selected != control.selected);
}

/// With two images a case, in a set that has cases.
void SessionTest::aTreatmentIsMeasuredCaseByCase()
{
    data::DataSet data = m_data;
    for (std::int64_t row = 0; row < data.test.size(); ++row)
        data.test.caseIds.push_back("case " + std::to_string(row / 2));
    Session session = newSession();
    must(session.useData(data));
    must(session.openModel({.path = m_model}, {}));
    must(session.chooseFailures({}, 0.5, {}));
    for (const auto query : session.split().query) // a case is on one side
        for (const auto holdout : session.split().holdout)
            QVERIFY(query / 2 != holdout / 2);
    std::vector<std::uint8_t> few(500, 0);
    std::fill_n(few.begin(), 20, std::uint8_t{1});
    const auto run = need(session.treat("rehearse", {few, data.train.labels}, {}));
    QVERIFY(run.cases.has_value());
    QCOMPARE(run.cases->before.cases, 200);
    QCOMPARE(run.cases->before.mean.holdout, 0.0);
    QVERIFY(std::abs(run.cases->after.mean.test - run.outcome.after.test) <
            1e-9); // all cases are alike in size
    QVERIFY(run.cases->after.allRight.test <= run.cases->after.mean.test);
    QCOMPARE(describeTreatment(run).cases->after.cases, 200);
}

void SessionTest::aTreatmentIsMeasured()
{
    Session session = ready();
    must(session.chooseFailures({}, 0.5, {}));
    const auto identification = need(session.identify({}, {}));
    const CauseSelection causes{
        need(causes::cut("top:40", identification.ranking, identification.cutInput)).selected,
        identification.suggested};
    const auto run = need(session.treat("relabel-rehearse", causes, {}));
    QVERIFY(!run.cases.has_value()); // this set has none
    QCOMPARE(run.method, std::string("relabel-rehearse"));
    QCOMPARE(run.outcome.before.query, 0.0);
    QCOMPARE(run.outcome.before.holdout, 0.0);
    QCOMPARE(run.outcome.before.remaining, 1.0);
    QCOMPARE(run.outcome.before.test, need(session.evaluate({}))->accuracy);
    const auto after = need(model::predict(run.treated.classifier, m_data.test, {}, {})).predicted;
    double right = 0.0;
    for (std::size_t i = 0; i < 400; ++i)
        right += after[i] == m_data.test.labels[i] ? 1.0 : 0.0;
    QCOMPARE(run.outcome.after.test, right / 400.0);
    const double change = double(run.outcome.fixed.size()) - double(run.outcome.broken.size());
    QVERIFY(std::abs(run.outcome.after.test - run.outcome.before.test - change / 400.0) < 1e-9);
    qInfo("holdout %.3f, remaining %.3f, test %.3f after %.3f", run.outcome.after.holdout,
          run.outcome.after.remaining, run.outcome.after.test, run.outcome.before.test);
    QVERIFY(refused(session.treat("magic", causes, {})));
    QVERIFY(refused(session.treat("rehearse", {std::vector<std::uint8_t>(500, 0), causes.suggested}, {})));
}

QTEST_APPLESS_MAIN(SessionTest)
#include "tst_session.moc"
