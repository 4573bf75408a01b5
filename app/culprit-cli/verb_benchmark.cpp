// SPDX-License-Identifier: GPL-3.0-or-later
#include "common_options.h"
#include "json_text.h"
#include "output.h"
#include "verb.h"
#include "verbs.h"

#include "base/durable_file.h"
#include "data/labels.h"
#include "engine/benchmark.h"
#include "engine/benchmark_plots.h"
#include "engine/benchmark_tables.h"
#include "engine/device_comparison.h"
#include "engine/machine.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace culprit::cli {

namespace {

class BenchmarkVerb : public Verb {
public:
    void declare(CLI::App& command) override
    {
        declareData(command, m_data);
        declareTraining(command, m_training);
        command
            .add_option("--suite", m_suite,
                        "auto, mnist, cifar10, medmnist or paper: architecture, size, epochs and faults; "
                        "devices: one "
                        "run of the fitting one's recipe on the CPU and on --device, compared")
            ->capture_default_str();
        command.add_option("--seeds", m_seeds, "Training runs a fault kind, seeds 0 to N-1")
            ->check(CLI::Range(1, 100))
            ->capture_default_str();
        command.add_option("--arch", m_architecture,
                           "paper-cnn, resnet18, resnet8 or vgg7; default: the suite's");
        command.add_option("--preprocess", m_preprocess, "none, mnist, cifar10, imagenet or a JSON file")
            ->capture_default_str();
        command.add_option("--method", m_methods, "Only these methods, separated by commas")->delimiter(',');
        command.add_option("--treatments", m_treatments, "Only these treatments, separated by commas")
            ->delimiter(',');
        command
            .add_option("--noise", m_noises, "Only these of the suite's kinds of fault, separated by commas")
            ->delimiter(',');
        command
            .add_option("--removal", m_removal,
                        "Methods, separated by commas, whose first 0.25, 0.5, 1 and 1.5 K images are left "
                        "out and the "
                        "model trained anew, against as many random ones")
            ->delimiter(',')
            ->type_name("NAME,…");
        command.add_option("--truth", m_truth,
                           "Known wrong labels, for data that brings its own: nothing is planted then");
        declareOut(command, m_out,
                   "Folder for benchmark.md, benchmark.csv, removal.csv and plots, or devices.md");
    }

    std::vector<std::filesystem::path> writableFolders() const override { return {m_out}; }

    Expected<Answer> run(const Monitor& monitor) override
    {
        auto session = engine::Session::create(general.compute);
        if (!session)
            return fail(session.error());
        if (auto opened = openData(*session, monitor); !opened)
            return fail(opened.error());
        auto options = benchmarkOptions(*session);
        if (!options)
            return fail(options.error());
        if (options->suite.name == devicesSuite)
            return compareDevices(*session, *options, monitor);
        auto benchmark = engine::runBenchmark(session->data(), *options, monitor);
        if (!benchmark)
            return fail(benchmark.error());
        const std::string text = heading(*session) + engine::benchmarkMarkdown(*benchmark);
        if (auto kept = keep(heading(*session), *benchmark); !kept)
            return fail(kept.error());
        return Answer{.text = general.json ? asJson(text, *benchmark) : text, .notes = {}};
    }

private:
    static constexpr const char* devicesSuite = "devices";

    /// Exit status 1 where the device does not compute what the CPU does.
    Expected<Answer> compareDevices(const engine::Session& session, const engine::BenchmarkOptions& options,
                                    const Monitor& monitor) const
    {
        if (!m_methods.empty() || !m_treatments.empty() || !m_removal.empty() || !m_truth.empty())
            return fail(
                Error::Kind::BadInput,
                "the suite devices compares methods and a treatment of its own, on faults of its own; leave "
                "--method, --treatments, --removal and --truth out");
        auto comparison = engine::compareDevices(session.data(), options, monitor);
        if (!comparison)
            return fail(comparison.error());
        const std::string text = "`" + general.commandLine + "`\n\n" + versions(session) + "\n" +
                                 engine::deviceMarkdown(*comparison);
        if (!m_out.empty())
            if (auto kept = written(writeDurably(m_out / "devices.md", text)); !kept)
                return fail(kept.error());
        return Answer{.text = general.json ? asJson(text, *comparison) : text,
                      .notes = {},
                      .status = comparison->agrees() ? 0 : 1};
    }

