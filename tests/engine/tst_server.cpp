// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/csv.h"
#include "base/random.h"
#include "data/demo_set.h"
#include "engine/investigation.h"
#include "engine_pipes.h"

#include <QTest>
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

using namespace culprit;
using namespace culprit::protocol;
using tests::EnginePipes;
using Clock = EnginePipes::Clock;
using std::chrono::milliseconds;

namespace {

constexpr int trainImages = 300;
constexpr int testImages = 200;
constexpr int epochs = 4;

std::int64_t millisecondsSince(Clock::time_point start)
{
    return std::chrono::duration_cast<milliseconds>(Clock::now() - start).count();
}

QString text(const Expected<Json>& answer)
{
    return answer ? QString("no error") : QString::fromStdString(answer.error().text);
}

void openDemo(EnginePipes& engine)
{
    QVERIFY(engine.call("open_demo", {{"train", trainImages}, {"test", testImages}}));
    QVERIFY(engine.call("train", {{"epochs", epochs}}));
}

/// As far as the causes.
void findCauses(EnginePipes& engine)
{
    openDemo(engine);
    QVERIFY(engine.call("evaluate"));
    QVERIFY(engine.call("choose_failures"));
    const auto found = engine.call("identify", {{"cut", "top:20"}});
    QVERIFY2(found, qPrintable(text(found)));
}

std::string exported(EnginePipes& engine, const std::string& name)
{
    std::string content;
    while (true) {
        const auto piece = engine.call("export", {{"name", name}, {"offset", content.size()}});
        if (!piece)
            return "error: " + piece.error().text;
        const auto bytes = Fields(*piece, "piece").array<std::uint8_t>("bytes");
        content.append(bytes.begin(), bytes.end());
        if (content.size() >= static_cast<std::size_t>(Fields(*piece, "piece").integer("total")))
            return content;
    }
}

/// Without what depends on the clock and on the process.
nlohmann::json timeless(nlohmann::json result)
{
    const std::set<std::string> clocks = {"seconds", "forward_seconds", "peak_rss_mb"};
    for (auto it = result.begin(); it != result.end();) {
        if (result.is_object() && clocks.contains(it.key())) {
            it = result.erase(it);
            continue;
        }
        if (it->is_structured())
            *it = timeless(std::move(*it));
        ++it;
    }
    return result;
}

engine::Investigation investigateDirectly()
{
    auto session = engine::Session::create({.device = "cpu", .threads = 2}).value();
    (void)session.useData(data::drawDemoSet({.train = trainImages, .test = testImages}).data);
    engine::TrainRequest request;
    request.options.epochs = epochs;
    (void)session.trainModel(request, {});
    engine::InvestigationOptions options;
    options.cut = "top:20";
    return engine::investigate(session, options, {}).value();
}

} // namespace

