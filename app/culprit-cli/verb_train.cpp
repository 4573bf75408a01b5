// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_text.h"
#include "open_session.h"
#include "output.h"
#include "result_text.h"
#include "text_table.h"
#include "verbs.h"

#include <CLI/CLI.hpp>

namespace culprit::cli {

namespace {

const std::vector<std::string> architectures{"paper-cnn", "resnet18", "resnet8", "vgg7"};

class Train final : public Verb {
public:
    void declare(CLI::App& command) override
    {
        declareData(command, m_data);
        command.add_option("--arch", m_architecture, "paper-cnn, resnet18, resnet8 or vgg7")
            ->check(CLI::IsMember(architectures))
            ->type_name("NAME")
            ->capture_default_str();
        command.add_option("--out", m_out, "Where the model goes, its side-cars beside it")
            ->required()
            ->type_name("M.pt");
        command
            .add_option("--preprocess", m_preprocess,
                        "How pixels go in: none, mnist, cifar10, imagenet or FILE.json")
            ->type_name("NAME")
            ->capture_default_str();
        declareTraining(command, m_training);
        command
            .add_option(
                "--checkpoints", m_checkpoints,
                "Models to keep on the way, evenly spaced, for the method tracin: each as large as M.pt")
            ->check(CLI::NonNegativeNumber)
            ->type_name("N")
            ->capture_default_str();
        command
            .add_option(
                "--runs", m_runs,
                "Trainings whose margins are joined: the model's own, and further ones, of vgg7, without the "
                "images that look wrong so far; finds more wrong labels where the model learns slowly")
            ->check(CLI::Range(1, engine::mostRuns))
            ->type_name("N")
            ->capture_default_str();
    }

    std::vector<std::filesystem::path> writableFolders() const override { return {folderOf(m_out)}; }

    Expected<Answer> run(const Monitor& monitor) override
    {
        auto request = trainRequest();
        if (!request)
            return fail(request.error());
        auto session = openData(general, m_data, monitor);
        if (!session)
            return fail(session.error());
        auto record = session->trainModel(*request, monitor);
        if (!record)
            return fail(record.error());
        auto evaluation = session->evaluate(monitor);
        if (!evaluation)
            return fail(evaluation.error());
        if (auto saved = written(session->saveModel(m_out)); !saved)
            return fail(saved.error());
        return answer(*session, **evaluation, *record);
    }

private:
    Expected<engine::TrainRequest> trainRequest() const
    {
        auto architecture = model::architectureNamed(m_architecture);
        if (!architecture)
            return fail(architecture.error());
        auto preprocessing = model::preprocessingNamed(m_preprocess);
        if (!preprocessing)
            return fail(preprocessing.error());
        return engine::TrainRequest{*architecture, std::move(*preprocessing),
                                    m_training.over({.checkpoints = m_checkpoints}), m_runs};
    }

    Expected<Answer> answer(const engine::Session& session, const engine::Evaluation& evaluation,
                            const model::TrainingRecord& record) const
    {
        auto model = modelSection(session, m_out);
        if (!model)
            return fail(model.error());
        const report::Result result{.tool = engine::describeTool(session),
                                    .model = std::move(*model),
                                    .data = dataSection(session, m_data),
                                    .evaluation = engine::describeEvaluation(evaluation)};
        return Answer{general.json ? json(session, result, record) : text(result, evaluation, record),
                      notesOf(session, general)};
    }

    std::string json(const engine::Session& session, const report::Result& result,
                     const model::TrainingRecord& record) const
    {
        auto document = nlohmann::ordered_json::parse(report::toJson(result));
        const auto& car = session.sideCar();
        document["training"] = {{"architecture", car.architecture},
                                {"epochs", car.epochs},
                                {"optimizer", model::nameOf(car.optimiser)},
                                {"lr", car.learningRate},
                                {"batch_size", car.batchSize},
                                {"augmentation", model::nameOf(car.augmentation)},
                                {"runs", car.runs},
                                {"seconds", record.seconds},
                                {"final_loss", record.finalLoss}};
        return jsonText(document);
    }

    std::string text(const report::Result& result, const engine::Evaluation& evaluation,
                     const model::TrainingRecord& record) const
    {
        return "trained " + m_architecture + " in " + fixed(record.seconds, 1) +
               " s: " + accuracyText(result) + percent(evaluation.trainAccuracy) + " of " +
               std::to_string(result.data->train) + " training images agree with their labels\n" +
               "written: " + oneLine(m_out.string()) + "\n";
    }

    DataOptions m_data;
    TrainingOptions m_training;
    int m_checkpoints = 0;
    int m_runs = 1;
    std::string m_architecture = "paper-cnn";
    std::string m_preprocess = "none";
    std::filesystem::path m_out;
};

} // namespace

std::unique_ptr<Verb> makeTrain()
{
    return std::make_unique<Train>();
}

} // namespace culprit::cli