    static std::string asJson(const std::string& text, const engine::DeviceComparison& comparison)
    {
        nlohmann::ordered_json methods = nlohmann::ordered_json::array();
        for (const auto& method : comparison.methods)
            methods.push_back(
                {{"name", method.method}, {"seconds", method.seconds}, {"spearman", method.spearman}});
        return jsonText(nlohmann::ordered_json{{"devices", {"cpu", comparison.device}},
                                               {"names", comparison.names},
                                               {"agree", comparison.agrees()},
                                               {"forward_seconds", comparison.forwardSeconds},
                                               {"methods", methods},
                                               {"treatment",
                                                {{"name", comparison.treatment},
                                                 {"seconds", comparison.treatmentSeconds},
                                                 {"test", comparison.testAccuracy}}},
                                               {"markdown", text}});
    }

    /// The subset is drawn anew for each seed, unless the labels or the truth are the data's own.
    Expected<void> openData(engine::Session& session, const Monitor& monitor)
    {
        engine::DataRequest request = m_data.request;
        m_trainSize = request.trainSize;
        if (m_truth.empty())
            request.trainSize.reset();
        return session.openData(request, monitor);
    }

    Expected<engine::BenchmarkOptions> benchmarkOptions(const engine::Session& session)
    {
        auto suite = engine::suiteNamed(m_suite, session.data());
        if (!suite)
            return fail(suite.error());
        engine::BenchmarkOptions options{.suite = *suite, .seeds = m_seeds, .compute = general.compute};
        options.suite.training = m_training.over(options.suite.training);
        options.methods = m_methods;
        options.treatments = m_treatments;
        options.removal = m_removal;
        if (m_trainSize)
            options.suite.trainSize = m_trainSize;
        if (!m_architecture.empty()) {
            auto architecture = model::architectureNamed(m_architecture);
            if (!architecture)
                return fail(architecture.error());
            options.suite.architecture = *architecture;
        }
        auto preprocessing = model::preprocessingNamed(m_preprocess);
        if (!preprocessing)
            return fail(preprocessing.error());
        options.preprocessing = std::move(*preprocessing);
        if (auto chosen = chooseNoises(options.suite); !chosen)
            return fail(chosen.error());
        if (auto read = readTruth(session, options); !read)
            return fail(read.error());
        return options;
    }

    Expected<void> chooseNoises(engine::Suite& suite) const
    {
        std::vector<engine::Noise> chosen;
        for (const auto& name : m_noises) {
            const auto found = std::find_if(suite.noises.begin(), suite.noises.end(),
                                            [&](const engine::Noise& noise) { return noise.name == name; });
            if (found == suite.noises.end())
                return fail(Error::Kind::BadInput,
                            "the suite " + suite.name + " has no kind of fault called '" + name +
                                "'; without --noise the benchmark plants all it has and names them");
            chosen.push_back(*found);
        }
        if (!chosen.empty())
            suite.noises = std::move(chosen);
        return {};
    }

    Expected<void> readTruth(const engine::Session& session, engine::BenchmarkOptions& options)
    {
        if (m_truth.empty())
            return {};
        auto truth = data::readTruth(session.data().train, session.trainSourceSize(),
                                     session.data().classNames, m_truth);
        if (!truth)
            return fail(truth.error());
        options.truth = std::move(*truth);
        options.suite.trainSize.reset();
        options.suite.noises = {{"given", {}}};
        return {};
    }