class TestServer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theNumbersAreThoseOfTheCommandLine()
    {
        EnginePipes engine;
        findCauses(engine);
        const auto treated = engine.call("treat", {{"control", true}});
        QVERIFY2(treated, qPrintable(text(treated)));
        QVERIFY(treated->contains("control"));
        const auto direct = investigateDirectly();

        auto here = timeless(nlohmann::json::parse(exported(engine, "result.json")));
        here.erase("model");                   // described by whoever holds the file
        here["identification"].erase("truth"); // and the truth by whoever planted it
        QCOMPARE(
            QString::fromStdString(here.dump(1)),
            QString::fromStdString(timeless(nlohmann::json::parse(report::toJson(direct.result))).dump(1)));
        QVERIFY(exported(engine, "causes.csv") == report::causesCsv(direct.causes));
        QVERIFY(exported(engine, "failures.csv") == report::failuresCsv(direct.failures));
        const auto before = Fields(*treated, "treat").map("before").number("test");
        QCOMPARE(before, direct.result.treatments.front().before.test);
    }

    void everyFileCanBeHad()
    {
        EnginePipes engine;
        findCauses(engine);
        QVERIFY(exported(engine, "repaired.pt").starts_with("error: repair the model first"));
        QVERIFY(engine.call("treat"));
        for (const char* name : {"model.pt", "repaired.pt"})
            QVERIFY(exported(engine, name).starts_with("PK"));
        QVERIFY(exported(engine, "model.pt.json").find("\"paper-cnn\"") != std::string::npos);
        QVERIFY(exported(engine, "repaired.pt.json").find("\"paper-cnn\"") != std::string::npos);
        QVERIFY(exported(engine, "model.pt.margins.npy").find("NUMPY") == 1);
        QVERIFY(exported(engine, "model.pt.forgetting.npy").find("NUMPY") == 1);
        QVERIFY(exported(engine, "scores.npy").find("NUMPY") == 1);
        QVERIFY(exported(engine, "corrected_labels.csv").starts_with("index,file,label,excluded\n"));
        QVERIFY(exported(engine, "report.html").starts_with("<!DOCTYPE html>") ||
                exported(engine, "report.html").starts_with("<!doctype html>"));
        QVERIFY(exported(engine, "/etc/passwd").starts_with("error: export: there is no file"));
        QVERIFY(exported(engine, "model.pt.exe").starts_with("error: export: there is no file"));
    }

    void aPieceOfAFileThatChangedIsRefused()
    {
        EnginePipes engine;
        openDemo(engine);
        const auto piece = engine.call("export", {{"name", "model.pt"}, {"offset", 100}});
        QVERIFY(!piece);
        QVERIFY(text(piece).contains("ask for it from its beginning"));
    }

    void openingTellsWhatIsThere()
    {
        EnginePipes engine;
        const auto opened = engine.call("open_demo", {{"train", trainImages}, {"test", testImages}});
        QVERIFY(opened);
        const Fields data(*opened, "data");
        QCOMPARE(data.text("format"), std::string("demo"));
        QCOMPARE(data.texts("classes").size(), std::size_t{10});
        QCOMPARE(data.map("train").array<std::int32_t>("labels").size(), std::size_t{trainImages});
        QCOMPARE(data.map("test").array<std::int64_t>("index").back(), std::int64_t{testImages - 1});
        QCOMPARE(data.map("per_class").array<std::int64_t>("test"),
                 std::vector<std::int64_t>(10, testImages / 10));
        QCOMPARE(data.map("unreadable").integer("count"), std::int64_t{0});
        QVERIFY(data.array<std::uint8_t>("truth").size() == trainImages);
        QVERIFY(data.check());
    }

    void theProbeTriesEveryPreset()
    {
        EnginePipes engine;
        openDemo(engine);
        const auto probed = engine.call("probe");
        QVERIFY2(probed, qPrintable(text(probed)));
        const Fields probe(*probed, "probe");
        QCOMPARE(probe.integer("images"), std::int64_t{testImages});
        QCOMPARE(probe.maps("presets").size(), model::preprocessingPresets().size());
        QCOMPARE(probe.maps("presets").front().number("accuracy"), probe.number("accuracy"));
        const auto counts = probe.array<std::int64_t>("predicted_counts");
        QCOMPARE(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}), std::int64_t{testImages});
    }

    void aCutIsTheOneThatTheJobMade()
    {
        EnginePipes engine;
        findCauses(engine);
        const auto cut = engine.call("cut", {{"name", "top:7"}});
        QVERIFY(cut);
        QCOMPARE(Fields(*cut, "cut").integer("count"), std::int64_t{7});
        QVERIFY(text(engine.call("cut", {{"name", "top:0"}})).size() > 0);
        QVERIFY(!engine.call("cut", {{"name", "top:0"}}));
    }

    void theCurveHasAPointEach()
    {
        EnginePipes engine;
        findCauses(engine);
        const std::vector<std::int64_t> counts = {5, 15};
        const auto curve = engine.call("removal_curve", {{"counts", arrayJson(counts)}});
        QVERIFY2(curve, qPrintable(text(curve)));
        const Fields fields(*curve, "curve");
        for (const char* group : {"query", "holdout", "remaining", "test"})
            QCOMPARE(fields.array<double>(group).size(), counts.size());
        QVERIFY(fields.check());
    }

    void causesCanBeNamedOneByOne()
    {
        EnginePipes engine;
        openDemo(engine);
        QVERIFY(engine.call("choose_failures"));
        const std::vector<std::int64_t> rows = {3, 5, 8, 13};
        QVERIFY(
            text(engine.call("treat", {{"selected", arrayJson(rows)}})).contains("find the causes first"));
        const std::vector<std::int32_t> suggested(trainImages, 4);
        const auto treated =
            engine.call("treat", {{"selected", arrayJson(rows)}, {"suggested", arrayJson(suggested)}});
        QVERIFY2(treated, qPrintable(text(treated)));
        const std::vector<std::int64_t> beyond = {trainImages};
        QVERIFY(
            text(engine.call("treat", {{"selected", arrayJson(beyond)}, {"suggested", arrayJson(suggested)}}))
                .contains("treat.selected"));
    }

    void decisionsWinOverTheCut()
    {
        EnginePipes engine;
        openDemo(engine);
        QVERIFY(engine.call("choose_failures"));
        QVERIFY(engine.call("identify"));
        const auto cut = engine.call("cut", {{"name", "top:4"}});
        QVERIFY2(cut, qPrintable(text(cut)));
        const auto selected = Fields(*cut, "cut").array<std::uint8_t>("selected");
        std::vector<std::int64_t> accused;
        for (std::size_t row = 0; row < selected.size(); ++row)
            if (selected[row] != 0)
                accused.push_back(static_cast<std::int64_t>(row));
        QCOMPARE(accused.size(), std::size_t{4});
        std::vector<std::int64_t> innocent;
        for (std::int64_t row = 0; innocent.size() < 2; ++row)
            if (selected[static_cast<std::size_t>(row)] == 0)
                innocent.push_back(row);

        // Two of the accused are acquitted, an innocent one leaves, another gets a class.
        Json arguments{{"cut", "top:4"},
                       {"acquitted", arrayJson(std::vector<std::int64_t>{accused[0], accused[1]})},
                       {"excluded", arrayJson(std::vector<std::int64_t>{innocent[0]})},
                       {"relabelled", arrayJson(std::vector<std::int64_t>{innocent[1]})},
                       {"new_labels", arrayJson(std::vector<std::int32_t>{7})}};
        QVERIFY2(engine.call("treat", arguments), "treat");
        arguments["name"] = "corrected_labels.csv";
        const auto file = engine.call("export", arguments);
        QVERIFY2(file, qPrintable(text(file)));
        const auto bytes = Fields(*file, "export").array<std::uint8_t>("bytes");
        const std::string csv(bytes.begin(), bytes.end());
        const auto lineOf = [&](std::int64_t row) { return "\n" + std::to_string(row) + ",,"; };
        const auto from = csv.find(lineOf(innocent[0]));
        QVERIFY(from != std::string::npos &&
                csv.substr(from + 1, csv.find('\n', from + 1) - from - 1).ends_with(",1"));
        QVERIFY(csv.find(lineOf(innocent[1]) + "7,0\n") != std::string::npos);
        arguments["name"] = "causes.csv";
        const auto ranked = engine.call("export", arguments);
        QVERIFY2(ranked, qPrintable(text(ranked)));
        const auto rows = Fields(*ranked, "export").array<std::uint8_t>("bytes");
        const auto causes = parseCsv(std::string(rows.begin(), rows.end()), "causes.csv");
        QVERIFY(causes);
        std::map<std::string, std::string> treatedAs; // by index, of those that are treated
        for (const auto& row : causes->rows)
            if (row.fields[*causes->column("selected")] == "1")
                treatedAs[row.fields[*causes->column("index")]] = row.fields[*causes->column("suggested")];
        QCOMPARE(treatedAs.size(), std::size_t{4});
        QVERIFY(!treatedAs.contains(std::to_string(accused[0])));
        QVERIFY(treatedAs.contains(std::to_string(innocent[0])));
        QCOMPARE(treatedAs[std::to_string(innocent[1])], std::string("7"));

        arguments.erase("name");
        arguments["new_labels"] = arrayJson(std::vector<std::int32_t>{});
        QVERIFY(text(engine.call("treat", arguments)).contains("treat.new_labels"));
        arguments["new_labels"] = arrayJson(std::vector<std::int32_t>{10});
        QVERIFY(text(engine.call("treat", arguments)).contains("treat.new_labels"));
        arguments["new_labels"] = arrayJson(std::vector<std::int32_t>{7});
        arguments["excluded"] = arrayJson(std::vector<std::int64_t>{-1});
        QVERIFY(text(engine.call("treat", arguments)).contains("treat.excluded"));
        // Each kind of decision may come alone.
        const Json leaving{{"cut", "top:4"}, {"excluded", arrayJson(innocent)}};
        const auto left = engine.call("treat", leaving);
        QVERIFY2(left, qPrintable(text(left)));
        // All that was accused is acquitted: nothing is left to treat.
        const Json none{{"cut", "top:4"}, {"acquitted", arrayJson(accused)}};
        const auto nothing = text(engine.call("treat", none));
        QVERIFY2(nothing.contains("no image is selected"), qPrintable(nothing));
    }

    void picturesComeSmallAndInOrder()
    {
        EnginePipes engine;
        QVERIFY(engine.call("open_demo", {{"train", trainImages}, {"test", testImages}}));
        const std::vector<std::int64_t> wanted = {7, 100'000, 2};
        const auto small =
            engine.call("thumbnails", {{"part", "train"}, {"indices", arrayJson(wanted)}, {"max_side", 14}});
        QVERIFY2(small, qPrintable(text(small)));
        const Fields fields(*small, "thumbnails");
        QCOMPARE(fields.array<std::int64_t>("indices"), (std::vector<std::int64_t>{7, 2}));
        QCOMPARE(fields.shape("pixels"), (std::vector<std::int64_t>{2, 1, 14, 14}));
        const auto whole = engine.call(
            "thumbnails", {{"part", "train"}, {"indices", arrayJson(std::vector<std::int64_t>{2})}});
        const auto set = data::drawDemoSet({.train = trainImages, .test = testImages}).data.train;
        const auto pixels = Fields(*whole, "thumbnails").array<std::uint8_t>("pixels");
        QVERIFY(std::equal(pixels.begin(), pixels.end(), set.image(2).begin(), set.image(2).end()));
        QVERIFY(text(engine.call("thumbnails", {{"part", "validation"}, {"indices", arrayJson(wanted)}}))
                    .contains("train or test"));
    }

    void picturesDoNotWaitForJobs()
    {
        EnginePipes engine;
        QVERIFY(engine.call("open_demo", {{"train", trainImages}, {"test", testImages}}));
        const auto job = engine.send("train", {{"epochs", 100'000}});
        QVERIFY(engine.receive(milliseconds(20'000))); // it has begun
        const auto start = Clock::now();
        const std::vector<std::int64_t> indices = {1, 2, 3};
        QVERIFY(
            engine.call("thumbnails", {{"part", "test"}, {"indices", arrayJson(indices)}, {"max_side", 28}}));
        QVERIFY2(millisecondsSince(start) < 500, qPrintable(QString::number(millisecondsSince(start))));
        QVERIFY(engine.call("cancel", {{"id", job}}));
        QCOMPARE(engine.answerTo(job).error().kind, Error::Kind::Cancelled);
    }

    void progressIsThinned()
    {
        EnginePipes engine;
        QVERIFY(engine.call("open_demo", {{"train", trainImages}, {"test", testImages}}));
        const auto start = Clock::now();
        QVERIFY(engine.call("train", {{"epochs", 30}}));
        const auto events = static_cast<std::int64_t>(engine.aside.size());
        QVERIFY(events > 0);
        QVERIFY2(events <= millisecondsSince(start) / 40 + 5, qPrintable(QString::number(events)));
    }

    void cancelIsAnsweredAtOnceAndLeavesEverythingAsItWas()
    {
        EnginePipes engine;
        findCauses(engine);
        const auto evaluation = engine.call("evaluate");
        const auto causes = exported(engine, "causes.csv");
        struct Long {
            const char* call;
            Json arguments;
        };
        const std::vector<std::int64_t> counts = {5, 10, 20, 40, 60, 80};
        const Long jobs[] = {{"train", {{"epochs", 100'000}}},
                             {"identify", {{"method", "ewc"}, {"steps", 100'000}}},
                             {"treat", {{"method", "retrain"}}},
                             {"removal_curve", {{"counts", arrayJson(counts)}}}};
        Random random(1);
        std::int64_t slowestAnswer = 0;
        std::int64_t slowestEnd = 0;
        for (int i = 0; i < 16; ++i) {
            const auto& job = jobs[i % 4];
            const auto id = engine.send(job.call, job.arguments);
            const auto moment = Clock::now() + milliseconds(random.below(150));
            while (Clock::now() < moment)
                (void)engine.receive(std::chrono::ceil<milliseconds>(moment - Clock::now()));
            const auto start = Clock::now();
            const auto cancel = engine.send("cancel", {{"id", id}});
            const auto answer = engine.answerTo(cancel);
            slowestAnswer = std::max(slowestAnswer, millisecondsSince(start));
            QVERIFY(answer);
            if (!Fields(*answer, "cancel").flag("found", false))
                continue; // it had ended by itself
            engine.aside.erase(
                std::remove_if(engine.aside.begin(), engine.aside.end(),
                               [](const auto& m) { return std::holds_alternative<ProgressEvent>(m); }),
                engine.aside.end());
            const bool answeredBefore =
                std::any_of(engine.aside.begin(), engine.aside.end(), [&](const auto& message) {
                    const auto* error = std::get_if<ErrorReply>(&message);
                    return error && error->id == id;
                });
            if (!answeredBefore)
                QCOMPARE(engine.answerTo(id).error().kind, Error::Kind::Cancelled);
            slowestEnd = std::max(slowestEnd, millisecondsSince(start));
        }
        qInfo("slowest answer to a cancel %lld ms, slowest end of a job %lld ms",
              static_cast<long long>(slowestAnswer), static_cast<long long>(slowestEnd));
        QVERIFY(slowestAnswer <= 100);
        QVERIFY(slowestEnd <= 1000);
        QVERIFY(*engine.call("evaluate") == *evaluation);
        QCOMPARE(exported(engine, "causes.csv"), causes);
    }

    void aWaitingJobIsCancelledWithoutBeingBegun()
    {
        EnginePipes engine;
        QVERIFY(engine.call("open_demo", {{"train", trainImages}, {"test", testImages}}));
        const auto running = engine.send("train", {{"epochs", 100'000}});
        const auto waiting = engine.send("evaluate");
        (void)engine.send("cancel", {{"id", waiting}});
        QCOMPARE(engine.answerTo(waiting).error().kind, Error::Kind::Cancelled);
        QVERIFY(!Fields(*engine.call("cancel", {{"id", 12345}}), "cancel").flag("found", true));
        (void)engine.send("cancel", {{"id", running}});
        QCOMPARE(engine.answerTo(running).error().kind, Error::Kind::Cancelled);
    }

    void theEndOfInputEndsARunningJob()
    {
        EnginePipes engine;
        QVERIFY(engine.call("open_demo", {{"train", trainImages}, {"test", testImages}}));
        (void)engine.send("train", {{"epochs", 100'000}});
        QVERIFY(engine.receive(milliseconds(20'000)));
        const auto start = Clock::now();
        QVERIFY(engine.end());
        QVERIFY(millisecondsSince(start) < 2000);
    }

    void aFailedOpeningLeavesTheModel()
    {
        EnginePipes engine;
        openDemo(engine);
        const auto before = engine.call("evaluate");
        QCOMPARE(engine.call("open_model", {{"path", "/nonexistent/model.pt"}}).error().kind,
                 Error::Kind::NotFound);
        QVERIFY(!engine.call("open_data", {{"path", "/nonexistent"}}));
        QVERIFY(*engine.call("evaluate") == *before);
    }

    void wrongRequestsAreAnsweredWithAnError_data()
    {
        QTest::addColumn<QString>("call");
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<QString>("says");
        QTest::newRow("unknown") << "format_disk"
                                 << "{}"
                                 << "no call 'format_disk'";
        QTest::newRow("nothing open: train") << "train"
                                             << "{}"
                                             << "open a data set first";
        QTest::newRow("nothing open: evaluate") << "evaluate"
                                                << "{}"
                                                << "open or train a model first";
        QTest::newRow("nothing open: probe") << "probe"
                                             << "{}"
                                             << "open or train a model first";
        QTest::newRow("nothing open: identify") << "identify"
                                                << "{}"
                                                << "choose the failures first";
        QTest::newRow("nothing open: treat") << "treat"
                                             << "{}"
                                             << "find the causes first";
        QTest::newRow("nothing open: cut") << "cut"
                                           << R"({"name": "calibrated"})"
                                           << "find the causes first";
        QTest::newRow("nothing open: pictures") << "thumbnails"
                                                << "{}"
                                                << "open a data set first";
        QTest::newRow("nothing open: evidence") << "evidence_for_culprit"
                                                << R"({"row": 1})"
                                                << "evaluate the model first";
        QTest::newRow("nothing open: export") << "export"
                                              << R"({"name": "result.json"})"
                                              << "evaluate the model first";
        QTest::newRow("no path") << "open_data"
                                 << "{}"
                                 << "open_data.path: is missing";
        QTest::newRow("path a number") << "open_data"
                                       << R"({"path": 5})"
                                       << "open_data.path: is not a text";
        QTest::newRow("images below 0") << "open_demo"
                                        << R"({"train": -5})"
                                        << "1 to 1,000,000 images";
        QTest::newRow("threads") << "configure"
                                 << R"({"threads": -2})"
                                 << "configure.threads";
        QTest::newRow("device") << "configure"
                                << R"({"device": "abacus"})"
                                << "is no device";
        QTest::newRow("cancel without id") << "cancel"
                                           << "{}"
                                           << "cancel.id: is missing";
        QTest::newRow("another protocol") << "hello"
                                          << R"({"protocol": 99, "tool": "9"})"
                                          << "install the same version";
    }

    void wrongRequestsAreAnsweredWithAnError()
    {
        QFETCH(QString, call);
        QFETCH(QString, arguments);
        QFETCH(QString, says);
        EnginePipes engine;
        const auto answer = engine.call(call.toStdString(), Json::parse(arguments.toStdString()));
        QVERIFY(!answer);
        QVERIFY2(text(answer).contains(says), qPrintable(text(answer)));
        QVERIFY(engine.call("hello", helloJson({protocolVersion, "test", ""})));
    }

    void garbageInAFrameIsSurvived()
    {
        EnginePipes engine;
        Random random(3);
        for (int i = 0; i < 200; ++i) {
            Bytes payload(1 + random.below(60));
            for (auto& byte : payload)
                byte = static_cast<std::uint8_t>(random.next());
            engine.sendRaw(*frameOf(payload));
        }
        QVERIFY(engine.call("hello", helloJson({protocolVersion, "test", ""})));
        QCOMPARE(engine.aside.size(), std::size_t{200});
        QVERIFY(engine.end());
    }

    void aStreamWithoutFramesIsLeft()
    {
        EnginePipes engine;
        const std::string greeting = "Welcome to host!\n\xff\xff\xff\xff";
        engine.sendRaw(Bytes(greeting.begin(), greeting.end()));
        const auto message = engine.receive(milliseconds(5000));
        QVERIFY(message);
        QCOMPARE(std::get<ErrorReply>(*message).id, std::uint64_t{0});
        QCOMPARE(engine.end().error().kind, Error::Kind::BadInput);
    }

    void failuresThatFailAlikeAreGrouped()
    {
        EnginePipes engine;
        openDemo(engine);
        QVERIFY(text(engine.call("failure_groups")).contains("evaluate the model first"));
        QVERIFY(engine.call("train", {{"epochs", epochs}}));
        const auto evaluated = engine.call("evaluate");
        QVERIFY2(evaluated, qPrintable(text(evaluated)));
        const auto grouped = engine.call("failure_groups");
        QVERIFY2(grouped, qPrintable(text(grouped)));
        const Fields reply(*grouped, "failure_groups");
        const auto groups = reply.array<std::int32_t>("groups");
        QCOMPARE(groups.size(), Fields(*evaluated, "evaluate").array<std::int64_t>("failures").size());
        QCOMPARE(std::int64_t{*std::max_element(groups.begin(), groups.end())} + 1, reply.integer("count"));
    }

    void evidenceIsGatheredWithoutBeingAskedFor()
    {
        EnginePipes engine;
        findCauses(engine);
        const auto direct = engine.call("evidence_for_culprit", {{"row", 4}, {"n", 5}});
        QVERIFY2(direct, qPrintable(text(direct)));
        const Fields evidence(*direct, "evidence");
        const auto pulls = evidence.map("failures").array<float>("pull");
        QVERIFY(std::is_sorted(pulls.rbegin(), pulls.rend()));
        QCOMPARE(evidence.map("neighbours").array<std::int64_t>("rows").size(), std::size_t{5});
        const auto failure = engine.call("evidence_for_failure", {{"row", 4}, {"n", 3}});
        QVERIFY(Fields(*failure, "evidence").map("culprits").array<std::int64_t>("rows").size() <= 3);
        QVERIFY(
            text(engine.call("evidence_for_culprit", {{"row", trainImages}})).contains("there is no row"));
    }
};

QTEST_APPLESS_MAIN(TestServer)
#include "tst_server.moc"
