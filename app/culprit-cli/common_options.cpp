// SPDX-License-Identifier: GPL-3.0-or-later
#include "common_options.h"

#include "treatment/treat.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

namespace culprit::cli {

namespace {

constexpr const char* generalGroup = "General";
constexpr int mostSamples = 1000; ///< Each costs two forward passes over the training set.

/// "what: name, name, name" for help and errors, from any list of infos.
template <typename Infos>
std::string listed(const std::string& what, const Infos& infos)
{
    std::string text = what + ": ";
    for (const auto& info : infos)
        text += (text.ends_with(": ") ? "" : ", ") + std::string(info.name);
    return text;
}

/// CLI11's own check prints the whole list twice; this one names what was given and what there is.
template <typename Infos>
CLI::Validator oneOf(const Infos& infos)
{
    return CLI::Validator(
        [&infos](std::string& given) {
            const auto called = [&](const auto& info) { return info.name == given; };
            return std::any_of(infos.begin(), infos.end(), called)
                       ? std::string()
                       : listed("there is no '" + given + "'; choose from", infos);
        },
        "NAME");
}

bool isWholeNumber(const std::string& text, std::int64_t least)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && value >= least;
}

CLI::Validator cutName()
{
    return CLI::Validator(
        [](std::string& given) {
            const bool known = given == "calibrated" || given == "paper" ||
                               (given.starts_with("top:") && isWholeNumber(given.substr(4), 1));
            return known ? std::string()
                         : "there is no cut '" + given + "'; choose calibrated, paper or top:N";
        },
        "NAME");
}

CLI::Validator deviceName()
{
    return CLI::Validator(
        [](std::string& given) {
            const bool known = given == "auto" || given == "cpu" || given == "cuda" ||
                               (given.starts_with("cuda:") && isWholeNumber(given.substr(5), 0));
            return known ? std::string()
                         : "there is no device '" + given + "'; choose auto, cpu, cuda or cuda:N";
        },
        "NAME");
}

/// CLI11 lets -1 wrap around to 2^64 - 1.
CLI::Validator anySeed()
{
    return CLI::Validator(
        [](std::string& given) {
            std::uint64_t value = 0;
            const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), value);
            const bool whole = error == std::errc() && end == given.data() + given.size();
            return whole ? std::string() : "'" + given + "' is not a whole number from 0 to 2^64 - 1";
        },
        "");
}

CLI::Validator betweenZeroAndOne()
{
    return CLI::Validator(
        [](std::string& given) {
            double value = 0.0;
            const bool inside = CLI::detail::lexical_cast(given, value) && value > 0.0 && value < 1.0;
            return inside ? std::string() : "'" + given + "' is not a fraction between 0 and 1";
        },
        "FRACTION");
}

} // namespace

model::TrainOptions TrainingOptions::over(model::TrainOptions defaults) const
{
    defaults.epochs = epochs.value_or(defaults.epochs);
    if (optimiser && *optimiser != defaults.optimiser) {
        defaults.optimiser = *optimiser;
        defaults.learningRate = model::usualRate(*optimiser);
    }
    defaults.learningRate = learningRate.value_or(defaults.learningRate);
    defaults.batchSize = batchSize.value_or(defaults.batchSize);
    defaults.augmentation = augmentation.value_or(defaults.augmentation);
    return defaults;
}

ModelOptions withRecipe(ModelOptions model, const TrainingOptions& training)
{
    model.request.epochs = training.epochs;
    model.request.learningRate = training.learningRate;
    model.request.batchSize = training.batchSize;
    model.request.augmentation = training.augmentation;
    model.request.optimiser = training.optimiser;
    return model;
}

void declareGeneral(CLI::App& command, GeneralOptions& options)
{
    const auto add = [&](CLI::Option* option) { return option->group(generalGroup); };
    add(command.add_option("--device", options.compute.device, "auto, cpu, cuda or cuda:N"))
        ->check(deviceName())
        ->capture_default_str();
    add(command.add_option("--threads", options.compute.threads, "Threads on the CPU; 0: one a processor"))
        ->check(CLI::NonNegativeNumber)
        ->type_name("N");
    add(command.add_option("--batch", options.compute.batch,
                           "Images a forward pass takes at once; 0: chosen"))
        ->check(CLI::NonNegativeNumber)
        ->type_name("N");
    add(command.add_option("--seed", options.compute.seed, "Of every random choice"))
        ->check(anySeed())
        ->type_name("N")
        ->capture_default_str();
    add(command.add_flag("--json", options.json, "Print one JSON document instead of tables"));
    add(command.add_flag("--quiet", options.quiet, "No progress and no notes"));
    add(command.add_flag("--verbose", options.verbose,
                         "Also the sandbox's level and what libraries say of errors"));
}