    std::string heading(const engine::Session& session) const
    {
        return "`" + general.commandLine + "`\n\n" + versions(session) + ", " + std::to_string(m_seeds) +
               " seeds: mean (least … greatest)\n";
    }

    static std::string versions(const engine::Session& session)
    {
        return "culprit " CULPRIT_VERSION ", LibTorch " + model::libtorchVersion() + ", " + session.device() +
               ", " + std::to_string(session.threads()) + " threads, peak memory " +
               std::to_string(static_cast<int>(engine::peakRssMb())) + " MB";
    }

    /// The runs as objects, and the tables as they would be printed.
    static std::string asJson(const std::string& text, const engine::Benchmark& benchmark)
    {
        nlohmann::ordered_json runs = nlohmann::ordered_json::array();
        for (const auto& row : benchmark.rows) {
            nlohmann::ordered_json run = {
                {"noise", row.noise}, {"name", row.what}, {"seed", row.seed}, {"seconds", row.seconds}};
            if (row.treatment)
                run.update({{"query", row.query},
                            {"holdout", row.holdout},
                            {"remaining", row.remaining},
                            {"test", row.test},
                            {"share_of_training", row.shareOfTraining}});
            else
                run.update({{"auprc", row.auprc},
                            {"auroc", row.auroc},
                            {"precision_at_k", row.precisionAtK},
                            {"precision_at_20", row.precisionAt20},
                            {"recall_in_10", row.recallIn10},
                            {"recall_in_20", row.recallIn20},
                            {"cut_precision", row.cutPrecision},
                            {"cut_recall", row.cutRecall},
                            {"forward_passes", row.forwardPasses},
                            {"peak_mb", row.peakMb}});
            runs.push_back(std::move(run));
        }
        nlohmann::ordered_json removals = nlohmann::ordered_json::array();
        for (const auto& row : benchmark.removals)
            removals.push_back({{"noise", row.noise},
                                {"ranking", row.ranking},
                                {"seed", row.seed},
                                {"share", row.share},
                                {"removed", row.removed},
                                {"holdout", row.holdout},
                                {"remaining", row.remaining},
                                {"test", row.test}});
        return jsonText(nlohmann::ordered_json{{"suite", benchmark.suite.name},
                                               {"seeds", benchmark.seeds},
                                               {"runs", runs},
                                               {"removals", removals},
                                               {"markdown", text}});
    }

    /// The tables, and beside them the plots that they show.
    Expected<void> keep(const std::string& heading, const engine::Benchmark& benchmark) const
    {
        if (m_out.empty())
            return {};
        const auto plots = engine::benchmarkPlots(benchmark);
        std::vector<std::pair<std::string, std::string>> files{
            {"benchmark.md", heading + engine::benchmarkMarkdown(benchmark, plots)},
            {"benchmark.csv", engine::benchmarkCsv(benchmark)}};
        if (!benchmark.removals.empty())
            files.emplace_back("removal.csv", engine::removalCsv(benchmark));
        for (const auto& plot : plots)
            files.emplace_back(plot.file, plot.svg);
        for (const auto& [name, text] : files)
            if (auto kept = written(writeDurably(m_out / name, text)); !kept)
                return kept;
        return {};
    }

    DataOptions m_data;
    TrainingOptions m_training;
    std::string m_suite = "auto";
    std::string m_architecture;
    std::string m_preprocess = "none";
    int m_seeds = 3;
    std::vector<std::string> m_methods;
    std::vector<std::string> m_treatments;
    std::vector<std::string> m_noises;
    std::vector<std::string> m_removal;
    std::filesystem::path m_truth;
    std::filesystem::path m_out;
    std::optional<std::int64_t> m_trainSize;
};

} // namespace

std::unique_ptr<Verb> makeBenchmark()
{
    return std::make_unique<BenchmarkVerb>();
}

} // namespace culprit::cli
