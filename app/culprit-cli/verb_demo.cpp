// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/durable_file.h"
#include "data/demo_set.h"
#include "data/io/read_data_set.h"
#include "data/io/write_data_set.h"
#include "open_session.h"
#include "output.h"
#include "result_text.h"
#include "verbs.h"
#include "write_result.h"

#include <CLI/CLI.hpp>
#include <fstream>

namespace culprit::cli {

namespace {

constexpr std::string_view ownersMark = "Drawn by culprit-cli demo";
constexpr const char* markFile = "README.txt";

bool sameImages(const data::DataSet& a, const data::DataSet& b)
{
    return data::fingerprint(a.train) == data::fingerprint(b.train) &&
           data::fingerprint(a.test) == data::fingerprint(b.test);
}

bool isOurs(const std::filesystem::path& folder)
{
    std::ifstream stream(folder / markFile);
    std::string line;
    return std::getline(stream, line) && line.starts_with(ownersMark);
}

/// Another seed's demo set goes; a folder without our mark is somebody else's and stays.
void removeOurs(const std::filesystem::path& folder)
{
    std::error_code code;
    for (const auto* part : {"train", "t10k"})
        for (const auto* kind : {"-images-idx3-ubyte.gz", "-labels-idx1-ubyte.gz"})
            std::filesystem::remove(folder / (std::string(part) + kind), code);
}

class Demo final : public Verb {
public:
    void declare(CLI::App& command) override
    {
        command.add_option("--out", m_out, "Folder for data, model and results")
            ->type_name("DIR")
            ->capture_default_str();
        declareTraining(command, m_training);
    }

    std::vector<std::filesystem::path> writableFolders() const override { return {m_out}; }

    Expected<Answer> run(const Monitor& monitor) override
    {
        if (auto ready = prepareData(monitor); !ready)
            return fail(ready.error());
        DataOptions data;
        data.request.path = m_out / "data";
        auto session = openData(general, data, monitor);
        if (!session)
            return fail(session.error());
        if (auto trained = train(*session, monitor); !trained)
            return fail(trained.error());
        auto found = investigate(*session, data, monitor);
        if (!found)
            return fail(found.error());
        if (auto done = writeWithReport(*found, *session, general.commandLine, m_out); !done)
            return fail(done.error());
        return Answer{general.json ? report::toJson(found->result) : text(found->result),
                      notesOf(*session, general)};
    }

private:
    /// Draws the set and writes it, unless it is there already.
    Expected<void> prepareData(const Monitor& monitor) const
    {
        monitor.report("drawing the demo set", 0, 0);
        const auto demo = data::drawDemoSet({.seed = general.compute.seed});
        if (monitor.stopRequested())
            return cancelled();
        const auto folder = m_out / "data";
        if (const auto there = data::readDataSet(folder, {}, {}); there && sameImages(*there, demo.data))
            return writeExplanations(demo, folder);
        if (isOurs(folder))
            removeOurs(folder);
        if (auto made = makeFolder(folder); !made)
            return made;
        const auto format = data::writeDataSet(demo.data, folder);
        if (!format)
            return written(fail(format.error()));
        return writeExplanations(demo, folder);
    }

    Expected<void> writeExplanations(const data::DemoSet& demo, const std::filesystem::path& folder) const
    {
        const std::string readMe = std::string(ownersMark) + " with seed " +
                                   std::to_string(general.compute.seed) +
                                   ": digits with faults planted in the training part.\n"
                                   "truth.csv names the faults; methods never read it.\nThe demo replaces "
                                   "these files when it is run again.\n";
        if (auto done = written(writeDurably(folder / markFile, readMe)); !done)
            return done;
        return written(data::writeTruth(demo.faults, demo.data.classNames, folder / "truth.csv"));
    }

    Expected<void> train(engine::Session& session, const Monitor& monitor) const
    {
        engine::TrainRequest request;
        request.options = m_training.over({.epochs = engine::demoEpochs});
        auto record = session.trainModel(request, monitor);
        if (!record)
            return fail(record.error());
        return written(session.saveModel(m_out / "model.pt"));
    }

    Expected<engine::Investigation> investigate(engine::Session& session, const DataOptions& data,
                                                const Monitor& monitor) const
    {
        CauseOptions causes;
        causes.truth = m_out / "data" / "truth.csv";
        auto options = investigationOptions(session, {}, causes);
        if (!options)
            return fail(options.error());
        auto found = engine::investigate(session, *options, monitor);
        if (!found)
            return found;
        auto model = modelSection(session, m_out / "model.pt");
        if (!model)
            return fail(model.error());
        found->result.model = std::move(*model);
        found->result.data = dataSection(session, data);
        return found;
    }

    std::string text(const report::Result& result) const
    {
        const std::string out = oneLine(m_out.string());
        return resultText(result) + "\nreport   " + out + "/report.html\ncauses   " + out +
               "/causes.csv\nrepaired " + out + "/repaired.pt\nmodel    " + out + "/model.pt\ndata     " +
               out + "/data\n";
    }

    TrainingOptions m_training;
    std::filesystem::path m_out = "culprit-demo";
};

} // namespace

std::unique_ptr<Verb> makeDemo()
{
    return std::make_unique<Demo>();
}

} // namespace culprit::cli