void declareTraining(CLI::App& command, TrainingOptions& options)
{
    command.add_option("--epochs", options.epochs, "Passes over the training set")
        ->check(CLI::PositiveNumber)
        ->type_name("N");
    command.add_option("--lr", options.learningRate, "Learning rate, the highest; default: 0.001 for adam, 0.1 for sgd")
        ->check(CLI::PositiveNumber)
        ->type_name("RATE");
    command
        .add_option_function<std::string>(
            "--optimizer",
            [&options](const std::string& name) { options.optimiser = model::optimiserNamed(name); },
            "adam (constant rate) or sgd (Nesterov momentum, weight decay 0.0005, rate warmed up and lowered as half "
            "a cosine)")
        ->check(CLI::IsMember({"adam", "sgd"}));
    command.add_option("--batch-size", options.batchSize, "Images a training step")
        ->check(CLI::PositiveNumber)
        ->type_name("N");
    command
        .add_option_function<std::string>(
            "--augment",
            [&options](const std::string& name) { options.augmentation = model::augmentationNamed(name); },
            "Change training images a little each time: none, shift (by up to an eighth of the side), "
            "shift-mirror (also left to right, every second one) or strong (also contrast, tint and a square "
            "blanked)")
        ->check(CLI::IsMember({"none", "shift", "shift-mirror", "strong"}));
}

void declareData(CLI::App& command, DataOptions& options)
{
    auto& request = options.request;
    command
        .add_option("--data", request.path,
                    "Data set: IDX or CIFAR folder, .npz, image folder, or .csv manifest")
        ->required()
        ->type_name("PATH");
    command.add_option("--train-size", request.trainSize, "Use a seeded subset of the training set")
        ->check(CLI::PositiveNumber)
        ->type_name("N");
    command
        .add_option("--train-labels,--labels", request.trainLabels,
                    "Labels laid over the training set (.npy, .csv or .txt, one integer an image)")
        ->type_name("FILE");
}

void declareModel(CLI::App& command, ModelOptions& options)
{
    auto& request = options.request;
    command.add_option("--model", request.path, "TorchScript model: images in, logits out")
        ->required()
        ->type_name("M.pt");
    command
        .add_option(
            "--preprocess", request.preprocess,
            "How pixels go in: none, mnist, cifar10, imagenet or FILE.json (default: the model's side-car)")
        ->type_name("NAME");
    command
        .add_option("--margins", request.margins,
                    "Mean training margin an image, .npy (default: the model's side-car)")
        ->type_name("FILE");
}

void declareFailures(CLI::App& command, FailureOptions& options)
{
    auto* file = command
                     .add_option("--failures", options.failures,
                                 "CSV with an `index` column: the failures to explain (default: all "
                                 "misclassified test images)")
                     ->type_name("FILE");
    command
        .add_option("--group", options.group,
                    "Only the failures of this group, by the file's `group` column (see evaluate --groups)")
        ->needs(file);
    command
        .add_option("--query-fraction", options.queryFraction, "Share of the failures that methods may see")
        ->check(betweenZeroAndOne())
        ->capture_default_str();
}

void declareCauses(CLI::App& command, CauseOptions& options)
{
    static const auto methods = causes::methods();
    command.add_option("--method", options.method, listed("How to score", methods))
        ->check(oneOf(methods))
        ->capture_default_str();
    command.add_option("--cut", options.cut, "Where causes end: calibrated, paper (r > 0) or top:N")
        ->check(cutName())
        ->capture_default_str();
    command
        .add_option("--samples", options.samples,
                    "Draws from each posterior, for the methods ewc-sampled and kfac-sampled")
        ->check(CLI::Range(1, mostSamples))
        ->type_name("N")
        ->capture_default_str();
    command
        .add_option("--truth", options.truth, "Known wrong labels, for scoring only: never read by a method")
        ->type_name("FILE");
}

void declareDecisions(CLI::App& command, std::filesystem::path& file)
{
    command
        .add_option(
            "--decisions", file,
            "decisions.csv of `project export`: excluded images leave the training set, relabelled ones "
            "train with the new label, kept and flagged ones are never causes")
        ->type_name("FILE");
}

void declareTreatments(CLI::App& command, const std::string& names, std::vector<std::string>& treatments)
{
    static const auto known = treatment::treatments();
    command.add_option(names, treatments, listed("One or more, with commas between", known))
        ->delimiter(',')
        ->check(oneOf(known))
        ->type_name("NAME,…")
        ->capture_default_str();
}

void declareOut(CLI::App& command, std::filesystem::path& out, const std::string& what)
{
    command.add_option("--out", out, what)->type_name("DIR");
}

} // namespace culprit::cli
